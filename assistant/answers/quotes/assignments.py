"""Who is to do what, as passages state it: the roles of one task, and the quotes that say so."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.cite.quote import Quote
from assistant.find.evidence import Evidence
from assistant.find.reading import Reading
from assistant.understand.question import Question
from vectorstore.language.numbering import level
from vectorstore.language.roles import SUPPORT, Role, roles_in
from vectorstore.language.sentences import sentences
from vectorstore.language.text import fold
from vectorstore.models import DocumentSummary, Passage

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


def assignments(
    question: Question, evidence: Evidence, topic: str, share: float = 1.0
) -> list[Assignment]:
    """Those of the task that is asked about: of one passage, or of all items of a section."""
    readings = evidence.read(question, share=share)
    supported = evidence.supported(question, readings)
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
    if own := assignment_of(document, passage):
        return [_of_item(own, topic, evidence)]
    for depth in range(len(passage.heading_path), 0, -1):
        near = [
            a
            for p in evidence.section(passage, depth)
            if (a := assignment_of(document, p)) and _is_about(p, topic, evidence)
        ]
        if near:
            return _distinct(near)
    rows = [
        a
        for p in evidence.view.passages_of(document.id)
        if p.cells and (a := assignment_of(document, p))
    ]
    rows.sort(key=lambda a: -evidence.coverage(topic, a.passage.context))
    return rows[:1]


def _of_item(assignment: Assignment, topic: str, evidence: Evidence) -> Assignment:
    """Of a passage with several items, each with roles of its own, the roles of the item that
    the topic is about."""
    text = assignment.passage.text
    items = {role: _item_around(text, role) for role in assignment.roles if not role.in_source}
    fit = {item: evidence.coverage(topic, text[slice(*item)]) for item in items.values()}
    if len(fit) < 2 or max(fit.values()) == 0:
        return assignment
    best = max(fit, key=lambda item: (fit[item], -item[0]))
    return replace(assignment, roles=tuple(r for r, item in items.items() if item == best))


def _item_around(text: str, role: Role) -> tuple[int, int]:
    """From the line with a numbering before the role's place to the next such line."""
    starts = [m.start() for m in re.finditer(r"(?:^|(?<=\n))(?=[^\n])", text)]
    heads = [at for at in starts if level(text, at) is not None or at == 0]
    first = max((at for at in heads if at <= role.start), default=0)
    return first, min((at for at in heads if at > role.start), default=len(text))


def _is_about(passage: Passage, topic: str, evidence: Evidence) -> bool:
    path = " ".join(passage.heading_path)
    return evidence.coverage(topic, path, passage.text, passage.context) >= _MIN_TOPIC


def assignment_of(document: DocumentSummary, passage: Passage) -> Assignment | None:
    roles = tuple(roles_in(passage))
    return Assignment(document, passage, roles) if roles else None


def _distinct(assignments: Sequence[Assignment]) -> list[Assignment]:
    """One of each leading organ: five items under one lead are one answer."""
    seen: dict[str, Assignment] = {}
    for assignment in assignments:
        lead = next((r.organs for r in assignment.roles if r.role != SUPPORT), "")
        seen.setdefault(fold(lead), assignment)
    return list(seen.values())[:6]


def role_quote(assignment: Assignment, role: Role, evidence: Evidence) -> Quote:
    if role.in_source:
        return evidence.quoter.span(assignment.document, assignment.passage, role.start, role.end)
    return evidence.quoter.quote(assignment.document, assignment.passage, role.start, role.end)
