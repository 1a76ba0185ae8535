"""What a file is. Its content decides first.

A file renamed by hand is common (.zip as .docx, .doc as .wps), so the extension only settles
what the first bytes leave open.
"""

from dataclasses import dataclass
from pathlib import PurePosixPath

from ingest.parse.zipped import member_names
from vectorstore.errors import FileRejected

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


@dataclass(frozen=True, slots=True)
class Leaf:
    """A document as it lies in a file: `name` is empty, or the path inside a container."""

    name: str
    kind: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Problem:
    """What could not be read, and why. An empty name means the rest of the container."""

    name: str
    reason: str


def kind_of(name: str, content: bytes) -> str:
    """The kind of a file that is not empty. Raises FileRejected like `sniff`."""
    if not content.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise FileRejected("文件是空的")
    return sniff(name, content)


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
