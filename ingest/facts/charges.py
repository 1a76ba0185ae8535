"""Clauses of running text that put somebody in charge: 市财政局负责资金统筹, 由甲会同乙制定."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.facts.organs import are_organs, organs_in
from vectorstore.facts import DutyRole
from vectorstore.language.actors import SURE_ACTOR_END
from vectorstore.language.charges import BEFORE_VERB, CHARGE, NO_DUTY, OPTIONAL, PAST, PROCEDURE
from vectorstore.language.numbering import ENUMERATOR

_BREAKS = "，,；;：:。！？\n\u3000 "
_STOPS = "；;。！？\n"
_MAX_LEFT = 260  # characters of a list of organs before its verb
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


def charges_in(sentence: str) -> list[Charge]:
    """All charges that a sentence states, in order; those of one task share its span."""
    if NO_DUTY.search(sentence):
        return []
    hits = list(_hits(sentence))
    return [charge for group in _groups(sentence, hits) for charge in _with_task(sentence, group)]


# --- organs and their verbs ---------------------------------------------------------------------


def _hits(text: str) -> Iterator[Charge]:
    """`end` and `task` still end with the verb."""
    done = 0
    past = bool(PAST.search(text))
    for match in CHARGE.finditer(text):
        kind = str(match.lastgroup)
        if match.start() < done or (past and kind in ("bare", "modal", "duties", "support")):
            continue
        found = _subject(text, done, match.start())
        if found is None or (not done and match[0] in ("参加", "参与")):
            continue
        start, organs = found
        verb, end = match[0], match.end()
        if kind == "modal" and (
            not _is_task(text[end : end + 60]) or _says_more(text, done, match.end(), organs)
        ):
            continue
        role: DutyRole = "lead" if kind in ("lead", "joint") else "responsible"
        if kind == "support" or (kind == "modal" and _supports(text[end : end + 8])):
            role = "support"
        charge = Charge(role, organs, start, end, (end, end), verb)
        if kind != "joint":
            yield charge
        else:
            end, partners = _partners(text, end)
            yield replace(charge, end=end, task=(end, end))
            if partners:
                yield Charge("support", partners, end, end, (end, end), verb)
        done = end


def _says_more(text: str, done: int, end: int, organs: tuple[str, ...]) -> bool:
    """应当会同, 应当负责: the second verb says the role."""
    after = CHARGE.search(text, end, end + 30)
    if after is None or after.lastgroup in ("modal", "bare"):
        return False
    subject = _subject(text, done, after.start())
    return subject is not None and subject[1] == organs


def _is_task(after: str) -> bool:
    clause = after.split("。")[0].split("；")[0]
    return len(clause) > 3 and not PROCEDURE.search(clause)


def _supports(after: str) -> bool:
    return any(word in after[:6] for word in ("配合", "协助", "协同"))


def _subject(text: str, done: int, verb: int) -> tuple[int, tuple[str, ...]] | None:
    """The organs that end before a verb, and where they begin."""
    end = verb
    while match := BEFORE_VERB.search(text[max(done, end - 30) : end]):
        if OPTIONAL.search(text[max(done, end - 30) : end]):
            return None
        end -= len(match[0])
    if OPTIONAL.search(text[max(done, end - 4) : end]):
        return None
    floor = max(done, end - _MAX_LEFT)
    while end > floor and text[end - 1] in "，, ":
        end -= 1
    start = _start(text, floor, end)
    return None if start is None else (start, organs_in(text[start:end]))


def _start(text: str, floor: int, end: int) -> int | None:
    """Where the list begins: at a comma or the like, or further ahead while what stands between
    the commas is organs too."""
    best, upto = None, end
    for start, is_break in _starts(text, floor, end):
        if are_organs(text[start:upto]) and not (best is not None and not is_break):
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
        elif char == "由" and text[at - 1 : at] not in ("自", "理", "缘") and text[at + 1] != "于":
            yield at + 1, True
            return
        elif char in "前内后起的" and text[at + 1] in "各市县区省国乡镇街":
            yield at + 1, False
    opened = ENUMERATOR.match(text) if floor == 0 else None
    yield (opened.end() if opened else floor), True


def _is_due(text: str, start: int) -> bool:
    """Not the organ that something is handed to or asked of."""
    before = text[max(0, start - 8) : start].rstrip("由，, ")
    return not before.endswith(("向", "报", "经", "送", "对", "将", "与"))


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
    return (
        len(more) <= 12
        and not CHARGE.search(more)
        and not any(c in "，,对的将为提在" for c in more)
    )


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
    task = (last.end, end)
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
        if other is not None:
            return len(text[: other[0]].rstrip("，,由 "))
    return end
