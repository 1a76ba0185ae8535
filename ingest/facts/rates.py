"""Tables of rates: a class in each row, what is paid for it in a column; also flattened ones."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.facts.material import Material, Piece, Quoted
from ingest.facts.sums import Sum, sums
from vectorstore.facts import Fact
from vectorstore.language.numbering import enumerator
from vectorstore.language.numerals import number_of
from vectorstore.language.sentences import SENTENCE_MARK
from vectorstore.language.sums import CELL_MARK, RATE_HEAD, SAYS_A_SENTENCE, UNIT_HEAD, UNIT_IN_HEAD

_CAPTION, _HEAD = 40, 20  # characters


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a table, cut into cells under the names of its columns."""

    heads: tuple[str, ...]
    cells: tuple[str, ...]
    caption: str
    quoted: Quoted
    headings: tuple[str, ...]
    passage_id: str


def read_rates(material: Material) -> Iterator[Fact]:
    for entry in (*_rows(material), *_flattened(material)):
        for at, head in enumerate(entry.heads):
            if RATE_HEAD.search(head) and at < len(entry.cells):
                one = _sum(entry, at)
                if one:
                    yield _fact(material, entry, at, one)


def _rows(material: Material) -> Iterator[Entry]:
    for passage in material.rows:
        cells = tuple(material.cell(cell) for cell in passage.cells)
        heads = tuple(cell.header for cell in passage.cells)
        first, last = passage.cells[0].start, passage.cells[-1].end
        caption = passage.heading_path[-1] if passage.heading_path else ""
        quoted = material.span(first, last)
        yield Entry(heads, cells, caption, quoted, passage.heading_path, passage.id)


def _flattened(material: Material) -> Iterator[Entry]:
    """Lines under a line of column names that all have as many cells as it."""
    heads: tuple[str, ...] = ()
    caption = above = ""
    for line in material.lines:
        cells = _cells(line.text)
        if _is_head(cells):
            heads, caption = cells, above
        elif heads and len(heads) - 1 <= len(cells) <= len(heads):
            yield Entry(heads, cells, caption, material.quote(line), line.headings, line.passage.id)
        else:
            heads, above = (), _caption(line)


def _cells(text: str) -> tuple[str, ...]:
    """None for a line of running text: a sentence, or one that a number opens."""
    if SAYS_A_SENTENCE.search(text) or enumerator(text):
        return ()
    return tuple(cell.strip() for cell in CELL_MARK.compiled.split(text.strip()))


def _is_head(cells: Sequence[str]) -> bool:
    short = len(cells) > 1 and all(len(cell) <= _HEAD for cell in cells)
    return short and any(map(RATE_HEAD.search, cells)) and not any(map(sums_in, cells))


def sums_in(text: str) -> bool:
    return next(sums(text), None) is not None or bool(SENTENCE_MARK.search(text))


def _caption(line: Piece) -> str:
    text = line.text.strip()
    return text if len(text) <= _CAPTION and not SENTENCE_MARK.search(text) else ""


def _sum(entry: Entry, at: int) -> Sum | None:
    """What a cell says, with the unit of its own, of its column or of the table."""
    cell = entry.cells[at]
    own = next(sums(cell), None)
    if own:
        return own
    if number_of(cell.replace(",", "")) is None:
        return None
    return next(sums(cell + _unit(entry, at)), None)


def _unit(entry: Entry, at: int) -> str:
    for text in (entry.heads[at], *_unit_cells(entry), entry.caption):
        if match := UNIT_IN_HEAD.search(text):
            return match["unit"]
    return "元"


def _unit_cells(entry: Entry) -> Iterator[str]:
    for head, cell in zip(entry.heads, entry.cells, strict=False):
        if UNIT_HEAD.search(head):
            yield f"（{cell}）"


def _fact(material: Material, entry: Entry, at: int, one: Sum) -> Fact:
    classes = [
        cell for head, cell in zip(entry.heads[:at], entry.cells, strict=False)
        if cell and number_of(cell) is None and not UNIT_HEAD.search(head)
    ]  # fmt: skip
    head = UNIT_IN_HEAD.remove_from(entry.heads[at])
    return Fact(
        kind="amount", document_id=material.document.id,
        start=entry.quoted.start, end=entry.quoted.end, quote=entry.quoted.text,
        subject=f"{entry.caption} {head}".strip(), group=" ".join(classes),
        value=one.value, high=one.high, unit=one.unit, comparator=one.comparator,
        text=entry.cells[at], heading_path=entry.headings, passage_id=entry.passage_id,
    )  # fmt: skip
