"""Turns about several things that were told before: 第三个由谁牵头, 两个差多少, 列个表."""

from collections.abc import Sequence

from assistant.understand.corpus import Corpus, Path
from assistant.understand.demands import WORDINGS, Demand
from assistant.understand.learned import Sense
from assistant.understand.question import Question
from assistant.understand.threads import (
    A_MATTER,
    SHORT_TURN,
    Heard,
    only_goes_on,
    scope_text,
    statement,
    trim,
)
from assistant.understand.wording import without
from vectorstore.language.dates import YEAR
from vectorstore.language.pattern import Pattern
from vectorstore.language.text import says

_SEVERAL = Pattern(
    r"(?:(?:[这那]|前面?[这那]?)[两二三四五六几]|[两二三四])(?:个|家|地|份|者|省|市|区)(?:之间)?的?|它们(?:之间)?的?"
    r"|这(?:个|家|地|份|些)|以上|上[面述]|前面[这那]?个?",
    yes=("这三个", "两者之间的", "它们的", ("前面几个呢", "前面几个")),
    no=("哪五个站", "建几个站"),
    why="what several turns before were about",
)
_NUMBERS = {"两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6}
_TABLE = (
    "表格", "清单", "列表", "列个表", "列成表", "列一个表", "做个表", "做成表", "整理成表",
    "汇总成表", "汇总表", "对比表", "比较表",
)  # fmt: skip
# 第三项 → 2, 最后一个 → -1.
_ORDINALS = {
    **{
        f"第{sign}{unit}": number
        for unit in "个项条点大类种"
        for signs in ("一二三四五六七八九十", "123456789")
        for number, sign in enumerate(signs)
    },
    **{f"最后一{unit}": -1 for unit in "个项条点类种"},
}


def of_item(body: str, thread: Sequence[Question], corpus: Corpus, heard: Heard) -> str:
    """第三个由谁牵头, after a list: the item that is meant, in place of its number; ''."""
    said = next((o for o in _ORDINALS if o in body and f"{o}月" not in body), "")
    if not said or heard.told is None:
        return ""
    number = _ORDINALS[said]
    for question in reversed(thread):
        items = heard.told(question)
        if len(items) > max(1, number):
            rest = body.replace(said, items[number], 1)
            rest = f"{rest.rstrip('？?。')[:-1]}是什么？" if only_goes_on(body) else rest
            return f"{scope_text(question, corpus)}{rest}"
    return ""


def is_of_several(body: str, sense: Sense) -> bool:
    """Whether a turn takes what several turns before were about together."""
    if _SEVERAL.search(body):
        return True
    if len("".join(sense.matter)) >= A_MATTER:
        return False
    return len(body) <= SHORT_TURN and (says(body, _TABLE) or _ranks(body))


def of_several(body: str, thread: Sequence[Question], sense: Sense) -> str:
    """两者差几个百分点: the places of the turns before and the topic that they share, or the
    questions themselves where they are of one place."""
    if thread[-1].asks(Demand.EVERYWHERE):
        names = "各地"
    else:
        held = _places(thread)
        names = "、".join(list(held.values())[-_number(body) :])
        if len(held) < 2 and _only_ranks(body):
            return _both(thread)
        if len(held) < 2 and not _is_table(body):
            return ""
    last = next((q for q in reversed(thread) if q.matter), thread[-1])
    own = "".join(sense.matter)
    years = YEAR.findall(body) or YEAR.findall(last.standalone)
    year = f"{years[-1]}年" if years and years[-1] not in body else ""
    if len(own) >= A_MATTER:
        topic = ""
    elif last.is_marked:
        topic = last.matter.replace(" ", "")
    else:
        topic = trim(without(statement(last), [p.text for p in last.places]))
        year = ""
    ask = _SEVERAL.remove_from(body).lstrip("，,也的")
    return f"{names}{year}{topic}{ask}"


def _places(thread: Sequence[Question]) -> dict[Path, str]:
    """The places of the turns, those named last at the end."""
    held: dict[Path, str] = {}
    for question in thread:
        for place in question.places:
            held.pop(place.path, None)
            held[place.path] = place.text
    return held


def _number(body: str) -> int:
    """How many a turn says that it means; 0 where it says none."""
    counted = _SEVERAL.search(body)
    said = counted[0] if counted else ""
    return next((number for name, number in _NUMBERS.items() if name in said), 0)


def _both(thread: Sequence[Question]) -> str:
    """The last two questions that ask for a figure, one after the other; '' without two."""
    asked = dict.fromkeys(q.standalone.rstrip("？?。") for q in thread if q.asks(Demand.FIGURE))
    last = list(asked)[-2:]
    return "".join(f"{each}？" for each in last) if len(last) == 2 else ""


def _only_ranks(body: str) -> bool:
    """Whether a turn asks for no more than an order or a difference: 两个差多少."""
    rest = WORDINGS[Demand.RANK].remove_from(_SEVERAL.remove_from(body))
    return _ranks(body) and len(rest.strip("呢的？?。，那是又能")) < 2


def _is_table(body: str) -> bool:
    return len(body) <= SHORT_TURN and says(body, _TABLE)


def _ranks(body: str) -> bool:
    return WORDINGS[Demand.RANK].search(body) is not None
