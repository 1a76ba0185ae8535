"""Details that some questions ask for: a day, a length, which documents of the library."""

import calendar
from dataclasses import dataclass
from datetime import date
from typing import Literal

from assistant.understand.demands import WORDINGS, Demand
from assistant.understand.question import Question
from assistant.understand.wording import EDGE
from vectorstore.language.names import DOCUMENT_NUMBER, SURE_ORGAN, TITLE
from vectorstore.language.pattern import Pattern
from vectorstore.models import StateName

AMOUNT = Pattern(
    r"多少(?:个(?!月)|名|人|家|所|座|处|户|亩|公里|张|台|辆|万|亿|元|%|百分)",
    yes=(("要建多少个站", "多少个"), ("补多少元", "多少元")),
    no=("有多少项措施", "多少个月"),
    why="asks for a quantity that the answer must hold in figures",
)
_HOW = Pattern(
    r"怎么(?!说|定|写|规定|样)|如何|怎样|咋(?!说|写)|哪些(?:做法|措施|办法|举措)",
    yes=(("怎样提高", "怎样"), ("咋办", "咋")),
    no=("怎么规定的", "文件怎么说"),
    why="asks for a course of action: one sentence of it is seldom all",
)
_LEVEL = Pattern(
    r"(?P<level>[省市县区])里(?=[对给按的是要规为发出定])",
    yes=(("省里对苗圃补多少", "省里"), ("市里给多少", "市里")),
    no=("哪里规定", "县里程碑"),
    why="the government of which level is meant, in everyday words",
)
_WHICH = Pattern(
    r"哪(?:一)?[个份部项]?(?:标准|办法|文件|规定|规章|细则|条例|通知)(?=执行|办理|来|走|为准|规定|，|？|\?|$)",
    yes=(("按哪份办法执行", "哪份办法"), ("依哪个标准？", "哪个标准")),
    no=("哪些文件到期",),
    why="asks by which document something goes, beside what that says",
)
_ITS_TEXT = Pattern(
    r"完整|全文|原文|条文|原话",
    yes=(("第三条的完整条文", "完整"), ("把全文给我", "全文")),
    no=("第三条改成了什么",),
    why="asks for the words of a document as they stand",
)
_SHORT = Pattern(
    r"一句话|简短|简要|简单(?:说|讲|概括|总结)|几句话", yes=("简要", "一句话"), no=("简政",)
)
_LONG = Pattern(r"详细|全面|展开|具体(?:说|讲)", yes=("详细",), no=("具体条件",))
_HOW_LONG = Pattern(
    rf"用?(?:{_SHORT.source}|{_LONG.source})地?(?= |$)",
    yes=(("详细 节水方案", "详细"), ("用一句话", "用一句话"), "简要地"),
    no=("简要说明书", "全面深化改革"),
    why="how long a summary should be, beside the word for it",
)
_STATES: tuple[tuple[Pattern, tuple[StateName, ...]], ...] = (
    (
        Pattern(
            r"(?:失效|废止|过期|届满|到期|无效|不能用)", yes=(("已经失效", "失效"),), no=("有效",)
        ),
        ("已届满", "已废止"),
    ),
    (
        Pattern(r"有效|现行|能用|管用|在用", yes=(("还有效的", "有效"),), no=("已经过期",)),
        ("现行有效", "部分失效", "已修订"),
    ),
    (Pattern(r"未生效|没生效|尚未施行|还没施行", yes=("还没施行",), no=("已施行",)), ("未生效",)),
)
_LIBRARY_KINDS = (
    "地方性法规",
    "法规",
    "规章",
    "条例",
    "办法",
    "细则",
    "方案",
    "规划",
    "意见",
    "通知",
    "公告",
    "计划",
    "措施",
)
_THEME = Pattern(
    r"(?P<words>[\u4e00-\u9fff]{2,8}?)(?:方面|领域|类|相关|有关|这块)的?",
    yes=(("养老方面的文件", "养老方面的"),),
    no=("有哪些文件",),
    why="the theme of documents that are asked for",
)
_OF_THEME = Pattern(
    r"(?:关于|有关|涉及)(?P<words>[\u4e00-\u9fff]{2,10}?)(?:的|方面)",
    yes=(("关于养老的文件", "关于养老的"),),
    no=("关于",),
)
_TOLD_KIND = {"法规": "地方性法规"}
_AT_DAY = Pattern(
    r"(?P<y>(?:19|20)\d\d)\s*年(?:\s*(?P<m>\d{1,2})\s*月(?:\s*(?P<d>\d{1,2})\s*[日号])?)?",
    yes=("2017年3月", "2020年", "2021年5月1日"),
    no=("17年", "二〇二〇年"),
    why="a day that a question puts itself on",
)
_QUOTATION = Pattern(
    r"[“\"「『](?P<words>[^”\"」』]{12,400})[”\"」』]",
    yes=("“深入推行某某制度，选派某某五十人”",),
    no=("“某某”",),
)


def asks_how(question: Question) -> bool:
    """Whether a course of action is asked for, which a paragraph tells."""
    return question.asks(Demand.PROCEDURE) or bool(_HOW.search(question.standalone))


def level_asked(question: Question) -> str:
    """省, 市, 县 or 区, where a question means its government in everyday words; '' otherwise."""
    found = _LEVEL.search(question.standalone)
    return str(found["level"]) if found else ""


def asks_by_which(question: Question) -> bool:
    """Whether the document is asked for by which something goes."""
    return bool(_WHICH.search(question.standalone))


def asks_for_text(question: Question) -> bool:
    """Whether the words of a document are asked for as they stand."""
    return bool(_ITS_TEXT.search(question.standalone))


def day_asked(question: Question) -> date | None:
    """The day for which a question asks what is in force: 2017年3月的时候, 2020年底. Of a month
    the last day, of a year its last."""
    text = TITLE.remove_from(DOCUMENT_NUMBER.remove_from(question.standalone))
    match = _AT_DAY.search(text)
    if not match:
        return None
    year, month = int(match["y"]), int(match["m"] or 12)
    if not 1 <= month <= 12:
        return None
    last = calendar.monthrange(year, month)[1]
    return date(year, month, min(int(match["d"] or last), last) or last)


def quoted_at_length(question: Question) -> str:
    """The words that a question quotes to ask where they stand; '' in any other question."""
    found = _QUOTATION.search(question.standalone)
    if not found or not WORDINGS[Demand.ORIGIN].search(question.standalone[found.end() :]):
        return ""
    return str(found["words"])


def to_sum_up(question: Question) -> str:
    """What a summary is to be of, without how long it should be."""
    topic = WORDINGS[Demand.SUMMARY].remove_from(question.about, " ")
    return _HOW_LONG.remove_from(topic, " ").strip(" 的，,")


def length_of(question: Question) -> Literal["short", "normal", "long"]:
    """How long a summary is wished for."""
    if _SHORT.search(question.standalone):
        return "short"
    return "long" if _LONG.search(question.standalone) else "normal"


_POINTING = Pattern(
    r"[那这该]一?(?:个|份|部|项)?|现在|目前|今天|里面?|中|吗|呢|吧|还|能|都|讲了?|说了?|什么|啥|一下|下$|(?:一共|总共)?定?了?(?:哪些|哪几)",
    yes=("那个", "现在", "里"),
    no=("措施",),
    why="what stands around a document's name in a question",
)


def name_in(question: Question) -> str:
    """What a question may call the document by: its topic without what is asked of it."""
    words = question.about
    for demand in (Demand.VALIDITY, Demand.SUMMARY, Demand.TARGETS, Demand.DUTIES):
        words = WORDINGS[demand].remove_from(words)
    return _POINTING.remove_from(words).replace(" ", "").strip(EDGE)


_THEME_FRAME = Pattern(
    r"^(?:库里|库中|资料库里?|现在|目前|还|有|哪些|都|的)+",
    yes=(("库里养老", "库里"),),
    no=("养老",),
)


@dataclass(frozen=True, slots=True)
class LibraryAsked:
    """Which documents of the library a question asks for; places and years of issue stand in
    the question itself. `days` are those it names in full, `issuers` organs."""

    states: tuple[StateName, ...] = ()
    kinds: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    days: tuple[date, ...] = ()
    issuers: tuple[str, ...] = ()

    @classmethod
    def of(cls, question: Question) -> "LibraryAsked":
        text = question.standalone
        for place in question.places:
            text = text.replace(place.text, " ", 1)
        states = next((names for what, names in _STATES if what.search(text)), ())
        kind = next((kind for kind in _LIBRARY_KINDS if kind in text), "")
        kinds = (_TOLD_KIND.get(kind, kind),) if kind else ()
        issuers = tuple(dict.fromkeys(m[0] for m in SURE_ORGAN.finditer(text)))
        return cls(states, kinds, _themes(text, question), _days(text), issuers)

    @property
    def described(self) -> str:
        """As a sentence says it: 现行有效、养老."""
        days = (f"{day.year}年{day.month}月{day.day}日" for day in self.days)
        parts = (*self.states[:1], *self.issuers, *days, *self.words, *self.kinds)
        return "、".join(parts) or "符合条件"


def _themes(text: str, question: Question) -> tuple[str, ...]:
    """The words of the matter, but for names of kinds and organs; or those that a frame marks:
    养老方面的."""
    theme = _OF_THEME.search(text) or _THEME.search(text)
    marked = (_THEME_FRAME.remove_from(theme["words"]),) if theme else ()
    learned = question.matter.split() if question.is_marked else []
    known = {*_LIBRARY_KINDS, "文件", "政策"}
    words = [w for w in learned if w not in known and len(w) > 1 and not SURE_ORGAN.search(w)]
    return tuple(words) or tuple(filter(None, marked))


def _days(text: str) -> tuple[date, ...]:
    found = []
    for match in _AT_DAY.finditer(text):
        if match["m"] and match["d"]:
            try:
                found.append(date(int(match["y"]), int(match["m"]), int(match["d"])))
            except ValueError:  # 2月30日
                continue
    return tuple(found)
