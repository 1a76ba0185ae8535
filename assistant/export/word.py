"""A draft as a Word document or as Markdown, with its sources or without."""

import io
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Literal

from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.text.paragraph import Paragraph
from docx_plus.notes import FootnoteIdRegistry, add_footnote

from assistant.cite.citation import Citation
from assistant.cite.markdown import table_text
from assistant.cite.structure import Sentence, Table, marks_of
from assistant.cite.structure import renumbered as body_renumbered
from assistant.drafting.models import OWN_SOURCE, Draft, Section, is_own
from assistant.export.final import finished
from assistant.export.frame import FRAME, frame_of
from assistant.export.labels import (
    EXTRACT_LABEL,
    draft_fields,
    draft_label,
    front_matter,
    set_labels,
)
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
from assistant.export.red_head import add_end, add_red_head
from assistant.export.template import fill, length_of, move_to_place, open_template, places_in
from assistant.export.writing import Blocks, plain, superscript
from assistant.labelling import label_of
from assistant.settings import DraftSettings
from vectorstore.models import OVER

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
Form = Literal["送审版", "定稿版"]

_LIST_HEAD = ("序号", "标题", "文号", "发文机关", "日期", "位置", "原文", "时效")
_LIST_SHARES = (0.5, 2.4, 1.3, 1.5, 1.0, 1.8, 3.6, 1.0)


def to_docx(
    draft: Draft, form: Form, settings: DraftSettings, *, red_head: bool = False
) -> bytes:  # fmt: skip
    """送审版: a footnote (or a number) at each mark and a list of sources at the end.
    定稿版: without marks, verdicts and notes for the author. Gaps stay yellow in both.

    `red_head` adds what an office issues it under, built in or from the office's own template.
    Raises BadTemplate.
    """
    draft = renumbered(draft if form == "送审版" else finished(draft))
    path = settings.red_head_template if red_head else settings.template
    template = open_template(path) if path else None
    places = places_in(template) if template else set()
    document = new_document(
        draft.title, bold_second_level=settings.bold_second_level, template=template
    )
    first = length_of(document)
    line = draft_label(draft) if settings.ai_label else ""
    if line:
        set_labels(document, plain(line), draft_fields(draft, settings))
    if _is_shown(line, form):
        document.add_paragraph(f"（{plain(line)}）", style="表格文字")
    if red_head and template is None:
        add_red_head(document, frame_of(draft).organ)
    _text(document, draft, form, settings, places, red_head=red_head)
    if red_head and template is None:
        copies = frame_of(draft).copies or "[抄送机关]"
        add_end(document, ((f"抄送：{copies}。", ""), ("[印发机关]", "[印发日期]印发")))  # 版记
    if template:
        move_to_place(document, first)
        fill(document, _values(draft))
    if form == "送审版" and draft.sources:
        _list_of_sources(document, draft.sources)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _text(
    document: WordDocument, draft: Draft, form: Form, settings: DraftSettings, places: set[str], *,
    red_head: bool,
) -> None:  # fmt: skip
    """The title, whom it goes to, the sections, who signs; what the template has its own
    `places` for is written there."""
    writer = Blocks(document, _marker(document, draft, form, settings))
    if "标题" not in places:
        add_title(document, plain(draft.title))
    parts = frame_of(draft)
    if parts.to and "主送机关" not in places:
        writer.paragraph(f"{parts.to}：", "主送机关")
    for section in draft.sections:
        if section.purpose in FRAME:
            continue
        if section.heading:
            document.add_paragraph(plain(section.heading), style=f"Heading {section.level}")
        if label := _section_label(section, form, settings):
            said = document.add_paragraph(label, style="表格文字")
            said.paragraph_format.keep_with_next = True
        writer.write(section.body)
    if parts.signed and not places & {"发文机关", "成文日期"}:
        document.add_paragraph(style="公文正文")
        for line in parts.signed:
            writer.paragraph(line, "落款")
    if parts.copies and not red_head and "抄送" not in places:
        writer.paragraph(f"抄送：{parts.copies}。", "主送机关")


def _values(draft: Draft) -> dict[str, str]:
    """What stands at the places of a template; what is not known is a gap."""
    parts = frame_of(draft)
    return {
        "标题": plain(draft.title),
        "主送机关": plain(parts.to or "[主送机关]"),
        "发文机关": plain(parts.organ),
        "发文字号": "[发文字号]",
        "成文日期": plain(parts.day),
        "抄送": plain(parts.copies or "[抄送机关]"),
    }


def _is_shown(line: str, form: Form) -> bool:
    """What goes out bears the line only where a model wrote some of it: that much the rules on
    marking generated text ask for. The file's properties hold it in any case."""
    return bool(line) and (form == "送审版" or line != EXTRACT_LABEL)


def to_markdown(draft: Draft, form: Form, settings: DraftSettings) -> str:
    """The draft as Markdown; 送审版 with its marks as footnotes and the list of sources."""
    keep = form == "送审版"
    draft = renumbered(draft if keep else finished(draft))
    line = draft_label(draft) if settings.ai_label else ""
    head = front_matter(draft_fields(draft, settings)) if line else ""
    parts = [f"{head}# {draft.title}", *([f"> {line}"] if _is_shown(line, form) else [])]
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
    if is_own(source):
        return f"{OWN_SOURCE}：{' '.join(source.quote.split())}"
    issuer = source.issuer or "发文机关未载明"
    number = source.document_number or "文号未载明"
    day = source.date or "日期未载明"
    if settings.citation_style == "2015":
        said = f"{issuer}. {source.title}: {number}[A]. ({day})[{date.today().isoformat()}]."
    else:
        said = f"{issuer}. {source.title}: {number}[A]. {day}."
    place = " ".join(source.heading_path)
    expired = f"（{source.status}）" if source.status in OVER else ""
    return f"{said}{' ' if place else ''}{place}{expired}"


# --- writing Word ---------------------------------------------------------------------------------


class _InOrder(FootnoteIdRegistry):  # type: ignore[misc]
    """Ids in the order of use, not at random: LibreOffice pairs notes and marks by that order."""

    last = 0

    def next(self) -> int:
        self.last += 1
        while self.last in self.issued():  # notes of a template
            self.last += 1
        return self.last


def _marker(
    document: WordDocument, draft: Draft, form: Form, settings: DraftSettings
) -> Callable[[Paragraph, int], None]:
    if form == "定稿版":
        return lambda paragraph, mark: None
    if settings.marks == "number":
        return superscript
    registry = _InOrder(document)

    def footnote(paragraph: Paragraph, mark: int) -> None:
        if source := draft.source(mark):
            if _ends_in_note(paragraph):  # else notes 1 and 2 read as 12
                paragraph.add_run("，").font.superscript = True
            text = f" {reference(source, settings)}"  # Word puts the number before it
            add_footnote(paragraph, plain(text), id_registry=registry)

    return footnote


def _ends_in_note(paragraph: Paragraph) -> bool:
    last = paragraph.runs[-1]._r if paragraph.runs else None
    return last is not None and last.find(qn("w:footnoteReference")) is not None


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
    quote = " ".join(source.quote.split())
    if is_own(source):
        return [str(source.mark), OWN_SOURCE, "—", "—", "—", "—", quote, "—"]
    return [
        str(source.mark),
        source.title,
        source.document_number or "未载明",
        source.issuer or "未载明",
        source.date or "未载明",
        " ".join(source.heading_path) or "—",
        quote,
        source.status or "未标注",
    ]
