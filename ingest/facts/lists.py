"""Lists: a sentence that announces, and its items, one below the other or in one line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.facts.material import Material, Piece
from vectorstore.language.listing import COUNTED, INLINE_ITEM
from vectorstore.language.numbering import ENUMERATORS, enumerator
from vectorstore.language.numerals import number_of
from vectorstore.language.sentences import SENTENCE_MARK

_KINDS = ("article", "one", "bracketed", "arabic", "arabic_bracketed", "circled", "counted")
_ORDER = {name: i for i, name in enumerate((*ENUMERATORS, "counted"))}
_HEADING = 40  # characters of a heading that announces what stands below it


@dataclass(frozen=True, slots=True)
class Unit:
    """A line, or an item inside a line; `body` is what follows its number."""

    body: Piece
    kind: str = ""  # of its number, in ENUMERATORS or "counted" (一是)
    ordinal: int = 0
    inline: bool = False  # more text may follow what belongs to it

    @property
    def is_heading(self) -> bool:
        text = self.body.text
        return len(text) <= _HEADING and not SENTENCE_MARK.search(text)

    def closes(self, heading: "Unit") -> bool:
        """Whether what stood below a heading ends here."""
        if self.kind and heading.kind:
            return _ORDER[self.kind] <= _ORDER[heading.kind]
        return bool(self.kind) != bool(heading.kind) and self.is_heading


@dataclass(frozen=True, slots=True)
class Listing:
    """`items` without their numbers; `lead` the sentence or heading that announces them."""

    lead: Piece
    items: tuple[Piece, ...]


def units(material: Material) -> list[Unit]:
    """The lines of a document, cut where an item opens inside one."""
    return [unit for line in material.lines for unit in _cut(line)]


def _cut(line: Piece) -> Iterator[Unit]:
    starts = [0, *(match.end() for match in INLINE_ITEM.finditer(line.text)), len(line.text)]
    spans = [(a, b) for a, b in pairwise(starts) if a < b]
    for start, end in spans:
        yield _unit(line.part(start, end), inline=len(spans) > 1)


def _unit(piece: Piece, inline: bool) -> Unit:
    found = enumerator(piece.text)
    if found is None and (counted := COUNTED.match(piece.text)):
        found = ("counted", counted[0])
    if found is None or found[0] not in _KINDS:
        return Unit(piece, inline=inline)
    kind, number = found
    skip = len(number)
    skip += len(piece.text[skip:]) - len(piece.text[skip:].lstrip())
    return Unit(piece.part(skip, len(piece.text)), kind, _ordinal(number), inline)


def _ordinal(number: str) -> int:
    if "①" <= number[0] <= "⑳":
        return ord(number[0]) - ord("①") + 1
    value = number_of(number.strip("第条（）()、.．是要其，, "))
    return int(value) if value else 0


def listings(material: Material) -> list[Listing]:
    """All lists of a document; a list inside an item is one of its own."""
    return listed(units(material))


def listed(run: Sequence[Unit]) -> list[Listing]:
    found = []
    for at, (unit, following) in enumerate(pairwise(run)):
        if _announces(unit, following):
            items = tuple(_items(run, at + 1))
            if items:
                found.append(Listing(_lead(unit.body), items))
    return found


def _announces(unit: Unit, following: Unit) -> bool:
    text = unit.body.text.rstrip()
    if following.ordinal != 1 or following.kind in ("", "article") or following.kind == unit.kind:
        return False
    if unit.kind and _ORDER[following.kind] < _ORDER[unit.kind]:
        return False
    return text.endswith(("：", ":")) or (unit.is_heading and not unit.inline)


def _lead(body: Piece) -> Piece:
    """The last sentence of what stands above the items; all of it where none is whole."""
    return [body, *body.sentences()][-1]


def _items(run: Sequence[Unit], start: int) -> Iterator[Piece]:
    """Items follow each other by number; what stands between them belongs to the one above."""
    kind, last = run[start].kind, 0
    for unit in (run[i] for i in range(start, len(run))):
        if unit.kind and _ORDER[unit.kind] < _ORDER[kind]:
            return
        if unit.kind != kind:
            continue
        if unit.ordinal != last + 1:
            return
        last = unit.ordinal
        yield next(unit.body.sentences(), unit.body) if unit.inline else unit.body
