"""Tables that a page or an export made lines of, rebuilt into rows."""

import re
from collections.abc import Iterator, Sequence

from ingest.parse.document import Table, TableRow
from vectorstore.language.text import squeeze

_CELL_LINE = re.compile(r"^[ ]?\t(?P<cell>.*)$")
_BARRED = re.compile(r"[ \t]*\|(?P<cells>[^\n]*)\|[ \t]*$")
_RULED = re.compile(r"[ \t]*\|(?:[ \t]*:?-{1,80}:?[ \t]*\|){2,60}[ \t]*$")
_MIN_ROWS = 2

Cells = list[tuple[int, int]]  # the first of a row begins at the line's TAB


def flattened_tables(text: str) -> list[Table]:
    """Tables with one cell a line: a leading TAB marks a cell, an empty line ends a row.

    The first row names the columns. A cell that is empty was merged with the one above.
    """
    return [table for block in _blocks(text) if (table := _build(text, block))]


def barred_tables(text: str) -> list[Table]:
    """Tables of Markdown: cells between bars, the columns' names above a rule of dashes. A row of
    another number of cells ends its table."""
    tables: list[Table] = []
    lines = list(re.finditer(r"[^\r\n]+", text))
    at = 0
    while at + 2 < len(lines):
        if _RULED.match(lines[at + 1][0]) and (head := _cells_between(lines[at])):
            rows = [TableRow(lines[at].start(), lines[at + 1].end(), tuple(head))]
            at += 2
            while at < len(lines) and len(cells := _cells_between(lines[at])) == len(head):
                rows.append(TableRow(*lines[at].span(), tuple(cells)))
                at += 1
            if len(rows) >= _MIN_ROWS:
                tables.append(Table(tuple(rows), tuple(squeeze(text[a:b]) for a, b in head)))
        else:
            at += 1
    return tables


def _cells_between(line: re.Match[str]) -> Cells:
    """The cells of a line between bars, [] where it is none."""
    found = _BARRED.match(line[0])
    if not found:
        return []
    cells, at = [], line.start() + found.start("cells")
    for cell in found["cells"].split("|"):
        cells.append((at, at + len(cell)))
        at += len(cell) + 1
    return cells


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
