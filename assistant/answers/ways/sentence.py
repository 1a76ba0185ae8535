"""Facts, definitions and lists: the clause, sentence or items that answer, quoted."""

from collections.abc import Iterator, Sequence

from assistant.answers.content import Content, Statement
from assistant.answers.quotes.passage import best_statements
from assistant.answers.refusing import refuse
from assistant.answers.ways.glosses import asks_for_meaning, definitions, mentions
from assistant.answers.ways.lists import counted_items, listed_headings, other_count
from assistant.find.evidence import Evidence
from assistant.find.reading import Reading
from assistant.understand.kinds import Kind
from assistant.understand.question import Question

_SURE = 0.75  # relevance above which the best passage is told alone
_NEAR = 0.6  # of the best one's relevance, in a passage that is told beside it
_AT_MOST = 3  # passages


def answer_extract(question: Question, evidence: Evidence) -> Content:
    """The best-supported place, or a refusal with the nearest passages."""
    readings = evidence.read(question)
    supported = evidence.supported(question.standalone, readings)
    if asks_for_meaning(question):
        if found := definitions(question, evidence, supported or readings):
            return Content(tuple(found))
        if question.kind is Kind.DEFINITION and (found := mentions(question, evidence)):
            return Content(tuple(found), notes=("文件没有给出定义，以上是提到它的原文。",))
    if not supported:
        return refuse(question, evidence, readings)
    if counted := counted_items(question, evidence, supported):
        return Content((counted,))
    if question.kind is Kind.LIST and (items := listed_headings(question, evidence, supported)):
        return Content(tuple(items), notes=other_count(question, len(items)))
    return Content(tuple(_told(question, evidence, supported)))


def _told(
    question: Question, evidence: Evidence, supported: Sequence[Reading]
) -> Iterator[Statement]:
    """What the best passage says, and, where it is in doubt that it answers, the next ones."""
    best = supported[0]
    told: dict[Statement, None] = dict.fromkeys(best_statements(question, evidence, best))
    if best.relevance < _SURE:
        for other in supported[1:_AT_MOST]:
            if other.relevance >= _NEAR * best.relevance:
                told |= dict.fromkeys(best_statements(question, evidence, other))
    yield from told
