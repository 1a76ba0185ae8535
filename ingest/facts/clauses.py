"""A sentence → what each of its figures says: subject, place, year, how firm, and where."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from ingest.facts.claim import Claim
from ingest.facts.heads import NUMBERING, Head, read_head
from ingest.facts.places import Home, Place
from ingest.facts.sharing import shared
from ingest.facts.values import behind as behind_of
from ingest.facts.values import stretches
from ingest.facts.values import values as values_of
from ingest.facts.years import Calendar
from vectorstore.language.aims import (
    ACTS,
    AIM_BEHIND,
    BEGINS_WITH_ACT,
    COMPARED,
    MEASURED_BY,
    RATE_END,
    SET_BY,
)
from vectorstore.language.pattern import Pattern
from vectorstore.language.quantities import Quantity, quantities, sign_of
from vectorstore.language.sentences import BRACKETED

_AGENT_LENGTH = 20  # characters
_MAX_SENTENCE = 3000  # characters: what is longer is no sentence, but data run together


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
    agent: str = ""  # who does it, where that was said in a stretch of its own
    counted: bool = False  # whether a count was said: 抽查3家企业
    parts: bool = False  # whether what follows are its parts: 其中：
    mains: list[str] = field(default_factory=list)


class SentenceReader:
    """Reads the claims of sentences of one document."""

    def __init__(self, home: Home, calendar: Calendar, counts: bool = False):
        """`counts`: every number of things is a figure of them."""
        self._home = home
        self._calendar = calendar
        self._counts = counts

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
            return self._bound_in(text, start, end)
        last = max(above, key=lambda claim: claim.end)
        state = _State(
            last.year, last.year_said, last.places, last.subject, last.subject, last.start
        )
        blank = " " * (start + 1) + text[start + 1 : end - 1]
        return list(self._read(blank, state, start + 1, end - 1))

    def _bound_in(self, text: str, start: int, end: int) -> list[Claim]:
        """全部课时(不低于总数的60%): a bound on what stands before the bracket."""
        a, b = next(reversed(list(stretches(text[:start], [], 0, start))), (0, 0))
        body = _TAKES.remove_from(read_head(text[a:b], self._home, self._calendar, None).body)
        blank = " " * (start + 1) + text[start + 1 : end - 1]
        claims = self._read(blank, _State(before=body, before_start=a), start + 1, end - 1)
        return [
            replace(
                claim,
                subject=claim.subject if body in claim.subject else f"{body}占{claim.subject}",
            )
            for claim in claims
            if body and claim.sign in (">=", "<=") and claim.quantity.unit == "%"
        ]

    def _read(self, text: str, state: _State, start: int, end: int) -> Iterator[Claim]:
        found = [q for q in quantities(text) if start <= q.start < end]
        for a, b in stretches(text, found, start, end):
            yield from self._stretch(text, [q for q in found if a <= q.start < b], state, a, b)
            if text[b : b + 1] in ("；", ";"):
                state.places = ()

    def _stretch(
        self, text: str, found: list[Quantity], state: _State, a: int, b: int
    ) -> Iterator[Claim]:
        part = (
            state.counted
            and bool(found)
            and _PART.search(text[: found[0].start].rstrip("：: ")) is not None
        )
        state.parts = state.parts or part
        values = values_of(text, found, a, b, self._counts or state.parts)
        if not values:
            self._pass_by(text[a:b], state, a)
            return
        claims: list[Claim] = []
        cursor = a
        for i, quantity in enumerate(values):
            until = values[i + 1].start if i + 1 < len(values) else b
            claim = self._claim(text, quantity, state, cursor, until, bool(claims))
            if state.parts and not claim.head.body:
                claim = replace(claim, is_part=True)
            state.counted = state.counted or claim.is_counted_behind
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
        if self._counts and _AGENT.search(words) and len(words) <= _AGENT_LENGTH:
            state.agent = words

    def _claim(
        self, text: str, quantity: Quantity, state: _State, cursor: int, until: int, follows: bool
    ) -> Claim:
        head = read_head(text[cursor : quantity.start], self._home, self._calendar, state.year)
        behind, end = behind_of(text, quantity, until)
        year, year_said = state.year, state.year_said
        base = head.years.base
        if head.years.years and quantity.unit == "倍":
            base = head.years.years[-1]  # 是2020年的1.4倍
        elif head.years.years:
            year, year_said = head.years.years[-1], True
            if not head.years.is_start and "目标" not in head.firm:
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
        compared = COMPARED.search(text[cursor : quantity.start].rstrip("的 "))
        if compared and state.main and not (aim or noun):
            subject, start = state.main + compared[0], state.start
        subject = _WHO_TAKES.remove_from(subject).replace("应当", "").removeprefix("但")
        if state.agent and _GIVES.search(subject):
            subject = state.agent + subject
        start = _visible(text, start)
        firm = head.firm or (state.firm if follows and not head.body else "")
        sign = sign_of(
            "" if aim else binding_of(text[cursor : quantity.start]) + head.change + firm, quantity
        )
        if head.years.base and not (head.body or head.change or noun):
            year, base = head.years.base, None  # 比2020年的63%提高: what it was then
        claim = Claim(
            quantity, subject, sign, start, end, text[:cursor], text[cursor:end], head,
            state.places, year, year_said, base, aim[0] if aim else "",
            bool(noun),
        )  # fmt: skip
        self._note(claim, state, head)
        return claim

    def _note(self, claim: Claim, state: _State, head: Head) -> None:
        state.unit = claim.quantity.unit
        if MEASURED.match(head.body):
            state.mains.append(state.main)
            return  # how far it is from a mark; what follows speaks of the indicator again
        state.subject, state.start, state.firm = claim.subject, claim.start, head.firm
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
        body = _LISTED.compiled.sub(r"\g<lead>", head.body) if noun else head.body
        bare = state.main and not (noun or head.each or head.change)
        if bare and BEGINS_WITH_ACT.fullmatch(body) and (same_unit or body in _REACHES):
            return _done_to(state, body, same_unit), state.start
        if bare and OFTEN.fullmatch(body):
            return (state.before or state.main) + body, state.start
        if bare and body in _TOTALS:
            return state.main.removeprefix(state.act) + body, state.start
        measured = MEASURED_BY.search(head.firm) or MEASURED_BY.search(body)
        if aim and (len(body) < 3 or measured or SET_BY.search(body)):
            return state.main or state.subject, state.start
        if noun and body in ("中", "里") and state.main:
            return state.main + noun, state.start  # 81家企业中已有75家投产
        if noun:
            body = _BINDING.remove_from(body)
            if body in _HOW:
                body += _act_of(head.firm)
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
    r"(?:高于|低于|快于|高出|超过|好于|慢于)[\u4e00-\u9fff]{0,10}(?:平均|目标|水平|全国|全省|全市)|"
    r"比[\u4e00-\u9fff]{1,8}[高低快慢多少]$",
    yes=("高于全市平均水平", "快于全国", "比全国高"),
    no=("高于", "普及率"),
    why="a figure that says how far another one is from a mark",
)


OFTEN = Pattern(
    r"每(?:日|天|周|月|季度?|年|半年|学期)(?:至少)?",
    yes=("每月", "每学期至少"),
    no=("常年", "每次"),
    why="how often, of what stands in front of it",
)
_TAKES = Pattern(r"^(?:可将|将|把|对|其中)", yes=(("可将课时", "可将"),), no=("全部课时",))
_WHO_TAKES = Pattern(
    r"^[^，。；的]{2,16}应当?(?:每年)?[将从](?=.{2})",
    yes=(("各级人民政府应当将水利经费用于", "各级人民政府应当将"),),
    no=("水利经费应当用于", "应将"),
    why="who has to take a share of what stands behind it",
)
_PART = Pattern(
    r"其中(?:包括|含|有)?$",
    yes=(("抽查3家，其中", "其中"),),
    no=("其中水厂",),
    why="parts of a count follow",
)
_AGENT = Pattern(
    r"(?:[行局厅委司院部署站会队校社]|中心|集团|机构|企业|政府|部门)$",
    yes=(("某某银行墨浦分行", "行"), ("市水务局", "局")),
    no=("针对小微企业困难",),
    why="who does what the next clauses tell",
)
_GIVES = Pattern(
    r"^(?:已经?|共|累计|就|又|再)?(?:向|为|给|对|发放|投放|派出|调集|捐赠|拨付|推出)",
    yes=(("累计向企业发放", "累计向"), ("已为企业", "已为")),
    no=("企业发放",),
)
_LISTED = Pattern(
    r"(?:包括|涵盖|包含|(?P<lead>[向为给对]))[^，、]{1,14}(?:、[^，、]{1,18}){1,30}+等?$",
    yes=(("推出包括上门、代办等", "包括上门、代办等"), "向蓝溪县、墨浦县等"),
    no=("蓝溪县、墨浦县", "包括上门"),
    why="a list in front of its own number: the number says what it needs",
)
_TOTALS = frozenset(["总数", "总量", "总额", "总规模", "总面积", "总里程", "总投资"])
_HOW = frozenset(["全面", "扎实", "用心", "全力", "全部", "持续", "集中", "加快", "力争", "全年"])
_REACHES = frozenset(["惠及", "覆盖", "带动", "服务", "吸纳"])
_AGAIN = frozenset(["建成", "完成", "达到", "累计", "累计建成", "实现", "实施", "改造", "新建"])
_BINDING = Pattern(r"至少|不少于|不得?低于", yes=(("至少配备", "至少"),), no=("配备",))


def binding_of(head: str) -> str:
    """至少 before the verb of what is counted (至少配备2名)."""
    found = _BINDING.search(head[-8:])
    return found[0] if found else ""


def _done_to(state: _State, act: str, same_unit: bool) -> str:
    """The same done to more of them (再新装6万只), another thing done (竣工60个), or whom it
    reaches (惠及1.6万户)."""
    if not same_unit:
        return state.main + act
    if state.act and act != state.act and state.main.startswith(state.act) and act not in _AGAIN:
        return act + state.main.removeprefix(state.act)
    return state.main


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


_NO_NOUN = Pattern(
    r"^(?:大关|关口|安排|执行|计算|推进|确定|掌握|考虑|测算)$", yes=("安排",), no=("安排就业",),
    why="a verb behind a figure, nothing that is counted",
)  # fmt: skip
