"""Precision and recall of the facts that ingest reads, against a labelled set.

python -m tests.evals.facts [FOLDER] [--half odd|even|all] [--kind K …] [--errors]

FOLDER holds documents and facts.jsonl (the shared facts_dev by default). Rules are developed on
the odd documents (01, 03 …); the even ones are for reporting, and their errors are not printed.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from ingest.facts.reading import read_stated
from ingest.prepare import Recipe, prepare_file
from tests.conftest import ROOT
from vectorstore.facts import Fact, Relation, Stated
from vectorstore.language.text import fold

FACTS_DEV = ROOT.parent / "shared" / "eval" / "facts_dev"
Wanted = dict[str, Any]


def read_document(path: Path) -> tuple[str, Stated]:
    """A file's source and what was read from it."""
    prepared = prepare_file(path, Recipe(_characters, 400, 10**8))
    assert prepared.documents, prepared.error
    (item,) = prepared.documents
    return item.document.text, read_stated(item.document, item.passages)


def _characters(texts: Sequence[str]) -> list[int]:
    return [len(text) for text in texts]


# --- when a row found is the one wanted ------------------------------------------------------


def alike(a: str, b: str) -> float:
    """0 to 1: how much of the shorter of two wordings stands in the other."""
    a, b = fold(a), fold(b)
    if not a or not b:
        return float(a == b)
    same = sum(m.size for m in SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks())
    return same / min(len(a), len(b))


def _overlap(found: Fact | Relation, wanted: Wanted) -> bool:
    a, b = fold(found.quote), fold(wanted["span"])
    return a in b or b in a or alike(a, b) >= 0.8


def _number(found: Fact, wanted: Wanted) -> bool:
    """Labels say 1.2 万人 where facts say 12000 人."""
    value, factor = wanted["value"], _scale(wanted.get("unit"))
    if isinstance(value, int | float):
        value *= factor
    if isinstance(value, list):
        ends = [None if v is None else float(v) * factor for v in value]
        return [found.value, found.high] == ends or (found.value in ends and found.high is None)
    if isinstance(value, int | float):
        return found.value is not None and abs(found.value - value) <= 1e-6 * max(1, abs(value))
    return value is None or alike(found.text, str(value)) >= 0.8


def _scale(unit: str | None) -> float:
    scales = {"万": 1e4, "亿": 1e8}
    return scales.get((unit or " ")[0], 1.0) * (scales["亿"] if unit == "万亿元" else 1.0)


def _quantity(found: Fact, wanted: Wanted) -> bool:
    return (
        _number(found, wanted)
        and found.year == wanted["year"]
        and fold(found.comparator or "=") == fold(wanted["comparator"] or "=")
        and alike(found.group + found.subject, (wanted["group"] or "") + wanted["subject"]) >= 0.6
    )


def _amount(found: Fact, wanted: Wanted) -> bool:
    named = alike(found.group + found.subject, (wanted["class"] or "") + wanted["subject"]) >= 0.5
    return _number(found, wanted) and named


def _day(value: str | None) -> date | str | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        return value


def _window(found: Fact, wanted: Wanted) -> bool:
    since, until = _day(wanted["from"]), _day(wanted["to"])
    relative = [d for d in (since, until) if isinstance(d, str)]
    if relative:
        return all(alike(found.text, d) >= 0.6 for d in relative)
    return (found.since, found.until) == (since, until) and alike(
        found.subject + found.quote, wanted["subject"]
    ) >= 0.5


def _validity(found: Fact, wanted: Wanted) -> bool:
    return (found.since, found.until, found.value) == (
        _day(wanted["effective"]), _day(wanted["until"]), wanted["years"]
    )  # fmt: skip


def _duty(found: Fact, wanted: Wanted) -> bool:
    return (
        found.role == wanted["role"]
        and set(map(fold, found.organs)) == set(map(fold, wanted["organs"]))
        and alike(found.subject + found.text, wanted["task"]) >= 0.6
    )


_FITS: dict[str, Callable[[Fact, Wanted], bool]] = {
    "target": _quantity,
    "figure": _quantity,
    "amount": _amount,
    "window": _window,
    "validity": _validity,
    "duty": _duty,
    "condition": lambda f, w: alike(f.text, w["text"]) >= 0.7,
    "definition": lambda f, w: alike(f.subject, w["term"]) >= 0.8,
    "contact": lambda f, w: fold(w["value"]) in fold(f.text) or fold(f.text) in fold(w["value"]),
}


def fits(found: Fact, wanted: Wanted) -> bool:
    return _overlap(found, wanted) and _FITS[found.kind](found, wanted)


def relation_fits(found: Relation, wanted: Wanted) -> bool:
    title, number = wanted["target_title"], wanted["target_number"]
    return found.type == wanted["type"] and (
        bool(number and found.number and fold(number) == fold(found.number))
        or bool(title and found.title and alike(title, found.title) >= 0.9)
    )


# --- scoring ---------------------------------------------------------------------------------


@dataclass
class Tally:
    wanted: int = 0
    found: int = 0
    right: int = 0

    def line(self) -> str:
        precision = self.right / self.found if self.found else 1.0
        recall = self.right / self.wanted if self.wanted else 1.0
        return f"P {precision:.2f}  R {recall:.2f}  ({self.right} of {self.wanted}, {self.found} found)"


def pair(
    found: Sequence[Any], wanted: Sequence[Wanted], fit: Callable[[Any, Wanted], bool]
) -> tuple[list[tuple[Any, Wanted]], list[Any], list[Wanted]]:
    """One to one: pairs, what was found for nothing, what was missed."""
    left = list(found)
    pairs, missed = [], []
    for want in wanted:
        best = next((f for f in left if fit(f, want)), None)
        if best is None:
            missed.append(want)
        else:
            left.remove(best)
            pairs.append((best, want))
    return pairs, left, missed


def score(folder: Path, half: str, kinds: Sequence[str], errors: bool) -> dict[str, Tally]:
    wanted = [json.loads(line) for line in (folder / "facts.jsonl").open(encoding="utf-8")]
    tallies: dict[str, Tally] = {}
    for name in sorted({w["document"] for w in wanted}):
        number = int("".join(filter(str.isdigit, name)) or 0)
        if half != "all" and number % 2 != (half == "odd"):
            continue
        source, stated = read_document(folder / name)
        check_spans(source, stated)
        own = [w for w in wanted if w["document"] == name]
        for kind in sorted({w["kind"] for w in own} | {f.kind for f in stated.facts}):
            if kinds and kind not in kinds:
                continue
            rows = stated.relations if kind == "relation" else [
                f for f in stated.facts if f.kind == kind
            ]  # fmt: skip
            fit = relation_fits if kind == "relation" else fits
            want = [w for w in own if w["kind"] == kind]
            pairs, extra, missed = pair(rows, want, fit)
            tally = tallies.setdefault(kind, Tally())
            tally.wanted += len(want)
            tally.found += len(rows)
            tally.right += len(pairs)
            if errors:
                _print_errors(name, kind, extra, missed)
    return tallies


def check_spans(source: str, stated: Stated) -> None:
    """Every row must quote its source to the letter."""
    for row in (*stated.facts, *stated.relations):
        assert " ".join(source[row.start : row.end].split()) == row.quote, row


def _print_errors(name: str, kind: str, extra: Sequence[Any], missed: Sequence[Wanted]) -> None:
    for want in missed:
        print(f"- {name} {kind} MISSED {json.dumps(want, ensure_ascii=False)}")
    for row in extra:
        print(f"+ {name} {kind} MADE UP {_shown(row)}")


def _shown(row: Any) -> str:
    values = {k: getattr(row, k) for k in row.__slots__}
    return ", ".join(f"{k}={v}" for k, v in values.items() if v not in ("", None, ()))


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.evals.facts", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=FACTS_DEV)
    parser.add_argument("--half", choices=("odd", "even", "all"), default="all")
    parser.add_argument("--kind", nargs="*", default=[])
    parser.add_argument("--errors", action="store_true", help="print what was missed or made up")
    arguments = parser.parse_args(argv)
    if not (arguments.folder / "facts.jsonl").exists():
        print(f"没有 {arguments.folder}/facts.jsonl，跳过", file=sys.stderr)
        return 0
    if arguments.errors and arguments.folder == FACTS_DEV and arguments.half != "odd":
        parser.error("错误只在奇数号文件上看：--half odd")
    halves = ("odd", "even") if arguments.half == "all" and arguments.folder == FACTS_DEV else (
        arguments.half,
    )  # fmt: skip
    for half in halves:
        print(f"[{half}]")
        for kind, tally in score(arguments.folder, half, arguments.kind, arguments.errors).items():
            print(f"  {kind:<11}{tally.line()}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
