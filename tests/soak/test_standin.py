"""The campaign itself: with its stand-in for the model, files are read and taken in."""

from pathlib import Path

from tests.soak.kills import ingest, state
from tests.soak.place import OWN, Checkout
from tests.soak.samples import write_folder


def test_an_ingest_with_the_stand_in_takes_files_in(tmp_path: Path) -> None:
    checkout = Checkout(OWN, "现在", tmp_path)
    write_folder(tmp_path / "in", 2)
    done = ingest(checkout, tmp_path / "in", tmp_path / "data")
    assert done.code == 0, done.err
    found = state(checkout, tmp_path / "data")
    assert found is not None
    assert len(found["documents"]) == 2
    assert found["faults"] == []
