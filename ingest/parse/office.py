"""Old Word and WPS files and RTF, converted by LibreOffice without a screen."""

import tempfile
from dataclasses import replace
from pathlib import Path, PurePosixPath

from ingest.parse.document import ParsedDocument
from ingest.parse.docx import parse_docx
from ingest.parse.limits import OFFICE_SECONDS, stage
from vectorstore.errors import FileRejected
from vectorstore.files.converting import INSTALL, TooLong, convert, office_program

TIME_LIMIT = 120  # seconds
MEMORY_MB = 3072  # address space; LibreOffice maps about one gigabyte for an empty page


def parse_office(content: bytes, name: str) -> ParsedDocument:
    """The text as `parse_docx` reads it from LibreOffice's conversion.

    Each call has a fresh profile, so that calls neither share state nor wait for each other.
    """
    program = office_program()
    if program is None:
        raise FileRejected(f"读旧版 Word、WPS、RTF 需要 LibreOffice，请先安装：{INSTALL}")
    suffix = PurePosixPath(name).suffix.lower()
    suffix = suffix if suffix in (".doc", ".wps", ".rtf") else ".doc"
    with tempfile.TemporaryDirectory(prefix="office-") as scratch:
        folder = Path(scratch)
        source = folder / f"source{suffix}"
        source.write_bytes(content)
        with stage("LibreOffice 的转换", TIME_LIMIT):
            result = _converted(program, source)
        if result is None:
            raise FileRejected("LibreOffice 打不开这个文件（已损坏、加了密码，或不是文档）")
        document = parse_docx(result.read_bytes())
    return replace(document, format=suffix[1:])


def _converted(program: str, source: Path) -> Path | None:
    try:
        return convert(
            program, source, "docx:MS Word 2007 XML", seconds=TIME_LIMIT,
            processor_seconds=OFFICE_SECONDS, memory_mb=MEMORY_MB,
        )  # fmt: skip
    except TooLong:
        raise FileRejected(f"LibreOffice 转换超过 {TIME_LIMIT} 秒，已放弃这个文件") from None
