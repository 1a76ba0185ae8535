"""Into PostgreSQL and back: every row as it was, or nothing at all."""

import dataclasses
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.postgres import Cluster
from tests.vectorstore.made import put, put_random
from vectorstore import stores
from vectorstore.arrivals.arrivals import Arrivals
from vectorstore.backups.backup import create_backup
from vectorstore.backups.restoring import restore_backup
from vectorstore.backups.verify import verify as verify_backup
from vectorstore.catalog.sql import SqlCatalog
from vectorstore.chain.chain import Chain
from vectorstore.chain.record import Record
from vectorstore.chain.verifying import verify
from vectorstore.errors import PolicyError
from vectorstore.facts import Fact, Stated
from vectorstore.keywords.fts5 import Fts5Index
from vectorstore.models import Audience
from vectorstore.moving import forward
from vectorstore.moving.back import move_out
from vectorstore.moving.forward import move_in
from vectorstore.stores import Home, place

FACT = Fact("target", "n", 0, 2, "道路", "里程", "农村", value=95.5, year=2027)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    with closing(SqlCatalog(folder / stores.CATALOG)) as catalog:
        catalog.followers.append(Fts5Index(catalog.database))
        put_random(catalog, 20, seed=5)
        put(catalog, "n", "农村道路\0一", "#标题", stated=Stated((FACT,)))
        catalog.delete_document("r003")
        catalog.put_audience("r004", Audience("部门", ("d1",), may_download=False))
    with closing(Chain(folder / stores.LOG)) as log:
        for number in range(5):
            log.append(Record("user:1", "read log", details={"count": number, "query": "名'字"}))
    with closing(Arrivals(folder)) as arrivals:
        arrivals.keep([], by="user:1", way="upload")
        arrivals.keep([], by="user:2", way="upload")
    return folder


@pytest.fixture
def home(data: Path, postgres: Cluster) -> Home:
    return Home(data, postgres.database())


def content(folder: Path) -> Iterator[tuple[str, list[tuple[object, ...]]]]:
    """All rows of all tables that are not derived."""
    for name in stores.LABELS:
        if not (folder / name).exists():
            continue
        with closing(sqlite3.connect(folder / name)) as db:
            tables = db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
            for (table,) in tables.fetchall():
                if "words" not in table and table != "sqlite_stat1":
                    yield f"{name} {table}", sorted(db.execute(f"SELECT * FROM {table}"), key=repr)


def test_there_and_back_every_row_is_the_same(home: Home, data: Path, tmp_path: Path) -> None:
    moved, aside = move_in(home)
    assert [m.label for m in moved] == ["目录库", "入库记录", "审计日志"]
    assert not any((data / name).exists() for name in stores.LABELS)
    assert (aside / stores.CATALOG).exists()
    with closing(Chain(place(home, stores.LOG))) as log:
        assert verify(log).fault is None
        log.append(Record("user:1", "read log"))
    with closing(SqlCatalog(place(home, stores.CATALOG))) as catalog:
        assert catalog.count_documents() == 20
        put(catalog, "later", "后来")  # numbers go on
    with closing(Arrivals(home)) as arrivals:
        latest = arrivals.keep([], by="user:3", way="watch")  # numbers go on here too
        assert arrivals.reports()[0].id == latest
        assert len(arrivals.reports()) == 3

    other = Home(tmp_path / "other", home.url)
    move_out(other)
    before, after = dict(content(aside)), dict(content(other.folder))
    assert set(after) == set(before)
    with closing(Chain(other.folder / stores.LOG)) as log:
        assert verify(log).entries == 6
    with closing(SqlCatalog(other.folder / stores.CATALOG)) as catalog:
        assert catalog.count_documents() == 21
        text = catalog.passages_of("n")[0].text
        assert text == "农村道路\ufffd一"  # the one character that PostgreSQL does not hold
        assert catalog.facts() == [FACT]
        words = Fts5Index(catalog.database)
        assert "n-0000" in {i for i, _ in words.search(["农村"], 50)}


def test_back_at_once_is_the_same_file(home: Home, tmp_path: Path) -> None:
    _, aside = move_in(home)
    other = Home(tmp_path / "other", home.url)
    move_out(other)
    before, after = dict(content(aside)), dict(content(other.folder))
    plain = {name: [tuple(map(str, row)) for row in rows] for name, rows in after.items()}
    said = {
        name: sorted((tuple(str(v).replace("\0", "\ufffd") for v in row) for row in rows), key=repr)
        for name, rows in before.items()
    }
    assert {name: sorted(rows, key=repr) for name, rows in plain.items()} == said


def test_what_differs_is_found_and_nothing_is_changed(
    home: Home, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = dict(content(data))
    honest = forward.carrying.carry_in

    def loses_one(db: object, schema: str, table: object, rows: object) -> None:
        honest(db, schema, table, list(rows)[1:] if table.name == "facts" else rows)  # type: ignore

    monkeypatch.setattr(forward.carrying, "carry_in", loses_one)
    with pytest.raises(PolicyError, match="facts 搬过去后不一样"):
        move_in(home)
    assert dict(content(data)) == before
    monkeypatch.undo()
    moved, _ = move_in(home)  # and nothing was left in the database
    assert len(moved) == 3


def test_what_is_there_already_is_never_overwritten(home: Home, data: Path) -> None:
    move_in(home)
    with closing(SqlCatalog(data / stores.CATALOG)):
        pass
    with pytest.raises(PolicyError, match="数据库里已有目录库"):
        move_in(home)
    with pytest.raises(PolicyError, match="已有 catalog"):
        move_out(home)


def test_nothing_to_move_is_said(tmp_path: Path, postgres: Cluster) -> None:
    home = Home(tmp_path, postgres.database())
    with pytest.raises(PolicyError, match="没有目录库"):
        move_in(home)
    with pytest.raises(PolicyError, match="没有本程序的数据"):
        move_out(home)
    with pytest.raises(PolicyError, match="连不上数据库"):
        move_out(dataclasses.replace(home, url="postgresql+psycopg://a:b@127.0.0.1:1/c"))
    assert list(tmp_path.iterdir()) == []


def test_a_backup_of_a_database_is_one_of_files(home: Home, data: Path, tmp_path: Path) -> None:
    move_in(home)
    (data / "files").mkdir()
    (data / "files" / "通知.txt").write_text("通知")
    path, manifest = create_backup(home, tmp_path / "backups")
    assert [check.name for check in verify_backup(path) if not check.ok] == []
    assert manifest.counts["documents"] == 20
    assert {stores.CATALOG, stores.LOG, "files/通知.txt"} <= manifest.files.keys()
    assert [p.name for p in (tmp_path / "backups").iterdir()] == [path.name]
    restore_backup(path, tmp_path / "new")
    with closing(SqlCatalog(tmp_path / "new" / stores.CATALOG)) as catalog:
        assert catalog.count_documents() == 20
