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
_HOW_MANY = r"(?:多少|(?<![哪好])几)(?:[十百千万亿]{0,3})"
_ASKED: tuple[tuple[Measure, Pattern], ...] = (
    (
        "money",
        Pattern(
            rf"{_HOW_MANY}(?:元|块钱|块(?=[？?钱]|$)|钱|资金|经费|费用)",
            yes=("多少万元", ("补几百块钱", "几百块钱"), "多少资金"),
            no=("多少人", "哪几块"),
        ),
    ),
    (
        "people",
        Pattern(
            rf"{_HOW_MANY}(?:人(?!次)|名|位)",
            yes=("多少人", "几名", "多少万人"),
            no=("多少人次", "哪几位"),
        ),
    ),
    (
        "share",
        Pattern(
            r"百分之(?:多少|几)|(?:比例|占比|比重|[^效]率)[^，。？?]{0,8}多少|几成",
            yes=("百分之几", ("比例要达到多少", "比例要达到多少"), ("普及率是多少", "及率是多少")),
            no=("多少个比例尺", "效率多少"),
        ),
    ),
    (
        "time",
        Pattern(
            rf"{_HOW_MANY}(?:天|日(?!元)|个?月|年|周|个?小时|分钟|个?工作日)",
            yes=("多少天", "几个月", "多少小时"),
            no=("哪几年", "多少人"),
        ),
    ),
    ("length", Pattern(rf"{_HOW_MANY}(?:公里|千米)", yes=("多少公里",), no=("多少里弄",))),
    (
        "area",
        Pattern(
            rf"{_HOW_MANY}(?:亩|公顷|平方[公千]?[米里])",
            yes=("多少万亩", "多少平方米"),
            no=("多少公里",),
        ),
    ),
)
_UNITS: dict[Measure, tuple[str, ...]] = {
    "money": ("元",),
    "people": ("人", "名", "位", "人次", "户", "个", "家", "班"),
    "share": ("%", "‰", "个百分点", "百分点", "倍"),
    "time": ("年", "月", "日", "天", "周", "小时", "分钟", "个月", "个工作日", "工作日", "周年"),
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


def measure_asked(question: str) -> Measure | None:
    """The kind of quantity that a question asks for in so many words.

    >>> measure_asked("每人补助多少元？"), measure_asked("目标是多少？")
    ('money', None)
    """
    found = {kind for kind, words in _ASKED if words.search(question)}
    return found.pop() if len(found) == 1 else None


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


_DATED = ("年", "月", "日", "号", "条", "款", "届", "期", "项", "级", "类", "章", "次")
_EACH = Pattern(
    r"每(?P<unit>[人名生户亩头只台辆吨件斤座家处餐]|平方米|公里)[^，。？?]{0,10}(?:多少|几)",
    yes=("每人每月补助多少", ("水厂每座补多少元", "每座补多少")),
    no=("每年培训多少人",),
    why="asks what is paid for one",
)
_PERSON = "人名位生"


def each_asked(question: str) -> str:
    """For one of what a sum is asked: 人, 亩; '' where none is said.

    >>> each_asked("每亩补多少元？"), each_asked("一共补多少元？")
    ('亩', '')
    """
    match = _EACH.search(question)
    return str(match["unit"]) if match else ""


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
