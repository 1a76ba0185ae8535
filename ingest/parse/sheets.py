"""Spreadsheets, row by row: .xlsx and .csv."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

import openpyxl

from ingest.parse.builder import TextBuilder
from ingest.parse.document import ParsedDocument
from ingest.parse.text import decode
from ingest.parse.zipped import open_zip
from vectorstore.errors import FileRejected

MAX_ROWS = 50_000
MAX_COLUMNS = 60


def parse_xlsx(content: bytes) -> ParsedDocument:
    """Each sheet as a table under its name; formulas show their stored results."""
    open_zip(content)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (KeyError, ValueError, OSError, TypeError) as error:
        raise FileRejected("表格文件结构不完整，打不开；请另存为 .xlsx 后再导入") from error
    builder = TextBuilder()
    for sheet in book.worksheets:
        _write(builder, sheet.title, _rows(sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS)))
    book.close()
    return builder.build("xlsx")


def parse_csv(content: bytes) -> ParsedDocument:
    """One table; the separator is the one that the first lines use most."""
    text = decode(content)
    head = text[:4096]
    separator = max(",\t;|", key=head.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    builder = TextBuilder()
    try:
        _write(builder, "", _rows(rows))
    except csv.Error as error:
        raise FileRejected(f"CSV 读不下去（{error}）") from error
    return builder.build("csv")


def _rows(rows: Iterable[Sequence[object]]) -> Iterator[list[str]]:
    for count, row in enumerate(rows):
        if count >= MAX_ROWS:
            raise FileRejected(f"表格超过 {MAX_ROWS} 行；请拆分后再导入")
        cells = [_text(value) for value in row[:MAX_COLUMNS]]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield cells


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _write(builder: TextBuilder, name: str, rows: Iterator[list[str]]) -> None:
    """Rows above the first full one (a title across the sheet) are paragraphs."""
    kept = list(rows)
    if not kept:
        return
    width = max(len(row) for row in kept)
    if width == 1:
        for row in kept:
            builder.paragraph(row[0])
        return
    while kept and sum(bool(cell) for cell in kept[0]) == 1:
        builder.paragraph(next(filter(None, kept.pop(0))), 1)
    if name and not name.lower().startswith("sheet"):
        builder.paragraph(name, 2)
    builder.table([row + [""] * (width - len(row)) for row in kept])
