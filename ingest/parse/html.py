"""Web pages of government portals: the main text, its tables, and what the page says of it."""

import itertools
import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ingest.parse.builder import TextBuilder
from ingest.parse.document import ParsedDocument
from ingest.parse.limits import require_length
from ingest.parse.text import decode
from ingest.patterns import LABEL_LINE, LABEL_START
from vectorstore.errors import FileRejected

_DROPPED = (
    "script, style, noscript, template, iframe, object, svg, canvas, form, button, select, "
    "nav, footer, head, [hidden], [aria-hidden=true], [style*='display:none'], "
    "[style*='display: none']"
)
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_HEADINGS = {f"h{i}": i for i in range(1, 7)}
# Meta elements that China's portals are required to carry (政府网站发展指引).
_META = {
    "articletitle": "title",
    "pubdate": "date_published",
    "contentsource": "publisher",
}
_MAX_DEPTH = 400
_MAX_NESTED = 40_000  # elements; the parser's time grows with the square, 3 s for this many
_NESTING = re.compile(
    r"<(/?)(?:div|span|font|b|i|u|em|strong|a|section|article|center|blockquote|ul|ol|table)\b",
    re.IGNORECASE,
)


def parse_html(content: bytes) -> ParsedDocument:
    """The main part of a page as lines, with tables and heading levels.

    Scripts and hidden parts are dropped; nothing of the page is executed or fetched.
    """
    # Decoded here, not by the parser: pages declare gb2312 and use gb18030.
    source = decode(content)
    if _depth(source) > _MAX_NESTED:
        raise FileRejected("网页嵌套太深，读不了")
    tree = LexborHTMLParser(source)
    hints = dict(_meta(tree))
    body = tree.body
    if body is None:
        return TextBuilder().build("html", hints)
    for node in tree.css(_DROPPED):
        node.decompose()
    main = _main_part(body)
    writer = _Writer()
    if main != body:
        _write_outside(body, main, writer)
    writer.walk(main)
    return writer.builder.build("html", hints)


def _depth(source: str) -> int:
    """How many elements are open at once, of those that nest without an end."""
    depth = deepest = 0
    for match in _NESTING.finditer(source):
        depth = max(0, depth - 1) if match[1] else depth + 1
        deepest = max(deepest, depth)
    return deepest


def _meta(tree: LexborHTMLParser) -> Iterator[tuple[str, str]]:
    for node in tree.css("meta[name][content]"):
        field = _META.get((node.attributes.get("name") or "").lower())
        value = (node.attributes.get("content") or "").strip()
        if field and value and len(value) <= 200:
            yield field, value


# --- which part of the page is the document ---------------------------------------------------


def _main_part(body: LexborNode) -> LexborNode:
    """The deepest element that holds nearly all sentences of the page."""
    total = _sentence_length(body)
    node = body
    for _ in range(_MAX_DEPTH):
        heavy = [c for c in node.iter() if _sentence_length(c) >= 0.85 * total]
        if not total or len(heavy) != 1 or heavy[0].tag in ("table", "p", "ul", "ol", "dl"):
            break
        node = heavy[0]
    return node


def _sentence_length(node: LexborNode) -> int:
    """Characters of lines that hold a sentence; menus and link lists have none."""
    lines = node.text(separator="\n").split("\n")
    return sum(len(line) for line in lines if "。" in line or "；" in line or "，" in line)


def _write_outside(body: LexborNode, main: LexborNode, writer: "_Writer") -> None:
    """What stands above the main part and belongs to the document: information block, title."""
    outer = _Writer()
    outer.walk(body, stop=main)
    text = outer.builder.build("html").text
    for line in text.split("\n"):
        cells = [cell.strip() for cell in line.split("\t")]
        pairs = [
            f"{a.rstrip('：: ')}：{b}" for a, b in itertools.pairwise(cells) if LABEL_LINE.match(a)
        ]
        for pair in pairs:
            writer.builder.paragraph(pair)
        if (not pairs and (LABEL_LINE.match(line) or LABEL_START.search(line))) or (
            line.strip() and not pairs and _is_value(text, line)
        ):
            writer.builder.paragraph(line)
    for heading in body.css("h1, .title, #title, .article-title, .wzbt, .xxgk_title"):
        inside = main.mem_id in {node.mem_id for node in _ancestors(heading)}
        title = heading.text(strip=True)
        if not inside and 6 <= len(title) <= 120:
            writer.builder.paragraph(title, 1)
            break


def _is_value(text: str, line: str) -> bool:
    """Whether the line right above is a label that waits for its value."""
    above = text[: text.index(line)].rstrip("\n").rsplit("\n", 1)[-1]
    return bool(LABEL_LINE.match(above)) and len(line) <= 80


def _ancestors(node: LexborNode) -> Iterator[LexborNode]:
    parent = node.parent
    while parent is not None:
        yield parent
        parent = parent.parent


# --- elements to lines ------------------------------------------------------------------------


class _Writer:
    """Walks elements without recursion: hostile pages nest them thousands deep."""

    def __init__(self) -> None:
        self.builder = TextBuilder()
        self._line: list[str] = []

    def walk(self, root: LexborNode, stop: LexborNode | None = None) -> None:
        """Writes `root`, up to the element `stop`."""
        stack: list[tuple[LexborNode, bool]] = [(root, False)]
        while stack:
            node, leaving = stack.pop()
            if leaving:
                self._flush(_HEADINGS.get(node.tag or ""))
            elif stop is not None and node.mem_id == stop.mem_id:
                break
            elif node.tag == "-text":
                self._line.append(node.text_content or "")
            elif node.tag == "br":
                self._flush(None)
            elif node.tag == "table" and _is_data(node):
                self._flush(None)
                self.builder.table(_rows(node))
            elif node.tag and not node.tag.startswith("-"):
                if node.tag in _BLOCKS:
                    self._flush(None)
                    stack.append((node, True))
                children = list(node.iter(include_text=True))
                stack.extend((child, False) for child in reversed(children))
        self._flush(None)

    def _flush(self, level: int | None) -> None:
        text = re.sub(r"[ \t\r\n]+", " ", "".join(self._line)).strip()
        self._line.clear()
        self.builder.paragraph(text, level)


def _is_data(table: LexborNode) -> bool:
    """A table of data, not one that lays out the page."""
    if table.css_first("table table") or table.css_first("td p + p + p + p + p"):
        return False
    rows = table.css("tr")
    cells = table.css("td, th")
    return len(rows) >= 2 and len(cells) >= 2 * len(rows) * 0.6 and len(cells) > len(rows)


def _rows(table: LexborNode) -> list[list[str]]:
    """Cells by row; what rowspan and colspan merged is repeated."""
    grid: list[list[str]] = []
    size = 0  # characters; a cell of one page stood for 2,500
    carried: dict[int, tuple[int, str]] = {}  # column → rows left, text
    for tr in table.css("tr"):
        row: list[str] = []
        cells = [c for c in tr.iter() if c.tag in ("td", "th")]
        while cells or len(row) in carried:
            column = len(row)
            if column in carried:
                left, text = carried.pop(column)
                if left > 1:
                    carried[column] = (left - 1, text)
                row.append(text)
                continue
            cell = cells.pop(0)
            text = cell.text(separator=" ", strip=True)
            size += max(1, len(text)) * _count(cell, "colspan") * _count(cell, "rowspan")
            require_length(size)
            for i in range(_count(cell, "colspan")):
                if (down := _count(cell, "rowspan")) > 1:
                    carried[column + i] = (down - 1, text)
                row.append(text)
        grid.append(row)
    return grid


def _count(cell: LexborNode, name: str) -> int:
    value = cell.attributes.get(name) or "1"
    return min(int(value), 50) if value.isdigit() and value != "0" else 1
