"""What an answer to a question should hold: a number, a date, an organ, several things."""

import re

from vectorstore.language.dates import YEAR
from vectorstore.language.names import YEAR_AND_SERIAL

_HAS_NUMBER = re.compile(
    r"[\d一二三四五六七八九十百千万两]\s*+(?:%|[个名人家项次元亩台所座处倍]|万|亿|以上|以内)"
)


_HAS_SPAN_OF_TIME = re.compile(
    r"[\d一二三四五六七八九十百两]\s*+(?:个月|个?工作日|小时|[年月日天])"
)


_HAS_DATE = re.compile(r"\d{4}年|\d{1,2}月|年底|期末|日内|之前|以前")


_EXPECTED: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    (
        re.compile(
            r"多少(?!年|个?月|[日天])|几[个名人家项次](?!月)|比例|百分|数量|人数|目标值|量化"
        ),
        _HAS_NUMBER,
    ),
    (re.compile(r"(?:多少|几)(?:个?[年月]|[日天])"), _HAS_SPAN_OF_TIME),
    (re.compile(r"什么时候|何时|哪[一]?[年天月]|期限|时限|多久|多长时间"), _HAS_DATE),
    (
        re.compile(r"谁|牵头|负责|责任|哪个部门|哪些部门|哪家|单位"),
        re.compile(r"牵头|负责|责任(?:单位|部门)|分工|配合"),
    ),
    (
        re.compile(r"什么是|是指|指的是|指什么|指哪|定义|含义|意思"),
        re.compile(r"是指|指的?是|[”」](?:[（(])|即|所称"),
    ),
)


_NUMBERED = (
    re.compile(r"文号|字号"),
    YEAR_AND_SERIAL.compiled,
)


_SEVERAL = (
    re.compile(r"哪些|哪几|有哪|哪[两三四五六七八九十]|包括什么"),
    re.compile(r"、[^、，。；]{1,14}(?:、|和|与|及|等)|[一二]是|[（(]?[1一][)）.、]"),
)


_WHAT_KIND = re.compile(
    r"(?:什么样|怎样|哪种|何种)的?(?P<thing>[\u4e00-\u9fff]{2})(?=[？?，,。]|$)"
)


def expected_in(question: str) -> list[re.Pattern[str]]:
    """What an answer to a question should hold: a number, a date, an organ, a gloss, several
    things, the year that is asked about."""
    signs = [sign for asks, sign in (*_EXPECTED, _SEVERAL, _NUMBERED) if asks.search(question)]
    return signs + [re.compile(year) for year in dict.fromkeys(YEAR.findall(question))]


def asked_thing(question: str) -> str:
    """What an answer has to name: 建立什么样的机制 → 机制; '' when the question does not say."""
    match = _WHAT_KIND.search(question)
    return match["thing"] if match else ""
