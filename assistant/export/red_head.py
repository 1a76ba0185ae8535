"""红头: the head and the end of a document as an office issues it (GB/T 9704—2012, 7.2 and 7.4)."""

from collections.abc import Sequence
from typing import Any

from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from assistant.export.layout import (
    BODY_FACE,
    LINE,
    NOTE,
    TITLE_FACE,
    cell_paragraph,
    set_face,
    widths,
)
from assistant.export.writing import write_words

_RED = "FF0000"
_TEXT_WIDTH = Mm(156)
_LARGEST = Pt(62)  # of the organ's name; a long name is set smaller, on one line
_BELOW_EDGE = Mm(35)  # the name's upper edge below the text's
_TO_RULE = 11  # points: the red line stands 4 mm below the document number
_OUTER, _INNER = 8, 6  # eighths of a point: 0.35 mm and 0.25 mm


def add_red_head(document: WordDocument, unit: str, number: str = "[发文字号]") -> None:
    """The organ's name, the number, the red line."""
    name = f"{unit}文件"
    head = document.add_paragraph()
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    head.paragraph_format.space_before = _BELOW_EDGE
    head.paragraph_format.line_spacing = 1.0
    size = Pt(min(_LARGEST.pt, _TEXT_WIDTH.pt / max(1, len(name))))
    for run in write_words(head, name):
        set_face(run, TITLE_FACE, size, latin=TITLE_FACE)
        run.font.color.rgb = RGBColor.from_string(_RED)
    line = document.add_paragraph(style="公文正文")
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    line.paragraph_format.first_line_indent = Pt(0)
    line.paragraph_format.space_before = 2 * LINE
    line._p.get_or_add_pPr().get_or_add_ind().set(qn("w:firstLineChars"), "0")
    write_words(line, number)
    _rule_below(line)
    for _ in range(2):  # 红色分隔线下空二行
        document.add_paragraph(style="公文正文")


def _rule_below(paragraph: Any) -> None:
    borders = OxmlElement("w:pBdr")
    borders.append(_border("w:bottom", 18, _RED, _TO_RULE))
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:kinsoku", "w:snapToGrid",
        "w:spacing", "w:ind", "w:jc", "w:rPr",
    )  # fmt: skip


def _border(side: str, width: int, color: str, space: int = 0) -> Any:
    border = OxmlElement(side)
    for name, value in (("val", "single"), ("sz", width), ("space", space), ("color", color)):
        border.set(qn(f"w:{name}"), str(value))
    return border


def add_end(document: WordDocument, lines: Sequence[tuple[str, str]]) -> None:
    """版记: rows of what stands left and right, in 4号, between rules; kept on one page."""
    spacer = document.add_paragraph(style="公文正文")
    spacer.paragraph_format.keep_with_next = True
    grid = document.add_table(rows=len(lines), cols=2)
    for number, (row, texts) in enumerate(zip(grid.rows, lines, strict=True)):
        for cell, said, side in zip(
            row.cells, texts, (WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.RIGHT), strict=True
        ):
            paragraph = cell_paragraph(cell)
            paragraph.alignment = side
            paragraph.paragraph_format.keep_with_next = number < len(lines) - 1
            indent = "left_indent" if side == WD_ALIGN_PARAGRAPH.LEFT else "right_indent"
            setattr(paragraph.paragraph_format, indent, NOTE)
            for run in write_words(paragraph, said):
                set_face(run, BODY_FACE, NOTE)
            _rules(cell, first=number == 0, last=number == len(lines) - 1)
    widths(grid, (1.6, 1.0), _TEXT_WIDTH)


def _rules(cell: Any, *, first: bool, last: bool) -> None:
    borders = OxmlElement("w:tcBorders")
    borders.append(_border("w:top", _OUTER if first else _INNER, "000000"))
    if last:
        borders.append(_border("w:bottom", _OUTER, "000000"))
    cell._tc.get_or_add_tcPr().append(borders)
