"""Terms and what they mean."""

from collections.abc import Iterator

from ingest.facts.lists import Listing, listings
from ingest.facts.material import Material, Piece
from ingest.facts.parts import unnumbered
from ingest.facts.rows import row
from vectorstore.facts import Fact
from vectorstore.language.pattern import Pattern
from vectorstore.language.terms import (
    COUNTS_IN,
    DEFINITION,
    GLOSSARY,
    GLOSSARY_ITEM,
    NOTE,
    OPENS,
    TOGETHER,
)

_STATED = (DEFINITION, COUNTS_IN, NOTE)
_SHORTEST, _LONGEST = 3, 400  # characters of what a term means
_AROUND = '“”"《》的 '


def read_definitions(material: Material) -> Iterator[Fact]:
    """One row for each term: 本办法所称X，是指…, X是指…, items of a list of terms, notes."""
    seen: set[int] = set()
    listed = ((piece, (*_STATED, GLOSSARY_ITEM)) for piece in _listed(material))
    stated = ((piece, _STATED) for piece in _stated(material))
    for piece, patterns in (*listed, *stated):
        fact = _defined(material, piece, patterns)
        if fact and fact.start not in seen:
            seen.add(fact.start)
            yield fact
    for piece in _stated(material):
        yield from _together(material, piece)


def _together(material: Material, piece: Piece) -> Iterator[Fact]:
    """供水站、用水户和个人（以下统称用水人）: the list in front of the bracket, or what stands in it."""
    for match in TOGETHER.finditer(piece.text):
        start = max(piece.text.rfind(mark, 0, match.start()) for mark in "，,；;：:。（(") + 1
        meaning = match["inner"] or OPENS.remove_from(piece.text[start : match.start()])
        start = match.start() if match["inner"] else match.start() - len(meaning)
        if len(meaning) >= _SHORTEST:
            yield row(
                material, piece.part(start, match.end()), "definition",
                subject=match["term"].strip(_AROUND), text=meaning[-_LONGEST:],
            )  # fmt: skip


def _stated(material: Material) -> Iterator[Piece]:
    for line in material.lines:
        for sentence in line.sentences():
            yield from (unnumbered(clause) for clause in sentence.clauses())


def _listed(material: Material) -> Iterator[Piece]:
    for listing in listings(material):
        if _is_glossary(listing):
            yield from listing.items


def _is_glossary(listing: Listing) -> bool:
    return bool(GLOSSARY.search(listing.lead.text))


def _defined(material: Material, piece: Piece, patterns: tuple[Pattern, ...]) -> Fact | None:
    match = next((m for p in patterns if (m := p.search(piece.text))), None)
    if match is None:
        return None
    term = match["term"].split("所称")[-1].strip(_AROUND)
    meaning = piece.text[match.end() :].strip(" ，,：:。；;")
    if not term or len(meaning) < _SHORTEST:
        return None
    return row(material, piece, "definition", subject=term, text=meaning[:_LONGEST])
