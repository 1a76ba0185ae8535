"""Who leads, who supports — and the other way round, what a named organ has to do."""

import re
from collections.abc import Iterator

from assistant.answers.content import Content, Statement
from assistant.answers.quotes.assignments import (
    Assignment,
    assignment_of,
    assignments,
    role_quote,
)
from assistant.cite.quote import Quote
from assistant.find.evidence import Evidence, topic_only
from assistant.understand.question import Question
from vectorstore.language.names import ORGAN, names_organ, organ_name
from vectorstore.language.numbering import ENUMERATOR
from vectorstore.language.roles import LEAD, RESPONSIBLE, SUPPORT, Role
from vectorstore.language.text import says
from vectorstore.models import DocumentSummary, Passage

_ASKED = re.compile(
    r"(?:的)?(?:牵头|责任|主管|配合|承办|协办|负责|参与)(?:单位|部门|机构|方)?|由谁|谁来?|哪[一]?[个些几]?家?(?:单位|部门|机构)?|分工|来?(?:承担|组织)|单位|部门"
)
_MAX_DUTIES = 12
_AT_ONCE = 100  # passages


def answer_department(question: Question, evidence: Evidence) -> Content | None:
    """Lead and supporting organs told apart; 责任单位 where nobody is said to lead;
    None where no passage says it."""
    topic = _topic(question)
    found = assignments(question, evidence, topic)
    if not found:
        return None
    statements: list[Statement] = []
    for assignment in found:
        statements += _statements(assignment, evidence, named=len(found) > 1)
    return Content(tuple(statements))


_WORDS = {LEAD: "牵头单位", SUPPORT: "配合单位", RESPONSIBLE: "责任单位"}


def _statements(assignment: Assignment, evidence: Evidence, *, named: bool) -> list[Statement]:
    """牵头单位：… 配合单位：…, each with the place it stands in."""
    lead = f"{assignment.task}，" if named else ""
    statements = []
    for role in assignment.roles:
        quote = role_quote(assignment, role, evidence)
        organs = role.organs or quote.text
        statements.append(Statement(f"{lead}{_WORDS[role.role]}：{organs}", (quote,)))
    return statements


def _topic(question: Question) -> str:
    topic = _ASKED.sub(" ", topic_only(question))
    return " ".join(topic.split()).strip(" 的是有由，,")


# --- what an organ has to do ------------------------------------------------------------------


def answer_duty(question: Question, evidence: Evidence) -> Content | None:
    """Every task in which a named organ leads, supports or is responsible; None
    where there is none."""
    organ = _organ_of(question)
    if organ is None:
        return None
    statements: list[Statement] = []
    for document, passage in _naming(organ, question, evidence):
        if assignment := assignment_of(document, passage):
            statements += _duties(assignment, organ, question, evidence)
        if len(statements) >= _MAX_DUTIES:
            break
    if not statements:
        return None
    return Content(tuple(statements[:_MAX_DUTIES]))


def _naming(
    organ: str, question: Question, evidence: Evidence
) -> Iterator[tuple[DocumentSummary, Passage]]:
    """Passages that can name an organ, in the order of titles and of the text; read a few at a
    time, as the first dozen duties are enough."""
    documents = evidence.view.documents(question.where)
    found = evidence.view.candidates(organ_name(organ), [d.id for d in documents])
    places = [(document, i) for document in documents for i in found.get(document.id, ())]
    for at in range(0, len(places), _AT_ONCE):
        part = places[at : at + _AT_ONCE]
        passages = evidence.view.passages([i for _, i in part])
        yield from ((document, passages[i]) for document, i in part if i in passages)


def _organ_of(question: Question) -> str | None:
    text = question.standalone
    for place in question.places:
        text = text.replace(
            place.text, place.text[-1] if place.text[-1] in "省市区县州旗" else "", 1
        )
    match = ORGAN.search(text)
    return match[0] if match else None


def _duties(
    assignment: Assignment, organ: str, question: Question, evidence: Evidence
) -> list[Statement]:
    found = []
    for role in assignment.roles:
        quote = role_quote(assignment, role, evidence)
        if not names_organ(role.organs or quote.text, organ):
            continue
        if role.role == SUPPORT and "牵头" in question.standalone:
            continue
        if role.role == LEAD and re.search(r"配合|责任(?:单位|部门)", question.standalone):
            continue
        task_quote = _task_quote(assignment, role, evidence)
        task = task_quote.text if task_quote else assignment.task
        text = f"{task.rstrip('。')}：{organ_name(organ)}是{_WORDS[role.role]}"
        quotes = (task_quote, quote) if task_quote else (quote,)
        found.append(Statement(text, quotes))
    return found


_LINE_HEAD = re.compile(rf"{ENUMERATOR}?[\u4e00-\u9fff、“”]{{4,24}}(?=。)")


def _task_quote(assignment: Assignment, role: Role, evidence: Evidence) -> Quote | None:
    """The task's own words: the table's task cell, the head of the paragraph that names the
    organ, or the item's heading in the passage."""
    document, passage = assignment.document, assignment.passage
    for cell in passage.cells:
        if says(cell.header, ("任务", "内容", "工作", "项目", "事项", "举措")):
            return evidence.quoter.span(document, passage, cell.start, cell.end)
    if not role.in_source:
        line = passage.text.rfind("\n", 0, role.start) + 1
        if head := _LINE_HEAD.match(passage.text, line):
            return evidence.quoter.quote(document, passage, *head.span())
    position = passage.text.find(assignment.task)
    if position < 0:
        return None
    return evidence.quoter.quote(document, passage, position, position + len(assignment.task))
