"""Two results side by side: per set what changed, and which items were won and lost."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.evals.results import Results

SHOWN = 40  # ids of one line
LEAST = 0.0005  # a smaller change of a figure is rounding


def compare(before: Results, after: Results) -> str:
    names = sorted(before.keys() | after.keys())
    return "\n".join(line for name in names for line in _set(name, before, after))


def won_and_lost(
    before: Mapping[str, float], after: Mapping[str, float]
) -> tuple[list[str], list[str]]:
    """Ids of items in both whose score rose, and fell; the greatest change first."""
    change = {i: after[i] - before[i] for i in before.keys() & after.keys()}
    won = sorted((i for i in change if change[i] > LEAST), key=lambda i: (-change[i], i))
    lost = sorted((i for i in change if change[i] < -LEAST), key=lambda i: (change[i], i))
    return won, lost


def _set(name: str, before: Results, after: Results) -> Iterator[str]:
    if name not in before or name not in after:
        yield f"{name}：只在{'后' if name in after else '前'}一份里"
        return
    old, new = before[name], after[name]
    yield f"{name}（{_stamp(old)} → {_stamp(new)}）"
    for figure in sorted(old["figures"].keys() & new["figures"].keys()):
        if line := _figure(figure, old["figures"][figure], new["figures"][figure]):
            yield line
    if old["n"] != new["n"]:
        yield f"  题数不同：{old['n']} → {new['n']}，下面只比两份都有的"
    won, lost = won_and_lost(old["outcomes"], new["outcomes"])
    yield f"  赢 {len(won)}，输 {len(lost)}"
    yield from (f"    {word}：{_ids(ids)}" for word, ids in (("赢", won), ("输", lost)) if ids)


def _stamp(found: Mapping[str, Any]) -> str:
    return f"{found['commit']}，{found['date']}"


def _figure(name: str, old: float, new: float) -> str:
    if abs(new - old) < LEAST:
        return ""
    return f"  {name} {old:g} → {new:g}（{new - old:+.4g}）"


def _ids(ids: Sequence[str]) -> str:
    rest = f" …（共 {len(ids)}）" if len(ids) > SHOWN else ""
    return "、".join(ids[:SHOWN]) + rest
