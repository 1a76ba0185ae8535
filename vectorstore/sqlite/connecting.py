"""How a SQLite file is opened: to write, to read, and where nothing may be written."""

import os
import shutil
import sqlite3
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from vectorstore.errors import PolicyError

WAIT = 60  # seconds: for a connection, and for another process to end its transaction


# Files that SQLite has open in this process. Whoever opens such a file by other means and closes
# it again drops the locks that SQLite holds on it, and another process may then take its log away
# under us (sqlite.org/howtocorrupt.html, 2.2: seen in a test that killed writers).
_open: Counter[tuple[int, int]] = Counter()
_opening = threading.RLock()


class Connection(sqlite3.Connection):
    """Knows its file for as long as it is open."""

    file: tuple[int, int] | None = None
    core: Any = None  # its SQLAlchemy side, see core.py

    def close(self) -> None:
        with _opening:
            self.core = None
            super().close()
            if self.file:
                _open[self.file] -= 1
                self.file = None


def head_of(path: Path, size: int) -> bytes | None:
    """The first bytes of a file; None while SQLite has it open in this process."""
    with _opening:
        stat = path.stat()
        if _open[stat.st_dev, stat.st_ino] > 0:
            return None
        with path.open("rb") as stream:
            return stream.read(size)


def connect(target: str, pragmas: Sequence[str] = ()) -> Connection:
    with _opening:
        db = sqlite3.connect(
            target,
            uri=True,
            timeout=WAIT,
            isolation_level=None,
            check_same_thread=False,
            factory=Connection,
        )
        try:
            stat = Path(unquote(urlsplit(target).path)).stat()
        except BaseException:
            db.close()
            raise
        db.file = stat.st_dev, stat.st_ino
        _open[db.file] += 1
    try:
        db.row_factory = sqlite3.Row
        if "mode=rwc" in target:
            db.execute("PRAGMA journal_mode = WAL")
        for pragma in ("foreign_keys = ON", "temp_store = MEMORY", *pragmas):
            db.execute(f"PRAGMA {pragma}")
    except BaseException:
        db.close()
        raise
    return db


def make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise PolicyError(f"{folder} 不是文件夹，不能作数据目录；请检查 POLICY_DATA_DIR") from None


def has_no_table(db: Connection) -> bool:
    """What a killed maker leaves; for SQLite a database all the same."""
    return db.execute("SELECT 1 FROM sqlite_master").fetchone() is None


def can_write(path: Path) -> bool:
    """SQLite writes the file, and two more beside it."""
    beside = (path.with_name(path.name + ending) for ending in ("", "-wal", "-shm"))
    return os.access(path.parent, os.W_OK | os.X_OK) and all(
        os.access(file, os.W_OK) for file in beside if file.exists()
    )


Scratch = tempfile.TemporaryDirectory


def reading_target(path: Path) -> "tuple[str, Scratch[str] | None]":
    """How a file is read that cannot be written, nor anything beside it.

    With a log (-wal) beside it SQLite may read both; where it cannot, a file without log is
    read as unchangeable, and one with a log is copied to a folder of our own.
    """
    uri = path.absolute().as_uri()
    log = path.with_name(path.name + "-wal")
    if not log.exists():
        return f"{uri}?mode=ro&immutable=1", None
    try:
        db = connect(f"{uri}?mode=ro")
        try:
            db.execute("SELECT 1 FROM sqlite_master").fetchone()
        finally:
            db.close()
        return f"{uri}?mode=ro", None
    except sqlite3.OperationalError:
        if log.stat().st_size == 0:
            return f"{uri}?mode=ro&immutable=1", None
        return copied_target(path)


def copied_target(path: Path) -> "tuple[str, Scratch[str]]":
    scratch = Scratch(prefix="policy-")
    copy = Path(scratch.name, path.name)
    for ending in ("", "-wal"):
        source = path.with_name(path.name + ending)
        if source.exists():
            shutil.copyfile(source, copy.with_name(copy.name + ending))
    return f"{copy.as_uri()}?mode=rw", scratch


@contextmanager
def reading(path: Path) -> Iterator[Connection]:
    """One consistent view of a file of any format, in whatever way it can be read; nothing
    is created, changed or brought to another format."""
    scratch = None
    target = f"{path.absolute().as_uri()}?mode=rw"
    if not can_write(path):
        target, scratch = reading_target(path)
    db = connect(target)
    try:
        db.execute("BEGIN")
        yield db
    finally:
        db.close()
        if scratch:
            scratch.cleanup()
