"""What a summary is to be of and how long, and what a question calls a document by."""

from typing import Literal

from assistant.understand.demands import WORDINGS, Demand
from assistant.understand.question import Question
from assistant.understand.wording import EDGE
from vectorstore.language.pattern import Pattern

_LENGTH = Pattern(
    r"用?(?:(?P<short>一句话|简短|简要|简单(?:说|讲|概括|总结)|几句话)|详细|全面|展开|具体(?:说|讲))地?",
    yes=("简要", "用一句话", "详细", "简要地"),
    no=("简政", "具体条件"),
    why="how long a summary should be",
)
_POINTING = Pattern(
    r"[那这该]一?(?:个|份|部|项)?|现在|目前|今天|里面?|中|吗|呢|吧|还|能|都|讲了?|说了?|什么|啥|一下|下$|(?:一共|总共)?定?了?(?:哪些|哪几)",
    yes=("那个", "现在", "里"),
    no=("措施",),
    why="what stands around a document's name in a question",
)


_GENERIC = (
    "主要", "重点", "具体", "有关", "相关", "措施", "任务", "工作", "要求", "内容", "举措", "方面",
)  # fmt: skip


def part_asked(question: Question) -> str:
    """The matter without words that name no part of a document."""
    words = question.matter
    for word in _GENERIC:
        words = words.replace(word, " ")
    return words.strip()


def length_of(question: Question) -> Literal["short", "normal", "long"]:
    """How long a summary is wished for."""
    found = [bool(match["short"]) for match in _LENGTH.finditer(question.standalone)]
    if any(found):
        return "short"
    return "long" if found else "normal"


def to_sum_up(question: Question) -> str:
    """What a summary is to be of, without how long it should be."""
    words = WORDINGS[Demand.SUMMARY].remove_from(question.about, " ")
    bare = _LENGTH.compiled.sub(lambda m: m[0] if words[m.end() :][:1].strip() else " ", words)
    return bare.strip(" 的，,")


def name_in(question: Question) -> str:
    """What a question may call the document by: its topic without what is asked of it."""
    words = question.about
    for demand in (Demand.VALIDITY, Demand.SUMMARY):
        words = WORDINGS[demand].remove_from(words)
    return _POINTING.remove_from(words).replace(" ", "").strip(EDGE)
