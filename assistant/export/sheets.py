"""Rows of what documents state, and a table of an answer, as Excel workbooks."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from assistant.cite.citation import Citation, reference
from assistant.cite.structure import Sentence, Table, marks_of
from assistant.export.writing import plain
from assistant.indicators.chosen import KIND_NAMES
from assistant.indicators.listing import (
    Listing,
    Row,
    organs,
    section,
    value,
    what,
    whose,
)

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 5000
_LONGEST = 32_000  # characters that a cell may hold, and a few less
_COLUMNS = (
    ("类别", 10), ("内容", 30), ("地区或对象", 16), ("数值或要求", 20), ("数值", 12), ("单位", 8),
    ("年份", 8), ("条件", 18), ("部门", 24), ("文件", 36), ("发文字号", 20), ("时效状态", 12),
    ("章节", 28), ("原文", 60),
)  # fmt: skip
# Programs take a cell that begins so for a formula, if not here, then in a CSV file made of it.
_FORMULA = re.compile(r"[=+\-@\t\r]")
_FIGURE = re.compile(r"[+\-]\d[\d.,，]*[%‰]?[\u4e00-\u9fff]{0,6}")  # -3.5%, +12个百分点


def fact_sheet(listing: Listing) -> bytes:
    """A row for each fact, with what it quotes and where it stands."""
    note = ""
    if listing.count > len(listing.rows):
        note = f"共 {listing.count} 条，这里是前 {len(listing.rows)} 条；请缩小筛选范围后再导出其余的。"
    return table_sheet("指标与分工", _COLUMNS, map(_values, listing.rows), note)


def table_sheet(
    name: str,
    columns: Sequence[tuple[str, int]],
    rows: Iterable[Iterable[object]],
    note: str = "",
) -> bytes:
    """A workbook of one sheet. `columns` are heads and widths; `note`, that rows are missing, stands
    below them in the place of Excel's filters."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(name)
    sheet.freeze_panes = "A2"
    for number, (_, width) in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    cells = _Cells(sheet)
    sheet.append([cells.title(head) for head, _ in columns])
    count = 1
    for row in rows:
        sheet.append([cells.of(content) for content in row])
        count += 1
    if note:
        sheet.append([cells.title(note)])
    else:
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{count}"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def csv_table(columns: Sequence[tuple[str, int]], rows: Iterable[Iterable[object]]) -> bytes:
    """The same as CSV, marked as UTF-8 so that Excel reads it as such."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow([head for head, _ in columns])
    writer.writerows([harmless(c) if isinstance(c, str) else c for c in row] for row in rows)
    return stream.getvalue().encode("utf-8-sig")


def answer_sheet(table: Table[Sentence], sources: Sequence[Citation]) -> bytes:
    """A table of an answer with its marks, and below it what these stand for."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("表")
    columns = max((len(row) for row in (table.header, *table.rows)), default=1)
    for number in range(1, columns + 1):
        sheet.column_dimensions[get_column_letter(number)].width = 24 if number == 1 else 40
    cells = _Cells(sheet)
    if table.header:
        sheet.freeze_panes = "A2"
        sheet.append([cells.title(cell.text) for cell in table.header])
    for row in table.rows:
        sheet.append([cells.of(cell.text) for cell in row])
    used = marks_of((table,))
    sheet.append([])
    for source in sources:
        if source.mark in used:
            quote = " ".join(source.quote.split())
            sheet.append([cells.of(f"[{source.mark}] {reference(source)}"), cells.of(f"“{quote}”")])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


class _Cells:
    """Cells of a sheet. Each style is made once: openpyxl looks one up for every cell that is
    given its parts, which takes longer than all the rest."""

    def __init__(self, sheet: Any):
        self._sheet = sheet
        self._text = self._model()
        self._title = self._model()
        self._title.font = Font(bold=True)

    def _model(self) -> Any:
        cell = WriteOnlyCell(self._sheet, "")
        cell.quotePrefix = True
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        return cell

    def title(self, said: str) -> Any:
        return self._written(said, self._title)

    def of(self, content: object) -> Any:
        return self._written(content, self._text) if isinstance(content, str) else content

    def _written(self, said: str, model: Any) -> Any:
        cell = WriteOnlyCell(self._sheet, harmless(said))
        cell.data_type = "s"  # never a formula, whatever it begins with
        cell._style = model._style
        return cell


def _values(row: Row) -> tuple[object, ...]:
    fact, metadata = row.fact, row.document.metadata
    return (
        KIND_NAMES[fact.kind][0], what(fact), whose(fact), value(fact), fact.value, fact.unit,
        fact.year, fact.condition, organs(fact), metadata.title,
        metadata.document_number or "未载明", row.document.state, section(fact), " ".join(fact.quote.split()),
    )  # fmt: skip


def _cell(sheet: Any, content: object, *, bold: bool = False) -> Any:
    if isinstance(content, str):
        cell = WriteOnlyCell(sheet, "")
        cell.value = harmless(content)
        cell.data_type = "s"  # never a formula, whatever it begins with
        cell.quotePrefix = True
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    else:
        cell = WriteOnlyCell(sheet, content)
        cell.alignment = Alignment(vertical="top")
    if bold:
        cell.font = Font(bold=True)
    return cell


def harmless(said: str) -> str:
    """Text that no program takes for a formula: an apostrophe before what looks like one.

    >>> harmless("=1+1"), harmless("-3.5%"), harmless("普及率")
    ("'=1+1", '-3.5%', '普及率')
    """
    shown = plain(said).encode("utf-8", "replace").decode("utf-8")[:_LONGEST]
    if _FORMULA.match(shown.lstrip(" \u3000\n")) and not _FIGURE.fullmatch(shown):
        return f"'{shown}"
    return shown
