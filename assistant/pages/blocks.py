"""What is said, as paragraphs and tables."""

from collections.abc import Callable

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
    """The first cell of a row names it."""
    names = join(element("th", show(cell), scope="col") for cell in table.header)
    head = element("thead", element("tr", names)) if names else ""
    rows = join(element("tr", _row(row, show)) for row in table.rows)
    shown = element("table", head + element("tbody", rows))
    return element("div", shown, class_="table-wrap", tabindex="0")


def _row(cells: tuple[Sentence, ...], show: Show) -> str:
    name, *others = cells
    named = element("th", show(name), scope="row")
    return named + join(element("td", show(cell)) for cell in others)
