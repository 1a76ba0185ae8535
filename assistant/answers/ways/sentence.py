"""Facts, definitions and lists: the clause, sentence or items that answer, quoted."""

from assistant.answers.content import Content
from assistant.answers.quotes.passage import best_statements
from assistant.answers.refusing import refuse
from assistant.answers.ways.glosses import asks_for_meaning, definitions, mentions
from assistant.answers.ways.lists import counted_items, listed_headings, other_count
from assistant.find.evidence import Evidence
from assistant.understand.kinds import Kind
from assistant.understand.question import Question


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
    return Content(tuple(best_statements(question, evidence, supported[0])))
