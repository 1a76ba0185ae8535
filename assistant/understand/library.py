"""Which documents of the library a question asks for."""

from dataclasses import dataclass
from datetime import date

from assistant.understand.days import days_in
from assistant.understand.demands import Demand
from assistant.understand.fields import date_in
from assistant.understand.kinds import Kind
from assistant.understand.question import Question
from vectorstore.language.names import SURE_ORGAN
from vectorstore.language.text import says
from vectorstore.models import StateName

# What is said of documents in a state; the first that is said counts.
_STATES: tuple[tuple[tuple[str, ...], tuple[StateName, ...]], ...] = (
    (
        ("失效", "废止", "过期", "届满", "到期", "无效", "不能用"),
        ("已届满", "已废止"),
    ),
    (("有效", "现行", "能用", "管用", "在用"), ("现行有效", "部分失效", "已修订")),
    (("未生效", "没生效", "尚未施行", "还没施行"), ("未生效",)),
)
_KINDS = (
    "地方性法规", "法规", "规章", "条例", "办法", "细则", "方案", "规划", "意见", "通知", "公告",
    "计划", "措施",
)  # fmt: skip
_TOLD_KIND = {"法规": "地方性法规"}
_FIRST, _LAST = ("最早", "最先", "最老", "最旧"), ("最晚", "最新", "最后", "最近")
_ON_CONTENT = ("提到", "提及", "提出", "涉及", "要求", "规定了", "写到", "写了", "明确", "部署")
_DATED = ("发布", "印发", "成文", "出台", "公布", "时间", "日期", "文件")


@dataclass(frozen=True, slots=True)
class LibraryAsked:
    """Which documents of the library a question asks for; places and years of issue stand in
    the question itself. `days` are those it names in full, `issuers` organs; `first` and `last`
    whether only the oldest or newest is asked for, by the field `dated_by` ('': any date)."""

    states: tuple[StateName, ...] = ()
    kinds: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    days: tuple[date, ...] = ()
    issuers: tuple[str, ...] = ()
    first: bool = False
    last: bool = False
    dated_by: str = ""

    @classmethod
    def of(cls, question: Question) -> "LibraryAsked":
        text = question.standalone
        for place in question.places:
            text = text.replace(place.text, " ", 1)
        states = next((names for words, names in _STATES if says(text, words)), ())
        kind = next((kind for kind in _KINDS if kind in text), "")
        kinds = (_TOLD_KIND.get(kind, kind),) if kind else ()
        issuers = tuple(dict.fromkeys(m[0] for m in SURE_ORGAN.finditer(text)))
        first, last = says(text, _FIRST), says(text, _LAST)
        by = date_in(text) if first or last else ""
        themes = _themes(question)
        return cls(states, kinds, themes, tuple(days_in(text)), issuers, first, last, by)

    @property
    def is_extreme(self) -> bool:
        return self.first or self.last

    @property
    def described(self) -> str:
        """As a sentence says it: 现行有效、养老."""
        days = (f"{day.year}年{day.month}月{day.day}日" for day in self.days)
        parts = (*self.states[:1], *self.issuers, *days, *self.words, *self.kinds)
        return "、".join(parts) or "符合条件"


def asks_for_documents(question: Question) -> bool:
    """Whether documents are asked for: which there are, or the first or last of them."""
    if question.asks(Demand.LIBRARY) or question.years is not None:
        return True
    dated = question.asks(Demand.FIELD) or says(question.standalone, _DATED)
    return dated and says(question.standalone, (*_FIRST, *_LAST))


def asks_for_content(question: Question) -> bool:
    """Whether what documents say is asked about, or a field of the one that is meant."""
    if question.kind is Kind.METADATA and question.asks(Demand.FIELD):
        return not says(question.standalone, (*_FIRST, *_LAST))
    figures = question.asks(Demand.FIGURE) and question.asks(Demand.EVERYWHERE)
    return says(question.standalone, _ON_CONTENT) or figures


def _themes(question: Question) -> tuple[str, ...]:
    """The words of the matter that the model marked, but for names of kinds and organs."""
    learned = question.matter.split() if question.is_marked else []
    known = {*_KINDS, "文件", "政策"}
    words = (w for w in learned if w not in known and len(w) > 1 and not SURE_ORGAN.search(w))
    return tuple(words)
