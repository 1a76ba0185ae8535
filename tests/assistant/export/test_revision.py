"""The table of changes, read back from the Word file."""

import io
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn

from assistant.export.revision import revision_table
from assistant.revision.alignment import Comparison, compare
from tests.assistant.revision.documents import NEW, OLD, document


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    old = document("旧", OLD, title="青溪市河道管理办法", document_number="青溪政规〔2021〕3号")
    new = document("新", NEW, title="青溪市河道管理办法", date_written=date(2025, 12, 1))
    return compare(*old, *new)


def test_the_page_lies_and_the_head_is_repeated(comparison: Comparison) -> None:
    opened = Document(io.BytesIO(revision_table(comparison, every_row=False)))
    section = opened.sections[0]
    assert len(opened.sections) == 1
    assert section.orientation == WD_ORIENT.LANDSCAPE
    table = opened.tables[-1]
    assert [cell.text for cell in table.rows[0].cells] == ["原条款", "新条款", "说明"]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None


def test_both_documents_are_named_with_number_and_date(comparison: Comparison) -> None:
    opened = Document(io.BytesIO(revision_table(comparison, every_row=False)))
    about = {row.cells[0].text: [c.text for c in row.cells[1:]] for row in opened.tables[0].rows}
    assert about["标题"] == ["青溪市河道管理办法"] * 2
    assert about["发文字号"] == ["青溪政规〔2021〕3号", "未载明"]
    assert about["日期"] == ["未载明", "2025-12-01"]
    assert "发文机关" not in about  # neither states it
    said = "\n".join(paragraph.text for paragraph in opened.paragraphs)
    assert "修改 4" in said
    assert "拆分 1" in said


def test_deletions_are_struck_through_and_insertions_underlined(comparison: Comparison) -> None:
    opened = Document(io.BytesIO(revision_table(comparison, every_row=False)))
    runs = [r for row in opened.tables[-1].rows for c in row.cells for r in c.paragraphs[0].runs]
    assert "2000元" in [run.text for run in runs if run.font.strike]
    assert "5000元" in [run.text for run in runs if run.font.underline]
    notes = [row.cells[2].text for row in opened.tables[-1].rows]
    assert "内容未变，条号由第六条改为第七条" in notes
    assert "未变" not in notes


def test_figures_stand_in_a_table_of_their_own(comparison: Comparison) -> None:
    opened = Document(io.BytesIO(revision_table(comparison, every_row=False)))
    rows = [[cell.text for cell in row.cells] for row in opened.tables[1].rows]
    assert rows[0] == ["条款", "原为", "改为"]
    assert ["第四条（原第三条）", "2000元", "5000元"] in rows


def test_what_stayed_is_listed_on_request(comparison: Comparison) -> None:
    opened = Document(io.BytesIO(revision_table(comparison, every_row=True)))
    assert len(opened.tables[-1].rows) == len(comparison.rows) + 1


def test_hostile_characters_and_nothing_changed() -> None:
    same = (
        document("甲", "坏\x00字\x0b符<w:p/>&amp;\n"),
        document("乙", "坏\x00字\x0b符<w:p/>&amp;\n"),
    )
    opened = Document(io.BytesIO(revision_table(compare(*same[0], *same[1]), every_row=False)))
    assert "没有变化" in "".join(paragraph.text for paragraph in opened.paragraphs)
    opened = Document(io.BytesIO(revision_table(compare(*same[0], *same[1]), every_row=True)))
    assert "<w:p/>&amp;" in opened.tables[-1].rows[1].cells[0].text


@pytest.mark.office
@pytest.mark.skipif(shutil.which("soffice") is None, reason="没有 LibreOffice，跳过")
def test_libreoffice_opens_it(comparison: Comparison, tmp_path: Path) -> None:
    file = tmp_path / "表.docx"
    file.write_bytes(revision_table(comparison, every_row=True))
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile",
               "--convert-to", "pdf", "--outdir", str(tmp_path), str(file)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    import pypdfium2

    pdf = pypdfium2.PdfDocument(tmp_path / "表.pdf")
    width, height = pdf[0].get_size()
    assert width > height
    assert "修订对照表" in pdf[0].get_textpage().get_text_range()
