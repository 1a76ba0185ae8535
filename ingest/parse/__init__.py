"""Files → ParsedDocument. Which parser reads a file is decided by its content first.

A file renamed by hand is common (.zip as .docx, .doc as .wps), so the extension only settles
what the first bytes leave open.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ingest.parse.document import ParsedDocument
from vectorstore.errors import FileRejected

Parser = Callable[[bytes], ParsedDocument]


@dataclass(frozen=True, slots=True)
class Part:
    """One document found in a file. `name` is empty, or the path inside a container."""

    name: str
    content: bytes
    document: ParsedDocument


EXTENSIONS = [
    ".txt",
    ".md",
    ".markdown",
    ".html",
    ".htm",
    ".shtml",
    ".docx",
    ".pdf",
    ".doc",
    ".wps",
    ".rtf",
    ".ofd",
    ".xlsx",
    ".csv",
    ".eml",
    ".zip",
    ".png",
    ".jpg",
    ".jpeg",
    ".tif",
    ".tiff",
    ".bmp",
]


def parse_file(path: Path, max_bytes: int) -> list[Part]:
    """The documents in one file: one, or several for a container (.zip, .eml).

    Raises FileRejected with one sentence for the user.
    """
    size = path.stat().st_size
    if size > max_bytes:
        raise FileRejected(
            f"文件有 {size / 2**20:.0f} MB，超过上限 {max_bytes / 2**20:.0f} MB；"
            "可用 POLICY_MAX_FILE_MB 调大"
        )
    return list(parse_bytes(path.name, path.read_bytes()))


def parse_bytes(name: str, content: bytes, depth: int = 0) -> Iterator[Part]:
    """Like `parse_file`, for content in memory."""
    if not content.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise FileRejected("文件是空的")
    kind = sniff(name, content)
    if kind in ("zip", "eml"):
        from ingest.parse.containers import members

        for inner, data in members(kind, content, depth):
            for part in parse_bytes(inner, data, depth + 1):
                yield Part(
                    f"{inner}/{part.name}" if part.name else inner, part.content, part.document
                )
        return
    document = _parser(kind, name)(content)
    if not document.text.strip():
        raise FileRejected("文件里没有读到文字")
    yield Part("", content, document)


def sniff(name: str, content: bytes) -> str:
    """The kind of a file: txt, md, html, docx, pdf, office, ofd, xlsx, csv, image, zip, eml.

    Raises FileRejected for a kind that is not read.
    """
    extension = PurePosixPath(name).suffix.lower()
    head = content[:1024]
    if b"%PDF-" in head:
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        return _sniff_zip(content, extension)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return "office"  # OLE: .doc, .wps, .xls; also an encrypted .docx
    if head.startswith(b"{\\rtf"):
        return "office"
    if head.startswith((b"\x89PNG", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"BM")):
        return "image"
    if extension in (".pdf", ".docx", ".doc", ".wps", ".ofd", ".xlsx", ".zip", ".rtf"):
        raise FileRejected(f"内容不是 {extension[1:]} 文件（可能改过扩展名，或已损坏）")
    if extension in (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp"):
        raise FileRejected("内容不是图片（可能改过扩展名，或已损坏）")
    if extension == ".eml":
        return "eml"
    if extension == ".csv":
        return "csv"
    if extension in (".md", ".markdown"):
        return "md"
    lowered = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    markup = lowered.startswith(
        (b"<!doctype html", b"<html", b"<?xml", b"<head", b"<body", b"<div")
    )
    if extension in (".html", ".htm", ".shtml") or markup:
        return "html"
    zeros = head.count(b"\x00") > 0.02 * len(head)  # a stray NUL is damage, many are a program
    if zeros and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileRejected("不是能读的文档（二进制内容）")
    return "txt"


def _sniff_zip(content: bytes, extension: str) -> str:
    from ingest.parse.containers import member_names

    names = member_names(content)
    if "word/document.xml" in names:
        return "docx"
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "OFD.xml" in names:
        return "ofd"
    if extension in (".docx", ".xlsx", ".ofd"):
        raise FileRejected(
            f"扩展名是 {extension}，内容却是普通的 zip 压缩包；请改名为 .zip 或重新导出"
        )
    return "zip"


def _parser(kind: str, name: str) -> Parser:
    """Parsers are imported when they are needed: most corpora use two or three of them."""
    if kind in ("txt", "md"):
        from ingest.parse.text import parse_text

        return lambda content: parse_text(content, kind)
    if kind == "html":
        from ingest.parse.html import parse_html

        return parse_html
    if kind == "docx":
        from ingest.parse.docx import parse_docx

        return parse_docx
    if kind == "pdf":
        from ingest.parse.pdf import parse_pdf

        return parse_pdf
    if kind == "ofd":
        from ingest.parse.ofd import parse_ofd

        return parse_ofd
    if kind in ("xlsx", "csv"):
        from ingest.parse.sheets import parse_csv, parse_xlsx

        return parse_xlsx if kind == "xlsx" else parse_csv
    if kind == "image":
        from ingest.parse.ocr import parse_image

        return parse_image
    from ingest.parse.office import parse_office

    return lambda content: parse_office(content, name)
