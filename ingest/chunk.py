"""From blocks to passages: spans of the source that can be read, found and cited alone.

A passage never crosses a section and never begins or ends in mid-sentence, unless a stretch is
too long to be a sentence. Long items are split at sentence ends, list items stay with the sentence
that announces them, and tiny neighbours of one section share a passage.
"""

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.mapped import MappedText, join
from ingest.structure import Block, Section
from vectorstore.embedding.embedder import CountTokens
from vectorstore.language.sentences import SENTENCE_MARK, clauses, sentences
from vectorstore.language.text import squeeze
from vectorstore.models import Cell, Passage

_TINY = 0.15  # of the passage size: below it a sibling is joined to its neighbour
_LONGEST = 2_000  # characters of one passage; no sentence of the corpus comes near
# So much text without a single sentence mark is data (a picture in letters, a dump), no text: it
# is kept in pieces, and neither embedded nor found.
_FILLER = 20_000
_SOFT_MARKS = "。！？；;，、, "


@dataclass(frozen=True, slots=True)
class _Unit:
    """What may become one passage: its pieces in source order, and where it belongs."""

    pieces: tuple[MappedText, ...]
    tokens: int
    section: Section
    kind: str
    whole: bool = True  # False for a part of a split block
    cells: tuple[Cell, ...] = ()
    context: str = ""

    @property
    def last(self) -> int:
        return self.pieces[-1].end


def make_passages(
    blocks: Sequence[Block],
    source: str,
    document_id: str,
    count_tokens: CountTokens,
    max_tokens: int,
    page_at: Callable[[int], int | None],
) -> list[Passage]:
    """Passages in source order; together they hold every character of the blocks."""
    counts = count_tokens([block.text.text[:_LONGEST] for block in blocks])
    units = _with_headings(blocks, source, counts, count_tokens, max_tokens)
    merged = _merge(list(units), source, max_tokens)
    return [_passage(unit, document_id, ordinal, page_at) for ordinal, unit in enumerate(merged)]


def _with_headings(
    blocks: Sequence[Block],
    source: str,
    counts: Sequence[int],
    count_tokens: CountTokens,
    max_tokens: int,
) -> Iterator[_Unit]:
    """Blocks as units; a line that is only a heading opens the unit that follows it."""
    waiting: list[_Unit] = []
    for block, tokens in zip(blocks, counts, strict=True):
        if block.is_heading:
            if waiting and block.section.rank <= waiting[-1].section.rank:
                yield from _as_items(waiting)
                waiting = []
            waiting.append(_Unit((block.text,), tokens, block.section, "heading"))
            continue
        is_row = block.table is not None and len(block.text) <= _FILLER
        if is_row:
            units = [_row_unit(block, tokens, source)]
        else:
            units = list(_split(block, tokens, count_tokens, max_tokens))
        if waiting and not is_row and _touches(waiting, units[0], source):
            units[0] = _prepend(waiting, units[0])
        else:
            yield from waiting
        waiting = []
        yield from units
    yield from _as_items(waiting)


def _touches(headings: list[_Unit], unit: _Unit, source: str) -> bool:
    """Whether nothing but white space was dropped between headings and text."""
    units = [*headings, unit]
    gaps = itertools.pairwise(units)
    return not any(source[a.last : b.pieces[0].start].strip() for a, b in gaps)


def _as_items(headings: list[_Unit]) -> list[_Unit]:
    """A heading with nothing below it is content: an item of a list."""
    last = headings[-1:]
    return headings[:-1] + [replace(unit, kind="body", whole=False) for unit in last]


def _prepend(headings: list[_Unit], unit: _Unit) -> _Unit:
    return replace(
        unit,
        pieces=(*(piece for h in headings for piece in h.pieces), *unit.pieces),
        tokens=unit.tokens + sum(h.tokens for h in headings),
    )


def _split(
    block: Block, tokens: int, count_tokens: CountTokens, max_tokens: int
) -> Iterator[_Unit]:
    kind = "body" if block.table else block.kind
    text = block.text.text
    if tokens <= max_tokens and len(text) <= _LONGEST:
        yield _Unit((block.text,), tokens, block.section, kind, whole=not block.is_item)
        return
    for is_filler, run in itertools.groupby(
        _pieces(text, count_tokens, max_tokens), lambda piece: piece.is_filler
    ):
        pieces = list(run)
        sizes = count_tokens([text[piece.start : piece.end] for piece in pieces])
        for first, last, size in _packed(sizes, max_tokens):
            stretch = block.text[pieces[first].start : pieces[last].end]
            yield _Unit((stretch,), size, block.section, "filler" if is_filler else kind, False)


def _packed(sizes: Sequence[int], most: int) -> Iterator[tuple[int, int, int]]:
    """Neighbours together up to `most`: index of the first, of the last, and their sum."""
    start, total = 0, 0
    for i, size in enumerate(sizes):
        if total and total + size > most:
            yield start, i - 1, total
            start, total = i, 0
        total += size
    yield start, len(sizes) - 1, total


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of a block that is not cut further, by its offsets."""

    start: int
    end: int
    is_filler: bool = False


def _pieces(text: str, count_tokens: CountTokens, max_tokens: int) -> Iterator[_Piece]:
    """Sentences; one longer than a passage is cut at semicolons, failing that it stays whole
    as long as it can be one at all."""
    found = list(sentences(text))
    counts = count_tokens([text[a:b][:_LONGEST] for a, b in found])
    for (a, b), count in zip(found, counts, strict=True):
        if count <= max_tokens and b - a <= _LONGEST:
            yield _Piece(a, b)
            continue
        for c, d in clauses(text[a:b]):
            yield from _cut_endless(text, a + c, a + d)


def _cut_endless(text: str, start: int, end: int) -> Iterator[_Piece]:
    is_filler = end - start > _FILLER and not SENTENCE_MARK.search(text, start, end - 1)
    while end - start > _LONGEST:
        middle, limit = start + _LONGEST // 2, start + _LONGEST
        cut = max(text.rfind(mark, middle, limit) for mark in _SOFT_MARKS) + 1 or limit
        yield _Piece(start, cut, is_filler)
        start = cut
    if start < end:
        yield _Piece(start, end, is_filler)


def _row_unit(block: Block, tokens: int, source: str) -> _Unit:
    """A table row; the names of the columns go with it as context."""
    table = block.table
    assert table is not None
    row = table.rows[block.row]
    if block.row < table.header_rows:
        return _Unit((block.text,), tokens, block.section, "heading")
    names = (*table.headers, *[""] * len(row.cells))
    cells = tuple(Cell(names[i], a, b) for i, (a, b) in enumerate(row.cells))
    labelled = [f"{cell.header}：{squeeze(source[cell.start : cell.end])}" for cell in cells]
    context = "；".join(text for text in labelled if not text.endswith("："))[:_FILLER]
    return _Unit((block.text,), tokens, block.section, "row", cells=cells, context=context)


# --- joining ------------------------------------------------------------------------------


def _merge(units: list[_Unit], source: str, max_tokens: int) -> list[_Unit]:
    merged: list[_Unit] = []
    for unit in units:
        above = merged[-1] if merged else None
        if above and _joins(above, unit, source, max_tokens):
            section = above.section if above.section is unit.section else _shared(above, unit)
            merged[-1] = replace(
                above,
                pieces=above.pieces + unit.pieces,
                tokens=above.tokens + unit.tokens,
                section=section,
            )
        else:
            merged.append(unit)
    return merged


def _joins(above: _Unit, unit: _Unit, source: str, max_tokens: int) -> bool:
    if above.kind != unit.kind or unit.kind in ("row", "heading"):
        return False
    if source[above.last : unit.pieces[0].start].strip():
        return False  # something was dropped in between; the quote would show it
    total = above.tokens + unit.tokens
    if total > max_tokens:
        return False
    if above.section is unit.section:
        return True
    article = unit.section.inside_article()
    if article or above.section.inside_article():
        return article is above.section.inside_article() and above.kind == "body"
    if unit.section.parent is above.section and not unit.whole:
        return True  # list items with the sentence that announces them
    if unit.section.heading.endswith(("？", "?")):
        return False  # each question of a 问答 is found with its own answer
    siblings = unit.section.parent is above.section.parent
    tiny = max_tokens * _TINY
    below = unit.section.parent is above.section and above.tokens < tiny
    return (
        (siblings and min(above.tokens, unit.tokens) < tiny and total < max_tokens / 2)
        or (siblings and not (above.whole or unit.whole))
        or (below and unit.tokens < tiny)
    )


def _shared(above: _Unit, unit: _Unit) -> Section:
    """The deepest section that holds both."""
    outer: list[Section] = []
    section: Section | None = above.section
    while section:
        outer.append(section)
        section = section.parent
    section = unit.section
    while section and section not in outer:
        section = section.parent
    return section or outer[-1]


def _passage(
    unit: _Unit, document_id: str, ordinal: int, page_at: Callable[[int], int | None]
) -> Passage:
    text = join(unit.pieces, "\n")
    start, end = text.start, unit.last
    return Passage(
        id=f"{document_id}-{ordinal:04d}",
        document_id=document_id,
        ordinal=ordinal,
        start=start,
        end=end,
        text=text.text,
        heading_path=unit.section.path,
        context=unit.context,
        kind=unit.kind,
        page=page_at(start),
        cells=unit.cells,
    )
