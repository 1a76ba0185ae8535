"""What an answer to a question should hold: a number, a date, an organ, several things."""

import re
from collections.abc import Iterator

from assistant.understand.asking import asks_when
from assistant.understand.demands import WORDINGS, Demand
from assistant.understand.quantity import measure_asked
from vectorstore.language.dates import YEAR
from vectorstore.language.names import YEAR_AND_SERIAL
from vectorstore.language.text import says

_HAS_NUMBER = re.compile(
    r"[\d一二三四五六七八九十百千万两]\s*+(?:%|[个名人家项次元亩台所座处倍]|万|亿|以上|以内)"
)


_HAS_SPAN_OF_TIME = re.compile(
    r"[\d一二三四五六七八九十百两]\s*+(?:个月|个?(?:工作|自然)日|小时|[年月日天])"
)


_HAS_DATE = re.compile(r"\d{4}年|\d{1,2}月|年底|期末|日内|之前|以前")


_HAS_ROLE = re.compile(r"牵头|负责|责任(?:单位|部门)|分工|配合")
_HAS_GLOSS = re.compile(r"是指|指的?是|[”」](?:[（(])|即|所称")
_HAS_SEVERAL = re.compile(r"、[^、，。；]{1,14}(?:、|和|与|及|等)|[一二]是|[（(]?[1一][)）.、]")
_TERMS = ("期限", "时限")
_NUMBER = ("文号", "字号")


_WHAT_KIND = ("什么样的", "怎样的", "哪种", "何种")


def expected_in(question: str) -> list[re.Pattern[str]]:
    """What an answer to a question should hold: a number, a date, an organ, a gloss, several
    things, the year that is asked about."""
    return [sign for sign, is_asked in _signs(question) if is_asked] + [
        re.compile(year) for year in dict.fromkeys(YEAR.findall(question))
    ]


def _signs(text: str) -> Iterator[tuple[re.Pattern[str], bool]]:
    is_time = measure_asked(text) == "time"

    def asks(demand: Demand) -> bool:
        return WORDINGS[demand].search(text) is not None

    yield _HAS_NUMBER, asks(Demand.FIGURE) and not is_time
    yield _HAS_SPAN_OF_TIME, is_time
    yield _HAS_DATE, asks_when(text) or says(text, _TERMS)
    yield _HAS_ROLE, asks(Demand.ORGAN)
    yield _HAS_GLOSS, asks(Demand.DEFINITION)
    yield _HAS_SEVERAL, asks(Demand.ITEMS)
    yield YEAR_AND_SERIAL.compiled, says(text, _NUMBER)


def asked_thing(question: str) -> str:
    """What an answer has to name: 建立什么样的机制 → 机制; '' when the question does not say."""
    word = next((word for word in _WHAT_KIND if word in question), question)
    thing = question.partition(word)[2].strip("？?。")
    return thing if len(thing) == 2 else ""
