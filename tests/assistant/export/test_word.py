"""The Word file, read back: page, type, headings, notes, page numbers, gaps."""

import io
import json
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx_plus.notes import read_footnotes
from lxml import etree

from assistant.cite.markdown import MARK, parse
from assistant.drafting.models import Draft
from assistant.export.labels import AI_LABEL, EXTRACT_LABEL
from assistant.export.layout import title_lines
from assistant.export.word import Form, renumbered, to_docx, to_markdown
from assistant.labelling import Origin
from assistant.settings import DraftSettings


def opened(content: bytes) -> WordDocument:
    return Document(io.BytesIO(content))


def text_of(document: WordDocument) -> str:
    cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
    return "\n".join([p.text for p in document.paragraphs] + cells)


def face(document: WordDocument, style: str) -> tuple[str, float]:
    fonts = document.styles[style].element.rPr.find(qn("w:rFonts"))
    return fonts.get(qn("w:eastAsia")), document.styles[style].font.size.pt  # type: ignore[attr-defined]


def custom_properties(document: WordDocument) -> dict[str, str]:
    names = {str(p.partname): p.blob for p in document.part.package.iter_parts()}
    if "/docProps/custom.xml" not in names:
        return {}
    root = etree.fromstring(names["/docProps/custom.xml"])
    return {entry.get("name"): entry[0].text for entry in root}


@pytest.fixture
def review(written: Draft) -> WordDocument:
    return opened(to_docx(written, "送审版", DraftSettings()))


def test_the_page_is_that_of_the_standard(review: WordDocument) -> None:
    section = review.sections[0]
    sides = (section.top_margin, section.left_margin, section.bottom_margin, section.right_margin)
    assert [round(side.mm) for side in sides if side is not None] == [37, 28, 35, 26]
    assert section.page_width is not None
    assert section.page_height is not None
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    grid = section._sectPr.find(qn("w:docGrid"))
    assert grid.get(qn("w:linePitch")) == "579"


def test_faces_and_sizes(review: WordDocument) -> None:
    assert face(review, "公文标题") == ("方正小标宋简体", 22)
    assert face(review, "公文正文") == ("仿宋_GB2312", 16)
    faces = [face(review, f"Heading {level}")[0] for level in (1, 2, 3, 4)]
    assert faces == ["黑体", "楷体_GB2312", "仿宋_GB2312", "仿宋_GB2312"]
    body = review.styles["公文正文"].element.pPr.find(qn("w:ind"))
    assert body.get(qn("w:firstLineChars")) == "200"
    spacing = review.styles["公文正文"].paragraph_format.line_spacing  # type: ignore[attr-defined]
    assert round(spacing.pt, 2) == 28.95


def test_substitutes_are_named_for_missing_faces(written: Draft) -> None:
    content = to_docx(written, "送审版", DraftSettings())
    table = zipfile.ZipFile(io.BytesIO(content)).read("word/fontTable.xml").decode()
    assert 'w:name="仿宋_GB2312"' in table
    assert "FangSong" in table


def test_page_numbers_differ_on_odd_and_even_pages(review: WordDocument) -> None:
    assert review.settings.odd_and_even_pages_header_footer
    section = review.sections[0]
    for footer in (section.footer, section.even_page_footer):
        xml = footer.paragraphs[0]._p.xml
        assert "PAGE" in xml
        assert footer.paragraphs[0].text.startswith("— ")
    assert (
        section.footer.paragraphs[0].alignment != section.even_page_footer.paragraphs[0].alignment
    )


def test_each_mark_is_a_footnote_that_names_its_source(
    review: WordDocument, written: Draft
) -> None:
    notes = read_footnotes(review)
    uses = sum(len(MARK.findall(s.text)) for s in renumbered(written).sections)
    assert len(notes) == uses > 0
    titles = {source.title for source in written.sources}
    assert all(any(title in note.text for title in titles) for note in notes)


def test_the_list_of_sources_holds_every_quote(review: WordDocument, written: Draft) -> None:
    rows = [[c.text for c in row.cells] for row in review.tables[-1].rows]
    assert rows[0] == ["序号", "标题", "文号", "发文机关", "日期", "位置", "原文", "时效"]
    quotes = {"".join(row[6].split()) for row in rows[1:]}
    assert quotes == {"".join(s.quote.split()) for s in renumbered(written).sources}


def test_the_final_form_has_no_marks_and_keeps_the_gaps_yellow(written: Draft) -> None:
    document = opened(to_docx(written, "定稿版", DraftSettings()))
    assert not MARK.search(text_of(document))
    assert "依据清单" not in text_of(document)
    gaps = [
        run.text for p in document.paragraphs for run in p.runs
        if run.font.highlight_color == WD_COLOR_INDEX.YELLOW
    ]  # fmt: skip
    assert gaps
    assert all(gap.startswith("[") for gap in gaps)


def test_marks_as_numbers_and_the_label_are_settings(written: Draft) -> None:
    settings = DraftSettings(marks="number", ai_label=False, citation_style="2015")
    document = opened(to_docx(written, "送审版", settings))
    raised = [r.text for p in document.paragraphs for r in p.runs if r.font.superscript]
    assert raised[0] == "[1]"
    assert EXTRACT_LABEL not in text_of(document)
    assert "原文摘录" not in text_of(document)
    labelled = opened(to_docx(written, "送审版", DraftSettings()))
    assert labelled.paragraphs[0].text == f"（{EXTRACT_LABEL}）"
    assert "〔原文摘录〕" in text_of(labelled)
    assert labelled.core_properties.category == "原文摘录"
    assert custom_properties(labelled) == {}


def test_markdown_has_the_marks_and_the_list(written: Draft) -> None:
    text = to_markdown(written, "送审版", DraftSettings())
    assert text.startswith(f"# {written.title}")
    assert "[^1]" in text
    assert "## 依据清单" in text
    assert "[^1]" not in to_markdown(written, "定稿版", DraftSettings())


def test_hostile_characters_do_not_break_the_file(written: Draft) -> None:
    from dataclasses import replace

    body = parse("坏\x00字\x0b符<w:p/>&amp;[1]")
    section = replace(written.sections[0], body=body, heading="头\x01")
    content = to_docx(written.with_section(section), "送审版", DraftSettings())
    assert "<w:p/>&amp;" in text_of(opened(content))


@pytest.mark.parametrize(
    "title", ["关于开展农村实用人才培训工作的通知", "××县" + "全民科学素质行动规划" * 4]
)
def test_titles_break_between_words(title: str) -> None:
    lines = title_lines(title)
    assert "".join(lines) == title
    assert all(len(line) <= 24 for line in lines)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="没有 LibreOffice，跳过")
def test_libreoffice_opens_it(written: Draft, tmp_path: Path) -> None:
    file = tmp_path / "稿.docx"
    file.write_bytes(to_docx(written, "送审版", DraftSettings()))
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile",
               "--convert-to", "pdf", "--outdir", str(tmp_path), str(file)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    import pypdfium2

    pdf = pypdfium2.PdfDocument(tmp_path / "稿.pdf")
    text = "".join(page.get_textpage().get_text_range() for page in pdf)
    assert written.title[:10] in text.replace("\r\n", "")
    assert "依据清单" in text
    assert round(pdf[0].get_size()[0]) == round(Mm(210).pt)
    assert Pt(16).pt == 16


def by(draft: Draft, *origins: Origin) -> Draft:
    """The draft with its written sections by these, in turn."""
    given = (replace(s, origin=origins[n % len(origins)]) for n, s in enumerate(draft.sections))
    return replace(draft, sections=tuple(given))


SETTINGS = DraftSettings(aigc_producer="某县科协<&>", aigc_propagator="某县政务网")


@pytest.mark.parametrize("form", ["送审版", "定稿版"])
def test_what_a_model_wrote_says_so_at_the_head_and_in_its_properties(
    written: Draft, form: Form
) -> None:
    content = to_docx(by(written, "extract", "model edited"), form, SETTINGS)
    document = opened(content)
    assert document.paragraphs[0].text.startswith("（模型辅助生成，须人工审核；模型写的部分：")
    assert ("〔模型辅助，经人修改〕" in text_of(document)) == (form == "送审版")
    fields = json.loads(custom_properties(document)["AIGC"])
    assert list(fields) == [
        "Label", "ContentProducer", "ProduceID", "ReservedCode1", "ContentPropagator",
        "PropagateID", "ReservedCode2",
    ]  # fmt: skip
    assert (fields["Label"], fields["ContentProducer"]) == ("1", "某县科协<&>")
    assert fields["ProduceID"] == fields["PropagateID"] == f"{written.id}-{written.version}"
    again = opened(to_docx(by(written, "extract", "model"), form, SETTINGS))
    assert json.loads(custom_properties(again)["AIGC"])["ReservedCode1"] == fields["ReservedCode1"]
    saved = io.BytesIO()
    document.save(saved)  # whoever opens and saves it keeps the property
    assert custom_properties(opened(saved.getvalue())) == custom_properties(document)


def test_a_draft_that_a_person_wrote_carries_no_label(written: Draft) -> None:
    document = opened(to_docx(by(written, "person"), "送审版", SETTINGS))
    assert document.paragraphs[0].text != f"（{AI_LABEL}）"
    assert document.core_properties.category == ""
    assert custom_properties(document) == {}
    older = opened(to_docx(by(written, ""), "送审版", SETTINGS))
    assert older.paragraphs[0].text == f"（{AI_LABEL}）"
    assert json.loads(custom_properties(older)["AIGC"])["Label"] == "2"


def test_markdown_bears_the_fields_as_front_matter(written: Draft) -> None:
    text = to_markdown(by(written, "model"), "送审版", SETTINGS)
    head, _, body = text.removeprefix("---\n").partition("\n---\n")
    assert json.loads(head.removeprefix("AIGC: "))["Label"] == "1"
    assert f"# {written.title}\n\n> 模型辅助生成，须人工审核\n" in body
    assert not to_markdown(by(written, "model"), "送审版", DraftSettings(ai_label=False)).startswith("---")  # fmt: skip


@pytest.mark.skipif(shutil.which("soffice") is None, reason="没有 LibreOffice，跳过")
def test_libreoffice_reads_the_fields(written: Draft, tmp_path: Path) -> None:
    file = tmp_path / "稿.docx"
    file.write_bytes(to_docx(by(written, "model"), "定稿版", SETTINGS))
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile",
               "--convert-to", "odt", "--outdir", str(tmp_path), str(file)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    meta = etree.fromstring(zipfile.ZipFile(tmp_path / "稿.odt").read("meta.xml"))
    (kept,) = meta.xpath("//*[local-name()='user-defined'][@*[local-name()='name']='AIGC']")
    assert json.loads(kept.text)["ContentProducer"] == "某县科协<&>"
