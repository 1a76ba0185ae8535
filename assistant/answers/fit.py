"""Whether what a quote is about is what the question asks: place and level, year, group, kind of
quantity, indicator. Pure; asked only of questions for a figure.

A misfit is a clear contradiction. What a statement leaves unsaid contradicts nothing.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from assistant.answers.content import Statement
from assistant.answers.slots import displaced
from assistant.find.evidence import Evidence
from assistant.find.stated import of_documents
from assistant.understand.asked import FIGURE, RANK, Asked, asks
from assistant.understand.question import Question
from vectorstore.facts import Fact
from vectorstore.language.dates import A_YEAR, PLAN_ENDS, YEAR, YEAR_RANGE
from vectorstore.language.groups import GROUPS, are_kin, groups_in
from vectorstore.language.measures import NAMES, Measure, measure_asked, other_measures
from vectorstore.language.names import TITLE
from vectorstore.language.pattern import Pattern
from vectorstore.language.regions import short_name, unlisted_place
from vectorstore.language.sentences import BRACKETED
from vectorstore.language.text import search_copy

Path = tuple[str, ...]
NATION = Pattern(
    r"全国|我国|国家(?!级)|中国|中央|国务院",
    yes=(("全国2025年的目标", "全国"), "我国"),
    no=("国家级基地", "全省"),
    why="speaks of the nation as a whole",
)
_COMPARED = Pattern(
    r"(?:高于|低于|高出|超过|优于|好于|快于|位居|居于?|达到|占)(?:同期)?全[国省市区县州](?:的)?(?:平均)?(?:水平)?",
    yes=(("高于全国1.1个百分点", "高于全国"), "低于全省平均水平"),
    no=("全省达到", "高于上年"),
    why="a larger place that a figure is only held against",
)
_DATELINE = Pattern(
    r"[\u4e00-\u9fff]{2,4}社?[\u4e00-\u9fff]{2,6}?\d{1,2}月\d{1,2}日(?:讯|电)",
    yes=("某某社青禾3月2日电", "本报青禾3月2日讯"),
    no=("3月2日来电", "青禾3月2日开工"),
    why="where news was written, not of what it is",
)
_SHARED_OUT = Pattern(
    r"[每各](?!年|月|季|周|天|日|学期|项|类)|分别|均(?:达|为|不|要)|按照?|标准|不得|应当",
    yes=(("每个县（区）", "每"), ("各县均达到", "各")),
    no=("每年培训", "全市达到"),
    why="a rule that holds in every part of a place",
)
_ANY_YEAR = Pattern(
    r"每年|逐年|年均|历年|近年|上年|去年|明年|当年|次年|年度|同比",
    yes=("每年", ("比上年增长", "上年")),
    no=("2025年", "年内"),
    why="a year that is told otherwise than by its number",
)
_BASE = Pattern(
    rf"(?:较|比|由|从|与|按|自)\s?{A_YEAR}\s?年",
    yes=(("比2023年提高", "比2023年"), ("由2024年的22%", "由2024年")),
    no=("2024年提高到", "到2025年"),
    why="a year that a figure is only held against",
)
_NOT_A_FIGURE = Pattern(
    r"电话|热线|手机|传真|号码|邮箱|邮编|文号|网址|索引号|什么时候|何时|哪[一]?[年天月]|由?谁|哪[个些几]|如何|怎[么样]|为什么|是否|有没有|是不是|能不能|[吗吧](?=[？?。]|$)",
    yes=("什么时候", ("由谁牵头", "由谁")),
    no=("多少人", "几所"),
    why="asks for something else, with or without a figure beside it",
)
_OWN_CASE = Pattern(
    r"[我咱俺]|您好", yes=("我", "咱"), no=("全市",), why="who asks tells of himself"
)
_NO_NAME = Pattern(
    r"^[我本全各该这那哪某你每咱他几两]"
    r"|(?:超|城|都|夜|集|股|楼|上|门|[社小地片辖市郊校厂园景灾疫牧林山矿库湖新农老]|开发|示范|试验|保护|功能)[市区]$",
    yes=(("全市", "全"), ("高新开发区", "开发区"), ("几家超市", "几"), ("楼下社区", "社区")),
    no=("青禾市",),
    why="ends like the name of a place and is none",
)
_LEVELS = {"省": "省", "市": "市", "县": "县", "州": "州", "盟": "盟", "旗": "旗", "区": "区"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a question for a figure names. `places` are paths; `town` is a place by the form of
    its name that no list knows; `nation` is set where it asks of the nation and no place."""

    places: tuple[Path, ...] = ()
    town: str = ""
    nation: bool = False
    years: frozenset[int] = frozenset()
    groups: frozenset[str] = frozenset()
    measure: Measure | None = None
    topic: str = ""
    is_single: bool = True  # one figure is asked for
    is_own_case: bool = False  # 我是…: who asks tells of himself


@dataclass(frozen=True, slots=True)
class Held:
    """What a quoted statement is about. `text` is the statement, `around` its headings and the
    heads of its table; `rows` are the facts in it, `source` all that its document says."""

    text: str
    around: str = ""
    title: str = ""
    region: Path = ()
    rows: tuple[Fact, ...] = ()
    is_row: bool = False  # of a table: units stand in its head
    source: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`misfit` says in words what the statement does not tell, '' where it fits; `stated` is
    what it speaks of instead, where that has a name."""

    misfit: str = ""
    stated: str = ""

    @property
    def fits(self) -> bool:
        return not self.misfit


FITS = Verdict()


def wanted_of(question: Question) -> Wanted | None:
    """None where no figure is asked for, or an order of several."""
    text = search_copy(TITLE.remove_from(question.standalone))
    if not asks(question, FIGURE) or asks(question, RANK) or _NOT_A_FIGURE.search(text):
        return None
    places = tuple(place.path for place in question.places)
    unlisted = unlisted_place(text) if not places else ()
    town = unlisted[-1] if unlisted and not _NO_NAME.search(unlisted[-1]) else ""
    return Wanted(
        places,
        town,
        bool(not places and not town and NATION.search(_COMPARED.remove_from(text))),
        frozenset(map(int, YEAR.findall(text))),
        groups_in(text),
        measure_asked(text),
        Asked.of(question).topic,
        text.count("多少") < 2,
        bool(_OWN_CASE.search(text)),
    )


def held_in(statement: Statement, evidence: Evidence) -> Held:
    """The frame of a statement, from the rows in its quotes where there are any."""
    quotes = statement.quotes
    document = quotes[0].document
    passage = evidence.view.passage(quotes[0].passage_id)
    rows = tuple(
        fact
        for fact in of_documents([document], evidence, "target", "figure", "amount")
        if any(q.document_id == document.id and q.start < fact.end and fact.start < q.end
               for q in quotes)
    )  # fmt: skip
    context = passage.context if passage else ""
    return Held(
        search_copy(statement.text),
        search_copy(" ".join((*quotes[0].heading_path, context))),
        search_copy(document.metadata.title),
        document.metadata.region,
        rows,
        bool(passage and (passage.cells or context or "\t" in passage.text)),
        evidence.quoter.source(document.id),
    )


def fit(question: Question, statement: Statement, evidence: Evidence) -> Verdict:
    """Whether a statement is about what a question asks; what quotes nothing always is."""
    wanted = wanted_of(question)
    if wanted is None or not statement.quotes:
        return FITS
    return compare(wanted, held_in(statement, evidence))


def rows_that_fit(question: Question, facts: Iterable[Fact], evidence: Evidence) -> list[Fact]:
    """Those that are about what a question asks, each judged by itself."""
    wanted = wanted_of(question)
    if wanted is None:
        return list(facts)
    return [fact for fact in facts if compare(wanted, _held_by(fact, evidence)).fits]


def _held_by(fact: Fact, evidence: Evidence) -> Held:
    metadata = evidence.summary(fact.document_id).metadata
    passage = evidence.view.passage(fact.passage_id)
    around = (*fact.heading_path, passage.context if passage else "")
    return Held(
        search_copy(f"{fact.group}{fact.subject} {fact.quote}"),
        search_copy(" ".join(around)),
        search_copy(metadata.title),
        metadata.region,
        (fact,),
        bool(passage and (passage.cells or passage.context)),
        evidence.quoter.source(fact.document_id),
    )


def compare(wanted: Wanted, held: Held) -> Verdict:
    """The first contradiction, or FITS."""
    for judge in (_place, _year, _group, _measure, _indicator):
        if found := judge(wanted, held):
            return found
    return FITS


# --- place and level ----------------------------------------------------------------------------


def _place(wanted: Wanted, held: Held) -> Verdict | None:
    said = _DATELINE.remove_from(_COMPARED.remove_from(f"{held.around} {held.text}"))
    if wanted.nation:
        return _not_the_nation(held, said)
    if wanted.town:
        known = f"{said} {held.title} {' '.join(held.region)} {_of_rows(held)}"
        if short_name(wanted.town) in known:
            return None
        return Verdict(f"没有读到{wanted.town}的数值", _own_name(held))
    if not wanted.places or not held.region:
        return None
    clause = answering(wanted.topic, held.text)
    found = [_other_place(path, held, said, clause) for path in wanted.places]
    return found[0] if all(found) else None


def _not_the_nation(held: Held, said: str) -> Verdict | None:
    if not held.region or NATION.search(said) or any(row.level == "国" for row in held.rows):
        return None
    return Verdict("没有读到全国的数值", _own_name(held))


def _other_place(path: Path, held: Held, said: str, clause: str) -> Verdict | None:
    region, name = held.region, path[-1]
    if name in region[-1:] or any(n in said for n in (name, short_name(name))):
        return None
    misfit = Verdict(f"没有读到{name}的数值", _own_name(held))
    if region[: len(path)] == path or name in region:  # a document of a place within it
        return None if _speaks_at(name, said) else misfit
    if path[: len(region)] == region:  # a document of a place around it
        own = [row for row in held.rows if row.kind != "amount"]
        if _SHARED_OUT.search(clause) or (held.rows and not own):
            return None
        return misfit if _speaks_at(region[-1], said) or own else None
    return None


def _speaks_at(name: str, said: str) -> bool:
    """Whether a text says 全省, 省级… of a place that is called so."""
    level = _LEVELS.get(name[-1], "")
    return bool(level and re.search(rf"[全我本]{level}|{level}(?:级|定|财政|政府|里)", said))


def _own_name(held: Held) -> str:
    return held.region[-1] if held.region else ""


def _of_rows(held: Held) -> str:
    return " ".join(row.place for row in held.rows)


# --- year -----------------------------------------------------------------------------------------


def _year(wanted: Wanted, held: Held) -> Verdict | None:
    if not wanted.years:
        return None
    clause = answering(wanted.topic, held.text)
    before = held.text[: held.text.find(clause) + len(clause)]
    before = _BASE.remove_from(BRACKETED.remove_from(before))
    own = _years_in(before)
    if wanted.years & _years_in(held.text) or (not own and _ANY_YEAR.search(clause)):
        return None
    rows = {year for row in held.rows for year in (row.year, row.base_year) if year}
    title = _years_in(TITLE.remove_from(held.title) or held.title)
    told = own or rows or _years_in(held.around) or {y for t in title for y in (t - 1, t)}
    if not told or wanted.years & (told | rows):
        return None
    named = "、".join(f"{year}年" for year in sorted(wanted.years))
    return Verdict(f"没有载明{named}的数值", f"{max(told)}年")


def _years_in(text: str) -> set[int]:
    """All years of which a text speaks, those of its ranges and plans too."""
    years = set(map(int, YEAR.findall(text)))
    for match in YEAR_RANGE.finditer(text):
        first, last = int(match["first"]), int(match["last"])
        years |= set(range(first, min(last, first + 20) + 1))
    for plan in _PLANS.findall(text):
        years |= (
            set(range(PLAN_ENDS[plan] - 4, PLAN_ENDS[plan] + 1)) if plan in PLAN_ENDS else set()
        )
    return years


_PLANS = re.compile(
    r"(?<=[“\"])十[一二三四五六]?五(?=[”\"])|十[一二三四五六]五(?=期间|时期|期末|末|规划|以来)"
)


# --- group ----------------------------------------------------------------------------------------


def _group(wanted: Wanted, held: Held) -> Verdict | None:
    if wanted.is_own_case:
        return None
    clause = answering(wanted.topic, held.text)
    whole = f"{held.around} {held.text}"
    for group in sorted(wanted.groups):
        if _is_named(group, clause, held, wanted):
            continue
        others = {g for g in groups_in(clause) if not any(are_kin(g, w) for w in wanted.groups)}
        near = groups_in(whole)
        if not others and not any(are_kin(group, g) for g in near):
            others = {g for g in near if not any(are_kin(g, w) for w in wanted.groups)}
            if not others and _is_nowhere(group, wanted, held):
                return Verdict(f"没有载明{group}的数值")
        if others:
            return Verdict(f"没有载明{group}的数值", sorted(others)[0])
    return None


def _is_named(group: str, clause: str, held: Held, wanted: Wanted) -> bool:
    """Whether the clause that answers speaks of a group, or no clause is about it alone."""
    if any(are_kin(group, g) for g in groups_in(clause)):
        return True
    words = GROUPS[group].search(wanted.topic)
    return words is None


def _is_nowhere(group: str, wanted: Wanted, held: Held) -> bool:
    """A document that never speaks of the one group that is asked about."""
    apart = len(wanted.groups) == 1 or not _JOINED.search(wanted.topic)
    return apart and bool(held.source) and not any(
        are_kin(group, g) for g in groups_in(held.source)
    )  # fmt: skip


_JOINED = Pattern(
    r"[、和或与及]",
    yes=(("老人和儿童", "和"),),
    no=("农村低保",),
    why="several groups are asked about",
)


# --- kind of quantity, indicator ------------------------------------------------------------------


def _measure(wanted: Wanted, held: Held) -> Verdict | None:
    if wanted.measure is None or held.is_row:
        return None
    others = other_measures(held.text, wanted.measure)
    return Verdict(f"没有载明所问的{NAMES[wanted.measure]}") if others else None


def _indicator(wanted: Wanted, held: Held) -> Verdict | None:
    if not wanted.is_single or wanted.is_own_case:
        return None
    clause = answering(wanted.topic, held.text)
    known = f"{held.around} {held.title} {held.text} {' '.join(held.region)}"
    found = displaced(wanted.topic, clause, known, held.source)
    return Verdict(f"没有载明{found[0]}的数值", found[1]) if found else None


_SEGMENT = re.compile(r"[^，,。；;！？\n]+")


def answering(topic: str, text: str) -> str:
    """The clause of a statement that holds a figure and most of what is asked; all of it where
    none holds one."""
    pairs = _pairs(topic)
    parts = [m[0] for m in _SEGMENT.finditer(text) if re.search(r"\d|[一二三四五六七八九十]", m[0])]
    return max(parts, key=lambda part: len(pairs & _pairs(part)), default=text)


def _pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}
