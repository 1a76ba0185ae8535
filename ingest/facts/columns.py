"""Columns of tables: what their headers announce, and what their cells come to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ingest.facts.years import Calendar
from vectorstore.language.dates import A_YEAR
from vectorstore.language.pattern import Pattern
from vectorstore.language.quantities import QUANTITY, SUFFIX, Sign, plain

Role = Literal["", "subject", "place", "unit", "value", "change", "class", "other"]

_SUBJECT = Pattern(
    r"^(?:主要|具体|核心|二级|三级|评价)?(?:指标|项目)(?:名称|内容)?$|^(?:名称|产品名称|品种|目标)$|^指标",
    yes=("指标", "主要指标", "指标名称", "产品名称"),
    no=("单位", "标准", "序号"),
)
_PLACE = Pattern(
    r"^(?:县区|区县|地区|市州|县（市、区）|县\(市、区\)|县（区）|市（州）|乡镇|镇街|乡镇（街道）|区域|行政区域)$",
    yes=("县区", "县（市、区）", "乡镇"),
    no=("地区生产总值", "指标"),
)
_UNIT_HEADER = Pattern(r"^(?:计量)?单位$", yes=("单位", "计量单位"), no=("责任单位",))
_OTHER = Pattern(
    r"属性|性质|类型|类别|序号|备注|责任|牵头|部门|来源|^[分]类|说明", yes=(("指标属性", "属性"), "序号"),
    no=("指标", "2025年"),
)  # fmt: skip
YEAR = Pattern(rf"(?P<year>{A_YEAR})\s?年?", yes=("2025年", ("2030年目标", "2030年")), no=("25年",))
AIM = Pattern(
    r"目标|规划|预期|计划|任务",
    yes=(("目标值", "目标"), ("2030年目标", "目标")),
    no=("2025年", "现状"),
)
NOW = Pattern(
    r"现状|基期|基准|实际|完成", yes=(("现状值", "现状"), ("基期值", "基期")), no=("目标值",)
)
_AMOUNT = Pattern(
    r"绝对[量数额]|^总量|^数值|^完成数|^产量|^数量|^金额|指标值",
    yes=("绝对量", "产量"),
    no=("增长",),
)
_PAID = Pattern(
    r"补贴|补助|奖励|限额|标准(?!煤)|上限|收费|罚|分值|权重|得分",
    yes=(("补贴标准（元）", "补贴"), ("2023年限额", "限额")),
    no=("2023年",),
)
VAGUE = Pattern(
    r"^(?:目标|年度)?(?:任务|目标|数量|计划|指标)(?:数|值)?$|^$",
    yes=("任务数", "目标任务"),
    no=("改造任务",),
)
SHARES_OUT = Pattern(
    r"任务|目标|计划|分解|分配",
    yes=(("养护任务分解表", "任务"), ("指标分配表", "分配")),
    no=("基本情况表",),
    why="the name of a table that tells each place what it has to do",
)
_CLASS = Pattern(
    r"^(?!.*(?:标准|价|费|序号|备注|名称|内容|频次|方法|依据|单位|部门|时限|要求|条件|情形|年))[\u4e00-\u9fff（）()—－0-9级类]{2,12}$",
    yes=("千人工程", "一级", "小型水厂"),
    no=("补贴标准", "检测频次", "2025年"),
    why="the head of a column that may name a class",
)
ALL = Pattern(r"^(?:合计|总计|小计|全[市县区省州])$", yes=("合计", "全市"), no=("松屏县",))
_WHOSE = Pattern(
    r"^(?:全国|全省|全市|全县|全区|城市|农村|城镇|合计|总计)$", yes=("全市", "农村"), no=("城市名称",),
    why="columns of a table that counts the same of several",
)  # fmt: skip
_CHANGE = Pattern(
    r"增长|增幅|增速|升降|±|累计|提高|变化",
    yes=(("比上年增长（%）", "增长"), ("年均增速", "增速"), "累计"),
    no=("总量",),
)
IN_BRACKETS = Pattern(
    r"[（(]\s?(?:单位[：:])?\s?(?P<unit>[^（()）\d]{1,10}|1/10万)\s?[)）]$",
    yes=("（%）", "（万人）"),
    no=("（2025年）",),
)
ATTRIBUTE = Pattern(r"^(?:预期|约束|预期性|约束性|预期值)$", yes=("预期性",), no=("预期目标值",))
ORDINAL = Pattern(
    r"^\s*(?:\d{1,2}[.．、]?|[（(]\d{1,2}[)）]|[①-⑳]|[一二三四五六七八九十]{1,2}、|[#＃]|其中[：:])\s*(?=[^\d.\s])",
    yes=(("1.出口", "1."), ("（2）普及率", "（2）"), ("其中：出口", "其中：")),
    no=("出口", "1.5"),
    why="what stands before the name of an indicator in its cell",
)
BAR = Pattern(r"[｜|│\t]", yes=("｜", "|"), no=("、",))
_BARE_VALUE = Pattern(
    rf"^[\[［【（(]?(?P<sign>≥|≤|>=|<=|>|<|＞|＜|约|不低于|不少于|不高于|不超过|超过|控制在|大于|小于)?\s?(?P<body>{QUANTITY.source})"
    rf"(?P<suffix>{SUFFIX.source})?(?:\s?[\]］】)）])?$",
    yes=("79.1", "≥92", "80.5左右", "[120]", "3.5%", "不低于95"),
    no=("—", "预期性", "完成国家下达任务"),
    why="a cell that is a value",
)
_SIGNS: dict[str, Sign] = {
    "≥": ">=", ">=": ">=", "不低于": ">=", "不少于": ">=", "≤": "<=", "<=": "<=", "不高于": "<=",
    "不超过": "<=", "控制在": "<=", ">": ">", "＞": ">", "超过": ">", "大于": ">", "<": "<", "＜": "<",
    "小于": "<", "约": "~",
}  # fmt: skip
_BOUNDS: dict[str, Sign] = {"以上": ">=", "以内": "<=", "以下": "<", "左右": "~", "上下": "~"}


@dataclass(frozen=True, slots=True)
class Column:
    role: Role
    year: int | None = None
    is_aim: bool = False
    unit: str = ""
    header: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    value: float
    high: float | None
    unit: str
    sign: Sign


def column_of(header: str, calendar: Calendar, nature: str) -> Column:
    """`nature` is that of the document (Outline.nature)."""
    role = role_of(header, nature)
    if role not in ("value", "change"):
        return Column(role, header=header)
    bracket = IN_BRACKETS.search(header)
    unit = bracket["unit"] if bracket else "%" if role == "change" else ""
    about = calendar.about
    if year := YEAR.search(header):
        said = int(year["year"])
        aim = bool(AIM.search(header)) or calendar.is_past(said) is False
        return Column(role, said, aim and not NOW.search(header), unit, header)
    if AIM.search(header):
        return Column(role, about[1] if about else None, True, unit, header)
    base = about[0] - 1 if about and about[0] != about[1] else about[0] if about else None
    aim = role == "change" and nature == "plan"
    return Column(role, about[1] if aim and about else base, aim, unit, header)


def shared_out(headers: Sequence[str], calendar: Calendar, called: str) -> list[Column]:
    """Of a table that tells each place what it has to do: 县区｜养护（公里）｜改造（座）."""
    if not SHARES_OUT.search(called) or not headers or not _PLACE.search(headers[0].strip()):
        return []
    found = [Column("place", header=headers[0])]
    year = YEAR.search(called)
    about = calendar.about[1] if calendar.about else None
    for header in map(str.strip, headers[1:]):
        bracket = IN_BRACKETS.search(header)
        paid = _PAID.search(header) or _OTHER.search(header) or not bracket
        said = int(year["year"]) if year else about
        unit = bracket["unit"] if bracket else ""
        found.append(Column("other") if paid else Column("value", said, True, unit, header))
    return found if any(column.role == "value" for column in found) else []


def by_class(headers: Sequence[str]) -> list[Column]:
    """Of a table of requirements, a column for each class: 指标｜千人工程｜小型工程."""
    first, *rest = [header.strip() for header in headers]
    if not _SUBJECT.search(first) or not rest or not all(map(_CLASS.search, rest)):
        return []
    return [Column("subject", header=first)] + [
        Column("class", None, True, "", header) for header in rest
    ]


def role_of(header: str, nature: str) -> Role:
    header = header.strip()
    if _PAID.search(header):
        return "other"
    bare = IN_BRACKETS.remove_from(header).strip()
    if not header or len(header) > 20:
        return ""
    if _UNIT_HEADER.search(header):
        return "unit"
    if _SUBJECT.search(bare) and not YEAR.search(bare):
        return "subject"
    if _PLACE.search(header):
        return "place"
    if _CHANGE.search(header):
        return "change"
    if YEAR.search(header) and len(bare) <= 14:
        return "value"
    if _OTHER.search(header):
        return "other"
    if (AIM.search(header) or NOW.search(header)) and len(header) <= 8:
        return "value"
    if nature == "statistics" and (
        IN_BRACKETS.search(header) or _AMOUNT.search(header) or _WHOSE.search(bare)
    ):
        return "value"
    return ""


def is_value_cell(text: str) -> bool:
    return text in ("—", "-", "－", "——", "/") or bool(_BARE_VALUE.match(text.lstrip("-－−+＋")))


def value_in(cell: str) -> Value | None:
    bare = cell.strip().lstrip("-－−+＋")
    match = _BARE_VALUE.match(bare)
    if not match:
        return None
    scale = match["scale"] or match["lowscale"] or ""
    below = cell.strip()[:1] in "-－−"
    value = plain(match["low"], scale) * (-1 if below else 1)
    high = plain(match["high"], scale) if match["high"] else None
    sign = _SIGNS.get(match["sign"] or "", _BOUNDS.get(match["bound"] or "", "="))
    unit = match["unit"] or match["lowunit"] or ""
    return Value(value, high, unit.replace("％", "%"), sign)


def scaled(value: float, scale: str) -> float:
    return plain(str(abs(value)), scale) * (-1 if value < 0 else 1)


def plain_unit(unit: str) -> tuple[str, str]:
    """万人 → 人, 万."""
    unit = unit.strip().replace("％", "%")
    base = unit.lstrip("百千万亿")
    if unit.startswith(("千瓦", "千米", "千克", "百分")):
        return unit, ""
    if not base or base[0] in "瓦米克分":
        return unit, ""
    return base, unit[: len(unit) - len(base)]
