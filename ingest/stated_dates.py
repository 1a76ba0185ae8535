"""The four days of a document: 成文, 印发, 发布, 施行. What is not stated stays None."""

from collections.abc import Mapping

from ingest.paper import Found, Paper, found
from ingest.signature import Signature
from vectorstore.language.dates import (
    AT_MEETING,
    IN_FORCE,
    IN_FORCE_AT_ONCE,
    PRINTED,
    STAMP,
    parse_date,
    whole_date,
)
from vectorstore.language.names import ORDER_HEAD
from vectorstore.language.text import narrow_digits
from vectorstore.models import Span

_IMPRINT_LINES = 8


def read_dates(paper: Paper, signature: Signature | None) -> Mapping[str, Found]:
    """Fields → days as ISO 8601. A label counts before the 题注, that before the text."""
    read = {
        "date_written": _written(paper, signature),
        "date_printed": _printed(paper),
        "date_published": _published(paper),
    }
    days: dict[str, Found] = {}
    for name, own in read.items():
        if day := _said(paper, name) or own:
            days[name] = day
    effect = _said(paper, "date_effective") or _effective(paper) or _at_once(paper, days)
    return {**days, "date_effective": effect} if effect else days


def _said(paper: Paper, name: str) -> Found | None:
    """What a label or the 题注 states."""
    noted = paper.notes.get(name)
    enacted = paper.enacted.get(name)
    if name == "date_written" and _order_head(paper) is not None:
        enacted = None  # an order is dated by the hand that signs it
    for stated in (noted, enacted):
        day = parse_date(stated.value) if stated else None
        if stated and day:
            return Found(day.isoformat(), stated.span)
    return None


def _order_head(paper: Paper) -> int | None:
    """The line that is the head of an order, 某市人民政府令."""
    for index, line in enumerate(paper.head):
        head = ORDER_HEAD.match(line.text.text)
        if head and head["kind"] == "令":
            return index
    return None


def _written(paper: Paper, signature: Signature | None) -> Found | None:
    """The day of the signature; without names, a day on a line of its own below the title or
    below the head of the order."""
    if signature:
        return Found(signature.day.isoformat(), signature.day_place)
    order = _order_head(paper)
    for index in range(paper.after_title if order is None else order + 1, len(paper.lines)):
        text = paper.lines[index].text
        day = whole_date(text.text)
        if day and not _is_stamp(paper, index):
            return found(day.isoformat(), text)
    return _spoken(paper)


def _spoken(paper: Paper) -> Found | None:
    """——2026年1月15日在青禾市第六届人民代表大会第五次会议上."""
    for line in paper.lines[paper.after_title : paper.after_title + 4]:
        if match := AT_MEETING.match(line.text.text):
            day = parse_date(match["day"])
            if day:
                part = line.text[match.start("day") : match.end("day")]
                return found(day.isoformat(), part)
    return None


def _is_stamp(paper: Paper, index: int) -> bool:
    """Whether a day above the body is the page's: 2026-03-04, or any day in a report."""
    text = paper.lines[index].text.text
    plain = "年" not in text
    return paper.after_title <= index < paper.body < len(paper.lines) and (plain or paper.is_news)


def _published(paper: Paper) -> Found | None:
    for index in range(paper.after_title, min(paper.body, len(paper.lines))):
        text = paper.lines[index].text
        if STAMP.match(text.text) and (stamp := parse_date(text.text)):
            return found(stamp.isoformat(), text)
        day = whole_date(text.text)
        if day and _is_stamp(paper, index):
            return found(day.isoformat(), text)
    return None


def _printed(paper: Paper) -> Found | None:
    for line in paper.lines[-_IMPRINT_LINES:]:
        match = PRINTED.search(narrow_digits(line.text.text))
        day = parse_date(match[0]) if match and match.start() <= 40 else None
        if day:
            return found(day.isoformat(), line.text)
    return None


def _effective(paper: Paper) -> Found | None:
    """自2022年1月1日起施行, of this document rather than of one that it names."""
    best: tuple[int, Found] | None = None
    for line in reversed(paper.lines):
        for match in IN_FORCE.finditer(narrow_digits(line.text.text)):
            day = parse_date(match["day"])
            if day is None:
                continue
            part = line.text[match.start("day") : match.end("day")]
            weight = _weight(line.text.text[: match.start()])
            if best is None or weight > best[0]:
                best = weight, found(day.isoformat(), part)
    return best[1] if best and best[0] > 0 else None


def _weight(before: str) -> int:
    """2 after 本办法, 0 after the title of another document, 1 else."""
    sentence = before[max(before.rfind("。"), before.rfind("；")) + 1 :]
    if sentence.rstrip("将，,").endswith("》") or sentence.endswith(("延长至", "有效期")):
        return 0
    return 2 if sentence.strip("　 ").find("本") >= 0 else 1


def _at_once(paper: Paper, days: Mapping[str, Found]) -> Found | None:
    """自公布之日起施行: the day that is stated for it."""
    for line in reversed(paper.lines):
        if match := IN_FORCE_AT_ONCE.search(line.text.text):
            order = ("date_printed", "date_written", "date_published")
            if match["deed"] != "印发":
                order = ("date_published", "date_written", "date_printed")
            day = next((days[name] for name in order if name in days), None)
            part = line.text[match.start() : match.end()]
            return Found(day.value, Span(part.start, part.end)) if day else None
    return None
