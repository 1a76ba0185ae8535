"""定稿版: nothing that is only for the author, and what is still open is named."""

import io

from docx import Document
from docx_plus.notes import read_footnotes

from assistant.drafting.models import OwnNote
from assistant.export.final import finished, open_points
from assistant.export.word import Form, to_docx, to_markdown
from assistant.settings import DraftSettings
from tests.assistant.export.drafts import DRAFT, doubtful

NOTES = ("参考文件", "届满", "废止", "起草建议", "导出时合并", "说明：参照", "存疑", "原文摘录")


def words(form: Form, draft: object = DRAFT) -> str:
    document = Document(io.BytesIO(to_docx(draft, form, DraftSettings())))  # type: ignore[arg-type]
    cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
    return "\n".join([p.text for p in document.paragraphs] + cells)


def test_the_final_form_holds_no_working_notes() -> None:
    draft = DRAFT.with_section(doubtful(DRAFT.section("s2"), "数字与原文不同"))
    said = words("定稿版", draft)
    assert not [note for note in NOTES if note in said]
    assert "建设老年助餐点。" in said
    assert "新增床位[本地数据]。" in said
    review = words("送审版", draft)
    assert all(note in review for note in NOTES if note != "说明：参照")
    final = to_markdown(draft, "定稿版", DraftSettings())
    assert not [note for note in NOTES if note in final]


def test_what_an_author_wrote_in_brackets_stays() -> None:
    from dataclasses import replace

    from assistant.cite.markdown import parse

    body = parse("开展培训（参考文件见附件1）。\n（责任单位：市民政局）")
    draft = DRAFT.with_section(replace(DRAFT.section("s2"), body=body))
    assert (
        finished(draft).section("s2").text
        == "开展培训（参考文件见附件1）。\n（责任单位：市民政局）"
    )


def test_open_points_are_what_is_to_be_settled() -> None:
    draft = DRAFT.with_section(doubtful(DRAFT.section("s1"), "出处不支持这句话"))
    assert [(p.kind, p.section) for p in open_points(draft)] == [
        ("存疑", "s1"), ("未核对", "s2"), ("留空", "s2"), ("未写", "s4"),
    ]  # fmt: skip
    assert open_points(draft)[0].why == "出处不支持这句话"
    assert not open_points(DRAFT.with_section(DRAFT.section("s1")).__class__("d", "甲", DRAFT.request))  # fmt: skip


def test_a_footnote_bears_one_number_and_neighbours_are_kept_apart() -> None:
    document = Document(io.BytesIO(to_docx(DRAFT, "送审版", DraftSettings())))
    notes = [note.text for note in read_footnotes(document)]
    assert notes
    assert not [note for note in notes if "〔1〕" in note or note.strip()[0] in "〔[0123456789"]
    opening = next(p for p in document.paragraphs if p.text.startswith("根据"))
    assert (
        opening.text == "根据《青禾市助餐办法》，，制定本方案。"
    )  # the first one is between the numbers
    assert [run.text for run in opening.runs if run.font.superscript] == ["，"]


def test_own_material_is_named_as_such_in_footnote_and_list() -> None:
    from dataclasses import replace

    from assistant.cite.markdown import parse

    note = OwnNote("n1", "助餐点：35个")
    own = replace(note.citation(4, 7), mark=3)
    section = replace(DRAFT.section("s2"), body=parse("建成35个[3]助餐点。"))
    draft = replace(DRAFT.with_section(section), sources=(*DRAFT.sources, own), own=(note,))
    document = Document(io.BytesIO(to_docx(draft, "送审版", DraftSettings())))
    assert "本单位提供：35个" in [n.text.strip() for n in read_footnotes(document)]
    assert ["本单位提供", "—"] in [
        [c.text for c in row.cells][1:3] for row in document.tables[-1].rows
    ]
