"""What a turn says of time and of the conversation itself: last year, back to the first question,
the rules before these."""

from collections.abc import Sequence
from datetime import date

from assistant.understand.question import Question, Version

_YEARS = {"前年": -2, "去年": -1, "上年": -1, "今年": 0, "本年": 0, "明年": 1, "后年": 2}
_BESIDE = (
    "比",
    "较",
    "与",
    "跟",
    "同",
    "和",
    "以",
    "大",
)  # 比去年: what a figure is measured against
_OWN = ("我", "咱", "俺")  # a story's years are not those of a figure
_SHORT = 20  # characters
_BACK, _QUESTION = ("回到", "再说回", "说回", "再回到"), "问题"
_STOPS = "，,。.、 "
_ORDER = "一二三四五六七八九"
_ORIGIN = (
    "出处",
    "出自",
    "来源",
    "哪一条",
    "哪条",
    "第几条",
    "哪份文件",
    "哪个文件",
    "什么文件",
    "原文",
)
_BESIDE_IT = frozenset(
    "那这是的在有请给出说明数据规定写里上面以依据自哪些个份条一第几什么文件呢吗啊呀来源处原您你能"
)
_MORE = (
    "再详细点", "再详细些", "再详细一点", "详细点", "详细说说", "详细讲讲", "具体说说", "具体讲讲",
    "展开说说", "展开讲讲", "多说一点", "多说点", "还有吗", "还有没有", "还有呢", "还有别的吗", "继续",
)  # fmt: skip
_VERSIONS: dict[str, Version] = {
    "旧": "older", "老": "older", "原来的": "older", "原先的": "older", "以前的": "older",
    "之前的": "older", "修订前的": "older", "原": "older", "新": "newer", "修订后的": "newer",
}  # fmt: skip
_TEXTS = ("办法", "规定", "文件", "政策", "版本", "版", "方案", "条例", "细则", "标准")


def in_years(turn: str, today: date) -> str:
    """A short turn with its years by number: 去年呢 → 2025年呢. What is compared with, and what a
    story says of its teller, stays."""
    if len(turn) > _SHORT or any(word in turn for word in _OWN):
        return turn
    for word, off in _YEARS.items():
        before, found, after = turn.partition(word)
        if found and not before.endswith(_BESIDE) and not after.startswith("度"):
            turn = f"{before}{today.year + off}年{after.lstrip('的')}"
    return turn


def gone_back(turn: str, before: Sequence[Question]) -> tuple[Question, str] | None:
    """The earlier question that a turn goes back to, and what it says further: 回到第一个问题，
    石湾呢; 说回公租房，谁来审核. None where it does not."""
    opening = next((words for words in _BACK if turn.startswith(words)), "")
    if not opening:
        return None
    head, found, rest = turn.partition(_QUESTION)
    if not found or len(head) > _SHORT:
        return _back_to(turn.removeprefix(opening), before)
    number = next((_ORDER.index(sign) for sign in head if sign in _ORDER), len(before) - 1)
    return (before[number], rest.strip(_STOPS)) if number < len(before) else None


def _back_to(words: str, before: Sequence[Question]) -> tuple[Question, str] | None:
    """The last question that names what stands before the first comma."""
    name, _, rest = words.replace(",", "，").partition("，")
    name = name.removeprefix("到").strip().removesuffix("的事")
    if not 2 <= len(name) <= _SHORT:
        return None
    return next(((q, rest.strip(_STOPS)) for q in reversed(before) if name in q.standalone), None)


def version_asked(turn: str) -> tuple[Version, str] | None:
    """Which version of the rules that were talked of a turn asks for, and what it says beside:
    旧办法呢 → (older, 呢). None where it names no other version."""
    found = (
        (turn.find(f"{sign}{text}"), f"{sign}{text}", version)
        for sign, version in _VERSIONS.items()
        for text in _TEXTS
    )
    named = min(((at, -len(words), words, v) for at, words, v in found if at >= 0), default=None)
    if named is None or len(turn) > _SHORT:
        return None
    *_, words, version = named
    return version, turn.replace(words, "", 1)


def asks_origin(turn: str) -> bool:
    """Whether a turn asks where what was said stands, and nothing else: 出处呢, 是哪份文件规定的."""
    text = turn.strip("？?。 ")
    return any(sign in text for sign in _ORIGIN) and _BESIDE_IT.issuperset(text)


def asks_more(turn: str) -> bool:
    """Whether a turn asks for more of the same, and names nothing: 再详细点, 还有吗."""
    return turn.strip("？?。!！，, ").removeprefix("请").removeprefix("能").removesuffix("吗").strip() in (
        *_MORE, *(words.removesuffix("吗") for words in _MORE)
    )  # fmt: skip
