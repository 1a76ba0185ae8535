"""Files that hold other files: .zip archives and .eml messages, with limits."""

import email
import email.policy
import io
import logging
import zipfile
from collections.abc import Iterator
from email.message import EmailMessage, MIMEPart
from pathlib import PurePosixPath

from ingest.parse.zipped import open_zip, read_member
from vectorstore.errors import FileRejected

log = logging.getLogger(__name__)

MAX_DEPTH = 3  # a zip in a mail in a zip
MAX_DOCUMENTS = 500


def members(kind: str, content: bytes, depth: int) -> Iterator[tuple[str, bytes]]:
    """(name, content) of the documents inside. Names never lead out of the container."""
    if depth >= MAX_DEPTH:
        raise FileRejected(f"压缩包套了 {MAX_DEPTH} 层以上，已拒绝")
    found = _zip_members(content) if kind == "zip" else _mail_parts(content)
    count = 0
    for name, data in found:
        count += 1
        if count > MAX_DOCUMENTS:
            raise FileRejected(f"压缩包里的文档超过 {MAX_DOCUMENTS} 份；请分批导入")
        yield name, data
    if not count:
        raise FileRejected("压缩包或邮件里没有能读的文档")


def member_names(content: bytes) -> set[str]:
    """Names in a zip file; empty for one that cannot be opened."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, EOFError):
        return set()


def _zip_members(content: bytes) -> Iterator[tuple[str, bytes]]:
    from ingest.parse import EXTENSIONS

    archive = open_zip(content)
    for info in archive.infolist():
        name = _safe_name(_decoded_name(info))
        hidden = PurePosixPath(name).name.startswith((".", "~$")) or name.startswith("__MACOSX")
        if not info.is_dir() and not hidden and name.lower().endswith(tuple(EXTENSIONS)):
            yield name, read_member(archive, info.filename)


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
    return "/".join(parts)[-200:] or "文件"


def _mail_parts(content: bytes) -> Iterator[tuple[str, bytes]]:
    """The text of a message and its attachments."""
    message = email.message_from_bytes(content, policy=email.policy.default)
    if not isinstance(message, EmailMessage):
        raise FileRejected("邮件结构已损坏，打不开")
    body = message.get_body(preferencelist=("plain", "html"))
    subject = str(message.get("Subject", "")).strip() or "邮件正文"
    if body is not None:
        text = _content(body)
        if text.strip():
            suffix = ".html" if body.get_content_subtype() == "html" else ".txt"
            lead = f"{subject}\n" if suffix == ".txt" else ""
            yield (
                _safe_name(subject.replace("/", "／"))[:80] + suffix,
                (lead + text).encode("utf-8"),
            )
    for part in message.iter_attachments():
        name, data = part.get_filename(), part.get_payload(decode=True)
        if name and isinstance(data, bytes) and data:
            yield _safe_name(name), data


def _content(part: MIMEPart) -> str:
    try:
        return str(part.get_content())
    except (LookupError, UnicodeDecodeError, KeyError):
        payload = part.get_payload(decode=True)
        return payload.decode("gb18030", "replace") if isinstance(payload, bytes) else ""
