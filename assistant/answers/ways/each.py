"""What each of several organs has to do: those that are named, or all that share a task."""

from collections.abc import Sequence

from assistant.answers.content import Content, Statement, table
from assistant.answers.ways.documents import in_question, meant
from assistant.answers.ways.sections import whole_count
from assistant.find.evidence import Evidence
from assistant.find.stated import of_documents
from assistant.understand.asked import asks_each, organs_named
from assistant.understand.question import Question
from vectorstore.facts import Fact
from vectorstore.models import DocumentSummary

_FEW = 3  # documents
_SEVERAL = 2  # organs, from which there is something to tell apart
_ROWS = 40
_ABOUT = 0.4  # of the matter's weight, around a task
_ROLES = {"lead": "牵头：", "support": "配合：", "responsible": ""}


def answer_each(question: Question, evidence: Evidence) -> Content | None:
    """A row for each organ with all that it has to do, counted; None where it is not asked what
    each does, and where fewer than two have a task."""
    if not asks_each(question):
        return None
    documents = _documents(question, evidence)
    duties = of_documents(documents, evidence, "duty") if documents else []
    own = _by_organ(duties)
    named = organs_named(question, own)
    if named:
        held = {organ: own[organ] for organ in own if organ in named}
    else:
        held = _by_organ(_about(question, duties, evidence))
    if len(held) < _SEVERAL:
        return None
    rows = [(Statement(organ), _tasks(facts, evidence)) for organ, facts in held.items()]
    cut = (f"列出前 {_ROWS} 个单位。",) if len(rows) > _ROWS else ()
    notes = (whole_count(len(rows), "个单位") if not cut else "", *cut)
    return Content((table(("单位", "负责什么"), rows[:_ROWS]),), notes=tuple(filter(None, notes)))


def _documents(question: Question, evidence: Evidence) -> Sequence[DocumentSummary]:
    """Those that are meant; of many the one that answers best."""
    documents = meant(question, evidence) or in_question(question, evidence)
    if len(documents) <= _FEW:
        return documents
    best = evidence.supported(question, evidence.read(question))[:1]
    return [reading.hit.document for reading in best]


def _by_organ(duties: Sequence[Fact]) -> dict[str, list[Fact]]:
    found: dict[str, list[Fact]] = {}
    for fact in duties:
        for organ in fact.organs:
            found.setdefault(organ, []).append(fact)
    return found


def _about(question: Question, duties: Sequence[Fact], evidence: Evidence) -> list[Fact]:
    """Duties of the matter that is asked about; all where the document is about nothing else."""
    titles = {f.document_id: evidence.summary(f.document_id).metadata.title for f in duties}
    return [
        f
        for f in duties
        if evidence.coverage(
            question.matter, titles[f.document_id], f.subject, f.text, *f.heading_path
        )
        >= _ABOUT
    ]


def _tasks(facts: Sequence[Fact], evidence: Evidence) -> Statement:
    once = {(f.document_id, f.role, f.subject): f for f in reversed(facts)}
    kept = sorted(once.values(), key=lambda f: (f.document_id, f.start))
    told = (f"{_ROLES[f.role or 'responsible']}{f.subject.rstrip('。：: ')}" for f in kept)
    quotes = (evidence.quoter.fact(evidence.summary(f.document_id), f) for f in kept)
    return Statement("；".join(told), tuple(dict.fromkeys(quotes)))
