"""An outline from the customary parts of a kind, and from how the corpus builds such documents."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from assistant.audit.alignment import alike
from assistant.drafting.bearing import use_by_headings
from assistant.drafting.kinds import Part, customary, purpose_of
from assistant.drafting.models import Draft, Purpose, Request, Section
from assistant.drafting.sources import is_of_others, lean_on, scope_of
from assistant.find.evidence import Evidence
from vectorstore.language.numbering import unnumbered
from vectorstore.language.text import says
from vectorstore.models import Passage

_CHINESE = "一二三四五六七八九十"
_GENERAL = (
    "总体", "指导思想", "目标", "任务", "措施", "分工", "保障", "组织", "原则", "前言", "背景",
    "意义", "要求", "附则", "总则", "步骤", "进度", "附件", "领导", "经费", "监测", "评估",
)  # fmt: skip
MAX_TASKS = 5
_SAME_TASK = 0.6  # 实施青少年科学素质行动 / 青少年科学素质提升行动
_SAME = 0.75
_WHOLE = 0.9
_PLANS = ("实施方案", "行动计划")
# A part that a kind need not have stands in it where so many of the documents have one.
_USUAL = 1 / 3
_OFTEN = 1 / 2


def make_outline(request: Request, evidence: Evidence) -> tuple[Section, ...]:
    """Sections in order, numbered as the kind has it. The request's own parts go first; whom a
    text goes to and who signs it stand around them."""
    kind = customary(request.kind, compares=request.compares)
    sections: list[Section] = []
    if kind.towards:
        sections.append(Section("", "", 1, "addressee"))
    number = 0
    for heading, purpose, focus in _plan(request, kind.parts, evidence):
        number += bool(heading)
        label = _label(request.kind, number, heading) if heading else ""
        parent = Section("", label, 1, purpose, focus)
        tasks = _tasks(request, sections, evidence) if purpose == "tasks" else []
        if len(tasks) < 2:
            sections.append(parent)
            continue
        sections.append(replace(parent, purpose="heading", focus="", state="已写"))
        for i, task in enumerate(tasks[:MAX_TASKS]):
            sections.append(Section("", f"（{_CHINESE[i]}）{task}", 2, "tasks", task))
    if kind.is_signed:
        sections.append(Section("", "", 1, "signature"))
    return tuple(replace(s, id=f"s{i}") for i, s in enumerate(sections, 1))


def _plan(request: Request, parts: Sequence[Part], evidence: Evidence) -> list[Part]:
    """The customary parts, or those that the request lists."""
    if request.parts:
        focus = {heading: words for heading, _, words in parts}
        listed = [
            (part, purpose_of(part, request.kind), focus.get(part, part)) for part in request.parts
        ]
        has_opening = request.kind != "管理办法" and parts and parts[0][1] == "opening"
        return [parts[0], *listed] if has_opening else listed
    plan = list(parts)
    if request.kind in _PLANS:
        if request.period is None and _share(("schedule",), request, evidence) < _USUAL:
            plan = [part for part in plan if part[1] != "schedule"]
        if _share(("division",), request, evidence) >= _OFTEN:
            at = next(i for i, part in enumerate(plan) if part[1] == "tasks") + 1
            plan.insert(at, ("责任分工", "division", "任务分工 牵头部门 责任部门"))
    return plan


def _share(uses: Sequence[Purpose], request: Request, evidence: Evidence) -> float:
    """The share of the documents on the topic that have a part for one of these uses."""
    ids = scope_of(request, evidence).document_ids or frozenset(evidence.corpus.by_id)
    built = [
        {use_by_headings(p) for p in evidence.view.passages_of(i) if p.heading_path} for i in ids
    ]
    parted = [found for found in built if len(found) > 1]
    return sum(not found.isdisjoint(uses) for found in parted) / max(1, len(parted))


def _label(kind: str, number: int, heading: str) -> str:
    counted = _CHINESE[number - 1] if number <= len(_CHINESE) else str(number)
    if kind == "管理办法":
        return f"第{counted}条【{heading}】"
    return f"{counted}、{heading}"


# --- tasks ----------------------------------------------------------------------------------------


_TAKES = frozenset(("guidance", "targets"))  # sentences that a task might have


def _tasks(request: Request, before: Sequence[Section], evidence: Evidence) -> list[str]:
    return _with_sources(common_tasks(request, evidence), request, before, evidence)


def _with_sources(
    tasks: Sequence[str], request: Request, before: Sequence[Section], evidence: Evidence
) -> list[str]:
    """The tasks for which the corpus has sentences that neither the sections before them nor the
    tasks before them take."""
    draft = Draft("", "", request)
    earlier = (s for s in before if s.purpose in _TAKES)
    taken = {found.text for section in earlier for found in lean_on(draft, section, evidence)}
    kept = []
    for task in tasks:
        section = Section("task", task, 2, "tasks", task)
        found = lean_on(draft, section, evidence)
        fresh = [f.text for f in found if all(alike(f.text, t) <= _SAME for t in taken)]
        if fresh:
            kept.append(task)
            taken.update(fresh)
        if len(kept) == MAX_TASKS:
            break
    return kept


def common_tasks(request: Request, evidence: Evidence) -> list[str]:
    """Headings under which the corpus treats the topic, the most telling first.

    A heading counts by how well its passage fits the topic and by how many documents have
    one like it.
    """
    scores: dict[str, float] = {}
    documents: dict[str, set[str]] = {}
    for hit in evidence.search(f"{request.topic} 主要任务 措施", scope_of(request, evidence)):
        heading = _task_heading(hit.passage)
        if heading is None or says(heading, request.excludes) or is_of_others(hit.passage, request):
            continue
        if alike(heading, request.topic) >= _WHOLE and len(heading) <= len(request.topic) + 6:
            continue  # the whole of it
        near = (
            f"{hit.document.metadata.title} {' '.join(hit.passage.heading_path)} {hit.passage.text}"
        )
        fit = max(evidence.coverage(topic, near) for topic in request.topics)
        heading = next((known for known in scores if alike(known, heading) >= _SAME_TASK), heading)
        scores[heading] = scores.get(heading, 0.0) + hit.score * fit
        documents.setdefault(heading, set()).add(hit.document.id)
    ranked = sorted(scores, key=lambda h: -scores[h] * len(documents[h]))
    return ranked[: 2 * MAX_TASKS]


_NO_TASKS = frozenset(
    ("background", "guidance", "safeguards", "schedule", "targets", "division", "dates", "problems")
)


def _task_heading(passage: Passage) -> str | None:
    if use_by_headings(passage) in _NO_TASKS:
        return None
    return next(_plain_headings(reversed(passage.heading_path)), None)


def _plain_headings(headings: Iterable[str]) -> Iterator[str]:
    for text in headings:
        plain = unnumbered(text).strip().rstrip("。：:")
        if 5 <= len(plain) <= 20 and not says(plain, _GENERAL) and unnumbered(text) != text:
            yield plain
