"""规划期: the years that a plan is for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.mapped import MappedText
from ingest.paper import Paper
from vectorstore.language.dates import FIVE_YEAR_PLAN, PLAN_ENDS, YEAR_RANGE
from vectorstore.language.text import says, search_copy
from vectorstore.models import Span

_PLAN = ("方案", "规划", "计划", "纲要", "要点", "意见", "行动")
_OPENING = 12  # lines below the title
_LONGEST = 30  # years


@dataclass(frozen=True, slots=True)
class Period:
    """As "2021—2025", with its last year where one is stated; `span` where it was read."""

    text: str
    last: int | None
    span: Span | None


def read_period(paper: Paper, title: str, title_span: Span | None) -> Period | None:
    """A range that the title or a 规划期 sentence states, else the years of the targets, else
    the 五年规划 that the document says it serves."""
    for text, span in _places(paper, title, title_span):
        match = YEAR_RANGE.search(search_copy(text))
        if match and 0 < int(match[2]) - int(match[1]) <= _LONGEST:
            return Period(f"{match[1]}—{match[2]}", int(match[2]), span)
    if not says(title, _PLAN):
        return None
    targets = list(_target_years(paper))
    years = sorted({year for year, _ in targets})
    plan = _five_year_plan(paper)
    if plan and (not years or years[-1] <= plan[1]):
        return Period(f"{plan[0]}（{plan[1] - 4}—{plan[1]}）", plan[1], plan[2])
    if years:
        return Period("、".join(map(str, years)), None, targets[0][1])
    return None


def _span(part: MappedText) -> Span:
    return Span(part.start, part.end)


def _places(paper: Paper, title: str, title_span: Span | None) -> Iterator[tuple[str, Span | None]]:
    if says(title, _PLAN):
        yield re.sub(r"^.*?(?:贯彻|落实)《[^》]{0,120}》", "", title), title_span
        for line in paper.lines[paper.after_title :][:_OPENING]:
            text = line.text.text
            if len(text) <= 40 and "《" not in text:
                yield text, _span(line.text)
    for line in paper.lines:
        if match := re.search(r"规划期[^。]{0,20}?(?:19|20)\d\d[^。]{0,12}", line.text.text):
            part = line.text[match.start() : match.end()]
            yield part.text, _span(part)


def _target_years(paper: Paper) -> Iterator[tuple[int, Span]]:
    """Years of 到2025年… in the paragraphs under a heading that says 目标."""
    near = 0
    for line in paper.lines[paper.after_title :]:
        text = line.text.text
        if "目标" in text[:16]:
            near = 3
        if near and (match := re.search(r"(?:^|到|至)\s*(20\d\d)年", text)):
            yield int(match[1]), _span(line.text[match.start(1) : match.end()])
        near = max(0, near - 1)


def _five_year_plan(paper: Paper) -> tuple[str, int, Span] | None:
    """“十四五”期间 in the opening lines: its name and last year."""
    for line in paper.lines[paper.after_title :][:_OPENING]:
        if match := FIVE_YEAR_PLAN.search(line.text.text):
            return match[1], PLAN_ENDS[match[1]], _span(line.text[match.start() : match.end()])
    return None
