"""The stores of a data folder into PostgreSQL: all or nothing, compared row by row."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from sqlalchemy import Table

from vectorstore import stores
from vectorstore.errors import IndexLocked, PolicyError
from vectorstore.moving.comparing import converter, require_same, sum_of
from vectorstore.postgres import carrying, making
from vectorstore.postgres.connecting import Connection, connected
from vectorstore.postgres.saying import said_plainly
from vectorstore.sqlite.connecting import Connection as File
from vectorstore.sqlite.connecting import reading
from vectorstore.sqlite.migrating import stored_version
from vectorstore.stores import Home, Remote

Progress = Callable[[str, str, int], None]  # label of a store, table, its rows


@dataclass(frozen=True, slots=True)
class Moved:
    """One store: every table was compared."""

    label: str
    tables: int
    rows: int


def move_in(home: Home, on_progress: Progress = lambda *_: None) -> tuple[list[Moved], Path]:
    """Copies every store and compares it, in one transaction: before it ends nothing is there.
    Then the files are laid aside, in the folder that is returned with what was moved.

    Raises PolicyError, and nothing is changed, when anything is wrong.
    """
    names = [name for name in stores.LABELS if (home.folder / name).exists()]
    if stores.CATALOG not in names:
        raise PolicyError(f"{home.folder} 里没有目录库；请用 POLICY_DATA_DIR 指定要搬的数据目录")
    lock = FileLock(home.folder / "writer.lock")
    try:
        with lock.acquire(timeout=0), said_plainly("数据库"):
            moved = _copied(home, names, on_progress)
            return moved, _laid_aside(home.folder, names)
    except Timeout:
        raise IndexLocked(f"另一个进程正在写 {home.folder}；请等它结束、停下程序后再搬") from None


def _copied(home: Home, names: list[str], on_progress: Progress) -> list[Moved]:
    moved = []
    with closing(connected(Remote(home.url, "public", home.folder))) as db:
        db.execute("BEGIN")
        for name in names:
            remote = stores.place(home, name)
            assert isinstance(remote, Remote)
            label = stores.LABELS[name]
            if making.is_made(db, remote.schema):
                raise PolicyError(
                    f"数据库里已有{label}（模式 {remote.schema}）；请换一个空的数据库，"
                    "或先删去它：什么都没有改动"
                )
            with reading(home.folder / name) as file:
                _require_recent(file, name)
                moved.append(_store_in(db, remote.schema, file, label, on_progress))
        db.commit()
    return moved


def _require_recent(file: File, name: str) -> None:
    if stored_version(file) < stores.FIRST_SERVED[name]:
        raise PolicyError(
            f"{stores.LABELS[name]}还是旧格式；请先用本版本的程序打开一次（会自动升级），再搬"
        )


def _store_in(db: Connection, schema: str, file: File, label: str, on_progress: Progress) -> Moved:
    tables = making.tables_in(file)
    db.execute(f'CREATE SCHEMA IF NOT EXISTS "{schema}"')
    db.execute(f'SET LOCAL search_path TO "{schema}"')
    making.make_tables(db, schema, tables, script_of(file), stored_version(file))
    count = 0
    for table in tables.sorted_tables:
        carrying.carry_in(db, schema, table, rows_in(file, table))
        here = sum_of(rows_in(file, table))
        require_same(label, table.name, here, sum_of(carrying.rows_of(db, schema, table)))
        on_progress(label, table.name, here.rows)
        count += here.rows
    making.continue_numbers(db, tables, used_numbers(file))
    return Moved(label, len(tables.tables), count)


def rows_in(file: File, table: Table) -> Iterator[list[Any]]:
    """All rows of a SQLite table in the order of their keys, as PostgreSQL holds them."""
    names = ", ".join(f'"{column.name}"' for column in carrying.columns_of(table))
    order = ", ".join(f'"{name}"' for name in carrying.order_of(table))
    converted = converter(carrying.kinds_of(table))
    return map(converted, file.execute(f'SELECT {names} FROM "{table.name}" ORDER BY {order}'))


def used_numbers(file: File) -> dict[str, int]:
    """The highest number that each table ever gave, where SQLite notes it."""
    if not file.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'").fetchone():
        return {}
    return {
        str(name): int(seq) for name, seq in file.execute("SELECT name, seq FROM sqlite_sequence")
    }


def script_of(file: File) -> str:
    """What makes such a file again, without what is derived from it."""
    rows = file.execute(
        "SELECT name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid"
    ).fetchall()
    virtual = [name for name, _, sql in rows if sql.startswith("CREATE VIRTUAL TABLE")]
    return ";\n".join(
        sql
        for name, of, sql in rows
        if name in virtual
        or (making.is_own(of, virtual) and not name.startswith(("sqlite_", *making.LOCAL)))
    )


def _laid_aside(folder: Path, names: list[str]) -> Path:
    """The files stay, where no program takes them for its own."""
    aside = folder / f"before-move-{datetime.now().strftime('%Y%m%d-%H%M%S')}"
    aside.mkdir()
    for name in names:
        for ending in ("", "-wal", "-shm", ".id"):
            if (file := folder / f"{name}{ending}").exists():
                file.replace(aside / file.name)
    return aside
