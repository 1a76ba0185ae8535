"""The office's own templates: what they give is kept, bad ones are refused in words."""

import io
import zipfile
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.shared import Mm, Pt

from assistant.export.samples import sample_template
from assistant.export.template import BadTemplate
from assistant.export.word import to_docx
from assistant.settings import DraftSettings
from tests.assistant.export.drafts import DRAFT


def saved(document: WordDocument, path: Path) -> Path:
    document.save(str(path))
    return path


def exported(path: Path, *, red_head: bool = False) -> WordDocument:
    given = {"red_head_template" if red_head else "template": path}
    settings = DraftSettings(**given)  # type: ignore[arg-type]
    return Document(io.BytesIO(to_docx(DRAFT, "定稿版", settings, red_head=red_head)))


def lines(document: WordDocument) -> list[str]:
    return [p.text for p in document.paragraphs if p.text.strip()]


def test_a_template_gives_page_styles_and_what_stands_on_it(tmp_path: Path) -> None:
    template = Document()
    template.sections[0].left_margin = Mm(40)
    style = template.styles.add_style("公文正文", 1)
    style.font.size = Pt(15)
    template.sections[0].header.paragraphs[0].text = "松湖县民政局"
    template.add_paragraph("前言")
    place = template.add_paragraph()
    for piece in ("{{正", "文", "}}"):  # as Word cuts what is typed
        place.add_run(piece)
    template.add_paragraph("联系人：{{发文机关}}")
    document = exported(saved(template, tmp_path / "本单位.docx"))
    assert document.sections[0].left_margin == pytest.approx(Mm(40), abs=Mm(0.1))
    assert document.styles["公文正文"].font.size == Pt(15)  # type: ignore[attr-defined]
    assert document.sections[0].header.paragraphs[0].text == "松湖县民政局"
    said = lines(document)
    assert (said[0], said[1]) == ("前言", DRAFT.title)
    assert said[-1] == "联系人：松湖县民政局"
    assert "一、重点任务" in said


def test_without_a_place_the_text_comes_behind_what_is_there(tmp_path: Path) -> None:
    template = Document()
    template.add_paragraph("某某单位")
    template.add_paragraph()
    said = [p.text for p in exported(saved(template, tmp_path / "t.docx")).paragraphs]
    assert said[:2] == ["某某单位", DRAFT.title]


@pytest.mark.parametrize("red_head", [False, True])
def test_the_built_in_forms_are_templates_themselves(tmp_path: Path, red_head: bool) -> None:
    path = tmp_path / "样.docx"
    path.write_bytes(sample_template(red_head=red_head))
    document = exported(path, red_head=red_head)
    said = lines(document)
    assert DRAFT.title in said
    assert not [line for line in said if "{{" in line]
    assert ("松湖县民政局文件" in said) == red_head
    cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
    assert ("抄送：[抄送机关]。" in cells) == red_head


def test_the_built_in_red_head(tmp_path: Path) -> None:
    document = Document(io.BytesIO(to_docx(DRAFT, "定稿版", DraftSettings(), red_head=True)))
    head = document.paragraphs[0]
    assert head.text == "松湖县民政局文件"
    assert str(head.runs[0].font.color.rgb) == "FF0000"
    assert 'w:color="FF0000"' in document.paragraphs[1]._p.xml
    plain = Document(io.BytesIO(to_docx(DRAFT, "定稿版", DraftSettings())))
    assert "松湖县民政局文件" not in lines(plain)


def test_a_dotx_is_taken(tmp_path: Path) -> None:
    content = sample_template()
    path = tmp_path / "样.dotx"
    with zipfile.ZipFile(io.BytesIO(content)) as a, zipfile.ZipFile(path, "w") as b:
        for name in a.namelist():
            part = a.read(name)
            if name == "[Content_Types].xml":
                part = part.replace(b"document.main+xml", b"template.main+xml")
            b.writestr(name, part)
    assert DRAFT.title in lines(exported(path))


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    copy = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as a, zipfile.ZipFile(copy, "w") as b:
        for member in a.namelist():
            if member != name:
                b.writestr(member, a.read(member))
        b.writestr(name, part)
    return copy.getvalue()


LINKED = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="r1" TargetMode="External" Target="http://example.com/x.dotm" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"/>'
    b"</Relationships>"
)


def unknown_place() -> bytes:
    document, stream = Document(), io.BytesIO()
    document.add_paragraph("{{签发人}}")
    document.save(stream)
    return stream.getvalue()


def place_in_a_table() -> bytes:
    document, stream = Document(), io.BytesIO()
    document.add_table(1, 1).cell(0, 0).text = "{{正文}}"
    document.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "空的"),
        (b"not a zip", "已损坏"),
        (with_part(sample_template(), "word/vbaProject.bin", b"x"), "宏"),
        (with_part(sample_template(), "word/_rels/settings.xml.rels", LINKED), "外部"),
        (unknown_place(), "{{签发人}}"),
        (place_in_a_table(), "独占一段"),
    ],
)
def test_a_bad_template_is_refused_in_words(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "坏.docx"
    path.write_bytes(content)
    with pytest.raises(BadTemplate, match="不能用") as caught:
        exported(path)
    assert why in str(caught.value)
    assert "POLICY_DRAFT_TEMPLATE" in str(caught.value)


def test_a_template_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadTemplate, match="读不出来"):
        exported(tmp_path / "没有.docx")
