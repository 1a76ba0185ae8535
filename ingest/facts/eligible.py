"""For whom a clause does something, and what it asks for first."""

import re
from collections.abc import Iterator
from itertools import pairwise

from ingest.facts.material import Piece
from ingest.facts.sums import sums
from vectorstore.language.eligibility import (
    APPLY_FIRST,
    CRITERION,
    DESCRIBES,
    ELIGIBLE,
    EXCEPT,
    FOUND,
    HOLDS_FOR,
    LEAVE_FIRST,
    LICENSED,
    MEANWHILE,
    PAID_FROM,
    PAID_IF,
    PREMISE,
    PROVIDED,
    RECKONED,
    SPENT_ON,
    STATE_SYSTEM,
    THING_MUST,
    WHEN,
    WHO_MAY,
)
from vectorstore.language.pattern import Pattern

_FIRST: tuple[Pattern, ...] = (LEAVE_FIRST, APPLY_FIRST, LICENSED)


def cut_by_whom(clause: Piece) -> Iterator[Piece]:
    """A clause that does something for one and then for another is cut between them."""
    starts = [match.start() for match in ELIGIBLE.finditer(clause.text)][1:]
    for start, end in pairwise((0, *starts, len(clause.text))):
        yield clause.part(start, end)


def eligible(text: str) -> Iterator[tuple[re.Match[str], str]]:
    """Matches with a group `text`, each with what it is a condition of."""
    yield from _whom(text)
    for pattern in _FIRST:
        if match := pattern.search(text):
            yield match, text[: match.start("text")]
    if match := EXCEPT.search(text):
        yield match, match["then"]
    for pattern in (WHEN, FOUND, WHO_MAY):
        if match := pattern.search(text):
            yield match, match["then"]
    for pattern in (
        PROVIDED,
        CRITERION,
        PREMISE,
        SPENT_ON,
        PAID_FROM,
        RECKONED,
        HOLDS_FOR,
        STATE_SYSTEM,
        MEANWHILE,
        THING_MUST,
    ):
        if match := pattern.search(text):
            yield match, text[: match.start("text")] or text[match.end() :]


def whom_paid(text: str) -> Iterator[tuple[re.Match[str], str]]:
    """The same of a clause that says a sum. A sum for each of some people has them as its class:
    the row of the amount says that."""
    if not any("/" in one.unit for one in sums(text)):
        yield from _whom(text)
    if match := PAID_IF.search(text):
        yield match, match["then"]
    if match := CRITERION.search(text):
        yield match, text[: match.start()]


def _whom(text: str) -> Iterator[tuple[re.Match[str], str]]:
    for match in ELIGIBLE.finditer(text):
        if DESCRIBES.search(match["text"]):
            yield match, text[match.end("text") :]
