"""Which year a figure is for, and which year it is compared with."""

import re
from dataclasses import dataclass
from datetime import date

from vectorstore.language.aims import BASE, MADE_THEN, YEAR_SAID
from vectorstore.language.dates import A_YEAR, PLAN_ENDS, YEAR_RANGE
from vectorstore.language.names import NAMED_DOCUMENT
from vectorstore.language.pattern import Pattern

_IN_TITLE = Pattern(
    rf"(?P<year>{A_YEAR})\s?年(?!印发)",
    yes=(("某县2026年教育工作要点", "2026年"),),
    no=("2026号",),
    why="the year that a document is about",
)
_PROMISED = ("承诺的", "确定的", "部署的", "制定的", "出台的", "印发的")  # 2024年承诺的10件
_END_OF_YEAR = 11
_PLAN = Pattern(
    r"“?(?P<plan>十[一二三四五六]五)”?",
    yes=(("“十五五”规划", "“十五五”"), "十四五"),
    no=("十五年",),
)


@dataclass(frozen=True, slots=True)
class Calendar:
    """What 今年, 两年 and the like mean in a document.

    `current` is the year in which it speaks, `about` the year or the first and last year that
    its title names, None where it names none.
    """

    current: int | None = None
    about: tuple[int, int] | None = None
    last: int | None = None  # the year that a report looks back on

    @property
    def target_year(self) -> int | None:
        """The year that aims are for where no sentence says so."""
        return self.about[1] if self.about else None

    def is_past(self, year: int) -> bool | None:
        """None where it may be either."""
        now = self.current or (self.about[0] if self.about else None)
        if now is None or year == now:
            return None
        return year < now


def calendar_of(day: date | None, year: int | None, title: str) -> Calendar:
    """`day` and `year` are those of issue, `title` that of the document, or of what it issues."""
    if span := YEAR_RANGE.search(title):
        about = (int(span["first"]), int(span["last"]))
    elif (plan := _PLAN.search(title)) and plan["plan"] in PLAN_ENDS:
        last = PLAN_ENDS[plan["plan"]]
        about = (last - 4, last)
    elif said := _IN_TITLE.search(title):
        about = (int(said["year"]), int(said["year"]))
    else:
        return Calendar(year, None, _last(day, year))
    return Calendar(year or about[0], about, _last(day, year))


def _last(day: date | None, year: int | None) -> int | None:
    """A report of the last weeks of a year is about that year, any other about the one before."""
    if day and day.month >= _END_OF_YEAR:
        return day.year
    return year - 1 if year else None


@dataclass(frozen=True, slots=True)
class Years:
    """The years that a stretch of text names, in order, and where their words stand."""

    years: tuple[int, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()
    base: int | None = None
    has_base: bool = False
    is_start: bool = False  # 由2020年的63%提高到…: the year from which something changed


def years_in(text: str, calendar: Calendar, year: int | None = None) -> Years:
    """`year` is that of the sentence so far: what 上年 is counted from."""
    spans: list[tuple[int, int]] = []
    base, has_base = None, False
    for match in BASE.finditer(text):
        spans.append(match.span())
        base, has_base = _base_year(match, year or calendar.current), True
    years, is_start = [], False
    barred = [match.span() for match in NAMED_DOCUMENT.finditer(text)]
    for match in YEAR_SAID.finditer(text):
        if any(a < match.end() and match.start() < b for a, b in spans + barred):
            continue
        if MADE_THEN.match(text, match.end()):
            continue  # 2000年底前建成的小区: of what age they are
        value = _said(match, calendar)
        spans.append(match.span())
        if value is not None and not match[0].endswith(_PROMISED):
            years.append(value)
            is_start = match[0][0] in "由从"
    return Years(tuple(years), tuple(sorted(spans)), base, has_base, is_start)


def _base_year(match: re.Match[str], year: int | None) -> int | None:
    if match["year"]:
        return int(match["year"])
    if match["what"].startswith(("上年", "去年", "上一年", "同期")) and year:
        return year - 1
    return None


def _said(match: re.Match[str], calendar: Calendar) -> int | None:
    if number := match["last"] or match["year"]:
        return int(number)
    if match["plan"]:
        return PLAN_ENDS.get(match["plan"])
    if match["total"]:
        return None  # of the years that the paragraph or the document speaks of
    now = calendar.current
    if match["past"]:
        return now - 1 if now else None
    if match["this"] in ("全年", "年末", "年底"):
        return None  # of whatever year the paragraph speaks
    return now


def without(text: str, spans: tuple[tuple[int, int], ...]) -> str:
    """`text` without some stretches of it."""
    for start, end in reversed(spans):
        text = text[:start] + text[end:]
    return text
