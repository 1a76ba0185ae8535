"""Days that a question names: for which it asks what is in force, until when something ends."""

import calendar
from collections.abc import Iterator
from datetime import date, timedelta

from assistant.understand.question import Question
from vectorstore.language.names import DOCUMENT_NUMBER, TITLE
from vectorstore.language.pattern import Pattern

_AT_DAY = Pattern(
    r"(?P<y>(?:19|20)\d\d)\s*年(?:\s*(?P<m>\d{1,2})\s*月(?:\s*(?P<d>\d{1,2})\s*[日号])?)?",
    yes=("2017年3月", "2020年", "2021年5月1日"),
    no=("17年", "二〇二〇年"),
    why="a day that a question puts itself on",
)
_THIS_YEAR = ("今年", "本年")
_YEAR_END = "年底"
_SOON = timedelta(days=183)


def day_asked(question: Question) -> date | None:
    """The day for which a question asks what is in force: 2017年3月的时候, 2020年底. Of a month
    the last day, of a year its last."""
    text = TITLE.remove_from(DOCUMENT_NUMBER.remove_from(question.standalone))
    match = _AT_DAY.search(text)
    if not match:
        return None
    year, month = int(match["y"]), int(match["m"] or 12)
    if not 1 <= month <= 12:
        return None
    last = calendar.monthrange(year, month)[1]
    return date(year, month, min(int(match["d"] or last), last) or last)


def ending_asked(question: Question, today: date) -> tuple[date, date]:
    """Between which days what ends is asked for: the year that is named, this year, its rest, or
    half a year from today."""
    text = question.standalone
    if asked := day_asked(question):
        return date(asked.year, 1, 1), date(asked.year, 12, 31)
    if any(word in text for word in _THIS_YEAR):
        return date(today.year, 1, 1), date(today.year, 12, 31)
    return today, date(today.year, 12, 31) if _YEAR_END in text else today + _SOON


def days_in(text: str) -> Iterator[date]:
    """The days that a text names in full."""
    for match in _AT_DAY.finditer(text):
        if match["m"] and match["d"]:
            try:
                yield date(int(match["y"]), int(match["m"]), int(match["d"]))
            except ValueError:  # 2月30日
                continue
