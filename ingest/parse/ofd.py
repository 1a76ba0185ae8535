"""OFD, the national format for fixed layouts (GB/T 33190): a zip of XML pages."""

import posixpath
import re
from collections.abc import Iterator
from typing import Any

from ingest.parse.builder import TextBuilder
from ingest.parse.document import ParsedDocument
from ingest.parse.layout import Page, TextLine, write_pages
from ingest.parse.zipped import open_zip, parse_xml, read_member
from vectorstore.errors import FileRejected

MAX_PAGES = 2000
_POINTS = 72 / 25.4  # OFD measures in millimetres


def parse_ofd(content: bytes) -> ParsedDocument:
    """Text objects of all pages, put in lines by their positions."""
    archive = open_zip(content)
    names = {name.lower(): name for name in archive.namelist()}

    def load(path: str) -> Any:
        name = names.get(path.lstrip("/").lower())
        if name is None:
            raise FileRejected(f"OFD 文件缺少 {path[:60]}，已损坏")
        return parse_xml(read_member(archive, name))

    root = load("OFD.xml")
    pages: list[Page] = []
    seen: set[str] = set()
    for entry in _all(root, "DocRoot"):
        base = posixpath.dirname((entry.text or "").strip().lstrip("/"))
        document = load((entry.text or "").strip())
        for page in _all(document, "Page"):
            location = _resolve(base, page.get("BaseLoc") or "")
            if not page.get("BaseLoc") or location.lower() in seen:
                continue  # a page listed twice says nothing new, and may be listed 2,000 times
            seen.add(location.lower())
            if len(pages) >= MAX_PAGES:
                raise FileRejected(f"OFD 超过 {MAX_PAGES} 页；请拆分后再导入")
            pages.append(_page(load(location)))
    if not any(page.lines for page in pages):
        raise FileRejected("OFD 里没有文字（可能是图片版）；请转成 PDF 后再导入")
    builder = TextBuilder()
    write_pages(pages, builder)
    return builder.build("ofd", paged=True)


def _all(node: Any, name: str) -> Iterator[Any]:
    """Descendants of a local name, whatever prefix the file uses."""
    return (
        child
        for child in node.iter()
        if isinstance(child.tag, str) and child.tag.rpartition("}")[2] == name
    )


def _resolve(base: str, location: str) -> str:
    path = location.strip()
    return (
        path.lstrip("/") if path.startswith("/") else posixpath.normpath(posixpath.join(base, path))
    )


def _page(node: Any) -> Page:
    pieces = sorted(_pieces(node), key=lambda piece: (round(piece.top / 4), piece.left))
    lines: list[TextLine] = []
    for piece in pieces:
        above = lines[-1] if lines else None
        same = above and abs(above.bottom - piece.bottom) < 0.5 * piece.height
        if above and same and piece.left >= above.left:
            text = (
                above.text + (" " if piece.left - above.right > piece.height else "") + piece.text
            )
            lines[-1] = TextLine(
                text, above.left, above.top, max(above.right, piece.right), above.bottom
            )
        else:
            lines.append(piece)
    return Page(tuple(line for line in lines if line.text.strip()))


def _pieces(node: Any) -> Iterator[TextLine]:
    for item in _all(node, "TextObject"):
        box = [float(v) for v in re.findall(r"-?[\d.]+", item.get("Boundary", ""))]
        if len(box) != 4:
            continue
        size = float(re.match(r"[\d.]*", item.get("Size", "4"))[0] or 4)  # type: ignore[index]
        for code in _all(item, "TextCode"):
            text = (code.text or "").replace("\n", "")
            if not text.strip():
                continue
            left = (box[0] + _number(code.get("X"))) * _POINTS
            bottom = (box[1] + _number(code.get("Y"))) * _POINTS
            width = min(box[2], size * len(text)) * _POINTS
            yield TextLine(text, left, bottom - size * _POINTS, left + width, bottom)


def _number(text: str | None) -> float:
    match = re.match(r"-?[\d.]+", text or "")
    return float(match[0]) if match else 0.0
