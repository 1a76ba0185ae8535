"""What an answer or a section of a draft says: lines of sentences, and tables. Pure values.

Text is cut into sentences once (splitting.py), when it is composed or when it comes in from
outside (markdown.py). Each sentence carries its own check from then on, and whatever shows it
(page, Word, Markdown, text, JSON) walks this structure: what is judged is what is shown.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Generic, Literal, TypeVar

# A sentence in the author's own words that states no borrowed fact is `own` (drafts only).
Verdict = Literal["supported", "unsupported", "uncited", "own"]
Piece = str | int  # words as they stand, or the mark of a source

NOT_STATED = "未载明"


@dataclass(frozen=True, slots=True)
class Check:
    """The verdict on one sentence; `problems` are sentences for the user. `marks` are the
    sources it was held against, shown or not: of a quotation of several sentences only the last
    shows them."""

    sentence: str
    marks: tuple[int, ...]
    verdict: Verdict
    problems: tuple[str, ...] = ()
    is_foreign: bool = False  # states another place's figure as one's own (drafts only)

    @property
    def is_refuted(self) -> bool:
        """Whether the sentence is shown struck through, with the reason."""
        return self.verdict == "unsupported"

    @property
    def reason(self) -> str:
        return "；".join(self.problems)


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words and marks in the order in which they are shown. A cell of a table is one too.

    `answers` are the stretches of `plain` that answer by themselves: shown with emphasis.
    """

    pieces: tuple[Piece, ...] = ()
    check: Check | None = None
    answers: tuple[tuple[int, int], ...] = ()

    @property
    def plain(self) -> str:
        """The words without the marks."""
        return "".join(piece for piece in self.pieces if isinstance(piece, str))

    @property
    def text(self) -> str:
        """The words with the marks in them: 建成120个。[1]"""
        return "".join(p if isinstance(p, str) else f"[{p}]" for p in self.pieces)

    @property
    def marks(self) -> tuple[int, ...]:
        return tuple(dict.fromkeys(piece for piece in self.pieces if isinstance(piece, int)))

    @property
    def all_marks(self) -> frozenset[int]:
        """Those shown, and those it was held against."""
        return frozenset((*self.marks, *(self.check.marks if self.check else ())))


Cell = TypeVar("Cell")


@dataclass(frozen=True, slots=True)
class Table(Generic[Cell]):
    """Rows of cells; the first cell of a row names it. Without a header every row states
    something."""

    header: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph: its sentences are all of it, white space included. Without any it is an
    empty line."""

    sentences: tuple[Sentence, ...] = ()

    @property
    def text(self) -> str:
        return "".join(sentence.text for sentence in self.sentences)


Block = Line | Table[Sentence]
Body = tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a sentence stands: in a line, or in the row of a table with the name `row`. The
    names of columns and rows are `is_name`; a row that is one cell has no other name."""

    row: str | None = None
    is_name: bool = False


Change = Callable[[Sentence, Spot], Sentence | None]


def walk(body: Body) -> Iterator[tuple[Sentence, Spot]]:
    """Every sentence and every cell in the order in which they are shown."""
    for block in body:
        if isinstance(block, Line):
            yield from ((sentence, Spot()) for sentence in block.sentences)
        else:
            yield from ((cell, Spot("", is_name=True)) for cell in block.header)
            for row in block.rows:
                yield from zip(row, _spots(row), strict=True)


def sentences_in(body: Body) -> Iterator[Sentence]:
    return (sentence for sentence, _ in walk(body))


def marks_of(body: Body) -> tuple[int, ...]:
    """The marks in a body, in the order of their first use."""
    return tuple(dict.fromkeys(mark for s in sentences_in(body) for mark in s.marks))


def changed(body: Body, change: Change) -> Body:
    """`body` with each sentence as `change` gives it back. Without one it leaves its line, and
    its cell is empty."""
    return tuple(_changed(block, change) for block in body)


def _changed(block: Block, change: Change) -> Block:
    if isinstance(block, Line):
        kept = (change(sentence, Spot()) for sentence in block.sentences)
        return Line(tuple(sentence for sentence in kept if sentence is not None))
    head = Spot("", is_name=True)
    header = tuple(change(cell, head) or Sentence() for cell in block.header)
    rows = tuple(
        tuple(change(*at) or Sentence() for at in zip(row, _spots(row), strict=True))
        for row in block.rows
    )
    return Table(header, rows)


def _spots(row: tuple[Sentence, ...]) -> list[Spot]:
    return [Spot(row[0].plain, is_name=i == 0 and len(row) > 1) for i in range(len(row))]


def renumbered(body: Body, number: Mapping[int, int]) -> Body:
    """`body` with other marks; those that have no number are left out."""

    def renumber(sentence: Sentence, _: Spot) -> Sentence:
        pieces = (p if isinstance(p, str) else number.get(p) for p in sentence.pieces)
        check = sentence.check
        if check:
            kept = tuple(number[mark] for mark in check.marks if mark in number)
            check = replace(check, marks=kept)
        return replace(sentence, pieces=tuple(p for p in pieces if p is not None), check=check)

    return changed(body, renumber)


def without_empty(body: Body) -> Body:
    """`body` without empty lines, and without rows that say nothing but their name."""
    kept = (block if isinstance(block, Line) else _telling(block) for block in body)
    return tuple(b for b in kept if (b.text.strip() if isinstance(b, Line) else b.rows))


def _telling(table: Table[Sentence]) -> Table[Sentence]:
    rows = (row for row in table.rows if any(c.pieces for c in row[1:]) or row[0].marks)
    return Table(table.header, tuple(rows))
