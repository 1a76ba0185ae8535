"""What is paid, charged or waived: subsidies, rewards, fees, by class."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from ingest.facts.lists import listings
from ingest.facts.material import Material, Piece
from ingest.facts.parts import parts, unnumbered, untailed
from ingest.facts.rows import row, trimmed
from ingest.facts.sums import Sum, sums, written_end
from vectorstore.facts import Fact
from vectorstore.language.dates import YEAR
from vectorstore.language.eligibility import ELIGIBLE
from vectorstore.language.numbering import enumerator
from vectorstore.language.numbering import unnumbered as unnumbered_heading
from vectorstore.language.pattern import Pattern
from vectorstore.language.sums import (
    AT_MOST,
    BARE,
    BASE,
    BEFORE_NAME,
    CHOSEN,
    CONDITIONAL,
    EACH_ONE,
    ELIDED,
    FINE,
    FREE,
    LENDERS_ASKED,
    NAMES,
    NOT_PAID,
    PAYMENT,
    PAYS,
    PEOPLE,
    RAISED,
    RATE,
    SET_ASIDE,
    SETS_ASIDE,
    SHARE_PAID,
    SUM_IN_FRONT,
    TO_WHOM,
    TOLD_SHARE,
    VERBS_AROUND,
    WAS,
    WHO_ELSE,
)

_COUNTS = Pattern(
    r"公报$|统计数据|运行情况",
    yes=(("2025年统计公报", "公报"),),
    no=("补贴公告",),
    why="a document that counts: but a sum for each of some is an amount there",
)
_GROUP, _SUBJECT, _HEADING, _LABEL = 120, 60, 20, 24  # characters
_TOWARDS = ("对", "针对", "凡")
_TOLD = 10**8  # 元: sums as large are told of a place, not paid to one
_MONEY = ("元", "美元")
_SHARES = ("%", "‰", "倍")


@dataclass(slots=True)
class _Said:
    """What a clause has said so far: what is paid, and to whom."""

    subject: str = ""
    group: str = ""
    label: str = ""  # 重度失能： in front of several sums
    paid: bool = False  # whether a clause before has granted a sum
    by_class: bool = False  # an item of a list of sums, each for a class: 80至89周岁，每月60元


@dataclass(frozen=True, slots=True)
class _Paid:
    """A sum of a clause; `own` where its part names what is paid, `of_many` where that part
    holds several."""

    part: Piece
    sum: Sum
    subject: str
    group: str
    own: bool
    of_many: bool


def read_payments(material: Material) -> Iterator[Fact]:
    titled = _named_in(material.metadata.title)
    announced = {
        (item.passage.id, item.start): listing.lead.text
        for listing in listings(material)
        for item in listing.items
    }
    counts = _COUNTS.search(material.metadata.title) is not None
    for line in material.lines:
        head = ""
        for sentence in line.sentences():
            body = untailed(unnumbered(sentence))
            lead = announced.get((body.passage.id, body.start), "")
            said = _Said(_named_in(lead) or head, by_class=bool(PAYS.search(lead)))
            head = head or _run_in(body.text)
            for clause in body.clauses():
                for fact in _in_clause(material, clause, said, titled):
                    if not counts or "/" in fact.unit:
                        yield fact


def _run_in(text: str) -> str:
    """A short sentence that is the name of what the next ones pay: 机构运营补贴。"""
    text = text.strip("。：: ")
    name = _named_in(text) if len(text) <= _LABEL else ""
    return name if text.endswith(name) and not BARE.search(name) else ""


def pays(text: str) -> bool:
    """Whether a clause says a sum that is paid: whom it is for is then the class of that sum."""
    return any(_is_paid(text, one, text) for one in sums(text))


def _in_clause(material: Material, clause: Piece, said: _Said, titled: str) -> Iterator[Fact]:
    said.group = said.label = ""
    whom = tuple(ELIGIBLE.finditer(clause.text))
    paid: list[_Paid] = []
    for part in parts(clause):
        elides = not paid[-1].of_many if paid else said.paid
        found = [
            s
            for s in sums(part.text)
            if _is_paid(part.text, s, clause.text) or (elides and _elided(part.text, s))
        ]
        last = 0
        for one in found:
            named = _Said(_named(part.text, one, last), _class(part.text, one, last))
            said.subject = _fuller(named.subject, said.subject)
            vague = EACH_ONE.search(named.group) or WHO_ELSE.search(named.group)
            # 泵站建设 in 泵站建设补贴 is no class; 每部 says less than 加装电梯的
            if named.group not in named.subject and not (said.group and vague):
                said.group = named.group
            subject = _under_heading(said.subject or _named_in(clause.text), clause, titled)
            group = _whole(said.group, whom, part.start - clause.start + one.start)
            group = "，".join(filter(None, (said.label, group)))
            own = bool(named.subject) and not BARE.search(named.subject) and not whom
            paid.append(_Paid(part, one, subject, group, own, len(found) > 1))
            last = one.end
        if not found:
            _listen(part.text, said)
    said.paid = said.paid or bool(paid)
    for one_paid, following in zip_longest(paid, paid[1:]):
        quoted = _quoted(clause, one_paid, following, one_paid is paid[0])
        yield from _rows(material, quoted, one_paid)


def _listen(text: str, said: _Said) -> None:
    """A part without a sum: it may name what is paid, or to whom."""
    name = _named_in(text)
    said.paid = said.paid or bool(text.endswith(("：", ":")) and PAYS.search(text))
    is_label = text.endswith(("：", ":")) and len(text) <= _LABEL and not name
    text = text.strip("，,；;：: ")
    if is_label:
        found = enumerator(text)
        said.label = text[len(found[1]) :] if found else text
    elif text.endswith("的") or text.startswith(_TOWARDS) or (said.by_class and not said.group):
        said.group = text.removeprefix("针").removeprefix("对").removeprefix("于")[:_GROUP]
    said.subject = _fuller(name, said.subject)


def _fuller(name: str, before: str) -> str:
    """补助 alone takes the name that was said before."""
    if not name or (BARE.search(name) and before and not BARE.search(before)):
        return before
    return name


# --- which sums are paid ---------------------------------------------------------------------


def _is_paid(part: str, one: Sum, clause: str) -> bool:
    after, before = part[one.end :], part[: one.start]
    if one.unit.startswith("%") and _is_aim(before, after, clause):
        return False
    if CONDITIONAL.search(after) or WAS.search(after) or FINE.search(part):
        return False
    unit, _, each = one.unit.partition("/")
    if unit in _MONEY:
        told = NOT_PAID.search(part[: one.per][-30:]) or NOT_PAID.search(after[:6])
        if one.value >= _TOLD and not SETS_ASIDE.search(part):
            return False
        capped = AT_MOST.search(before) and PAYS.search(clause)
        return not told and bool(PAYS.search(part) or each or capped)
    if unit in _SHARES:
        near = before[-30:] + after[:20]
        return (
            bool(SHARE_PAID.search(near)) and not TOLD_SHARE.search(near) and not RATE.search(near)
        )
    return bool(FREE.search(before[-16:]) and (each or FREE.search(before[-6:])))


def _is_aim(before: str, after: str, clause: str) -> bool:
    """A share that somebody must reach or may set."""
    asked = LENDERS_ASKED.search(clause) and "利率" in before
    return bool(SET_ASIDE.search(after) or CHOSEN.search(after) or asked)


def _elided(part: str, one: Sum) -> bool:
    """本科给予2万元，大专1万元: what is done with the second sum is said of the first."""
    if one.unit.split("/")[0] not in _MONEY or one.value >= _TOLD:
        return False
    after = part[one.end :].strip("，,；;。、 ")
    return not after and bool(ELIDED.search(part[: one.start].strip("，,、 ")))


# --- what it is called, and for whom ---------------------------------------------------------


def _named(part: str, one: Sum, since: int) -> str:
    """The name of what is paid, behind the sum or else in front of it."""
    if match := NAMES.match(part, one.end):
        return _clean(match["name"])
    return _named_in(part[since : one.start])


def _named_in(text: str) -> str:
    """The last name of what is paid; one that says what goes before 标准 alone."""
    found = [name for m in PAYMENT.finditer(text) if (name := _clean(m["name"]))]
    return next((name for name in reversed(found) if not BARE.search(name)), "") or (
        found[-1] if found else ""
    )


def _clean(name: str) -> str:
    name = SUM_IN_FRONT.remove_from(name.strip("的“” "))
    name = RAISED.remove_from(name).strip("的“” ").lstrip("和与及、")
    return BEFORE_NAME.remove_from(name)[-_SUBJECT:]


def _under_heading(name: str, clause: Piece, titled: str) -> str:
    """A name that says nothing of what is paid takes the one in the title, or the heading in
    front of it."""
    if name and not BARE.search(name):
        return name
    if titled and not BARE.search(titled):
        return titled
    heading = unnumbered_heading(clause.headings[-1]) if clause.headings else ""
    heading = heading if len(heading) <= _HEADING else ""
    return f"{heading} {name}".strip()


def _class(part: str, one: Sum, since: int) -> str:
    """Whom a sum is for, in the words in front of it."""
    lead = part[since : one.per].strip("，,、；;：: 和")
    if whom := TO_WHOM.search(part[since : one.start] + "给予"):
        return whom["who"][:_GROUP]
    if one.unit.startswith(_SHARES):
        lead = BASE.remove_from(lead)
    rest = VERBS_AROUND.remove_from(lead).strip("，,、；;：: ")
    names = list(PAYMENT.finditer(rest))
    if names:  # 补助标准为小学: the class stands behind the name
        rest = VERBS_AROUND.remove_from(rest[names[-1].end() :]).strip("，,、；;：: ")
    was = rest[5:].removeprefix("的") if YEAR.match(rest) else rest  # 由2023年的148元提高到
    is_sum = any((found.start, found.end) == (0, len(was)) for found in sums(was))
    return "" if is_sum else rest[:_GROUP]


def _whole(group: str, whom: Sequence[re.Match[str]], at: int) -> str:
    """Whom the clause is for, where the words in front of the sum say no more than 单个项目,
    方式 or 省财政."""
    before = [match["text"] for match in whom if match.end() <= at]
    if not before or (group and WHO_ELSE.search(group) is None):
        return group
    return "，".join((before[-1], *([group] if EACH_ONE.search(group) else [])))[:_GROUP]


def _quoted(clause: Piece, paid: _Paid, following: _Paid | None, first: bool) -> Piece:
    """The clause; its part alone where that pays by class, and up to the next payment where that
    has a name of its own: 建设补贴每座4000元，管护补贴每月400元."""
    if paid.of_many:
        return trimmed(paid.part)
    start = paid.part.start - clause.start if paid.own and not first else 0
    cut = following and following.own and following.part != paid.part
    end = paid.part.end - clause.start if cut else len(clause.text)
    return trimmed(clause.part(start, end))


def _rows(material: Material, quoted: Piece, paid: _Paid) -> Iterator[Fact]:
    """One row for each class that is named beside another: 特困供养人员、低保对象."""
    one = paid.sum
    for name in _classes(paid.group):
        yield row(
            material, quoted, "amount", subject=paid.subject, group=name,
            value=one.value, high=one.high, unit=one.unit, comparator=one.comparator,
            text=paid.part.text[one.per : written_end(paid.part.text, one)].strip(),
        )  # fmt: skip


def _classes(group: str) -> list[str]:
    names = [name for joined in group.split("、") for name in joined.split("和")]
    short = all(2 <= len(n) <= 10 and "的" not in n and PEOPLE.search(n) for n in names)
    return names if len(names) > 1 and short else [group]
