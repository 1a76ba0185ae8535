"""Whether what a quote is about is what the question asks: place and level, year, group, kind of
quantity, indicator. Pure; asked only of questions for a figure.

A misfit is a clear contradiction. What a statement leaves unsaid contradicts nothing.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from assistant.answers.content import Statement
from assistant.answers.frames import (
    FITS,
    Aspect,
    Held,
    Verdict,
    held_by,
    held_in,
)
from assistant.answers.slots import displaced
from assistant.find.evidence import Evidence
from assistant.understand.corpus import Path
from assistant.understand.question import Question
from assistant.understand.wanted import Wanted, wanted_of
from vectorstore.facts import Fact
from vectorstore.language.acts import ACTS, HAS_A_ROLE
from vectorstore.language.dates import A_YEAR, PART_OF_YEAR, years_said
from vectorstore.language.groups import STAGES, are_kin, groups_in, is_left_to, rivals
from vectorstore.language.measures import NAMES, PAID_OUT, is_another, is_told_each
from vectorstore.language.names import TITLE
from vectorstore.language.pattern import Pattern
from vectorstore.language.regions import COMPARED, NATION, short_name
from vectorstore.language.sentences import BRACKETED

_DATELINE = Pattern(
    r"[\u4e00-\u9fff]{2,4}社?[\u4e00-\u9fff]{2,6}?\d{1,2}月\d{1,2}日(?:讯|电)",
    yes=("某某社青禾3月2日电", "本报青禾3月2日讯"),
    no=("3月2日来电", "青禾3月2日开工"),
    why="where news was written, not of what it is",
)
_SHARED_OUT = Pattern(
    r"[每各](?!年|月|季|周|天|日|学期|项|类)|分别|均(?:达|为|不|要)|按照?|标准|不得|应当",
    yes=(("每个县（区）", "每"), ("各县均达到", "各")),
    no=("每年培训", "全市达到"),
    why="a rule that holds in every part of a place",
)
_ANY_YEAR = Pattern(
    r"每年|逐年|年均|历年|近年|上年|去年|明年|当年|次年|年度|同比",
    yes=("每年", ("比上年增长", "上年")),
    no=("2025年", "年内"),
    why="a year that is told otherwise than by its number",
)
_YEAR_BEFORE = Pattern(
    r"上年|去年|上一年", yes=("上年",), no=("今年",), why="the year before the one that is told"
)
_BASE = Pattern(
    rf"(?:较|比|由|从|与|按|自)\s?{A_YEAR}\s?年",
    yes=(("比2023年提高", "比2023年"), ("由2024年的22%", "由2024年")),
    no=("2024年提高到", "到2025年"),
    why="a year that a figure is only held against",
)
_LEVELS = "省市县州盟旗区"
_OF_A_LEVEL = ("级", "定", "财政", "政府", "里")


def fit(question: Question, statement: Statement, evidence: Evidence) -> Verdict:
    """Whether a statement is about what a question asks; what quotes nothing always is."""
    wanted = wanted_of(question)
    if wanted is None or not statement.quotes:
        return FITS
    return compare(wanted, held_in(statement, evidence))


def passes_off(question: Question, sentence: str, statement: Statement, evidence: Evidence) -> bool:
    """Whether a sentence that rests on a statement lets another place, year or group pass for
    the one that was asked about: it does not name whose the figure is."""
    verdict = fit(question, statement, evidence)
    names = {verdict.stated, short_name(verdict.stated)} - {""}
    return (
        verdict.aspect in ("place", "year", "group")
        and not any(name in sentence for name in names)
        and verdict.stated not in groups_in(sentence)
    )


def rows_that_fit(question: Question, facts: Iterable[Fact], evidence: Evidence) -> list[Fact]:
    """Those that are about what a question asks, each judged by itself."""
    wanted = wanted_of(question)
    if wanted is None:
        return list(facts)
    return [fact for fact in facts if compare(wanted, held_by(fact, evidence)).fits]


def compare(wanted: Wanted, held: Held) -> Verdict:
    """The first contradiction, or FITS."""
    for aspect, judge in _JUDGES.items():
        if (aspect == "act") == (wanted.act is not None) and (found := judge(wanted, held)):
            return replace(found, aspect=aspect)
    return FITS


# --- place and level ----------------------------------------------------------------------------


def _place(wanted: Wanted, held: Held) -> Verdict | None:
    said = _DATELINE.remove_from(COMPARED.remove_from(f"{held.around} {held.text}"))
    if wanted.nation:
        return _not_the_nation(held, said)
    if wanted.town:
        known = f"{said} {held.title} {' '.join(held.region)} {_of_rows(held)}"
        if short_name(wanted.town) in known:
            return None
        return Verdict(f"没有读到{wanted.town}的数值", _own_name(held))
    if not wanted.places or not held.region:
        return None
    clause = answering(wanted.topic, held.text)
    found = [_other_place(path, held, said, clause) for path in wanted.places]
    return found[0] if all(found) else None


def _not_the_nation(held: Held, said: str) -> Verdict | None:
    if not held.region or NATION.search(said) or any(row.level == "国" for row in held.rows):
        return None
    return Verdict("没有读到全国的数值", _own_name(held))


def _other_place(path: Path, held: Held, said: str, clause: str) -> Verdict | None:
    region, name = held.region, path[-1]
    for below in region[len(path) :]:  # 云岭青禾 speaks of 青禾
        for level in ("", *_LEVELS):
            said = said.replace(f"{short_name(name)}{level}{short_name(below)}", "")
    if name in region[-1:] or any(n in said for n in (name, short_name(name))):
        return None
    misfit = Verdict(f"没有读到{name}的数值", _own_name(held))
    if region[: len(path)] == path or name in region:  # a document of a place within it
        return None if _speaks_at(name, said) else misfit
    if region[-1] in path:  # a document of a place around it
        own = [row for row in held.rows if row.kind != "amount"]
        if _SHARED_OUT.search(clause) or (held.rows and not own):
            return None
        return misfit if _speaks_at(region[-1], said) or own else None
    return misfit


def _speaks_at(name: str, said: str) -> bool:
    """Whether a text says 全省, 省级… of a place that is called so."""
    level = name[-1]
    words = (f"全{level}", f"我{level}", f"本{level}", *(f"{level}{of}" for of in _OF_A_LEVEL))
    return level in _LEVELS and any(word in said for word in words)


def _own_name(held: Held) -> str:
    return held.region[-1] if held.region else ""


def _of_rows(held: Held) -> str:
    return " ".join(row.place for row in held.rows)


# --- year -----------------------------------------------------------------------------------------


def _year(wanted: Wanted, held: Held) -> Verdict | None:
    if other := _quarter(wanted, held):
        return other
    if not wanted.years:
        return None
    named = "、".join(f"{year}年" for year in sorted(wanted.years))
    if row := _row_of_another_year(wanted, held):
        return Verdict(f"没有载明{named}的数值", f"{row.year}年")
    if wanted.years & years_said(held.text):
        return None
    clause = answering(wanted.topic, held.text)
    own = _governing(clause, held.text)
    if not own and _ANY_YEAR.search(clause):
        return None
    if _YEAR_BEFORE.search(held.text) and any(year + 1 in own for year in wanted.years):
        return None
    rows = {year for row in held.rows for year in (row.year, row.base_year) if year}
    title = years_said(TITLE.remove_from(held.title) or held.title)
    told = own or rows or years_said(held.around) or {y for t in title for y in (t - 1, t)}
    if not told or wanted.years & (told if own else told | rows):
        return None
    return Verdict(f"没有载明{named}的数值", f"{max(told)}年")


_SURE, _ALIKE = 0.7, 0.6  # of what is asked, in the name of a row; of that, in another's


def _row_of_another_year(wanted: Wanted, held: Held) -> Fact | None:
    """The row whose name is what is asked, of another year, where the rows of the year that is
    asked about are called otherwise."""
    if _POINTS_BACK.search(held.text):
        return None
    pairs = _pairs(wanted.topic)
    rows = [(len(pairs & _pairs(r.group + r.subject)), r) for r in held.rows if r.year]
    own = [shared for shared, row in rows if row.year in wanted.years]
    best = max(rows, key=lambda pair: pair[0], default=(0, None))
    if not own or not pairs or best[0] < _SURE * len(pairs) or max(own) >= _ALIKE * best[0]:
        return None
    return best[1]


_POINTS_BACK = Pattern(
    r"上述|前述|分别|以上[两三四各]项",
    yes=("上述", "分别"),
    no=("以上",),
    why="a figure of what was named before",
)


def _quarter(wanted: Wanted, held: Held) -> Verdict | None:
    asked, told = wanted.quarters, set(PART_OF_YEAR.findall(held.text))
    if not asked or not told or asked & told:
        return None
    return Verdict(f"没有载明{min(asked)}的数值", min(told))


def _governing(clause: str, text: str) -> set[int]:
    """The years that stand in a clause or before it, but for those it is held against."""
    before = text[: text.find(clause) + len(clause)]
    return years_said(_BASE.remove_from(_OPEN_BRACKET.sub("", BRACKETED.remove_from(before))))


_OPEN_BRACKET = re.compile(r"[（(][^（()）]{0,200}+$")


# --- group ----------------------------------------------------------------------------------------


def _group(wanted: Wanted, held: Held) -> Verdict | None:
    if wanted.is_own_case:
        return None
    clause = answering(wanted.topic, held.text)
    for group in sorted(wanted.groups):
        if any(are_kin(group, g) for g in groups_in(held.title)):
            continue  # all of the document is about it
        if _is_named(group, clause, wanted) or is_left_to(group, held.text):
            continue
        near = groups_in(f"{held.around} {held.text}")
        others = rivals(group, groups_in(clause), wanted.groups)
        if not others and not any(are_kin(group, g) for g in near):
            others = rivals(group, near, wanted.groups)
            if not others and _is_nowhere(group, wanted, held):
                return Verdict(f"没有载明{group}的数值")
        if others:
            return Verdict(f"没有载明{group}的数值", min(others))
    return None


def _is_named(group: str, clause: str, wanted: Wanted) -> bool:
    """Whether the clause that answers speaks of a group, or no clause is about it alone."""
    if any(are_kin(group, g) for g in groups_in(clause)):
        return True
    return group not in wanted.groups_of_topic


def _is_nowhere(group: str, wanted: Wanted, held: Held) -> bool:
    """A document that never speaks of the one group that is asked about."""
    apart = not wanted.is_joined and group not in STAGES
    return apart and bool(held.source) and not any(
        are_kin(group, g) for g in groups_in(held.source)
    )  # fmt: skip


# --- kind of quantity, indicator ------------------------------------------------------------------


def _measure(wanted: Wanted, held: Held) -> Verdict | None:
    if wanted.measure is None or held.is_row or not wanted.is_single:
        return None
    if is_another(held.text, wanted.measure):
        return Verdict(f"没有载明所问的{NAMES[wanted.measure]}")
    if wanted.measure == "money" and not wanted.is_fine and _FINED.search(held.text):
        if not PAID_OUT.search(held.text):
            return Verdict("没有载明所问的标准", "罚款")
    if wanted.each and not is_told_each(f"{held.around} {held.text}", wanted.each):
        return Verdict(f"没有载明每{wanted.each}的标准")
    return None


_FINED = Pattern(r"罚款|处罚", yes=("罚款",), no=("补助",), why="paid in")


def _act(wanted: Wanted, held: Held) -> Verdict | None:
    """Another role than the one that is asked for: 牵头 where 验收 is asked."""
    said = f"{held.around} {held.passage} {held.text}"
    if wanted.act is None or ACTS[wanted.act].search(said) or not HAS_A_ROLE.search(said):
        return None
    return Verdict(f"没有写明由谁{wanted.act}")


def _indicator(wanted: Wanted, held: Held) -> Verdict | None:
    if not wanted.is_single or wanted.is_own_case:
        return None
    clause = answering(wanted.topic, held.text)
    pairs = _pairs(wanted.topic)
    if held.source and len(pairs & _pairs(held.source)) < _WORDED * len(pairs):
        return None  # in everyday words: what is missing says nothing
    known = f"{held.around} {held.title} {held.text} {' '.join(held.region)}"
    found = displaced(wanted.topic, clause, known, held.source)
    return Verdict(f"没有载明{found[0]}的数值", found[1]) if found else None


_WORDED = 0.5  # of what is asked, in the document; of less the words are another's
_SEGMENT = re.compile(r"[^，,。；;！？\n]+")


def answering(topic: str, text: str) -> str:
    """The clause of a statement that holds a figure and most of what is asked; all of it where
    none holds one."""
    pairs = _pairs(topic)
    parts = [m[0] for m in _SEGMENT.finditer(text) if re.search(r"\d|[一二三四五六七八九十]", m[0])]
    return max(parts, key=lambda part: len(pairs & _pairs(part)), default=text)


def _pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}


_JUDGES: dict[Aspect, Callable[[Wanted, Held], Verdict | None]] = {
    "act": _act, "place": _place, "year": _year, "group": _group, "measure": _measure,
    "indicator": _indicator,
}  # fmt: skip
