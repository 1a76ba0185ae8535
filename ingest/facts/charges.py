"""Clauses of running text that put somebody in charge: 市财政局负责资金统筹, 由甲会同乙制定."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice, pairwise

from ingest.facts.charge import STOPS, Charge, clause_start, groups, limit_of, with_task
from ingest.facts.organs import are_organs, organs_in
from ingest.facts.subjects import Subject, leading_party, obliged, parties_in, subject
from vectorstore.facts import DutyRole
from vectorstore.language.actors import BY_DUTIES, NO_ACTOR, SURE_ACTOR_END
from vectorstore.language.charges import (
    BY,
    CHARGE,
    CONDITION,
    CONDITIONAL,
    DEFINES,
    NEGATED,
    NO_ACT,
    NO_DOING,
    NO_DUTY,
    PAST,
    PENAL,
    RECEIVES,
    SPEAKS,
    SPOKEN_OF,
    WITH_HELP,
)
from vectorstore.language.pattern import Pattern
from vectorstore.language.words import tagged

_AND = "、和及与以或"
_BY_RULE = ("根据", "依照", "依据", "按")
_BETWEEN = "、，,；; "
_PLAIN = ("lead", "charge", "joint")  # verbs that say of whomever they follow that it is in charge
_MAX_VERBS = 80  # of one sentence
_LONGEST = 1500  # of a sentence; a longer one is data


_ACTS = Pattern(
    r"制定|编制|提出|确定|组织|开展|公布|规定|拟订|报|建立|做好|审核|审批|健全|完善|加强|发布|负责|应当|通过|"
    r"发现|责令|督促|吊销|撤销|没收|依法|给予|委托|协助|配合|采取|申请",
    yes=("制定", "提出"),
    no=("药品监督管理部门", "建设主管部门"),
    why="words that no organ's name holds",
)


ACTS_THEN = Pattern(
    r"[部委局厅院门关构办](?:报|提出|审核|审批|制定|发布|对|将|应|要|按|依)(?!社)",
    yes=(("总部报国务院", "部报"),),
    no=("报社", "市委办"),
    why="an organ and what it does, in what might be one more of a list",
)
WILLING = Pattern(
    r"(?:局|委|厅|部|部门|政府|机构|中心|银行|分行|支行|公司|集团|学校|医院|联社)$",
    yes=(("某某银行", "银行"),),
    no=("志愿者",),
    why="those whose 将 is a promise in public",
)


def charges_in(
    sentence: str, before: tuple[str, ...] = (), speaker: tuple[str, ...] = ()
) -> list[Charge]:
    """All charges that a sentence states, in order; those of one task share its span.

    `before` are those whom the sentence before obliges, who may go on without being named; `speaker`
    is for whom somebody speaks.
    """
    if len(sentence) > _LONGEST or DEFINES.search(sentence) or sentence.endswith(("？", "?")):
        return []
    hits = list(_hits(sentence, before, speaker))
    hits = _led(sentence, sorted([*hits, *_by(sentence, hits)], key=lambda hit: hit.start))
    found = list(groups(sentence, hits))
    limits = [*(limit_of(group[0], sentence) for group in found[1:]), len(sentence)]
    charges: list[Charge] = []
    for group, limit in zip(found, limits, strict=False):
        clause = max(clause_start(sentence, group[0].start), charges[-1].end if charges else 0)
        while clause < len(sentence) and sentence[clause] in "，,、； ":
            clause += 1
        for charge in with_task(sentence, group, limit):
            start = clause if charge.verb == "由" else charge.start
            charges.append(replace(charge, start=start, clause=clause))
    return [c for c in charges if not NO_DUTY.search(sentence[c.clause : c.end])]


def _led(text: str, hits: list[Charge]) -> list[Charge]:
    """甲根据需要会同乙制定: 甲 leads."""
    for at, (hit, joint) in enumerate(pairwise(hits)):
        joins = joint.verb == "会同" and joint.role == "support" and hit.verb in _BY_RULE
        if joins and "，" not in text[hit.end : joint.start]:
            hits[at] = replace(hit, role="lead", end=joint.start, task=(joint.end, joint.end))
    return hits


# --- organs and their verbs ---------------------------------------------------------------------


def _hits(text: str, before: tuple[str, ...], speaker: tuple[str, ...]) -> Iterator[Charge]:
    """`end` and `task` still end with the verb."""
    done = 0
    last: Charge | None = None  # who goes on: 甲负责一；负责二
    telling = bool(PAST.search(text))
    penal = bool(PENAL.search(text))
    for match in islice(CHARGE.finditer(text), _MAX_VERBS):
        kind = str(match.lastgroup)
        weak = kind in ("bare", "duties", "support") or match[0] in ("要", "会同")
        if match.start() < done or (weak and (telling or penal)):
            continue
        helps = kind == "support" and match[0].endswith(("配合", "协助"))
        found = subject(text, done, match.start(), kind in _PLAIN or helps)
        if (
            found is None
            and kind == "charge"
            and match[0] != "承担"
            and not NEGATED.search(text, done, match.start())
        ):
            found = obliged(text, done, match.start(), None, only_beside=True)
            if found and "的" not in found[1][0] and NO_ACTOR.search(found[1][0]):
                found = None
        if found is None and kind in ("modal", "will"):
            known = last.organs if last else before
            goes_on = (match.start(), known) if known and kind == "modal" else None
            found = obliged(text, done, match.start(), goes_on, kind == "will")
            if kind == "will":
                found = _willing(text, match.start(), found, speaker)
        if (
            found is None
            and last
            and (kind in ("lead", "charge") or match[0] in ("配合", "协助"))
            and text[match.start() - 1] in "；;"
        ):
            found = match.start(), last.organs
        if found is None and last and kind == "support":
            if with_help := WITH_HELP.search(text, last.end, match.start()):
                start, done = with_help.start("of"), match.end()
                yield Charge("support", last.organs, start, done, (start, done), match[0])
                continue
        if found is None and last and kind == "joint":
            end, partners = _partners(text, match.end())
            if partners:
                yield Charge("support", partners, match.start(), end, (end, end), match[0])
                done = end
            continue
        if found is None or (not done and match[0] in ("参加", "参与")):
            continue
        start = found[0]
        if 0 < start == done and text[done] not in _BETWEEN:
            continue  # 协助镇人民政府落实: those whom somebody helps
        charge = _charge(text, match, kind, done, found)
        if charge is None:
            continue
        last = charge
        end = charge.end
        if kind != "joint":
            yield charge
        else:
            end, partners = _partners(text, end)
            yield replace(charge, end=end, task=(end, end))
            if partners:
                yield Charge("support", partners, end, end, (end, end), match[0])
        done = end


def speaker_in(text: str) -> tuple[str, ...]:
    """The organ for which somebody speaks: 据某某局副局长介绍."""
    found = next(SPEAKS.finditer(text[:_LONGEST]), None)
    return organs_in(found["organ"].removeprefix("据")) if found else ()


def _willing(text: str, at: int, found: Subject | None, speaker: tuple[str, ...]) -> Subject | None:
    """Whose 将 is a promise: an organ's or a bank's, or that of whoever speaks."""
    if found:
        return found if all(map(WILLING.search, found[1])) else None
    start = max(text.rfind(c, 0, at) for c in "，,。；：:") + 1
    speaker = speaker_in(text[:start]) or speaker
    between = text[start:at]
    follows = not between or SPOKEN_OF.fullmatch(between)
    return (start, speaker) if speaker and follows else None


def _charge(text: str, match: re.Match[str], kind: str, done: int, found: Subject) -> Charge | None:
    start, organs = found
    end = match.end()
    if kind in ("bare", "duties") and _is_no_task(text, match.start()):
        return None
    if kind in ("modal", "will") and (
        not _is_task(text[end : end + 60])
        or NO_ACT.match(text[end : end + 40])
        or CONDITIONAL.match(text[end : end + 100])
        or (RECEIVES.match(text[end : end + 40]) and not SURE_ACTOR_END.search(organs[-1]))
        or _says_more(text, done, end, organs)
    ):
        return None
    role: DutyRole = "lead" if kind in ("lead", "joint") else "responsible"
    if kind == "support" or (kind == "modal" and _supports(text[end : end + 8])):
        role = "support"
    task = match.start() if kind in ("bare", "duties") else end
    return Charge(role, organs, start, end, (task, end), match[0])


def _by(text: str, hits: Sequence[Charge]) -> Iterator[Charge]:
    """由某某 before a verb that says nothing of its role: 由县住建局核定, 由主管部门责令改正."""
    taken = {hit.start for hit in hits}
    for match in islice(BY.finditer(text), _MAX_VERBS):
        at = match.end()
        stretch = text[: at + len(re.split("[，,；;。]", text[at : at + 160])[0])]
        end, organs = _partners(stretch, at)
        if not organs and (length := leading_party(stretch[at:])):
            end, organs = at + length, parties_in(text[at : at + length])
        if not organs or at in taken or any(h.start < at < h.end for h in hits):
            continue
        doing = text[end : end + 60].lstrip("，, ")
        if len(re.split(r"[，,；;。]", doing)[0]) < 2 or _is_no_doing(doing):
            continue
        yield Charge("responsible", organs, at, end, (end, end), "由")


def _is_no_doing(doing: str) -> bool:
    """核发的许可证, whose 的 stands behind a verb; 本县的水费 is what somebody does something to."""
    found = NO_DOING.match(doing)
    if found is None or not found["of"]:
        return found is not None
    return tagged(found["of"])[-1][1].startswith("v")


def _is_no_task(text: str, verb: int) -> bool:
    """A condition (发现违法的，), what may be done, or words after which the verb still comes."""
    clause = text[verb : verb + 120].split("。")[0].split("；")[0]
    return bool(CONDITION.search(clause) or BY_DUTIES.match(clause)) or any(
        word in clause[:40] for word in ("可以", "可给予", "可按", "可适当", "可视", "可不", "则可")
    )


def _says_more(text: str, done: int, end: int, organs: tuple[str, ...]) -> bool:
    """应当会同, 应当负责: the second verb says the role."""
    strong = ("lead", "joint", "charge")
    after = next((m for m in CHARGE.finditer(text, end, end + 30) if m.lastgroup in strong), None)
    if after is None:
        return False
    found = subject(text, done, after.start())
    return found is not None and found[1] == organs


def _is_task(after: str) -> bool:
    return len(after.split("。")[0].split("；")[0]) > 3


def _supports(after: str) -> bool:
    return any(word in after[:6] for word in ("配合", "协助", "协同"))


def _partners(text: str, start: int) -> tuple[int, tuple[str, ...]]:
    """Those who follow 会同 or 由: as few characters as make whole organs, more where a list
    goes on."""
    window = text[start : start + 160]
    best = 0
    for end in range(2, len(window) + 1):
        if window[end - 1] in STOPS:
            break
        if not SURE_ACTOR_END.search(window[max(0, end - 50) : end]) or window[end:].startswith(
            "托"
        ):
            continue
        if best and not _goes_on(window[best:end]):
            break
        if are_organs(window[:end]):
            best = end
    return start + best, organs_in(window[:best])


def _goes_on(more: str) -> bool:
    """财政局 [、教育局], 人民政府 [有关部门]; not 财政局 [制定教育部门的办法]."""
    if more[0] in _AND:
        return not ACTS_THEN.search(more)
    return len(more) <= 16 and not _ACTS.search(more) and not set(more) & set("，,对的将为提在由")
