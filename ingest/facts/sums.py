"""Sums in a clause: value, range, comparator, and for each what they are."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from vectorstore.facts import Comparator
from vectorstore.language.numerals import number_of
from vectorstore.language.sums import (
    AT_LEAST,
    AT_MOST,
    FROM_UP,
    MEASURE,
    PER_AFTER,
    PER_BEFORE,
    PER_UNIT,
    UP_TO,
)

_SCALES = {"百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_UNITS = {"元人民币": "元", "％": "%"}


@dataclass(frozen=True, slots=True)
class Sum:
    """[start, end) of the text it stands in; `per` from where 每人每月 in front of it begins."""

    start: int
    end: int
    value: float
    high: float | None
    unit: str
    comparator: Comparator
    per: int


def sums(text: str) -> Iterator[Sum]:
    """In order; numbers without a unit of sums are none."""
    for match in MEASURE.finditer(text):
        if text[max(0, match.start() - 1) : match.start()] in "第.—" and match.start():
            continue
        low, high, unit = _values(match)
        if low is None:
            continue
        before, after = text[: match.start()], text[match.end() : match.end() + 20]
        each, per, end = _each(before, after)
        yield Sum(
            match.start(), match.end() + end, low, high, unit + each,
            "" if high is not None else _comparator(before, after), per,
        )  # fmt: skip


def written_end(text: str, one: Sum) -> int:
    """Where a sum ends as it is written; with the word that closes a range: 五千元以上五万元以下."""
    closed = one.high is not None and text[one.end : one.end + 2] in ("以下", "以内")
    return one.end + 2 * closed


def _values(match: re.Match[str]) -> tuple[float | None, float | None, str]:
    if match["parts"]:
        high, unit = _share(match["parts"])
        low = _share(match["plow"])[0] if match["plow"] else None
    else:
        unit = _UNITS.get(match["unit"], match["unit"])
        high = _number(match["n"], match["scale"])
        scale = match["lscale"] or ("" if match["lunit"] else match["scale"])
        low = _number(match["low"], scale) if match["low"] else None
    return (high, None, unit) if low is None or high is None else (low, high, unit)


def _share(text: str) -> tuple[float | None, str]:
    """百分之十二 → 12 %."""
    base, _, number = text.partition("分之")
    return number_of(number), {"百": "%", "千": "‰", "万": "‱"}[base]


def _number(text: str, scale: str) -> float | None:
    value = number_of(text.replace(",", ""))
    for letter in scale:
        value = value * _SCALES[letter] if value is not None else None
    return value


def _comparator(before: str, after: str) -> Comparator:
    near = before[-24:]
    if AT_MOST.search(near) or UP_TO.search(after):
        return "<="
    return ">=" if AT_LEAST.search(near) or FROM_UP.search(after) else "="


def _each(before: str, after: str) -> tuple[str, int, int]:
    """/人·月, where it begins in front of the sum, and how far it goes on behind it."""
    if match := PER_AFTER.match(after):
        each = [match[name] for name in "abcd" if match[name]]
        return _joined(each), len(before), match.end()
    near = before[-40:]
    if match := PER_BEFORE.search(near):
        each = [m["each"] or m["time"] for m in PER_UNIT.finditer(match[0])]
        return _joined(each), len(before) - len(near) + match.start(), 0
    return "", len(before), 0


def _joined(each: list[str]) -> str:
    return f"/{'·'.join(each)}" if each else ""
