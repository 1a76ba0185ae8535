"""Files → ParsedDocument. Which parser reads a file is decided by its content first.

A file renamed by hand is common (.zip as .docx, .doc as .wps), so the extension only settles
what the first bytes leave open.
"""

import errno
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ingest.parse.document import ParsedDocument, without_surrogates
from ingest.parse.limits import require_length
from vectorstore.errors import FileRejected

Parser = Callable[[bytes], ParsedDocument]
NOT_REGULAR = "不是普通文件（管道、套接字或设备），没有读取"


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

    Raises FileRejected with one sentence for the user, also when a member cannot be read.
    """
    return list(parse_bytes(path.name, read_bytes(path, max_bytes)))


def parse_bytes(name: str, content: bytes) -> Iterator[Part]:
    """Like `parse_file`, for content in memory."""
    for found in leaves(name, content):
        if isinstance(found, Problem):
            raise FileRejected(f"{found.name}：{found.reason}" if found.name else found.reason)
        yield Part(found.name, found.content, parse_leaf(found, name))


def read_bytes(path: Path, max_bytes: int) -> bytes:
    """The content of a regular file. Never follows a link, never waits for a pipe.

    Raises FileRejected for anything else and for a file above `max_bytes`, OSError for a file
    that cannot be opened.
    """
    try:
        number = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise FileRejected("是符号链接，没有读取") from error
        if error.errno == errno.ENXIO:
            raise FileRejected(NOT_REGULAR) from error
        raise
    with os.fdopen(number, "rb") as stream:
        found = os.fstat(number)  # of what was opened, whatever the name means by now
        if not stat.S_ISREG(found.st_mode):
            raise FileRejected(NOT_REGULAR)
        size = found.st_size
        content = stream.read(max_bytes + 1) if size <= max_bytes else b""
    if max(size, len(content)) > max_bytes:
        raise FileRejected(
            f"文件有 {max(size, len(content)) / 2**20:.0f} MB，超过上限 {max_bytes / 2**20:.0f} MB；"
            "可用 POLICY_MAX_FILE_MB 调大"
        )
    return content


def leaves(name: str, content: bytes) -> Iterator[Leaf | Problem]:
    """The documents in a file, not read yet, always in the same order.

    Raises FileRejected when the file itself cannot be opened.
    """
    kind = _kind(name, content)
    if kind in ("zip", "eml"):
        from ingest.parse.containers import members

        yield from members(kind, content)
    else:
        yield Leaf("", kind, content)


def parse_leaf(leaf: Leaf, file_name: str) -> ParsedDocument:
    """Raises FileRejected with one sentence for the user."""
    try:
        document = _parser(leaf.kind, leaf.name or file_name)(leaf.content)
    except RecursionError as error:
        raise FileRejected("内容嵌套太深，读不了") from error
    if not document.text.strip():
        raise FileRejected("文件里没有读到文字")
    require_length(len(document.text))
    return without_surrogates(document)


def _kind(name: str, content: bytes) -> str:
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
