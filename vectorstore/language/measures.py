"""Of what kind a quantity is: money, people, a share, a time or a length."""

from typing import Literal

from vectorstore.language.figures import figures
from vectorstore.language.pattern import Pattern
from vectorstore.language.quantities import quantities

Measure = Literal["money", "people", "share", "time", "length", "area"]

NAMES: dict[Measure, str] = {
    "money": "金额", "people": "人数", "share": "比例", "time": "时间", "length": "长度",
    "area": "面积",
}  # fmt: skip
_UNITS: dict[Measure, tuple[str, ...]] = {
    "money": ("元",),
    "people": ("人", "名", "位", "人次", "户", "个", "家", "班"),
    "share": ("%", "‰", "个百分点", "百分点", "倍"),
    "time": (
        "年",
        "月",
        "日",
        "天",
        "周",
        "小时",
        "分钟",
        "个月",
        "个工作日",
        "工作日",
        "个自然日",
        "自然日",
        "周年",
    ),
    "length": ("公里", "千米", "米"),
    "area": ("亩", "公顷", "平方米", "平方公里", "平方千米", "万平方米"),
}
# What else may answer: a fine of money as a share or a multiple of what was gained.
_ALSO: dict[Measure, tuple[Measure, ...]] = {"money": ("share",), "people": ("share",)}
_NO_MONEY = Pattern(
    r"\d(?:[\d,，.]{0,12})\s?(?:[万亿千百]{0,2})(?:美元|欧元|英镑|日元|港币|块)",
    yes=("20万美元", "300块"),
    no=("20万元",),
    why="money in units that `figures` does not know",
)
_TENTHS = Pattern(r"\d\s?[∶:：]\s?\d|[一二三四五六七八九两]成(?![立为员功果本])|分之|对半|减半|一半|半价|全额|免费|全免",
                  yes=("七成", "1∶2", ("三分之一", "分之"), "减半"), no=("一成立",))  # fmt: skip


def is_another(text: str, asked: Measure) -> bool:
    """Whether a text holds quantities, and none of the kind that is asked for.

    >>> is_another("培训2400人次", "money"), is_another("补助30元", "money")
    (True, False)
    """
    if asked in ("money", "share", "people") and (_TENTHS.search(text) or _NO_MONEY.search(text)):
        return False
    units = {figure.unit for figure in figures(text) if figure.unit and figure.unit not in _DATED}
    units |= {quantity.unit for quantity in quantities(text) if quantity.unit}
    plain = {unit.split("/")[0] for unit in units}
    fitting = {unit for kind in (asked, *_ALSO.get(asked, ())) for unit in _UNITS[kind]}
    return bool(plain) and not plain & fitting


PAID_OUT = Pattern(
    r"补助|补贴|奖励|奖补|资助|津贴|救助", yes=("补助", "奖励"), no=("罚款",), why="paid out"
)
_DATED = ("年", "月", "日", "号", "条", "款", "届", "期", "项", "级", "类", "章", "次")
_PERSON = "人名位生"


def is_told_each(text: str, unit: str) -> bool:
    """Whether a text speaks of one of something, as far as words can say it.

    >>> is_told_each("每亩补贴300元", "亩"), is_told_each("安排资金850万元", "亩")
    (True, False)
    """
    units = next((units for units in (_PERSON, "户家") if unit in units), (unit,))
    told = (f"{one}{more}{own}" for own in units for one in "每/一按各单1" for more in ("", "个"))
    if any(words in text for words in (*told, *(f"{own}均" for own in units))):
        return True
    return "标准" in text and not _PER_OTHER.search(text)


_PER_OTHER = Pattern(
    r"每(?:公里|千米|平方米|立方米|[人名生户亩头只台辆吨件斤座家处餐])",
    yes=("每公里", "每处"),
    no=("每年", "每月"),
    why="for one of something a sum is told",
)
