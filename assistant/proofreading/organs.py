"""Names of organs: those that were renamed, and those that differ a little from the library's."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from assistant.proofreading.rule import Found, Page, Rule
from vectorstore.language.aliases import organ_key
from vectorstore.language.names import TITLE
from vectorstore.language.words import in_latin

_YEAR = re.compile(r"(?:19|20)\d\d(?=\s?[年〕\]])")
_OF_ITS_TIME = ("原", "时任", "前身", "更名", "改名", "合并", "撤销", "组建", "不再保留", "划入")
_LEVEL = re.compile(r"(?:自治区|[省市县区州盟旗]|国家|全国)$")
_NAMED = re.compile(
    r"(?:(?<=[、，。；：（和与由及\s])|^)(?P<name>[省市县区州旗][\u4e00-\u9fff]{2,18}?(?:局|委员会|委|办公室|办|厅|联合会|总工会|协会|会|部))"
    r"(?=[、，。；：）和与及等牵负责配\s]|$)",
    re.MULTILINE,
)
_SHORTEST = 4  # characters of a name that one other character makes a slip
_LONG = 8


@dataclass(frozen=True, slots=True)
class Renamed:
    old: str
    new: str
    since: int
    unless: tuple[str, ...]


@cache
def renamed() -> tuple[Renamed, ...]:
    """The longer names first."""
    text = resources.files(__package__).joinpath("data/renamed.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    found = [
        Renamed(r[0], r[1], int(r[2]), tuple(r[3].split("、")) if len(r) > 3 and r[3] else ())
        for r in rows
    ]
    return tuple(sorted(found, key=lambda r: -len(r.old)))


def _renamed(page: Page) -> Iterator[Found]:
    last = max(map(int, _YEAR.findall(page.text)), default=None)
    titles = [match.span() for match in TITLE.finditer(page.text)]
    taken: list[tuple[int, int]] = []
    for entry in renamed():
        if last is not None and last < entry.since:
            continue  # the text is older than the new name
        at = page.text.find(entry.old)
        while at >= 0:
            end = at + len(entry.old)
            if not any(a < end and at < b for a, b in (*titles, *taken)):
                taken.append((at, end))
                if not _is_of_its_time(page.text, at, end, entry):
                    yield at, end, entry.new
            at = page.text.find(entry.old, end)


def _is_of_its_time(text: str, start: int, end: int, entry: Renamed) -> bool:
    """Whether the sentence speaks of the years when the old name held, or of the change."""
    first = max(text.rfind(mark, 0, start) for mark in "。；\n") + 1
    last = min((n for mark in "。；\n" if (n := text.find(mark, end)) >= 0), default=len(text))
    sentence = text[first:last]
    years = [int(year) for year in _YEAR.findall(sentence)]
    around = text[max(0, start - 8) : end + 8]
    return (
        (bool(years) and max(years) < entry.since)
        or any(word in around for word in _OF_ITS_TIME)
        or any(word in around for word in entry.unless)
    )


def _unlike(page: Page) -> Iterator[Found]:
    """A name that one character tells from a name of the library."""
    known = {name: organ_key(name) for name in page.organs if len(name) >= _SHORTEST}
    if not known:
        return
    keys = set(known.values())
    for match in _NAMED.finditer(page.text):
        name = match["name"]
        if name in known or len(name) < _SHORTEST or organ_key(name) in keys:
            continue
        near = {other for other in known if other[0] == name[0] and _one_apart(name, other)}
        if len(near) == 1:
            yield *match.span("name"), near.pop()


def _one_apart(one: str, other: str) -> bool:
    """Whether two names differ in one slip of the hand: a character of the same sound, two the
    other way round; in a long name one changed or missing. 市文旅局 and 市文广旅局 are two."""
    if len(one) == len(other):
        unlike = [i for i, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
        if len(unlike) == 1:
            at = unlike[0]
            alike = in_latin(one[at]) == in_latin(other[at])
            return at < len(one) - 1 and (len(one) >= _LONG or (len(one) > _SHORTEST and alike))
        return (
            len(unlike) == 2
            and unlike[1] == unlike[0] + 1
            and (one[unlike[0]] == other[unlike[1]] and one[unlike[1]] == other[unlike[0]])
        )
    short, long = sorted((one, other), key=len)
    return (
        len(long) == len(short) + 1
        and len(short) >= _LONG
        and any(long[:i] + long[i + 1 :] == short for i in range(1, len(long) - 1))
    )


RULES = (
    Rule(
        "机构名称",
        "机构已更名",
        find=_renamed,
        yes=(
            ("由市卫计委牵头", "由市卫健委牵头"),
            ("报银保监会备案", "报金融监管总局备案"),
            ("县环保局配合", "县生态环境局配合"),
        ),
        no=(
            "由市卫健委牵头",
            "2015年，市卫计委开展了检查。",
            "原市卫计委",
            "《市卫计委关于检查的通知》",
        ),
    ),
    Rule("机构名称", "与库中机构名称只差一字", find=_unlike),
)
