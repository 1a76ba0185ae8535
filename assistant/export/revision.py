"""修订对照表 as a Word document: 原条款 | 新条款 | 说明."""

import io
from collections.abc import Sequence
from typing import Any

from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.shared import Mm
from docx.text.paragraph import Paragraph

from assistant.export.layout import (
    FIRST_FACE,
    SMALL,
    add_title,
    cell_paragraph,
    keep_rows,
    new_document,
    set_face,
    widths,
)
from assistant.export.writing import plain
from assistant.revision.alignment import Comparison, Row
from assistant.revision.clauses import Clause
from assistant.revision.rendering import summary, where
from assistant.revision.wording import Part
from vectorstore.files.labels import shown_name
from vectorstore.models import Document

_HEAD = ("原条款", "新条款", "说明")
_SHARES = (4.0, 4.0, 2.2)
_ABOUT = ("", "原文件", "新文件")
_ABOUT_SHARES = (1.0, 4.6, 4.6)
_FIGURES = ("条款", "原为", "改为")
_FIGURE_SHARES = (4.0, 3.0, 3.0)
_WIDTH = Mm(253)
_TALL = 700  # characters of a cell above which its row may run over a page
_MOST = 1_000  # rows of one table: python-docx takes ever longer over more of them


def revision_table(comparison: Comparison, *, every_row: bool) -> bytes:
    """Deletions are struck through, insertions underlined. Rows that stayed the same are left
    out unless `every_row`; the document says so, and how many a table that is cut left out."""
    document = new_document("修订对照表")
    _turn(document)
    add_title(document, "修订对照表")
    _about(document, comparison)
    _small(document, summary(comparison))
    if comparison.figures:
        document.add_paragraph("一、数字变化", style="Heading 1")
        found = [(where(comparison, f.row), f.old or "—", f.new or "—") for f in comparison.figures]
        _plain_table(document, _FIGURES, found[:_MOST], _FIGURE_SHARES)
    document.add_paragraph("二、逐条对照" if comparison.figures else "逐条对照", style="Heading 1")
    rows = [row for row in comparison.rows if every_row or row.is_change]
    _small(document, _explained(rows, every_row))
    if rows:
        _clauses(document, rows[:_MOST])
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _explained(rows: Sequence[Row], every_row: bool) -> str:
    said = ["加删除线的是删去的文字，加下划线的是增加的文字。"]
    if not rows:
        said = ["两份文件的条款没有变化。"]
    elif not every_row:
        said.append("未变的条款没有列出。")
    if len(rows) > _MOST:
        said.append(f"共 {len(rows)} 行，只列出前 {_MOST} 行。")
    return "".join(said)


def _turn(document: WordDocument) -> None:
    """The page sideways, from the first one on."""
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(22)
    section.top_margin, section.bottom_margin = Mm(28), Mm(26)


def _small(document: WordDocument, text: str) -> None:
    document.add_paragraph(plain(text), style="表格文字")


def _about(document: WordDocument, comparison: Comparison) -> None:
    fields = [
        (name, _field(comparison.old, name), _field(comparison.new, name))
        for name in ("标题", "发文字号", "发文机关", "日期", "施行日期")
    ]
    known = [row for row in fields if row[0] == "标题" or {*row[1:]} != {"未载明"}]
    if all(old == new for _, old, new in known):  # nothing else tells them apart
        known.append(("文件名", _file(comparison.old), _file(comparison.new)))
    _plain_table(document, _ABOUT, known, _ABOUT_SHARES)


def _file(document: Document) -> str:
    return shown_name(document.source_paths[0]) if document.source_paths else "—"


def _field(document: Document, name: str) -> str:
    metadata = document.metadata
    value = {
        "标题": metadata.title,
        "发文字号": metadata.document_number,
        "发文机关": metadata.issuer,
        "日期": metadata.dated,
        "施行日期": metadata.date_effective,
    }[name]
    return str(value or "未载明")


def _plain_table(
    document: WordDocument,
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    shares: Sequence[float],
) -> None:
    grid = _grid(document, head, len(rows))
    for cells, row in zip(_cells(grid), rows, strict=True):
        for cell, value in zip(cells, row, strict=True):
            cell_paragraph(cell).add_run(plain(value))
    widths(grid, shares, _WIDTH)
    keep_rows(grid)


def _grid(document: WordDocument, head: Sequence[str], rows: int) -> Any:
    """A table with its head; python-docx adds rows one by one ever more slowly."""
    grid = document.add_table(rows=rows + 1, cols=len(head), style="Table Grid")
    for cell, name in zip(grid.rows[0].cells, head, strict=True):
        set_face(cell_paragraph(cell).add_run(name), FIRST_FACE, SMALL)
    return grid


def _cells(grid: Any) -> list[Sequence[Any]]:
    return [row.cells for row in grid.rows][1:]


def _clauses(document: WordDocument, rows: Sequence[Row]) -> None:
    grid = _grid(document, _HEAD, len(rows))
    for (old, new, note), row in zip(_cells(grid), rows, strict=True):
        _side(cell_paragraph(old), row.old, row.old_parts)
        _side(cell_paragraph(new), row.new, row.new_parts)
        cell_paragraph(note).add_run(plain(row.note))
    widths(grid, _SHARES, _WIDTH)
    keep_rows(grid)
    for number, row in enumerate(rows, 1):
        if max(len(c.text) for c in (row.old, row.new) if c) > _TALL:
            _let_break(grid.rows[number])


def _let_break(row: Any) -> None:
    """A clause taller than a page would else begin on a new one and be cut off."""
    for mark in row._tr.get_or_add_trPr().xpath("./w:cantSplit"):
        mark.getparent().remove(mark)


def _side(paragraph: Paragraph, clause: Clause | None, parts: Sequence[Part]) -> None:
    if clause is None:
        paragraph.add_run("—")
        return
    if clause.number:
        set_face(paragraph.add_run(plain(f"{clause.number}　")), FIRST_FACE, SMALL)
    for part in parts:
        run = paragraph.add_run(plain(part.text))
        if part.mark == "deleted":
            run.font.strike = True
        elif part.mark == "inserted":
            run.font.underline = True
