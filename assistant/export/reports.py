"""Word reports: what an audit found, and a conversation with its sources."""

import hashlib
import io
from collections.abc import Sequence

from docx.document import Document as WordDocument
from docx.enum.text import WD_COLOR_INDEX
from docx.shared import Mm

from assistant.answers.answer import Answer
from assistant.audit.audit import Claim, summary
from assistant.cite.citation import Citation
from assistant.export.labels import set_labels
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
from assistant.export.writing import Blocks, plain
from assistant.labelling import EXTRACT, MODEL, aigc, producer_of
from assistant.proofreading.rule import Slip
from assistant.settings import DraftSettings

_HEAD = ("序号", "类型", "文稿中的说法", "结论", "说明", "对照原文")
_SHARES = (0.5, 0.7, 2.6, 0.9, 2.6, 3.6)
_SLIP_HEAD = ("序号", "规则", "文稿中的写法", "应为", "说明")
_SLIP_SHARES = (0.5, 1.2, 3, 3, 3.4)
_TONES = {
    "不符": WD_COLOR_INDEX.YELLOW,
    "已失效": WD_COLOR_INDEX.YELLOW,
    "未收录": WD_COLOR_INDEX.GRAY_25,
}


def audit_report(text: str, claims: Sequence[Claim], slips: Sequence[Slip] = ()) -> bytes:
    """The text with its doubtful places marked, then a table of all that was looked up, and one
    of the slips of the pen."""
    document = new_document("文稿核对报告")
    add_title(document, "文稿核对报告")
    document.add_paragraph(summary(claims), style="公文正文")
    start = 0
    for line in plain(text).splitlines(keepends=True):
        end = start + len(line)
        _marked_line(document, line, start, [c for c in claims if start <= c.start < end])
        start = end
    if claims or slips:
        landscape(document)
    if claims:
        _table(document, claims)
    if slips:
        document.add_paragraph(f"文字校对：{len(slips)} 处。", style="公文正文")
        _slips(document, slips)
    return _saved(document)


def _marked_line(document: WordDocument, line: str, at: int, claims: Sequence[Claim]) -> None:
    if not line.strip():
        return
    paragraph = document.add_paragraph(style="公文正文")
    done = 0
    for claim in sorted((c for c in claims if c.is_fault), key=lambda c: c.start):
        a, b = claim.start - at, claim.end - at
        if a < done:
            continue
        paragraph.add_run(line[done:a])
        paragraph.add_run(line[a:b]).font.highlight_color = _TONES[claim.verdict]
        paragraph.add_run(f"（{claim.message}）").font.size = SMALL
        done = b
    paragraph.add_run(line[done:].rstrip("\n"))


def _slips(document: WordDocument, slips: Sequence[Slip]) -> None:
    grid = document.add_table(rows=1, cols=len(_SLIP_HEAD), style="Table Grid")
    for cell, name in zip(grid.rows[0].cells, _SLIP_HEAD, strict=True):
        set_face(cell_paragraph(cell).add_run(name), FIRST_FACE, SMALL)
    for number, slip in enumerate(slips, 1):
        right = "（需要人工确认）" if slip.right is None else slip.right or "（删去）"
        values = (str(number), slip.rule, slip.wrong, right, slip.why)
        for cell, value in zip(grid.add_row().cells, values, strict=True):
            cell_paragraph(cell).add_run(plain(value))
    widths(grid, _SLIP_SHARES, Mm(253))
    keep_rows(grid)


def _table(document: WordDocument, claims: Sequence[Claim]) -> None:
    grid = document.add_table(rows=1, cols=len(_HEAD), style="Table Grid")
    for cell, name in zip(grid.rows[0].cells, _HEAD, strict=True):
        set_face(cell_paragraph(cell).add_run(name), FIRST_FACE, SMALL)
    for number, claim in enumerate(claims, 1):
        source = _source(claim.source) if claim.source else "—"
        values = (str(number), claim.kind, claim.text, claim.verdict, claim.advice, source)
        for cell, value in zip(grid.add_row().cells, values, strict=True):
            cell_paragraph(cell).add_run(plain(value))
    widths(grid, _SHARES, Mm(253))
    keep_rows(grid)


def _source(source: Citation) -> str:
    number = f"（{source.document_number}）" if source.document_number else ""
    return f"《{source.title}》{number}“{' '.join(source.quote.split())}”"


def conversation_report(
    answers: Sequence[Answer], settings: DraftSettings, *, title: str = "问答记录"
) -> bytes:
    """Questions and answers in order, each with what says who wrote it and its sources. As of
    drafts, the labels are left out where the office says so (`ai_label`)."""
    document = new_document(plain(title))
    by_model = [answer for answer in answers if answer.label == MODEL]
    if settings.ai_label:
        text = "\n".join(answer.text for answer in answers)
        identifier = hashlib.sha256(text.encode(errors="replace")).hexdigest()[:32]
        fields = aigc(["model"], producer_of(settings), identifier, text) if by_model else None
        line = MODEL[0] if by_model else EXTRACT[0]
        document.add_paragraph(f"（{line}）", style="表格文字")
        set_labels(document, line, fields)
    add_title(document, plain(title))
    blocks = Blocks(document)
    for number, answer in enumerate(answers, 1):
        document.add_paragraph(f"{number}. {answer.standalone_question}", style="Heading 1")
        if answer.label and settings.ai_label:
            document.add_paragraph(f"〔{answer.label[0]}〕", style="表格文字")
        blocks.write(answer.body)
        for citation in answer.citations:
            document.add_paragraph(f"[{citation.mark}] {_source(citation)}", style="表格文字")
    return _saved(document)


def _saved(document: WordDocument) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()
