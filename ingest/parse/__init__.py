"""Files → ParsedDocument: one for a file, or several for a container."""

import errno
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.parse.document import ParsedDocument, without_surrogates
from ingest.parse.kinds import Leaf, Problem, kind_of
from ingest.parse.limits import require_length
from vectorstore.errors import FileRejected

Parser = Callable[[bytes], ParsedDocument]
NOT_REGULAR = "不是普通文件（管道、套接字或设备），没有读取"


@dataclass(frozen=True, slots=True)
class Part:
    """One document found in a file. `name` is empty, or the path inside a container."""

    name: str
    content: bytes
    document: ParsedDocument


def parse_bytes(name: str, content: bytes) -> Iterator[Part]:
    """The documents in one file: one, or several for a container (.zip, .eml).

    Raises FileRejected with one sentence for the user, also when a member cannot be read.
    """
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
    kind = kind_of(name, content)
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
