"""Finds the file that a document was read from, for pictures of its pages."""

from dataclasses import replace
from pathlib import Path

from ingest.parse.limits import Limits
from ingest.workers import draw_pages
from vectorstore.errors import FileRejected
from vectorstore.files.members import MEMBER
from vectorstore.files.pages import Asked, Drawn

_NESTED = 8  # marks of a member in one path that are tried: a name may hold one itself


def draw_original(source_path: str, asked: Asked, max_bytes: int, limits: Limits) -> Drawn:
    """`source_path` is one of the catalogue. Raises FileRejected with a sentence for the page."""
    path, member = place_of(source_path)
    return draw_pages(path, replace(asked, member=member), max_bytes, limits)


def place_of(source_path: str) -> tuple[Path, str]:
    """The file of a source path, and the path inside it, '' where it is no container.

    Raises FileRejected where no such file is there any more.
    """
    parts = source_path.split(MEMBER, _NESTED)
    for count in range(len(parts), 0, -1):
        path = Path(MEMBER.join(parts[:count]))
        if path.is_file():
            return path, MEMBER.join(parts[count:])
    raise FileRejected("原文件已不在原来的位置")
