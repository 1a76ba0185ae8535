"""All rows of one sort that a document states: penalties, amounts, conditions, materials, time
windows, contacts, definitions; complete and counted."""

from collections.abc import Sequence

from assistant.answers.content import Content
from assistant.answers.fit import rows_that_fit
from assistant.answers.ways.documents import meant, read_first
from assistant.answers.ways.sections import by_section, whole_count
from assistant.find.evidence import Evidence
from assistant.find.stated import distinct, facts_about, of_documents
from assistant.understand.asked import names_conditions
from assistant.understand.demands import Demand
from assistant.understand.question import Question
from vectorstore.facts import Fact, FactKind
from vectorstore.models import DocumentSummary

_LEAST = 2  # rows; of one only the plain way tells more, but of what a breach costs
_OF_TITLE = 0.5  # of what is asked: it names the document and nothing in it
_SURE = 0.6  # of a reading, which then outweighs rows of another passage
_NEAR = 3  # readings
_ABOUT = 0.45  # of what is asked, in the name, headings or words of a row
# What is asked for, the kind of row that states it, and how rows are counted.
_SORTS: tuple[tuple[Demand, FactKind, str], ...] = (
    (Demand.PENALTY, "amount", "项"),
    (Demand.ALLOWANCE, "amount", "项标准"),
    (Demand.MATERIALS, "condition", "项材料"),
    (Demand.CONDITION, "condition", "项条件"),
    (Demand.PROHIBITION, "condition", "项"),
)


def _is_asked(question: Question, demand: Demand) -> bool:
    """Whether all of such rows are asked for; of a penalty they all matter."""
    if not question.asks(demand):
        return False
    if demand is Demand.CONDITION:
        return names_conditions(question)
    if demand is Demand.PENALTY or _in_words(question, demand):
        return True
    return question.asks(Demand.ITEMS, Demand.TABLE)


def _in_words(question: Question, demand: Demand) -> bool:
    """Whether such rows are asked for in so many words."""
    names = demand in (Demand.MATERIALS, Demand.CONDITION) and names_conditions(question)
    return names or question.words(demand)


def answer_rows(question: Question, evidence: Evidence) -> Content | None:
    """None where no such rows are asked for, or the document has few."""
    sort = next((sort for sort in _SORTS if _is_asked(question, sort[0])), None)
    if sort is None:
        return None
    _, kind, word = sort
    topic = question.matter
    documents = meant(question, evidence) or read_first(question, evidence)
    if len(documents) != 1:
        return None
    facts = of_documents(documents, evidence, kind)
    about = _about(topic, documents, facts, kind, evidence)
    lists = sort[0] in (Demand.MATERIALS, Demand.CONDITION)  # a document has few of them
    is_sure = (bool(about) or lists) and _in_words(question, sort[0])
    if about or not _is_its_own(question, documents[0]):
        facts = about  # rows about something else answer only where their document is named
    facts = rows_that_fit(question, facts, evidence)
    least = 1 if sort[0] is Demand.PENALTY else _LEAST
    if len(facts) < least or _is_outread(question, facts, evidence, is_sure=is_sure):
        return None
    kept = distinct(facts)
    return Content(tuple(by_section(kept, evidence)), notes=(whole_count(len(kept), word),))


def _is_its_own(question: Question, document: DocumentSummary) -> bool:
    """Whether a question names a document, or the place whose document it is."""
    region = document.metadata.region
    return bool(question.named) or any(
        place.path == region[: len(place.path)] for place in question.places
    )


def _is_outread(
    question: Question, facts: Sequence[Fact], evidence: Evidence, *, is_sure: bool
) -> bool:
    """Whether the reader points at a passage that states none of these rows: surely, or at all
    where it is not sure that they are asked for, and the next ones state none either."""
    readings = evidence.supported(question, evidence.read(question))[:_NEAR]
    found = (evidence.view.passage(fact.passage_id) for fact in facts)
    rows = {(p.document_id, p.ordinal - ahead) for p in found if p for ahead in (0, 1)}
    read = (reading.hit.passage for reading in readings)
    stated = [(p.document_id, p.ordinal) in rows for p in read]  # or announced right before
    if not readings or stated[0]:
        return False
    return readings[0].relevance >= _SURE or not (is_sure or any(stated))


def _about(
    topic: str,
    documents: Sequence[DocumentSummary],
    facts: list[Fact],
    kind: FactKind,
    evidence: Evidence,
) -> list[Fact]:
    """Those that the topic is about; all where it names no more than the document."""
    if not topic or evidence.coverage(topic, documents[0].metadata.title) >= _OF_TITLE:
        return facts
    held = [
        fact
        for fact in facts
        if evidence.coverage(topic, fact.group, fact.subject, fact.quote, *fact.heading_path)
        >= _ABOUT
    ]
    near = {m.fact for m in facts_about(topic, evidence, (kind,), documents)}
    named = [fact for fact in facts if fact in near]
    return max((held, named), key=len)
