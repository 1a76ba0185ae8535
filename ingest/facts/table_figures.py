"""Tables of indicators: rows with cells, rows drawn with bars, and cells that follow one another
as lines."""

from bisect import bisect_right
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from ingest.facts.columns import (
    ALL,
    ATTRIBUTE,
    BAR,
    IN_BRACKETS,
    ORDINAL,
    VAGUE,
    YEAR,
    Column,
    by_class,
    column_of,
    is_value_cell,
    plain_unit,
    role_of,
    scaled,
    shared_out,
    value_in,
)
from ingest.facts.heads import clean_start, split_group
from ingest.facts.material import Material, Quoted
from ingest.facts.places import Home, level_of
from ingest.facts.setting import Outline
from vectorstore.facts import Fact
from vectorstore.models import Passage

_MAX_CELL = 40
_MAX_ROW = 30  # lines without a whole row among them: no table


@dataclass(frozen=True, slots=True)
class Row:
    """Cells of one row, where it stands, and what its table is called by the line above."""

    cells: tuple[str, ...]
    quote: Quoted
    passage: Passage


@dataclass(frozen=True, slots=True)
class _Line:
    """A line as the source breaks it: cleaning may have joined those of a table."""

    text: str
    start: int
    end: int
    passage: Passage


@dataclass(frozen=True, slots=True)
class _Said:
    """What a row says of all its values."""

    subject: str
    unit: str
    place: str


class TableReader:
    """Reads the indicators of all tables of a document."""

    def __init__(self, material: Material, outline: Outline, home: Home):
        self._material = material
        self._calendar = outline.calendar
        self._nature = outline.nature
        self._home = home
        self._lines = tuple(_lines(material))
        self._taken: set[int] = set()

    def took(self, start: int) -> bool:
        """Whether what stands at an offset is part of a row that was read."""
        at = bisect_right(self._starts, start) - 1
        return at >= 0 and self._starts[at] in self._taken

    @cached_property
    def _starts(self) -> list[int]:
        return [line.start for line in self._lines]

    def facts(self) -> Iterator[Fact]:
        yield from self._celled()
        yield from self._drawn()
        yield from self._flat()

    def _celled(self) -> Iterator[Fact]:
        for passage in self._material.rows:
            headers = [cell.header for cell in passage.cells]
            called = "".join(passage.heading_path[-1:])
            columns = self._columns_of(headers, called)
            if columns:
                quote = self._material.span(passage.cells[0].start, passage.cells[-1].end)
                cells = tuple(self._material.cell(cell) for cell in passage.cells)
                yield from self._row(Row(cells, quote, passage), columns)

    def _drawn(self) -> Iterator[Fact]:
        columns: list[Column] = []
        called = ""  # the line above the table
        for line in self._lines:
            cells = _cells(line.text)
            called = line.text if len(cells) < 3 else called
            if len(cells) < 3:
                columns = []
            elif not columns or len(cells) != len(columns):
                columns = self._columns_of(cells, called)
                if columns:
                    self._take(line)
            else:
                self._take(line)
                row = Row(tuple(cells), self._material.span(line.start, line.end), line.passage)
                yield from self._row(row, columns)

    def _flat(self) -> Iterator[Fact]:
        """A header's cells one a line, then those of the rows."""
        lines = self._lines
        i = 0
        while i < len(lines):
            n = self._header_length(lines, i)
            if not n:
                i += 1
                continue
            columns = self._columns([line.text.strip() for line in lines[i : i + n]])
            i += n
            i = yield from self._flat_rows(lines, i, columns)

    def _flat_rows(
        self, lines: Sequence[_Line], i: int, columns: Sequence[Column]
    ) -> Generator[Fact, None, int]:
        """The rows from line i on; returns where the table ends."""
        row: list[_Line] = []
        while i < len(lines) and len(row) < _MAX_ROW and not _ends(lines[i]):
            if ATTRIBUTE.search(lines[i].text.strip()):
                self._take(lines[i])
            else:
                row.append(lines[i])
            if row and self._is_whole(row, columns):
                yield from self._flat_row(row, columns)
                row = []
            i += 1
        return i

    def _header_length(self, lines: Sequence[_Line], i: int) -> int:
        """How many lines from i are the header of a flat table; 0 for none."""
        n = 0
        while i + n < len(lines) and n < 12 and role_of(lines[i + n].text.strip(), self._nature):
            n += 1
        texts = [line.text.strip() for line in lines[i : i + n]]
        return n if n >= 2 and self._columns(texts) else 0

    def _is_whole(self, row: Sequence[_Line], columns: Sequence[Column]) -> bool:
        texts = _unnumbered([line.text.strip() for line in row], columns)
        wanted = sum(1 for c in columns if c.role in ("value", "change"))
        got = sum(map(is_value_cell, texts))
        return got >= wanted and not is_value_cell(texts[0])

    def _flat_row(self, row: Sequence[_Line], columns: Sequence[Column]) -> Iterator[Fact]:
        """Merged cells are missing: the values are the last ones, the indicator before them."""
        texts = _unnumbered([line.text.strip() for line in row], columns)
        row = row[len(row) - len(texts) :]
        values = [i for i, text in enumerate(texts) if is_value_cell(text)]
        wanted = [c for c in columns if c.role in ("value", "change")]
        values = values[-len(wanted) :]
        names = [t for t in texts[: values[0]] if not ATTRIBUTE.search(t) and not t.isdigit()]
        has_unit = any(c.role == "unit" for c in columns)
        unit = names.pop() if has_unit and len(names) > 1 and len(names[-1]) <= 8 else ""
        if not names:
            return
        for line in row:
            self._take(line)
        first = next(line for line in row if line.text.strip() == names[-1])
        quote = self._material.span(first.start, row[values[-1]].end)
        cells = (names[-1], unit, *(texts[i] for i in values))
        order = [Column("subject"), Column("unit" if unit else "other"), *wanted]
        yield from self._row(Row(cells, quote, first.passage), order)

    def _take(self, line: _Line) -> None:
        self._taken.add(line.start)

    def _columns_of(self, headers: Sequence[str], called: str) -> list[Column]:
        """`called` is what the table is called by the line above it."""
        return (
            self._columns(headers)
            or shared_out(headers, self._calendar, called)
            or by_class(headers)
        )

    def _columns(self, headers: Sequence[str]) -> list[Column]:
        """[] for a table that is none of indicators."""
        columns = [column_of(h.strip(), self._calendar, self._nature) for h in headers]
        roles = [column.role for column in columns]
        if self._nature == "statistics" and "value" in roles and roles[0] == "":
            columns[0], roles[0] = Column("subject", header=columns[0].header), "subject"
        if not ({"subject", "place"} & set(roles)) or "value" not in roles:
            return []
        return columns

    def _row(self, row: Row, columns: Sequence[Column]) -> Iterator[Fact]:
        subject, unit, place = "", "", ""
        for cell, column in zip(row.cells, columns, strict=False):
            if column.role == "subject":
                subject = cell
            elif column.role == "unit":
                unit = cell
            elif column.role == "place":
                place = cell
        subject = ORDINAL.remove_from(subject).strip()
        if bracket := IN_BRACKETS.search(subject):
            unit = unit or bracket["unit"]
            subject = subject[: bracket.start()]
        if len(subject) < 2 and not place:
            return
        counted = ""
        for cell, column in zip(row.cells, columns, strict=False):
            if column.role == "value" and not subject:
                counted = _of_header(column, row.passage.heading_path)
            value = value_in(cell)
            bound = column.role == "class" and value is not None and value.sign != "="
            if bound or (column.role in ("value", "change") and value):
                yield self._fact(row, column, cell, _Said(subject or counted, unit, place))

    def _fact(self, row: Row, column: Column, cell: str, said: _Said) -> Fact:
        value = value_in(cell)
        assert value is not None
        own_unit = column.unit or ("" if column.role == "change" else said.unit)
        name, factor = plain_unit(value.unit or own_unit)
        place = "" if ALL.search(said.place) else said.place
        subject = said.subject
        if column.role == "change":
            subject += "累计" if "累计" in column.header else "增长"
        group, subject = split_group(subject)
        if not group and column.header in ("城市", "农村", "城镇"):
            group = column.header
        if column.role == "class":
            group = column.header
        own = self._home.own
        return Fact(
            "target" if column.is_aim else "figure",
            self._material.document.id, row.quote.start, row.quote.end, row.quote.text,
            subject=subject, group=group, place=place or own.name,
            level=(level_of(place) if place else own.level),
            value=scaled(value.value, factor),
            high=None if value.high is None else scaled(value.high, factor),
            unit=name, text=cell, comparator=value.sign, year=column.year,
            heading_path=row.passage.heading_path, passage_id=row.passage.id,
        )  # fmt: skip


def _lines(material: Material) -> Iterator[_Line]:
    for passage in material.passages:
        if passage.cells or passage.kind == "filler":
            continue
        at = passage.start
        for line in material.document.text[passage.start : passage.end].split("\n"):
            text = line.strip()
            if text:
                start = at + line.index(text)
                yield _Line(text, start, start + len(text), passage)
            at += len(line) + 1


def _of_header(column: Column, headings: Sequence[str]) -> str:
    """What a column counts where its rows are places: its own words, or the heading's."""
    subject = YEAR.remove_from(IN_BRACKETS.remove_from(column.header)).strip()
    return clean_start("".join(headings[-1:])) if VAGUE.search(subject) else subject


def _unnumbered(texts: list[str], columns: Sequence[Column]) -> list[str]:
    """Without the number of the row, where the table has such a column."""
    numbered = any(c.header == "序号" for c in columns) and len(texts) > 1
    return texts[1:] if numbered and texts[0].isdigit() else texts


def _cells(text: str) -> list[str]:
    return [part.strip() for part in BAR.compiled.split(text.strip().strip("|｜"))]


def _ends(line: _Line) -> bool:
    text = line.text.strip()
    return len(text) > _MAX_CELL or text[-1:] in "。；：" or text.startswith(("注", "专栏", "（注"))
