"""Who leads, who supports — and the other way round, what a named organ has to do."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.answers.content import Content, Statement
from assistant.answers.ways.sentence import answer_extract
from assistant.cite.quote import Quote
from assistant.find.evidence import Evidence, topic_only
from assistant.find.reading import Reading
from assistant.understand.question import Question
from vectorstore.language.names import ORGAN, names_organ, organ_name
from vectorstore.language.numbering import ENUMERATOR
from vectorstore.language.roles import LEAD, RESPONSIBLE, SUPPORT, Role, roles_in
from vectorstore.language.sentences import sentences
from vectorstore.language.text import fold, says
from vectorstore.models import DocumentSummary, Passage

_ASKED = re.compile(
    r"(?:的)?(?:牵头|责任|主管|配合|承办|协办|负责|参与)(?:单位|部门|机构|方)?|由谁|谁来?|哪[一]?[个些几]?家?(?:单位|部门|机构)?|分工|来?(?:承担|组织)|单位|部门"
)
_MAX_DUTIES = 12
_AT_ONCE = 100  # passages
_MIN_FIT = 0.35  # of the topic, in the passage and in one sentence of it
_MIN_TOPIC = 0.2  # the share of a topic that a neighbouring passage has to hold, headings included


@dataclass(frozen=True, slots=True)
class Assignment:
    """The roles that one passage states for one task."""

    document: DocumentSummary
    passage: Passage
    roles: tuple[Role, ...]

    @property
    def task(self) -> str:
        if self.passage.cells:
            return max((c for c in self.passage.context.split("；")), key=_task_likeness)
        path = [h for h in self.passage.heading_path if h not in ("分工", "措施", "任务")]
        return path[-1] if path else self.document.metadata.title


def _task_likeness(cell: str) -> int:
    return len(cell) if re.match(r"[^：]*(?:任务|内容|工作|项目|事项|名称|举措)", cell) else 0


def answer_department(question: Question, evidence: Evidence) -> Content:
    """Lead and supporting organs told apart; 责任单位 where nobody is said to lead."""
    topic = _topic(question)
    found = assignments(question, evidence, topic)
    if not found:
        return answer_extract(question, evidence)
    statements: list[Statement] = []
    for assignment in found:
        statements += _statements(assignment, evidence, named=len(found) > 1)
    return Content(tuple(statements))


def assignments(
    question: Question, evidence: Evidence, topic: str, share: float = 1.0
) -> list[Assignment]:
    """Those of the task that is asked about: of one passage, or of all items of a section."""
    readings = evidence.read(question.standalone, question.where, share)
    supported = evidence.supported(question.standalone, readings)
    ranked = sorted(supported[:10], key=lambda r: -_fit(r, topic, evidence) - 0.2 * r.relevance)
    for reading in ranked:
        if _fit(reading, topic, evidence) < _MIN_FIT:
            break
        if own := _at(reading, topic, evidence):
            return own
    return []


def _fit(reading: Reading, topic: str, evidence: Evidence) -> float:
    """How much of the topic a passage holds, and how much one sentence of it under its
    headings."""
    passage = reading.hit.passage
    frame = (" ".join(passage.heading_path), passage.context)
    whole = evidence.coverage(topic, *frame, passage.text)
    best = max(
        (evidence.coverage(topic, *frame, passage.text[a:b]) for a, b in sentences(passage.text)),
        default=0.0,
    )
    return 0.5 * whole + 0.5 * best


def _at(reading: Reading, topic: str, evidence: Evidence) -> list[Assignment]:
    """Assignments that belong to a passage: its own, its item's other parts', its section's
    分工, or those of a table row about the same task."""
    document, passage = reading.hit.document, reading.hit.passage
    if own := _assignment(document, passage):
        return [own]
    for depth in range(len(passage.heading_path), 0, -1):
        near = [
            a
            for p in evidence.section(passage, depth)
            if (a := _assignment(document, p)) and _is_about(p, topic, evidence)
        ]
        if near:
            return _distinct(near)
    rows = [
        a
        for p in evidence.view.passages_of(document.id)
        if p.cells and (a := _assignment(document, p))
    ]
    rows.sort(key=lambda a: -evidence.coverage(topic, a.passage.context))
    return rows[:1]


def _is_about(passage: Passage, topic: str, evidence: Evidence) -> bool:
    path = " ".join(passage.heading_path)
    return evidence.coverage(topic, path, passage.text, passage.context) >= _MIN_TOPIC


def _assignment(document: DocumentSummary, passage: Passage) -> Assignment | None:
    roles = tuple(roles_in(passage))
    return Assignment(document, passage, roles) if roles else None


def _distinct(assignments: Sequence[Assignment]) -> list[Assignment]:
    """One of each leading organ: five items under one lead are one answer."""
    seen: dict[str, Assignment] = {}
    for assignment in assignments:
        lead = next((r.organs for r in assignment.roles if r.role != SUPPORT), "")
        seen.setdefault(fold(lead), assignment)
    return list(seen.values())[:6]


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


def role_quote(assignment: Assignment, role: Role, evidence: Evidence) -> Quote:
    if role.in_source:
        return evidence.quoter.span(assignment.document, assignment.passage, role.start, role.end)
    return evidence.quoter.quote(assignment.document, assignment.passage, role.start, role.end)


def _topic(question: Question) -> str:
    topic = _ASKED.sub(" ", topic_only(question))
    return " ".join(topic.split()).strip(" 的是有由，,")


# --- what an organ has to do ------------------------------------------------------------------


def answer_duty(question: Question, evidence: Evidence) -> Content:
    """Every task in which a named organ leads, supports or is responsible."""
    organ = _organ_of(question)
    if organ is None:
        return answer_extract(question, evidence)
    statements: list[Statement] = []
    for document, passage in _naming(organ, question, evidence):
        if assignment := _assignment(document, passage):
            statements += _duties(assignment, organ, question, evidence)
        if len(statements) >= _MAX_DUTIES:
            break
    if not statements:
        return answer_extract(question, evidence)
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
