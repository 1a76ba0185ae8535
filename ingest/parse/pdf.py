"""PDF: the text layer by pypdfium2, ruled tables by pdfplumber, scanned pages by OCR."""

import io
import logging
import math
import re
from collections.abc import Iterator

import pdfplumber
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from ingest.parse.builder import TextBuilder
from ingest.parse.document import ParsedDocument
from ingest.parse.layout import Page, TableBox, TextLine, write_pages
from ingest.parse.limits import TABLE_SECONDS, Scans, stage
from vectorstore.errors import FileRejected

log = logging.getLogger(__name__)

MAX_PAGES = 2000
_OCR_SCALE = 200 / 72
_OCR_PIXELS = 10_000_000  # A3 has 8 million at 200 dpi; a page may claim 1.6 billion
_FEW_CHARACTERS = 12
_RULES = 6  # drawn paths on a page below which no table is looked for


def parse_pdf(content: bytes) -> ParsedDocument:
    """Paragraphs and tables with page starts. A page without readable text is read by OCR."""
    document = open_pdf(content)
    try:
        tables, scans = _Tables(content), Scans()
        pages = [_read_page(document, number, tables, scans) for number in range(len(document))]
    finally:
        document.close()
    builder = TextBuilder()
    write_pages(pages, builder)
    return builder.build("pdf", paged=True)


def open_pdf(content: bytes) -> pdfium.PdfDocument:
    """Raises FileRejected for one that cannot be opened, or has too many pages."""
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise FileRejected("PDF 加了密码；请去掉密码后再导入") from error
        raise FileRejected("PDF 已损坏，打不开") from error
    if (count := len(document)) > MAX_PAGES:
        document.close()
        raise FileRejected(f"PDF 有 {count} 页，超过上限 {MAX_PAGES} 页；请拆分后再导入")
    return document


def _read_page(document: pdfium.PdfDocument, number: int, tables: "_Tables", scans: Scans) -> Page:
    try:
        page = document[number]
    except pdfium.PdfiumError as error:
        raise FileRejected(f"PDF 第 {number + 1} 页已损坏，打不开") from error
    height = page.get_height()
    textpage = page.get_textpage()
    lines = list(_lines(textpage, height))
    shown = "".join(line.text for line in lines)
    if len(shown.strip()) < _FEW_CHARACTERS or not _is_readable(shown):
        scanned = _scan(page, shown, scans)
        if scanned is not None:
            return Page(tuple(scanned), height=height)
    found: tuple[TableBox, ...] = ()
    if _has_rules(page):
        with stage(f"第 {number + 1} 页的表格", TABLE_SECONDS):
            found = tables.on(number)
    outside = tuple(
        line for line in lines
        if not any(t.top - 2 <= (line.top + line.bottom) / 2 <= t.bottom + 2 for t in found)
    )  # fmt: skip
    return Page(outside, found, height)


def _lines(textpage: pdfium.PdfTextPage, height: float) -> Iterator[TextLine]:
    """pdfium's lines, with the boxes of their first and last characters."""
    text = textpage.get_text_range(errors="replace")
    for match in re.finditer(r"[^\r\n\ufffe\x02]+", text):
        inside = match[0]
        first = match.start() + len(inside) - len(inside.lstrip())
        last = match.start() + len(inside.rstrip()) - 1
        if last < first:
            continue
        boxes = [_box(textpage, i) for i in (first, (first + last) // 2, last)]
        left = min(box[0] for box in boxes)
        right = max(box[2] for box in boxes)
        bottom = min(box[1] for box in boxes)
        top = max(box[3] for box in boxes)
        yield TextLine(inside.strip(), left, height - top, right, height - bottom)


def _box(textpage: pdfium.PdfTextPage, index: int) -> tuple[float, float, float, float]:
    try:
        left, bottom, right, top = textpage.get_charbox(index, loose=True)
        return left, bottom, right, top
    except (pdfium.PdfiumError, IndexError):  # characters outside the BMP shift the indices
        return 0.0, 0.0, 0.0, 0.0


def _is_readable(text: str) -> bool:
    """False for a layer of boxes and private characters, as mangled fonts give."""
    visible = [c for c in text if not c.isspace()]
    good = sum(
        c.isascii()
        or "\u3000" <= c <= "\u9fff"
        or "\uff00" <= c <= "\uffef"
        or c in "—–“”‘’…·①②③④⑤⑥⑦⑧⑨⑩"
        for c in visible
    )
    return not visible or good >= 0.6 * len(visible)


def _has_rules(page: pdfium.PdfPage) -> bool:
    paths = 0
    for item in page.get_objects(max_depth=2):
        paths += item.type == pdfium_c.FPDF_PAGEOBJ_PATH
        if paths >= _RULES:
            return True
    return False


def _scan(page: pdfium.PdfPage, text: str, scans: Scans) -> list[TextLine] | None:
    """Lines by OCR; None for a page that is merely empty."""
    has_image = any(
        item.type == pdfium_c.FPDF_PAGEOBJ_IMAGE for item in page.get_objects(max_depth=3)
    )
    if not has_image and not text.strip():
        return None
    from ingest.parse.ocr import read_lines

    scale = _scale(*page.get_size())
    with scans.page():
        return read_lines(page.render(scale=scale).to_numpy(), scale)


def _scale(width: float, height: float) -> float:
    """Pixels for a point: 200 dpi, less for a page so large that its picture would not fit."""
    return min(_OCR_SCALE, math.sqrt(_OCR_PIXELS / max(width * height, 1.0)))


class _Tables:
    """Ruled tables by page; the file is opened a second time only when a page needs it."""

    def __init__(self, content: bytes):
        self._content = content
        self._document: pdfplumber.PDF | None = None

    def on(self, number: int) -> tuple[TableBox, ...]:
        if self._document is None:
            self._document = pdfplumber.open(io.BytesIO(self._content))
        page = self._document.pages[number]
        found = []
        for table in page.find_tables():
            rows = [
                tuple((cell or "").replace("\n", "") for cell in row) for row in table.extract()
            ]
            filled = sum(bool(cell.strip()) for row in rows for cell in row)
            if len(rows) >= 2 and len(rows[0]) >= 2 and filled >= len(rows):
                _, top, _, bottom = table.bbox
                found.append(TableBox(top, bottom, tuple(_fill_merged(rows))))
        page.close()
        return tuple(found)


def _fill_merged(rows: list[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """A first cell that was merged over several rows is repeated."""
    above: tuple[str, ...] | None = None
    for row in rows:
        if (
            above is not None
            and row
            and not row[0].strip()
            and any(cell.strip() for cell in row[1:])
        ):
            row = (above[0], *row[1:])
        yield row
        above = row
