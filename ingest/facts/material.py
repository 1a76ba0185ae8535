"""What facts are read from: the lines, sentences and table rows of a document in its order,
each knowing where it stands and how to quote from itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from vectorstore.language.sentences import clauses, sentences
from vectorstore.language.text import squeeze
from vectorstore.locating import among, visible_offsets
from vectorstore.models import Cell, Document, Metadata, Passage


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch [start, end) of a passage's text: a line, or one sentence of it."""

    passage: Passage = field(repr=False)
    start: int
    end: int
    text: str

    @property
    def headings(self) -> tuple[str, ...]:
        return self.passage.heading_path

    def part(self, start: int, end: int) -> "Piece":
        """[start, end) of this piece's own text."""
        text = self.text[start:end]
        return Piece(self.passage, self.start + start, self.start + end, text)

    def sentences(self) -> Iterator["Piece"]:
        return (self.part(start, end) for start, end in sentences(self.text))

    def clauses(self) -> Iterator["Piece"]:
        """Sentences, cut at semicolons too."""
        return (self.part(start, end) for start, end in clauses(self.text))


@dataclass(frozen=True, slots=True)
class Quoted:
    """Source offsets and the text that stands there, white space made single."""

    start: int
    end: int
    text: str


class Material:
    """A document and its passages, for those who read facts from them."""

    def __init__(self, document: Document, passages: Sequence[Passage]):
        self.document = document
        self.passages = tuple(passages)
        self._seen: dict[str, list[int]] = {}

    @property
    def metadata(self) -> Metadata:
        return self.document.metadata

    @cached_property
    def lines(self) -> tuple[Piece, ...]:
        """The lines of running text, bare headings among them, in order; no table rows."""
        return tuple(
            piece
            for passage in self.passages
            if passage.kind != "filler" and not passage.cells
            for piece in _lines(passage)
        )

    @cached_property
    def rows(self) -> tuple[Passage, ...]:
        """Rows of tables; their cells carry headers and source offsets."""
        return tuple(p for p in self.passages if p.cells and p.kind != "filler")

    def cell(self, cell: Cell) -> str:
        """What a cell says."""
        return " ".join(self.document.text[cell.start : cell.end].split())

    def quote(self, piece: Piece) -> Quoted:
        """Where a piece stands in the source."""
        passage, start, end = piece.passage, piece.start, piece.end
        if passage.id not in self._seen:
            self._seen[passage.id] = visible_offsets(self.document.text, passage)
        skip, take = len(squeeze(passage.text[:start])), len(squeeze(passage.text[start:end]))
        first, last = among(self._seen[passage.id], passage, skip, take)
        return self.span(first, last)

    def span(self, start: int, end: int) -> Quoted:
        """The source at [start, end)."""
        return Quoted(start, end, " ".join(self.document.text[start:end].split()))


def _lines(passage: Passage) -> Iterator[Piece]:
    at = 0
    for line in passage.text.split("\n"):
        if line.strip():
            yield Piece(passage, at, at + len(line), line)
        at += len(line) + 1
