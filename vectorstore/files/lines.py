"""A file that only grows, a line at a time (feedback)."""

import os
import threading
from pathlib import Path

from vectorstore.errors import disk_errors, disk_full

_writing = threading.Lock()


def append_line(path: Path, line: str) -> None:
    """Adds a whole line or nothing. Raises DiskFull or ReadOnlyData."""
    content = f"{line}\n".encode("utf-8", "replace")
    with _writing, disk_errors(path.parent), path.open("ab", buffering=0) as stream:
        before = os.fstat(stream.fileno()).st_size
        try:
            if stream.write(content) == len(content):
                return
        except OSError:
            stream.truncate(before)
            raise
        stream.truncate(before)  # a part of it still fitted
        raise disk_full(path)
