"""What a part of a document speaks of: what was reached, what is aimed at, or rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ingest.facts.years import Calendar, calendar_of, years_in
from vectorstore.language.dates import A_YEAR, parse_date
from vectorstore.language.names import KIND_AT_END, TITLE
from vectorstore.language.pattern import Pattern
from vectorstore.language.sentences import SENTENCE_MARK
from vectorstore.language.text import squeeze
from vectorstore.models import Metadata

Mode = Literal["", "past", "future"]
Nature = Literal["plan", "report", "statistics", "rule", "news", "other"]

_NATURES: tuple[tuple[Nature, Pattern], ...] = (
    ("statistics", Pattern(
        r"统计公报|公报$|统计数据|运行情况|统计监测|(?:实施|完成|落实|执行|进展)情况|通报(?:[（(]|$)",
        yes=("统计公报", ("若干措施实施情况（2025年）", "实施情况"), "通报"),
        no=("公告", "基本情况"),
    )),
    ("report", Pattern(r"报告|总结|讲话|白皮书|新闻发布会", yes=(("政府工作报告", "报告"),), no=("公报",))),
    (
        "plan",
        Pattern(
            r"规划|纲要|计划|方案|要点|行动|目标|安排|任务|意见(?!征集)|工程|措施|若干政策|政策$",
            yes=(("实施方案", "方案"), ("工作要点", "要点"), ("发展规划", "规划"), ("指导意见", "意见")),
            no=("办法", "条例"),
        ),
    ),
    (
        "rule",
        Pattern(
            r"(?:办法|细则|条例|规定|规则|法|章程|制度|标准|解释|指南|指引|规程|规范)(?:（[^（）]{1,12}）|\([^()]{1,12}\))?$",
            yes=(("管理办法", "办法"), ("实施细则（试行）", "细则（试行）"), ("安全生产法", "法")),
            no=("方法论", "规划"),
        ),
    ),
)  # fmt: skip
_RULE_END = Pattern(
    r"(?:办法|细则|条例|规定|规则|法|章程|制度)(?:（[^（）]{1,12}）|\([^()]{1,12}\))?$",
    yes=(("方案管理办法", "办法"), ("规划条例", "条例")),
    no=("规划", "办法的通知"),
    why="a title that ends so is that of rules, whatever they are about",
)
_OFFICIAL = Pattern(
    r"(?:通知|公告|通告|决定|意见|批复|函|命令|令|公示|措施|解读|指南|指引|问答|须知|说明|一封信|倡议书|提示|法|条例|办法|细则|规定|"
    r"方案|计划|规划|要点|清单|目录|名单|预案|标准|基准价|收费|价格|大纲|分工表?|一览表|指标体系|裁量表|制度|章程|纲要)(?:[（(][^（）()]{1,16}[)）]|》|\s)*$",
    yes=(
        ("关于防汛的通知", "通知"),
        ("停水公告（第3号）", "公告（第3号）"),
        ("《供水办法》", "办法》"),
    ),
    no=("本市企业加快复工", "第三场新闻发布会"),
    why="a title that ends so is that of a paper; what has no such title reports",
)
_ARRANGES = Pattern(
    r"(?:工作|建设|活动|治理|整治|防控|管理|建设|改造|保障|采购|招生|招录)的(?:通知|意见)$",
    yes=(("关于做好2026年防汛工作的通知", "工作的通知"),),
    no=("关于公布2026年名单的通知", "关于表彰先进的决定"),
    why="a notice about a year that says what is to be done",
)
_REVIEW = Pattern(
    r"(?:情况|审计|评估|监测|考核|结果|年度)[^，。]{0,12}报告(?:[（(]|$)|总结(?:报告)?$|白皮书",
    yes=("情况报告", ("2025年度审计工作报告", "年度审计工作报告"), ("工作总结", "总结")),
    no=("政府工作报告",),
    why="the title of a report that looks back alone",
)
_BY = Pattern(
    rf"到\s?(?P<year>{A_YEAR})\s?年",
    yes=("到2027年", ("力争到2025年底", "到2025年")),
    no=("2027年", "达到2027人"),
    why="the year in which something is to be reached",
)
_NUMBER = Pattern(
    rf"[发函办字号令规〕][〔\[［【（(](?P<year>{A_YEAR})[〕\]］】）)]\s?第?\s?\d{{1,5}}\s?号",
    yes=(("岫政办发〔2024〕15号", "发〔2024〕15号"),),
    no=("（2021—2025年）",),
)
_CONDITIONS = Pattern(
    r"条件|资格|准入|申报要求|申请要求|(?:补助|补贴|奖励|扶持|支持)(?:的)?(?:对象|标准|范围)",
    yes=(("二、申报条件", "条件"), ("补贴对象和标准", "补贴对象")),
    no=("主要目标",),
    why="headings over what one must have or be to get something",
)
_CONDITIONS_FOLLOW = Pattern(
    r"(?:下列|以下|如下)[^。；]{0,20}(?:条件|情形|要求|标准|规定|材料)[^。；]{0,20}[:：]$|(?:条件|资格)[为是]?[:：]$",
    yes=(("申请单位应当具备下列条件：", "下列条件："), ("申报条件：", "条件：")),
    no=("实现以下目标：", "具备下列条件的予以支持。"),
    why="a list of conditions follows",
)
_ITEM = Pattern(
    r"\s{0,4}(?:[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[.．、]|[①-⑳])",
    yes=(("（一）有固定场所", "（一）"), ("2．人员", "2．")),
    no=("第三条", "二、目标"),
    why="an item of a list",
)
_TOLD = Pattern(
    r"新闻发布会|新华社|记者|通讯员|[报网]讯|[获据]悉|原标题|责任编辑",
    yes=("新闻发布会", ("某某日报讯", "报讯"), ("记者从市水务局获悉", "记者")),
    no=("会议", "网络"),
    why="marks of what is told to the public",
)
_PAST = Pattern(
    r"回顾|成效|成绩|成就|现状|基础|基本情况|进展|总结|形势|工作情况|完成情况|执行情况|发展环境|历程|背景",
    yes=(("发展基础", "基础"), ("工作回顾", "回顾"), ("主要成效", "成效")),
    no=("总体要求", "重点任务"),
    why="headings over what has been reached",
)
_FUTURE = Pattern(
    r"目标|任务|安排|计划|展望|打算|要求|重点工作|下一步|思路|愿景",
    yes=(("主要目标", "目标"), ("重点任务", "任务"), ("2026年工作安排", "安排")),
    no=("发展基础", "工作回顾"),
    why="headings over what is aimed at",
)
_ARTICLE = Pattern(
    r"^\s*第[一二三四五六七八九十百零〇\d]{1,7}条(?![例约件])",
    yes=(("第十二条 本办法所称", "第十二条"), "第3条"),
    no=("第二章", "这一条"),
    why="a legal article",
)
_HEADING = Pattern(
    r"^(?:[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十]{1,3}[章节部]|[（(][一二三四五六七八九十]{1,3}[)）])[^，]{2,36}$",
    yes=("二、2026年工作安排", "第三章 主要任务"),
    no=("2026年工作安排", "二、加快建设，提高质量"),
    why="a line that looks like a heading, whatever the outline of the document made of it",
)
_RUN_IN = Pattern(
    r"(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[)）]|\d{1,2}[.．、])\s?(?P<head>[^，。；：\d]{2,14})[。：]\s?(?=.)",
    yes=(
        ("一、目标任务。到2027年，", "一、目标任务。"),
        ("（二）工作基础：现有", "（二）工作基础："),
    ),
    no=("一、目标任务", "一、新建水厂3座。", "供水保障。"),
    why="the head of a part in the line of its text",
)
_LOOKS_BACK = Pattern(
    r"回顾过去|过去(?:的)?一年|一年来|五年来|(?:工作|情况)(?:回顾|总结)|主要(?:做了|开展了)以下|取得(?:了)?(?:明显|显著|积极|新)|"
    r"成效(?:明显|显著)|需要说明的是|存在(?:的)?(?:困难|问题|不足)",
    yes=(("回顾过去一年，我们", "回顾过去"), ("取得明显成效", "取得明显"), "需要说明的是"),
    no=("今后五年", "取得成效的目标"),
)
_LOOKS_AHEAD = Pattern(
    r"今后五年|未来五年|主要预期目标|主要目标是|下一步|总体要求是|(?:要)?重点(?:做好|抓好)以下|展望",
    yes=(("今后五年，", "今后五年"), ("主要预期目标是：", "主要预期目标"), ("展望2035年", "展望")),
    no=("过去五年", "目标全部完成"),
)


_HEAD = 3000  # characters in which a document says what it is called
_TOP = 600
_GOES_ON = Pattern(
    r"[^。，；：:]{0,80}?的(?:通知|决定|公告|通告|意见|函|批复)",
    yes=("实施方案》的通知", "并印发《要点》的通知"),
    no=("各县：方案的规定",),
    why="the rest of a title that its line cut off",
)


@dataclass(frozen=True, slots=True)
class Setting:
    """Of one line: what it speaks of, the year its headings name, whether it is an article."""

    mode: Mode = ""
    year: int | None = None
    is_article: bool = False
    is_condition: bool = False  # it says what one must have or be to get something
    nature: Nature = "other"


class Outline:
    """Reads the setting of each line of a document, in order."""

    def __init__(self, metadata: Metadata, text: str):
        title = _inner(_whole(metadata.title, text))
        day = metadata.dated or parse_date(text[:_TOP])  # a report says when it was given
        year = day.year if day else metadata.year or _numbered(text[:_TOP])
        self.calendar: Calendar = calendar_of(day, year, title)
        self._aim = None if self.calendar.about else _aim(text, year)
        self.nature: Nature = _nature(title)
        self._looks_back = _REVIEW.search(title) is not None
        if self.nature == "other" and self.calendar.about and _ARRANGES.search(metadata.title):
            self.nature = "plan"
        if _is_news(metadata.title or title, self.nature, text):
            self.nature = "news"
        self._scope: tuple[str, ...] = ()  # the headings under which a line looked back or ahead
        self._turn: Mode = ""
        self._articles = False
        self._listing = False  # inside a list of conditions
        self._line: tuple[tuple[str, ...], str] = ((), "")

    def setting(self, text: str, headings: Sequence[str]) -> Setting:
        """Of a line below some headings. A line that looks back or ahead holds for those
        that follow under the same heading."""
        path = self._path(text.strip(), tuple(headings))
        inside = path[: len(self._scope)] == self._scope and bool(self._scope or not path)
        if not inside and (self.nature != "report" or _mode_of(path)):
            self._turn, self._scope = "", ()
        article = any(_ARTICLE.search(h) for h in headings) or bool(_ARTICLE.search(text))
        if _LOOKS_BACK.search(text[:80]):
            self._turn, self._scope = "past", path
        elif _LOOKS_AHEAD.search(text[:40]):
            self._turn, self._scope = "future", path
        below = _mode_of(path[len(self._scope) :]) if self._turn else ""
        mode = below or self._turn or _mode_of(path) or self._default()
        year = self._heading_year(path, mode)
        self._articles = self._articles or article
        rules = self.nature == "rule" and self._articles
        wanted = self._wanted(text.strip(), path)
        return Setting(mode, year, article or rules, wanted, self.nature)

    def _wanted(self, text: str, path: Sequence[str]) -> bool:
        if not _ITEM.match(text):
            self._listing = bool(_CONDITIONS_FOLLOW.search(text))
        return self._listing or any(_CONDITIONS.search(heading) for heading in path[-2:])

    def _path(self, text: str, headings: tuple[str, ...]) -> tuple[str, ...]:
        """The headings of a line, with the last line above it that looks like one."""
        if _HEADING.search(text) and not SENTENCE_MARK.search(text):
            self._line = (headings, text)
        if head := _RUN_IN.match(text):
            return (*headings, head["head"])
        above, line = self._line
        own = above == headings and line and squeeze(line) not in map(squeeze, headings)
        return (*headings, line) if own else headings

    def _default(self) -> Mode:
        if self.nature == "report" and self._looks_back:
            return "past"
        return {"plan": "future", "statistics": "past", "news": "past"}.get(self.nature, "")  # type: ignore[return-value]

    def _heading_year(self, headings: Sequence[str], mode: Mode) -> int | None:
        for heading in reversed(headings):
            if years := years_in(heading, self.calendar).years:
                return min(years) if mode == "past" else max(years)
        about = self.calendar.about
        if mode == "future" or (about and about[0] == about[1] and self.nature != "report"):
            year = self.calendar.target_year
            if mode == "past" and self.nature == "plan":
                return None
            return year or (self._aim if self.nature == "plan" else None)
        if mode == "past" and self.nature == "news":
            return self.calendar.current
        return self.calendar.last if mode == "past" and self.nature == "report" else None


def _whole(title: str, text: str) -> str:
    """A title that was cut at the end of its line, as the text goes on with it."""
    head, said = squeeze(text[:_HEAD]), squeeze(title)
    at = head.find(said)
    if at < 0 or (
        KIND_AT_END.search(said.rstrip("》")) and said.count("《") == said.count("》") == 0
    ):
        return title
    rest = _GOES_ON.match(head, at + len(said))
    return title + rest[0] if rest else title


def _inner(title: str) -> str:
    """关于印发《某方案》的通知 → 某方案: what the document is about."""
    names = [match[1] for match in TITLE.finditer(title)]
    if names and ("印发" in title or "转发" in title or "批转" in title):
        return names[-1]
    for end in ("的通知", "的函", "的公告", "的批复", "的决定"):
        title = title.removesuffix(end)
    return title


def _aim(text: str, now: int | None) -> int | None:
    """The year by which a plan whose title names none is to be done: the only one that it names."""
    years = {int(match["year"]) for match in _BY.finditer(text)}
    return years.pop() if len(years) == 1 and now and min(years) >= now else None


def _numbered(top: str) -> int | None:
    """The year in a document's own number: it stands in front of any that the text names."""
    match = _NUMBER.search(top)
    return int(match["year"]) if match else None


def _is_news(title: str, nature: Nature, text: str) -> bool:
    """Told rather than ruled: a report of the press or of an office, or a briefing."""
    if nature in ("statistics", "rule") or _OFFICIAL.search(title):
        return False
    told = _TOLD.search(text[:_HEAD]) or _TOLD.search(text[-_TOP:])
    return bool(told) or nature == "other"


def _nature(title: str) -> Nature:
    if _RULE_END.search(title):
        return "rule"
    return next((nature for nature, pattern in _NATURES if pattern.search(title)), "other")


def _mode_of(headings: Sequence[str]) -> Mode:
    for heading in reversed(headings):
        past, future = bool(_PAST.search(heading)), bool(_FUTURE.search(heading))
        if past != future:
            return "past" if past else "future"
        if past:
            return ""
    return ""
