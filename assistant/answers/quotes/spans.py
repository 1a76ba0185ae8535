"""From a place in a passage to the clause, sentence or list that a person would quote."""

import re
from collections.abc import Iterator

from assistant.understand.kinds import Kind
from vectorstore.language.numbering import ITEM, ORDINAL
from vectorstore.language.sentences import sentences

_BREAK = re.compile(r"[，,。；;！!？?\n]|[：:](?!\d)")
_OPEN, _CLOSE = "（(《“‘", "）)》”’"
SHORT = 6
LONG = 60
NEAR = 3  # characters: a clause's end this near is taken along

_ITEM = re.compile(rf"(?:^|\n)\s{{0,40}}+{ITEM}")


def widen(text: str, start: int, end: int, kind: Kind) -> tuple[int, int]:
    """The clause, sentence or list around [start, end) that the kind of question asks for."""
    if kind is Kind.LIST:
        listed = enumeration(text, start, end)
        if listed:
            return listed
        start, end = _whole_series(text, start, end)
    if kind.plain in (Kind.FACT, Kind.LIST):
        return snap(text, start, end) if end - start >= SHORT else clause(text, start, end)
    if kind is Kind.DEFINITION and end - start < LONG:
        return clause(text, start, end)
    return whole(text, start, end)


def clause(text: str, start: int, end: int) -> tuple[int, int]:
    """To the nearest commas outside brackets; a tiny clause takes the one before it along."""
    first = _left(text, start)
    last = _right(text, end)
    if last - first < SHORT and first > 0 and text[first - 1] in "，,：:":
        first = _left(text, first - 1)
    return trim(text, first, last)


def snap(text: str, start: int, end: int) -> tuple[int, int]:
    """To the ends of the clauses that it begins and ends in, where these are near."""
    first, last = _left(text, start), _right(text, end)
    return trim(
        text,
        first if start - first <= NEAR else start,
        last if last - end <= NEAR else end,
    )


def sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """The sentences that [start, end) stands in."""
    touched = [(a, b) for a, b in sentences(text) if a < end and b > start]
    return (touched[0][0], touched[-1][1]) if touched else (start, end)


def whole(text: str, start: int, end: int) -> tuple[int, int]:
    """Snaps to sentence ends where these are near, so that nothing is cut in half."""
    for a, b in sentences(text):
        if a <= start < b and start - a <= max(24, (b - a) // 3):
            start = a
        if a < end <= b and b - end <= max(24, (b - a) // 3):
            end = b
    return clause(text, start, end) if end - start < LONG else trim(text, start, end)


def enumeration(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The list that [start, end) is part of: items on lines of their own, or 一是…二是… in
    running text."""
    items = [m.start() + (text[m.start()] == "\n") for m in _ITEM.finditer(text)]
    if len(items) >= 2:
        first = max((i for i in items if i <= start), default=items[0])
        if start >= items[0] - 2 or end >= items[0]:
            return trim(text, items[0] if first >= items[0] else first, len(text))
    for a, b in _paragraphs(text):
        marks = [m.start() for m in ORDINAL.finditer(text, a, b)]
        if len(marks) >= 2 and a <= start < b and end > marks[0] - 40:
            ends = [y for x, y in sentences(text) if x <= marks[-1] < y]
            return trim(text, marks[0], ends[0] if ends else b)
    return None


def _whole_series(text: str, start: int, end: int) -> tuple[int, int]:
    """A、B、C of which a part was found: to the ends of the clause that it stands in."""
    if text[:start].rstrip().endswith("、"):
        start = _left(text, start)
    if text[end:].lstrip().startswith("、"):
        end = _right(text, end)
    return start, end


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    for match in re.finditer(r"[^\n]+", text):
        yield match.span()


def _left(text: str, position: int) -> int:
    depth = 0
    for i in range(position - 1, -1, -1):
        if text[i] in _CLOSE:
            depth += 1
        elif text[i] in _OPEN:
            depth = max(0, depth - 1)
        elif depth == 0 and _BREAK.match(text, i):
            return i + 1
    return 0


def _right(text: str, position: int) -> int:
    depth = 0
    if position and _BREAK.match(text, position - 1):
        return position
    for i in range(position, len(text)):
        if text[i] in _OPEN:
            depth += 1
        elif text[i] in _CLOSE:
            if depth == 0:
                continue
            depth -= 1
        elif depth == 0 and _BREAK.match(text, i):
            return i + (text[i] in "。！？!?；;")
    return len(text)


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in f" 　\n，,、；;。{_CLOSE}":
        start += 1
    while end > start and text[end - 1] in f" 　\n，,、；;：:{_OPEN}":
        end -= 1
    return start, end
