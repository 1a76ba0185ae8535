"""Files that hold other files: .zip archives and .eml messages, with limits.

A member that cannot be opened is named and left out; the others are taken in.
"""

import email
import email.policy
import logging
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage, Message, MIMEPart
from pathlib import PurePosixPath

from ingest.parse.document import printable
from ingest.parse.kinds import EXTENSIONS, Leaf, Problem, kind_of
from ingest.parse.zipped import MAX_UNPACKED, open_zip, read_member
from vectorstore.errors import FileRejected

log = logging.getLogger(__name__)

MAX_DEPTH = 3  # a zip in a mail in a zip
MAX_DOCUMENTS = 500
_MAX_STRUCTURES = 200  # multiparts and messages in one mail; its parser recurses into each
_MAX_MARKS = 5_000  # lines of a mail that may part it; its parser takes time for each


@dataclass
class _Budget:
    """What a file may hold over all its levels."""

    documents: int = MAX_DOCUMENTS
    unpacked: int = MAX_UNPACKED

    def take(self, size: int) -> None:
        self.documents -= 1
        self.unpacked -= size
        if self.documents < 0:
            raise _Spent(f"压缩包里的文档超过 {MAX_DOCUMENTS} 份；其余的没有读取，请分批导入")
        if self.unpacked < 0:
            raise _Spent(f"解压后超过 {MAX_UNPACKED // 2**20} MB；其余的没有读取，请分批导入")


class _Spent(Exception):
    """The file holds more than is read; what was found before is kept."""


def members(kind: str, content: bytes) -> Iterator[Leaf | Problem]:
    """The documents inside, at any depth. Names never lead out of the container.

    Raises FileRejected when the container itself cannot be opened or holds nothing.
    """
    count = 0
    try:
        for found in _members(kind, content, "", 0, _Budget()):
            count += 1
            yield found
    except _Spent as spent:
        yield Problem("", str(spent))
        return
    if not count:
        raise FileRejected("压缩包或邮件里没有能读的文档")


def _members(
    kind: str, content: bytes, above: str, depth: int, budget: _Budget
) -> Iterator[Leaf | Problem]:
    if depth >= MAX_DEPTH:
        raise FileRejected(f"压缩包套了 {MAX_DEPTH} 层以上，已拒绝")
    for found in _zip_members(content) if kind == "zip" else _mail_parts(content):
        name = above + found.name
        if isinstance(found, Problem):
            yield Problem(name, found.reason)
            continue
        budget.take(len(found.content))
        try:
            inner = kind_of(found.name, found.content)
            if inner in ("zip", "eml"):
                yield from _members(inner, found.content, f"{name}/", depth + 1, budget)
            else:
                yield Leaf(name, inner, found.content)
        except FileRejected as error:
            yield Problem(name, str(error))


def _zip_members(content: bytes) -> Iterator[Leaf | Problem]:
    archive = open_zip(content, some_encrypted=True)
    for info in archive.infolist():
        name = _safe_name(_decoded_name(info))
        hidden = PurePosixPath(name).name.startswith((".", "~$")) or name.startswith("__MACOSX")
        if info.is_dir() or hidden or not name.lower().endswith(tuple(EXTENSIONS)):
            continue
        try:
            yield Leaf(name, "", read_member(archive, info))
        except FileRejected as error:
            yield Problem(name, str(error))


def _decoded_name(info: zipfile.ZipInfo) -> str:
    """Chinese Windows writes names in GBK without saying so."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("gb18030")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return info.filename


def _safe_name(name: str) -> str:
    """Without .., drive letters and leading slashes; nothing is ever written to disk by it."""
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    return printable("/".join(parts))[-200:] or "文件"


# --- mail ---------------------------------------------------------------------------------------


def _mail_parts(content: bytes) -> Iterator[Leaf | Problem]:
    """The text of a message and its attachments."""
    message = _message(content)
    body = message.get_body(preferencelist=("plain", "html"))
    subject = str(message.get("Subject", "")).strip() or "邮件正文"
    if body is not None:
        text = _content(body)
        if text.strip():
            suffix = ".html" if body.get_content_subtype() == "html" else ".txt"
            lead = f"{subject}\n" if suffix == ".txt" else ""
            yield Leaf(
                _safe_name(subject.replace("/", "／"))[:80] + suffix,
                "",
                (lead + text).encode("utf-8", "replace"),
            )
    for part in message.iter_attachments():
        name, data = part.get_filename(), _payload(part)
        if part.get_content_type() == "message/rfc822":
            name = f"{(name or '附件').removesuffix('.eml')}.eml"
        if name and data:
            yield Leaf(_safe_name(name), "", data)


def _message(content: bytes) -> EmailMessage:
    lowered = content.lower()
    structures = lowered.count(b"multipart/") + lowered.count(b"message/rfc822")
    if structures > _MAX_STRUCTURES or lowered.count(b"\n--") > _MAX_MARKS:
        raise FileRejected("邮件嵌套太深或部分太多，已拒绝；请把附件另存后再导入")
    try:
        message = email.message_from_bytes(content, policy=email.policy.default)
    except RecursionError as error:
        raise FileRejected("邮件嵌套太深，已拒绝；请把附件另存后再导入") from error
    if not isinstance(message, EmailMessage):
        raise FileRejected("邮件结构已损坏，打不开")
    return message


def _payload(part: MIMEPart) -> bytes:
    """What is attached; a message within a message as its source."""
    if part.get_content_type() == "message/rfc822":
        inner = part.get_payload()
        first = inner[0] if isinstance(inner, list) and inner else None
        return first.as_bytes() if isinstance(first, Message) else b""
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _content(part: MIMEPart) -> str:
    try:
        return str(part.get_content())
    except (LookupError, UnicodeDecodeError, KeyError):
        payload = part.get_payload(decode=True)
        return payload.decode("gb18030", "replace") if isinstance(payload, bytes) else ""
