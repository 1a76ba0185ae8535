"""Tables that lost their form: cells of a row parted by ｜ or white space, or one to a line."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ingest.facts.material import Piece
from vectorstore.language.pattern import Pattern

_LONGEST_HEADER = 14
_MAX_COLUMNS = 12
BAR = Pattern(
    r"\s{0,3}[｜|│┃]\s{0,3}",
    yes=("｜", " | "),
    no=("、", " "),
    why="parts the cells of a row in plain text",
)
SPACE = Pattern(
    r"[\s\u3000]{1,40}+", yes=(" ", "\u3000"), no=("、",), why="parts cells where nothing else does"
)
HEADER = Pattern(
    r"^[\u4e00-\u9fff（）()/、 \u3000]{1,14}$",
    yes=("牵头单位", "责 任 部 门", "序号"),
    no=("1", "加强领导。", "2026年目标"),
    why="a cell that can be the head of a column",
)


@dataclass(frozen=True, slots=True)
class FlatRow:
    """Cells by the heads of their columns, and the lines they stand in."""

    cells: tuple[tuple[str, str], ...]
    first: Piece
    last: Piece


def flat_rows(lines: Sequence[Piece], is_role: Callable[[str], bool]) -> Iterator[FlatRow]:
    """Rows under heads some of which name a role (`is_role`)."""
    at = 0
    while at < len(lines):
        headers = _heads(lines[at].text, is_role)
        if headers:
            rows = list(_rows_on_lines(lines, at + 1, headers))
            yield from rows
            at += 1 + len(rows)
            continue
        stacked = _stacked_heads(lines, at, is_role)
        if stacked:
            rows = list(_rows_of_lines(lines, at + len(stacked), stacked, is_role))
            yield from rows
            at += len(stacked) * (1 + len(rows))
            continue
        at += 1


def _cells(text: str) -> list[str]:
    if BAR.search(text):
        cells = [cell.strip() for cell in BAR.compiled.split(text)]
        while cells and not cells[0]:
            cells.pop(0)
        while cells and not cells[-1]:
            cells.pop()
        return cells
    return [cell for cell in SPACE.compiled.split(text.strip()) if cell]


def _heads(text: str, is_role: Callable[[str], bool]) -> list[str]:
    if len(text) > _LONGEST_HEADER * _MAX_COLUMNS:
        return []
    cells = _cells(text)
    fits = 2 <= len(cells) <= _MAX_COLUMNS and all(HEADER.search(cell) for cell in cells)
    return cells if fits and any(map(is_role, cells)) and not all(map(is_role, cells)) else []


def _rows_on_lines(lines: Sequence[Piece], at: int, headers: list[str]) -> Iterator[FlatRow]:
    """Rows of as many cells, a cell that is merged with the one above left out at the front."""
    above: list[str] = []
    for line in lines[at:]:
        if set(line.text) <= set("-—:：|｜ "):
            continue
        cells = _cells(line.text)
        lost = len(headers) - len(cells)
        if 0 < lost < len(above) and len(cells) > 1:
            cells = above[:lost] + cells
        if len(cells) != len(headers):
            return
        above = cells
        yield FlatRow(tuple(zip(headers, cells, strict=True)), line, line)


def _stacked_heads(lines: Sequence[Piece], at: int, is_role: Callable[[str], bool]) -> list[str]:
    heads: list[str] = []
    for line in lines[at : at + _MAX_COLUMNS]:
        text = line.text.strip()
        if not HEADER.search(text) or (heads and text in heads):
            break
        heads.append(text)
    roles = [i for i, head in enumerate(heads) if is_role(head)]
    return heads if len(heads) > 1 and roles and roles[0] > 0 else []


def _rows_of_lines(
    lines: Sequence[Piece], at: int, heads: list[str], is_role: Callable[[str], bool]
) -> Iterator[FlatRow]:
    """One cell to a line, as long as as many lines as heads follow and none is a sentence where
    organs are due."""
    size = len(heads)
    while at + size <= len(lines):
        group = lines[at : at + size]
        cells = tuple(zip(heads, (line.text.strip() for line in group), strict=True))
        if any(is_role(head) and ("。" in cell or len(cell) > 200) for head, cell in cells):
            return
        yield FlatRow(cells, group[0], group[-1])
        at += size
