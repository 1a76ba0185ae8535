"""Lines as paragraphs and runs of | lines as tables; nothing else of Markdown is read."""

from collections.abc import Callable, Sequence

from assistant.cite.markdown import cells_of, is_rule
from assistant.pages.markup import element, join, text

Show = Callable[[str], str]  # a line or a cell → markup


def blocks(body: str, show: Show) -> str:
    """`show` gives the markup of each line and of each cell below a table's header."""
    parts: list[str] = []
    rows: list[str] = []
    for line in [*body.split("\n"), ""]:
        if line.strip().startswith("|"):
            rows.append(line)
            continue
        if rows:
            parts.append(_table(rows, show))
            rows = []
        if line.strip():
            parts.append(element("p", show(line)))
    return join(parts)


def _table(rows: Sequence[str], show: Show) -> str:
    head, *body = [cells_of(row) for row in rows if not is_rule(row)] or [[]]
    header = element("tr", join(element("th", text(cell), scope="col") for cell in head))
    lines = join(element("tr", _row(row, show)) for row in body)
    table = element("table", element("thead", header) + element("tbody", lines))
    return element("div", table, class_="table-wrap", tabindex="0")


def _row(cells: Sequence[str], show: Show) -> str:
    """The first cell names the row."""
    name, *others = cells
    named = element("th", show(name), scope="row")
    return named + join(element("td", show(cell)) for cell in others)
