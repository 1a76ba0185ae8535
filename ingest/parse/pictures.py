"""Pages of a PDF as pictures, and where words stand on them. Runs in a reader's process, under
its limits (ingest/worker_process.py): a hostile file costs what reading one may cost."""

import io
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from ingest.parse import leaves
from ingest.parse.kinds import Leaf
from ingest.parse.pdf import open_pdf
from vectorstore.errors import FileRejected
from vectorstore.files.pages import Asked, Box, Drawn, Sought

_UNITS = 10  # of a page's size, for a point: boxes are whole numbers
_PIXELS = 6_000_000  # A4 at 1600 pixels has 3.6 million; a page may claim 1.6 billion
_WIDEST = 1600
_LONGEST_SIDE = 20_000  # points: what a PDF may claim and still be shown in its proportions
_CHARACTERS = 60_000  # of one page that are looked at
_LINES = 400  # boxes of one mark on a page
_SLACK = 2.0  # points by which a comma may hang out of its line
_LARGE = 1_500_000  # bytes of a PNG; a scan becomes a JPEG
_ENOUGH = 0.5  # of the words that must be found, when they do not stand there in one piece


def draw(name: str, content: bytes, asked: Asked) -> Drawn:
    """Raises FileRejected with a sentence where there is no such page, or another content."""
    leaf = next((found for found in leaves(name, content)
                 if isinstance(found, Leaf) and found.name == asked.member), None)  # fmt: skip
    if leaf is None or leaf.kind != "pdf":
        raise FileRejected("原文件里没有这份 PDF")
    asked.require(leaf.content)
    document = open_pdf(leaf.content)
    try:
        if asked.page > len(document):
            raise FileRejected(f"这份 PDF 只有 {len(document)} 页")
        sizes = tuple(_size(*document.get_page_size(i)) for i in range(len(document)))
        boxes = tuple(box for sought in asked.sought for box in _found(document, sizes, sought))
        picture = _picture(document, asked.page, asked.width) if asked.page else b""
        return Drawn(sizes, boxes, picture)
    except pdfium.PdfiumError as error:
        raise FileRejected("PDF 的这一页已损坏，画不出来") from error
    finally:
        document.close()


def _size(width: float, height: float) -> tuple[int, int]:
    return tuple(  # type: ignore[return-value]
        int(min(max(side, 1.0), _LONGEST_SIDE) * _UNITS) for side in (width, height)
    )


def _picture(document: pdfium.PdfDocument, page: int, width: int) -> bytes:
    """As wide as asked, less for a page so long that its picture would not fit."""
    drawn = document[page - 1]
    across, down = drawn.get_size()
    area = max(across, 1.0) * max(down, 1.0)
    scale = min(min(width, _WIDEST) / max(across, 1.0), math.sqrt(_PIXELS / area))
    image = drawn.render(scale=scale).to_pil().convert("RGB")
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=4)
    if out.tell() > _LARGE:
        out = io.BytesIO()
        image.save(out, "JPEG", quality=82)
    return out.getvalue()


# --- words on a page ------------------------------------------------------------------------------


def _found(
    document: pdfium.PdfDocument, sizes: Sequence[tuple[int, int]], sought: Sought
) -> Iterator[Box]:
    """Where they stand, a box a line; nothing where the page has no text layer that holds them."""
    if not 1 <= sought.page <= len(sizes):
        return
    page = document[sought.page - 1]
    letters = _Letters.of(page.get_textpage())
    count = 0
    for first, last in letters.stretches(sought):
        for corners in letters.lines(first, last):
            if (count := count + 1) > _LINES:
                return
            yield _box(page, sizes[sought.page - 1], corners, sought)


def _box(
    page: pdfium.PdfPage, size: tuple[int, int], corners: Sequence[float], sought: Sought
) -> Box:
    """pdfium turns points of the page to where they are drawn: pages may be turned or cut."""
    left, bottom, right, top = corners
    points = [_on_picture(page, size, x, y) for x, y in ((left, bottom), (right, top))]
    (x0, y0), (x1, y1) = points
    return Box(sought.mark, sought.page, min(x0, x1), min(y0, y1), abs(x1 - x0), abs(y1 - y0))


def _on_picture(page: pdfium.PdfPage, size: tuple[int, int], x: float, y: float) -> tuple[int, int]:
    across, down = pdfium_c.c_int(), pdfium_c.c_int()
    pdfium_c.FPDF_PageToDevice(page.raw, 0, 0, *size, 0, x, y, across, down)
    return across.value, down.value


@dataclass(frozen=True)
class _Letters:
    """The visible characters of a page, as one text, with the index that each has there."""

    page: pdfium.PdfTextPage
    text: str
    indices: Sequence[int]

    @classmethod
    def of(cls, page: pdfium.PdfTextPage) -> "_Letters":
        letters, indices = [], []
        for i in range(min(page.count_chars(), _CHARACTERS)):
            code = pdfium_c.FPDFText_GetUnicode(page.raw, i)
            letter = chr(code) if 32 < code < 0x110000 and code not in (0xFFFE, 0xFFFF) else ""
            if letter and not letter.isspace():
                letters.append(letter)
                indices.append(i)
        return cls(page, "".join(letters), indices)

    def stretches(self, sought: Sought) -> list[tuple[int, int]]:
        """First and last index of the words: in one piece, or else those of its lines and cells
        that are there one after the other, provided that they are most of it."""
        whole = _visible(sought.words)
        if not whole:
            return []
        if (at := self._nth(whole, sought.nth)) >= 0:
            return [self._between(at, len(whole))]
        found, size, after = [], 0, 0
        for piece in map(_visible, sought.words.replace("\t", "\n").split("\n")):
            if len(piece) > 1 and (at := self.text.find(piece, after)) >= 0:
                found.append(self._between(at, len(piece)))
                size, after = size + len(piece), at + len(piece)
        return found if size >= _ENOUGH * len(whole) else []

    def _nth(self, words: str, nth: int) -> int:
        at = self.text.find(words)
        for _ in range(min(nth, _LINES)):
            following = self.text.find(words, at + 1) if at >= 0 else -1
            if following < 0:
                break
            at = following
        return at

    def _between(self, at: int, length: int) -> tuple[int, int]:
        return self.indices[at], self.indices[at + length - 1]

    def lines(self, first: int, last: int) -> Iterator[tuple[float, float, float, float]]:
        """Left, bottom, right, top of each line of a stretch, in points of the page. pdfium gives
        a rectangle for a run of letters, often for a single one: those of a line become one."""
        line: tuple[float, float, float, float] | None = None
        for number in range(self.page.count_rects(first, last - first + 1)):
            left, bottom, right, top = self.page.get_rect(number)
            if line and line[1] - _SLACK <= (bottom + top) / 2 <= line[3] + _SLACK:
                line = (min(line[0], left), min(line[1], bottom),
                        max(line[2], right), max(line[3], top))  # fmt: skip
                continue
            if line:
                yield line
            line = (left, bottom, right, top)
        if line:
            yield line


def _visible(words: str) -> str:
    return "".join(c for c in words if not c.isspace())
