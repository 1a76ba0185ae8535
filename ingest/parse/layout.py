"""From lines on pages to paragraphs: the geometry that PDF, OFD and scans share.

A paragraph ends where a line stops short of the right margin or the next one is indented;
running heads and page numbers are dropped; a paragraph may go on over the page.
"""

import re
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.parse.builder import TextBuilder
from vectorstore.language.numbering import ENUMERATOR

_PAGE_NUMBER = re.compile(
    r"^[\s\-—–―·.]*+(?:第\s*+)?\d{1,4}(?:\s*+页)?(?:\s*+[/／,，]?\s*+(?:共\s*+)?\d{1,4}\s*+页?)?[\s\-—–―·.]*+$"
)
_MARGIN_LINES = 2  # lines at the top and at the bottom of a page that may be running heads


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of text and its box, in points from the top left of the page."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class TableBox:
    """A table found on a page: its place and its rows of cells."""

    top: float
    bottom: float
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """What stands on one page, lines from top to bottom."""

    lines: tuple[TextLine, ...]
    tables: tuple[TableBox, ...] = ()
    height: float = 842.0


def write_pages(pages: Sequence[Page], builder: TextBuilder) -> None:
    """Writes all pages as paragraphs and tables, without running heads and page numbers."""
    running = _running_lines(pages)
    bodies = [
        [line for i, line in enumerate(page.lines) if not _is_running(page, i, running)]
        for page in pages
    ]
    left, right = _margins([line for body in bodies for line in body])
    before: TextLine | None = None  # the line that a paragraph may go on from
    for page, body in zip(pages, bodies, strict=True):
        builder.page()
        tables = sorted(page.tables, key=lambda table: table.top)
        for line in body:
            while tables and tables[0].top <= line.top:
                builder.table(tables.pop(0).rows)
                before = None
            if before is not None and _goes_on(before, line, left, right):
                builder.go_on(line.text)
            else:
                builder.paragraph(line.text)
            before = line
        for table in tables:
            builder.table(table.rows)
            before = None


def _key(text: str) -> str:
    return re.sub(r"\d+", "#", re.sub(r"\s+", "", text))


def _edges(page: Page) -> list[int]:
    count = len(page.lines)
    return sorted({*range(min(_MARGIN_LINES, count)), *range(max(0, count - _MARGIN_LINES), count)})


def _running_lines(pages: Sequence[Page]) -> set[str]:
    """Lines that stand at the edge of most pages, digits aside."""
    if len(pages) < 3:
        return set()
    counts = Counter(
        key for page in pages for key in {_key(page.lines[i].text) for i in _edges(page)}
    )
    return {key for key, count in counts.items() if count >= max(3, len(pages) * 0.5)}


def _is_running(page: Page, index: int, running: set[str]) -> bool:
    if index not in _edges(page):
        return False
    line = page.lines[index]
    near_edge = line.top < page.height * 0.12 or line.bottom > page.height * 0.88
    return _key(line.text) in running or (near_edge and bool(_PAGE_NUMBER.match(line.text)))


def _margins(lines: Sequence[TextLine]) -> tuple[float, float]:
    """The left and right edge of the document's text body."""
    if not lines:
        return 0.0, 0.0
    lefts = Counter(round(line.left / 4) * 4 for line in lines)
    common = [left for left, count in lefts.items() if count >= max(2, len(lines) * 0.05)]
    left = float(min(common)) if common else min(line.left for line in lines)
    rights = sorted(line.right for line in lines)
    right = statistics.quantiles(rights, n=10)[-1] if len(rights) > 3 else rights[-1]
    return left, max(right, rights[-1] * 0.9)


def _goes_on(before: TextLine, line: TextLine, left: float, right: float) -> bool:
    """Whether `line` continues the paragraph of the line before it."""
    size = max(6.0, min(before.height, line.height))
    if before.right < right - 2.2 * size:
        return False  # stopped short: the paragraph was over
    if line.left > left + 1.3 * size or ENUMERATOR.match(line.text.strip()):
        return False
    if abs(before.height - line.height) > 0.35 * size:
        return False
    gap = line.top - before.bottom
    return not 0 < gap > 2.2 * size
