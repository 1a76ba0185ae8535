"""Quantities as indicators state them: a number, or a range, with scale and unit, and the words
that say how firm it is (以上, 左右, 控制在…以内)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from vectorstore.language.numerals import number_of
from vectorstore.language.pattern import Pattern

Sign = Literal["", "=", ">=", ">", "<=", "<", "~"]

_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_UNITS = [
    "个百分点",
    "百分点",
    "吨标准煤",
    "标准箱",
    "立方米",
    "平方公里",
    "平方千米",
    "平方米",
    "平米",
    "微克/立方米",
    "毫克/升",
    "个基点",
    "个课时",
    "个学时",
    "个小时",
    "个工作日",
    "工作日",
    "个自然日",
    "自然日",
    "千瓦时",
    "人次",
    "户次",
    "家次",
    "个次",
    "件次",
    "处次",
    "车次",
    "批次",
    "场次",
    "班次",
    "辆次",
    "架次",
    "课时",
    "学时",
    "学分",
    "小时",
    "分钟",
    "个月",
    "周岁",
    "公里",
    "千米",
    "毫米",
    "厘米",
    "公顷",
    "公斤",
    "千克",
    "毫克",
    "微克",
    "千瓦",
    "兆瓦",
    "兆帕",
    "MPa",
    "分贝",
    "摄氏度",
    "℃",
    "美元",
    "千伏",
    "平方",
    "Mbps",
    "Gbps",
    "TEU",
    "/10万",
    "/万",
    "%",
    "％",
    "‰",
    "元",
    "人",
    "名",
    "位",
    "户",
    "个",
    "家",
    "所",
    "座",
    "处",
    "项",
    "件",
    "次",
    "天",
    "日",
    "年",
    "台",
    "套",
    "辆",
    "艘",
    "架",
    "列",
    "条",
    "段",
    "片",
    "块",
    "株",
    "棵",
    "头",
    "只",
    "羽",
    "盏",
    "根",
    "口",
    "眼",
    "栋",
    "幢",
    "间",
    "床",
    "张",
    "门",
    "种",
    "类",
    "支",
    "场",
    "批",
    "份",
    "篇",
    "部",
    "册",
    "枚",
    "宗",
    "例",
    "笔",
    "村",
    "倍",
    "吨",
    "亩",
    "岁",
    "米",
    "克",
    "秒",
    "升",
    "度",
    "箱",
    "班",
    "分",
    "对",
    "组",
    "单",
    "款",
    "辈",
    "队",
    "本",
    "方",
    "斤",
    "孔",
    "区",
]
_NO_UNIT = {  # characters behind which make another word of it: 人民, 组织
    "人": "民社大才", "个": "体性", "户": "外", "位": "置", "项": "目", "部": "门", "升": "级至到", "方": "面式案向",
    "支": "付持出撑", "组": "织", "对": "接口应", "单": "位", "场": "所馆地", "根": "据", "批": "发准", "分": "别类",
    "口": "罩岸粮", "门": "店诊", "台": "账", "区": "域", "处": "理置罚", "列": "入为",
}  # fmt: skip
_UNIT = "|".join(f"{u}(?![{_NO_UNIT[u]}])" if u in _NO_UNIT else u for u in _UNITS)
_NUMBER = r"\d{1,3}(?:[,，]\d{3}){1,5}+(?:\.\d{1,6}+)?|\d{1,15}+(?:\.\d{1,6}+)?"
_SCALE = r"(?:[十百]|千(?![瓦米克伏焦]))?[万亿]{0,2}+"
_PER = r"(?:/(?:班|期|万人|千人|人|户|亩|年|天|日|公顷|平方公里|平方米|立方米|万元|秒|小时|吨))?"
QUANTITY = Pattern(
    rf"(?<![\dA-Za-z.\-—－])(?P<minus>(?<=[为达率是])[-－])?(?P<low>{_NUMBER})\s?(?P<lowscale>{_SCALE})(?P<lowunit>[%％])?"
    rf"(?:\s?[-—–~～至]{{1,2}}\s?(?P<high>{_NUMBER})\s?(?P<scale>{_SCALE}))?"
    rf"(?P<more>多|余)?\s?(?P<unit>(?:{_UNIT}){_PER})?",
    yes=(("为-2.5‰", "-2.5‰"), "12.5%", "1.2万人次", "3,400余户", "5%—6%", "9.8/10万", "320公里", "1.35万千瓦", "0.9万亩",
         "2-3个", "650吨标准煤", "28微克/立方米", "4.5万元/人"),
    no=("若干", "三类", "A3", "x2"),
    why="what an indicator comes to, in digits",
)  # fmt: skip
PERCENT_IN_WORDS = Pattern(
    r"百分之(?P<number>[零〇一二三四五六七八九十百点]{1,12}+|\d{1,4}(?:\.\d{1,4})?)"
    r"(?:[至到—－-]{1,2}百分之(?P<high>[零〇一二三四五六七八九十百点]{1,12}+|\d{1,4}(?:\.\d{1,4})?))?",
    yes=("百分之九十五", "百分之三点五", "百分之80", "百分之五至百分之八"),
    no=("百分点", "三分之一"),
)
FEW_AT_LEAST = Pattern(
    rf"(?:(?<=至少|少于|低于|保存|保管|留存|保留)|(?<=不超过|得超过|不高于|得高于)|(?<=等))"
    r"(?P<lead>(?:应当?|要|须)?(?:有|建成|建有|建设|创建|配备|配置|开展|组织(?:开展)?|进行|召开|举办|安排|设立|设置|培育|打造|"
    r"检查|巡查|演练|检测|监测|评估|修订|更新|公布|报告|保存|保管|留存))?"
    rf"(?P<number>[一二两三四五六七八九十百]{{1,4}})(?P<unit>(?:{_UNIT}))",
    yes=(
        ("每县至少建成一所公办园", "建成一所"),
        ("不少于两次", "两次"),
        ("蓝溪、墨浦等十个县", "十个"),
        ("记录至少应当保存三年", "应当保存三年"),
        ("坝高不超过三十米", "三十米"),
    ),
    no=("建成一所", "至少要有", "超过三十米"),
    why="small counts in words are figures only where they bind or sum up a list",
)
NO_QUANTITY = Pattern(
    r"《[^《》]{1,80}+》"
    r"|[〔\[［【（(]\s?(?:19|20)\d\d\s?[〕\]］】）)]\s?第?\s?\d{0,5}\s?号?"
    r"|第\s?\d{1,5}(?:[—\-–至]\d{1,5})?"
    r"|\d{1,6}\s?号(?!线)"
    r"|(?:19|20)\d\d\s?年?\s?[-—–~～至]{1,2}\s?(?:19|20)?\d\d\s?年?(?!\d)"
    r"|(?:19|20)\d\d\s?年(?:度|代)?(?:\s?\d{1,2}\s?月(?:\s?\d{1,2}\s?日)?)?"
    r"|(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}"
    r"|\d{1,2}\s?[-—–~～至]\s?\d{1,2}\s?月份?|\d{1,2}\s?月份?(?:\s?\d{1,2}\s?日)?"
    r"|\d{1,2}[:：]\d\d(?!\d)|\d{3,4}[-—]\d{7,8}|1\d{10}(?!\d)|\d{2,4}(?:[:：]\d{1,4}){2}"
    r"|“[一二三四五六七八九十\d+×]{1,8}”|\d{1,4}[×xX*]\d{1,4}|\d{1,2}\s?时(?:\d{1,2}分)?"
    r"|(?<![\d.])\d{1,3}[GgDdKk](?![Bb])|\d{1,2}A级|[A-Za-z][\-—]?\d[\d.\-]{0,8}+",
    yes=("《规划（2021—2025年）》", "〔2026〕12号", ("第3条", "第3"), "2026年3月20日", ("6月底", "6月"), "15:30", "5G",
         "0600-5518207", "2021—2025年", ("12号楼", "12号"), ("PM2.5", "M2.5"), "“1+3”"),
    no=("12%", "320公里", "3至5个"),
    why="digits that count nothing: titles, numbers of documents, dates, clocks, telephones",
)  # fmt: skip
SUFFIX = Pattern(
    r"(?:[\s]?(?:及|或|（含）|\(含\))?(?P<bound>以上|之上|以内|之内|以下|之下|左右|上下))",
    yes=("以上", "及以上", "以内", "左右", "以下"),
    no=("以后", "之间"),
    why="words behind a figure that make it a bound",
)
_BY_SUFFIX: dict[str, Sign] = {
    "以上": ">=", "之上": ">=", "以内": "<=", "之内": "<=", "以下": "<", "之下": "<",
    "左右": "~", "上下": "~",
}  # fmt: skip
_BEFORE: tuple[tuple[Pattern, Sign], ...] = (
    (
        Pattern(
            r"不得?(?:低于|少于|小于)|至少|最低|不能?低于|≥|>=",
            yes=("不低于", "至少", "不得少于"),
            no=("低于", "不足"),
        ),
        ">=",
    ),
    (
        Pattern(
            r"不得?(?:高于|超过|大于|多于|突破)|至多|不能超过|控制在|控制到|≤|<=",
            yes=("不超过", "不得高于", "控制在"),
            no=("超过", "高于"),
        ),
        "<=",
    ),
    (
        Pattern(
            r"超过?$|突破|高于|大于|多于|逾|[>＞]", yes=(("力争突破", "突破"), "超过"), no=("超前",)
        ),
        ">",
    ),
    (Pattern(r"低于|少于|不足|不到|小于|[<＜]", yes=("不足", "低于"), no=("控制",)), "<"),
    (Pattern(r"约|近$|大约|预计约", yes=("约", ("约为", "约")), no=("达到",)), "~"),
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """[start, end) holds the number, its unit and what stands behind it (以上)."""

    value: float
    high: float | None
    unit: str
    text: str
    start: int
    end: int
    bound: Sign = ""


def quantities(text: str) -> Iterator[Quantity]:
    """Those of a text, in order; none of dates, titles and numbers of documents."""
    barred = [match.span() for match in NO_QUANTITY.finditer(text)]
    found = [_in_digits(match, text) for match in QUANTITY.finditer(text)]
    for match in PERCENT_IN_WORDS.finditer(text):
        value = number_of(match["number"])
        if value is not None:
            high = number_of(match["high"]) if match["high"] else None
            found.append(_made(value, high, "%", text, *match.span()))
    for match in FEW_AT_LEAST.finditer(text):
        value = number_of(match["number"])
        if value is not None:
            span = match.start("number"), match.end()
            found.append(_made(value, None, match["unit"], text, *span))
    for quantity in sorted(found, key=lambda q: q.start):
        if not any(a < quantity.end and quantity.start < b for a, b in barred):
            yield quantity


def _in_digits(m: re.Match[str], text: str) -> Quantity:
    is_share = m["lowunit"] and not m["high"]  # 200%支付 counts no 支
    unit = m["lowunit"] if is_share else m["unit"] or m["lowunit"] or ""
    end = m.end("lowunit") if is_share else m.end()
    low = plain(m["low"], m["lowscale"] or m["scale"] or "")  # 2—3万 is 20000 to 30000
    high = plain(m["high"], m["scale"] or m["lowscale"] or "") if m["high"] else None
    quantity = _made(-low if m["minus"] else low, high, unit, text, m.start(), end)
    return replace(quantity, bound=">") if m["more"] and not quantity.bound else quantity


def plain(number: str, scale: str = "") -> float:
    """1,200.5 and 万 → 12005000, without the noise of binary fractions."""
    value = Decimal(number.replace(",", "").replace("，", ""))
    for character in scale:
        value *= _SCALES[character]
    return float(value)


_NAMES = {
    "％": "%", "百分点": "个百分点", "个工作日": "工作日", "个自然日": "自然日", "平方": "平方米", "平米": "平方米", "个课时": "课时",
    "个学时": "学时", "个小时": "小时",
}  # fmt: skip


def _made(value: float, high: float | None, unit: str, text: str, start: int, end: int) -> Quantity:
    suffix = SUFFIX.match(text, end)
    bound = _BY_SUFFIX[suffix["bound"]] if suffix else ""
    after = suffix.end() if suffix else end
    return Quantity(
        value, high, _NAMES.get(unit, unit),
        text[start:after].strip(), start, after, bound,
    )  # fmt: skip


def sign_of(before: str, quantity: Quantity) -> Sign:
    """How firm a figure is, by the words before it (those of its verb) and behind it."""
    said: Sign = ""
    for pattern, sign in _BEFORE:
        if pattern.search(before):
            said = sign
            break
    if quantity.bound == "~" or (quantity.bound and said not in (">=", "~")):
        return quantity.bound
    return said or quantity.bound or "="
