"""What is said, as paragraphs and tables."""

from collections.abc import Callable, Sequence
from itertools import chain, repeat

from assistant.cite.structure import Body, Line, Sentence, Table
from assistant.pages.markup import element, join

Show = Callable[[Sentence], str]  # a sentence or a cell → markup


def blocks(body: Body, show: Show) -> str:
    """`show` gives the markup of each sentence and of each cell."""
    return join(line_block(b, show) if isinstance(b, Line) else table_block(b, show) for b in body)


def line_block(line: Line, show: Show, class_: str | None = None) -> str:
    if not line.text.strip():
        return ""
    return element("p", join(map(show, line.sentences)), class_=class_)


def table_block(table: Table[Sentence], show: Show) -> str:
    """The first cell of a row names it; on narrow screens each row is a card."""
    names = join(element("th", show(cell), scope="col") for cell in table.header)
    head = element("thead", element("tr", names)) if names else ""
    labels = [cell.plain for cell in table.header[1:]]
    rows = join(element("tr", _row(row, labels, show)) for row in table.rows)
    shown = element("table", head + element("tbody", rows))
    return element("div", shown, class_="table-wrap as-cards", tabindex="0")


def _row(cells: tuple[Sentence, ...], labels: Sequence[str], show: Show) -> str:
    name, *others = cells
    named = element("th", show(name), scope="row")
    names = chain(labels, repeat(""))
    return named + join(
        element("td", show(cell), data_zh=label or None)
        for cell, label in zip(others, names, strict=False)
    )
