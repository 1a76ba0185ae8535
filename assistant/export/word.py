"""A draft as a Word document or as Markdown, with its sources or without."""

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Literal

from docx.document import Document as WordDocument
from docx.enum.text import WD_COLOR_INDEX
from docx.shared import Mm
from docx.text.paragraph import Paragraph
from docx_plus.notes import FootnoteIdRegistry, add_footnote

from assistant.cite.citation import Citation
from assistant.cite.markdown import table_text
from assistant.cite.splitting import line_of
from assistant.cite.structure import Body, Line, Sentence, Table, marks_of
from assistant.cite.structure import renumbered as body_renumbered
from assistant.drafting.check import BLANK
from assistant.drafting.models import Draft, Section
from assistant.export.labels import draft_fields, draft_label, front_matter, set_labels
from assistant.export.layout import (
    FIRST_FACE,
    SMALL,
    add_title,
    cell_paragraph,
    keep_rows,
    landscape,
    new_document,
    set_face,
    widths,
)
from assistant.export.markdown import footnote, to_markdown_text
from assistant.labelling import label_of
from assistant.settings import DraftSettings
from vectorstore.language.numbering import enumerator
from vectorstore.models import OVER

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
Form = Literal["送审版", "定稿版"]

_LIST_HEAD = ("序号", "标题", "文号", "发文机关", "日期", "位置", "原文", "时效")
_LIST_SHARES = (0.5, 2.4, 1.3, 1.5, 1.0, 1.8, 3.6, 1.0)
_ADDRESSED = ("通知", "请示")  # kinds with 主送机关 and 落款
_STYLES = {"one": "Heading 1", "bracketed": "Heading 2"}  # by ENUMERATORS


def to_docx(draft: Draft, form: Form, settings: DraftSettings) -> bytes:
    """送审版: a footnote (or a number) at each mark and a list of sources at the end.
    定稿版: without marks. Gaps stay yellow in both. Raises nothing of its own."""
    draft = renumbered(draft)
    document = new_document(draft.title, bold_second_level=settings.bold_second_level)
    writer = Blocks(document, _marker(document, draft, form, settings))
    line = draft_label(draft) if settings.ai_label else ""
    if line:
        document.add_paragraph(f"（{plain(line)}）", style="表格文字")
        set_labels(document, plain(line), draft_fields(draft, settings))
    add_title(document, draft.title)
    if draft.request.kind in _ADDRESSED:
        writer.paragraph("[主送机关]：", "主送机关")
    for section in draft.sections:
        if section.heading:
            document.add_paragraph(plain(section.heading), style=f"Heading {section.level}")
        if label := _section_label(section, form, settings):
            document.add_paragraph(label, style="表格文字")
        writer.write(section.body)
    if draft.request.kind in _ADDRESSED:
        document.add_paragraph(style="公文正文")
        writer.paragraph(draft.request.unit or "[发文机关]", "落款")
        writer.paragraph("[成文日期]", "落款")
    if form == "送审版" and draft.sources:
        _list_of_sources(document, draft.sources)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def to_markdown(draft: Draft, form: Form, settings: DraftSettings) -> str:
    """The draft as Markdown; 送审版 with its marks as footnotes and the list of sources."""
    draft = renumbered(draft)
    keep = form == "送审版"
    line = draft_label(draft) if settings.ai_label else ""
    head = front_matter(draft_fields(draft, settings)) if line else ""
    parts = [f"{head}# {draft.title}", *([f"> {line}"] if line else [])]
    for section in draft.sections:
        if section.heading:
            parts.append(f"{'#' * (section.level + 1)} {section.heading}")
        if label := _section_label(section, form, settings):
            parts.append(label)
        text = to_markdown_text(section.body, footnote if keep else lambda mark: "")
        parts += [text] if text else []
    if keep:
        parts += [f"[^{s.mark}]: {reference(s, settings)}“{s.quote}”" for s in draft.sources]
        rows = [_list_row(source) for source in draft.sources]
        parts += ["## 依据清单", table_text(_plain_table(_LIST_HEAD, rows))] if rows else []
    return "\n\n".join(parts) + "\n"


def _section_label(section: Section, form: Form, settings: DraftSettings) -> str:
    """Who wrote a section, below its heading; 定稿版 says it at the head only."""
    label = label_of(section.origin) if section.text.strip() else ""
    return f"〔{label}〕" if label and form == "送审版" and settings.ai_label else ""


def _plain_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Table[Sentence]:
    def cells(row: Sequence[str]) -> tuple[Sentence, ...]:
        return tuple(Sentence((cell,)) for cell in row)

    return Table(cells(header), tuple(map(cells, rows)))


def renumbered(draft: Draft) -> Draft:
    """Marks numbered in the order of use; sources that no sentence cites are left out."""
    used = marks_of(tuple(block for section in draft.sections for block in section.body))
    known = {source.mark: source for source in draft.sources}
    number = {old: new for new, old in enumerate((m for m in used if m in known), 1)}
    sections = tuple(
        replace(section, body=body_renumbered(section.body, number)) for section in draft.sections
    )
    sources = tuple(replace(known[old], mark=new) for old, new in number.items())
    return replace(draft, sections=sections, sources=sources)


def reference(source: Citation, settings: DraftSettings) -> str:
    """A source in the style of GB/T 7714, the place in the document behind it.

    The two editions differ here in the date of access, which the one of 2025 asks for only with
    sources on the web. What is not stated is said to be so and never made up.
    """
    issuer = source.issuer or "发文机关未载明"
    number = source.document_number or "文号未载明"
    day = source.date or "日期未载明"
    if settings.citation_style == "2015":
        said = f"{issuer}. {source.title}: {number}[A]. ({day})[{date.today().isoformat()}]."
    else:
        said = f"{issuer}. {source.title}: {number}[A]. {day}."
    place = " ".join(source.heading_path)
    expired = f"（{source.status}）" if source.status in OVER else ""
    return f"{said}{place}{expired}"


# --- writing Word ---------------------------------------------------------------------------------


class _InOrder(FootnoteIdRegistry):  # type: ignore[misc]
    """Ids in the order of use, not at random: LibreOffice pairs notes and marks by that order."""

    last = 0

    def next(self) -> int:
        self.last += 1
        return self.last


class Blocks:
    """Writes what is said into a Word document. `add_mark` sets a mark behind what is in a
    paragraph so far."""

    def __init__(
        self, document: WordDocument, add_mark: Callable[[Paragraph, int], None] | None = None
    ):
        self.document = document
        self._add_mark = add_mark or _superscript

    def write(self, body: Body) -> None:
        for block in body:
            if isinstance(block, Table):
                self.table(block)
            elif block.text.strip():
                self._line(block, _style_of(block))

    def paragraph(self, text: str, style: str) -> None:
        self._line(line_of(text), style)

    def _line(self, line: Line, style: str) -> None:
        paragraph = self.document.add_paragraph(style=style)
        for sentence in _trimmed(line).sentences:
            self._sentence(paragraph, sentence)

    def _sentence(self, paragraph: Paragraph, sentence: Sentence) -> None:
        """One that failed its check is struck through, with the reason."""
        doubt = sentence.check if sentence.check and sentence.check.is_refuted else None
        for piece in sentence.pieces:
            if isinstance(piece, int):
                self._add_mark(paragraph, piece)
                continue
            for words in filter(None, _WORDS.split(plain(piece))):
                run = paragraph.add_run(words)
                run.font.strike = True if doubt else None
                if BLANK.fullmatch(words):
                    run.font.highlight_color = WD_COLOR_INDEX.YELLOW
        if doubt:
            paragraph.add_run(plain(f"（存疑：{doubt.reason}）"))

    def table(self, table: Table[Sentence]) -> None:
        rows = [row for row in (table.header, *table.rows) if row]
        if not rows:
            return
        columns = max(map(len, rows))
        grid = self.document.add_table(rows=len(rows), cols=columns, style="Table Grid")
        for i, row in enumerate(rows):
            for j in range(columns):
                paragraph = cell_paragraph(grid.cell(i, j))
                self._sentence(paragraph, row[j] if j < len(row) else Sentence())
                if i == 0 and table.header:
                    for run in paragraph.runs:
                        set_face(run, FIRST_FACE, SMALL)
        texts = [[cell.plain for cell in row] for row in rows]
        # A first cell left empty belongs to the one above it (类别).
        for i in range(len(texts) - 1, 1, -1):
            if not texts[i][0].strip():
                _merge_up(grid, texts, i)
        lengths = [max(len(row[j]) if j < len(row) else 0 for row in texts) for j in range(columns)]
        widths(grid, [min(12.0, max(3.0, n**0.5)) for n in lengths], Mm(156))
        keep_rows(grid)


def _trimmed(line: Line) -> Line:
    """Without white space at its head: the style indents it."""
    first, *others = line.sentences or (Sentence(),)
    head, *rest = first.pieces or ("",)
    if isinstance(head, str):
        first = replace(first, pieces=(head.lstrip(), *rest))
    return Line((first, *others))


_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def plain(text: str) -> str:
    """With a sign in place of each character that no XML file may hold."""
    return _NOT_XML.sub("\ufffd", text)


def _marker(
    document: WordDocument, draft: Draft, form: Form, settings: DraftSettings
) -> Callable[[Paragraph, int], None]:
    if form == "定稿版":
        return lambda paragraph, mark: None
    if settings.marks == "number":
        return _superscript
    registry = _InOrder(document)

    def footnote(paragraph: Paragraph, mark: int) -> None:
        if source := draft.source(mark):
            text = f"〔{mark}〕{reference(source, settings)}"
            add_footnote(paragraph, plain(text), id_registry=registry)

    return footnote


def _merge_up(grid: object, rows: Sequence[Sequence[str]], i: int) -> None:
    top = i
    while top > 1 and not rows[top][0].strip():
        top -= 1
    if rows[top][0].strip():
        merged = grid.cell(top, 0).merge(grid.cell(i, 0))  # type: ignore[attr-defined]
        for extra in merged.paragraphs[1:]:
            if not extra.text.strip():
                extra._p.getparent().remove(extra._p)


def _superscript(paragraph: Paragraph, mark: int) -> None:
    paragraph.add_run(f"[{mark}]").font.superscript = True


def _style_of(line: Line) -> str:
    text = "".join(sentence.plain for sentence in line.sentences).strip()
    number = enumerator(text)
    if number and len(text) <= 30 and not text.endswith("。"):
        return _STYLES.get(number[0], "公文正文")
    return "公文正文"


_WORDS = re.compile(rf"({BLANK.pattern})")


def _list_of_sources(document: WordDocument, sources: Sequence[Citation]) -> None:
    landscape(document)
    document.add_paragraph("依据清单", style="公文标题")
    grid = document.add_table(rows=1, cols=len(_LIST_HEAD), style="Table Grid")
    for cell, name in zip(grid.rows[0].cells, _LIST_HEAD, strict=True):
        set_face(cell_paragraph(cell).add_run(name), FIRST_FACE, SMALL)
    for source in sources:
        for cell, value in zip(grid.add_row().cells, _list_row(source), strict=True):
            cell_paragraph(cell).add_run(plain(value))
    widths(grid, _LIST_SHARES, Mm(253))
    keep_rows(grid)


def _list_row(source: Citation) -> list[str]:
    return [
        str(source.mark),
        source.title,
        source.document_number or "未载明",
        source.issuer or "未载明",
        source.date or "未载明",
        " ".join(source.heading_path) or "—",
        " ".join(source.quote.split()),
        source.status or "未标注",
    ]
