"""What those are to do whom a clause puts in charge: the stretch that says it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.facts.subjects import subject
from vectorstore.facts import DutyRole
from vectorstore.language.charges import CHARGE
from vectorstore.language.numbering import ENUMERATOR

OBLIGES = ("应当", "必须", "应", "须", "要", "将")
OWN = ("由", *OBLIGES)
STOPS = "；;。！？\n"
_BETWEEN = "、，,；; "
_MAX_TASK = 400


@dataclass(frozen=True, slots=True)
class Charge:
    """Organs in one role, and offsets into the sentence: the whole clause, and the task in it."""

    role: DutyRole
    organs: tuple[str, ...]
    start: int
    end: int
    task: tuple[int, int]
    verb: str = ""
    clause: int = 0  # where the clause begins, conditions included


def limit_of(following: Charge, sentence: str) -> int:
    """Where a task ends at the latest, for the next one has an actor of its own."""
    helps = following.role == "support" and following.task[0] == following.start
    return following.start if following.verb in OWN or helps else len(sentence)


def groups(text: str, hits: Sequence[Charge]) -> Iterator[list[Charge]]:
    """甲牵头，乙配合，… are of one task."""
    group: list[Charge] = []
    for hit in hits:
        does = hit.role == "responsible" and hit.task[0] < hit.end  # 乙编制计划: a task of its own
        own = does and bool(group) and group[-1].verb == "主管"
        if group and (
            own or hit.verb in OBLIGES or text[group[-1].end : hit.start].strip("，,、；; 由并")
        ):
            yield group
            group = []
        group.append(hit)
    if group:
        yield group


def with_task(text: str, group: list[Charge], limit: int) -> Iterator[Charge]:
    first, last = group[0], group[-1]
    end = min(_clause_end(text, last), max(last.end, len(_trailing(text[:limit]))))
    start = first.start
    if text[start - 1 : start] == "由":
        start -= 1
    task = (last.task[0], end)
    what = text[start - 1 : start]  # 渡船的管理由县交通局负责，…: it stands in front
    if text[start] == "由" and what and what not in STOPS + "，,：: " and end > last.end:
        end = last.end if text[last.end] in "，,；;。" else end
    if (text[start] == "由" and end - last.end < 4) or not text[slice(*task)].strip("，,、。；; "):
        before = max((text.rfind(c, 0, start) for c in "，,；;。："), default=-1) + 1
        if not text[before:start].strip():
            before = max((text.rfind(c, 0, max(0, before - 1)) for c in "；;。"), default=-1) + 1
        task = (before, end if text[start] == "由" else start)
        towards = text.find("对", start, last.end)
        task = (towards, end) if towards > 0 else task  # 供水站对水质负责
    for charge in group:
        yield replace(charge, start=start, end=end, task=task)


def _trailing(text: str) -> str:
    """Without the words that lead up to who is named next."""
    return text.rstrip("，,由并 ").removesuffix("或者").rstrip("，, ")


def clause_start(text: str, at: int) -> int:
    start = max((text.rfind(c, 0, at) for c in STOPS), default=-1) + 1
    opened = ENUMERATOR.match(text) if start == 0 else None
    start = opened.end() if opened and opened.end() <= at else start
    while start < at and text[start] in " \u3000，,":
        start += 1
    return start


def _clause_end(text: str, charge: Charge) -> int:
    """To the end of the clause, or to where somebody else's task begins."""
    end = min((at for c in STOPS if (at := text.find(c, charge.end)) >= 0), default=len(text))
    end = min(end, charge.end + _MAX_TASK)
    for match in CHARGE.finditer(text, charge.end, end):
        other = subject(text, charge.end, match.start(), match.lastgroup == "support")
        if other is not None and (other[0] > charge.end or text[charge.end] in _BETWEEN):
            return len(text[: other[0]].rstrip("，,由 "))
    return end
