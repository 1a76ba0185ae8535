"""An office in a folder of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.office.office import Office
from tests.conftest import HashEmbedder


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path / "office.sqlite3", HashEmbedder().embed_passages, names_askers=True)
    yield made
    made.close()
