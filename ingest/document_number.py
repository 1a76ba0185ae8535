"""发文字号, the number of an order or an announcement, or that of a standard."""

import re
from collections import Counter
from collections.abc import Iterator

from ingest.clean import Line
from ingest.mapped import MappedText
from ingest.paper import HAN_SPACE, Found, Paper, found
from ingest.patterns import NUMBER_LABEL
from vectorstore.language.names import (
    DOCUMENT_NUMBER,
    KIND_AT_END,
    ORDER_HEAD,
    ORDER_NUMBER,
    ORDER_SERIAL,
    STANDARD_NUMBER,
    likely_number,
    written_number,
)
from vectorstore.language.pattern import Pattern
from vectorstore.language.text import search_copy
from vectorstore.models import Span

_OPENING = 4  # lines at the top, where title, number and addressees may have run together
_PAGE_MARKS = Pattern(
    r"第\s*\d{1,4}\s*页|共\s*\d{1,4}\s*页|[\s\d\-—－–·|/]+",
    yes=("第 3 页", "— 3 —", "共12页"),
    no=("青政发",),
    why="what stands beside the number in a running head",
)


def read_number(paper: Paper) -> Found | None:
    """The document's own number, as catalogues write it."""
    if noted := paper.notes.get("document_number"):
        return _noted(paper, noted)
    return next(_stated(paper), None)


def _stated(paper: Paper) -> Iterator[Found]:
    yield from _standard(paper)
    for line in paper.head:
        text = search_copy(line.text.text).strip("（）() ")
        if match := DOCUMENT_NUMBER.fullmatch(text):
            yield found(written_number(match), line.text)
    if enacted := paper.enacted.get("document_number"):
        yield enacted
    yield from _order(paper)
    yield from _labelled(paper)
    yield from _behind_the_title(paper)
    yield from _standing_free(paper)
    yield from _running(paper)


def _noted(paper: Paper, noted: Found) -> Found | None:
    """The value of a label in the form of catalogues; 第12号 alone is completed by its head."""
    text = search_copy(noted.value)
    if match := DOCUMENT_NUMBER.search(text):
        return Found(written_number(match), noted.span)
    if match := STANDARD_NUMBER.search(text) or ORDER_NUMBER.search(text):
        return Found(HAN_SPACE.remove_from(match[0]), noted.span)
    if ORDER_SERIAL.match(text.removeprefix("令").removeprefix("公告")):
        whole = next(_order(paper), None)
        return whole or Found(HAN_SPACE.remove_from(text), noted.span)
    return None


def _standard(paper: Paper) -> Iterator[Found]:
    for line in paper.lines[: max(paper.body, 1)]:
        match = STANDARD_NUMBER.match(line.text.text)
        if match and len(line.text) <= match.end() + 2:
            yield found(re.sub(r"\s+", "", match[0]), line.text)


def _order(paper: Paper) -> Iterator[Found]:
    """某市人民政府令, 第12号 beside it or below."""
    for text, place, at in _heads(paper):
        head = ORDER_HEAD.match(text)
        if not head:
            continue
        serial, start = head["number"], place.start
        below = paper.lines[at].text if at < len(paper.lines) else None
        if not serial and below and ORDER_SERIAL.match(below.text):
            serial, place = below.text, below
        if serial:
            own = re.sub(r"\s+", "", serial).strip("（）()")
            organ = HAN_SPACE.remove_from(head["organ"])
            yield Found(f"{organ}{head['kind']}{own}", Span(start, place.end))


def _heads(paper: Paper) -> Iterator[tuple[str, MappedText, int]]:
    """Lines that may be the head of an order, with the line below; the title as one of them."""
    for index, line in enumerate(paper.head):
        yield line.text.text, line.text, index + 1
    if paper.title:
        yield (
            HAN_SPACE.remove_from(paper.raw_title),
            paper.lines[paper.title[0]].text,
            paper.title[1],
        )


def _labelled(paper: Paper) -> Iterator[Found]:
    """字段 文号：青政发〔2026〕3号 in lines that hold other things as well."""
    for line in (*paper.lines[: paper.body], *paper.lines[-6:]):
        text = line.text.text
        for label in NUMBER_LABEL.finditer(text):
            match = DOCUMENT_NUMBER.match(text, label.end())
            if match:
                yield found(written_number(match), line.text[label.end() : match.end()])


def _behind_the_title(paper: Paper) -> Iterator[Found]:
    """…的通知青政发〔2026〕3号 in one line."""
    for line in paper.head:
        text = line.text.text
        matches = list(DOCUMENT_NUMBER.finditer(text))
        if not matches or len(text) > 160 or text[matches[-1].end() :].strip("）) "):
            continue
        if number := _after_a_title(line, matches[-1]):
            yield number


def _after_a_title(line: Line, match: re.Match[str]) -> Found | None:
    """A number with a title's last word directly before it."""
    number = likely_number(match)
    lead = line.text.text[: match.end()].removesuffix(match[0])
    lead += match["code"].removesuffix(number.split("〔")[0])
    if not KIND_AT_END.search(lead.rstrip("（( ")):
        return None
    return found(number, line.text[len(lead) : match.end()])


def _standing_free(paper: Paper) -> Iterator[Found]:
    """Title, number and addressees run together in one line: the number stands free, or behind
    the title."""
    for line in paper.head[:_OPENING]:
        for match in DOCUMENT_NUMBER.finditer(line.text.text):
            before, after = line.text.text[: match.start()], line.text.text[match.end() :]
            if not after[:1].isspace():
                continue
            if not before or before[-1].isspace():
                yield found(written_number(match), line.text[match.start() : match.end()])
            elif number := _after_a_title(line, match):
                yield number


def _running(paper: Paper) -> Iterator[Found]:
    """A number that several pages bear at their head or foot, with nothing but page marks."""
    alone = [(number, line) for line in paper.lines if (number := _alone(line))]
    counts = Counter(number for number, _ in alone)
    for number, line in alone:
        if counts[number] > 1 or line is paper.lines[-1]:
            yield found(number, line.text)


def _alone(line: Line) -> str | None:
    if line.table is not None or len(line.text) > 40:
        return None
    match = DOCUMENT_NUMBER.search(line.text.text)
    if not match:
        return None
    around = line.text.text[: match.start()] + line.text.text[match.end() :]
    return None if _PAGE_MARKS.remove_from(around) else written_number(match)
