"""Days counted from something, and days between events: 自受理之日起20日内, 汛期结束后."""

from collections.abc import Iterator

from ingest.facts.days import Stretch
from vectorstore.language.deadlines import (
    AFTER_EVENT,
    AHEAD,
    COUNTED_AT,
    COUNTED_FROM,
    COUNTS_FROM,
    COUNTS_NOTHING,
    EVERY_YEAR,
    FROM_EVENT,
    LASTS,
    OPENING_HOURS,
    PUT_OFF,
    REGULAR,
    UNTIL_EVENT,
    WITHIN,
)

_EVENTS = (UNTIL_EVENT, FROM_EVENT, AFTER_EVENT, OPENING_HOURS, EVERY_YEAR)
_COUNTED = (REGULAR, WITHIN, AHEAD, LASTS, PUT_OFF, *_EVENTS)
_WHOLE = tuple(pattern.compiled for pattern in _EVENTS)


def counted(text: str) -> Iterator[Stretch]:
    """Stretches that are said in words, each with what it counts from, in order."""
    taken = -1
    for match in sorted(
        (m for p in _COUNTED for m in p.finditer(text)),
        key=lambda m: m.start(),
    ):
        lead = text[: match.start()]
        whole = match.re in _WHOLE
        counts = whole or match.re is PUT_OFF.compiled
        if match.start() < taken or (not counts and COUNTS_NOTHING.search(lead)):
            continue
        start = match.start()
        end = match.end()
        if whole:
            named = [g for g in ("text", "rest") if match.groupdict().get(g)]
            start, end = match.span(named[0] if named else 0)
        elif from_ := COUNTS_FROM.search(lead[-70:]) or COUNTED_FROM.search(lead[-70:]):
            start = _opening(text, max(0, len(lead) - 70) + from_.start(), match.start())
        taken = match.end()
        yield Stretch(start, end, text=text[start:end].strip(" ，,"))


def _opening(text: str, start: int, end: int) -> int:
    """补办手续在检修结束后: what days are counted from begins at its preposition."""
    inner = COUNTED_AT.search(text, start, end)
    return inner.start() if inner else start
