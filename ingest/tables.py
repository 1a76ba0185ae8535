"""Tables that a page or an export flattened into lines, rebuilt into rows."""

import re
from collections.abc import Iterator, Sequence

from ingest.parse.document import Table, TableRow
from vectorstore.language.text import squeeze

_CELL_LINE = re.compile(r"^[ ]?\t(?P<cell>.*)$")
_MIN_ROWS = 2

Cells = list[tuple[int, int]]  # the first of a row begins at the line's TAB


def flattened_tables(text: str) -> list[Table]:
    """Tables with one cell a line: a leading TAB marks a cell, an empty line ends a row.

    The first row names the columns. A cell that is empty was merged with the one above.
    """
    return [table for block in _blocks(text) if (table := _build(text, block))]


def _blocks(text: str) -> Iterator[list[Cells]]:
    """Runs of rows; each row a list of cell spans, white space included."""
    rows: list[Cells] = []
    row: Cells = []
    for match in re.finditer(r"[^\n]*\n?", text):
        line = match[0].rstrip("\r\n")
        cell = _CELL_LINE.match(line)
        if cell:
            row.append(
                (match.start() + (cell.start("cell") if row else 0), match.start() + len(line))
            )
        elif row:
            rows.append(row)
            row = []
            if line.strip():
                yield rows
                rows = []
        elif line.strip() and rows:
            yield rows
            rows = []
    if row:
        rows.append(row)
    if rows:
        yield rows


def _build(text: str, rows: Sequence[Cells]) -> Table | None:
    columns = len(rows[0])
    if columns < 2 or len(rows) < _MIN_ROWS or any(len(row) != columns for row in rows):
        return None
    result: list[TableRow] = []
    above: tuple[tuple[int, int], ...] = ()
    for row in rows:
        cells = tuple(
            above[i] if above and not text[a:b].strip() else (a, b) for i, (a, b) in enumerate(row)
        )
        result.append(TableRow(row[0][0], row[-1][1], cells))
        above = cells
    return Table(tuple(result), tuple(squeeze(text[a:b]) for a, b in rows[0]))
