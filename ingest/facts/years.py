"""Which year a figure is for, and which year it is compared with."""

import re
from dataclasses import dataclass

from vectorstore.language.aims import BASE, YEAR_SAID
from vectorstore.language.dates import A_YEAR, PLAN_ENDS, YEAR_RANGE
from vectorstore.language.pattern import Pattern

_IN_TITLE = Pattern(
    rf"(?P<year>{A_YEAR})\s?年(?!印发)",
    yes=(("某县2026年教育工作要点", "2026年"),),
    no=("2026号",),
    why="the year that a document is about",
)
_PLAN = Pattern(r"“?(?P<plan>十[一二三四五六]五)”?", yes=("“十五五”规划", "十四五"), no=("十五年",))


@dataclass(frozen=True, slots=True)
class Calendar:
    """What 今年, 两年 and the like mean in a document.

    `current` is the year in which it speaks, `about` the year or the first and last year that
    its title names, None where it names none.
    """

    current: int | None = None
    about: tuple[int, int] | None = None

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


def calendar_of(dated: int | None, title: str) -> Calendar:
    """`dated` is the year of issue, `title` that of the document, or of what it issues."""
    if span := YEAR_RANGE.search(title):
        about = (int(span["first"]), int(span["last"]))
    elif (plan := _PLAN.search(title)) and plan["plan"] in PLAN_ENDS:
        last = PLAN_ENDS[plan["plan"]]
        about = (last - 4, last)
    elif year := _IN_TITLE.search(title):
        about = (int(year["year"]), int(year["year"]))
    else:
        return Calendar(dated, None)
    return Calendar(dated or about[0], about)


@dataclass(frozen=True, slots=True)
class Years:
    """The years that a stretch of text names, in order, and where their words stand."""

    years: tuple[int, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()
    base: int | None = None
    has_base: bool = False


def years_in(text: str, calendar: Calendar, year: int | None = None) -> Years:
    """`year` is that of the sentence so far: what 上年 is counted from."""
    spans: list[tuple[int, int]] = []
    base, has_base = None, False
    for match in BASE.finditer(text):
        spans.append(match.span())
        base, has_base = _base_year(match, year or calendar.current), True
    years = []
    for match in YEAR_SAID.finditer(text):
        if any(a < match.end() and match.start() < b for a, b in spans):
            continue
        value = _said(match, calendar)
        spans.append(match.span())
        if value is not None:
            years.append(value)
    return Years(tuple(years), tuple(sorted(spans)), base, has_base)


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
