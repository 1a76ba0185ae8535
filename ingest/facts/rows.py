"""From a stretch of a document to a row that quotes it."""

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
