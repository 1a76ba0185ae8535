"""Brings a SQLite file of an older format to the present one, with Alembic.

Each database has a folder with an `env.py` and its steps in `versions/`; revision 0001 is the
format before there were migrations. Alembic takes a second to load, so a program starts
without it as long as nothing is due.
"""

import logging
import sqlite3
from datetime import datetime
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

_VERSION_TABLE = (
    "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
    "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
)


def stored_version(db: sqlite3.Connection) -> int:
    """The format of a file that has tables. The first one had no number in the drafts.

    `schema_version` in meta is for programs from before Alembic: they refuse what is newer.
    """
    names = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
    found = [1]
    if "meta" in names:
        found += [
            int(value)
            for (value,) in db.execute("SELECT value FROM meta WHERE key = 'schema_version'")
        ]
    if "alembic_version" in names:
        found += [int(value) for (value,) in db.execute("SELECT version_num FROM alembic_version")]
    return max(found)


def stamp(db: sqlite3.Connection, version: int) -> None:
    """Notes for Alembic the format of a file that it did not make."""
    db.execute(_VERSION_TABLE)
    db.execute("INSERT INTO alembic_version VALUES (?)", (f"{version:04d}",))


def migrate(db: sqlite3.Connection, path: Path | None, folder: Path, label: str) -> None:
    """Runs the steps that are due, all in one transaction: a kill leaves the old format.

    A copy of `path` is made first; None for a file that is itself a copy. Another process that
    wants the same waits, and finds nothing to do.
    """
    from sqlalchemy import create_engine
    from sqlalchemy.pool import StaticPool

    from vectorstore.sqlite.core import plain_errors

    engine = create_engine(
        "sqlite://", creator=lambda: db, poolclass=StaticPool, pool_reset_on_return=None
    )
    with plain_errors(), engine.connect() as connection, connection.begin():
        # Only now: SQLAlchemy rolls back when it has looked at a new connection, and does not
        # begin anything in SQLite itself.
        db.execute("BEGIN IMMEDIATE")
        before = stored_version(db)
        if before >= _newest(folder):
            return
        copy = _copy(path, before) if path else None
        names = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
        if "alembic_version" not in names:
            stamp(db, before)
        run_steps(connection, folder)
        after = stored_version(db)
    if copy:
        log.warning("%s已升级：格式 %d → %d；升级前的副本在 %s", label, before, after, copy)


def _newest(folder: Path) -> int:
    return max(int(file.name[1:5]) for file in folder.glob("versions/v[0-9]*.py"))


def _copy(path: Path, version: int) -> Path:
    """A consistent copy beside the file, whatever others write meanwhile."""
    stamp_ = datetime.now().strftime("%Y%m%d-%H%M%S")
    copy = path.with_name(f"{path.name}.v{version}-{stamp_}.bak")
    partial = copy.with_name(copy.name + ".part")
    snapshot(path, partial)
    partial.replace(copy)
    return copy


def snapshot(path: Path, copy: Path) -> None:
    """Copies a database that others may be writing."""
    source = sqlite3.connect(path, timeout=60)
    try:
        write_snapshot(source, copy)
    finally:
        source.close()


def write_snapshot(source: sqlite3.Connection, copy: Path) -> None:
    """Writes what `source` sees as one file without a log, or nothing."""
    target = sqlite3.connect(copy)
    try:
        source.backup(target)
        target.execute("PRAGMA journal_mode = DELETE")
    except BaseException:
        copy.unlink(missing_ok=True)
        raise
    finally:
        target.close()


def run_steps(connection: Any, folder: Path) -> None:
    logging.getLogger("alembic").setLevel(logging.WARNING)
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def run(context: Any) -> None:
    """What each env.py does: the steps, on the connection and in the transaction of `migrate`."""
    context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
    with context.begin_transaction():
        context.run_migrations()
