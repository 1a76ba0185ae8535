"""From a stretch of a document to a row that quotes it."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import Any

from ingest.facts.material import Material, Piece
from vectorstore.facts import Fact, FactKind


def row(material: Material, piece: Piece, kind: FactKind, **fields: Any) -> Fact:
    """A fact whose quote is `piece`."""
    quoted = material.quote(piece)
    return Fact(
        kind=kind,
        document_id=material.document.id,
        start=quoted.start,
        end=quoted.end,
        quote=quoted.text,
        heading_path=piece.headings,
        passage_id=piece.passage.id,
        **fields,
    )


def trimmed(piece: Piece, drop: str = " \t\u3000；;，,、") -> Piece:
    """A piece without the marks around it."""
    text = piece.text
    start = len(text) - len(text.lstrip(drop))
    return piece.part(start, max(start, len(text.rstrip(drop))))


def apart(facts: Iterable[Fact]) -> Iterator[Fact]:
    """Facts in the order given, without those that overlap one given before."""
    starts: list[int] = []
    ends: list[int] = []
    for fact in facts:
        at = bisect_left(starts, fact.end)  # all that begin in front of its end
        if not at or ends[at - 1] <= fact.start:
            starts.insert(at, fact.start)
            ends.insert(at, fact.end)
            yield fact


class Taken:
    """Whether a fact overlaps one of those given, which do not overlap each other."""

    def __init__(self, facts: Iterable[Fact]):
        self._spans = sorted((fact.start, fact.end) for fact in facts)

    def overlaps(self, fact: Fact) -> bool:
        at = bisect_left(self._spans, (fact.end, 0))
        return bool(at) and self._spans[at - 1][1] > fact.start
