"""The parts of a clause between commas, brackets left whole."""

from collections.abc import Iterator

from ingest.facts.material import Piece
from vectorstore.language.numbering import enumerator

_OPEN, _CLOSE = "（(《“", "）)》”"


def parts(clause: Piece) -> Iterator[Piece]:
    """Together they hold the clause; a comma belongs to the part that it ends."""
    start = depth = 0
    for at, letter in enumerate(clause.text):
        if letter in _OPEN:
            depth += 1
        elif letter in _CLOSE:
            depth = max(0, depth - 1)
        elif letter in "，,：:" and not depth and not _in_number(clause.text, at):
            yield clause.part(start, at + 1)
            start = at + 1
    if start < len(clause.text):
        yield clause.part(start, len(clause.text))


def _in_number(text: str, at: int) -> bool:
    return text[at] in ",:" and text[at - 1 : at].isdigit() and text[at + 1 : at + 2].isdigit()


def unnumbered(piece: Piece) -> Piece:
    """A piece without the number of the article or item that it opens."""
    found = enumerator(piece.text)
    if not found:
        return piece
    rest = piece.text[len(found[1]) :]
    return piece.part(len(piece.text) - len(rest.lstrip()), len(piece.text))
