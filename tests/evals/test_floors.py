"""Floors under the figures that docs/benchmarks.md reports; only where the data is."""

from pathlib import Path

import pytest

from tests.evals import drafts, seeds

pytestmark = [pytest.mark.shared, pytest.mark.model]


def test_the_committed_questions(shared: Path) -> None:
    found = seeds.measure()
    assert found["right"] >= 21, found["wrong"]  # type: ignore[operator]
    assert found["inexact"] == 0
    assert found["unsupported"] == 0
    declined, all_of_them = found["declined"]  # type: ignore[misc]
    assert declined == all_of_them


@pytest.mark.parametrize("mode", ["extractive", "model"])
def test_the_committed_drafts(shared: Path, mode: str) -> None:
    for identifier, found in drafts.run(mode):
        assert found["cited"] >= 0.75 * found["wanted"], identifier
        assert found["exact"] == found["sources"], identifier
        assert found["foreign"] == 0, identifier
