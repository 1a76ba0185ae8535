"""Results are numbers by id; two of them can be compared; the page is made from them."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.evals import results
from tests.evals.__main__ import main
from tests.evals.compare import compare
from tests.evals.render import DOCS, render
from tests.evals.results import Measured

BEFORE = Measured(3, {"right": 2.0}, {"fact": (2, 3)}, {"a": 1.0, "b": 1.0, "c": 0.0})
AFTER = replace(BEFORE, outcomes={"a": 1.0, "b": 0.0, "c": 1.0})


def test_a_set_keeps_what_was_not_measured_again(tmp_path: Path) -> None:
    file = tmp_path / "results.json"
    results.save({"own": BEFORE, "ncp": BEFORE}, file)
    results.save({"own": AFTER}, file)
    held = results.load(file)
    assert held["ncp"]["outcomes"] == BEFORE.outcomes
    assert held["own"]["outcomes"] == AFTER.outcomes
    assert held["own"]["types"] == {"fact": [2, 3]}
    assert {"date", "commit", "machine"} <= held["own"].keys()


def test_the_command_tells_what_was_won_and_lost(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [tmp_path / "a.json", tmp_path / "b.json"]
    for file, found in zip(files, (BEFORE, AFTER), strict=True):
        results.save({"own": found, file.stem: found}, file)
    assert main(["compare", *map(str, files)]) == 0
    said = capsys.readouterr().out
    assert "赢：c" in said
    assert "输：b" in said
    assert "a：只在前一份里" in said


def test_a_figure_that_moved_is_shown_and_rounding_is_not(tmp_path: Path) -> None:
    file = tmp_path / "r.json"
    results.save({"own": BEFORE}, file)
    before = results.load(file)
    after = {"own": {**before["own"], "figures": {"right": 1.0}}}
    assert "right 2 → 1（-1）" in compare(before, after)
    assert "right" not in compare(before, {"own": {**before["own"], "figures": {"right": 2.0001}}})


@pytest.mark.parametrize("content", ["{", "[]", '{"other": 1}'])
def test_another_file_is_refused_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str
) -> None:
    file = tmp_path / "x.json"
    file.write_text(content, encoding="utf-8")
    assert main(["compare", str(file), str(file)]) == 1
    assert "不是评测结果" in capsys.readouterr().err


def test_the_page_is_made_from_the_results() -> None:
    page = (DOCS / "benchmarks.md").read_text(encoding="utf-8")
    assert page == render(results.load()), "run: python -m tests.evals render"


def test_no_text_of_the_data_is_stored() -> None:
    """Ids and numbers only; what is Chinese names a figure."""
    for found in json.loads(results.FILE.read_text(encoding="utf-8"))["sets"].values():
        assert all(re.fullmatch(r"[\w.-]{1,40}", i, re.ASCII) for i in found["outcomes"])
        assert all(isinstance(score, int | float) for score in found["outcomes"].values())
        assert all(isinstance(value, int | float) for value in found["figures"].values())
