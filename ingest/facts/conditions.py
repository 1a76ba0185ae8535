"""Who may have something, who may not, and which papers are asked for."""

import re
from collections.abc import Iterator, Sequence

from ingest.facts.eligible import cut_by_whom, eligible, whom_paid
from ingest.facts.lists import Listing, Unit, listings, units
from ingest.facts.material import Material, Piece
from ingest.facts.parts import unnumbered, untailed
from ingest.facts.payments import pays
from ingest.facts.prohibitions import read_prohibitions
from ingest.facts.rows import Taken, apart, row, trimmed
from ingest.facts.sanctions import read_sanctions
from ingest.facts.sums import sums
from vectorstore.facts import Fact
from vectorstore.language.eligibility import (
    ABOUT_APPLYING,
    APPLIES,
    ASKS,
    BY_LEAVE,
    CASE_LIST,
    CONDITION_HEADING,
    CONDITION_LIST,
    EMPTY,
    EXAMINES,
    FOR_WHOM,
    HANDS_IN,
    IF_THEN,
    LABELS_ELSE,
    LIMITED_TO,
    MUST_BE,
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
    SCOPE,
    WHOM,
)
from vectorstore.language.pattern import Pattern
from vectorstore.language.sanctions import FIRST_STEP
from vectorstore.language.sums import FINE
from vectorstore.language.text import says

_FEWEST, _SHORTEST, _RUN_IN, _SUBJECT, _TEXT = 4, 6, 16, 120, 400  # characters
_EDGES = " \t\u3000，,；;。、:："


def read_conditions(material: Material) -> Iterator[Fact]:
    """One row for each item of a list, one for each sentence that says a condition."""
    found = list(apart((*_listed(material), *_under_headings(material), *_in_sentences(material))))
    yield from found
    taken = Taken(found)
    seen: dict[tuple[int, int, str], Fact] = {}
    for fact in (*read_prohibitions(material), *read_sanctions(material)):
        if not taken.overlaps(fact):
            seen.setdefault((fact.start, fact.end, fact.text), fact)
    yield from seen.values()
    told = [(fact.start, fact.end) for fact in (*found, *seen.values())]
    for fact in _cases(material):
        if not any(start < fact.end and fact.start < end for start, end in told):
            yield fact


# --- lists -----------------------------------------------------------------------------------


def _listed(material: Material) -> Iterator[Fact]:
    for listing in listings(material):
        if _is_of_conditions(listing):
            told = (item for item in listing.items if not LABELS_ELSE.match(item.text))
            yield from (_item(material, listing, item) for item in told)


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


# --- headings --------------------------------------------------------------------------------


def _under_headings(material: Material) -> Iterator[Fact]:
    """Sentences below 申报条件 and the like, where they are no list."""
    heading: Unit | None = None
    named = ""
    for unit in units(material):
        first, *rest = tuple(unit.body.sentences()) or (unit.body,)
        if CONDITION_HEADING.search(first.text.rstrip(_EDGES)) and len(first.text) <= _RUN_IN:
            heading, named = unit, first.text
            yield from _below(material, rest, named)
        elif heading and unit.closes(heading):
            heading = None
        elif heading:
            yield from _below(material, [first, *rest], named)


def _below(material: Material, sentences: Sequence[Piece], heading: str) -> Iterator[Fact]:
    for sentence in sentences:
        body = trimmed(unnumbered(sentence))
        words = body.text.strip(_EDGES)
        told = len(words) >= _SHORTEST and not body.text.endswith(("：", ":"))
        if told and not LABELS_ELSE.match(words):
            yield row(
                material, body, "condition",
                subject=heading.strip(_EDGES)[:_SUBJECT], text=words[:_TEXT],
            )  # fmt: skip


# --- sentences -------------------------------------------------------------------------------


def _in_sentences(material: Material) -> Iterator[Fact]:
    for line in material.lines:
        for sentence in line.sentences():
            for clause in untailed(unnumbered(sentence)).clauses():
                for part in cut_by_whom(clause):
                    if fact := _said(material, part):
                        yield fact


def _said(material: Material, clause: Piece) -> Fact | None:
    text = clause.text
    if PENALTY.search(text) or ASKS.search(text.rstrip()) or text.rstrip().endswith(("：", ":")):
        return None
    for match, subject in _matches(text, pays(text)):
        words = _case(match["text"])
        if len(words) >= _FEWEST and not EMPTY.search(words):
            return row(
                material, trimmed(clause), "condition",
                subject=subject.strip(_EDGES)[:_SUBJECT], text=words[:_TEXT],
            )  # fmt: skip
    return None


def _cases(material: Material) -> Iterator[Fact]:
    """What follows in a case and hurts without being a fine, where no deed was read."""
    for line in material.lines:
        for sentence in line.sentences():
            for clause in untailed(unnumbered(sentence)).clauses():
                match = IF_THEN.search(clause.text) if PENALTY.search(clause.text) else None
                listed = match and says(match["text"], ("下列", "以下"))
                if match and not listed and not _is_fined(match["then"], sentence.text):
                    yield row(
                        material, trimmed(clause), "condition",
                        subject=match["then"].strip(_EDGES)[:_SUBJECT],
                        text=match["text"].strip(_EDGES)[:_TEXT],
                    )  # fmt: skip


def _is_fined(then: str, sentence: str) -> bool:
    """Whether what follows is a fine, or but the first step before one."""
    if FINE.search(then) and any(sums(then)):
        return True
    return bool(FIRST_STEP.fullmatch(then.strip(_EDGES)) and FINE.search(sentence))


def _case(text: str) -> str:
    """A condition without the parts in front of it that say something else."""
    said = text.strip(_EDGES).split("，")
    while len(said) > 1 and SAYS_MORE.search(said[0]):
        said.pop(0)
    return "，".join(said)


def _matches(text: str, paid: bool) -> Iterator[tuple[re.Match[str], str]]:
    """Ways in which a clause says a condition, each with what it is a condition of; of a clause
    that says a sum only whom it is for."""
    if paid:
        yield from whom_paid(text)
        return
    if match := WHOM.search(text):
        yield match, text[: match.start("text")]
    if match := FOR_WHOM.search(text):
        yield match, text[match.start("then") :]
    for pattern in (NOT_WITHOUT, ONLY_THEN):
        if match := pattern.search(text):
            yield match, match["then"]
    if match := MUST_BE.search(text):
        yield match, text[: match.start("text")] or match["text"]
    if (match := MUST_HAVE.search(text)) and ABOUT_APPLYING.search(text):
        yield match, text[: match.start()]
    if (match := HANDS_IN.search(text)) and APPLIES.search(text) and not EXAMINES.search(text):
        yield match, text[: match.start()]
    for pattern in (IF_THEN, BY_LEAVE):
        match = pattern.search(text)
        if match and not match["then"].rstrip("。； ").endswith("的"):  # two deeds in an item
            yield match, match["then"]
    for pattern in _NARROWED:
        if match := pattern.search(text):
            yield match, match[0]
    yield from eligible(text)


_NARROWED: tuple[Pattern, ...] = (
    PREFERRED,
    LIMITED_TO,
    POLICY_SCOPE,
    SCOPE,
    ONCE_ONLY,
    NOT_ELIGIBLE,
)
