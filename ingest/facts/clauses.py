"""A sentence → what each of its figures says: subject, place, year, how firm, and where."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from ingest.facts.claim import Claim
from ingest.facts.heads import NUMBERING, Head, clean_start, read_head
from ingest.facts.places import Home, Place
from ingest.facts.sharing import shared
from ingest.facts.years import Calendar
from vectorstore.language.aims import (
    ACTS,
    AIM_BEHIND,
    BEGINS_WITH_ACT,
    MEASURED_BY,
    RATE_END,
    TO_A_LEVEL,
)
from vectorstore.language.names import CHINESE
from vectorstore.language.pattern import Pattern
from vectorstore.language.quantities import Quantity, quantities, sign_of
from vectorstore.language.sentences import BRACKETED

_STOP = Pattern(r"[，；。：！？,;:!?\n]", yes=("，", "：", ";"), no=("、", "."))
_JOIN = Pattern(r"\s?(?:[、和与及或]|以及)", yes=("、", "和"), no=("，",), why="between figures")
_JOINED = Pattern(r"(?:[、和与及]|以及)$", yes=(("医院和", "和"),), no=("医院",))
_CUT = Pattern(
    r"[、和与及]", yes=("、",), no=("，",), why="where what is counted ends and the next begins"
)
_MAX_SENTENCE = 3000  # characters: what is longer is no sentence, but data run together
TIMES = frozenset(["年", "天", "日", "岁", "周岁", "个月", "小时", "分钟", "工作日", "秒"])
_BARE = Pattern(
    r"指数|系数|恩格尔|基尼",
    yes=(("景气指数为", "指数"),),
    no=("达到",),
    why="figures without a unit",
)


@dataclass
class _State:
    """What a sentence has said so far."""

    year: int | None = None
    year_said: bool = False
    places: tuple[Place, ...] = ()
    subject: str = ""  # of the last figure
    main: str = ""  # of the last figure that was no change of another
    start: int = 0  # where it began
    act: str = ""
    firm: str = ""
    unit: str = ""
    before: str = ""  # the stretch before this one, where it has no figure
    before_start: int = 0
    mains: list[str] = field(default_factory=list)


class SentenceReader:
    """Reads the claims of sentences of one document."""

    def __init__(self, home: Home, calendar: Calendar):
        self._home = home
        self._calendar = calendar

    def claims(self, text: str, year: int | None) -> tuple[list[Claim], int | None]:
        """`year` is the one the paragraph spoke of last; with the claims comes the one that this
        sentence names last, None where it names none."""
        if len(text) > _MAX_SENTENCE:
            return [], None
        state = _State(year)
        brackets = [
            m for m in BRACKETED.finditer(text) if any(True for _ in quantities(m[0][1:-1]))
        ]
        main = text
        for match in brackets:
            main = main[: match.start()] + " " * len(match[0]) + main[match.end() :]
        found = list(self._read(main, state, 0, len(text)))
        for match in brackets:
            found += self._bracket(text, match.start(), match.end(), found)
        return found, state.year if state.year_said else None

    def _bracket(self, text: str, start: int, end: int, found: list[Claim]) -> list[Claim]:
        """A bracket behind a figure speaks of what it speaks of."""
        above = [claim for claim in found if claim.end <= start]
        if not above:
            return []
        last = max(above, key=lambda claim: claim.end)
        state = _State(
            last.year, last.year_said, last.places, last.subject, last.subject, last.start
        )
        blank = " " * (start + 1) + text[start + 1 : end - 1]
        return list(self._read(blank, state, start + 1, end - 1))

    def _read(self, text: str, state: _State, start: int, end: int) -> Iterator[Claim]:
        found = [q for q in quantities(text) if start <= q.start < end]
        for a, b in _stretches(text, found, start, end):
            yield from self._stretch(text, [q for q in found if a <= q.start < b], state, a, b)
            if text[b : b + 1] in ("；", ";"):
                state.places = ()

    def _stretch(
        self, text: str, found: list[Quantity], state: _State, a: int, b: int
    ) -> Iterator[Claim]:
        values = _values(text, found, a, b)
        if not values:
            self._pass_by(text[a:b], state, a)
            return
        claims: list[Claim] = []
        cursor = a
        for i, quantity in enumerate(values):
            until = values[i + 1].start if i + 1 < len(values) else b
            claim = self._claim(text, quantity, state, cursor, until, bool(claims))
            cursor = claim.end
            claims.append(claim)
        state.before = ""
        before = state.mains[: len(state.mains) - len(claims)]
        result = shared(claims, before)
        if len(result) == len(claims) and not claims[0].head.change:
            state.mains = [*before, *(claim.subject for claim in result)]
        yield from result

    def _pass_by(self, text: str, state: _State, start: int) -> None:
        """A stretch without a figure may name the year and the place of those behind it."""
        head = read_head(text, self._home, self._calendar, state.year)
        if head.years.years:
            state.year, state.year_said = head.years.years[-1], True
        if head.places:
            state.places = head.places
        words = head.body.strip(" ：:，")
        if words:
            state.before, state.before_start = words, start

    def _claim(
        self, text: str, quantity: Quantity, state: _State, cursor: int, until: int, follows: bool
    ) -> Claim:
        head = read_head(text[cursor : quantity.start], self._home, self._calendar, state.year)
        behind, end = _behind(text, quantity, until)
        year, year_said = state.year, state.year_said
        base = head.years.base
        if head.years.years and quantity.unit == "倍":
            base = head.years.years[-1]  # 是2020年的1.4倍
        elif head.years.years:
            year, year_said = head.years.years[-1], True
            if not head.years.is_start:
                state.year, state.year_said = year, True
        if head.places:
            state.places = head.places
        aim = AIM_BEHIND.match(behind)
        if aim:
            noun, end = "", quantity.end + aim.end()
        else:
            noun = _NO_NOUN.remove_from(behind.strip(" 的、，"))
        subject, start = self._subject(
            head, noun, state, cursor, follows, bool(aim), quantity.unit == state.unit
        )
        start = _visible(text, start)
        firm = head.firm or (state.firm if follows and not head.body else "")
        sign = sign_of(
            "" if aim else binding_of(text[cursor : quantity.start]) + head.change + firm, quantity
        )
        if head.years.base and not (head.body or head.change or noun):
            year = head.years.base  # 比2020年的63%提高: what it was then
        claim = Claim(
            quantity, subject, sign, start, end, text[:cursor], text[cursor:end], head,
            state.places, year, year_said, base, aim[0] if aim else "",
            bool(noun),
        )  # fmt: skip
        self._note(claim, state, head)
        return claim

    def _note(self, claim: Claim, state: _State, head: Head) -> None:
        state.subject, state.start, state.firm = claim.subject, claim.start, head.firm
        state.unit = claim.quantity.unit
        if not head.change and not claim.behind:
            state.main = claim.subject
        elif head.change and head.body:
            state.main = claim.subject.removesuffix(head.change)
        state.mains.append(state.main)
        if act := BEGINS_WITH_ACT.match(head.body):
            state.act = act[0]
        elif head.body or head.change:
            state.act = state.act if claim.subject.startswith(state.act) else ""

    def _subject(
        self,
        head: Head,
        noun: str,
        state: _State,
        cursor: int,
        follows: bool,
        aim: bool,
        same_unit: bool,
    ) -> tuple[str, int]:
        """The indicator, and where the words that say it begin."""
        body = head.body
        if (
            BEGINS_WITH_ACT.fullmatch(body)
            and state.main
            and same_unit
            and not noun
            and not head.change
        ):
            return state.main, state.start
        if aim and (len(body) < 3 or MEASURED_BY.search(head.firm) or MEASURED_BY.search(body)):
            return state.main or state.subject, state.start
        if noun:
            body = _BINDING.remove_from(body)
            act = body or (state.act if follows and not head.firm else "")
            return head.each + _joined(act or _act_of(head.firm), noun), cursor
        if MEASURED.match(body) or (not body and MEASURED_BY.search(head.firm) and head.places):
            words = body or head.firm
            return state.subject + words, state.start
        if body.startswith("占") and state.main:
            return state.main + body, state.start
        if head.change:
            return self._changed(head, body, state, cursor)
        if not body:
            if state.main:
                return state.main, state.start
            return state.before, state.before_start
        if head.is_part and RATE_END.search(state.main) and not RATE_END.search(body) and head.firm:
            return body + state.main, state.start
        if (follows or head.is_part) and state.act and not BEGINS_WITH_ACT.match(body):
            return head.each + state.act + body, state.start
        return head.each + body, cursor

    def _changed(self, head: Head, body: str, state: _State, cursor: int) -> tuple[str, int]:
        verb = head.change.replace("分别", "")
        if body:
            return head.each + body + verb, cursor
        if state.main:
            return state.main + verb, state.start
        return (state.before + verb, state.before_start) if state.before else ("", cursor)


MEASURED = Pattern(
    r"(?:高于|低于|快于|高出|超过|好于|慢于)[\u4e00-\u9fff]{0,10}(?:平均|目标|水平|全国|全省|全市)",
    yes=("高于全市平均水平", "快于全国"),
    no=("高于", "普及率"),
    why="a figure that says how far another one is from a mark",
)


_BINDING = Pattern(r"至少|不少于|不得?低于", yes=(("至少配备", "至少"),), no=("配备",))


def binding_of(head: str) -> str:
    """至少 before the verb of what is counted (至少配备2名)."""
    found = _BINDING.search(head[-8:])
    return found[0] if found else ""


def _act_of(firm: str) -> str:
    match = ACTS.search(firm)
    return match[0] if match and match[0] not in ("达到", "实现") else ""


def _joined(body: str, noun: str) -> str:
    return noun if body.endswith("的") else body + noun


def _visible(text: str, start: int) -> int:
    rest = text[start:]
    return start + len(rest) - len(NUMBERING.remove_from(clean_marks(rest)))


def clean_marks(text: str) -> str:
    return text.lstrip(" \t　、，；：,;:和及与")


def _stretches(text: str, found: list[Quantity], start: int, end: int) -> Iterator[tuple[int, int]]:
    """The text between commas, semicolons and colons that stand in no number."""
    at = start
    for match in _STOP.finditer(text, start, end):
        if not any(q.start <= match.start() < q.end for q in found):
            yield at, match.start()
            at = match.end()
    if at < end:
        yield at, end


def _values(text: str, found: list[Quantity], a: int, b: int) -> list[Quantity]:
    """Those that say what something comes to, not those within a name (60岁以上老年人)."""
    values: list[Quantity] = []
    for quantity in found:
        before = values[-1] if values else None
        head = text[before.end if before else a : quantity.start]
        after = text[quantity.end : b]
        if _is_value(quantity, head, after, before is not None):
            values.append(quantity)
    return values


def _is_value(quantity: Quantity, head: str, after: str, follows: bool) -> bool:
    if not quantity.unit:
        return bool(_BARE.search(head)) and not CHINESE.match(after)
    if not CHINESE.match(after) and not after.startswith(("“", "《")):
        return True
    if _JOIN.match(after) or AIM_BEHIND.match(after) or _STARTS_NEXT.match(after):
        return True
    if quantity.unit in ("%", "‰"):
        if _CONSEQUENCE.match(after):
            return False
        return after.startswith("的") or bool(ACTS.search(head)) or quantity.bound == "~"
    if quantity.unit in TIMES or (
        quantity.bound and after.startswith("的") and not ACTS.search(head)
    ):
        return False
    if follows and _JOINED.search(head):
        return True
    binds = ACTS.search(head) or (TO_A_LEVEL.search(head) and not after.startswith("的"))
    if quantity.bound and not ACTS.search(head) and not head.endswith(("有", "设")):
        return False
    return bool(binds) or (head.endswith("的") and not clean_start(head).startswith("的"))


def _behind(text: str, quantity: Quantity, until: int) -> tuple[str, int]:
    """What is counted, where it stands behind the number, and where that ends."""
    after = text[quantity.end : until]
    if not (CHINESE.match(after) or after.startswith(("“", "《"))) or _JOIN.match(after):
        return "", quantity.end
    if TO_A_LEVEL.fullmatch(after.rstrip("的、和 ")) or _STARTS_NEXT.match(text, quantity.end):
        return "", quantity.end
    last = None
    if text[until : until + 1].isdigit():  # another figure follows
        for match in _CUT.finditer(after):
            last = match
    cut = last.start() if last else len(after)
    return after[:cut], quantity.end + cut


_CONSEQUENCE = Pattern(
    r"的[，,]?(?:予以|给予|处|应|不得|不予|进行|由|可|视为|扣|取消|责令|按|须|不能|列入|实行|一律)",
    yes=("的予以", "的，应"),
    no=("的社区", "的县"),
    why="behind a figure: it is a condition, and this is what follows",
)  # fmt: skip
_NO_NOUN = Pattern(
    r"^(?:大关|关口|安排|执行|计算|推进|确定|掌握|考虑|测算)$", yes=("安排",), no=("安排就业",),
    why="a verb behind a figure, nothing that is counted",
)  # fmt: skip
_STARTS_NEXT = Pattern(
    r"(?:增加|增长|提高|提升|上升|下降|降低|减少|扩大|缩短|压减|增|降|升|减)[到至了]?\s?(?=约?\d|[到至])|左右|以内|以上",
    yes=(("提高到2030年的", "提高到"), ("降至", "降"), ("提高了2.1个百分点", "提高了")),
    no=("提高能力",),
    why="goes on to the next figure: from one to the other",
)
