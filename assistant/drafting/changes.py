"""What changed between two versions of a draft, section by section and word by word. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from assistant.cite.structure import Line
from assistant.drafting.models import Draft, Section
from assistant.revision.sequences import common
from assistant.revision.wording import Part, edits, new_parts, old_parts

Kind = Literal["same", "changed", "added", "deleted"]


@dataclass(frozen=True, slots=True)
class LineChange:
    """One sentence in both versions; () on the side that lacks it."""

    kind: Kind
    old: tuple[Part, ...]
    new: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class SectionChange:
    """A section in both versions. `is_moved` where it stands elsewhere among the others."""

    kind: Kind
    heading: str
    was: str
    lines: tuple[LineChange, ...]
    is_moved: bool = False

    @property
    def count(self) -> int:
        return sum(line.kind != "same" for line in self.lines)


def changes(old: Draft, new: Draft) -> tuple[SectionChange, ...]:
    """All sections of the newer version in their order, then those that are gone."""
    before = {section.id: section for section in old.sections}
    now = {section.id for section in new.sections}
    stayed = _stayed(old, new)
    found = [
        _change(before.get(s.id), s, s.id in before and s.id not in stayed) for s in new.sections
    ]
    gone = (section for section in old.sections if section.id not in now)
    return (*found, *(_gone(section) for section in gone))


def _stayed(old: Draft, new: Draft) -> set[str]:
    """The sections that were not moved: the longest run that stands in one order in both."""
    order = [section.id for section in new.sections]
    return {order[b] for _, b in common([s.id for s in old.sections], order)}


def _gone(section: Section) -> SectionChange:
    lines = tuple(LineChange("deleted", (Part(s, "deleted"),), ()) for s in _sentences(section))
    return SectionChange("deleted", "", section.heading, lines)


def _change(old: Section | None, new: Section, is_moved: bool) -> SectionChange:
    if old is None:
        lines = tuple(LineChange("added", (), (Part(s, "inserted"),)) for s in _sentences(new))
        return SectionChange("added", new.heading, "", lines)
    lines = tuple(_lines(_sentences(old), _sentences(new)))
    is_same = all(line.kind == "same" for line in lines) and old.heading == new.heading
    kind: Kind = "same" if is_same else "changed"
    return SectionChange(kind, new.heading, old.heading, lines, is_moved)


def _sentences(section: Section) -> list[str]:
    """Its sentences, a table's rows one by one; marks are no wording."""
    found = []
    for block in section.body:
        if isinstance(block, Line):
            found += [s.plain.strip() for s in block.sentences]
        else:
            found += [" | ".join(cell.plain for cell in row) for row in (block.header, *block.rows)]
    return [sentence for sentence in found if sentence]


def _lines(old: list[str], new: list[str]) -> Iterator[LineChange]:
    """Sentences that both have pair up; between two such, those left pair in their order."""
    i = j = 0
    for a, b in (*common(old, new), (len(old), len(new))):
        yield from _between(old[i:a], new[j:b])
        if a < len(old):
            yield LineChange("same", (Part(old[a]),), (Part(new[b]),))
        i, j = a + 1, b + 1


def _between(old: list[str], new: list[str]) -> Iterator[LineChange]:
    for number in range(max(len(old), len(new))):
        a = old[number] if number < len(old) else ""
        b = new[number] if number < len(new) else ""
        if a and b:
            found = edits(a, b)
            yield LineChange("changed", old_parts(found), new_parts(found))
        elif b:
            yield LineChange("added", (), (Part(b, "inserted"),))
        else:
            yield LineChange("deleted", (Part(a, "deleted"),), ())
