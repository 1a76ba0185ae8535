"""The text of a document as markup: its blocks, with the cited places marked in them."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from assistant.pages.markup import both, element, join, text
from assistant.pages.places import Mark, Place
from assistant.pages.readable import Block, Grid, Line, PageStart, blocks
from vectorstore.models import Document, Passage, Span

_DEEPEST = 6  # h6


def text_of(document: Document, passages: Sequence[Passage], place: Place) -> str:
    """All of it, an id `quote` where the place looked at begins, and `mark-N` for the others."""
    marked = _Marked(document, place)
    shown = []
    for is_item, group in groupby(blocks(document, passages), _is_item):
        parts = join(_block(block, marked) for block in group)
        shown.append(element("ul", parts, class_="items") if is_item else parts)
    return join(shown)


def _is_item(block: Block) -> bool:
    return isinstance(block, Line) and block.kind == "item"


def _block(block: Block, marked: "_Marked") -> str:
    if isinstance(block, PageStart):
        label = both(f"第 {block.number} 页", f"Page {block.number}")
        return element("p", label, class_="page", id=f"page-{block.number}")
    if isinstance(block, Grid):
        return _table(block, marked)
    if block.kind == "heading":
        return element(f"h{min(block.level + 1, _DEEPEST)}", marked.shown(block.span))
    return element("li" if block.kind == "item" else "p", marked.shown(block.span))


def _table(grid: Grid, marked: "_Marked") -> str:
    head = ""
    if grid.header:
        names = join(element("th", marked.shown(span), scope="col") for span in grid.header)
        head = element("thead", element("tr", names))
    rows = join(
        element("tr", join(element("td", marked.shown(span)) for span in row)) for row in grid.rows
    )
    table = element("table", head + element("tbody", rows))
    return element("div", table, class_="table-wrap", tabindex="0", role="region",
                   aria_label="表格 / table")  # fmt: skip


class _Marked:
    """Stretches of a text with their marks. What a mark is called is told where it first shows;
    so it is to be asked in the order of the text."""

    def __init__(self, document: Document, place: Place):
        self._text = document.text
        self._here = place.here
        self._marks = sorted(place.shown, key=lambda mark: mark.span.start)
        self._anchors = sorted({heading.start for heading in document.outline})
        self._named: set[str] = set()

    def shown(self, span: Span) -> str:
        inside = [m for m in self._marks if m.span.start < span.end and m.span.end > span.start]
        cut = {span.start, span.end, *self._anchors_in(span)}
        for mark in inside:
            cut |= {p for p in (mark.span.start, mark.span.end) if span.start < p < span.end}
        return join(self._piece(a, b, inside) for a, b in pairwise(sorted(cut)))

    def _anchors_in(self, span: Span) -> Iterator[int]:
        for start in self._anchors[bisect_left(self._anchors, span.start) :]:
            if start >= span.end:
                return
            yield start

    def _piece(self, start: int, end: int, marks: Sequence[Mark]) -> str:
        said = self._text[start:end]
        shown = text(said)
        on = [m for m in marks if m.span.start <= start < m.span.end]
        if on and said.strip():
            is_here = any(m.span == self._here for m in on)
            name = self._name("quote") if is_here else self._name(f"mark-{on[0].number}")
            numbers = "、".join(dict.fromkeys(str(m.number) for m in on if m.number))
            title = f"回答的出处 {numbers}" if numbers else None
            shown = element(
                "mark", shown, id=name, class_=None if is_here else "other", title=title
            )
        anchor = self._name(f"at-{start}") if self._is_anchor(start) else None
        return element("span", shown, id=anchor) if anchor else shown

    def _is_anchor(self, start: int) -> bool:
        at = bisect_left(self._anchors, start)
        return at < len(self._anchors) and self._anchors[at] == start

    def _name(self, name: str) -> str | None:
        """An id stands once: cells that were merged are shown again in each of their rows."""
        if name in self._named:
            return None
        self._named.add(name)
        return name
