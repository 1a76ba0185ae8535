"""What an evaluation leaves behind: figures and a score for each item, in one JSON file.

The file holds no text of a question, a document or an answer; only ids, types and numbers. Each
set says when, where and on which commit it was measured, so that one set can be measured alone.
"""

import json
import os
import platform
import subprocess
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
FILE = Path(__file__).parent / "results.json"


@dataclass(frozen=True)
class Measured:
    """One set: how many items, its figures, (right, asked) by type, and each item's score.

    A score is 1 for right and 0 for wrong, or a share in between.
    """

    n: int
    figures: dict[str, float]
    types: dict[str, tuple[int, int]] = field(default_factory=dict)
    outcomes: dict[str, float] = field(default_factory=dict)
    curve: list[tuple[float, float]] = field(default_factory=list)  # points of a chart


Results = dict[str, dict[str, Any]]


def load(path: Path = FILE) -> Results:
    """Raises FileNotFoundError or ValueError with one clear sentence."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise ValueError(f"{path} 不是评测结果（JSON）：{error}") from None
    if not isinstance(found, dict) or "sets" not in found:
        raise ValueError(f"{path} 不是评测结果：没有 sets")
    sets: Results = found["sets"]
    return sets


def save(measured: Mapping[str, Measured], path: Path = FILE) -> None:
    """Adds the sets to the file; those that were not measured this time stay as they are."""
    kept = load(path) if path.exists() else {}
    stamp = about()
    new = {name: {**stamp, **_rounded(asdict(found))} for name, found in measured.items()}
    path.write_text(_as_text({**kept, **new}), encoding="utf-8")


def _as_text(sets: Mapping[str, dict[str, Any]]) -> str:
    """One line for each field of a set: a diff shows which set changed, and stays short."""

    def line(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False, sort_keys=True)

    blocks = []
    for name, found in sorted(sets.items()):
        fields = ",\n".join(f"  {line(key)}: {line(value)}" for key, value in found.items())
        blocks.append(f" {line(name)}: {{\n{fields}\n }}")
    return '{"sets": {\n' + ",\n".join(blocks) + "\n}}\n"


def about() -> dict[str, Any]:
    return {"date": date.today().isoformat(), "commit": commit(), "machine": machine()}


def commit() -> str:
    """The commit that is checked out; with + when the code differs from it."""

    def git(*arguments: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True)
        return done.stdout.strip()

    head = git("rev-parse", "--short=9", "HEAD") or "unknown"
    code = ("assistant", "ingest", "prompts", "vectorstore", "app.py")
    return head + ("+" if git("status", "--porcelain", "--", *code) else "")


def machine() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return f"{len(os.sched_getaffinity(0))} 核 {next(names, platform.machine())}"


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items() if item or key != "curve"}
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    return value
