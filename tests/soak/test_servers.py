"""The short form of `python -m tests.soak --only servers`."""

from pathlib import Path

import pytest

from tests.postgres import MISSING, programs
from tests.soak import servers
from tests.soak.place import OWN, Checkout


@pytest.mark.scale
def test_nothing_is_lost_when_a_part_is_killed_under_load(tmp_path: Path) -> None:
    if programs() is None:
        pytest.skip(MISSING)
    rows = list(servers.run(Checkout(OWN, "现在", tmp_path, scale=0.1)))
    assert len(rows) == len(servers.HITS) + 1
    assert not [(row.part, row.faults) for row in rows if not row.is_clean]
