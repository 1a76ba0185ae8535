"""What every parser returns."""

from collections.abc import Mapping
from dataclasses import dataclass, field


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
