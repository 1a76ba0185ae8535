"""修订对照: the clauses of two documents in pairs, with what became of each. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from assistant.revision.clauses import Clause, clauses_of, plain
from assistant.revision.figures import changed_figures
from assistant.revision.matching import Matching, grams, matched
from assistant.revision.notes import Renumbered, note_of
from assistant.revision.wording import Edit, Part, edits, new_parts, old_parts
from vectorstore.models import Document, Passage

Kind = Literal["same", "changed", "moved", "moved_changed", "added", "deleted", "split", "merged"]
KINDS: dict[Kind, str] = {
    "same": "未变", "changed": "修改", "moved": "移动", "moved_changed": "移动并修改",
    "added": "新增", "deleted": "删去", "split": "拆分", "merged": "合并",
}  # fmt: skip

_OF_REST = 0.7  # of a clause's pairs of characters, that the other side's rest must hold
_LEAST = 12  # pairs of characters of a clause that was split off


@dataclass(frozen=True, slots=True)
class Row:
    """One clause in both documents; None on the side that lacks it. Where one was split or some
    were merged, a side stands for its neighbouring clauses together."""

    kind: Kind
    old: Clause | None
    new: Clause | None
    old_parts: tuple[Part, ...]
    new_parts: tuple[Part, ...]
    note: str

    @property
    def is_renumbered(self) -> bool:
        return bool(self.old and self.new and self.old.number != self.new.number)

    @property
    def is_change(self) -> bool:
        return self.kind != "same" or self.is_renumbered


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A figure that another took the place of in row number `row`; '' where there is none."""

    old: str
    new: str
    row: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two documents in rows, in the order of the new one."""

    rows: tuple[Row, ...]
    figures: tuple[FigureChange, ...]
    old: Document
    new: Document
    counts: Mapping[Kind, int]  # every kind, also those of which there are none

    @property
    def renumbered(self) -> int:
        """Clauses that stayed in word and place and bear another number."""
        return sum(row.kind == "same" and row.is_renumbered for row in self.rows)


def compare(
    old: Document,
    old_passages: Sequence[Passage],
    new: Document,
    new_passages: Sequence[Passage],
) -> Comparison:
    """Compares two documents, the earlier one first."""
    matching = matched(clauses_of(old, old_passages), clauses_of(new, new_passages))
    rows = tuple(_rows(matching))
    found = Counter(row.kind for row in rows)
    changes = [
        FigureChange(change.old, change.new, number)
        for number, row in enumerate(rows)
        if row.old and row.new and row.kind not in ("same", "moved")
        for change in changed_figures(row.old.text, row.new.text)
    ]
    return Comparison(rows, tuple(changes), old, new, {kind: found[kind] for kind in KINDS})


def _rows(matching: Matching) -> Iterator[Row]:
    """Rows in the order of the new document; what was deleted stands behind what it followed."""
    old, new = matching.old, matching.new
    ours = _groups(matching, of_new=False)
    theirs = _groups(matching, of_new=True)
    taken = {j for j, group in theirs.items() for j in group}
    kept = set(matching.in_order())
    renumbered = {
        old[i].number: new[theirs.get(j, [j])[0]].number for i, j in matching.to_new.items()
    }
    gone = _deleted_behind(matching, kept, {i for group in ours.values() for i in group})
    for i in gone[-1]:
        yield _alone("deleted", old[i])
    for j, clause in enumerate(new):
        if j not in matching.to_old:
            if j not in taken:
                yield _alone("added", clause)
            continue
        i = matching.to_old[j]
        kind: Kind = "split" if j in theirs else "merged" if i in ours else "changed"
        if kind == "changed":
            kind = _kind(i in matching.equal, (i, j) in kept)
        before = _together(old, ours.get(i, [i]))
        yield _both(kind, before, _together(new, theirs.get(j, [j])), renumbered)
        for place in gone[i]:
            yield _alone("deleted", old[place])


def _kind(is_equal: bool, in_place: bool) -> Kind:
    if is_equal:
        return "same" if in_place else "moved"
    return "changed" if in_place else "moved_changed"


def _alone(kind: Kind, clause: Clause) -> Row:
    if kind == "added":
        return Row(kind, None, clause, (), (Part(clause.text, "inserted"),), note_of(kind, None, clause))  # fmt: skip
    return Row(kind, clause, None, (Part(clause.text, "deleted"),), (), note_of(kind, clause, None))


def _both(kind: Kind, old: Clause, new: Clause, renumbered: Renumbered) -> Row:
    if kind in ("same", "moved"):
        found = [Edit(old.text, new.text, False)]
    else:
        found = edits(old.text, new.text)
    note = note_of(kind, old, new, found, renumbered)
    return Row(kind, old, new, old_parts(found), new_parts(found), note)


def _deleted_behind(
    matching: Matching, kept: set[tuple[int, int]], taken: set[int]
) -> defaultdict[int, list[int]]:
    """Deleted clauses by the place of the last one before them that stayed in its place; -1
    where there is none."""
    stayed = {i for i, _ in kept}
    gone: defaultdict[int, list[int]] = defaultdict(list)
    last = -1
    for i in range(len(matching.old)):
        if i in stayed:
            last = i
        elif i not in matching.to_new and i not in taken:
            gone[last].append(i)
    return gone


def _groups(matching: Matching, *, of_new: bool) -> dict[int, list[int]]:
    """Place of a paired clause of one side, with it the unpaired ones around it that hold what
    its partner has and it lacks: into them the partner was split, or of them it was merged."""
    ours, theirs = (matching.new, matching.old) if of_new else (matching.old, matching.new)
    pairs = matching.to_old if of_new else matching.to_new
    groups: dict[int, list[int]] = {}
    taken: set[int] = set()
    for place, other in sorted(pairs.items()):
        if (other if of_new else place) in matching.equal:
            continue
        rest = grams(plain(theirs[other].text)) - grams(plain(ours[place].text))
        group = [place]
        for step in (-1, 1):
            at = place + step
            while 0 <= at < len(ours) and at not in pairs and at not in taken:
                own = grams(plain(ours[at].text))
                if ours[at].kind != ours[place].kind or not _holds(rest, own):
                    break
                rest -= own
                group.append(at)
                at += step
        if group[1:]:
            groups[place] = sorted(group)
            taken.update(group)
    return groups


def _holds(rest: frozenset[str], own: frozenset[str]) -> bool:
    return len(own) >= _LEAST and len(own & rest) >= _OF_REST * len(own)


def _together(side: Sequence[Clause], places: Sequence[int]) -> Clause:
    """Neighbouring clauses as one, each with its number in the text but the first."""
    first, *others = (side[place] for place in places)
    if not others:
        return first
    text = "\n".join([first.text, *(f"{clause.number}　{clause.text}" for clause in others)])
    more = tuple(clause.number for clause in others)
    return replace(first, text=text, end=others[-1].end, more=more)
