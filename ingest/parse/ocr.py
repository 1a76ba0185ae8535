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
from vectorstore.errors import FileRejected

MAX_PIXELS = 60_000_000
_SURE = 0.5  # recognition scores below this are noise: stamps, stains, signatures


def parse_image(content: bytes) -> ParsedDocument:
    """One picture, or all pages of a multi-page TIFF."""
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    pages = []
    try:
        with Image.open(io.BytesIO(content)) as image:
            for number in range(min(getattr(image, "n_frames", 1), 200)):
                image.seek(number)
                frame = np.asarray(image.convert("RGB"))[:, :, ::-1]
                pages.append(Page(tuple(read_lines(frame, 1.0)), height=float(frame.shape[0])))
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError) as error:
        raise FileRejected("图片打不开（已损坏，或像素过多）") from error
    builder = TextBuilder()
    write_pages(pages, builder)
    return builder.build("image", paged=True)


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
