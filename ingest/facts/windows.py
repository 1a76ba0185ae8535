"""In which days something is done: stretches of the calendar, and days counted from something."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from ingest.facts.counted import counted
from ingest.facts.days import Stretch, day_of, first_day, last_day
from ingest.facts.material import Material, Piece
from ingest.facts.parts import unnumbered, untailed
from ingest.facts.rows import row, trimmed
from vectorstore.facts import Fact
from vectorstore.language.aims import MADE_THEN
from vectorstore.language.charges import DEFINES
from vectorstore.language.dates import YEAR
from vectorstore.language.deadlines import (
    BARRED,
    BEFORE,
    BEFORE_DAY,
    CLOSES,
    DESCRIBES,
    DONE_BY,
    EVERY_YEAR,
    HOLDS,
    HOUR,
    IN_FORCE,
    ISSUED_UNTIL,
    OF_THE_DOCUMENT,
    ON,
    ONWARDS,
    OPENING_HOURS,
    OPENS,
    POINT,
    PUNISHED,
    PUNISHES,
    REACHED,
    TIME,
    TO,
    TOLD,
    WITHIN,
)
from vectorstore.language.names import YEAR_AND_SERIAL
from vectorstore.language.numbering import unnumbered as unnumbered_heading
from vectorstore.language.numerals import COUNT, whole_number
from vectorstore.language.pattern import Pattern
from vectorstore.language.text import says

_SUBJECT, _FEW, _SHORTEST, _NAME = 80, 8, 2, 120  # characters
_COMMAS = "，,：:"
_FROM_TO = ("至", "到", "—", "－", "-", "~")
_TOP = 8  # lines
_IN_FORCE = ("起施行", "起实施", "起执行", "起生效", "有效期")
_PREPOSITIONS = ("自", "从", "于", "为", "在")  # in front of the days
_FOR = ("对", "凡")
_REPORTS = ("季报", "报告", "报表", "财务")
_HEADED = ("时间", "期限", "日期")
_DURING = ("", "期间", "间", "内")
_THIS_YEAR = ("今年", "本年", "本年度")
_NEXT_YEAR = ("明年", "次年", "翌年")
_EDGES = " \t\u3000，,；;。、:："
_NUMBERED = _EDGES + "0123456789.．"


@dataclass(frozen=True, slots=True)
class _When:
    """The year that a document speaks in, its day of issue, and the line above."""

    year: int | None
    issued: date | None
    above: str = ""


def read_windows(material: Material) -> Iterator[Fact]:
    """`subject` is the clause without its days; yearly and relative days are in `text`."""
    own = _own_year(material)
    when = _When(own, material.metadata.date_written)
    for line in material.lines:
        year = next((int(y) for h in reversed(line.headings) for y in YEAR.findall(h)), own)
        for sentence in line.sentences():
            if OF_THE_DOCUMENT.search(sentence.text) and says(sentence.text, _IN_FORCE):
                continue
            named = year
            for clause in untailed(unnumbered(sentence)).clauses():
                if not (IN_FORCE.search(clause.text) or DEFINES.search(clause.text)):
                    yield from _in_clause(material, clause, named, when)
                named = next((int(y) for y in reversed(YEAR.findall(clause.text))), named)
        when = replace(when, above=line.text)


def _own_year(material: Material) -> int | None:
    """The year that a document speaks in: the one in its title, of issue, or named first."""
    top = "\n".join(line.text for line in material.lines[:_TOP])
    in_title = YEAR.findall(material.metadata.title)
    if len(in_title) == 1:
        return int(in_title[0])
    if numbered := YEAR_AND_SERIAL.search(material.metadata.document_number or top):
        return int(numbered["year"])
    return material.metadata.year or next((int(y) for y in YEAR.findall(top)), None)


def _in_clause(material: Material, clause: Piece, year: int | None, when: _When) -> Iterator[Fact]:
    named = [m for p in (OPENING_HOURS, EVERY_YEAR) for m in p.finditer(clause.text)]
    dated = [
        day
        for day in _dated(clause.text, year, when)
        if not any(m.start() <= day.start < m.end() for m in named)
    ]
    told = [s for s in counted(clause.text) if not any(_overlap(s, d) for d in dated)]
    told = [s for s in told if not _is_punishment(clause.text, s)]
    found = sorted((*dated, *told), key=lambda s: s.start)
    for at, stretch in enumerate(found):
        before = found[at - 1].end if at else 0
        after = found[at + 1].start if at + 1 < len(found) else len(clause.text)
        quoted = _around(clause, stretch, before, after)
        subject = _subject(clause.text, stretch, before, after) or _called(when.above)
        if subject:
            yield row(
                material, quoted, "window", subject=subject,
                since=stretch.since, until=stretch.until, text=stretch.text,
            )  # fmt: skip


def _overlap(one: Stretch, other: Stretch) -> bool:
    return one.start < other.end and other.start < one.end


# --- days of the calendar --------------------------------------------------------------------


def _dated(text: str, year: int | None, when: _When) -> Iterator[Stretch]:
    points = [m for m in POINT.finditer(text) if m[0]]
    skip = -1
    for at, point in enumerate(points):
        if point.start() < skip:
            continue
        given = when.year if point["w"] in _THIS_YEAR else _year(point, text, year)
        following = points[at + 1] if at + 1 < len(points) else None
        stretch = _stretch(text, point, following, given, when)
        if stretch and not _is_other(text, stretch):
            skip = stretch.end
            yield stretch


def _stretch(
    text: str, point: re.Match[str], following: re.Match[str] | None, year: int | None, when: _When
) -> Stretch | None:
    lead, rest = text[: point.start()], text[point.end() : point.end() + 40]
    first, last = first_day(point, year), last_day(point, year)
    start, end = point.span()
    if to := TO.match(rest):
        return _to(text, point, to, following, first)
    if before := BEFORE.match(rest):
        return _made(text, (start, end + before.end()), None, last, point)
    if CLOSES.search(lead):
        return _made(text, (start, end), None, last, point)
    if (issued := ISSUED_UNTIL.search(lead)) and point["d"]:
        return _made(text, (issued.start(), end), when.issued, last, point)
    on, opens = ONWARDS.match(rest), OPENS.search(lead)
    if on and (opens or (point["d"] and not lead.strip(_NUMBERED))):
        return _made(text, (opens.start() if opens else start, end + on.end()), first, None, point)
    if point["d"] and ON.search(lead) and on:
        return _made(text, (start, end + on.end()), first, None, point)
    if point["d"] and ON.search(lead):
        return _made(text, (start, end), first, last, point)
    part = point["part"] or ""
    if part == "年内":
        return _made(text, (start, end), None, last, point)
    if part[-2:] in ("半年", "季度") and not rest.startswith(_REPORTS):
        return _made(text, (start, end), first, last, point)
    return None


def _to(
    text: str, point: re.Match[str], to: re.Match[str],
    following: re.Match[str] | None, first: date | None,
) -> Stretch | None:  # fmt: skip
    """From a day to another: the second one may be no more than 20日."""
    end = point.end() + to.end()
    year = first.year if first else None
    if to["d"]:
        last = day_of(
            year, int((point["m"] and whole_number(point["m"])) or 0), whole_number(to["d"])
        )
        return _made(text, (point.start(), end), first, last, point) if point["m"] else None
    if following is None or following.start() != end or not (point["m"] or point["part"]):
        return None
    given = _year(following, text, year)
    last = last_day(following, given)
    return _made(text, (point.start(), following.end()), first, last, point)


def _made(
    text: str, span: tuple[int, int], since: date | None, until: date | None, point: re.Match[str]
) -> Stretch | None:
    """Days of every year, and days of a year that nobody names, stay words."""
    if hour := TIME.match(text[span[1] : span[1] + 12]):
        span = (span[0], span[1] + hour.end())
    timed = text[slice(*span)] if HOUR.search(text[slice(*span)]) else ""
    if point["w"] == "每年":
        return Stretch(*span, text=text[slice(*span)])
    if since is None and until is None:
        return Stretch(*span, text=text[slice(*span)]) if point["m"] else None
    return Stretch(*span, since, until, timed)


def _year(point: re.Match[str], text: str, year: int | None) -> int | None:
    """The year of a day: its own, or the last one named before it, or the document's."""
    if point["y"]:
        return int(point["y"])
    if point["w"] in _NEXT_YEAR:
        return year + 1 if year else None
    if _NTH_YEAR.search(text[: point.start()]):
        return None
    named = list(YEAR.finditer(text, 0, point.start()))
    return int(named[-1][0]) if named else year


# --- what happens in them --------------------------------------------------------------------


def _is_punishment(text: str, stretch: Stretch) -> bool:
    lead = text[max(0, stretch.start - 30) : stretch.start]
    if BARRED.match(text, stretch.start):
        return False
    return bool(PUNISHES.search(text[stretch.end :]) or PUNISHED.search(lead))


def _is_other(text: str, stretch: Stretch) -> bool:
    """The day of a figure to be reached, of the document's own life, or of what was done."""
    after = text[stretch.end :]
    reached = stretch.text == "" and REACHED.search(after.split("；")[0][:60])
    lead = text[max(0, stretch.start - 30) : stretch.start]
    if ISSUED_UNTIL.match(text, stretch.start):
        return bool(HOLDS.match(after))
    words = stretch.text if "每年" not in stretch.text else ""  # days of a year nobody names
    two = (stretch.since and stretch.until) or any(to in words for to in _FROM_TO)
    told = two and TOLD.search(text)
    few = text[stretch.start : stretch.end] == "年内" and COUNT.search(after.split("，")[0])
    return bool(
        few
        or told
        or (reached and (lead.endswith("到") or (stretch.since and not stretch.until)))
        or (lead.endswith(("截止", "截止到")) and after.startswith("，"))
        or OF_THE_DOCUMENT.search(text[max(0, stretch.start - 20) : stretch.end + 6])
        or lead.endswith(("截至", "已于", "已在"))
        or DONE_BY.search(after)
        or (_only_until(stretch) and DESCRIBES.search(after) and _opens(lead))
        or MADE_THEN.match(after)
    )


def _only_until(stretch: Stretch) -> bool:
    return stretch.since is None or stretch.until is None


def _opens(lead: str) -> bool:
    """对2026年6月底前到期的贷款: the days stand in the name of whom something is said."""
    return bool(_TOWARDS.search(lead))


_NTH_YEAR = Pattern(
    r"第\s?[\d一二三四五六七八九十]{1,2}\s?年的?\s?$",
    yes=(("考核期第2年", "第2年"),),
    no=("2026年", "第2次"),
    why="in front of a month: the year of a term, not of the calendar",
)
_TOWARDS = Pattern(
    r"(?:^|[，。；：])(?:(?:对于?|凡)[^，。；]{0,12}|将|[^，。；]{0,12}(?:要|可)?将)?(?:在|于|属于)?$",
    yes=("，对", "", "各地要将在"),
    no=("供水单位应当",),
    why="in front of a day that is part of a name",
)


def _around(clause: Piece, stretch: Stretch, before: int, after: int) -> Piece:
    """The part of the clause that the days belong to, in commas, between other stretches; with
    the one before it where it holds nothing but days."""
    start, end = _part(clause.text, stretch, before, after)
    words = clause.text[start : stretch.start] + clause.text[stretch.end : end]
    if len(words.strip(_EDGES)) < _SHORTEST and start > before:
        start = max(before, max(clause.text.rfind(c, before, start - 1) for c in _COMMAS) + 1)
    return trimmed(clause.part(start, end))


def _part(text: str, stretch: Stretch, before: int, after: int) -> tuple[int, int]:
    """Offsets of that part; a comma right behind the days does not end it."""
    start = max(before, max(text.rfind(c, before, stretch.start) for c in _COMMAS) + 1)
    ends = (i for c in _COMMAS if (i := text.find(c, stretch.end + 1, after)) >= 0)
    return start, min(ends, default=after)


def _subject(text: str, stretch: Stretch, before: int, after: int) -> str:
    """What happens: the words around the days, with those before them if they are few."""
    start, end = _part(text, stretch, before, after)
    lead = text[start : stretch.start].rstrip(_EDGES)
    for word in _PREPOSITIONS:
        lead = lead.removesuffix(word)
    behind = text[stretch.end : end]
    if stretch.since and stretch.until and len(lead) < _NAME and behind.strip(_EDGES) in _DURING:
        behind = text[stretch.end : after]  # 在1月至6月期间，未能缴费的，…
    lead = "" if not lead.strip(_NUMBERED) else lead
    if not lead and behind.lstrip(_EDGES + "起止").startswith(_FOR) and text[end : end + 1] == "，":
        behind += "，" + text[end + 1 : after].split("，")[0]  # 自1月1日起，对…，免征…
    words = (lead + behind.lstrip("止起期间的")).strip(_EDGES)
    if len(words) < _FEW:
        above = [p for c in text[:start].split("，") if (p := c.strip(_EDGES)) and not _when(p)]
        words = "，".join((*above[-1:], words)) if above else words
    return _leading(words)[:_SUBJECT]


def _called(above: str) -> str:
    """申报时间 over a line that holds nothing but days."""
    heading = above.strip(_EDGES)
    return unnumbered_heading(heading) if heading.endswith(_HEADED) else ""


def _when(text: str) -> bool:
    return bool(BEFORE_DAY.search(text) or WITHIN.search(text))


def _leading(words: str) -> str:
    """Without the preposition that stood in front of the days."""
    return words.removesuffix("于").removeprefix("在").strip(_EDGES)
