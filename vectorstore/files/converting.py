"""LibreOffice without a screen: one file into another, confined, in a folder of its own."""

import contextlib
import os
import shutil
import signal
import subprocess
from pathlib import Path

INSTALL = "sudo apt-get install -y libreoffice-writer-nogui"
_PROGRAMS = ("soffice", "libreoffice")
_MAX_WRITTEN = 512 * 2**20  # bytes of one file that it writes
# No macros, and nothing that a file links to is fetched.
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
</oor:items>
"""


class TooLong(Exception):
    """The conversion did not end in its time; nothing of it runs any more."""


def office_program() -> str | None:
    """Where LibreOffice is, if it is."""
    return next((path for p in _PROGRAMS if (path := shutil.which(p))), None)


def convert(
    program: str,
    source: Path,
    to: str,
    *,
    seconds: int,
    processor_seconds: int,
    memory_mb: int,
) -> Path | None:
    """`source` as `to` (a suffix, with a filter's name behind a colon), beside it; None when
    LibreOffice could not open it. Raises TooLong.

    The profile is a new one beside the file, so that calls neither share state nor wait for each
    other.
    """
    folder = source.parent
    settings = folder / "profile" / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(_PROFILE, encoding="utf-8")
    confined = (
        f"ulimit -c 0; ulimit -t {processor_seconds}; ulimit -f {_MAX_WRITTEN // 512}; "
        f'ulimit -v {memory_mb * 1024}; exec "$@"'
    )
    command = [
        "sh", "-c", confined, "sh",
        program, "--headless", "--norestore", "--nolockcheck", "--nodefault",
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--convert-to", to, "--outdir", str(folder), str(source),
    ]  # fmt: skip
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        raise TooLong from None
    finally:  # also when this process is told to end: what it started ends with it
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    result = source.with_suffix(f".{to.partition(':')[0]}")
    return result if result.exists() else None
