"""The stores in PostgreSQL into SQLite files of a data folder: all or nothing, compared."""

import os
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from sqlalchemy import MetaData

from vectorstore import stores
from vectorstore.catalog.sql import SqlCatalog
from vectorstore.errors import PolicyError
from vectorstore.keywords.fts5 import Fts5Index
from vectorstore.moving.comparing import require_same, sum_of
from vectorstore.moving.forward import Moved, Progress, rows_in
from vectorstore.postgres import carrying, making
from vectorstore.postgres.connecting import Connection, connected
from vectorstore.postgres.saying import said_plainly
from vectorstore.sqlite.connecting import Connection as File
from vectorstore.sqlite.connecting import connect, make_folder
from vectorstore.sqlite.database import statements
from vectorstore.sqlite.migrating import stamp
from vectorstore.stores import Home, Remote


def move_out(home: Home, on_progress: Progress = lambda *_: None) -> list[Moved]:
    """Writes every store that the database holds, as of one moment, into a file, compares it, and
    puts the files in their places when all are whole. The database stays as it is.

    Raises PolicyError, and nothing is changed, when anything is wrong.
    """
    make_folder(home.folder)
    if there := [name for name in stores.LABELS if (home.folder / name).exists()]:
        raise PolicyError(f"{home.folder} 里已有 {there[0]}；请换一个空的数据目录，或先把它移开")
    scratch = home.folder / f".moving-{os.getpid()}"
    scratch.mkdir()
    try:
        with said_plainly("数据库"):
            moved = _written(home, scratch, on_progress)
        if (scratch / stores.CATALOG).exists():
            _index_words(scratch / stores.CATALOG)
        for file in sorted(scratch.iterdir()):
            file.replace(home.folder / file.name)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return moved


def _written(home: Home, scratch: Path, on_progress: Progress) -> list[Moved]:
    moved = []
    with closing(connected(Remote(home.url, "public", home.folder))) as db:
        db.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        for name, label in stores.LABELS.items():
            remote = stores.place(home, name)
            assert isinstance(remote, Remote)
            if not making.is_made(db, remote.schema):
                continue
            db.execute(f'SET LOCAL search_path TO "{remote.schema}"')
            with closing(connect(f"{(scratch / name).absolute().as_uri()}?mode=rwc")) as file:
                moved.append(_store_out(db, remote.schema, file, label, on_progress))
        db.rollback()
    if not moved:
        raise PolicyError("数据库里没有本程序的数据；请检查地址")
    return moved


def _store_out(db: Connection, schema: str, file: File, label: str, on_progress: Progress) -> Moved:
    (script,) = db.execute("SELECT script FROM made_from").fetchone()
    made = [s for s in statements(script) if s.lstrip().startswith("CREATE")]
    triggers = [s for s in made if s.lstrip().startswith("CREATE TRIGGER")]
    file.execute("PRAGMA foreign_keys = OFF")  # a row may name one that comes after it
    file.execute("BEGIN IMMEDIATE")
    for statement in made:
        if statement not in triggers:
            file.execute(statement)
    tables = making.tables_in(file)
    count = sum(_table_out(db, schema, file, label, tables, on_progress))
    for statement in triggers:  # last: they watch over what people do
        file.execute(statement)
    _note_numbers(file, dict(making.given_numbers(db, tables)))
    stamp(file, making.stored_version(db))
    file.execute("COMMIT")
    if broken := file.execute("PRAGMA foreign_key_check").fetchall():
        raise PolicyError(f"{label}的表 {broken[0][0]} 里有行指向没有的东西；什么都没有改动")
    return Moved(label, len(tables.tables), count)


def _note_numbers(file: File, given: dict[str, int]) -> None:
    """A number that was given once is never given again, where SQLite sees to it."""
    rows = file.execute("SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'")
    for (name,) in rows.fetchall():
        file.execute("DELETE FROM sqlite_sequence WHERE name = ?", (name,))
        file.execute("INSERT INTO sqlite_sequence VALUES (?, ?)", (name, given[name]))


def _table_out(
    db: Connection, schema: str, file: File, label: str, tables: MetaData, on_progress: Progress
) -> Iterator[int]:
    for table in tables.sorted_tables:
        names = [column.name for column in carrying.columns_of(table)]
        marks = ", ".join("?" * len(names))
        listed = ", ".join(f'"{name}"' for name in names)
        file.executemany(
            f'INSERT INTO "{table.name}" ({listed}) VALUES ({marks})',
            carrying.rows_of(db, schema, table),
        )
        there = sum_of(carrying.rows_of(db, schema, table))
        require_same(label, table.name, sum_of(rows_in(file, table)), there)
        on_progress(label, table.name, there.rows)
        yield there.rows


def _index_words(path: Path) -> None:
    """The keyword index lies in the file, and is derived."""
    with closing(SqlCatalog(path)) as catalog, catalog.transaction():
        words = Fts5Index(catalog.database)
        for document_id in sorted(catalog.document_ids()):
            words.add(document_id)
