"""Forty files made to freeze, fill or fool whoever reads them. Each is small on disk."""

import io
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .files import HTML_SPACE, LINES, TABLE, TEXT, archive, docx, eml, ofd, pdf, rewritten, xlsx

MB = 2**20


@dataclass(frozen=True, slots=True)
class Hostile:
    """One file. `sent_as` is the name that the browser claims."""

    name: str
    path: Path
    sent_as: str


def bombs(folder: Path) -> list[Hostile]:
    """Writes all of them. Their names on disk are harmless."""
    folder.mkdir(parents=True)
    made = []
    for number, (name, sent_as, make) in enumerate(_ALL):
        path = folder / f"{number:02}"
        path.write_bytes(make())
        made.append(Hostile(name, path, sent_as))
    return made


def page(body: str) -> bytes:
    return HTML_SPACE.format(body).encode()


def nested_zip(depth: int) -> bytes:
    inner = archive({"a.txt": TEXT})
    for _ in range(depth):
        inner = archive({"x.zip": inner})
    return inner


def many_zips() -> bytes:
    """Each member a zip of its own with 1 MB in it: 400 MB, hidden one layer down."""
    inner = archive({f"{i}.txt": TEXT + "一" * (MB // 3) for i in range(20)})
    return archive({f"{i}.zip": inner for i in range(20)})


def overlapping_zip() -> bytes:
    """A directory that lists one member's bytes five hundred times."""
    whole = archive({"a.txt": TEXT + "关闭 " * 300_000})
    with zipfile.ZipFile(io.BytesIO(whole)) as packed:
        start = packed.start_dir
    entry = whole[start : whole.index(b"PK\x05\x06")]
    directory = b"".join(entry.replace(b"a.txt", b"%05d" % i) for i in range(500))
    end = bytearray(whole[whole.index(b"PK\x05\x06") :])
    end[8:12] = (500).to_bytes(2, "little") * 2
    end[12:16] = len(directory).to_bytes(4, "little")
    return whole[:start] + directory + bytes(end)


def docx_with(change: Callable[[str], str]) -> bytes:
    return rewritten(docx(), {"word/document.xml": change})


def cell(property_: str) -> Callable[[str], str]:
    return lambda xml: xml.replace("<w:tcPr>", f"<w:tcPr>{property_}", 1)


def wrapped(depth: int) -> Callable[[str], str]:
    """The first paragraph inside so many content controls, all closed again."""
    opened, closed = "<w:sdt><w:sdtContent>" * depth, "</w:sdtContent></w:sdt>" * depth

    def change(xml: str) -> str:
        start, stop = xml.index("<w:p>"), xml.index("</w:p>") + len("</w:p>")
        return f"{xml[:start]}{opened}{xml[start:stop]}{closed}{xml[stop:]}"

    return change


def pdf_box(side: int) -> bytes:
    return pdf().replace(
        b"/MediaBox [ 0 0 595.2756 841.8898 ]", b"/MediaBox [ 0 0 %d %d ]" % (side, side)
    )


def pdf_of(objects: list[bytes]) -> bytes:
    """A PDF file from the bodies of its objects, the first the catalogue."""
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % at for at in places)
    size = len(objects) + 1
    return out + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        size, table, size, len(out),
    )  # fmt: skip


def pdf_stream(content: bytes, media: bytes = b"[0 0 595 842]") -> bytes:
    packed = zlib.compress(content, 9)
    return pdf_of(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox%s/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>"
            % media,
            b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(packed), packed),
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        ]
    )


def pdf_pages(count: int) -> bytes:
    """One page object, listed many times."""
    kids = b" ".join([b"3 0 R"] * count)
    return pdf_of(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count),
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>",
            b"<</Length 0>>stream\n\nendstream",
        ]
    )


def pdf_cycle() -> bytes:
    return pdf_of([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9>>"])


def ofd_repeated(count: int) -> bytes:
    return ofd("".join(f'<ofd:Page ID="{i}" BaseLoc="P.xml"/>' for i in range(count)))


def sheet(change: Callable[[str], str]) -> bytes:
    return rewritten(xlsx(), {"xl/worksheets/sheet1.xml": change})


def entities(depth: int = 9) -> str:
    steps = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, depth))
    return f'<!DOCTYPE x [<!ENTITY a0 "aaaaaaaaaa">{steps}]>'


def xml_with(declaration: str, use: str) -> Callable[[str], str]:
    def change(xml: str) -> str:
        head, _, rest = xml.partition("?>")
        return f"{head}?>{declaration}" + rest.replace("水", use, 1)

    return change


def png(side: int) -> bytes:
    """A picture that claims to be large, of one colour."""
    row = b"\x00" + bytes(-(-side // 8))
    packer = zlib.compressobj(9)
    pixels = b"".join(packer.compress(row * 500) for _ in range(side // 500)) + packer.flush()

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data).to_bytes(4, "big")
        return len(data).to_bytes(4, "big") + kind + data + check

    size = side.to_bytes(4, "big") * 2 + bytes((1, 0, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def mail_nested(depth: int) -> bytes:
    body = TEXT.encode()
    for i in range(depth):
        mark = b"b%d" % i
        body = b"Content-Type: multipart/mixed; boundary=%s\n\n--%s\n%s\n--%s--\n" % (
            mark,
            mark,
            body,
            mark,
        )
    return b"Subject: x\nMIME-Version: 1.0\n" + body


def rows_of(table: str) -> bytes:
    return page(f"<h1>{LINES[0]}</h1><p>{LINES[2]}</p>{table}")


def text(lines: str) -> Callable[[], bytes]:
    return lambda: f"{TEXT}\n{lines}\n".encode()


_CELL = "".join(f"<td>{c}</td>" for c in TABLE[1])
_ALL: tuple[tuple[str, str, Callable[[], bytes]], ...] = (
    ("关闭 × 26", "furniture.txt", text("关闭 " * 26)),
    ("关闭 × 4000", "furniture2.txt", text("关闭 " * 4000)),
    ("一行 5 MB", "line.txt", text("第一条要求" * 350_000)),
    ("百万空行", "blank.txt", text("\n \n" * 500_000)),
    ("深层编号", "numbers.txt", text("\n".join(f"{'1.' * (i % 200 + 1)} 要求" for i in range(3000)))),
    ("括号串", "brackets.txt", text("（" * 100_000 + "《" * 100_000)),
    ("发文字号串", "numbers2.txt", text("某政发〔2024〕" * 40_000)),
    ("日期串", "dates.txt", text("2024年" * 100_000)),
    ("空白串", "spaces.txt", text((" " * 5_000 + "a\u3000") * 60)),
    ("逗号串 csv", "commas.csv", lambda: ("任务,单位\n" + "," * 300_000 + "\n").encode() * 2),
    ("百万行 csv", "rows.csv", lambda: b"a,b,c\n" + "任务,市局,10月\n".encode() * 300_000),
    ("十万层 div", "deep.html", lambda: page("<div>" * 100_000 + f"<p>{LINES[2]}</p>")),
    ("colspan 1e9", "colspan.html", lambda: rows_of(f"<table><tr><td colspan=1000000000>甲</td></tr><tr>{_CELL}</tr></table>")),
    ("rowspan 1e9", "rowspan.html", lambda: rows_of(f"<table><tr><td rowspan=1000000000>甲</td>{_CELL}</tr>" + f"<tr>{_CELL}</tr>" * 3000 + "</table>")),
    ("colspan × rowspan", "spans.html", lambda: rows_of("<table>" + "<tr><td colspan=1000 rowspan=65534>甲</td></tr>" * 400 + "</table>")),
    ("嵌套表格", "tables.html", lambda: page("<table><tr><td>甲" * 3000)),
    ("属性 10 MB", "attribute.html", lambda: page(f'<p title="{"x" * 10 * MB}">{LINES[2]}</p>')),
    ("gridSpan 1e9", "gridspan.docx", lambda: docx_with(cell('<w:gridSpan w:val="1000000000"/>'))),
    ("vMerge × gridSpan", "vmerge.docx", lambda: docx_with(cell('<w:gridSpan w:val="50000"/><w:vMerge/>'))),
    ("五万层 docx", "deep.docx", lambda: docx_with(wrapped(50_000))),
    ("实体炸弹 docx", "entities.docx", lambda: docx_with(xml_with(entities(), "&a8;"))),
    ("外部实体 docx", "external.docx", lambda: docx_with(xml_with('<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>', "&f;"))),
    ("300 MB docx", "bomb.docx", lambda: docx_with(lambda x: x.replace("<w:body>", "<w:body>" + " " * 300 * MB, 1))),
    ("MediaBox 14400²", "media.pdf", lambda: pdf_box(14400)),
    ("空白 MediaBox 14400²", "blank.pdf", lambda: pdf_stream(b"", b"[0 0 14400 14400]")),
    ("PDF 展开 200 MB", "stream.pdf", lambda: pdf_stream(b"BT /F 9 Tf 9 9 Td (policy) Tj ET\n" * (200 * MB // 33))),
    ("PDF 一页列 9,000 次", "pages.pdf", lambda: pdf_pages(9_000)),
    ("PDF 页树成环", "cycle.pdf", pdf_cycle),
    ("OFD 一页列 2,000 次", "pages.ofd", lambda: ofd_repeated(2_000)),
    ("OFD 外部实体", "external.ofd", lambda: rewritten(ofd(), {"OFD.xml": xml_with('<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>', "&f;")})),
    ("xlsx 末行末列", "far.xlsx", lambda: sheet(lambda x: x.replace('r="A1"', 'r="XFD1048576"', 1))),
    ("xlsx 合并全表", "merged.xlsx", lambda: sheet(lambda x: x.replace("</sheetData>", '</sheetData><mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>', 1))),
    ("zip 60 MB 文字", "text.zip", lambda: archive({f"{i}.txt": f"{TEXT}\n" + f"第{i}条要求落实。\n" * 400_000 for i in range(6)})),
    ("zip 套七层", "nested.zip", lambda: nested_zip(7)),
    ("zip 套 400 MB", "many.zip", many_zips),
    ("zip 重叠成员", "overlap.zip", overlapping_zip),
    ("邮件套 3,000 层", "nested.eml", lambda: mail_nested(3_000)),
    ("图片 30000²", "picture.png", lambda: png(30_000)),
    ("名字带路径和脚本", "../../<img src=x onerror=alert(1)>\u202e.txt", text("名字一")),
    ("名字过长", "长" * 120 + ".eml", eml),
)  # fmt: skip
