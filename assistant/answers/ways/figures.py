"""One figure that a document states, from its row: the year, place and kind that are asked for,
or in so many words that they are not stated."""

from collections.abc import Sequence

from assistant.answers.content import Content, Statement, refused
from assistant.answers.ways.documents import in_question, meant
from assistant.answers.ways.indicators import worded
from assistant.cite.citation import citation_of
from assistant.find.evidence import Evidence
from assistant.find.stated import Match, facts_about
from assistant.understand.asked import FIGURE, TARGET, Asked, asks
from assistant.understand.corpus import label
from assistant.understand.question import Question
from vectorstore.language.dates import YEAR
from vectorstore.models import DocumentSummary

_SURE = 0.8  # of what is asked, in the name of a row that answers
_FEW = 3  # documents


def answer_figure(question: Question, evidence: Evidence) -> Content | None:
    """The row of the indicator, year and place that are asked for; a refusal with the nearest
    row where only other years, or only places below, have one; None where no row is sure."""
    if not (asks(question, FIGURE) or asks(question, TARGET)):
        return None
    documents = meant(question, evidence) or in_question(question, evidence)
    if not documents or len(documents) > _FEW:
        return None
    topic = Asked.of(question).topic
    rows = facts_about(topic, evidence, ("target", "figure"), documents, _SURE)
    if not rows:
        return None
    years = {int(year) for year in YEAR.findall(question.standalone)}
    fitting = [m for m in rows if not years or m.fact.year in years]
    if not fitting:
        named = "、".join(f"{year}年" for year in sorted(years))
        if any(m.fact.year is None for m in rows):
            return None
        return _near(f"文件没有载明{named}的数值", rows, evidence)
    if below := _only_below(question, documents):
        return _near(f"库中没有{below}本级的文件，没有读到{below}的数值", fitting, evidence)
    best = _best(question, fitting)
    document = evidence.summary(best.fact.document_id)
    quote = evidence.quoter.fact(document, best.fact)
    return Content((Statement(best.fact.quote, (quote,)),)) if years else None


def _best(question: Question, rows: Sequence[Match]) -> Match:
    wants_target = asks(question, TARGET)
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
        told.append(f"{label(document)}{year}为{worded(fact)}")
        near.append(citation_of(evidence.quoter.fact(document, fact)))
    return refused(f"{reason}；{'，'.join(dict.fromkeys(told))}。", near)
