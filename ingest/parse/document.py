"""What every parser returns."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of a real table: the cells' spans in the text, merged cells repeated."""

    start: int
    end: int
    cells: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table in reading order. The first `header_rows` rows hold the names in `headers`."""

    rows: tuple[TableRow, ...]
    headers: tuple[str, ...]
    header_rows: int = 1


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """The text of one file. All offsets refer to `text`.

    `text` is the decoded file for plain formats and the extracted text for the others.
    `paragraphs` says that each line is a whole paragraph, so that no broken lines are joined.
    `heading_lines` maps the offset of a line to the level that its style gives it.
    `hints` holds metadata that stands in the file but not in its text (HTML meta elements).
    """

    text: str
    format: str
    page_starts: tuple[int, ...] = ()
    tables: tuple[Table, ...] = ()
    heading_lines: Mapping[int, int] = field(default_factory=dict)
    hints: Mapping[str, str] = field(default_factory=dict)
    paragraphs: bool = False


_SURROGATES = re.compile("[\ud800-\udfff]")


def clean_text(text: str) -> str:
    """Lone surrogates, which no file and no database takes, as U+FFFD; the length stays."""
    return _SURROGATES.sub("\ufffd", text)


def without_surrogates(document: ParsedDocument) -> ParsedDocument:
    if not _SURROGATES.search(document.text) and not document.hints:
        return document
    hints = {name: clean_text(value) for name, value in document.hints.items()}
    return replace(document, text=clean_text(document.text), hints=hints)


def printable(name: str) -> str:
    """A file's name for people and the catalogue: bytes that are no text, control characters
    and lone surrogates are written as escapes, so that different names stay different."""
    return "".join(c if c.isprintable() or c == "\u3000" else _escape(c) for c in name)


def _escape(character: str) -> str:
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # os.fsdecode: a byte that is no UTF-8
        code -= 0xDC00
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
