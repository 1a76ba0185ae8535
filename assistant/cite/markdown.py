"""The little Markdown in which people and models write: lines with marks [n], and tables.

Read in one place, here, and only where text comes from outside: a model's answer, a section
that somebody has edited, a draft stored before there was a structure. Written for the editor,
for JSON and for the terminal.
"""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import groupby

from assistant.cite.splitting import line_of
from assistant.cite.structure import Body, Line, Piece, Sentence, Table

MARK = re.compile(r"\[(\d{1,3})\]")


def strip_marks(text: str) -> str:
    return MARK.sub("", text)


def drop_unknown_marks(text: str, known: Collection[int]) -> str:
    """Removes marks that no citation bears."""
    return MARK.sub(lambda m: m[0] if int(m[1]) in known else "", text)


# --- from text ------------------------------------------------------------------------------------


def parse(text: str) -> Body:
    """Lines as they stand, and runs of | lines as tables.

    The first line of a table is its header if a rule (| --- |) follows; without one it is a row
    like the others and is judged like them.
    """
    blocks: list[Line | Table[Sentence]] = []
    for is_table, lines in groupby(text.split("\n") if text else (), _is_row):
        if is_table:
            blocks.append(_table(list(lines)))
        else:
            blocks += (line_of(*_pieces(line)) for line in lines)
    return tuple(blocks)


def _is_row(line: str) -> bool:
    return line.strip().startswith("|")


def _table(lines: Sequence[str]) -> Table[Sentence]:
    ruled = len(lines) > 1 and _is_rule(lines[1]) and not _is_rule(lines[0])
    rows = tuple(_cells(line) for line in lines if not _is_rule(line))
    return Table(rows[0], rows[1:]) if ruled else Table((), rows)


def _is_rule(line: str) -> bool:
    """Whether a line separates a table's header from its body."""
    return "-" in line and set(line.strip()) <= set("|-: \t")


def _cells(line: str) -> tuple[Sentence, ...]:
    inner = line.strip().removeprefix("|").removesuffix("|")
    return tuple(Sentence(tuple(_pieces(cell.strip()))) for cell in inner.split("|"))


def _pieces(text: str) -> list[Piece]:
    words_and_numbers = MARK.split(text)
    return [
        int(part) if i % 2 else part for i, part in enumerate(words_and_numbers) if i % 2 or part
    ]


# --- to text --------------------------------------------------------------------------------------

Show = Callable[[Sentence], str]


def render(body: Body, show: Show = lambda sentence: sentence.text) -> str:
    """The inverse of `parse`; `show` gives the text of each sentence and cell."""
    return "\n".join(
        "".join(map(show, block.sentences)) if isinstance(block, Line) else table_text(block, show)
        for block in body
    )


def table_text(table: Table[Sentence], show: Show = lambda sentence: sentence.text) -> str:
    lines = [_row(map(show, row)) for row in (table.header, *table.rows) if row]
    if table.header:
        lines.insert(1, "|" + " --- |" * len(table.header))
    return "\n".join(lines)


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(c.replace("|", "｜").replace("\n", " ") for c in cells) + " |"
