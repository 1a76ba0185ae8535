"""The tests of the stores once more, with every store in PostgreSQL instead of a file: `pytest -p
tests.over_postgres tests/assistant/people …`. What a test does to a file itself (marked
`sqlite_file` by what it uses) is left out."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.postgres import Cluster
from vectorstore.database import opening
from vectorstore.stores import Place, Remote, Store

# Words of a test's source by which it works on the file, not on the store.
FILES = (
    "sqlite3", "tamper", "copied", "copy(", ".glob(", "read_bytes", "can_write", "chmod", "database.path", "subprocess", "is_file()",
    "PRAGMA", ".exists()", "read_only", "written_by", "tamper", "versions/", "_open_file", "disk",
)  # fmt: skip

CATALOG = "目录库"


@pytest.fixture(autouse=True)
def _over_postgres(
    request: pytest.FixtureRequest, postgres: Cluster, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    import inspect

    test = getattr(request.node, "function", None)
    if test and any(word in inspect.getsource(test) for word in FILES):
        pytest.skip("works on the file")
    opened: list[Any] = []
    file = opening.sqlite.Database

    def served(place: Path, store: Store) -> Any:
        from vectorstore.postgres.database import PostgresDatabase

        if store.label == CATALOG:  # searched in a file wherever it is kept (vectorstore/replica)
            return file(place, store)
        opened.append(PostgresDatabase(_remote(postgres, place), store))
        opened[-1].path = place
        return opened[-1]

    def exists(place: Place) -> bool:
        return _exists(_remote(postgres, place) if isinstance(place, Path) else place)

    _exists = opening.exists
    monkeypatch.setattr(opening, "exists", exists)
    monkeypatch.setattr(opening, "sqlite", SimpleNamespace(Database=served))
    for module in (
        "vectorstore.arrivals.arrivals", "vectorstore.chain.commanding",
        "assistant.services",
    ):  # fmt: skip
        monkeypatch.setattr(f"{module}.exists", exists)
    yield
    for database in opened:
        database.close()


def _remote(cluster: Cluster, place: Path) -> Remote:
    name = hashlib.sha256(str(place.absolute()).encode()).hexdigest()[:12]
    return Remote(cluster.url, f"t{name}_{place.stem}", place.parent)
