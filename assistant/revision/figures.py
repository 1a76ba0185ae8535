"""Which figures and dates of a clause changed."""

import re
from dataclasses import dataclass

from vectorstore.language.dates import CHINESE_DATE, DATE, parse_date
from vectorstore.language.figures import Figure, figures, same_figure, same_unit
from vectorstore.language.names import YEAR_AND_SERIAL

_DAY = "日期"  # the unit of a date: its value is the number of the day
_LONGEST = 20_000  # characters of a clause whose figures are compared; no clause comes near
_MOST = 200  # figures of a clause: more are a table in one line


@dataclass(frozen=True, slots=True)
class Changed:
    """A figure as the old text wrote it and what stands in its place; one of them may be ''."""

    old: str
    new: str


def changed_figures(old: str, new: str) -> list[Changed]:
    """Figures that one text has and the other lacks, those of like unit paired in their order.

    >>> changed_figures("处2000元罚款，期限三十日。", "处5000元罚款，期限30日。")
    [Changed(old='2000元', new='5000元')]
    """
    gone, come = (_read(text[:_LONGEST])[:_MOST] for text in (old, new))
    for figure in [*gone]:
        if same := next((f for f in come if same_figure(f, figure)), None):
            gone.remove(figure)
            come.remove(same)
    found = []
    for figure in gone:
        if like := next((f for f in come if same_unit(f, figure)), None):
            come.remove(like)
        found.append(Changed(_written(figure), _written(like) if like else ""))
    return found + [Changed("", _written(figure)) for figure in come]


def figure_spans(text: str) -> list[tuple[int, int]]:
    """Where figures with their units and whole dates stand, in order and apart.

    >>> figure_spans("自2024年5月1日起，满三十日")
    [(1, 10), (13, 16)]
    """
    return [(figure.start, figure.start + len(figure.text)) for figure in _read(text)]


def _written(figure: Figure) -> str:
    return "".join(figure.text.split())


def _read(text: str) -> list[Figure]:
    """Dates as a whole, then the other figures; numbers of articles and of documents are none."""
    dates = []
    for pattern in (DATE, CHINESE_DATE):
        for match in pattern.finditer(text):
            if day := parse_date(match[0]):
                dates.append(Figure(float(day.toordinal()), _DAY, match[0], match.start()))
        text = pattern.compiled.sub(_blank, text)
    text = YEAR_AND_SERIAL.compiled.sub(_blank, text)
    others = [f for f in figures(text) if text[max(0, f.start - 1) : f.start] != "第"]
    return sorted(dates + others, key=lambda figure: figure.start)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])
