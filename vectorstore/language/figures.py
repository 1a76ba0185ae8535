"""Figures in texts: numbers with their units, in one notation.

1.2万名 = 12000名, 百分之十二 = 12%, 一万元 = 10000元. Pure functions.
"""

import re
from dataclasses import dataclass

from vectorstore.language.numerals import number_of
from vectorstore.language.pattern import Pattern

_SCALES = {"百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_UNIT = (
    r"个百分点|百分点|人次|场次|个工作日|工作日|个自然日|自然日|万?平方[公千]?米|公里|千米|公顷|小时|分钟|个月|周年|"
    r"[%％‰]|学时|课时|千瓦时|千瓦|公斤|千克|毫克|毫米|厘米|"
    r"[元人名家个项次年月日天亩台所座处倍份件场篇部条款级类种只套辆吨度米岁班支户村张间栋幢株头艘列门床棵片"
    r"口眼盏根块笔批期届轮号页字]"
)
_NUMBER = r"(?<![A-Za-z\d.])\d[\d,，]*(?:\.\d+)?|[零〇一二三四五六七八九十百千两]+"
_FIGURE = Pattern(
    rf"(?P<percent>百分之(?P<hundred>[零〇一二三四五六七八九十百点\d.]+))"
    rf"|(?P<number>{_NUMBER})\s*(?P<scale>[万亿千百]{{0,2}})(?P<more>多|余)?(?P<unit>{_UNIT})?",
    yes=(
        "12%",
        "百分之十二点五",
        "1.2万名",
        "3,400余人",
        "一万元",
        "15.5个百分点",
        "十二个工作日",
        "90个自然日",
    ),
    no=("若干", "全区", "几项", "N95口罩"),
)


_VAGUE = frozenset("个项种级类条部年日月度家场处支户村班次批")


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` in plain units; `text` as written; `unit` '' for a bare number."""

    value: float
    unit: str
    text: str
    start: int


def figures(text: str) -> list[Figure]:
    """Figures with a unit or written in digits, in order.

    Numbers of headings, years and the numerals of words (一是, 三农) are not figures.
    """
    found = []
    for match in _FIGURE.finditer(text):
        figure = _figure(match, text)
        if figure is not None:
            found.append(figure)
    return found


def _figure(match: re.Match[str], text: str) -> Figure | None:
    if match["percent"]:
        value = number_of(match["hundred"])
        return Figure(value, "%", match[0], match.start()) if value is not None else None
    digits = match["number"][0].isdigit()
    unit = (match["unit"] or "").replace("％", "%")
    if not digits and not unit:
        return None
    value = number_of(match["number"].replace(",", "").replace("，", ""))
    if value is None:
        return None
    for scale in match["scale"]:
        value *= _SCALES[scale]
    before = text[max(0, match.start() - 1) : match.start()]
    after = text[match.end() : match.end() + 1]
    heading = digits and not unit and (after in ".、．" and before in ("", "\n", "。", " "))
    if heading or (digits and not unit and (before.isalnum() and before.isascii())):
        return None
    if not digits and unit in _VAGUE and match["number"] in ("一", "十", "百", "千"):
        return None  # 一个, 一年, 一批 count nothing
    return Figure(float(value), unit, match[0].strip(), match.start())


def plain_number(value: float | None) -> str:
    """As people write it, without zeros behind: 3.5, 11000."""
    return "" if value is None else f"{value:.6f}".rstrip("0").rstrip(".")


_SAME = (
    {"人", "名", "户"},
    {"场", "场次"},
    {"年", "周年"},
    {"天", "日", "自然日", "个自然日"},
    {"个", "家", "所", "座", "处", "项"},
    {"%", "个百分点", "百分点"},
)


def same_figure(a: Figure, b: Figure) -> bool:
    """Equal in value and kind of unit, where both have one: 1.2万名 = 12000人, but 人 is not 人次."""
    near = abs(a.value - b.value) <= 1e-9 * max(1.0, abs(a.value))
    return near and (same_unit(a, b) or not a.unit or not b.unit)


def same_unit(a: Figure, b: Figure) -> bool:
    """Whether two figures can be compared."""
    return a.unit == b.unit or any(a.unit in group and b.unit in group for group in _SAME)
