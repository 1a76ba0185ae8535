"""Scans and pictures, read by rapidocr with the PP-OCR models of its own wheel."""

import io
import logging
from functools import cache
from typing import Any

import numpy as np
from PIL import Image, UnidentifiedImageError

from ingest.parse.builder import TextBuilder
from ingest.parse.document import ParsedDocument
from ingest.parse.layout import Page, TextLine, write_pages
from ingest.parse.limits import Scans
from vectorstore.errors import FileRejected

MAX_PIXELS = 60_000_000
_SURE = 0.5  # recognition scores below this are noise: stamps, stains, signatures


def parse_image(content: bytes) -> ParsedDocument:
    """One picture, or all pages of a multi-page TIFF."""
    Image.MAX_IMAGE_PIXELS = None  # checked here, before anything is decoded
    pages, scans = [], Scans()
    try:
        with Image.open(io.BytesIO(content)) as image:
            for number in range(getattr(image, "n_frames", 1)):
                with scans.page():
                    image.seek(number)
                    pages.append(_read_frame(image))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise FileRejected("图片打不开（已损坏）") from error
    builder = TextBuilder()
    write_pages(pages, builder)
    return builder.build("image", paged=True)


def _read_frame(image: Image.Image) -> Page:
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise FileRejected(
            f"图片有 {width}×{height} 像素，超过上限 {MAX_PIXELS // 10_000} 万；请缩小后再导入"
        )
    frame = np.asarray(image.convert("RGB"))[:, :, ::-1]
    return Page(tuple(read_lines(frame, 1.0)), height=float(height))


def read_lines(image: "np.ndarray[Any, Any]", scale: float) -> list[TextLine]:
    """Lines of a BGR image from top to bottom; boxes divided by `scale` are points."""
    result = _engine()(image)
    if result is None or result.boxes is None:
        return []
    pieces = []
    for box, text, score in zip(result.boxes, result.txts, result.scores, strict=True):
        if score >= _SURE and text.strip():
            (left, top), (right, bottom) = box.min(axis=0) / scale, box.max(axis=0) / scale
            pieces.append(
                TextLine(text.strip(), float(left), float(top), float(right), float(bottom))
            )
    return _rows(pieces)


def _rows(pieces: list[TextLine]) -> list[TextLine]:
    """Pieces that stand side by side are one line."""
    lines: list[TextLine] = []
    for piece in sorted(pieces, key=lambda p: (p.top, p.left)):
        above = lines[-1] if lines else None
        if (
            above
            and abs((above.top + above.bottom) - (piece.top + piece.bottom)) / 2
            < 0.4 * piece.height
        ):
            first, second = sorted((above, piece), key=lambda p: p.left)
            gap = " " if second.left - first.right > first.height else ""
            lines[-1] = TextLine(
                first.text + gap + second.text, first.left, min(first.top, second.top),
                max(first.right, second.right), max(first.bottom, second.bottom),
            )  # fmt: skip
        else:
            lines.append(piece)
    return lines


@cache
def _engine() -> Any:
    try:
        from rapidocr import RapidOCR
    except ImportError as error:
        raise FileRejected(
            "扫描件需要文字识别，请先安装：pip install rapidocr onnxruntime"
        ) from error
    logging.getLogger("RapidOCR").setLevel(logging.WARNING)
    return RapidOCR(params={"Global.log_level": "warning"})
