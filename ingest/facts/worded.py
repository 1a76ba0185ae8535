"""Aims that are said in words: 不发生重大事故, 应保尽保, 增速不低于上年."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ingest.facts.heads import read_head
from ingest.facts.judging import REACHED
from ingest.facts.places import Home, Place
from ingest.facts.setting import Setting
from ingest.facts.values import stretches
from ingest.facts.years import Calendar
from vectorstore.language.aims import FUTURE_SAID
from vectorstore.language.dates import A_YEAR
from vectorstore.language.pattern import Pattern
from vectorstore.language.quantities import Sign, quantities

_ALL = Pattern(
    r"(?P<text>应(?P<deed>[\u4e00-\u9fff])尽(?P=deed))(?![\u4e00-\u9fff]{0,2}(?:原则|要求|的))",
    yes=(("实现应助尽助", "应助尽助"), "应接尽接"),
    no=("应有尽无", "按照应保尽保原则"),
)
_NEVER = Pattern(
    r"(?:确保|力争|努力|坚决|实现|做到)[^，。；]{0,6}?(?P<text>不(?:发生|出现)|零(?=事故|死亡|伤亡|增长|发生|失误|投诉|感染))"
    r"(?P<of>[^，。；、和\d]{2,24})",
    yes=("确保不发生重大火灾", ("实现全年零事故发生", "实现全年零事故发生")),
    no=("没有发生火灾", "零星"),
)
_AVOIDED = Pattern(
    r"(?P<text>杜绝|遏制)(?P<of>[^，。；、和\d]{0,16}(?:事故|死亡|伤亡|案件))",
    yes=("杜绝较大以上安全事故", "遏制重特大火灾事故"),
    no=("杜绝形式主义",),
)
_WHOLE = Pattern(
    r"(?P<text>全部)(?P<deed>(?:达到|建成|纳入|消除|达标|通过|覆盖|脱贫|退出)[^，。；]{0,20})$",
    yes=(("乡镇卫生站全部达到建设标准", "全部达到建设标准"), ("学校全部达标", "全部达标")),
    no=("全部工作", "9月底前全部开工"),
)
_NONE_LEFT = Pattern(
    r"(?:实现|达到|做到|完成)?“?(?P<text>(?:全面|基本|彻底|动态)(?:消除|清零|消灭)|全覆盖|零增长|负增长|清零)”?$",
    yes=(
        ("大班额全面消除", "全面消除"),
        ("行政村宽带网络全覆盖", "全覆盖"),
        ("实现动态清零", "实现动态清零"),
        ("水费欠款实现“清零”", "实现“清零”"),
    ),
    no=("全面消除隐患", "覆盖面"),
)
_CLASS = Pattern(
    r"(?P<firm>(?:稳定|总体|持续|均|保持|达到|优于|在|为){1,4}+)(?P<text>[ⅠⅡⅢⅣⅤ]{1,3}类(?:水体|水质|标准)?)(?P<bound>及?以上)?",
    yes=(("断面水质稳定达到Ⅲ类", "稳定达到Ⅲ类"),),
    no=("Ⅲ类企业",),
    why="water by its class",
)
_AGAINST = Pattern(
    r"(?P<firm>不低于|不高于|不超过|不少于|高于|低于|快于|不慢于)"
    rf"(?P<text>(?:{A_YEAR}年)?[^，。；、\d]{{0,14}}(?:去年|上年|(?:去年|上年|{A_YEAR}年)?同期[^，。；、\d]{{0,10}}|水平|平均|增速|利率|增幅|增长|全国|全省|全市))$",
    yes=(
        ("小微贷款增速高于各项贷款增速", "高于各项贷款增速"),
        ("户数不低于上年", "不低于上年"),
        ("融资成本低于2024年同期融资成本", "低于2024年同期融资成本"),
    ),
    no=("不低于5%", "高于预期"),
)
_SET_BY_LAW = Pattern(
    r"应当?(?P<firm>高于|快于)(?P<text>[^，。；、\d]{2,20}[^的])$",
    yes=(("供水人均经费应当高于同级排水单位", "应当高于同级排水单位"),),
    no=("不得高于市价", "高于同级的"),
    why="in an article: a measure that has to be above another one",
)
_GROWS = Pattern(
    r"(?:保证|确保|保障|应当?|实现)(?P<of>[^，。；、\d]{2,30}?)(?:的)?(?P<text>逐年(?:增长|增加|提高|递增|下降|降低)|只增不减)$",
    yes=(("保证水源保护经费逐年增长", "保证水源保护经费逐年增长"),),
    no=("规模逐年增长",),
    why="how a measure has to go on, without a figure",
)
_ABREAST = Pattern(
    r"(?P<text>与[^，。；、\d]{2,14}(?:同步|持平))$",
    yes=(("居民收入增长与经济增长基本同步", "与经济增长基本同步"),),
    no=("与部门同步推进",),
)
_MEASURE = Pattern(
    r"(?:率|增速|增量|增幅|增长|水平|户数|人数|余额|规模|总量|占比|比例|成本|收入|数量|价格|支出|投入|经费(?:标准)?)$",
    yes=(("人均收入", "收入"),),
    no=("管理",),
    why="what can be measured against another figure",
)
_VERBS = Pattern(
    r"^(?:切实|真正|全力|坚决|要|应|须|将|并|确保|力争|努力|争取|实现|做到|达到|推动|推进|促进|加快|基本|全面|逐步|，){1,6}+",
    yes=(("确保实现村村通", "确保实现"),),
    no=("供水保证率",),
)
_TAIL = Pattern(
    r"(?:进行|开展|要|应|须|将|均|都|全部|实现|做到|达到|确保|力争|争取|努力|基本|的|，|:|：){1,6}+$",
    yes=(("学生资助实现", "实现"),),
    no=("普及率",),
)
_SIGNS: dict[str, Sign] = {
    "不低于": ">=", "不少于": ">=", "不慢于": ">=", "不高于": "<=", "不超过": "<=", "高于": ">", "快于": ">",
    "低于": "<",
}  # fmt: skip
_SHORT, _LONGEST = 2, 60
_PARTS = Pattern(r"[，。；：]", yes=("，", "。"), no=("、",), why="between the parts of a sentence")


@dataclass(frozen=True, slots=True)
class Worded:
    """`text` what is aimed at; [start, end) of the sentence says it, `said` is the rest of it."""

    subject: str
    text: str
    sign: Sign
    start: int
    end: int
    year: int | None
    year_said: bool
    places: tuple[Place, ...]
    said: str


@dataclass
class _Context:
    """What the sentence said before: the first stretch, the last one, year and places."""

    year: int | None
    said: bool = False
    first: str = ""
    bodies: list[str] = field(default_factory=list)  # of all stretches
    places: tuple[Place, ...] = ()
    had_figure: bool = False
    leads: bool = True  # whether the first stretch says what the sentence is about


class WordedReader:
    def __init__(self, home: Home, calendar: Calendar):
        self._home = home
        self._calendar = calendar

    def read(self, text: str, year: int | None, setting: Setting) -> Iterator[Worded]:
        in_article = (_ALL, _GROWS, _SET_BY_LAW)
        if len(text) > 1000 or (setting.is_article and not _any(in_article, text)):
            return
        context = _Context(year, leads=setting.nature != "news")
        found = list(quantities(text))
        for a, b in stretches(text, found, 0, len(text)):
            has_figure = any(a <= q.start < b and q.unit for q in found)
            yield from self._stretch(text[a:b].rstrip(), a, context, has_figure)
            context.had_figure = has_figure

    def _stretch(self, said: str, at: int, context: _Context, has_figure: bool) -> Iterator[Worded]:
        match = self._match(said, has_figure)
        before = said if not match else said[: match.start()]
        head = read_head(before, self._home, self._calendar, context.year)
        if head.years.years:
            context.year, context.said = head.years.years[-1], True
        context.places = head.places or context.places
        body = _VERBS.remove_from(_TAIL.remove_from(head.body + head.change + head.firm)).strip(
            " “”的"
        )
        if match:
            groups = match.groupdict()
            subject = groups.get("of") or body
            if groups["text"] == "全部":
                subject = body + groups["deed"] if len(body) > _SHORT else ""
            elif len(subject) < _SHORT and context.leads and not context.had_figure:
                subject = _of_deed(groups.get("deed") or "", context)
            if _SHORT <= len(subject) <= _LONGEST:
                yield Worded(
                    subject.strip(), groups["text"], _sign(match[0]), at, at + match.end(),
                    context.year, context.said, context.places, said.replace(groups["text"], ""),
                )  # fmt: skip
        context.first = context.first or body
        context.bodies.append(body)

    def _match(self, said: str, has_figure: bool) -> re.Match[str] | None:
        for pattern in (_ALL, _NEVER, _AVOIDED, _CLASS, _GROWS):
            if match := pattern.search(said):
                return match
        for pattern in () if has_figure else (_WHOLE, _NONE_LEFT):
            if match := pattern.search(said):
                return match
        for pattern in (_SET_BY_LAW, _AGAINST, _ABREAST):
            match = pattern.search(said)
            if match and _MEASURE.search(_TAIL.remove_from(said[: match.start()])):
                return match
        return None


def _of_deed(deed: str, context: _Context) -> str:
    """What 做到应赔尽赔 is said of: the stretch before it that speaks of the deed (理赔), or the
    last one; what the sentence is about where no deed is named."""
    if not deed:
        return context.first
    bodies = [body for body in context.bodies if len(body) >= _SHORT]
    return next((body for body in bodies if deed in body), bodies[-1] if bodies else "")


def _any(patterns: Iterable[Pattern], text: str) -> bool:
    return any(pattern.search(part) for pattern in patterns for part in _PARTS.compiled.split(text))


def _sign(text: str) -> Sign:
    if "以上" in text and not _AVOIDED.search(text):
        return ">="
    for words, sign in _SIGNS.items():
        if words in text:
            return sign
    return "="


def is_aimed(worded: Worded, setting: Setting) -> bool:
    """Whether it is aimed at; else it was reached."""
    if setting.nature == "statistics" or REACHED.search(worded.said):
        return False
    return setting.mode != "past" or bool(FUTURE_SAID.search(worded.said))
