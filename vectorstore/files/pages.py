"""The pages of a document as they were printed: what a picture is asked of, and what it shows.

Nothing here knows how they are drawn (ingest/parse/pictures.py) or shown.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from vectorstore.errors import FileRejected


@dataclass(frozen=True, slots=True)
class Sought:
    """Words to be found on a page, counted from 1; `nth` of them, when they stand there more than
    once, from 0. `mark` is whatever the asker calls them."""

    page: int
    words: str
    nth: int = 0
    mark: int = 0


@dataclass(frozen=True, slots=True)
class Box:
    """Where a line of sought words stands on its page, in the units of the page's size."""

    mark: int
    page: int
    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What is wanted of a file. `member` is the document's path inside a container, or empty;
    `sha256` that of its content, so that no picture belongs to another text. `page` is the one to
    be drawn, `width` pixels wide; 0 for none."""

    sha256: str
    member: str = ""
    page: int = 0
    width: int = 0
    sought: tuple[Sought, ...] = ()

    def require(self, content: bytes) -> None:
        """Raises FileRejected for another content than that which was read."""
        if hashlib.sha256(content).hexdigest() != self.sha256:
            raise FileRejected("原文件在入库以后改动过，版面与文字对不上；请重新入库")


@dataclass(frozen=True, slots=True)
class Drawn:
    """`sizes` are width and height of all pages, `picture` a PNG or a JPEG."""

    sizes: tuple[tuple[int, int], ...]
    boxes: tuple[Box, ...] = ()
    picture: bytes = b""


# The source path of a document, as the catalogue holds it, and what is asked of it (its `member`
# is found by the path). Raises PolicyError with a sentence for the page.
Draw = Callable[[str, Asked], Drawn]
