"""Figures as documents state them, from rows: one indicator over all documents, and all that one
document sets itself. No passage is read for either."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.answers.content import Content, Statement, table
from assistant.answers.fit import rows_that_fit
from assistant.answers.ways.documents import in_question, meant
from assistant.answers.ways.sections import by_section, whole_count
from assistant.find.evidence import Evidence
from assistant.find.stated import Match, distinct, facts_about, of_documents, value_written
from assistant.understand.asked import asks_who, names_matter, names_targets
from assistant.understand.corpus import full_name, label
from assistant.understand.demands import Demand
from assistant.understand.kinds import Kind
from assistant.understand.question import Question
from vectorstore.facts import Fact
from vectorstore.keywords.tokens import tokens
from vectorstore.language.figures import plain_number
from vectorstore.language.text import fold
from vectorstore.models import DocumentSummary

SILENT = Statement("未载明")
SHOWN = 60  # rows of a table; what stands below is counted and named
_SAME_NAME = 0.35  # how much worse than the best a row may fit and be the same indicator

_SEVERAL = 2  # documents with a row, where a question does not say whose
_OVER_ALL = (Kind.AGGREGATION, Kind.COMPARISON)
_ONE_THEME = 0.4  # of the words of the shorter of two titles


@dataclass(frozen=True, slots=True)
class _Row:
    """What one document states of the indicator; without a fact it is silent."""

    document: DocumentSummary
    fact: Fact | None


# --- one indicator over the documents -----------------------------------------------------------


def answer_across(question: Question, evidence: Evidence) -> Content | None:
    """A row for each document, the figures compared; None where no figure is asked for or no
    document has a row for it."""
    if not (
        question.asks(Demand.FIGURE) or question.asks(Demand.RANK) or question.asks(Demand.TARGETS)
    ):
        return None
    if asks_who(question) and not question.words(Demand.FIGURE):
        return None  # who leads is compared, whatever else was heard
    everywhere = question.asks(Demand.EVERYWHERE) and (
        not question.places or question.asks(Demand.RANK)
    )
    if question.strangers and not everywhere:
        return None  # a figure of one place that nobody knows
    implied = not (question.places or question.named)  # whose figure it is
    several = len(question.places) + len(question.named) > 1
    if not (
        everywhere
        or several
        or implied
        or question.asks(Demand.RANK, Demand.TABLE)
        or question.kind in _OVER_ALL
    ):
        return None
    documents = list(evidence.view.documents()) if everywhere else in_question(question, evidence)
    if implied and not everywhere:
        if question.asks(Demand.ALLOWANCE):
            return None  # of versions and classes; no indicator
        if not question.years_said:
            documents = [d for d in documents if not d.is_over]
    if len(documents) < 2:
        return None
    rows = _rows(question, documents, evidence)
    told = [row for row in rows if row.fact]
    if not told or (several and not everywhere and len(told) < len(rows)):
        return None
    if implied and not everywhere and len(told) < _SEVERAL:
        return None
    if question.kind is Kind.FACT and not everywhere and _is_of_other_years(question, told):
        return None
    order = sorted(rows, key=_by_value) if question.asks(Demand.RANK) else rows
    listed = [row for row in order if row.fact or _is_expected(row, told, question)][:SHOWN]
    header = ("文件", "指标", "数值", "年份", "原文")
    shown = table(header, (_cells(row, evidence) for row in listed))
    leads = _ranked(question, told, evidence)
    return Content((*leads, shown), notes=tuple(_notes(rows, told)))


def _is_of_other_years(question: Question, told: Sequence[_Row]) -> bool:
    """Whether a question is about a year, and no row is: it asks for what held then, not for
    what all documents say."""
    years = set(question.years_said)
    return bool(years) and not any(row.fact and row.fact.year in years for row in told)


def _is_expected(row: _Row, told: Sequence[_Row], question: Question) -> bool:
    """Whether the silence of a document says something: its place is asked about, or its title
    is of the theme of those that speak."""
    if question.places or question.named:
        return True
    own = set(tokens(row.document.metadata.title))
    others = [set(tokens(other.document.metadata.title)) for other in told]
    return any(len(own & theme) >= _ONE_THEME * min(len(own), len(theme)) for theme in others)


def _rows(
    question: Question, documents: Sequence[DocumentSummary], evidence: Evidence
) -> list[_Row]:
    topic = question.matter
    years = set(question.years_said)
    matches = facts_about(topic, evidence, ("target", "figure", "amount"), documents)
    if not question.asks(Demand.EVERYWHERE):  # of one place or year: rows of others are no answer
        fits = rows_that_fit(question, (m.fact for m in matches), evidence)
        matches = [m for m in matches if m.fact in fits]
    if not matches and not names_matter(question):  # 哪里定得最高: what most documents state
        matches = _commonest(documents, evidence)
    if not matches:
        return []
    best: dict[str, Match] = {}
    for match in sorted(matches, key=lambda m: _preference(m, question, years, evidence)):
        best.setdefault(match.fact.document_id, match)
    least = max(match.fit for match in best.values()) - _SAME_NAME
    return [
        _Row(d, m.fact if (m := best.get(d.id)) and m.fit >= least else None) for d in documents
    ]


def _preference(
    match: Match, question: Question, years: set[int], evidence: Evidence
) -> tuple[float, ...]:
    """Of several rows of one document: the year that is asked about, a target where one is
    asked for, the document's own place, the name that fits best, the latest year."""
    fact = match.fact
    own = evidence.summary(fact.document_id).metadata.region
    return (
        bool(years) and fact.year not in years,
        question.asks(Demand.TARGETS) and fact.kind != "target",
        -round(match.fit, 1),
        bool(fact.place and own and fact.place not in own[-1]),
        -(fact.year or 0),
        fact.start,
    )


def _commonest(documents: Sequence[DocumentSummary], evidence: Evidence) -> list[Match]:
    """Rows of the indicator that most documents set a target for, where more than one does."""
    targets = of_documents(documents, evidence, "target")
    holders: dict[str, set[str]] = {}
    for fact in targets:
        holders.setdefault(fold(fact.group + fact.subject), set()).add(fact.document_id)
    counts = Counter({name: len(ids) for name, ids in holders.items()})
    name, count = counts.most_common(1)[0] if counts else ("", 0)
    return facts_about(name, evidence, ("target",), documents) if count > 1 else []


def _by_value(row: _Row) -> tuple[bool, float]:
    return row.fact is None, -(row.fact.value or 0.0) if row.fact else 0.0


def _cells(row: _Row, evidence: Evidence) -> tuple[Statement, ...]:
    name = Statement(full_name(row.document))
    if row.fact is None:
        return (name, *(SILENT,) * 4)
    quotes = (evidence.quoter.fact(row.document, row.fact),)
    year = Statement(f"{row.fact.year}年", quotes) if row.fact.year else SILENT
    return (
        name,
        Statement(named_in_full(row.fact, row.document), quotes),
        Statement(value_written(row.fact), quotes),
        year,
        Statement(row.fact.quote, quotes),
    )


def named_in_full(fact: Fact, document: DocumentSummary) -> str:
    """What a figure is of: the indicator, and whose it is where that is not the document's own
    place."""
    name = (fact.group + fact.subject).lstrip("0123456789. ")
    own = document.metadata.region
    other = fact.place if fact.place and own and fact.place not in own else ""
    return f"{other}{name}" if other not in name else name


def _ranked(question: Question, told: Sequence[_Row], evidence: Evidence) -> tuple[Statement, ...]:
    """最高 and 最低, or the difference, computed from rows of one unit."""
    facts = [(row.document, row.fact) for row in told if row.fact and row.fact.value is not None]
    unit = Counter(fact.unit for _, fact in facts).most_common(1)[0][0] if facts else ""
    same = [(d, f) for d, f in facts if f.unit == unit]
    if not question.asks(Demand.RANK) or len(same) < 2:
        return ()
    ordered = sorted(same, key=lambda pair: -(pair[1].value or 0.0))
    high, low = ordered[0], ordered[-1]
    if high[1].value == low[1].value:
        return ()
    gap = plain_number((high[1].value or 0.0) - (low[1].value or 0.0))
    quotes = tuple(evidence.quoter.fact(d, f) for d, f in (high, low))
    points = "个百分点" if unit == "%" else unit
    return (
        Statement(
            f"最高的是{label(high[0])}，为{high[1].text}；最低的是{label(low[0])}，"
            f"为{low[1].text}，相差{gap}{points}。",
            quotes,
        ),
    )


def _notes(rows: Sequence[_Row], told: Sequence[_Row]) -> Iterable[str]:
    """What a reader of the table must know: who is silent, and where years or firmness differ."""
    silent = [label(row.document) for row in rows if not row.fact]
    yield f"在 {len(rows)} 份文件中，{len(told)} 份载明。" + (
        f"未载明的有：{'、'.join(silent[:12])}{'等' if len(silent) > 12 else ''}。"
        if silent
        else ""
    )
    facts = [row.fact for row in told if row.fact]
    if len(years := sorted({fact.year for fact in facts if fact.year})) > 1:
        listed = "、".join(f"{year}年" for year in years)
        yield f"各文件的目标年份不同（{listed}），不能直接比较高低。"
    if len({fact.comparator in ("", "=") for fact in facts}) > 1:
        yield "各文件的表述力度不同（有的是确定值，有的是不低于、超过或力争），请以原文为准。"
    if len({fact.unit for fact in facts}) > 1:
        yield "各文件所用的单位不同，没有换算。"


# --- all targets of a document ------------------------------------------------------------------


def answer_targets(question: Question, evidence: Evidence) -> Content | None:
    """Every target that the documents in question set, by section, counted; None where targets
    are not what is asked for, or there is none."""
    if not question.asks(Demand.TARGETS):
        return None
    documents = meant(question, evidence) or in_question(question, evidence)
    if not documents or len(documents) > 3:
        return None
    facts = of_documents(documents, evidence, "target")
    years = set(question.years_said)
    if years and any(fact.year in years for fact in facts):
        facts = [fact for fact in facts if fact.year in years]
    topic = question.matter
    about = {id(m.fact) for m in facts_about(topic, evidence, ("target",), documents)}
    if about:
        facts = [fact for fact in facts if id(fact) in about]
    elif topic and not names_targets(question):
        return None  # 五项重点工程: no target, whatever else it is
    if len(facts) < 2:
        return None
    kept = distinct(facts)
    return Content(tuple(by_section(kept, evidence)), notes=(whole_count(len(facts), "项目标"),))
