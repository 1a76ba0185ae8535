"""Small valid files of every format, made by the programs that usually make them."""

import email.message
import io
import zipfile
from collections.abc import Callable, Mapping

from .samples import document

TEXT = document(5, 8)
LINES = TEXT.split("\n")
TABLE = (
    ("任务", "牵头单位", "完成时限"),
    ("大坝安全鉴定", "市水务局", "2024年10月"),
    ("视频监控改造", "市应急局", "2025年6月"),
)
OFD_SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
HTML_SPACE = "<!doctype html><html><head><meta charset=utf-8><title>x</title></head><body>{}</body>"


def txt() -> bytes:
    return TEXT.encode()


def html() -> bytes:
    rows = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in TABLE)
    body = "".join(f"<p>{line}</p>" for line in LINES[1:])
    return HTML_SPACE.format(
        f"<h1>{LINES[0]}</h1><div id=zoom>{body}<table>{rows}</table></div>"
    ).encode()


def docx() -> bytes:
    import docx as word

    document_ = word.Document()
    for line in LINES:
        document_.add_paragraph(line)
    table = document_.add_table(rows=0, cols=3)
    for row in TABLE:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    return _saved(document_.save)


def pdf() -> bytes:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pageCompression=0)
    canvas.setFont("STSong-Light", 10)
    wide = [line[i : i + 45] for line in LINES for i in range(0, len(line), 45)]
    for row, line in enumerate(wide):
        canvas.drawString(60, 800 - 20 * row, line)
    canvas.save()
    return buffer.getvalue()


def xlsx() -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append([LINES[0]])
    for row in TABLE:
        book.active.append(row)
    return _saved(book.save)


def ofd(pages: str = '<ofd:Page ID="1" BaseLoc="P.xml"/>') -> bytes:
    objects = "".join(
        f'<ofd:TextObject ID="{i}" Boundary="20 {20 + 8 * i} 180 6" Font="1" Size="5">'
        f'<ofd:TextCode X="0" Y="5">{line}</ofd:TextCode></ofd:TextObject>'
        for i, line in enumerate(LINES)
    )
    body = "<ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody>"
    layer = f'<ofd:Content><ofd:Layer ID="2">{objects}</ofd:Layer></ofd:Content>'
    return archive(
        {
            "OFD.xml": f'<?xml version="1.0"?><ofd:OFD {OFD_SPACE}>{body}</ofd:OFD>',
            "Doc_0/Document.xml": f"<ofd:Document {OFD_SPACE}><ofd:Pages>{pages}</ofd:Pages></ofd:Document>",
            "Doc_0/P.xml": f"<ofd:Page {OFD_SPACE}>{layer}</ofd:Page>",
        }
    )


def eml() -> bytes:
    message = email.message.EmailMessage()
    message["Subject"] = "转发通知"
    message.set_content(TEXT)
    message.add_attachment(txt(), maintype="text", subtype="plain", filename="附件.txt")
    packed = archive({"通知.txt": TEXT, "表格.xlsx": xlsx(), "网页.html": html()})
    message.add_attachment(packed, maintype="application", subtype="zip", filename="打包.zip")
    return message.as_bytes()


def archive(members: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return buffer.getvalue()


def rewritten(content: bytes, change: Mapping[str, Callable[[str], str]]) -> bytes:
    """A zip file with some of its members' texts changed."""
    members: dict[str, str | bytes] = {}
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        for name in packed.namelist():
            data = packed.read(name)
            members[name] = change[name](data.decode()) if name in change else data
    return archive(members)


def _saved(save: Callable[[io.BytesIO], object]) -> bytes:
    buffer = io.BytesIO()
    save(buffer)
    return buffer.getvalue()


MAKERS: dict[str, Callable[[], bytes]] = {
    "txt": txt, "html": html, "docx": docx, "pdf": pdf, "xlsx": xlsx, "ofd": ofd, "eml": eml,
}  # fmt: skip
