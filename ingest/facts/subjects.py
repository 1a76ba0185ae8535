"""Who stands before a verb: organs right before it, or whoever a sentence lays a duty on."""

from collections.abc import Iterator

from ingest.facts.organs import are_organs, organs_in
from vectorstore.language.actors import BY_DUTIES, JOINING
from vectorstore.language.charges import BEFORE_VERB, BY, GOES_ON, INTERPOSED, OPTIONAL, TOWARDS
from vectorstore.language.numbering import ENUMERATOR
from vectorstore.language.parties import (
    A_THING,
    LEADS_UP,
    NO_PARTY,
    OF_WHOM,
    PARTY_END,
    RELATIVE_NO_PARTY,
    STAFF,
    UPON,
)
from vectorstore.language.words import tagged

STOPS = "，,；;。：:"
BREAKS = "，,；;：:。！？\n\u3000 "
_MAX_LEFT = 260  # characters of a list of organs before its verb
_MAX_PARTY = 60  # characters of a party's name, what it does included
_MAX_CONDITION = 300
_NEAR = 6  # characters of what a party does to those behind 的: 机构认可的人员
_ADJECTIVES = ("相关", "有关")  # verbs by the dictionary
_ADVERBIAL = ("ad", "d", "c")
_VERBAL = ("v", "d", "p", "zg")  # what cannot go on a name: verbs, adverbs, prepositions

Subject = tuple[int, tuple[str, ...]]


def subject(
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
    if interposed := INTERPOSED.search(before):
        return len(interposed[0])
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
        if char in BREAKS:
            yield at + 1, True
        elif (
            char == "请" or text[at - 1 : at + 1] == "设在" or (char == "由" and BY.match(text, at))
        ):
            yield at + 1, True
            return
        elif char in "前内后起的" and _opens_a_name(text, at + 1):
            yield at + 1, False
    opened = ENUMERATOR.match(text) if floor == 0 else None
    yield (opened.end() if opened else floor), True


def _opens_a_name(text: str, at: int) -> bool:
    """各县 behind 之日起; not 县 of 所在地的县."""
    return text[at] in "各市县区省国乡镇街" and text[at - 4 : at] != "所在地的"


def _is_due(text: str, start: int) -> bool:
    """Not the organ that something is handed to or asked of."""
    before = text[max(0, start - 8) : start].rstrip("由，, ")
    if TOWARDS.search(text[max(0, start - 16) : start]):
        return False
    return not before.endswith(("向", "报", "经", "送", "对", "将", "与", "可以", "可"))


# --- those whom a sentence obliges ---------------------------------------------------------------


def obliged(
    text: str, done: int, modal: int, before: Subject | None, only_beside: bool = False
) -> Subject | None:
    """Who is obliged by a 应当 or the like: the party right before it, the one that opens the
    conditions before it (经营者发现…的，应当), or else the one of the sentence before."""
    end = _before_adverbs(text, done, modal)
    floor = max((text.rfind(c, done, end) for c in "。；;！？：:\n\u3000"), default=-1) + 1
    floor = max(floor, done, end - _MAX_CONDITION)
    if OPTIONAL.search(text[max(done, end - 4) : end]):
        return None
    segments = _segments(text, floor, end)
    if before and text[end:modal].startswith(("，并", "，还", "，也", "，且")):
        return before
    if not segments:
        return before if end == floor or not text[floor:end].strip("，, ") else None
    start, stop = segments[-1]
    if stop == end and not only_beside and A_THING.search(text[start:stop]):
        return None
    if found := party(text[start:stop]):
        return start + found[0], found[1]
    if only_beside:
        return None
    leads = {
        found[1]: start + found[0] for start, stop in segments if (found := party(text[start:stop]))
    }
    if len(leads) == 1:
        ((organs, at),) = leads.items()
        return at, organs
    if not leads and all(GOES_ON.fullmatch(text[a:b]) for a, b in segments):
        return before
    return None


def _before_adverbs(text: str, done: int, end: int) -> int:
    while between := _between(text[max(done, end - 40) : end]):
        end -= between
    while end > done and text[end - 1] in "，, ":
        end -= 1
    return end


def _segments(text: str, floor: int, end: int) -> list[tuple[int, int]]:
    """What stands between the commas, words that lead up to it left out."""
    found, start = [], floor
    for at in range(floor, end + 1):
        if at == end or text[at] in "，,":
            opened = ENUMERATOR.match(text, start, at) if start == 0 else None
            first = opened.end() if opened else start
            while first < at and text[first] in ' \u3000“"':
                first += 1
            if led := LEADS_UP.match(text, first, at):
                first = led.end()
            if first < at:
                found.append((first, at))
            start = at + 1
    return found


def party(segment: str) -> Subject | None:
    """The party that a stretch opens with, or is: 船舶所有人 [变更地址的], 从事运输的单位."""
    end = leading_party(segment)
    if end and (of := OF_WHOM.match(segment, end)):
        behind = leading_party(segment[of.end() :])
        return (0, (segment[: of.end() + behind],)) if behind else None
    relative = (
        "的" in segment[:_MAX_PARTY]
        and "是" not in segment
        and segment[end : end + 1] not in ("对", "向")
    )
    apart = segment.find("的", end) - end > _NEAR if end else "由" in segment
    if relative and not apart and len(segment) <= _MAX_PARTY and _relative(segment):
        return 0, (segment,)
    return (0, parties_in(segment[:end].strip())) if end else None


def leading_party(segment: str) -> int:
    """Where the party ends that a stretch opens with: before the first verb; 0 if there is none."""
    end = last = 0
    for word, kind in tagged(segment[:_MAX_CONDITION]):
        named = PARTY_END.search(segment[:end])
        if end and word in ("的", "之"):
            return 0
        verbal = kind.startswith(_VERBAL) and kind != "vn" and word not in _ADJECTIVES
        goes_on = verbal or UPON.match(word) or word in STOPS
        if named and goes_on and not PARTY_END.search(segment[: end + len(word)]):
            break
        if verbal and last and not named and kind != "p":
            end = last  # 法人直接持有…: but adverbs stand between
            break
        last = (end if named else last) if kind in _ADVERBIAL else 0
        end += len(word)
        if end > _MAX_PARTY:
            return 0
    if staff := STAFF.match(segment, end):
        end = staff.end()
    if segment[end - 1 : end] == "所" and segment[end : end + 1] == "需":
        return 0
    return end if is_party(segment[:end].strip()) else 0


def parties_in(name: str) -> tuple[str, ...]:
    """One by one, also where they are no organs: 输出地和输入地; 单位和个人 stay one."""
    found: list[str] = []
    for organ in organs_in(name):
        start = 0
        for joining in JOINING.finditer(organ):
            left, right = organ[start : joining.start()], organ[joining.end() :]
            if min(len(left), len(right)) > 2 and is_party(left) and is_party(right):
                found.append(left)
                start = joining.end()
        found.append(organ[start:])
    return tuple(dict.fromkeys(found))


def is_party(name: str) -> bool:
    """Nothing but the name of somebody who can be obliged."""
    return (
        1 < len(name) <= _MAX_PARTY
        and PARTY_END.search(name) is not None
        and not NO_PARTY.search(name)
        and "的" not in name
        and name.count("（") == name.count("）")
        and not _opens_with_a_verb(name)
    )


def _opens_with_a_verb(name: str) -> bool:
    """建造远洋船舶; not 用人单位."""
    (word, kind), *_ = tagged(name)
    return bool(kind == "v" and len(name) - len(word) > 3)


def _relative(segment: str) -> str:
    """从事运输的单位和个人: what somebody does, and who it is."""
    if RELATIVE_NO_PARTY.match(segment) or not PARTY_END.search(segment):
        return ""
    last = segment[segment.rfind("的") + 1 :]
    fine = 1 < len(last) <= 24 and not NO_PARTY.search(last)
    return segment if fine and not UPON.search(last) else ""
