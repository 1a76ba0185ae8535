"""Training the classifier of questions: the split, the fit, the threshold."""

import json
from pathlib import Path

import numpy as np

from assistant.training.kinds import Labelled, Table, calibrated, fit, measure, read_labelled
from assistant.understand.demands import Demand
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
    return Table(seen, kinds, kinds[:, None].astype(np.float32), kinds)


def rows_in(tmp_path: Path, *rows: dict[str, object]) -> list[Labelled]:
    file = tmp_path / "rows.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return read_labelled(file)


def row(
    n: int, *turns: str, standalone: str = "", matter: tuple[str, ...] = ()
) -> dict[str, object]:
    alone = standalone or turns[-1]
    labels = {"kind": "fact", "demands": [], "matter": list(matter)}
    return {"id": f"r{n}", "turns": list(turns), "standalone": alone, **labels}


def test_cuts_of_one_conversation_go_to_one_part(tmp_path: Path) -> None:
    found = rows_in(
        tmp_path,
        *(row(n, f"问{n // 3}", *["再问"] * (n % 3), standalone=f"问{n // 3}") for n in range(90)),
    )
    parts: dict[str, set[str]] = {}
    for each in found:
        if not each.before:
            parts.setdefault(each.turn, set()).add(each.part)
    assert all(len(part) == 1 for part in parts.values())
    assert {each.part for each in found} == {"train", "validation", "test"}


def test_a_follow_up_leans_and_its_standalone_question_does_not(tmp_path: Path) -> None:
    found = rows_in(
        tmp_path,
        row(1, "修桥补多少", "修路呢", standalone="修路补多少"),
        row(2, "《廊桥办法》里修桥补多少", matter=("修桥",)),
    )
    told = {(each.turn, bool(each.before)): each.follows for each in found}
    assert told == {
        ("修路呢", True): True,
        ("修路补多少", False): None,
        ("《廊桥办法》里修桥补多少", False): None,
        ("《廊桥办法》里修桥补多少", True): False,  # behind a strange turn
    }


def test_the_labels_are_kinds_and_demands() -> None:
    rows = read_labelled()
    assert {row.kind for row in rows} <= {"", *map(str, Kind), "validity"}
    assert {demand for row in rows for demand in row.demands} <= set(Demand)
    assert all(piece in row.turn for row in rows for piece in row.matter)


def test_it_learns_and_is_measured() -> None:
    first = fit(table(80), ("fact", "list"), ("list",), seed=1)
    network = calibrated(first, table(40))
    found = measure(network, table(60))
    assert found["accuracy"] >= 0.9
    assert found["right_when_sure"] >= found["accuracy"]
    assert found["by_kind"]["fact"][1] == 30
    again = fit(table(80), ("fact", "list"), ("list",), seed=1)
    assert np.array_equal(again.whole.hidden, first.whole.hidden)
