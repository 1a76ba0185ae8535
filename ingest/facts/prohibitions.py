"""What nobody may do: lists of it, and what sentences forbid."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.facts.lists import Listing, listings
from ingest.facts.material import Material, Piece
from ingest.facts.parts import parts, unnumbered, untailed
from ingest.facts.rows import row, trimmed
from vectorstore.facts import Fact
from vectorstore.language.charges import LISTED
from vectorstore.language.eligibility import IF_THEN, PENALTY
from vectorstore.language.names import KIND_AT_END, TITLE
from vectorstore.language.sanctions import (
    ANOTHER,
    DUTY,
    FORBIDDEN_LIST,
    FORBIDS,
    NAMED_LIST,
    NOT_FORBIDDEN,
    SANCTION,
    WHERE,
)
from vectorstore.language.sentences import SENTENCE_MARK

_FEWEST, _SUBJECT, _TEXT = 2, 120, 400  # characters
_ADVERBS = ("坚决", "一律", "原则上", "务必", "严格", "同时")
_EDGES = " \t\u3000，,；;。、:："


@dataclass(slots=True)
class _Said:
    """Who was told last what he may not do: 不得 goes on with him."""

    who: str = ""


def read_prohibitions(material: Material) -> Iterator[Fact]:
    """`subject` who may not, or the sentence above a list; `text` what is forbidden."""
    leads = set()
    for listing in listings(material):
        if _forbids(listing):
            leads.add((listing.lead.passage.id, listing.lead.start))
            yield from (_item(material, listing, item) for item in listing.items)
    for line in material.lines:
        said = _Said()
        for sentence in line.sentences():
            body = untailed(unnumbered(sentence))
            asks = body.text.endswith(("？", "?"))
            if not asks and forbids(body.text) and (body.passage.id, body.start) not in leads:
                for clause in body.clauses():
                    yield from _in_clause(material, clause, said)


# --- lists -----------------------------------------------------------------------------------


def _forbids(listing: Listing) -> bool:
    lead = listing.lead.text.rstrip()
    listed = FORBIDDEN_LIST.search(lead)
    forbidden = NAMED_LIST.search(lead) or (listed and forbids(lead) and not LISTED.search(lead))
    return bool(forbidden) and not PENALTY.search(lead)


def _item(material: Material, listing: Listing, item: Piece) -> Fact:
    subject = unnumbered(listing.lead).text.strip(_EDGES)
    return row(
        material, trimmed(item), "condition",
        subject=subject[:_SUBJECT], text=item.text.strip(_EDGES)[:_TEXT],
    )  # fmt: skip


# --- sentences -------------------------------------------------------------------------------


def _in_clause(material: Material, clause: Piece, said: _Said) -> Iterator[Fact]:
    """One row for each word that forbids; the parts behind it belong to it until the next."""
    if clause.text.rstrip().endswith(("：", ":")):
        return
    at = 0
    for start, word, end in _spans(clause):
        piece = trimmed(clause.part(start, end), _EDGES)
        words = piece.text.strip(_EDGES)
        match = forbids(words)
        if SANCTION.search(clause.text[:word]) and IF_THEN.search(clause.text):
            continue  # 骗取补贴的，责令退回，三年内不得申请: what follows from a deed
        if match is None or len(words) - match.end() < _FEWEST or _is_named(words, match.start()):
            continue
        own = _who(clause.text[start:word])
        goes_on = "不得" in match[0] or bool(WHERE.search(clause.text[:start]))
        said.who = own or _who(clause.text[at:start]) or said.who
        lead = start if not goes_on else at if own else 0
        who = said.who if goes_on or own else ""
        yield row(
            material, trimmed(clause.part(lead, end), _EDGES), "condition",
            subject=(who or words[match.end() :])[:_SUBJECT], text=words[:_TEXT],
        )  # fmt: skip
        at = end


def _who(lead: str) -> str:
    """水库管理单位应当公示水位，: the words in front of the first verb of duty."""
    duty = DUTY.search(lead)
    who = lead[: duty.start() if duty else None].strip(_EDGES)
    return "" if who in _ADVERBS else who


def forbids(text: str) -> re.Match[str] | None:
    """The first word that forbids, outside the titles of documents; a text that is but a title
    forbids nothing."""
    if KIND_AT_END.search(text.strip()) and not SENTENCE_MARK.search(text) and "不得" not in text:
        return None
    named = [match.span() for match in TITLE.finditer(text)]
    found = FORBIDS.finditer(text)
    return next((m for m in found if not any(a < m.start() < b for a, b in named)), None)


def _is_named(text: str, word: int) -> bool:
    """Whether the word stands in the name of something: 禁止投放的药剂."""
    named = NOT_FORBIDDEN.search(text)
    if text.endswith("的"):  # a deed, and what follows is said elsewhere
        return True
    return named is not None and named.start() <= word < named.end()


def _spans(clause: Piece) -> Iterator[tuple[int, int, int]]:
    """What forbids one thing: where the part begins that holds the word, the word, and where
    the last part ends that belongs to it."""
    start = word = end = -1
    for part in parts(clause):
        at = part.start - clause.start
        if match := forbids(part.text):
            if start >= 0:
                yield start, word, end
            start, word, end = at, at + match.start(), part.end - clause.start
        elif start >= 0 and end == at and not ANOTHER.search(part.text):
            end = part.end - clause.start
    if start >= 0:
        yield start, word, end
