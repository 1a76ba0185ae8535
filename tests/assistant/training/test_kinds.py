"""Training the classifier of questions: the split, the fit, the threshold."""

import json
from pathlib import Path

import numpy as np

from assistant.training.kinds import Table, calibrated, fit, measure, read_labelled
from assistant.understand.kinds import Kind
from assistant.understand.learned import GRAMS

DENSE = 16


def table(size: int) -> Table:
    """Two kinds that the first number of each block tells apart."""
    rng = np.random.default_rng(size)
    kinds = np.arange(size) % 2
    seen = rng.normal(size=(size, DENSE + GRAMS)).astype(np.float32)
    seen[:, DENSE:] = 0
    seen[:, :DENSE:4] += 4.0 * kinds[:, None]
    return Table(seen, kinds, kinds[:, None].astype(np.float32))


def test_cuts_of_one_conversation_go_to_one_part(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    rows = [
        {"id": f"r{n}", "turns": [f"问{n // 3}", *["再问"] * (n % 3)], "kind": "fact", "asks": []}
        for n in range(90)
    ]
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    found = read_labelled(file)
    parts: dict[str, set[str]] = {}
    for row in found:
        parts.setdefault(row.turns[0], set()).add(row.part)
    assert all(len(part) == 1 for part in parts.values())
    assert {row.part for row in found} == {"train", "validation", "test"}


def test_the_labels_are_kinds() -> None:
    known = {*map(str, Kind), "validity"}
    rows = read_labelled()
    assert {row.kind for row in rows} <= known
    assert len({row.turns for row in rows}) == len(rows)


def test_it_learns_and_is_measured() -> None:
    first = fit(table(80), ("fact", "list"), ("list",), seed=1)
    network = calibrated(first, table(40))
    found = measure(network, table(60))
    assert found["accuracy"] >= 0.9
    assert found["right_when_sure"] >= found["accuracy"]
    assert found["by_kind"]["fact"][1] == 30
    again = fit(table(80), ("fact", "list"), ("list",), seed=1)
    assert np.array_equal(again.hidden, first.hidden)
