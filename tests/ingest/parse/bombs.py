"""Files that are small and cost much: each is built from nothing, as an attacker would."""

import io
import random
import zipfile
from collections.abc import Callable, Mapping

from tests.ingest.parse.test_formats import PARAGRAPHS, TITLE, word_file

GOOD = TITLE + "\n" + "\n".join(PARAGRAPHS)
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def zipped(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method, compresslevel=1) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def word_with(body: str | bytes) -> bytes:
    """A real Word file whose document.xml is replaced by `body` (or holds it)."""
    if isinstance(body, str):
        body = f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'.encode()
    with zipfile.ZipFile(io.BytesIO(word_file())) as source:
        files = {name: source.read(name) for name in source.namelist()}
    return zipped({**files, "word/document.xml": body})


def _cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"


def _rows(rows: list[str]) -> str:
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"


def word_grid_span() -> bytes:
    cell = _cell("水库", '<w:gridSpan w:val="1000000000"/>')
    return word_with(_rows([cell, cell]) + "<w:p><w:r><w:t>正文。</w:t></w:r></w:p>")


def word_merged_down() -> bytes:
    """One long text, merged over 60 columns and 4,000 rows: 1.2 billion characters."""
    wide = '<w:gridSpan w:val="60"/>'
    first = _cell("水" * 5000, wide + '<w:vMerge w:val="restart"/>')
    return word_with(_rows([first] + [_cell("", wide + "<w:vMerge/>")] * 4000))


def word_nested_tables() -> bytes:
    open_, close = "<w:tbl><w:tr><w:tc>", "<w:p/></w:tc></w:tr></w:tbl>"
    return word_with(open_ * 80 + "<w:p><w:r><w:t>深处。</w:t></w:r></w:p>" + close * 80)


def word_of_many_blanks() -> bytes:
    """390 MB of XML, packed just below the ratio that is refused at once."""
    start = f'<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>'.encode()
    body = start + b" " * (390 * 2**20) + b"</w:t></w:r></w:p></w:body></w:document>"
    buffer = io.BytesIO(word_with(body))
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("word/media/pad.bin", random.Random(1).randbytes(2 * 2**20))
    return buffer.getvalue()


def word_of_a_gigabyte(megabytes: int = 410) -> bytes:
    """More than is unpacked at all; the tests make do with less than a gigabyte."""
    buffer = io.BytesIO(word_with(""))
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        with archive.open("word/styles2.xml", "w", force_zip64=True) as stream:
            for _ in range(megabytes):
                stream.write(b" " * 2**20)
        archive.writestr(
            "word/media/pad.bin", random.Random(1).randbytes(megabytes * 5300), zipfile.ZIP_STORED
        )
    return buffer.getvalue()


def word_laughs(encoding: str = "utf-8") -> bytes:
    steps = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    body = f'<!DOCTYPE x [<!ENTITY l0 "lol">{steps}]><x a="&l9;">&l9;</x>'
    return word_with(f'<?xml version="1.0" encoding="{encoding}"?>{body}'.encode(encoding))


def pdf_giant_page() -> bytes:
    from PIL import Image
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(14400, 14400))
    canvas.drawImage(ImageReader(Image.new("L", (64, 64), 200)), 0, 0, 14400, 14400)
    canvas.save()
    return buffer.getvalue()


def ofd_of(pages: list[str], content: str) -> bytes:
    space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    listed = "".join(f'<ofd:Page BaseLoc="{page}"/>' for page in pages)
    return zipped(
        {
            "OFD.xml": f"<ofd:OFD {space}><ofd:DocRoot>Doc.xml</ofd:DocRoot></ofd:OFD>".encode(),
            "Doc.xml": f"<ofd:Document {space}><ofd:Pages>{listed}</ofd:Pages></ofd:Document>".encode(),
            "P.xml": f"<ofd:Page {space}>{content}</ofd:Page>".encode(),
        }
    )


def ofd_one_page_many_times() -> bytes:
    lines = "".join(
        f'<ofd:TextObject Boundary="20 {i} 150 6" Size="5"><ofd:TextCode X="0" Y="5">第{i}行，抓好落实。</ofd:TextCode></ofd:TextObject>'
        for i in range(2000)
    )
    return ofd_of(["P.xml"] * 2000, lines)


def html_nested() -> bytes:
    return ("<html><body>" + "<div>" * 100_000 + f"<p>{PARAGRAPHS[1]}</p>").encode()


def html_spans() -> bytes:
    cell = '<td colspan="50" rowspan="50">落实责任，加强巡查。</td>'
    return ("<table>" + ("<tr>" + cell * 60 + "</tr>") * 3000 + "</table>").encode()


def html_nested_tables() -> bytes:
    return ("<table><tr><td>甲，<td>乙，" * 5000 + PARAGRAPHS[1]).encode()


def zip_of_text() -> bytes:
    block = "".join(random.Random(1).choices("关于加强水库管理的通知，。\n", k=20_000))
    return zipped({"大.txt": (block * 1000).encode()[: 60 * 2**20]}, zipfile.ZIP_STORED)


def zip_of_zips() -> bytes:
    texts = zipped({f"{i}.txt": f"{GOOD}{i}".encode() for i in range(100)})
    packs = zipped({f"{i}.zip": texts for i in range(10)})
    return zipped({f"{i}.zip": packs for i in range(10)})


def zip_in_zip(depth: int = 5) -> bytes:
    inner = zipped({"a.txt": GOOD.encode()})
    for _ in range(depth):
        inner = zipped({"x.zip": inner})
    return inner


def sheet_of_all_cells() -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    book.active["A1"], book.active["B1"] = "任务", "单位"
    buffer = io.BytesIO()
    book.save(buffer)
    with zipfile.ZipFile(buffer) as source:
        files = {name: source.read(name) for name in source.namelist()}
    rows = '<row r="1"><c r="A1" t="str"><v>任务</v></c><c r="B1" t="str"><v>单位</v></c></row>'
    rows += '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row><row r="999999999999"><c r="A999999999999"><v>1</v></c></row>'
    files["xl/worksheets/sheet1.xml"] = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f'<dimension ref="A1:XFD1048576"/><sheetData>{rows}</sheetData></worksheet>'
    ).encode()
    return zipped(files)


def giant_picture() -> bytes:
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None
    buffer = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(buffer, "PNG")
    return buffer.getvalue()


def csv_one_line() -> bytes:
    return "水库，".encode() * (99 * 2**20 // 9)


def mail_of_many_parts() -> bytes:
    part = "--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=a{}.txt\r\n\r\n{}\r\n"
    parts = "".join(part.format(i, "抓好落实。") for i in range(10_000))
    head = "Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    return (head + parts + "--b--\r\n").encode()


def mail_nested() -> bytes:
    level = "Content-Type: multipart/mixed; boundary=b{0}\r\n\r\n--b{0}\r\n"
    return (
        "Subject: x\r\nMIME-Version: 1.0\r\n" + "".join(level.format(i) for i in range(3000))
    ).encode()


def ofd_external_entity() -> bytes:
    steal = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><OFD>&f;</OFD>'
    return zipped({"OFD.xml": f'<?xml version="1.0" encoding="utf-16"?>{steal}'.encode("utf-16")})


def line_of(word: str, times: int) -> bytes:
    return (f"{GOOD}\n" + word * times + "\n").encode()


BOMBS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "furniture-26": ("a.txt", lambda: line_of("关闭 " * 26 + "水", 1)),
    "furniture-2000": ("a.txt", lambda: line_of("关闭 ", 2000)),
    "one-line-text": ("a.txt", lambda: line_of("水", 4_000_000)),
    "csv-one-line": ("a.csv", csv_one_line),
    "word-grid-span": ("a.docx", word_grid_span),
    "word-merged-down": ("a.docx", word_merged_down),
    "word-nested-tables": ("a.docx", word_nested_tables),
    "word-390-mb": ("a.docx", word_of_many_blanks),
    "word-more-than-unpacked": ("a.docx", word_of_a_gigabyte),
    "word-laughs": ("a.docx", word_laughs),
    "word-laughs-utf16": ("a.docx", lambda: word_laughs("utf-16")),
    "pdf-giant-page": ("a.pdf", pdf_giant_page),
    "ofd-2000-pages": ("a.ofd", ofd_one_page_many_times),
    "ofd-entity": ("a.ofd", ofd_external_entity),
    "html-nested": ("a.html", html_nested),
    "html-spans": ("a.html", html_spans),
    "html-nested-tables": ("a.html", html_nested_tables),
    "zip-60-mb": ("a.zip", zip_of_text),
    "zip-of-zips": ("a.zip", zip_of_zips),
    "zip-in-zip": ("a.zip", zip_in_zip),
    "sheet-all-cells": ("a.xlsx", sheet_of_all_cells),
    "picture-30000": ("a.png", giant_picture),
    "mail-10000-parts": ("a.eml", mail_of_many_parts),
    "mail-nested": ("a.eml", mail_nested),
}
