"""The one place where text is cut into sentences. Pure functions."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import pairwise

from assistant.cite.structure import Line, Piece, Sentence
from vectorstore.language.roles import RESPONSIBILITY_TAIL
from vectorstore.language.sentences import CLOSERS, STOPS

# Stands for a mark while a line is cut: one character, which no document's text can pass for
# a mark. U+FFFC means “an object is here” and holds no text of its own.
_MARK = "\ufffc"
_QUOTATION = re.compile(r"“[^“”]{1,400}”|「[^「」]{1,400}」")
_END = re.compile(rf"[{STOPS}；;][{CLOSERS}]*+(?:\s*+{RESPONSIBILITY_TAIL})?(?:\s*+{_MARK})*+")
_WORD = re.compile(r"[\w\u4e00-\u9fff]")


def line_of(*pieces: Piece) -> Line:
    """One line, cut into sentences. Nothing is lost: the sentences together are the line.

    A mark behind the full stop belongs to its sentence, and so does a responsibility tail. A
    quotation of several sentences stays whole.

    >>> [s.text for s in line_of("甲完成。", 1, "乙推进。（市科协牵头）", 2).sentences]
    ['甲完成。[1]', '乙推进。（市科协牵头）[2]']
    """
    flat = "".join(_MARK if isinstance(p, int) else _on_one_line(p) for p in pieces)
    marks = iter([piece for piece in pieces if isinstance(piece, int)])
    cuts = [0, *_ends(flat), len(flat)]
    parts = (flat[a:b] for a, b in pairwise(cuts) if a < b)
    return Line(tuple(Sentence(tuple(_pieces(part, marks))) for part in parts))


def _on_one_line(words: str) -> str:
    return words.replace(_MARK, "").replace("\n", " ")


def _pieces(part: str, marks: Iterator[int]) -> Iterator[Piece]:
    for i, words in enumerate(part.split(_MARK)):
        if i:
            yield next(marks)
        if words:
            yield words


def _ends(flat: str) -> list[int]:
    """Where sentences end, but not within a quotation."""
    quoted = [match.span() for match in _QUOTATION.finditer(flat)]
    starts = [start for start, _ in quoted]

    def is_quoted(at: int) -> bool:
        before = bisect_left(starts, at)
        return before > 0 and at < quoted[before - 1][1] - 1

    return [match.end() for match in _END.finditer(flat) if not is_quoted(match.start())]


def says_something(sentence: Sentence) -> bool:
    """Whether there is a word to judge, and not a rule or a bracket alone."""
    return bool(_WORD.search(sentence.plain))


def joined(parts: Iterable[Iterable[Piece]], between: str) -> list[Piece]:
    """Like str.join, of pieces."""
    pieces: list[Piece] = []
    for part in parts:
        pieces += [between, *part] if pieces else part
    return pieces
