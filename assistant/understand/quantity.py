"""Of what kind a quantity is that a question asks for, for one of what, and who does what."""

from collections.abc import Iterator

from assistant.understand.asking import HOW_LARGE, HOW_MUCH
from vectorstore.language.acts import Act
from vectorstore.language.measures import Measure
from vectorstore.language.pattern import Pattern
from vectorstore.language.text import says

_MANY_OF = Pattern(
    r"(?:多少|(?<![哪好])几)(?:[十百千万亿]{0,3})(?P<unit>元|块钱|块(?=[？?钱]|$)|钱|资金|经费|费用|人(?!次)|个?(?:月|小时|工作日|自然日)|[名位周年天亩个家所座处户张台辆%]|日(?!元)|分钟|公里|千米|公顷|平方[公千]?[米里])",
    yes=("多少万元", ("补几百块钱", "几百块钱"), ("几个月", "几个月"), "多少平方米"),
    no=("多少人次", "哪几块", "哪几年", "多少里弄"),
    why="asks how many of what",
)
_SHARE = Pattern(
    r"百分之(?:多少|几)|(?:比例|占比|比重|[^效]率)[^，。？?]{0,8}多少|几成",
    yes=("百分之几", ("比例要达到多少", "比例要达到多少"), ("普及率是多少", "及率是多少")),
    no=("多少个比例尺", "效率多少"),
    why="asks for a share",
)
_MEASURES: dict[str, Measure] = {
    **dict.fromkeys(("元", "块钱", "块", "钱", "资金", "经费", "费用"), "money"),
    **dict.fromkeys(("人", "名", "位"), "people"),
    **dict.fromkeys(("天", "日", "月", "年", "周", "小时", "分钟", "工作日", "自然日"), "time"),
    **dict.fromkeys(("公里", "千米"), "length"),
    **dict.fromkeys(("亩", "公顷"), "area"),
}
_EACH = Pattern(
    r"每(?P<unit>[人名生户亩头只台辆吨件斤座家处餐场]|平方米|公里)[^，。？?]{0,10}(?:多少|几)",
    yes=("每人每月补助多少", ("水厂每座补多少元", "每座补多少")),
    no=("每年培训多少人",),
    why="asks what is paid for one",
)
_ACTS: dict[str, Act] = {
    "配合": "配合", "协办": "配合", "出资": "出资", "出钱": "出资", "审批": "审批", "核准": "审批",
    "批准": "审批", "验收": "验收", "监督": "监督考核", "考核": "监督考核", "督查": "监督考核",
    "备案": "备案", "发放": "发放", "兑付": "发放", "处罚": "处罚", "查处": "处罚",
}  # fmt: skip
_BY_WHOM = Pattern(
    rf"(?:哪(?:一)?[个家些]?(?:部门|单位|股室|科室|机构)|谁)来?(?:负责)?(?P<done>{'|'.join(_ACTS)})"
    rf"|(?P<what>{'|'.join(_ACTS)})(?:单位|部门)[^，。？?]{{0,4}}(?:哪|谁|什么)",
    yes=(("由哪个部门验收", "哪个部门验收"), ("配合单位有哪些", "配合单位有哪")),
    no=("由哪个部门牵头", "多少人"),
    why="asks who does something beside leading",
)


def measure_asked(text: str) -> Measure | None:
    """The kind of quantity that a question asks for in so many words; None where it asks for
    several.

    >>> measure_asked("每人补助多少元？"), measure_asked("目标是多少？")
    ('money', None)
    """
    found = {kind for unit in _units(text) if (kind := _measure(unit))}
    if _SHARE.search(text):
        found.add("share")
    if says(text, HOW_LARGE):
        found.add("area")
    return found.pop() if len(found) == 1 else None


def counts_asked(text: str) -> bool:
    """Whether a question asks for a number of something, and not for a time.

    >>> counts_asked("要建多少个站？"), counts_asked("多少个月？"), counts_asked("有多少项措施？")
    (True, False, False)
    """
    return any(_measure(unit) != "time" for unit in _units(text))


def _units(text: str) -> Iterator[str]:
    """个工作日 → 工作日, 个 → 个."""
    return (m["unit"].removeprefix("个") or "个" for m in _MANY_OF.finditer(text))


def _measure(unit: str) -> Measure | None:
    return "area" if unit.startswith("平方") else _MEASURES.get(unit)


def each_asked(text: str) -> str:
    """For one of what a sum is asked: 人, 亩; '' where none is said.

    >>> each_asked("每亩补多少元？"), each_asked("一共补多少元？")
    ('亩', '')
    """
    match = _EACH.search(text)
    return str(match["unit"]) if match else ""


def act_asked(text: str) -> Act | None:
    """What a question asks for the doer of.

    >>> act_asked("高标准农田由哪个部门验收？"), act_asked("由哪个部门牵头？")
    ('验收', None)
    """
    match = _BY_WHOM.search(text)
    return _ACTS[match["done"] or match["what"]] if match else None


def quantities_asked(text: str) -> int:
    """How many quantities a question asks for."""
    return len(HOW_MUCH.findall(text))
