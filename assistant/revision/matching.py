"""Which clause of one document is which of another: the same words first, then like ones."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from assistant.revision.clauses import Clause, plain
from assistant.revision.sequences import rising

Pair = tuple[int, int]

_RARE = 12  # clauses that share a pair of characters, at most, for it to tell them apart
_LIKELY = 6  # clauses that one is compared with for the rare pairs they share
_NEAR = 2  # places within a gap in which a clause is looked for, whatever it shares
_MOST = 2_000  # characters of a clause that are compared
_TELLING = 8  # characters below which equal clauses far apart say nothing (合计, 是)
# Shares of the pairs of characters of two clauses. What stands between the same neighbours may
# have changed more than what would have moved as well.
_LIKE_HERE, _LIKE_NUMBERED, _LIKE_AWAY = 0.4, 0.3, 0.6
_LIKE_HEADED = 0.15  # below the same heading of their own, wherever they stand
_HEAD = range(4, 31)  # characters of such a heading
_HELD = 0.75  # of the shorter one, which the longer one holds: it was shortened or added to
_SMALL = 10  # pairs of characters below which being held says nothing


@dataclass
class Matching:
    """Pairs of places in `old` and `new`; each place is in one pair at most."""

    old: Sequence[Clause]
    new: Sequence[Clause]
    to_new: dict[int, int] = field(default_factory=dict)
    to_old: dict[int, int] = field(default_factory=dict)
    equal: set[int] = field(default_factory=set)  # places in `old` whose words stayed the same

    def pair(self, i: int, j: int) -> None:
        if i not in self.to_new and j not in self.to_old:
            self.to_new[i], self.to_old[j] = j, i

    def left(self) -> tuple[list[int], list[int]]:
        """Places that are in no pair."""
        return (
            [i for i in range(len(self.old)) if i not in self.to_new],
            [j for j in range(len(self.new)) if j not in self.to_old],
        )

    def in_order(self) -> list[Pair]:
        """The most pairs that follow one another in both; the others have moved."""
        pairs = sorted(self.to_new.items())
        return [pairs[place] for place in rising([j for _, j in pairs])]


def matched(old: Sequence[Clause], new: Sequence[Clause]) -> Matching:
    """Pairs the clauses of two documents."""
    found = Matching(old, new)
    a, b = ([plain(clause.text) for clause in side] for side in (old, new))
    once = {key for key, n in Counter(a).items() if n == 1} & {
        key for key, n in Counter(b).items() if n == 1
    }
    places = {key: j for j, key in enumerate(b) if key in once}
    for i, key in enumerate(a):
        if key in once:
            found.pair(i, places[key])
    gaps = _Gaps(found.in_order())
    _pair_equal(found, a, b, gaps)
    found.equal = set(found.to_new)
    _pair_like(found, a, b, _Gaps(found.in_order()))
    return found


class _Gaps:
    """The stretches between pairs that follow one another in both documents."""

    def __init__(self, anchors: Sequence[Pair]):
        self._old = [i for i, _ in anchors]
        self._new = [j for _, j in anchors]

    def of_old(self, i: int) -> int:
        return bisect_left(self._old, i)

    def of_new(self, j: int) -> int:
        return bisect_left(self._new, j)


def _pair_equal(found: Matching, a: Sequence[str], b: Sequence[str], gaps: _Gaps) -> None:
    """Words that stand in a document more than once: the first with the first, within a gap
    and then, if they tell enough, in the whole document."""
    for within in (True, False):
        waiting: defaultdict[tuple[int, str], list[int]] = defaultdict(list)
        free_old, free_new = found.left()
        for j in reversed(free_new):
            waiting[gaps.of_new(j) if within else -1, b[j]].append(j)
        for i in free_old:
            if within or len(a[i]) >= _TELLING:
                if places := waiting.get((gaps.of_old(i) if within else -1, a[i])):
                    found.pair(i, places.pop())


def _pair_like(found: Matching, a: Sequence[str], b: Sequence[str], gaps: _Gaps) -> None:
    free_old, free_new = found.left()
    grams_old = {i: grams(a[i]) for i in free_old}
    grams_new = {j: grams(b[j]) for j in free_new}
    scored = []
    for i, j in _candidates(found, grams_old, grams_new, gaps):
        score = _likeness(found, i, j, grams_old[i], grams_new[j], gaps)
        if score:
            scored.append((-score, i, j))
    for _, i, j in sorted(scored):
        found.pair(i, j)


def grams(text: str) -> frozenset[str]:
    """Pairs of neighbouring characters; of a single one itself."""
    text = text[:_MOST]
    return frozenset(text[i : i + 2] for i in range(max(1, len(text) - 1)))


def _candidates(
    found: Matching,
    old: dict[int, frozenset[str]],
    new: dict[int, frozenset[str]],
    gaps: _Gaps,
) -> Iterator[Pair]:
    """Pairs worth a look; for each clause a few, however many there are."""
    holders: defaultdict[str, list[int]] = defaultdict(list)
    in_gap: defaultdict[int, list[int]] = defaultdict(list)
    named: defaultdict[str, list[int]] = defaultdict(list)  # by number, by heading
    for j, pairs in new.items():
        in_gap[gaps.of_new(j)].append(j)
        for name in _names(found.new[j]):
            named[name].append(j)
        for pair in pairs:
            holders[pair].append(j)
    at: Counter[int] = Counter()
    for i, pairs in old.items():
        shared: Counter[int] = Counter()
        for pair in pairs:
            if 0 < len(places := holders.get(pair, ())) <= _RARE:
                shared.update(places)
        gap = gaps.of_old(i)
        middle = at[gap]
        at[gap] += 1
        near = in_gap[gap][max(0, middle - _NEAR) : middle + _NEAR + 1]
        same = [j for name in _names(found.old[i]) for j in named[name][:_NEAR]]
        yield from ((i, j) for j in dict.fromkeys([*_most(shared), *near, *same]))


def _names(clause: Clause) -> list[str]:
    """What a clause goes by beside its words: its number, the heading that it begins with."""
    return [name for name in (clause.number, _head(clause)) if name]


def _head(clause: Clause) -> str:
    """农业节水工程 of （一）农业节水工程。推广滴灌…; '' where none stands out."""
    head = clause.text[: _HEAD.stop]
    for mark in "\n。：":
        head = head.partition(mark)[0]
    is_whole = len(head) == len(clause.text) or "，" in head
    return plain(head) if len(head) in _HEAD and not is_whole else ""


def _most(shared: Counter[int]) -> list[int]:
    ranked = sorted(shared.items(), key=lambda entry: (-entry[1], entry[0]))
    return [j for j, _ in ranked[:_LIKELY]]


def _likeness(
    found: Matching, i: int, j: int, old: frozenset[str], new: frozenset[str], gaps: _Gaps
) -> float:
    """How much two clauses are one, the nearer the more; 0 when they are not."""
    one, other = found.old[i], found.new[j]
    if (one.kind == "row") != (other.kind == "row"):
        return 0.0
    shared = len(old & new)
    score = 2 * shared / (len(old) + len(new))
    here = gaps.of_old(i) == gaps.of_new(j)
    numbered = bool(one.number) and one.number == other.number and one.path == other.path
    least = min(len(old), len(new))
    if here and least >= _SMALL and shared >= _HELD * least:
        score = max(score, _LIKE_HERE)
    headed = _head(one) != "" and _head(one) == _head(other)
    limit = (_LIKE_NUMBERED if numbered else _LIKE_HERE) if here else _LIKE_AWAY
    if headed:
        limit = _LIKE_HEADED
    if score < limit:
        return 0.0
    return score + 0.1 * here + 0.1 * numbered + 0.3 * headed
