"""A document's text as a reader wants it: headings, paragraphs, items of lists, real tables.

The text that the ingest parsed is the base, whatever the file was: its outline says which lines
are headings, its passages which stretches are rows of a table. Everything is a span of it.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from vectorstore.language.numbering import ITEM
from vectorstore.language.text import VISIBLE, squeeze
from vectorstore.models import Document, Passage, Span

_LINE = re.compile(r"[^\r\n]++")


@dataclass(frozen=True, slots=True)
class Line:
    """`level` is a heading's, from 1."""

    kind: Literal["heading", "paragraph", "item"]
    span: Span
    level: int = 0


@dataclass(frozen=True, slots=True)
class PageStart:
    """What follows stands on another page, whose `number` is counted from 1."""

    number: int


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. `header` is empty where the names of its columns stand in the text before it. The
    cells of a row may be those of the row above, where they were merged."""

    span: Span
    header: tuple[Span, ...]
    rows: tuple[tuple[Span, ...], ...]


Block = Line | PageStart | Grid


def blocks(document: Document, passages: Sequence[Passage]) -> Iterator[Block]:
    """In the order of the text. White space aside they hold all of it, each character once."""
    reading = _Reading(document)
    at = 0
    for grid in grids(document.text, passages):
        if grid.span.start < at:  # rows that overlap: read as lines
            continue
        yield from reading.lines(at, grid.span.start)
        yield from reading.pages_before(grid.span.end)
        yield grid
        at = grid.span.end
    yield from reading.lines(at, len(document.text))


class _Reading:
    def __init__(self, document: Document):
        self._text = document.text
        self._headings = sorted(document.outline, key=lambda h: h.start)
        self._starts = [heading.start for heading in self._headings]
        self._pages = [*enumerate(document.page_starts, 1)][1:]  # nobody need be told of the first
        self._next = 0

    def lines(self, start: int, end: int) -> Iterator[Block]:
        for match in _LINE.finditer(self._text, start, end):
            if match[0].strip():
                yield from self.pages_before(match.end())
                yield self._line(match.start(), match.end())

    def pages_before(self, end: int) -> Iterator[Block]:
        """A page that begins inside a paragraph is told before it."""
        while self._next < len(self._pages) and self._pages[self._next][1] < end:
            yield PageStart(self._pages[self._next][0])
            self._next += 1

    def _line(self, start: int, end: int) -> Line:
        span = Span(start, end)
        said = squeeze(self._text[start:end])
        at = bisect_left(self._starts, start)
        if at < len(self._starts) and self._starts[at] < end:
            heading = self._headings[at]
            if squeeze(heading.text) == said:
                return Line("heading", span, heading.level)
        is_item = ITEM.match(self._text[start:end].strip()) is not None
        return Line("item" if is_item else "paragraph", span)


# --- tables ---------------------------------------------------------------------------------------


def grids(text: str, passages: Sequence[Passage]) -> Iterator[Grid]:
    """Rows that follow each other under the same names are one table."""
    rows: list[Passage] = []
    before: Passage | None = None  # what stands right before the first row
    previous: Passage | None = None
    for passage in sorted(passages, key=lambda p: p.start):
        if rows and not (passage.cells and _goes_on(text, rows[-1], passage)):
            yield _grid(text, rows, before)
            rows = []
        if passage.cells:
            if not rows:
                before = previous
            rows.append(passage)
        previous = passage
    if rows:
        yield _grid(text, rows, before)


def _goes_on(text: str, row: Passage, following: Passage) -> bool:
    is_next = not text[row.end : following.start].strip() and following.start >= row.end
    return is_next and _names(row) == _names(following)


def _names(row: Passage) -> tuple[str, ...]:
    return tuple(cell.header for cell in row.cells)


def _grid(text: str, rows: Sequence[Passage], before: Passage | None) -> Grid:
    header = _header(text, rows[0], before) if before else ()
    start = header[0].start if header else rows[0].start
    cells = tuple(tuple(Span(cell.start, cell.end) for cell in row.cells) for row in rows)
    return Grid(Span(start, rows[-1].end), header, cells)


def _header(text: str, row: Passage, before: Passage) -> tuple[Span, ...]:
    """Where the names of the columns stand: in the line before the first row, and nothing else
    in it. Passage and names differ in white space only."""
    names = _names(row)
    is_before = before.end <= row.start and not text[before.end : row.start].strip()
    if before.cells or not is_before or squeeze(text[before.start : before.end]) != "".join(names):
        return ()
    seen = [match.start() for match in VISIBLE.finditer(text, before.start, before.end)]
    ends = [0]
    for name in names:
        ends.append(ends[-1] + len(name))
    if ends[-1] != len(seen) or not all(names):
        return ()
    return tuple(Span(seen[a], seen[b - 1] + 1) for a, b in pairwise(ends))
