"""What people corrected of what was read of a document (人工改正). Not read from documents: kept by
the catalogue, under the document's id, when these are read again, changed or removed.

The metadata that everybody sees are those that were read with what is corrected in its place;
`Metadata.by_hand` tells of each such field what was read, who corrected it and when.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from vectorstore.language.dates import YEAR_RANGE
from vectorstore.models import ByHand, Metadata, Span

DATES = ("date_written", "date_printed", "date_published", "date_effective")
# What can be corrected, in the order in which pages show it, and what people call it.
FIELDS = {
    "title": "标题",
    "document_number": "发文字号",
    "issuer": "发文机关",
    "date_written": "成文日期",
    "date_printed": "印发日期",
    "date_published": "发布日期",
    "date_effective": "施行日期",
    "region": "地区",
    "kind": "文种",
    "period": "规划期",
    "status": "网页标注的时效性",  # what follows is a document's state
    "publisher": "网页来源",
}
LONGEST_REASON = 300  # characters
LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Correction:
    """One field of one document. `value` is written as `written` writes it, None for 未载明; so is
    `read`, what the program had read at that time. `undone`: what was read counts again."""

    document_id: str
    field: str
    value: str | None
    read: str | None
    reason: str
    who: str
    at: str  # ISO, with its zone
    undone: bool = False


def written(metadata: Metadata, name: str) -> str | None:
    """The value of a field as text: a date as 2021-03-05, a place as 云南省/保山市; None: 未载明."""
    value = getattr(metadata, name)
    if isinstance(value, date):
        return value.isoformat()
    return ("/".join(value) if isinstance(value, tuple) else value) or None


def standing(history: Iterable[Correction]) -> dict[str, Correction]:
    """Which correction counts of each field: the last one, where it was not undone."""
    last = {c.field: c for c in history}
    return {name: c for name, c in last.items() if not c.undone and name in FIELDS}


def as_read(metadata: Metadata) -> Metadata:
    """What was read, without what people put in its place."""
    values = {name: _value(name, hand.read) for name, hand in metadata.by_hand.items()}
    spans = {name: span for name, span in metadata.fields.items() if name not in values}
    spans |= {name: hand.span for name, hand in metadata.by_hand.items() if hand.span}
    return replace(metadata, **_with_end(values), fields=spans, by_hand={})


def corrected(read: Metadata, counts: Mapping[str, Correction], text: str) -> Metadata:
    """What was read with what counts in its place (standing). A value that the document's `text`
    states after all bears that place; a title keeps its own. A field of which the very same was
    read is nobody's correction any more."""
    made = {name: c for name, c in counts.items() if c.value != written(read, name)}
    spans = dict(read.fields)
    for name, correction in made.items():
        if place := _place(name, correction.value, text):
            spans[name] = place
        elif name != "title":
            spans.pop(name, None)
    by_hand = {
        name: ByHand(written(read, name), read.fields.get(name), c.who, c.at)
        for name, c in made.items()
    }
    values = {name: _value(name, c.value) for name, c in made.items()}
    return replace(read, **_with_end(values), fields=spans, by_hand=by_hand)


def to_confirm(metadata: Metadata, counts: Mapping[str, Correction]) -> tuple[str, ...]:
    """Fields of which something else was read since they were corrected: another version of the
    document, or other rules of reading. The correction counts until somebody says otherwise."""
    hands = metadata.by_hand
    return tuple(
        n for n in FIELDS if n in hands and n in counts and hands[n].read != counts[n].read
    )


def said_by_hand(metadata: Metadata, names: Iterable[str]) -> list[str]:
    """A sentence for each of these fields that somebody corrected: never the document's words."""
    return [
        f"《{metadata.title}》的{FIELDS[n]}由人工改正（{hand.who}，{hand.at[:10]}）；"
        f"机器读到的是{f'“{hand.read}”' if hand.read else '未载明'}。"
        for n in names
        if (hand := metadata.by_hand.get(n))
    ]


def last_year(period: str | None) -> int | None:
    """The year with which a 规划期 ends, where it is written as a range."""
    found = YEAR_RANGE.search(period or "")
    return int(found["last"]) if found else None


def _value(name: str, said: str | None) -> Any:
    if name == "region":
        return tuple(filter(None, (said or "").split("/")))
    return date.fromisoformat(said) if said and name in DATES else said


def _with_end(values: dict[str, Any]) -> dict[str, Any]:
    return values | {"period_end": last_year(values["period"])} if "period" in values else values


def _place(name: str, value: str | None, text: str) -> Span | None:
    """Where a text states a value to the letter."""
    if not value or name in ("region", "kind", "status"):
        return None
    ways = [value]
    if name in DATES:
        day = date.fromisoformat(value)
        ways = [f"{day.year}年{day.month}月{day.day}日", value, f"{day.year}.{day.month}.{day.day}"]
    for way in ways:
        if (at := text.find(way)) >= 0:
            return Span(at, at + len(way))
    return None
