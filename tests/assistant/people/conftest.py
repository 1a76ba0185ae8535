"""An empty store of accounts, with a clock of its own."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.people.store import People


@dataclass
class Clock:
    at: float = 1_800_000_000

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def people(tmp_path: Path, clock: Clock) -> Iterator[People]:
    store = People(tmp_path / "people.sqlite3", idle=600, life=3600, now=clock)
    yield store
    store.close()
