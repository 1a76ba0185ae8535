"""A large base is made beside readers and writers, and opened beside readers."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.vectorstore.vectors.test_store import folder_of, nearest, opened, top, write
from vectorstore.vectors import publishing
from vectorstore.vectors import store as store_module
from vectorstore.vectors.chroma import Base
from vectorstore.vectors.store import ChromaFolders

SECONDS = 120


@pytest.fixture
def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ChromaFolders]:
    """400 passages, which are many here; a base is due after 20 changed ones."""
    store = opened(tmp_path)
    write(store.catalog, "a", 400, seed=1)
    store.publish()
    for module in (publishing, store_module):
        monkeypatch.setattr(module, "INLINE_MOST", 100)
    monkeypatch.setattr(publishing, "_LEAST", 20)
    yield store
    store.stop()
    store.close()
    store.catalog.close()


class Held:
    """Stands in the way of a call until it is let go."""

    def __init__(self) -> None:
        self.came, self.go = threading.Event(), threading.Event()

    def wait(self) -> None:
        self.came.set()
        assert self.go.wait(SECONDS)


def found(store: ChromaFolders) -> list[str]:
    return [name for name, _ in top(store)]


def test_writers_and_readers_go_on_while_a_base_is_made(
    large: ChromaFolders, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, patch = Held(), publishing.patch
    monkeypatch.setattr(publishing, "patch", lambda *them: (held.wait(), patch(*them))[1])
    before = folder_of(large)
    write(large.catalog, "b", 60, seed=2)
    large.publish()  # returns
    assert held.came.wait(SECONDS)
    write(large.catalog, "c", 60, seed=3)
    large.publish()
    assert folder_of(large) == before
    assert found(large) == nearest(large.catalog, 7)
    held.go.set()
    large.settle()
    assert folder_of(large) != before
    assert found(large) == nearest(large.catalog, 7)
    assert large.verify() == []


def test_a_new_base_is_opened_aside(large: ChromaFolders, monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(large) == nearest(large.catalog, 7)
    held = Held()

    class Slow(Base):
        def __init__(self, *them: object) -> None:
            held.wait()
            super().__init__(*them)  # type: ignore[arg-type]

    write(large.catalog, "b", 60, seed=2)
    large.publish()
    large.settle()
    monkeypatch.setattr(store_module, "Base", Slow)
    before = large._held
    for _ in range(2):
        assert found(large) == nearest(large.catalog, 7)  # by the older base
        assert large._held == before
    write(large.catalog, "c", 10, seed=3)
    assert found(large) == nearest(large.catalog, 7)
    held.go.set()
    assert large._opening is not None
    large._opening.join(SECONDS)
    assert large._held == large.state.published()
    assert found(large) == nearest(large.catalog, 7)


def test_an_older_base_that_breaks_gives_way(large: ChromaFolders) -> None:
    found(large)
    write(large.catalog, "b", 60, seed=2)
    large.publish()
    large.settle()
    assert large._held is not None
    (large.state.folder / large._held.folder / "chroma.sqlite3").unlink()
    assert found(large) == nearest(large.catalog, 7)
    assert large.is_healthy()  # the new one is whole


def test_one_is_made_at_a_time(large: ChromaFolders, monkeypatch: pytest.MonkeyPatch) -> None:
    other = opened(large.catalog.database.path.parent)  # as another process
    held, made = Held(), []
    patch = publishing.patch

    def waiting(*them: object) -> object:
        made.append(them)
        held.wait()
        return patch(*them)  # type: ignore[arg-type]

    monkeypatch.setattr(publishing, "patch", waiting)
    write(large.catalog, "b", 60, seed=2)
    large.publish()
    assert held.came.wait(SECONDS)
    other.publish()
    other.settle()
    assert len(made) == 1
    held.go.set()
    large.settle()
    assert other.verify() == []
    other.close()
    other.catalog.close()
