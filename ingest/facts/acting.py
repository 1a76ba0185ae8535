"""The clauses of a document, each with the documents it names and its shape."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.facts.material import Piece
from ingest.facts.named import Named, documents_in, marked
from vectorstore.language.pattern import Pattern
from vectorstore.language.relations import BETWEEN, NAMED, OF_ANOTHER
from vectorstore.language.text import fold, says
from vectorstore.models import Passage

QUOTED = Pattern(
    r"“[^“”]{0,2000}(?:”|$)",
    yes=("“第三条”", "“没有完"),
    no=("第三条",),
    why="the new words of an amended article, or the old ones",
)
_CALLED = Pattern(
    r"(?:以下|下)?统?简称[：:]?[《“\"]?([^《》“”\"（）()，。]{2,16})",
    yes=(("以下简称《办法》", "以下简称《办法"), ("（以下简称“办法”）", "以下简称“办法")),
    no=("称为《办法》",),
    why="the short name that a document gives to another",
)
EDITS = ("修改", "改为", "删", "增加", "应为", "更正", "作为")
_LONGEST_QUOTE = 30  # paragraphs
_ANOTHER_SENTENCE = ("起施行", "起执行", "制定", "通过，", "结合")  # no part of a list of names


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of the text, the documents it names, and its shape: each of them one mark."""

    piece: Piece
    documents: list[Named]
    shape: str
    at: list[int]
    is_title: bool = False

    @classmethod
    def of(cls, piece: Piece, is_title: bool = False) -> "Clause":
        masked = QUOTED.compiled.sub(lambda m: " " * len(m[0]), piece.text)
        is_quote = piece.text.startswith("“") or says(piece.text, EDITS)
        text = masked if is_quote else piece.text
        documents = documents_in(text)
        return cls(piece, documents, *marked(text, documents), is_title)

    def nth(self, position: int) -> int:
        """Which document the mark at a position of the shape stands for."""
        return self.shape.count(NAMED, 0, position)

    def before(self, last: int) -> list[int]:
        """A list of documents that ends with one of them: A、B和C → all three."""
        marks = [m for m, c in enumerate(self.shape) if c == NAMED]
        chain = [last]
        for i in range(last - 1, -1, -1):
            gap = self.shape[marks[i] + 1 : marks[i + 1]]
            if BETWEEN.match(gap) and not says(gap, _ANOTHER_SENTENCE):
                chain.append(i)
            elif not OF_ANOTHER.search(gap):
                break
        return sorted(chain)

    def after(self, first: int, past_others: bool = True) -> list[int]:
        """A list that begins with one; of 《A》修正的《B》 the latter, where it goes `past_others`."""
        marks = [m for m, c in enumerate(self.shape) if c == NAMED]
        chain = [first]
        for i in range(first + 1, len(marks)):
            gap = self.shape[marks[i - 1] + 1 : marks[i]]
            if BETWEEN.match(gap):
                chain.append(i)
            elif past_others and OF_ANOTHER.search(gap) and chain[-1] == i - 1:
                chain[-1] = i
            else:
                break
        return chain

    def tail(self, n: int) -> str:
        """What stands behind the n-th document, to the next comma or document."""
        rest = self.shape[self.mark(n) + 1 :]
        ends = [rest.find(mark) for mark in (NAMED, "，", ",", "。", "；") if mark in rest]
        return rest[: min(ends)] if ends else rest

    def mark(self, n: int) -> int:
        return [m for m, c in enumerate(self.shape) if c == NAMED][n]


def outside_quotes(lines: Sequence[Piece]) -> Iterator[Piece]:
    """Without the inner paragraphs of new wording that an amendment quotes, “… to …”; a mark
    that was lost must not hide the rest."""
    open_for = 0
    for line in lines:
        if open_for and open_for <= _LONGEST_QUOTE:
            open_for = 0 if "”" in line.text else open_for + 1
            continue
        open_for = int(line.text.rfind("“") > line.text.rfind("”"))
        yield line


def aliases(clauses: Sequence[Clause]) -> dict[str, Named]:
    """Which document is 《办法》: （以下简称《办法》） stood behind its title."""
    found: dict[str, Named] = {}
    for clause in clauses:
        for named in clause.documents:
            called = _CALLED.search(clause.piece.text, named.start, named.end)
            if called and named.title:
                found.setdefault(fold(called[1]), named)
    return found


def loose(text: str) -> Piece:
    """A piece that stands in no passage: the title as the metadata hold it."""
    return Piece(Passage("", "", 0, 0, len(text), text), 0, len(text), text)
