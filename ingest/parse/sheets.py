"""Spreadsheets, row by row: .xlsx and .csv."""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence

import openpyxl

from ingest.parse.builder import TextBuilder
from ingest.parse.document import ParsedDocument
from ingest.parse.limits import require_length
from ingest.parse.text import decode
from ingest.parse.zipped import open_zip
from vectorstore.errors import FileRejected

MAX_ROWS = 50_000
MAX_COLUMNS = 60
_LAST_ROW = 1_048_576  # of the format; a file may claim more


# What openpyxl and the readers below it raise for a broken file: both XML readers' errors are
# SyntaxErrors, an unknown way of packing is a RuntimeError.
_BROKEN = (
    KeyError, IndexError, AttributeError, ValueError, TypeError, OSError, EOFError, RuntimeError,
    SyntaxError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip


def parse_xlsx(content: bytes) -> ParsedDocument:
    """Each sheet as a table under its name; formulas show their stored results."""
    try:
        _require_plain_xml(open_zip(content))
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except _BROKEN as error:
        raise FileRejected("表格文件结构不完整，打不开；请另存为 .xlsx 后再导入") from error
    builder = TextBuilder()
    left = MAX_ROWS
    try:
        for sheet in book.worksheets:
            rows = sheet.iter_rows(values_only=True, max_row=_LAST_ROW, max_col=MAX_COLUMNS)
            kept = list(_rows(rows, left))
            left -= len(kept)
            _write(builder, sheet.title, kept)
    except _BROKEN as error:
        raise FileRejected("表格里有读不了的单元格；请另存为 .xlsx 后再导入") from error
    book.close()
    return builder.build("xlsx")


def _require_plain_xml(archive: zipfile.ZipFile) -> None:
    """Raises FileRejected for entities, which openpyxl's parser would expand."""
    for name in archive.namelist():
        if name.endswith((".xml", ".rels")):
            with archive.open(name) as stream:
                head = stream.read(4096).replace(b"\x00", b"")
            if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                raise FileRejected("XML 里有实体声明，已拒绝")


def parse_csv(content: bytes) -> ParsedDocument:
    """One table; the separator is the one that the first lines use most."""
    text = decode(content)
    head = text[:4096]
    separator = max(",\t;|", key=head.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    builder = TextBuilder()
    try:
        _write(builder, "", list(_rows(rows, MAX_ROWS)))
    except csv.Error as error:
        raise FileRejected(f"CSV 读不下去（{error}）") from error
    return builder.build("csv")


def _rows(rows: Iterable[Sequence[object]], limit: int) -> Iterator[list[str]]:
    """Rows that hold something; a sheet may claim a million empty ones."""
    count = characters = 0
    for row in rows:
        if row.count(None) == len(row):
            continue
        cells = [_text(value) for value in row[:MAX_COLUMNS]]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            count += 1
            characters += sum(map(len, cells))
            require_length(characters)
            if count > limit:
                raise FileRejected(f"表格超过 {MAX_ROWS} 行；请拆分后再导入")
            yield cells


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _write(builder: TextBuilder, name: str, kept: list[list[str]]) -> None:
    """Rows above the first full one (a title across the sheet) are paragraphs."""
    if not kept:
        return
    width = max(len(row) for row in kept)
    if width == 1:
        for row in kept:
            builder.paragraph(row[0])
        return
    while kept and sum(bool(cell) for cell in kept[0]) == 1:
        builder.paragraph(next(filter(None, kept[0])), 1)
        kept = kept[1:]
    if name and not name.lower().startswith("sheet"):
        builder.paragraph(name, 2)
    builder.table(row + [""] * (width - len(row)) for row in kept)
