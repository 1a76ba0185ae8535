"""Old Word and WPS files and RTF, converted by LibreOffice without a screen."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path, PurePosixPath

from ingest.parse.document import ParsedDocument
from ingest.parse.docx import parse_docx
from ingest.parse.limits import OFFICE_SECONDS, stage
from vectorstore.errors import FileRejected

TIME_LIMIT = 120  # seconds
MEMORY_MB = 3072  # address space; LibreOffice maps about one gigabyte for an empty page
MAX_WRITTEN = 512 * 2**20  # bytes of one file that it writes
_PROGRAMS = ("soffice", "libreoffice")


def parse_office(content: bytes, name: str) -> ParsedDocument:
    """The text as `parse_docx` reads it from LibreOffice's conversion.

    Each call has a fresh profile, so that calls neither share state nor wait for each other.
    """
    program = next((path for p in _PROGRAMS if (path := shutil.which(p))), None)
    if program is None:
        raise FileRejected(
            "读旧版 Word、WPS、RTF 需要 LibreOffice，请先安装：sudo apt-get install -y libreoffice-writer-nogui"
        )
    suffix = PurePosixPath(name).suffix.lower()
    suffix = suffix if suffix in (".doc", ".wps", ".rtf") else ".doc"
    with tempfile.TemporaryDirectory(prefix="office-") as scratch:
        folder = Path(scratch)
        source = folder / f"source{suffix}"
        source.write_bytes(content)
        with stage("LibreOffice 的转换", TIME_LIMIT):
            _convert(program, source, folder)
        result = folder / "source.docx"
        if not result.exists():
            raise FileRejected("LibreOffice 打不开这个文件（已损坏、加了密码，或不是文档）")
        document = parse_docx(result.read_bytes())
    return replace(document, format=suffix[1:])


def _convert(program: str, source: Path, folder: Path) -> None:
    blocks = MAX_WRITTEN // 512
    confined = (
        f"ulimit -c 0; ulimit -t {OFFICE_SECONDS}; ulimit -f {blocks}; "
        f'ulimit -v {MEMORY_MB * 1024}; exec "$@"'
    )
    command = [
        "sh", "-c", confined, "sh",
        program, "--headless", "--norestore", "--nolockcheck", "--nodefault",
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--convert-to", "docx:MS Word 2007 XML", "--outdir", str(folder), str(source),
    ]  # fmt: skip
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        process.wait(TIME_LIMIT)
    except subprocess.TimeoutExpired:
        raise FileRejected(f"LibreOffice 转换超过 {TIME_LIMIT} 秒，已放弃这个文件") from None
    finally:  # also when this process is told to end: what it started ends with it
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
