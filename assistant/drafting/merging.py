"""Two people's changes of one draft, brought together section by section. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TypeVar

from assistant.cite.citation import Citation
from assistant.cite.structure import renumbered, sentences_in
from assistant.drafting.models import Draft, OwnNote, Section

T = TypeVar("T")


def merged(
    base: Draft, mine: Draft, theirs: Draft, held: Collection[str] = ()
) -> tuple[Draft, tuple[Section, ...]]:
    """`theirs` with what `mine` changed since `base`, and those sections of mine that must be
    set aside: their words were changed on both sides, or somebody holds them (`held`, by id).

    What one side deleted and the other changed stays: nobody's words are lost by merging.
    """
    mine = _with_their_marks(base, mine, theirs)
    before, own, other = (_by_id(draft) for draft in (base, mine, theirs))
    sections: dict[str, Section] = {}
    aside: list[Section] = []
    for identifier in {**other, **own}:
        old = before.get(identifier)
        ours, yours = own.get(identifier), other.get(identifier)
        if ours is not None and yours is not None:
            kept, fits = _one(old or Section(identifier, ""), ours, yours, identifier in held)
            sections[identifier] = kept
            aside += [] if fits else [ours]
        elif ours is not None and (old is None or _words(ours) != _words(old)):
            sections[identifier] = ours  # new, or deleted by them after I had begun to change it
        elif yours is not None and (
            old is None or _words(yours) != _words(old) or identifier in held
        ):
            sections[identifier] = yours
    order = _order(list(before), list(own), list(other), sections)
    request = theirs.request if mine.request == base.request else mine.request
    whole = replace(theirs, request=request, sections=tuple(sections[i] for i in order),
                    sources=_sources(mine, theirs), own=_own(base, mine, theirs))  # fmt: skip
    return whole, tuple(aside)


def _own(base: Draft, mine: Draft, theirs: Draft) -> tuple[OwnNote, ...]:
    """The notes of both; one that either side took away is gone."""
    gone = {n.id for n in base.own} - ({n.id for n in mine.own} & {n.id for n in theirs.own})
    held = {n.id: n for n in (*theirs.own, *mine.own)}
    return tuple(note for note in held.values() if note.id not in gone)


def _by_id(draft: Draft) -> dict[str, Section]:
    return {section.id: section for section in draft.sections}


def _words(section: Section) -> tuple[str, str]:
    """What a person would call changed; checks and states are made anew at any time."""
    return section.heading, section.text


def _one(old: Section, mine: Section, theirs: Section, is_held: bool) -> tuple[Section, bool]:
    """A section of both, and whether my words are in it."""
    kept = replace(
        theirs,
        pinned=_together(old.pinned, mine.pinned, theirs.pinned),
        dropped=_together(old.dropped, mine.dropped, theirs.dropped),
        wanted=theirs.wanted if mine.wanted == old.wanted else mine.wanted,
    )
    changed = _words(mine) != _words(old)
    if is_held and changed and _words(mine) != _words(theirs):
        return kept, False
    if _clash(old.heading, mine.heading, theirs.heading) or _clash(old.text, mine.text, theirs.text):  # fmt: skip
        return kept, False
    if mine.heading != old.heading:
        kept = replace(kept, heading=mine.heading)
    is_mine = mine.text != old.text or (theirs.text == old.text and mine.body != old.body)
    noted = (mine.state, mine.origin) != (old.state, old.origin)
    if is_mine or (theirs.text == old.text and noted):
        kept = replace(kept, body=mine.body, state=mine.state, origin=mine.origin)
    return kept, True


def _clash(old: str, mine: str, theirs: str) -> bool:
    return mine != old != theirs != mine


def _together(old: Sequence[T], mine: Sequence[T], theirs: Sequence[T]) -> tuple[T, ...]:
    """Theirs, with what I added and without what I took away."""
    kept = [x for x in theirs if x in mine or x not in old]
    return (*kept, *(x for x in mine if x not in old and x not in kept))


def _order(
    base: Sequence[str], mine: Sequence[str], theirs: Sequence[str], kept: Collection[str]
) -> list[str]:
    """As I moved them, or else as they stand; what only the other has comes behind what it
    stands behind there."""
    common = [i for i in mine if i in base]
    is_moved = common != [i for i in base if i in mine]
    first, second = (mine, theirs) if is_moved else (theirs, mine)
    order = [i for i in first if i in kept]
    for at, identifier in enumerate(second):
        if identifier in kept and identifier not in order:
            before = next((i for i in reversed(second[:at]) if i in order), None)
            order.insert(order.index(before) + 1 if before else 0, identifier)
    return order


# --- marks ----------------------------------------------------------------------------------------


def _with_their_marks(base: Draft, mine: Draft, theirs: Draft) -> Draft:
    """My draft, sources that I added under marks that they do not use for another."""
    if mine.sources == theirs.sources or theirs.sources == base.sources:
        return mine
    known = {replace(source, mark=0): source.mark for source in theirs.sources}
    taken = {source.mark for source in theirs.sources}
    last = max((*taken, *(source.mark for source in mine.sources)), default=0)
    number: dict[int, int] = {}
    for source in mine.sources:
        mark = known.get(replace(source, mark=0))
        if mark is None and source.mark in taken:
            last += 1
            mark = last
        if mark is not None and mark != source.mark:
            number[source.mark] = mark
    if not number:
        return mine
    was = _by_id(base)
    sections = tuple(s if s == was.get(s.id) else _renumbered(s, number) for s in mine.sections)
    sources = tuple(replace(s, mark=number.get(s.mark, s.mark)) for s in mine.sources)
    return replace(mine, sections=sections, sources=sources)


def _renumbered(section: Section, number: dict[int, int]) -> Section:
    marks = {mark for sentence in sentences_in(section.body) for mark in sentence.all_marks}
    return replace(section, body=renumbered(section.body, {m: number.get(m, m) for m in marks}))


def _sources(mine: Draft, theirs: Draft) -> tuple[Citation, ...]:
    taken = {source.mark for source in theirs.sources}
    return (*theirs.sources, *(source for source in mine.sources if source.mark not in taken))
