"""Who may have something, who may not, and which papers are asked for."""

import re
from collections.abc import Iterator

from ingest.facts.lists import Listing, listings
from ingest.facts.material import Material, Piece
from ingest.facts.parts import unnumbered, untailed
from ingest.facts.payments import pays
from ingest.facts.rows import row, trimmed
from vectorstore.facts import Fact
from vectorstore.language.eligibility import (
    ABOUT_APPLYING,
    APPLIES,
    BY_AN_ORGAN,
    CASE_LIST,
    CONDITION_HEADING,
    CONDITION_LIST,
    EMPTY,
    EXAMINES,
    FOR_WHOM,
    HANDS_IN,
    IF_GRANTED,
    IF_MUST,
    LIMITED_TO,
    MUST_HAVE,
    NOT_ELIGIBLE,
    NOT_WITHOUT,
    ONCE_ONLY,
    ONLY_THEN,
    PAPER_LIST,
    PENALTY,
    POLICY_SCOPE,
    PREFERRED,
    SAYS_MORE,
    WHOM,
)
from vectorstore.language.pattern import Pattern

_FEWEST, _SHORTEST, _SUBJECT, _TEXT = 4, 6, 120, 400  # characters
_EDGES = " \t\u3000，,；;。、:："


def read_conditions(material: Material) -> Iterator[Fact]:
    """One row for each item of a list, one for each sentence that says a condition."""
    seen: list[tuple[int, int]] = []
    for listing in listings(material):
        if _is_of_conditions(listing):
            for item in listing.items:
                fact = _item(material, listing, item)
                seen.append((fact.start, fact.end))
                yield fact
    for line in material.lines:
        under = line.headings[-1] if line.headings else ""
        if CONDITION_HEADING.search(under) and line.text.strip(_EDGES) != under.strip(_EDGES):
            yield from (f for f in _below(material, line, under) if not _seen(f, seen))
            continue
        for sentence in line.sentences():
            for clause in untailed(unnumbered(sentence)).clauses():
                said = _said(material, clause)
                if said and not _seen(said, seen):
                    yield said


def _seen(fact: Fact, spans: list[tuple[int, int]]) -> bool:
    return any(start < fact.end and fact.start < end for start, end in spans)


def _below(material: Material, line: Piece, heading: str) -> Iterator[Fact]:
    """Sentences below 申报条件 and the like, where they are no list."""
    for sentence in line.sentences():
        body = trimmed(unnumbered(sentence))
        if len(body.text) >= _SHORTEST and not body.text.endswith(("：", ":")):
            yield row(
                material, body, "condition",
                subject=heading[:_SUBJECT], text=body.text.strip(_EDGES)[:_TEXT],
            )  # fmt: skip


# --- lists -----------------------------------------------------------------------------------


def _is_of_conditions(listing: Listing) -> bool:
    lead = listing.lead.text
    if PENALTY.search(lead):
        return False
    return any(p.search(lead) for p in (CONDITION_LIST, PAPER_LIST, CASE_LIST))


def _item(material: Material, listing: Listing, item: Piece) -> Fact:
    subject = unnumbered(listing.lead).text.strip(_EDGES)
    return row(
        material, trimmed(item), "condition",
        subject=subject[:_SUBJECT], text=item.text.strip(_EDGES)[:_TEXT],
    )  # fmt: skip


# --- sentences -------------------------------------------------------------------------------


def _said(material: Material, clause: Piece) -> Fact | None:
    text = clause.text
    if PENALTY.search(text) or text.rstrip().endswith(("：", ":")) or pays(text):
        return None
    for match, subject in _matches(text):
        words = _case(match["text"])
        if len(words) >= _FEWEST and not EMPTY.search(words) and "发现" not in words:
            return row(
                material, trimmed(clause), "condition",
                subject=subject.strip(_EDGES)[:_SUBJECT], text=words[:_TEXT],
            )  # fmt: skip
    return None


def _case(text: str) -> str:
    """A condition without the parts in front of it that say something else."""
    said = text.strip(_EDGES).split("，")
    while len(said) > 1 and SAYS_MORE.search(said[0]):
        said.pop(0)
    return "，".join(said)


def _matches(text: str) -> Iterator[tuple[re.Match[str], str]]:
    """Ways in which a clause says a condition, each with what it is a condition of."""
    if match := WHOM.search(text):
        yield match, text[: match.start("text")]
    if match := IF_GRANTED.search(text):
        yield match, text[match.start("then") :]
    if match := FOR_WHOM.search(text):
        yield match, text[match.start("then") :]
    if match := NOT_WITHOUT.search(text):
        yield match, match["then"]
    if match := ONLY_THEN.search(text):
        yield match, match["then"]
    if (match := MUST_HAVE.search(text)) and ABOUT_APPLYING.search(text):
        yield match, text[: match.start()]
    if (match := HANDS_IN.search(text)) and APPLIES.search(text) and not EXAMINES.search(text):
        yield match, text[: match.start()]
    if (match := IF_MUST.search(text)) and not BY_AN_ORGAN.search(match["then"]):
        yield match, match["then"]
    for pattern in _NARROWED:
        if match := pattern.search(text):
            yield match, match[0]


_NARROWED: tuple[Pattern, ...] = (PREFERRED, LIMITED_TO, POLICY_SCOPE, ONCE_ONLY, NOT_ELIGIBLE)
