"""What two sequences have in common, in time that grows no faster than what they hold."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence

_EACH = 20  # pairs of equal items that are looked at, for each item of both sequences
_EACH_OF_MANY = 2
_MANY = 60_000


def rising(values: Sequence[int]) -> list[int]:
    """Places of a longest strictly rising subsequence.

    >>> rising([3, 1, 2, 0, 5])
    [1, 2, 4]
    """
    ends: list[int] = []  # ends[k]: the smallest value that k + 1 rising ones can end with
    places: list[int] = []
    before = [-1] * len(values)
    for place, value in enumerate(values):
        k = bisect_left(ends, value)
        if k == len(ends):
            ends.append(value)
            places.append(place)
        else:
            ends[k], places[k] = value, place
        before[place] = places[k - 1] if k else -1
    kept: list[int] = []
    place = places[-1] if places else -1
    while place >= 0:
        kept.append(place)
        place = before[place]
    return kept[::-1]


def common(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Places of a longest common subsequence (Hunt and Szymanski 1977).

    Its cost follows from the pairs of equal items. Items of which there are so many that the
    pairs would outgrow the sequences are not looked at, but for the equal beginning and end.

    >>> common("甲乙丙丁", "甲丙丁戊")
    [(0, 0), (2, 1), (3, 2)]
    """
    shorter = min(len(old), len(new))
    head = 0
    while head < shorter and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < shorter - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    a, b = old[head : len(old) - tail], new[head : len(new) - tail]
    inner = [(i + head, j + head) for i, j in _inner(a, b)]
    ends = [(len(old) - n, len(new) - n) for n in range(tail, 0, -1)]
    return [(i, i) for i in range(head)] + inner + ends


def _inner(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    if not old or not new:
        return []
    wanted = _worth_looking_at(old, new)
    places: defaultdict[Hashable, list[int]] = defaultdict(list)
    for j in range(len(new) - 1, -1, -1):
        if new[j] in wanted:
            places[new[j]].append(j)
    # Of one item the later places come first, so that no two of them rise.
    pairs = [(i, j) for i, item in enumerate(old) for j in places.get(item, ())]
    return [pairs[place] for place in rising([j for _, j in pairs])]


def _worth_looking_at(old: Sequence[Hashable], new: Sequence[Hashable]) -> set[Hashable]:
    """The items that both hold, the rarest first, as long as their pairs are few enough."""
    a, b = Counter(old), Counter(new)
    size = len(old) + len(new)
    left = max(_EACH_OF_MANY * size, min(_EACH * size, _MANY))
    wanted: set[Hashable] = set()
    for pairs, _, item in sorted((n * b[item], at, item) for at, (item, n) in enumerate(a.items())):
        if pairs > left:
            break
        left -= pairs
        if pairs:
            wanted.add(item)
    return wanted
