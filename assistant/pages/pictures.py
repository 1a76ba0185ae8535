"""Pictures of printed pages: who may have them is decided where they are asked for; here they are
drawn, a few at once, and kept for a while."""

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from fastapi import Request

from assistant.pages.running import in_line
from assistant.queueing import WaitingLine
from vectorstore.errors import FileRejected
from vectorstore.files.pages import Asked, Draw, Drawn, Sought
from vectorstore.models import DocumentSummary

T = TypeVar("T")

AT_ONCE = 2  # pages that are drawn at once, whoever asks
_LONGEST, _EACH = 80, 12  # that wait, in all and of one person; a browser asks for six at once
_WIDTH = 1240  # pixels: A4 at 150 dpi
_MOST_BYTES = 200 * 2**20
_LAYOUTS = 128


class Pictures:
    """`folder` is this program's own, and empty when it begins; nothing in it need be kept. A
    person's pages wait behind each other and not behind everybody's."""

    def __init__(self, folder: Path, draw: Draw):
        self._draw = draw
        self._kept = Folder(folder, _MOST_BYTES)
        self._layouts: OrderedDict[tuple[str, tuple[Sought, ...]], Drawn] = OrderedDict()
        self._lock = threading.Lock()
        self._line = WaitingLine(AT_ONCE, _LONGEST, _EACH)

    async def layout(
        self, request: Request, of: DocumentSummary, sought: tuple[Sought, ...]
    ) -> Drawn:
        """Sizes of the pages and where the words stand. Raises PolicyError with a sentence."""
        return await self._waited(request, lambda: self._layout(of, sought))

    async def picture(self, request: Request, of: DocumentSummary, page: int) -> bytes:
        """A PNG or a JPEG. Raises PolicyError with a sentence."""
        return await self._waited(request, lambda: self._picture(of, page))

    async def _waited(self, request: Request, work: Callable[[], T]) -> T:
        return await in_line(self._line, request, f"page-{secrets.token_hex(8)}", work)

    def _layout(self, of: DocumentSummary, sought: tuple[Sought, ...]) -> Drawn:
        key = of.sha256, sought
        with self._lock:
            if key in self._layouts:
                self._layouts.move_to_end(key)
                return self._layouts[key]
        drawn = self._drawn(of, Asked(of.sha256, sought=sought))
        with self._lock:
            self._layouts[key] = drawn
            if len(self._layouts) > _LAYOUTS:
                self._layouts.popitem(last=False)
        return drawn

    def _picture(self, of: DocumentSummary, page: int) -> bytes:
        name = f"{of.sha256}-{page}"
        if kept := self._kept.get(name):
            return kept
        picture = self._drawn(of, Asked(of.sha256, page=page, width=_WIDTH)).picture
        self._kept.put(name, picture)
        return picture

    def _drawn(self, of: DocumentSummary, asked: Asked) -> Drawn:
        """By the first of its files that is still as it was read."""
        why = FileRejected("原文件已不在原来的位置")
        for path in of.source_paths:
            try:
                return self._draw(path, asked)
            except FileRejected as error:
                why = error
        raise why


@dataclass
class Folder:
    """Contents by name, of which those not asked for longest go when there are too many bytes."""

    root: Path
    most: int
    _sizes: OrderedDict[str, int] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, name: str) -> bytes:
        """Empty where it is not kept, or no longer."""
        with self._lock:
            if name not in self._sizes:
                return b""
            self._sizes.move_to_end(name)
        with suppress(OSError):
            return (self.root / name).read_bytes()
        return b""

    def put(self, name: str, content: bytes) -> None:
        """What cannot be written is not kept: it can be drawn again."""
        fresh = self.root / f".{secrets.token_hex(8)}"
        try:
            self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
            fresh.write_bytes(content)
            fresh.replace(self.root / name)
        except OSError:
            fresh.unlink(missing_ok=True)
            return
        with self._lock:
            self._sizes[name] = len(content)
            self._sizes.move_to_end(name)
            over = sum(self._sizes.values()) - self.most
            while over > 0 and self._sizes:
                gone, size = self._sizes.popitem(last=False)
                over -= size
                (self.root / gone).unlink(missing_ok=True)


def kind_of(picture: bytes) -> str:
    return "image/png" if picture.startswith(b"\x89PNG") else "image/jpeg"
