"""Days of the calendar that a point of time stands for: 三月底, 第二季度, 上半年."""

import calendar
import re
from dataclasses import dataclass
from datetime import date

from vectorstore.language.numerals import whole_number

_HALVES = {"上半年": (1, 6), "下半年": (7, 12)}


@dataclass(frozen=True, slots=True)
class Stretch:
    """What a clause says of days: offsets into it, and the days or the words for them."""

    start: int
    end: int
    since: date | None = None
    until: date | None = None
    text: str = ""


def first_day(point: re.Match[str], year: int | None) -> date | None:
    """`point` is a match of POINT; None where nobody names the year."""
    first, _ = _months(point)
    day = whole_number(point["d"]) if point["d"] else {"中旬": 11, "下旬": 21}.get(point["e"], 1)
    return day_of(year, first, day)


def last_day(point: re.Match[str], year: int | None) -> date | None:
    _, last = _months(point)
    if point["d"]:
        return day_of(year, last, whole_number(point["d"]))
    ends = {"初": 10, "上旬": 10, "中旬": 20}.get(point["e"], 31)
    return day_of(year, last, ends)


def _months(point: re.Match[str]) -> tuple[int, int]:
    """First and last month that a point stands for."""
    if point["m"]:
        month = whole_number(point["m"])
        return month, month
    part = point["part"] or ""
    if part.endswith("季度"):
        first, last = part.strip("第季度")[0], part.strip("第季度")[-1]  # 二、三、四
        return 3 * whole_number(first) - 2, 3 * whole_number(last)
    return _HALVES.get(part, (1, 12))


def day_of(year: int | None, month: int, day: int) -> date | None:
    """A day of the calendar; one behind the end of its month is that end."""
    if year is None or not 1 <= month <= 12 or not 1 <= day <= 31:
        return None
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))
