"""Asks the questions of one set and scores the answers; own, seeds and office share it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.evals.common import Bench
from tests.evals.render import table
from tests.evals.results import Measured
from tests.evals.scoring import covered, exact_quotes, is_right, plain, said_in


@dataclass
class Asked:
    """Counts over the questions asked so far; `wrong` is for a person's eyes, never stored."""

    right: Counter[str] = field(default_factory=Counter)
    total: Counter[str] = field(default_factory=Counter)
    outcomes: dict[str, float] = field(default_factory=dict)
    wrong: list[tuple[str, str, str]] = field(default_factory=list)
    inexact: int = 0
    unsupported: int = 0
    declined: int = 0
    unanswerable: int = 0
    covers: list[float] = field(default_factory=list)

    def ask(self, bench: Bench, questions: Iterable[dict[str, Any]], **options: Any) -> "Asked":
        assistant = bench.assistant(**options)
        for row in questions:
            answer = assistant.ask(row["turns"])
            right = is_right(row, answer)
            self.total[row["type"]] += 1
            self.right[row["type"]] += right
            self.outcomes[row["id"]] = float(right)
            if not right:
                self.wrong.append((row["id"], row["turns"][-1], plain(answer)[:200]))
            self.inexact += not exact_quotes(answer, bench.index)
            self.unsupported += sum(check.verdict == "unsupported" for check in answer.checks)
            if not row["answerable"]:
                self.unanswerable += 1
                self.declined += answer.refused
            if row.get("cover"):
                self.covers.append(covered(row, said_in(answer)))
        return self

    def measured(self) -> Measured:
        figures: dict[str, float] = {
            "right": self.right.total(), "inexact": self.inexact, "unsupported": self.unsupported,
            "declined": self.declined, "unanswerable": self.unanswerable,
        }  # fmt: skip
        if self.covers:
            figures["covered"] = sum(self.covers) / len(self.covers)
        types = {kind: (self.right[kind], self.total[kind]) for kind in sorted(self.total)}
        return Measured(self.total.total(), figures, types, self.outcomes)


def show(asked: Asked) -> None:
    """The figures and what was wrong, for somebody at work on the rules."""
    found = asked.measured()
    lines = [(kind, f"{right}/{total}") for kind, (right, total) in found.types.items()]
    print(table(("问题类型", "答对"), [*lines, ("全部", f"{asked.right.total()}/{found.n}")]))
    print("；".join(f"{name} {value:.4g}" for name, value in found.figures.items()))
    for identifier, question, answer in asked.wrong:
        print(f"未答对 {identifier}：{question}\n    {answer}")
