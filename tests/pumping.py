"""Strings that make a pattern work hard, made of its own literals and classes, and how long it
takes on them. `python -m tests.pumping` reads patterns from stdin and prints the slow ones; a
process of its own, so that an exponential pattern can be stopped.
"""

import json
import math
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise, product
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

UNITS = 100  # strings that one pattern is pumped with, at most
SHORT, LONG = 2000, 8000
CAREFUL = 10  # pumps of one pattern that are tried on LONG texts
HARMLESS = 0.02  # seconds on LONG characters: below this growth does not matter
SUSPECT = HARMLESS / 20  # on SHORT characters: four times the length would take 16 times as long
HARMLESS_IN_ALL = 0.1  # seconds on the longest text there is, where its length is bounded
MAX_EXPONENT = 1.5
_REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)
_FAILS = "\x00"  # no pattern asks for it, so it ends what a class with few members repeats
_OF_CATEGORY = {
    sre.CATEGORY_DIGIT: "7", sre.CATEGORY_NOT_DIGIT: "文", sre.CATEGORY_SPACE: " ",
    sre.CATEGORY_NOT_SPACE: "文", sre.CATEGORY_WORD: "文", sre.CATEGORY_NOT_WORD: "-",
}  # fmt: skip
Tree = Any  # re._parser has no types


@dataclass(frozen=True, slots=True)
class Pump:
    prefix: str
    unit: str
    suffix: str

    def text(self, length: int) -> str:
        times = max(1, (length - len(self.prefix) - len(self.suffix)) // len(self.unit))
        return self.prefix + self.unit * times + self.suffix


# --- what a pattern matches ------------------------------------------------------------------


def _in_class(items: Tree) -> list[str]:
    """Some characters of a class, or of what a negated class lets through."""
    negated = bool(items) and items[0][0] is sre.NEGATE
    named: list[str] = []
    for op, value in items:
        if op is sre.LITERAL:
            named.append(chr(value))
        elif op is sre.RANGE:
            named += [chr(value[0]), chr(value[1])]
        elif op is sre.CATEGORY:
            named.append(_OF_CATEGORY[value])
    return [c for c in "文a7 ，" if c not in named][:3] if negated else named[:6]


def witnesses(node: tuple[Any, Any]) -> list[str]:
    """A few strings that one node of a parsed pattern matches; [""] where it takes nothing."""
    op, value = node
    if op is sre.LITERAL:
        return [chr(value)]
    if op is sre.NOT_LITERAL:
        return [c for c in "文a " if ord(c) != value]
    if op is sre.ANY:
        return ["文", " ", "7"]
    if op is sre.IN:
        return _in_class(value)
    if op in _REPEATS:
        return [w * max(1, min(value[0], 3)) for w in sequence(value[2])]
    if op is sre.SUBPATTERN:
        return sequence(value[3])
    if op is sre.ATOMIC_GROUP:
        return sequence(value)
    if op is sre.BRANCH:
        return list(dict.fromkeys(w for branch in value[1] for w in sequence(branch)[:2]))
    if op is sre.GROUPREF_EXISTS:
        return sequence(value[1])
    return [""]


def sequence(nodes: Tree) -> list[str]:
    """A few strings that a sequence matches: each node's first, and each variant of a node."""
    parts = [witnesses(node) or [""] for node in nodes]
    first = [part[0] for part in parts]
    found = {"".join(first): None}
    for i, part in enumerate(parts):
        for other in part[1:]:
            found["".join([*first[:i], other, *first[i + 1 :]])] = None
    return list(islice(found, 12))


# --- pumps -----------------------------------------------------------------------------------


def _inner(node: tuple[Any, Any]) -> list[Tree]:
    op, value = node
    if op in _REPEATS:
        return [value[2]]
    if op is sre.SUBPATTERN:
        return [value[3]]
    if op is sre.BRANCH:
        return list(value[1])
    if op in (sre.ASSERT, sre.ASSERT_NOT):
        return [value[1]]
    return [value] if op is sre.ATOMIC_GROUP else []


def _repeats(nodes: Tree, before: str = "") -> Iterator[tuple[str, Tree]]:
    """Every repeat that may go on for long, with a string that leads to it."""
    for node in nodes:
        if node[0] in _REPEATS and node[1][1] > 8:
            yield before, node[1][2]
        for inner in _inner(node):
            yield from _repeats(inner, before)
        before += (witnesses(node) or [""])[0]


def _heads(nodes: Tree) -> Iterator[str]:
    """What stands before the repeats of a sequence: repeated, each copy starts a new try."""
    text = ""
    for node in nodes:
        if node[0] in _REPEATS:
            yield text
        text += (witnesses(node) or [""])[0]
        yield text if node[0] in _REPEATS else ""
        for inner in _inner(node):
            yield from _heads(inner)
    yield text


def _characters(nodes: Tree) -> Iterator[str]:
    for node in nodes:
        if not _inner(node):
            yield from witnesses(node)
        for inner in _inner(node):
            yield from _characters(inner)


def _excluded(nodes: Tree) -> Iterator[str]:
    """Characters that end a negated class."""
    for op, value in nodes:
        if op is sre.NOT_LITERAL:
            yield chr(value)
        elif op is sre.IN and value[0][0] is sre.NEGATE:
            yield from (chr(v) for o, v in value if o is sre.LITERAL)
        elif op is sre.ANY:
            yield "\n"
        for inner in _inner((op, value)):
            yield from _excluded(inner)


def _spread(found: Sequence[tuple[str, str]], count: int) -> Sequence[tuple[str, str]]:
    """At most `count`, from all over a long pattern."""
    return found[:: max(1, math.ceil(len(found) / count))]


def pumps(pattern: str, flags: int) -> list[Pump]:
    tree = _parser.parse(pattern, flags)
    repeats = list(_repeats(tree))
    bodies = [(before, w) for before, body in repeats for w in sequence(body) if w]
    heads = dict.fromkeys(h for h in _heads(tree) if h)
    signs = dict.fromkeys(c for c in _characters(tree) if c)
    spaces = [" ", "\n", "文", "7"]
    core = list(dict.fromkeys([*(w for _, w in bodies), *heads, *sequence(tree), *spaces]))
    pairs = ("".join(p) for p in product([*dict.fromkeys(w for _, w in bodies), *heads], signs))
    units = dict.fromkeys([*filter(None, core[: UNITS * 3 // 4]), *islice(signs, 20)])
    for pair in pairs:
        if len(units) >= UNITS:
            break
        units[pair] = None
    ends = [_FAILS, *islice(dict.fromkeys(_excluded(tree)), 2)]
    leads = list(dict.fromkeys(["", *(before for before, _ in repeats)]))[:6]
    made = [Pump(before, w, end) for before, w in _spread(bodies, UNITS) for end in ends]
    made += [Pump("", unit, _FAILS) for unit in islice(units, UNITS)]
    made += [Pump("", unit, end) for unit in islice(units, UNITS // 3) for end in ends[1:2]]
    made += [Pump(lead, unit, _FAILS) for lead in leads[1:] for unit in islice(units, UNITS // 8)]
    return list(dict.fromkeys(made))


# --- the time that it takes ------------------------------------------------------------------


def worker(pattern: str, flags: int, how: str) -> Callable[[str], object]:
    """Runs the pattern as the program does. A search goes through the whole text."""
    compiled = re.compile(pattern, flags)
    if how in ("match", "fullmatch"):
        return getattr(compiled, how)  # type: ignore[no-any-return]
    if how == "everywhere":  # match(text, position) in a loop
        return lambda text: [compiled.match(text, i) for i in range(len(text))]
    return lambda text: [None for _ in compiled.finditer(text)]


def seconds(run: Callable[[str], object], text: str, times: int = 1) -> float:
    """Time of the processor, not of the clock: other processes do not count."""
    best = math.inf
    for _ in range(times):
        start = time.process_time_ns()
        run(text)
        best = min(best, (time.process_time_ns() - start) / 1e9)
    return best


def _lengths(pump: Pump) -> list[int]:
    """Small steps first: an exponential pattern shows itself before it hangs."""
    around = len(pump.prefix) + len(pump.suffix)
    few = [around + len(pump.unit) * k for k in (8, 12, 16, 20, 24)]
    return [n for n in few if n < SHORT] + [250, 500, 1000, SHORT]


def judge(run: Callable[[str], object], pump: Pump, bound: int) -> dict[str, float] | float:
    """Where time grows faster than the text before SHORT characters, else the time at SHORT.

    A text of bounded length may take what is harmless in all, however it grows.
    """
    lengths = [n for n in _lengths(pump) if n < bound] + [bound][: bound < LONG]
    limit = HARMLESS if bound >= LONG else HARMLESS_IN_ALL
    took = 0.0
    for before, length in pairwise([max(1, lengths[0] // 2), *lengths]):
        took = seconds(run, pump.text(length))
        if took > limit and (took := seconds(run, pump.text(length), 3)) > limit:
            if bound < LONG:
                return {"length": length, "seconds": round(took, 4)}
            cheap = took < 5 * HARMLESS  # a longer text says it more surely
            found = _grown(run, pump, *((length, 2 * length) if cheap else (before, length)))
            return found or took
    return took


def _grown(
    run: Callable[[str], object], pump: Pump, short: int, long: int
) -> dict[str, float] | None:
    """The two lengths compared with care."""
    took = seconds(run, pump.text(long), 3)
    exponent = math.log(took / max(seconds(run, pump.text(short), 5), 1e-6), long / short)
    if took < HARMLESS or exponent <= MAX_EXPONENT:
        return None
    return {"exponent": round(exponent, 2), "length": long, "seconds": round(took, 4)}


def slow_on(pattern: str, flags: int, how: str, bound: int = LONG) -> dict[str, Any] | None:
    """A pump on which a pattern is slow, or None when it is harmless on all of them.

    All are tried on SHORT texts, those that took longest on LONG ones.
    """
    run = worker(pattern, flags, how)
    suspects: list[tuple[float, Pump]] = []
    for pump in pumps(pattern, flags):
        found = judge(run, pump, bound)
        if isinstance(found, dict):
            return {"pump": (pump.prefix, pump.unit, pump.suffix), **found}
        if found > SUSPECT:
            suspects.append((found, pump))
    for _, pump in sorted(suspects, key=lambda s: -s[0])[:CAREFUL] if bound >= LONG else ():
        took = seconds(run, pump.text(LONG))
        if took > HARMLESS and (grown := _grown(run, pump, SHORT, LONG)):
            return {"pump": (pump.prefix, pump.unit, pump.suffix), **grown}
    return None


def main() -> None:
    for line in sys.stdin:
        job = json.loads(line)
        print(json.dumps({"begun": job["id"]}), flush=True)
        found = slow_on(job["pattern"], job["flags"], job["how"], job.get("bound", LONG))
        if found:
            print(json.dumps({"id": job["id"], **found}), flush=True)


if __name__ == "__main__":
    main()
