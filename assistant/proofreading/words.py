"""Wrong characters, words that stand twice, words too many: from lists, and from idioms."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise

from assistant.proofreading.rule import Found, Page, Rule
from vectorstore.language.words import cut, in_latin, is_word, tagged

_REPEATED = re.compile(r"(?P<word>[\u4e00-\u9fff]{2,8})(?P=word)")
_REPEATED_ONE = re.compile(r"(?P<word>[\u4e00-\u9fff])(?P=word)")
# Of what one has one each, and who is called twice: 户户, 件件; words that the dictionary lacks.
_EACH = "户村人家件条项个天年月日时处点步层级代张样种批次场座栋片块家句字页篇事某等一爸妈哥姐弟奶爷叔舅试想看说谈常渐刚仅稍早多好大高深牢紧远慢频纷默略明早悄恰偏徐钉"
_SURE = 3  # longer ones stand in no other words
_AROUND = 8  # characters that tell where words part
_HAN_RUN = re.compile(r"[\u4e00-\u9fff]{4,200}")
_NOT_TWICE = ("一", "某", "逐", "试", "层", "事")  # 一个一个, 某某, 逐步逐步
_ADVERBS = re.compile(
    r"(?P<how>积极|认真|切实|深入|扎实|努力|大力|稳步|及时|主动|严格|坚决|有力)的"
    r"(?=推进|推动|开展|贯彻|落实|做好|加强|抓好|完成|执行|履行|实施|促进|提升|提高|解决|改善)"
)
_COMMON = (0xB0A1, 0xD7FA)  # the 3755 characters of GB 2312's first level


@dataclass(frozen=True, slots=True)
class _Entry:
    wrong: str
    right: str
    unless: tuple[str, ...]  # words in which `wrong` is right


@cache
def entries(file: str) -> tuple[_Entry, ...]:
    """A list of data/: wrong, right, and, 、 between them, words in which the first is right."""
    text = resources.files(__package__).joinpath(f"data/{file}").read_text("utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return tuple(
        _Entry(row[0], row[1], tuple(row[2].split("、")) if len(row) > 2 and row[2] else ())
        for row in rows
    )


def _listed(page: Page, file: str) -> Iterator[Found]:
    for entry in entries(file):
        at = page.text.find(entry.wrong)
        while at >= 0:
            end = at + len(entry.wrong)
            within = _is_within(page.text, at, end, entry.unless)
            if not within and (len(entry.wrong) > _SURE or parted(page.text, at)):
                yield at, end, entry.right
            at = page.text.find(entry.wrong, end)


def parted(text: str, *places: int) -> bool:
    """Whether words of the text part at each of some places: 务必 in 业务必须 begins in one."""
    start = max(0, min(places) - _AROUND)
    cuts, at = {0, start}, start
    for word in cut(text[start : max(places) + _AROUND], guess=False):
        cuts.add(at)
        at += len(word)
        cuts.add(at)
    return all(place in cuts for place in places)


def _is_within(text: str, start: int, end: int, words: tuple[str, ...]) -> bool:
    """Whether one of some words stands around [start, end)."""
    for word in words:
        at = text.find(word, max(0, start - len(word)), end + len(word))
        while at >= 0:
            if at < end and start < at + len(word):
                return True
            at = text.find(word, at + 1, end + len(word))
    return False


def _misspelt(page: Page) -> Iterator[Found]:
    yield from _listed(page, "misspelt.tsv")


def _wordy(page: Page) -> Iterator[Found]:
    yield from _listed(page, "wordy.tsv")


def _twice(page: Page) -> Iterator[Found]:
    for match in _REPEATED.finditer(page.text):
        word = match["word"]
        middle = match.start() + len(word)
        plain = len(set(word)) > 1 and not word.startswith(_NOT_TWICE)
        if plain and parted(page.text, match.start(), middle, match.end()):
            if len(word) > 2 or is_word(word):
                yield *match.span(), word
    for match in _REPEATED_ONE.finditer(page.text):
        word = match["word"]
        start = max(0, match.start() - 6)
        words = cut(page.text[start : match.end() + 6], guess=False)
        # 以及及时, 目的的: one of the two belongs to a word, then both are right
        if word not in _EACH and _stand_alone(words, word, match.start() - start):
            yield *match.span(), word


def _stand_alone(words: Sequence[str], character: str, at: int) -> bool:
    """Whether two of a character at a place of a text are words of their own."""
    for first, second in pairwise(words):
        if at == 0:
            return first == second == character
        at -= len(first)
    return False


def _idioms(page: Page) -> Iterator[Found]:
    """Four characters that are an idiom when one of them is another one of the same sound:
    一如继往. They are words of their own together: none of them belongs to what is around."""
    for run in _HAN_RUN.finditer(page.text):
        words = cut(run[0], guess=False)
        at = run.start()
        for n, word in enumerate(words):
            four = word
            for other in words[n + 1 : n + 4]:
                four += other
                if len(four) == 4 and (right := _idiom(four)):
                    yield at, at + 4, right
            at += len(word)


@cache
def _idiom(four: str) -> str | None:
    if is_word(four) or (is_word(four[:2]) and is_word(four[2:])):
        return None
    if any(character not in _by_sound().get(in_latin(character), ()) for character in four):
        return None  # 後顾之忧: another script
    found = {
        candidate
        for i, character in enumerate(four)
        for other in _alike(character)
        if is_word(candidate := f"{four[:i]}{other}{four[i + 1 :]}")
        and tagged(candidate) == [(candidate, "i")]
    }
    return found.pop() if len(found) == 1 else None


@cache
def _alike(character: str) -> tuple[str, ...]:
    return tuple(c for c in _by_sound().get(in_latin(character), ()) if c != character)


@cache
def _by_sound() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for character in _characters():
        found.setdefault(in_latin(character), []).append(character)
    return found


def _characters() -> tuple[str, ...]:
    first, last = _COMMON
    pairs = (
        bytes((high, low))
        for high in range(first >> 8, (last >> 8) + 1)
        for low in range(0xA1, 0xFF)
    )
    return tuple(c for pair in pairs if (c := pair.decode("gb2312", "ignore")))


RULES = (
    Rule(
        "错别字",
        "常见错别字",
        find=_misspelt,
        yes=(
            ("全面布署各项工作", "全面部署各项工作"),
            ("按装设备", "安装设备"),
            ("做为重要任务", "作为重要任务"),
        ),
        no=("全面部署各项工作", "截止日期", "管业务必须管安全", "可以经审议通过"),
    ),
    Rule(
        "错别字",
        "成语、固定词语的写法",
        find=_idioms,
        yes=(("做到持之以衡", "做到持之以恒"),),
        no=("一如既往地支持", "各县区人民政府", "身份不明"),
    ),
    Rule(
        "重复",
        "同一词语连写两遍",
        find=_twice,
        yes=(("加强技能培养培养", "加强技能培养"), ("提高服务的的水平", "提高服务的水平")),
        no=("以及及时报送", "一个一个解决", "特别行政区行政区域图", "做到即到即提"),
    ),
    Rule(
        "赘余",
        "意思重复的词语",
        find=_wordy,
        yes=(("涉及到群众利益", "涉及群众利益"), ("目的是为了提高效率", "目的是提高效率")),
        no=("涉及群众利益",),
    ),
    Rule(
        "“的”“地”",
        "动词之前用“地”",
        _ADVERBS,
        lambda m: f"{m['how']}地",
        yes=(("认真的贯彻落实", "认真地贯彻落实"),),
        no=("认真贯彻落实", "积极的态度"),
    ),
)
