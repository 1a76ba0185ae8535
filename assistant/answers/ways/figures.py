"""One figure that a document states, from its row: the year, place and kind that are asked for,
or in so many words that they are not stated."""

from collections.abc import Sequence

from assistant.answers.content import Content, Statement, refused
from assistant.answers.fit import rows_that_fit
from assistant.answers.quotes.whole import whole_sentence
from assistant.answers.refusing import as_near
from assistant.answers.ways.documents import in_question, meant
from assistant.find.evidence import Evidence
from assistant.find.stated import Match, distinct, facts_about, value_written
from assistant.understand.asked import without_level
from assistant.understand.corpus import label
from assistant.understand.demands import Demand
from assistant.understand.needed import Needed, needed_by
from assistant.understand.question import Question
from vectorstore.facts import Fact, FactKind
from vectorstore.language.dates import years_said
from vectorstore.language.figures import figures
from vectorstore.language.sentences import sentences
from vectorstore.models import DocumentSummary

_LIKELY = 0.65  # enough where the year that is asked for is the row's
_SURE = 0.8  # of what is asked, in the name of a row that answers
_HALF = 0.5
_ALSO = 0.15  # how much worse than the best a row may fit and be told beside it
_FEW = 3  # documents


def answer_figure(question: Question, evidence: Evidence) -> Content | None:
    """The row of the indicator, year and place that are asked for; a refusal with the nearest
    row where only other years, or only places below, have one; None where no row is sure."""
    if not (question.asks(Demand.FIGURE) or question.asks(Demand.TARGETS)):
        return None
    documents = meant(question, evidence) or in_question(question, evidence)
    if not documents or len(documents) > _FEW:
        return None
    topic = question.matter
    rows = facts_about(topic, evidence, ("target", "figure"), documents, _LIKELY)
    if not rows:
        return None
    years = set(question.years_said)
    fitting = [m for m in rows if not years or _year_of(m.fact, evidence) in years]
    if rows[0].fit < _SURE and not (years and fitting):
        return None
    if not fitting and _is_read(question, topic, years, evidence):
        return None
    if not fitting:
        named = "、".join(f"{year}年" for year in sorted(years))
        if any(m.fact.year is None for m in rows):
            return None
        return _near(f"文件没有载明{named}的数值", rows, evidence)
    needed = needed_by(question)
    fitting = [m for m in fitting if _is_counted(m.fact, needed)]
    told = rows_that_fit(question, (m.fact for m in fitting), evidence)
    if below := _only_below(question, documents):
        return _near(f"库中没有{below}本级的文件，没有读到{below}的数值", fitting, evidence)
    fitting = [m for m in fitting if m.fact in told]
    if not fitting or not years:
        return None
    return Content((in_sentence(_best(question, fitting).fact, evidence),))


def _year_of(fact: Fact, evidence: Evidence) -> int | None:
    """The year of a figure; of one that names none that of its document's title: 2025年统计公报."""
    said = years_said(evidence.summary(fact.document_id).metadata.title)
    return fact.year or (said.pop() if len(said) == 1 else None)


def _is_counted(fact: Fact, needed: Needed) -> bool:
    """Whether a row counts what is counted: 多少辆 is not answered by 配备率达到100%."""
    return needed.stands_in(f"{fact.quote} {value_written(fact)}", is_row=False)


def _is_read(question: Question, topic: str, years: set[int], evidence: Evidence) -> bool:
    """Whether a sentence holds a figure for such a year that no row was made of."""
    said = {str(year) for year in years}
    for reading in evidence.supported(question, evidence.read(question)):
        text = reading.hit.passage.text
        for start, end in sentences(text):
            words = text[start:end]
            if any(year in words for year in said) and figures(words):
                if evidence.coverage(topic, words) >= _HALF:
                    return True
    return False


def answer_from_row(question: Question, evidence: Evidence) -> Content | None:
    """The row itself, for a question that no passage was found to answer."""
    if not question.asks(Demand.FIGURE):
        return None
    documents = meant(question, evidence) or in_question(question, evidence)
    if not documents or len(documents) > _FEW:
        return None
    kinds: tuple[FactKind, ...] = ("target", "figure", "amount")
    topics = (question.matter, without_level(question))
    tried = (facts_about(topic, evidence, kinds, documents, _SURE) for topic in topics if topic)
    rows = next(filter(None, tried), [])
    if not rows or question.years_said:
        return None
    best = rows_that_fit(question, (m.fact for m in rows if m.fit >= rows[0].fit - _ALSO), evidence)
    if not best:
        return None
    return Content(tuple(in_sentence(fact, evidence) for fact in distinct(best)[:_FEW]))


def in_sentence(fact: Fact, evidence: Evidence) -> Statement:
    """A row in the sentence that gives it its meaning, the row marked as what answers."""
    document = evidence.summary(fact.document_id)
    answer = evidence.quoter.fact(document, fact)
    passage = evidence.view.passage(fact.passage_id)
    start = passage.text.find(fact.quote) if passage and not passage.cells else -1
    if passage is None or start < 0:
        return Statement(fact.quote, (answer,), answer)
    _, first, last = whole_sentence((passage, start, start + len(fact.quote)))
    quote = evidence.quoter.quote(document, passage, first, last)
    return Statement(quote.text, (quote,), answer)


def _best(question: Question, rows: Sequence[Match]) -> Match:
    wants_target = question.asks(Demand.TARGETS)
    return max(rows, key=lambda m: ((m.fact.kind == "target") == wants_target, m.fit))


def _only_below(question: Question, documents: Sequence[DocumentSummary]) -> str:
    """The place that is asked about, where every document belongs to one within it."""
    for place in question.places:
        inside = [d for d in documents if d.metadata.region[: len(place.path)] == place.path]
        if inside and all(len(d.metadata.region) > len(place.path) for d in inside):
            return place.text
    return ""


def _near(reason: str, rows: Sequence[Match], evidence: Evidence) -> Content:
    """What is stated instead, whose and for which year, marked as near and no more."""
    told, near = [], []
    for match in rows[:_FEW]:
        fact = match.fact
        document = evidence.summary(fact.document_id)
        year = f"{fact.year}年" if fact.year else ""
        told.append(f"{label(document)}{year}为{value_written(fact)}")
        near.append(as_near(evidence.quoter.fact(document, fact), evidence))
    return refused(f"{reason}；{'，'.join(dict.fromkeys(told))}。", near)
