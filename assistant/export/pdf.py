"""PDF: the Word file as LibreOffice sets it, where LibreOffice is."""

import io
import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path
from threading import BoundedSemaphore

from assistant.export.layout import FACES
from vectorstore.errors import PolicyError
from vectorstore.files.converting import INSTALL, TooLong, convert, office_program

PDF = "application/pdf"
_MEMORY_MB = 3072  # address space; LibreOffice maps about one gigabyte for an empty page
_AT_ONCE = BoundedSemaphore(2)  # each takes a processor and some hundred megabytes


class NoPdf(PolicyError):
    """There is no PDF now; the sentence says why, and that there is the Word file."""


def can_make_pdf() -> bool:
    return office_program() is not None


def to_pdf(word: bytes, seconds: int) -> bytes:
    """A Word file as PDF. Raises NoPdf, after at most twice the time given."""
    program = office_program()
    if program is None:
        raise NoPdf(
            f"导出 PDF 需要 LibreOffice，这台机器上没有；请管理员安装（{INSTALL}），或先导出 Word",
            "PDF needs LibreOffice, which is not installed here; export Word instead",
        )
    if not _AT_ONCE.acquire(timeout=seconds):
        raise NoPdf(
            "别人正在导出 PDF，请过一会儿再试，或先导出 Word",
            "Others are making PDF files; try again later, or export Word",
        )
    try:
        return _converted(program, word, seconds)
    finally:
        _AT_ONCE.release()


def _converted(program: str, word: bytes, seconds: int) -> bytes:
    with tempfile.TemporaryDirectory(prefix="pdf-") as scratch:
        source = Path(scratch) / "draft.docx"
        source.write_bytes(_in_faces(word, _faces_here()))
        try:
            result = convert(
                program, source, "pdf", seconds=seconds, processor_seconds=seconds,
                memory_mb=_MEMORY_MB,
            )  # fmt: skip
        except TooLong:
            raise NoPdf(
                f"LibreOffice 转换超过 {seconds} 秒，已放弃；请先导出 Word，用 Word 或 WPS 另存为 PDF",
                f"LibreOffice took longer than {seconds} seconds; export Word instead",
            ) from None
        if result is None:
            raise NoPdf(
                "LibreOffice 没有转换成功；请先导出 Word，用 Word 或 WPS 另存为 PDF",
                "LibreOffice could not convert it; export Word instead",
            )
        return result.read_bytes()


def _faces_here() -> frozenset[str]:
    """The families of this machine; none where nothing tells."""
    program = shutil.which("fc-list")
    if program is None:
        return frozenset()
    listed = subprocess.run(
        [program, ":", "family"], capture_output=True, timeout=30, check=False
    ).stdout.decode("utf-8", "replace")
    return frozenset(name.strip() for line in listed.splitlines() for name in line.split(","))


def _in_faces(word: bytes, here: frozenset[str]) -> bytes:
    """The Word file with the faces of the standard that are not here replaced by the first that
    may stand in and is. Word does that by itself (layout.py); LibreOffice takes any."""
    instead = {
        face: next((other for other in others.split(";") if other in here), face)
        for face, others in FACES.items()
        if face not in here
    }
    copy = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(word)) as archive,
        zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in archive.namelist():
            part = archive.read(name)
            if name.startswith("word/") and name.endswith(".xml"):
                for face, other in instead.items():
                    part = part.replace(f'"{face}"'.encode(), f'"{other}"'.encode())
            target.writestr(name, part)
    return copy.getvalue()
