"""What a part of the campaign found, and the table that shows it."""

from collections.abc import Sequence
from dataclasses import dataclass

HEADER = (
    "部分 part",
    "版本",
    "试 tried",
    "挺住 survived",
    "丢失 lost",
    "遗漏 leaked",
    "说明 note",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. Each figure is counted by a comparison in its part.

    `lost`: documents, drafts or right answers that are gone or changed, or work that got no
    outcome in its time. `leaked`: what got out or stayed behind: tracebacks in place of a
    sentence, processes, temporary files, memory, open files. `faults` says of each which.
    """

    part: str
    tried: int
    survived: int
    lost: int
    leaked: int
    note: str = ""
    faults: tuple[str, ...] = ()
    checkout: str = ""

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.leaked)


def skipped(part: str, why: str) -> Row:
    """A part that could not be tried here; it shows as such, never as survived."""
    return Row(part, 0, 0, 0, 0, f"跳过：{why}")


def table(rows: Sequence[Row]) -> str:
    """The rows in Markdown."""
    lines = [
        (r.part, r.checkout, r.tried, r.survived, r.lost, r.leaked, r.note.replace("|", "｜"))
        for r in rows
    ]
    head = ["| " + " | ".join(HEADER) + " |", "| --- | --- | --: | --: | --: | --: | --- |"]
    return "\n".join([*head, *("| " + " | ".join(map(str, line)) + " |" for line in lines)])


def quantile(values: Sequence[float], share: float) -> float:
    """0.0 for no values: a part without any says so in its counts."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
