"""Figures, years, levels and groups of people, each bound to the words around it.

A mention of somebody's text is held against all mentions of its kind in the documents that the
text speaks of: the one among the same words says what it should be. 50所省级、15所市级 for
15所省级、50所市级 is found so, and a right figure in other words contradicts nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Literal

from vectorstore.language.figures import Figure, figures, same_figure, same_unit
from vectorstore.language.groups import GROUPS, are_kin
from vectorstore.language.names import DOCUMENT_NUMBER, TITLE
from vectorstore.language.pattern import Pattern
from vectorstore.language.text import nfkc
from vectorstore.language.words import word_spans

Type = Literal["数字", "层级", "对象"]
LEVEL = Pattern(
    r"(?:国家|自治区|[省市县区州乡镇村盟旗](?:[（(][市县区州盟旗、]{1,8}[)）])?|地市|盟市|旗县|区县|县区)级"
    r"|全[国省市县区](?!人大|政协|面)",
    yes=("国家级", "市（州）级", ("全市创建", "全市"), "省级"),
    no=("上级", "年级", "全面"),
    why="of which level something is, or how far it reaches",
)
_POINTS = Pattern(
    r"\d{1,4}(?:\.\d{1,2})?分(?![之别类级配期批工享析析布])",
    yes=("8分", "100分"),
    no=("3分之一", "分别"),
    why="points of a score, which are no figures elsewhere",
)
_PARTS = "，,；;。：:、\n！？《》"
_WIDE = 14  # characters on each side that tell what a mention is about
_LONG = 24  # of its own part of the sentence
# How near another mention is, and how much nearer than the nearest that says the same.
_CLEAR, _AHEAD = 0.58, 0.22
_ALONE, _FAR_AHEAD = 0.45, 0.35


@dataclass(frozen=True, slots=True)
class Mention:
    """`cell` are pairs of characters in its own part of the sentence, `wide` those around."""

    type: Type
    text: str
    start: int
    end: int
    key: str  # what must be equal for two to be compared: a unit, the kind of a year
    figure: Figure | None
    cell: frozenset[str]
    wide: frozenset[str]


def mentions(text: str) -> Iterator[Mention]:
    """Those of a text, in order of kind; none within titles and numbers of documents."""
    barred = [m.span() for p in (TITLE, DOCUMENT_NUMBER) for m in p.finditer(text)]

    def free(start: int, end: int) -> bool:
        return not any(a < end and start < b for a, b in barred)

    for figure in _figures(text):
        end = figure.start + len(figure.text)
        if figure.unit and free(figure.start, end):
            yield _mention("数字", text, figure.start, end, _key(figure), figure)
    for match in LEVEL.finditer(text):
        if free(*match.span()):
            key = "全" if match[0].startswith("全") else "级"
            yield _mention("层级", text, *match.span(), key, None)
    spans: list[tuple[int, int]] | None = None
    for group, pattern in GROUPS.items():
        for match in pattern.finditer(text):
            if free(*match.span()):
                spans = spans or word_spans(text)
                start, end = spans[match.start()][0], spans[match.end() - 1][1]
                yield _mention("对象", text, start, end, group, None)


def _figures(text: str) -> Iterator[Figure]:
    found = figures(text)
    yield from found
    for match in _POINTS.finditer(text):
        yield Figure(float(match[0][:-1]), "分", match[0], match.start())


def _key(figure: Figure) -> str:
    return "年份" if figure.unit == "年" and figure.value >= 1900 else figure.unit


def _mention(
    type_: Type, text: str, start: int, end: int, key: str, figure: Figure | None
) -> Mention:
    left, right = start, end
    while left > max(0, start - _LONG) and text[left - 1] not in _PARTS:
        left -= 1
    while right < min(len(text), end + _LONG) and text[right] not in _PARTS:
        right += 1
    keep = type_ != "数字"
    cell = _pairs(text[left:start], keep) | _pairs(text[end:right], keep)
    before = {f"<{p}" for p in _pairs(text[max(0, start - _WIDE) : start], keep)}
    after = {f">{p}" for p in _pairs(text[end : end + _WIDE], keep)}
    return Mention(
        type_, text[start:end], start, end, key, figure, frozenset(cell), frozenset(before | after)
    )


def _pairs(text: str, keep_digits: bool) -> set[str]:
    plain = [c for c in nfkc(text) if c.isalpha() or (keep_digits and c.isdigit())]
    return {a + b for a, b in pairwise(plain)}


def same(one: Mention, other: Mention) -> bool:
    """Whether two mentions say the same."""
    if one.figure and other.figure:
        return same_figure(one.figure, other.figure)
    if one.type == "对象":
        return are_kin(one.key, other.key)
    return _level(one.text) == _level(other.text)


def _level(text: str) -> str:
    """市（州）级 and 市级 are one; so are 自治区级 and 省级."""
    first = text.replace("自治区", "省").replace("旗县", "县").replace("盟市", "市")
    return first[0] if not first.startswith("全") else first


def comparable(one: Mention, other: Mention) -> bool:
    if one.figure and other.figure:
        if "年份" in (one.key, other.key):
            return one.key == other.key
        return same_unit(one.figure, other.figure)
    return one.type == other.type and (one.type == "对象" or one.key == other.key)


@dataclass(frozen=True, slots=True)
class Rival:
    """What stands in a document among the words of a mention: another one, or one that says the
    same; `near` in [0, 1]."""

    document_id: str
    mention: Mention
    near: float
    agrees: bool


@dataclass
class Held:
    """All mentions of one document, found by the pairs of characters around them."""

    document_id: str
    text: str
    _by_pair: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    @cached_property
    def _mentions(self) -> list[Mention]:
        found = list(mentions(self.text))
        for n, mention in enumerate(found):
            for pair in mention.cell | mention.wide:
                self._by_pair[pair].append(n)
        return found

    def nearest(self, one: Mention) -> tuple[Rival | None, Rival | None]:
        """The mention nearest to `one` that says the same, and the nearest that says another."""
        held = self._mentions
        shared: Counter[int] = Counter()
        for pair in one.cell:
            shared.update(dict.fromkeys(self._by_pair.get(pair, ()), 2))
        for pair in one.wide:
            shared.update(dict.fromkeys(self._by_pair.get(pair, ()), 1))
        most = 2 * len(one.cell) + len(one.wide)
        best: dict[bool, Rival] = {}
        for n, weight in shared.most_common():
            other = held[n]
            if not comparable(one, other):
                continue
            agrees = same(one, other)
            near = weight / most
            if agrees not in best or near > best[agrees].near:
                best[agrees] = Rival(self.document_id, other, near, agrees)
            if len(best) == 2 and weight / most < min(r.near for r in best.values()):
                break
        return best.get(True), best.get(False)


def judged(one: Mention, documents: Sequence[Held]) -> Rival | None:
    """What the documents say of a mention: one that agrees, one that contradicts it, or None
    where neither is near enough."""
    pairs = [document.nearest(one) for document in documents]
    agreeing = max((a for a, _ in pairs if a), key=lambda r: r.near, default=None)
    other = max((b for _, b in pairs if b), key=lambda r: r.near, default=None)
    own = agreeing.near if agreeing else 0.0
    if len(one.cell) + len(one.wide) < 5:
        return None
    if other and (
        (other.near >= _CLEAR and other.near - own >= _AHEAD)
        or (other.near >= _ALONE and other.near - own >= _FAR_AHEAD)
    ):
        return other
    return agreeing if agreeing and own >= _CLEAR else None
