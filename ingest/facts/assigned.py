"""Brackets behind a task and labelled lists: （甲牵头，乙配合）, 责任单位：甲、乙."""

from collections.abc import Iterator
from dataclasses import dataclass

from ingest.facts.organs import are_organs, organs_in
from vectorstore.facts import DutyRole
from vectorstore.language.charges import LABEL, LABELLED_END, TAIL, TAIL_VERB

_LONGEST_BRACKET = 60
_LONGEST = 30  # characters of an organ's name in a list that is marked as one
_ROLES: dict[str, DutyRole] = {
    "牵": "lead", "主": "lead", "配": "support", "参": "support", "协": "support",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Assigned:
    """Organs in one role, and offsets into the line: the bracket or the labelled list."""

    role: DutyRole
    organs: tuple[str, ...]
    start: int
    end: int


def assigned_in(line: str) -> list[Assigned]:
    """All that brackets and labels of a line say, in order."""
    found: list[Assigned] = []
    done = 0
    for tail in TAIL.finditer(line):
        inner = list(_labelled(tail[0], 0)) or list(_told(tail[0][1:-1]))
        if not inner and _is_bare(line, tail.start(), tail.end()):
            inner = [("responsible", organs_in(tail[0][1:-1]), 0, 0)]
        if not inner:
            continue
        found += _outside(line, done, tail.start())
        found += [Assigned(role, organs, *tail.span()) for role, organs, *_ in inner]
        done = tail.end()
    return found + list(_outside(line, done, len(line)))


Found = tuple[DutyRole, tuple[str, ...], int, int]


def _outside(line: str, start: int, end: int) -> Iterator[Assigned]:
    for role, organs, a, b in _labelled(line[start:end], start):
        yield Assigned(role, organs, a, b)


def _labelled(text: str, offset: int) -> Iterator[Found]:
    flat = ""
    for label in LABEL.finditer(text):
        flat = flat or _flat(text)
        stop = LABELLED_END.search(flat, label.end())
        end = stop.start() if stop else len(text)
        organs = _named(text[label.end() : end])
        if organs:
            kind = label["kind"]
            role = "lead" if "牵头" in kind else _ROLES.get(kind[0], "responsible")
            if kind == "主管":
                role = "responsible"
            yield role, organs, offset + label.start(), offset + end


def _flat(text: str) -> str:
    """Brackets inside a list do not end it: 各县（市、区）人民政府."""
    flat, opened = list(text), -1
    for at, char in enumerate(text):
        if char in "（(":
            opened = at
        elif char in "）)" and opened > 0 and at - opened < _LONGEST_BRACKET:
            if not LABEL.search(text, opened, at):
                flat[opened] = flat[at] = "、"
            opened = -1
    return "".join(flat)


def _named(text: str) -> tuple[str, ...]:
    return tuple(o for o in organs_in(text) if len(o) <= _LONGEST and not set(o) & set("。：:；"))


# --- （甲牵头，乙配合） -----------------------------------------------------------------------------


def _told(body: str) -> Iterator[Found]:
    """Organs stand before the word that says their role; what is not organs is no duty."""
    start = 0
    for match in TAIL_VERB.finditer(body):
        if match.start() < start:
            continue
        text = body[start : match.start()].strip("，,；;。 ")
        verb = match["verb"]
        role: DutyRole = "responsible"
        if verb.startswith(("牵头", "主办")):
            role = "lead"
        elif any(word in verb for word in ("配合", "参与", "参加", "协")):
            role = "support"
        first, joint, second = text.partition("会同")
        if first and are_listed(first):
            yield role, _named(first), 0, 0
            if joint and are_listed(second):
                yield "support", _named(second), 0, 0
        elif joint and not first and are_listed(second):
            yield "support", _named(second), 0, 0
        start = _object_end(body, match.end())


def are_listed(text: str) -> bool:
    """Organs, as a bracket names them: 各地, 学前教育股 and companies are."""
    organs = _named(text)
    return bool(organs) and (
        are_organs(text) or all(len(o) <= 16 and "对" not in o for o in organs)
    )


def _object_end(body: str, end: int) -> int:
    """Behind 负责课程建设，: what follows a role at once is a task, if it is no list of organs."""
    stop = next((i for i in range(end, len(body)) if body[i] in "，,；;。"), len(body))
    after = TAIL_VERB.search(body, end)
    if after and after.start() >= end and are_organs(body[end : after.start()], any_actor=True):
        return end
    return stop


def _is_bare(line: str, start: int, end: int) -> bool:
    """（市教育局、市财政局） behind a full stop: two organs or more, and nothing else."""
    behind = line[:start].rstrip().endswith("。") and not line[end:].strip(" 。；")
    body = line[start + 1 : end - 1]
    return behind and "、" in body and are_organs(body) and all(map(are_organs, organs_in(body)))
