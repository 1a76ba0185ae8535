"""Questions for measuring at scale, and how long and how much work each takes."""

import json
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds; those of the processor say what a quiet machine would need."""

    p50: float
    p95: float
    cpu_p50: float
    cpu_p95: float

    def row(self, name: str) -> dict[str, float]:
        return {
            f"{name}_p50_ms": round(self.p50, 1),
            f"{name}_p95_ms": round(self.p95, 1),
            f"{name}_cpu_p50_ms": round(self.cpu_p50, 1),
            f"{name}_cpu_p95_ms": round(self.cpu_p95, 1),
        }


def questions(written: Path, count: int) -> list[str]:
    """Those of people over public laws, one in so many, always the same."""
    rows = [json.loads(line) for line in written.read_text(encoding="utf-8").splitlines() if line]
    asked = [row["question"] for row in rows]
    return asked[:: max(1, len(asked) // count)][:count]


def timed(ask: Callable[[str], object], asked: Sequence[str]) -> Times:
    """One after the other, after one that does not count."""
    ask(asked[0])
    wall, cpu = [], []
    for question in asked:
        began, worked = time.perf_counter(), time.process_time()
        ask(question)
        wall.append(1000 * (time.perf_counter() - began))
        cpu.append(1000 * (time.process_time() - worked))
    return Times(quantile(wall, 0.5), quantile(wall, 0.95), quantile(cpu, 0.5), quantile(cpu, 0.95))


def together(ask: Callable[[Any], object], asked: Sequence[Any], threads: int) -> dict[str, float]:
    """Each of `threads` asks a share; milliseconds of one, and questions a second."""

    def one(question: Any) -> float:
        began = time.perf_counter()
        ask(question)
        return 1000 * (time.perf_counter() - began)

    began = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        wall = list(pool.map(one, asked))
    seconds = time.perf_counter() - began
    return {
        f"with_{threads}_p50_ms": round(quantile(wall, 0.5), 1),
        f"with_{threads}_p95_ms": round(quantile(wall, 0.95), 1),
        f"with_{threads}_per_s": round(len(asked) / seconds, 1),
    }


def quantile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
