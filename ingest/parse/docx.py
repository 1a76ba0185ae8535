"""Word documents: paragraphs with their automatic numbers, headings, tables, in order."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from docx import Document as open_docx
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph

from ingest.parse.builder import TextBuilder
from ingest.parse.document import ParsedDocument
from ingest.parse.zipped import MAX_XML, open_zip, parse_xml, read_member, without_dangling
from vectorstore.errors import FileRejected

MAX_COLUMNS = 63  # Word's own limit


def parse_docx(content: bytes) -> ParsedDocument:
    """Text with heading levels from styles and tables as rows.

    Numbers that Word makes itself (自动编号) are written out, since the text alone would lose
    一、 and (一). Deleted revisions are left out.
    """
    archive = open_zip(content)
    names = [name for name in archive.namelist() if name.endswith((".xml", ".rels"))]
    if sum(archive.getinfo(name).file_size for name in names) > MAX_XML:
        raise FileRejected(f"展开后的 XML 超过 {MAX_XML // 2**20} MB；请拆分后再导入")
    for name in names:  # python-docx would expand entities
        parse_xml(read_member(archive, name))
    try:
        document = open_docx(io.BytesIO(without_dangling(archive, content)))
    except (KeyError, ValueError, AttributeError, zipfile.BadZipFile, zlib.error) as error:
        raise FileRejected("Word 文件结构不完整，打不开；请用 Word 或 WPS 另存后再导入") from error
    builder = TextBuilder()
    numbers = _Numbering(document)
    for block in document.iter_inner_content():
        if isinstance(block, WordTable):
            builder.table(_rows(block))
        else:
            for line in _lines(block, numbers):
                builder.paragraph(line, _level(block))
    return builder.build("docx")


def _lines(paragraph: Paragraph, numbers: "_Numbering") -> Iterator[str]:
    text = _text(paragraph)
    if text.strip():
        number = numbers.of(paragraph)
        yield from f"{number}{text}".split("\n")


def _text(paragraph: Paragraph) -> str:
    """Visible text, hyperlinks and inserted revisions included, deleted ones not."""
    parts = []
    for node in paragraph._p.iter(qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:cr")):
        if any(parent.tag in (qn("w:del"), qn("w:txbxContent")) for parent in node.iterancestors()):
            continue
        if node.tag == qn("w:t"):
            parts.append(node.text or "")
        elif node.getparent().tag == qn("w:r"):
            parts.append("\t" if node.tag == qn("w:tab") else "\n")
    return "".join(parts)


def _level(paragraph: Paragraph) -> int | None:
    style = paragraph.style
    name = (style.name or "") if style is not None else ""
    if name == "Title":
        return 1
    match = re.match(r"(?:Heading|标题)\s*([1-9])$", name)
    return int(match[1]) if match else None


def _rows(table: WordTable) -> Iterator[list[str]]:
    """Cells by row, merged ones repeated.

    Read here and not by python-docx, which repeats a cell as often as a file says (10⁹ times)
    and climbs a vertical merge anew from each of its rows.
    """
    above: dict[int, str] = {}  # text by column, of the row before
    for tr in table._tbl.tr_lst:
        row: list[str] = []
        before = _count(tr, "w:trPr/w:gridBefore")
        for tc in tr.tc_lst:
            column = before + len(row)
            if tc.vMerge == "continue" and column in above:
                text = above[column]
            else:
                text = " ".join(_text(Paragraph(p, table)) for p in tc.p_lst).strip()
            row += [text] * min(_count(tc, "w:tcPr/w:gridSpan") or 1, MAX_COLUMNS - len(row))
        above = dict(enumerate(row, before))
        yield row


def _count(element: Any, path: str) -> int:
    """The number that a property of a cell or row gives; 0 without one."""
    found = element.xpath(path)
    value = found[0].get(qn("w:val")) or "" if found else ""
    return min(int(value), MAX_COLUMNS) if value.isdecimal() and len(value) < 12 else 0


# --- automatic numbers ------------------------------------------------------------------------

_DIGITS = "零一二三四五六七八九"


def chinese_numeral(number: int) -> str:
    """1 … 99 as 一 … 九十九."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十"
    return head + (_DIGITS[ones] if ones else "") or _DIGITS[0]


class _Numbering:
    """Counts list paragraphs as Word does and renders their numbers."""

    def __init__(self, document: WordDocument):
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        try:
            root: Any = getattr(document.part.numbering_part, "element", None)
        except (KeyError, NotImplementedError):
            return
        if root is None:  # declared as something else: the text is there without its numbers
            return
        abstract = {
            node.get(qn("w:abstractNumId")): node for node in root.findall(qn("w:abstractNum"))
        }
        for num in root.findall(qn("w:num")):
            reference = num.find(qn("w:abstractNumId"))
            source = abstract.get(reference.get(qn("w:val"))) if reference is not None else None
            if source is not None:
                self._levels[num.get(qn("w:numId"))] = dict(_level_formats(source))

    def of(self, paragraph: Paragraph) -> str:
        """The number in front of a paragraph, or ''."""
        place = _list_place(paragraph)
        levels = self._levels.get(place[0]) if place else None
        if place is None or levels is None or place[1] not in levels:
            return ""
        number, level = place
        counts = self._counts.setdefault(number, {})
        counts[level] = counts.get(level, levels[level][2] - 1) + 1
        for deeper in [key for key in counts if key > level]:
            del counts[deeper]
        _, pattern, _ = levels[level]
        return re.sub(r"%(\d)", lambda m: self._render(number, int(m[1]) - 1), pattern)

    def _render(self, number: str, level: int) -> str:
        kind, _, start = self._levels[number].get(level, ("decimal", "", 1))
        value = self._counts[number].get(level, start)
        if kind in (
            "chineseCounting",
            "chineseCountingThousand",
            "japaneseCounting",
            "ideographDigital",
            "taiwaneseCountingThousand",
        ):
            return chinese_numeral(value)
        if kind == "decimalEnclosedCircle" and 1 <= value <= 20:
            return chr(0x2460 + value - 1)
        if kind in ("lowerLetter", "upperLetter"):
            letter = chr(ord("a") + (value - 1) % 26)
            return letter.upper() if kind == "upperLetter" else letter
        return str(value)


def _level_formats(abstract: Any) -> Iterator[tuple[int, tuple[str, str, int]]]:
    for level in abstract.findall(qn("w:lvl")):
        values = {}
        for name in ("numFmt", "lvlText", "start"):
            node = level.find(qn(f"w:{name}"))
            values[name] = node.get(qn("w:val")) if node is not None else None
        kind, pattern = values["numFmt"] or "decimal", values["lvlText"] or ""
        if kind not in ("bullet", "none") and "%" in pattern:
            start = int(values["start"] or 1) if (values["start"] or "").isdigit() else 1
            yield int(level.get(qn("w:ilvl"))), (kind, pattern, start)


def _list_place(paragraph: Paragraph) -> tuple[str, int] | None:
    """(list id, level) of a paragraph, its own or its style's."""
    holders: list[Any] = [paragraph._p.pPr]
    if paragraph.style is not None:
        holders.append(paragraph.style.element.find(qn("w:pPr")))
    for properties in holders:
        node: Any = properties.find(qn("w:numPr")) if properties is not None else None
        number: Any = node.find(qn("w:numId")) if node is not None else None
        if number is not None:
            level = node.find(qn("w:ilvl"))
            return number.get(qn("w:val")), int(level.get(qn("w:val"))) if level is not None else 0
    return None
