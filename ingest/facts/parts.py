"""The parts of a clause between commas, brackets left whole."""

from collections.abc import Iterator

from ingest.facts.material import Piece
from vectorstore.language.numbering import enumerator
from vectorstore.language.sentences import BRACKETED
from vectorstore.language.text import says

_TAIL_WORDS = ("：", ":", "牵头", "负责", "配合", "责任")
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


def untailed(piece: Piece) -> Piece:
    """A sentence without the bracket at its end that says who does it, or whom to ask."""
    text = piece.text.rstrip(" 。；;")
    for match in BRACKETED.finditer(text):
        if match.end() == len(text) and match.start() and says(match[0], _TAIL_WORDS):
            return piece.part(0, match.start())
    return piece
