"""Clauses of running text that put somebody in charge: 市财政局负责资金统筹, 由甲会同乙制定."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from ingest.facts.organs import are_organs, organs_in
from vectorstore.facts import DutyRole
from vectorstore.language.actors import BY_DUTIES, SURE_ACTOR_END
from vectorstore.language.charges import BEFORE_VERB, CHARGE, CONDITION, NO_DUTY, OPTIONAL, PAST
from vectorstore.language.numbering import ENUMERATOR
from vectorstore.language.pattern import Pattern

_BREAKS = "，,；;：:。！？\n\u3000 "
_BETWEEN = "、，,；; "
_PLAIN = ("lead", "charge", "joint")  # verbs that say of whomever they follow that it is in charge
_STOPS = "；;。！？\n"
_MAX_LEFT = 260  # characters of a list of organs before its verb
_MAX_TASK = 400
_MAX_VERBS = 80  # of one sentence
_LONGEST = 1500  # of a sentence; a longer one is data


_ACTS = Pattern(
    r"制定|编制|提出|确定|组织|开展|公布|规定|拟订|报|建立|做好|审核|审批|健全|完善|加强|发布|负责|应当",
    yes=("制定", "提出"),
    no=("药品监督管理部门", "建设主管部门"),
    why="words that no organ's name holds",
)


@dataclass(frozen=True, slots=True)
class Charge:
    """Organs in one role, and offsets into the sentence: the whole clause, and the task in it."""

    role: DutyRole
    organs: tuple[str, ...]
    start: int
    end: int
    task: tuple[int, int]
    verb: str = ""


def charges_in(sentence: str) -> list[Charge]:
    """All charges that a sentence states, in order; those of one task share its span."""
    if len(sentence) > _LONGEST or NO_DUTY.search(sentence):
        return []
    hits = list(_hits(sentence))
    return [charge for group in _groups(sentence, hits) for charge in _with_task(sentence, group)]


# --- organs and their verbs ---------------------------------------------------------------------


def _hits(text: str) -> Iterator[Charge]:
    """`end` and `task` still end with the verb."""
    done = 0
    last: Charge | None = None  # who goes on: 甲负责一；负责二
    past = bool(PAST.search(text))
    for match in islice(CHARGE.finditer(text), _MAX_VERBS):
        kind = str(match.lastgroup)
        if match.start() < done or (past and kind in ("bare", "modal", "duties", "support")):
            continue
        found = _subject(text, done, match.start(), kind in _PLAIN)
        if (
            found is None
            and last
            and (kind in ("lead", "charge") or match[0] in ("配合", "协助"))
            and text[match.start() - 1] in "；;"
        ):
            found = match.start(), last.organs
        if found is None and last and kind == "joint":
            end, partners = _partners(text, match.end())
            if partners:
                yield Charge("support", partners, match.start(), end, (end, end), match[0])
                done = end
            continue
        if found is None or (not done and match[0] in ("参加", "参与")):
            continue
        start, organs = found
        if 0 < start == done and text[done] not in _BETWEEN:
            continue  # 协助镇人民政府落实: those whom somebody helps
        verb, end = match[0], match.end()
        if kind in ("bare", "duties") and _is_no_task(text, match.start()):
            continue
        if kind == "modal" and (
            not _is_task(text[end : end + 60]) or _says_more(text, done, match.end(), organs)
        ):
            continue
        role: DutyRole = "lead" if kind in ("lead", "joint") else "responsible"
        if kind == "support" or (kind == "modal" and _supports(text[end : end + 8])):
            role = "support"
        task = match.start() if kind in ("bare", "duties") else end
        charge = Charge(role, organs, start, end, (task, end), verb)
        last = charge
        if kind != "joint":
            yield charge
        else:
            end, partners = _partners(text, end)
            yield replace(charge, end=end, task=(end, end))
            if partners:
                yield Charge("support", partners, end, end, (end, end), verb)
        done = end


def _is_no_task(text: str, verb: int) -> bool:
    """A condition (发现违法的，), what may be done, or words after which the verb still comes."""
    clause = text[verb : verb + 120].split("。")[0].split("；")[0]
    return bool(CONDITION.search(clause) or BY_DUTIES.match(clause)) or any(
        word in clause[:40] for word in ("可以", "可给予", "可按", "可适当", "可视")
    )


def _says_more(text: str, done: int, end: int, organs: tuple[str, ...]) -> bool:
    """应当会同, 应当负责: the second verb says the role."""
    strong = ("lead", "joint", "charge", "support")
    after = next((m for m in CHARGE.finditer(text, end, end + 30) if m.lastgroup in strong), None)
    if after is None:
        return False
    subject = _subject(text, done, after.start())
    return subject is not None and subject[1] == organs


def _is_task(after: str) -> bool:
    return len(after.split("。")[0].split("；")[0]) > 3


def _supports(after: str) -> bool:
    return any(word in after[:6] for word in ("配合", "协助", "协同"))


def _subject(
    text: str, done: int, verb: int, any_actor: bool = False
) -> tuple[int, tuple[str, ...]] | None:
    """The organs that end before a verb, and where they begin."""
    end = verb
    while between := _between(text[max(done, end - 40) : end]):
        if OPTIONAL.search(text[max(done, end - 30) : end]):
            return None
        end -= between
    if OPTIONAL.search(text[max(done, end - 4) : end]):
        return None
    floor = max(done, end - _MAX_LEFT)
    while end > floor and text[end - 1] in "，, ：:":
        end -= 1
    start = _start(text, floor, end, any_actor)
    return None if start is None else (start, organs_in(text[start:end]))


def _between(before: str) -> int:
    """How much of what stands before a verb is neither its subject nor a clause: 应当依法,
    按照各自职责，."""
    if match := BEFORE_VERB.search(before):
        return len(match[0])
    by_duties = next((m for m in BY_DUTIES.finditer(before) if m.end() == len(before)), None)
    if by_duties:
        return len(by_duties[0])
    return len(before) - len(before.rstrip("，, "))


def _start(text: str, floor: int, end: int, any_actor: bool) -> int | None:
    """Where the list begins: at a comma or the like, or further ahead while what stands between
    the commas is organs too."""
    best, upto = None, end
    for start, is_break in _starts(text, floor, end):
        if are_organs(text[start:upto], any_actor) and not (best is not None and not is_break):
            best, upto = start, start
            while upto > floor and text[upto - 1] in "，, ":
                upto -= 1
        elif is_break:
            break
    return best if best is not None and _is_due(text, best) else None


def _starts(text: str, floor: int, end: int) -> Iterator[tuple[int, bool]]:
    """Where a list of organs may begin, the nearest first, and whether it cannot go on before
    it but as another list: a comma or the like, 由, or words of time; outside brackets."""
    depth = 0
    for at in range(end - 1, floor - 1, -1):
        char = text[at]
        depth += (char in "）)〕]") - (char in "（(〔[")
        if depth < 0:
            return
        if depth:
            continue
        if char in "。；;！？：:":
            yield at + 1, True
            return
        if char in _BREAKS:
            yield at + 1, True
        elif char == "请" or (
            char == "由" and text[at - 1 : at] not in ("自", "理", "缘") and text[at + 1] != "于"
        ):
            yield at + 1, True
            return
        elif char in "前内后起的" and text[at + 1] in "各市县区省国乡镇街":
            yield at + 1, False
    opened = ENUMERATOR.match(text) if floor == 0 else None
    yield (opened.end() if opened else floor), True


def _is_due(text: str, start: int) -> bool:
    """Not the organ that something is handed to or asked of."""
    before = text[max(0, start - 8) : start].rstrip("由，, ")
    return not before.endswith(("向", "报", "经", "送", "对", "将", "与", "可以", "可"))


def _partners(text: str, start: int) -> tuple[int, tuple[str, ...]]:
    """Those who follow 会同: as few characters as make whole organs, more where a list goes on."""
    window = text[start : start + 160]
    best = 0
    for end in range(2, len(window) + 1):
        if window[end - 1] in _STOPS:
            break
        if not SURE_ACTOR_END.search(window[max(0, end - 50) : end]):
            continue
        if best and not _goes_on(window[best:end]):
            break
        if are_organs(window[:end]):
            best = end
    return start + best, organs_in(window[:best])


def _goes_on(more: str) -> bool:
    """财政局 [、教育局], 人民政府 [有关部门]; not 财政局 [制定教育部门的办法]."""
    if more[0] in "、和及与以":
        return True
    return len(more) <= 16 and not _ACTS.search(more) and not set(more) & set("，,对的将为提在")


# --- what they are to do ------------------------------------------------------------------------


def _groups(text: str, hits: Sequence[Charge]) -> Iterator[list[Charge]]:
    """甲牵头，乙配合，… are of one task."""
    group: list[Charge] = []
    for hit in hits:
        if group and text[group[-1].end : hit.start].strip("，,、；; 由并"):
            yield group
            group = []
        group.append(hit)
    if group:
        yield group


def _with_task(text: str, group: list[Charge]) -> Iterator[Charge]:
    first, last = group[0], group[-1]
    start, end = first.start, _clause_end(text, last)
    if text[start - 1 : start] == "由":
        start -= 1
    task = (last.task[0], end)
    if (text[start] == "由" and end - last.end < 4) or not text[slice(*task)].strip("，,、。；; "):
        before = max((text.rfind(c, 0, start) for c in "，,；;。："), default=-1) + 1
        if not text[before:start].strip():
            before = max((text.rfind(c, 0, max(0, before - 1)) for c in "；;。"), default=-1) + 1
        task = (before, end if text[start] == "由" else start)
    for charge in group:
        yield replace(charge, start=start, end=end, task=task)


def _clause_end(text: str, charge: Charge) -> int:
    """To the end of the clause, or to where somebody else's task begins."""
    end = min((at for c in _STOPS if (at := text.find(c, charge.end)) >= 0), default=len(text))
    end = min(end, charge.end + _MAX_TASK)
    for match in CHARGE.finditer(text, charge.end, end):
        other = _subject(text, charge.end, match.start())
        if other is not None and (other[0] > charge.end or text[charge.end] in _BETWEEN):
            return len(text[: other[0]].rstrip("，,由 "))
    return end
