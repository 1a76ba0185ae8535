"""How a store lies in PostgreSQL: what SQLite's SQL means there, and what is said when it fails."""

import dataclasses
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.postgres import Cluster
from vectorstore import stores
from vectorstore.errors import IndexIncompatible, PolicyError, ReadOnlyData
from vectorstore.postgres.connecting import _marked, address_of
from vectorstore.postgres.database import PostgresDatabase
from vectorstore.postgres.making import adapted
from vectorstore.stores import Home, Remote, Store, place

STEP = '''
from alembic import op

revision = "{0:04d}"
down_revision = {1}
branch_labels = depends_on = None


def upgrade() -> None:
    op.execute("""{2}""")
'''
ENV = """
from alembic import context

from vectorstore.sqlite.migrating import run

run(context)
"""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    folder = tmp_path / "migrations"
    (folder / "versions").mkdir(parents=True)
    (folder / "env.py").write_text(ENV)
    (folder / "versions" / "v0001_first.py").write_text(STEP.format(1, None, "SELECT 1"))
    schema = (
        "CREATE TABLE words (id INTEGER PRIMARY KEY AUTOINCREMENT, word TEXT NOT NULL UNIQUE, "
        "weight REAL, kept BLOB, shown INTEGER NOT NULL DEFAULT 1);\n"
        "CREATE TABLE uses (word INTEGER NOT NULL REFERENCES words (id) ON DELETE CASCADE, "
        "place TEXT NOT NULL, PRIMARY KEY (word, place)) WITHOUT ROWID;\n"
    )
    return Store("试验库", schema + stores.meta(1), 1, folder, ("words",), "")


@pytest.fixture
def remote(postgres: Cluster, tmp_path: Path) -> Remote:
    return postgres.remote(tmp_path, "trial")


@pytest.fixture
def database(remote: Remote, store: Store) -> Iterator[PostgresDatabase]:
    with closing(PostgresDatabase(remote, store)) as opened:
        yield opened


def test_values_come_back_as_from_sqlite(database: PostgresDatabase) -> None:
    with database.transaction() as db:
        ((number,),) = db.execute(
            "INSERT INTO words (word, weight, kept, shown) VALUES (?, ?, ?, ?) RETURNING id",
            ("100% 问?'号", 2.5, b"\0\xff", False),
        )
        db.executemany("INSERT INTO uses VALUES (?, ?)", [(number, "a\0b"), (number, "é")])
    row = database.row("SELECT * FROM words WHERE word LIKE '%问?%' AND word = ?", ["100% 问?'号"])
    assert row is not None
    assert (row["word"], row["weight"], row["kept"], row["shown"]) == tuple(row)[1:]
    assert tuple(row) == (number, "100% 问?'号", 2.5, b"\0\xff", 0)
    assert dict(row)["id"] == row[0] == number
    listed = database.rows("SELECT place FROM uses ORDER BY place")
    assert [r[0] for r in listed] == ["a\ufffdb", "é"]
    assert database.row("SELECT 1 FROM words WHERE word = ?", ["x"]) is None
    with database.transaction() as db:
        assert db.execute("DELETE FROM words").rowcount == 1
    assert database.rows("SELECT * FROM uses") == []


def test_functions_of_sqlite_are_there(database: PostgresDatabase) -> None:
    (found,) = database.rows(
        "SELECT instr(?, ?), hex(?), json_extract(?, '$.a'), json_valid(?), json_valid(?)",
        ("农村公路", "公路", "é", '{"a": "甲"}', "{", "[1]"),
    )
    assert tuple(found) == (3, "C3A9", "甲", False, True)
    rows = database.rows("SELECT value FROM json_each(?)", ('["b", "a"]',))
    assert [r["value"] for r in rows] == ["b", "a"]
    (broken,) = database.rows("SELECT json_extract(?, '$.a')", ("{",))
    assert broken[0] is None


def test_all_or_nothing_and_one_writer_at_a_time(database: PostgresDatabase) -> None:
    def fail() -> None:
        with database.transaction() as db:
            db.execute("INSERT INTO words (word) VALUES ('gone')")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    counted: list[int] = []

    def add() -> None:
        with database.transaction() as db:
            ((count,),) = db.execute("SELECT count(*) FROM words")
            db.execute("INSERT INTO words (word) VALUES (?)", (f"w{count}",))  # UNIQUE
            counted.append(count)

    threads = [threading.Thread(target=add) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(counted) == list(range(12))


def test_what_fails_inside_is_not_taken_for_done(database: PostgresDatabase) -> None:
    import psycopg

    def swallow() -> None:
        with database.transaction() as db:
            db.execute("INSERT INTO words (word) VALUES ('a')")
            with pytest.raises(psycopg.errors.UniqueViolation):
                db.execute("INSERT INTO words (word) VALUES ('a')")

    with pytest.raises(psycopg.errors.InFailedSqlTransaction):
        swallow()
    assert database.rows("SELECT * FROM words") == []


def test_a_step_written_for_sqlite_runs_once(remote: Remote, store: Store) -> None:
    with closing(PostgresDatabase(remote, store)) as old, old.transaction() as db:
        db.execute("INSERT INTO words (word) VALUES ('kept')")
    step = "CREATE TABLE more (id INTEGER PRIMARY KEY, said TEXT NOT NULL) WITHOUT ROWID"
    path = store.migrations / "versions" / "v0002_more.py"
    path.write_text(STEP.format(2, '"0001"', step))
    newer = dataclasses.replace(store, version=2, schema=f"{store.schema};\n{step}")
    for _ in range(2):
        with closing(PostgresDatabase(remote, newer)) as opened:
            assert opened.rows("SELECT said FROM more") == []
            assert opened.row("SELECT word FROM words") == ("kept",)
    with pytest.raises(IndexIncompatible, match="更新的版本"):
        PostgresDatabase(remote, store)


def test_who_may_only_read_reads(remote: Remote, store: Store) -> None:
    PostgresDatabase(remote, store).close()
    url = f"{remote.url}?options=-cdefault_transaction_read_only%3Don"
    with closing(PostgresDatabase(dataclasses.replace(remote, url=url), store)) as database:
        assert database.read_only
        assert database.rows("SELECT * FROM words") == []
        with pytest.raises(ReadOnlyData), database.transaction():
            pass


def test_marks_and_types() -> None:
    assert _marked("a = ? AND b LIKE '%?' AND c = ?") == "a = %s AND b LIKE '%%?' AND c = %s"
    assert adapted("SELECT INTEGER") == "SELECT INTEGER"
    assert adapted("ALTER TABLE a ADD COLUMN b INTEGER") == "ALTER TABLE a ADD COLUMN b BIGINT"


@pytest.mark.parametrize("url", ["sqlite:///x", "postgresql://", "x", "postgresql+psycopg://h:p/d"])
def test_an_address_that_is_none_is_said(url: str) -> None:
    with pytest.raises(PolicyError, match="POLICY_DATABASE_URL"):
        address_of(url)


def test_nobody_is_told_the_password_or_where_the_database_lies(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    url = "postgresql+psycopg://policy:secret@127.0.0.1:1/nothing"
    home = Home(tmp_path, url)
    remote = place(home, stores.LOG)
    assert "secret" not in f"{home!r} {remote!r}"
    assert isinstance(remote, Remote)
    with pytest.raises(PolicyError, match="连不上数据库") as said:
        PostgresDatabase(remote, Store("试验库", "", 1, tmp_path, (), ""))
    assert not any(word in str(said.value) for word in ("secret", "127.0.0.1", "policy"))
    assert "127.0.0.1" in caplog.text
    assert "secret" not in caplog.text
