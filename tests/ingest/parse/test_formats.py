"""Each format with a file that a real program made."""

import csv
import email.message
import io
import random
import shutil
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pytest
from docx import Document

from ingest.parse import parse_bytes
from ingest.parse.document import ParsedDocument
from ingest.prepare import Recipe, prepare_file
from tests.conftest import count_characters, squeezed
from vectorstore.errors import FileRejected

TITLE = "某某市人民政府关于加强水库管理的通知"
PARAGRAPHS = [
    "各县（区）人民政府，市直各部门：",
    "为保障水库安全运行，根据《中华人民共和国水法》，结合我市实际，现就有关事项通知如下，请认真贯彻执行。",
    "一、落实责任",
    "每座水库明确1名行政责任人，责任人名单于每年3月31日前向社会公布。",
    "二、加强巡查",
    "汛期每日巡查不少于2次，发现险情立即报告，并在24小时内形成书面材料。",
    "某某市人民政府",
    "2024年4月2日",
]
ROWS = [
    ("任务", "牵头单位", "完成时限"),
    ("大坝安全鉴定", "市水务局", "2024年10月"),
    ("视频监控改造", "市应急局", "2025年6月"),
]


def only(name: str, content: bytes) -> ParsedDocument:
    (part,) = parse_bytes(name, content)
    return part.document


def recipe() -> Recipe:
    return Recipe(count_characters, 320, 100 * 2**20)


def word_file() -> bytes:
    document = Document()
    document.add_paragraph(TITLE)
    for text in PARAGRAPHS:
        if text[1] == "、":
            document.add_heading(text, 1)
        else:
            document.add_paragraph(text)
    table = document.add_table(rows=0, cols=3)
    table.style = "Table Grid"
    for row in ROWS:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.add_paragraph("（此件公开发布）")  # Word never lets a file end with a table
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def check_rows(document: ParsedDocument) -> None:
    (table,) = document.tables
    cells = [[document.text[a:b] for a, b in row.cells] for row in table.rows]
    assert cells == [list(row) for row in ROWS]
    assert table.headers == ROWS[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_text_in_any_usual_encoding(encoding: str) -> None:
    text = TITLE + "\n" + "\n".join(PARAGRAPHS)
    assert only("a.txt", text.encode(encoding)).text == text


def test_text_declared_as_gb2312_may_hold_more() -> None:
    page = "<html><head><meta charset=gb2312></head><body><p>①喆镕𠮷的通知，各单位要认真贯彻执行，确保落实。</p></body></html>"
    assert "①喆镕𠮷" in only("a.html", page.encode("gb18030")).text


def test_word() -> None:
    document = only("a.docx", word_file())
    assert document.text.startswith(TITLE)
    assert document.text.index("一、落实责任") in document.heading_lines
    check_rows(document)


def test_word_writes_automatic_numbers_out() -> None:
    document = Document()
    document.add_paragraph("某某市工作要点")
    for text in ("健全制度", "加强检查"):
        document.add_paragraph(text, style="List Number")
    buffer = io.BytesIO()
    document.save(buffer)
    assert "1.健全制度\n2.加强检查" in only("a.docx", buffer.getvalue()).text


def pdf_file(paragraphs: list[str], pages: int = 1) -> bytes:
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    style = ParagraphStyle(
        "body", fontName="STSong-Light", fontSize=14, leading=24, wordWrap="CJK", firstLineIndent=28
    )
    table = Table(
        ROWS,
        style=[
            ("GRID", (0, 0), (-1, -1), 1, "black"),
            ("FONTNAME", (0, 0), (-1, -1), "STSong-Light"),
        ],
    )

    def number(canvas, document) -> None:  # type: ignore[no-untyped-def]
        canvas.setFont("STSong-Light", 10)
        canvas.drawCentredString(A4[0] / 2, 30, f"— {document.page} —")
        canvas.drawString(60, A4[1] - 30, "某某市人民政府公报")

    buffer = io.BytesIO()
    story = [Paragraph(text, style) for _ in range(pages) for text in paragraphs]
    SimpleDocTemplate(buffer, pagesize=A4).build(
        [*story, table], onFirstPage=number, onLaterPages=number
    )
    return buffer.getvalue()


def test_pdf_with_text_layer() -> None:
    document = only("a.pdf", pdf_file([TITLE, *PARAGRAPHS] * 6))
    assert len(document.page_starts) >= 3
    lines = document.text.split("\n")
    assert lines.count(PARAGRAPHS[1]) == 6  # broken lines and pages are joined
    assert "公报" not in document.text  # the running head
    assert "— 2 —" not in document.text
    check_rows(document)


def test_pdf_passages_know_their_page(tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(pdf_file([TITLE, *PARAGRAPHS] * 6))
    (prepared,) = prepare_file(file, recipe()).documents
    pages = [p.page for p in prepared.passages]
    assert pages[0] == 1
    assert pages == sorted(pages)
    assert max(pages) == len(prepared.document.page_starts)


def test_web_page() -> None:
    rows = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in ROWS)
    body = "".join(f"<p>　　{text}</p>" for text in PARAGRAPHS)
    page = f"""<!doctype html><html><head><title>x</title><meta name="ArticleTitle" content="{TITLE}"></head><body>
    <div class="nav"><a href="/">首页</a><a href="/zw">政务</a></div><h1>{TITLE}</h1>
    <div id="zoom">{body}<table>{rows}</table></div><script>alert("坏")</script>
    <div style="display:none">隐藏的文字，不应出现在正文里。</div><div class="foot">网站标识码：1</div></body></html>"""
    document = only("a.html", page.encode())
    assert document.text.split("\n")[0] == TITLE
    assert PARAGRAPHS[1] in document.text
    assert "alert" not in document.text
    assert "隐藏" not in document.text
    check_rows(document)


def test_web_table_repeats_what_was_merged() -> None:
    page = ("<table><tr><th>类别</th><th>任务</th></tr><tr><td rowspan=2>行动</td><td>甲，抓好落实。</td></tr>"
            "<tr><td>乙，抓好落实。</td></tr></table>")  # fmt: skip
    (table,) = only("a.html", page.encode()).tables
    assert [len(row.cells) for row in table.rows] == [2, 2, 2]


def test_spreadsheet() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["重点任务清单"])
    for row in ROWS:
        sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    document = only("a.xlsx", buffer.getvalue())
    assert document.text.startswith("重点任务清单")
    check_rows(document)


@pytest.mark.parametrize(
    ("separator", "encoding"), [(",", "utf-8"), ("\t", "gb18030"), (";", "utf-8-sig")]
)
def test_csv(separator: str, encoding: str) -> None:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=separator).writerows(ROWS)
    check_rows(only("a.csv", buffer.getvalue().encode(encoding)))


def test_mail_with_attachment() -> None:
    message = email.message.EmailMessage()
    message["Subject"] = "转发水库管理通知"
    message.set_content("请各科室认真学习，抓好落实，并于月底前反馈意见。")
    message.add_attachment(
        word_file(), maintype="application", subtype="octet-stream", filename="水库通知.docx"
    )
    parts = list(parse_bytes("a.eml", message.as_bytes()))
    assert [part.name for part in parts] == ["转发水库管理通知.txt", "水库通知.docx"]
    assert "抓好落实" in parts[0].document.text
    check_rows(parts[1].document)


def test_zip_of_documents_with_chinese_names() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("通知/水库.docx", word_file())
        archive.writestr("说明.txt", "\n".join(PARAGRAPHS))
        archive.writestr("程序.exe", b"MZ")
    parts = list(parse_bytes("a.zip", buffer.getvalue()))
    assert [part.name for part in parts] == ["通知/水库.docx", "说明.txt"]


def test_container_members_become_documents(tmp_path: Path) -> None:
    file = tmp_path / "打包.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", TITLE + "\n" + "\n".join(PARAGRAPHS))
        archive.writestr("b.docx", word_file())
    prepared = prepare_file(file, recipe())
    assert [d.document.source_paths[0] for d in prepared.documents] == [
        f"{file}!a.txt",
        f"{file}!b.docx",
    ]


def ofd_file() -> bytes:
    """A fixed-layout document as GB/T 33190 lays it out: root, document, one content per page."""
    space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    lines = [TITLE, *PARAGRAPHS]
    wide = [line[i : i + 30] for line in lines for i in range(0, len(line), 30)]
    objects = "".join(
        f'<ofd:TextObject ID="{i}" Boundary="20 {20 + 8 * i} {5 * len(t)} 6" Font="1" Size="5">'
        f'<ofd:TextCode X="0" Y="5">{t}</ofd:TextCode></ofd:TextObject>'
        for i, t in enumerate(wide)
    )
    files = {
        "OFD.xml": f'<?xml version="1.0" encoding="UTF-8"?><ofd:OFD {space}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>',
        "Doc_0/Document.xml": f'<ofd:Document {space}><ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages></ofd:Document>',
        "Doc_0/Pages/Page_0/Content.xml": f'<ofd:Page {space}><ofd:Content><ofd:Layer ID="2">{objects}</ofd:Layer></ofd:Content></ofd:Page>',
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def test_ofd() -> None:
    document = only("a.ofd", ofd_file())
    assert document.page_starts == (0,)
    assert squeezed(document.text) == squeezed("".join([TITLE, *PARAGRAPHS]))


@pytest.mark.office
@pytest.mark.parametrize("suffix", ["doc", "rtf", "wps"])
def test_old_office_formats(suffix: str, tmp_path: Path) -> None:
    if not shutil.which("soffice"):
        pytest.skip("没有 LibreOffice，跳过")
    source = tmp_path / "a.docx"
    source.write_bytes(word_file())
    target = "doc" if suffix == "wps" else suffix  # WPS writes Word's own binary format
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--convert-to", target,
         "--outdir", str(tmp_path), str(source)], check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    document = only(f"a.{suffix}", (tmp_path / f"a.{target}").read_bytes())
    assert document.format == suffix
    assert all(text in document.text for text in PARAGRAPHS)
    check_rows(document)


def test_without_libreoffice_the_file_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(FileRejected, match="apt-get install -y libreoffice-writer-nogui"):
        only("a.rtf", rb"{\rtf1 x}")


def cjk_font() -> str:
    found = subprocess.run(
        ["fc-match", "-f", "%{file}", "Noto Sans CJK SC"],
        capture_output=True,
        text=True,
        check=False,
    )
    if "cjk" not in found.stdout.lower():
        pytest.skip("没有中文字体，跳过")
    return found.stdout


def printed_page() -> "tuple[object, str]":
    """A page of text as a printer would put it on A4 at 300 dpi."""
    from PIL import Image, ImageDraw, ImageFont

    font = ImageFont.truetype(cjk_font(), 66)
    page = Image.new("RGB", (2480, 3508), "white")
    pen = ImageDraw.Draw(page)
    text = [TITLE, *PARAGRAPHS]
    lines = [t[i : i + 30] for t in text for i in range(0, len(t), 30)]
    for row, line in enumerate(lines):
        pen.text((240, 260 + row * 130), line, font=font, fill="black")
    return page, "".join(text)


def errors(a: str, b: str) -> int:
    """Levenshtein distance."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]


@pytest.mark.ocr
@pytest.mark.parametrize("kind", ["png", "pdf"])
def test_scans_are_read_with_few_errors(kind: str) -> None:
    page, text = printed_page()
    buffer = io.BytesIO()
    page.save(buffer, kind.upper(), resolution=300)  # type: ignore[attr-defined]
    document = only(f"a.{kind}", buffer.getvalue())
    wanted = squeezed(text)
    assert errors(squeezed(document.text), wanted) / len(wanted) < 0.02
    assert document.page_starts == (0,)


def test_a_broken_sheet_is_refused_in_words() -> None:
    """Bytes changed at random places: read, or refused with a sentence, never another error."""
    book = openpyxl.Workbook()
    for row in (["指标", "目标"], ["覆盖率", "95%"]):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    whole, source = stream.getvalue(), random.Random(5)
    refused = 0
    for _ in range(150):
        mutant = bytearray(whole)
        for _ in range(source.randint(1, 12)):
            mutant[source.randrange(len(mutant))] = source.randrange(256)
        try:
            list(parse_bytes("表.xlsx", bytes(mutant)))
        except FileRejected:
            refused += 1
    assert refused > 20
