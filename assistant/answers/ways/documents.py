"""Which documents a question is about, as it names them: by number, title, place, or loosely."""

from collections.abc import Sequence

from rapidfuzz.distance import LCSseq

from assistant.find.evidence import Evidence
from assistant.understand.corpus import title_core
from assistant.understand.question import Question
from assistant.understand.summing import name_in
from vectorstore.keywords.tokens import tokens
from vectorstore.language.text import fold
from vectorstore.models import DocumentSummary

_LIKE = 0.6  # how much of the shorter of title and words the other has to hold
_AHEAD = 0.05  # how much worse than the best a title may fit and still be as good
_FIRST = 3  # passages that must all be of one document when no title fits


def in_question(question: Question, evidence: Evidence) -> list[DocumentSummary]:
    """The documents that an answer from rows looks at: named ones, or those of the places that
    are named, or all in view."""
    if question.named and question.is_pointed:
        return [evidence.summary(i) for i in question.named]
    documents = list(evidence.view.documents(question.where))
    if not question.places:
        return documents
    inside = {i for place in question.places for i in evidence.corpus.in_region(place.path)}
    return [d for d in documents if d.id in inside] or documents


def meant(question: Question, evidence: Evidence) -> list[DocumentSummary]:
    """The documents a question is about: named ones, those of its places, or, when it names
    neither, the one whose title fits best."""
    if question.named:
        return [evidence.summary(i) for i in question.named]
    documents = in_question(question, evidence)
    if len(documents) <= max(1, len(question.places)):
        return documents
    return titled_like(question, documents)


def titled_like(question: Question, documents: Sequence[DocumentSummary]) -> list[DocumentSummary]:
    """The one document whose title is most like what a question calls it; none where no title
    is like it, or several are equally so."""
    words = name_in(question)
    if len(words) < 2:
        return []
    asked = set(tokens(words))
    near = [d for d in documents if asked & set(tokens(d.metadata.title))]
    scored = sorted(((_likeness(words, d), d.id, d) for d in near), reverse=True)
    if not scored or scored[0][0] < _LIKE:
        return []
    best = [d for score, _, d in scored if score >= scored[0][0] - _AHEAD]
    if len(best) > 1 and (whole := _named_in_full(words, best)):
        best = whole
    return best if len(best) == 1 else _newest_of_one_title(best)


def _named_in_full(words: str, documents: Sequence[DocumentSummary]) -> list[DocumentSummary]:
    """Those of the longest title that stands in the words as a whole: 某规划任务分工方案 is not
    某规划."""
    said = fold(words)
    found = {d.id: core for d in documents if (core := _placeless(d)) and core in said}
    longest = max(found.values(), key=len, default="")
    return [d for d in documents if found.get(d.id) == longest] if longest else []


def _placeless(document: DocumentSummary) -> str:
    title = title_core(document.metadata.title)
    for name in document.metadata.region:
        title = title.replace(name, "")
    return title


def _likeness(words: str, document: DocumentSummary) -> float:
    """How much of the shorter of the two stands in the other, letter by letter and in order."""
    title, words = _placeless(document), fold(words)
    common = int(LCSseq.similarity(title, words))
    return common / max(4, min(len(title), len(words)))


def _newest_of_one_title(documents: Sequence[DocumentSummary]) -> list[DocumentSummary]:
    """Copies and successors of one title stand for its newest; otherwise nothing is meant."""
    titles = {title_core(d.metadata.title) for d in documents}
    if len(titles) > 1:
        return []
    return [max(documents, key=lambda d: (not d.is_over, str(d.metadata.dated or ""), d.id))]


def read_first(question: Question, evidence: Evidence) -> list[DocumentSummary]:
    """The document that the best passages all belong to, when they do."""
    readings = evidence.read(question)[:_FIRST]
    ids = {reading.hit.document.id for reading in readings}
    return [readings[0].hit.document] if len(ids) == 1 else []
