"""Vectors on a server: what happens when it is away, wrong or a stranger's."""

import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from tests.vectorstore.made import put, put_random, vector
from tests.vectorstore.vectors.engines import ChromaProcess, MemoryEngine
from tests.vectorstore.vectors.memory import MemoryVectors
from vectorstore.catalog.sql import SqlCatalog
from vectorstore.errors import PolicyError, VectorsDamaged
from vectorstore.vectors import addresses, served
from vectorstore.vectors.addresses import address_of
from vectorstore.vectors.choosing import vectors_of
from vectorstore.vectors.engine import EngineFailed, Patience
from vectorstore.vectors.served import ServedVectors
from vectorstore.vectors.store import ChromaFolders


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[SqlCatalog]:
    opened = SqlCatalog(tmp_path / "catalog.sqlite3")
    put_random(opened, 30, seed=5)
    yield opened
    opened.close()


@pytest.fixture
def engine() -> MemoryEngine:
    return MemoryEngine()


@pytest.fixture
def store(tmp_path: Path, catalog: SqlCatalog, engine: MemoryEngine) -> ServedVectors:
    opened = ServedVectors(catalog, engine, tmp_path)
    opened.publish()
    return opened


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is compared one by one."""
    monkeypatch.setattr(served, "_FEW", 0)
    monkeypatch.setattr(served, "EXACT_MOST", 0)


def right(catalog: SqlCatalog, text: str, limit: int) -> list[str]:
    return [i for i, _ in MemoryVectors(catalog).query(vector(text)[None], limit)]


def found(store: ServedVectors, text: str, limit: int) -> list[str]:
    return [i for i, _ in store.query(vector(text)[None], limit)]


def records(engine: MemoryEngine) -> dict[str, tuple[str, np.ndarray]]:
    (only,) = engine.collections.values()
    return only


# --- away ---------------------------------------------------------------------------------


def test_small_libraries_are_searched_without_the_server(
    store: ServedVectors, catalog: SqlCatalog, engine: MemoryEngine
) -> None:
    engine.away = True
    assert found(store, "甲", 5) == right(catalog, "甲", 5)
    assert not store.is_healthy()


@pytest.mark.usefixtures("large")
def test_large_ones_say_so_and_wait_once(store: ServedVectors, engine: MemoryEngine) -> None:
    told: list[None] = []
    store.on_damage = lambda: told.append(None)
    engine.away, engine.calls = True, 0
    for _ in range(3):
        with pytest.raises(VectorsDamaged, match="只能按字词检索"):
            found(store, "甲", 5)
    assert engine.calls == 1
    assert told


@pytest.mark.usefixtures("large")
def test_what_was_written_meanwhile_is_published_afterwards(
    store: ServedVectors, catalog: SqlCatalog, engine: MemoryEngine
) -> None:
    engine.away = True
    put(catalog, "new", "新的一句")
    store.publish()  # no error: what was written is kept
    assert not store.is_healthy()
    engine.away = False
    store.publish()
    assert store.is_healthy()
    assert "new-0000" in records(engine)
    assert found(store, "新的一句", 1) == ["new-0000"]
    assert store.verify() == []


def test_somebody_who_asks_for_it_is_told(store: ServedVectors, engine: MemoryEngine) -> None:
    engine.away = True
    with pytest.raises(VectorsDamaged, match="向量服务"):
        store.publish(fresh=True)


def test_nobody_waits_for_a_server_that_is_away() -> None:
    now, calls = [0.0], []

    def fails() -> None:
        calls.append(now[0])
        raise EngineFailed("没有按时回答")

    patience = Patience(lambda: now[0])
    for moment in (0.0, 0.5, 1.1, 1.5, 3.0, 3.2):
        now[0] = moment
        with pytest.raises(EngineFailed, match="按时"):
            patience.ask(fails)
    assert calls == [0.0, 1.1, 3.2]  # after a second, after two more
    now[0] = 3.3
    assert patience.ask(lambda: 7, now=True) == 7
    assert patience.said == ""


def test_a_silent_server_does_not_hold_a_question(catalog: SqlCatalog) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes calls and never answers
        url = f"chroma://127.0.0.1:{silent.getsockname()[1]}"
        store = vectors_of(catalog, Path(), url, seconds=0.2)
        store.publish()
        assert not store.is_healthy()
        assert [i for i, _ in store.query(vector("甲")[None], 5)] == right(catalog, "甲", 5)
        store.close()


@pytest.mark.usefixtures("large")
def test_a_killed_server_comes_back_without_hands(
    tmp_path: Path, catalog: SqlCatalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vectorstore.vectors.engine._FIRST", 0.0)
    monkeypatch.setattr("vectorstore.vectors.engine._LONGEST", 0.0)
    process = ChromaProcess(tmp_path / "server")
    process.start()
    try:
        store = vectors_of(catalog, tmp_path, process.url, seconds=60)
        store.publish()
        before = [i for i, _ in store.query(vector("甲")[None], 5)]
        assert before == right(catalog, "甲", 5)
        process.kill()
        with pytest.raises(VectorsDamaged, match="连不上向量服务"):
            store.query(vector("甲")[None], 5)
        process.start()
        assert [i for i, _ in store.query(vector("甲")[None], 5)] == before
        assert store.check_thoroughly()
        store.close()
    finally:
        process.kill()


# --- wrong --------------------------------------------------------------------------------


@pytest.mark.usefixtures("large")
def test_a_strangers_record_is_no_hit_and_is_mended(
    store: ServedVectors, catalog: SqlCatalog, engine: MemoryEngine
) -> None:
    told: list[None] = []
    store.on_damage = lambda: told.append(None)
    records(engine)["foreign-0000"] = "foreign", vector("甲")
    assert found(store, "甲", 5) == right(catalog, "甲", 4)
    assert told
    assert not store.is_healthy()
    store.publish()
    assert store.is_healthy()
    assert found(store, "甲", 5) == right(catalog, "甲", 5)
    assert len(engine.collections) == 1


@pytest.mark.usefixtures("large")
def test_a_record_under_another_document_is_not_shown(
    store: ServedVectors, catalog: SqlCatalog, engine: MemoryEngine
) -> None:
    held = records(engine)
    secret = right(catalog, "甲", 1)[0]
    held[secret] = "r001", held[secret][1]  # the server believes it to be of another one
    allowed = [f"r{n:03d}" for n in range(30) if not secret.startswith(f"r{n:03d}")]
    assert secret not in {i for i, _ in store.query(vector("甲")[None], 200, allowed)}


@pytest.mark.parametrize("lost", ["a record", "the collection"])
def test_what_was_lost_is_built_again(
    store: ServedVectors, catalog: SqlCatalog, engine: MemoryEngine, lost: str
) -> None:
    if lost == "a record":
        records(engine).popitem()
    else:
        engine.collections.clear()
    assert store.verify() != []
    assert not store.check_thoroughly()
    store.publish()
    assert store.check_thoroughly()
    assert store.verify() == []
    assert found(store, "甲", 5) == right(catalog, "甲", 5)


def test_a_change_takes_no_more_than_itself_to_the_server(
    store: ServedVectors, catalog: SqlCatalog, engine: MemoryEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []
    add = engine.add
    monkeypatch.setattr(
        engine, "add", lambda name, rows: (sent.extend(row[0] for row in rows), add(name, rows))
    )
    put(catalog, "new", "一", "二")
    store.publish()
    assert sorted(sent) == ["new-0000", "new-0001"]
    store.publish()
    assert len(sent) == 2


def test_a_writer_killed_half_way_does_no_harm(
    store: ServedVectors, catalog: SqlCatalog, engine: MemoryEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(catalog, "r001", "改过的一句")
    with monkeypatch.context() as broken:
        broken.setattr(engine, "count", lambda _: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            store.publish()
    assert found(store, "改过的一句", 1) == ["r001-0000"]
    store.publish()
    assert store.verify() == []


def test_folders_and_servers_do_not_take_each_others_word(
    tmp_path: Path, store: ServedVectors, catalog: SqlCatalog
) -> None:
    folders = ChromaFolders(tmp_path / "vectors", catalog)
    put(catalog, "new", "新的一句")
    for each in (folders, store, folders):
        each.publish()
        assert [i for i, _ in each.query(vector("新的一句")[None], 1)] == ["new-0000"]
        assert each.verify() == []
    folders.close()


def test_a_copy_of_the_folder_takes_nothing_from_the_first(
    tmp_path: Path, store: ServedVectors, catalog: SqlCatalog, engine: MemoryEngine
) -> None:
    (tmp_path / "copy").mkdir()
    path = tmp_path / "copy" / "catalog.sqlite3"
    with closing(sqlite3.connect(path)) as target, catalog.database.connection() as source:
        source.backup(target)
    copy = SqlCatalog(path)
    other = ServedVectors(copy, engine, path.parent)
    for _ in range(2):
        other.publish(fresh=True)
        store.publish(fresh=True)
    assert other.check_thoroughly()
    assert store.check_thoroughly()
    copy.close()


# --- where it may be ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "kind", "url"),
    [
        ("chroma://127.0.0.1:8123", "chroma", "http://127.0.0.1:8123"),
        ("chroma://[::1]", "chroma", "http://[::1]:8000"),
        ("milvus://10.1.2.3", "milvus", "http://10.1.2.3:19530"),
        ("milvus:///var/lib/x.db", "milvus", "/var/lib/x.db"),
    ],
)
def test_private_places_are_taken(setting: str, kind: str, url: str) -> None:
    found = address_of(setting, "")
    assert (found.kind, found.url) == (kind, url)


@pytest.mark.parametrize(
    "setting",
    [
        "http://127.0.0.1:8000", "chroma://", "chroma://127.0.0.1:99999999", "milvus:///etc/passwd",
        "chroma://name:secret@127.0.0.1", "chroma://127.0.0.1/path", "chroma:///x.db", "[",
    ],
)  # fmt: skip
def test_others_are_refused_in_words(setting: str) -> None:
    with pytest.raises(PolicyError, match="POLICY_VECTORS_URL") as refused:
        address_of(setting, "")
    assert "secret" not in str(refused.value)


def test_public_places_need_https_and_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    where = {"v.example": "8.8.8.8", "db.local": "192.168.3.4"}
    monkeypatch.setattr(
        addresses.socket,
        "getaddrinfo",
        lambda host, *_, **__: [(0, 0, 0, "", (where.get(host, host), 0))],
    )
    for refused, key in (("chroma://v.example", "k"), ("chroma+https://v.example", "")):
        with pytest.raises(PolicyError, match="公网"):
            address_of(refused, key)
    assert address_of("chroma+https://v.example", "k").url == "https://v.example:443"
    assert address_of("chroma://db.local:8000", "").url == "http://db.local:8000"
