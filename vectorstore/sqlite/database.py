"""One SQLite file of the data folder: opened with care, shared by all threads.

SQLite takes an empty file for an empty database, needs write access to read a file in WAL
mode, and says "malformed" where people need to know what to do. The differences end here.
"""

import os
import sqlite3
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vectorstore.errors import IndexIncompatible, IndexLocked, disk_errors, read_only
from vectorstore.sqlite.connecting import (
    WAIT,
    Connection,
    can_write,
    connect,
    copied_target,
    has_no_table,
    make_folder,
    reading_target,
)
from vectorstore.sqlite.damage import content_damage, damaged, file_damage, is_damage, sentence
from vectorstore.sqlite.migrating import migrate, stamp, stored_version
from vectorstore.stores import Store

Row = sqlite3.Row

POOL = 8  # connections: more than questions are answered at a time


@dataclass(frozen=True, slots=True)
class _Pooled:
    db: Connection
    identity: tuple[int, ...]
    epoch: int


def statements(script: str) -> Iterator[str]:
    """The statements of a script; a trigger has semicolons of its own."""
    statement = ""
    for part in script.split(";"):
        statement += f"{part};"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


class Database:
    """A bounded pool of connections to one file; one is taken for each operation.

    Raises CatalogDamaged when the file is damaged or gone, IndexIncompatible when a newer
    program wrote it, DiskFull, ReadOnlyData or another PolicyError from any method.
    """

    def __init__(self, path: Path, store: Store):
        self.path = path
        self.store = store
        self._mine = threading.local()  # the connection this thread has taken
        self._free = threading.BoundedSemaphore(POOL)
        self._idle: list[_Pooled] = []
        self._opening = threading.RLock()
        self._epoch = 0
        self._scratch: tempfile.TemporaryDirectory[str] | None = None
        self._open()

    # --- opening ----------------------------------------------------------------------------

    def _open(self) -> None:
        """Finds out how the file can be read, creates it or brings it to this format."""
        with disk_errors(self.path.parent), self._sentences():
            make_folder(self.path.parent)
            self.read_only = not can_write(self.path)
            if damage := file_damage(self.path):
                raise self._damaged(damage)
            if self.read_only:
                self._open_read_only()
            else:
                self._open_to_write()
            self._identity = self._look()

    def _open_to_write(self) -> None:
        uri = self.path.absolute().as_uri()
        blank = not self.path.exists() or self.path.stat().st_size == 0
        due = False
        if not blank:
            self._target = f"{uri}?mode=rw"  # which leaves a foreign file as it is
            with self._connected() as db:
                blank = has_no_table(db)
                due = not blank and self._is_due(db)
        self._target = f"{uri}?mode=rwc"
        if blank:
            self._create()
        elif due:
            self._migrate()

    def _is_due(self, db: Connection) -> bool:
        """Whether a sound file of a known format must be brought to the present one."""
        self._require_sound(db)
        stored = stored_version(db)
        self._require_known(stored)
        if stored == self.store.version:
            self._mark(db)
        return stored < self.store.version

    def _create(self) -> None:
        if trace := self._trace():
            state = "不见了" if not self.path.exists() else "是空的"
            raise self._damaged(f"{state}，而旁边的 {trace} 说明原来有过")
        with self._connected() as db:
            db.execute("BEGIN IMMEDIATE")
            if not db.execute("SELECT 1 FROM sqlite_master").fetchone():  # nobody was quicker
                for statement in statements(self.store.schema):
                    db.execute(statement)
                stamp(db, self.store.version)
            db.execute("COMMIT")
            self._mark(db)

    def _migrate(self) -> None:
        with self._connected() as db:
            migrate(db, self.path, self.store.migrations, self.store.label)
            self.marker.unlink(missing_ok=True)  # formats before 2 have no name of their own
            self._mark(db)

    def _open_read_only(self) -> None:
        if not self.path.exists() or self.path.stat().st_size == 0:
            raise self._damaged("不见了或是空的") if self._trace() else read_only(self.path.parent)
        self._target, self._scratch = reading_target(self.path)
        with self._connected() as db:
            self._require_sound(db)
            stored = stored_version(db)
            self._require_known(stored)
        if stored < self.store.version:  # the file must stay as it is: a copy is migrated
            self._target, self._scratch = copied_target(self.path)
            with self._connected() as db:
                migrate(db, None, self.store.migrations, self.store.label)

    def _require_sound(self, db: Connection) -> None:
        if damage := content_damage(db, self.path, self.store.tables):
            raise self._damaged(damage)

    def _require_known(self, stored: int) -> None:
        if stored > self.store.version:
            raise IndexIncompatible(
                f"数据目录 {self.path.parent} 由更新的版本写成（{self.store.label}格式 {stored}，"
                f"本程序支持到 {self.store.version}）；请升级程序，"
                "或用 POLICY_DATA_DIR 指定另一个目录"
            )

    def _damaged(self, what: str) -> Exception:
        return damaged(self.store.label, self.path, what, self.store.remedy)

    # --- the marker against a silently empty file -----------------------------------------------

    @property
    def marker(self) -> Path:
        """Holds the file's own name, so that a lost or foreign file is noticed."""
        return self.path.with_name(self.path.name + ".id")

    def _trace(self) -> str | None:
        if self.marker.exists():
            return self.marker.name
        found = (next(self.path.parent.glob(pattern), None) for pattern in self.store.traces)
        return next((str(path.relative_to(self.path.parent)) for path in found if path), None)

    def _mark(self, db: Connection) -> None:
        (own,) = db.execute("SELECT value FROM meta WHERE key = 'library'").fetchone()
        noted = self.marker.read_text().strip() if self.marker.exists() else ""
        if noted and noted != own:
            raise self._damaged(
                f"不是这个数据目录原来的那一个（{self.marker.name} 记着另一个）。"
                f"确实要用它，就删去 {self.marker.name} 和 vectors"
            )
        if not noted:
            scratch = self.marker.with_name(f"{self.marker.name}.{os.getpid()}")
            scratch.write_text(own + "\n")
            scratch.replace(self.marker)

    # --- connections ----------------------------------------------------------------------------

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        """A connection of its own, outside the pool."""
        db = self._connect()
        try:
            yield db
        finally:
            db.close()

    def _connect(self) -> Connection:
        return connect(self._target, self.store.pragmas)

    def _look(self) -> tuple[int, ...]:
        """Tells one file from another in its place; of a file that is read as unchangeable,
        any change."""
        try:
            stat = self.path.stat()
        except FileNotFoundError:
            raise self._damaged("不见了") from None
        if stat.st_size == 0:
            raise self._damaged("变成了空文件")
        changed = (stat.st_mtime_ns, stat.st_size) if "immutable" in self._target else ()
        return (stat.st_dev, stat.st_ino, *changed)

    def _take(self) -> _Pooled:
        if not self._free.acquire(timeout=WAIT):
            raise IndexLocked(f"{self.store.label}正忙，等了 {WAIT} 秒没有轮到；请稍后再试")
        try:
            return self._reuse() or self._renew()
        except BaseException:
            self._free.release()
            raise

    def _reuse(self) -> _Pooled | None:
        identity = self._look()
        if identity != self._identity:
            return None
        while self._idle:
            with suppress(IndexError):  # another thread took the last one
                pooled = self._idle.pop()
                if (pooled.epoch, pooled.identity) == (self._epoch, identity):
                    return pooled
                pooled.db.close()
        return None

    def _renew(self) -> _Pooled:
        with self._opening:
            if self._look() != self._identity:  # restored, or put there by hand
                self._open()
            return _Pooled(self._connect(), self._identity, self._epoch)

    def _give_back(self, pooled: _Pooled) -> None:
        if pooled.db.in_transaction:
            pooled.db.rollback()
        if pooled.epoch == self._epoch:
            self._idle.append(pooled)
        else:
            pooled.db.close()
        self._free.release()

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A connection for one operation; within another one of this thread, the same one."""
        held: Connection | None = getattr(self._mine, "db", None)
        if held is not None:
            yield held
            return
        with self._sentences():
            pooled = self._take()
            self._mine.db = pooled.db
            try:
                yield pooled.db
            finally:
                self._mine.db = None
                self._give_back(pooled)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """All or nothing; within a transaction of this thread, a part of it."""
        self.require_writable()
        with self.connection() as db:
            if db.in_transaction:
                yield db
                return
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            finally:
                if db.in_transaction:  # SQLite may have rolled back already, on a full disk
                    db.rollback()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One state of the file for all that this thread reads inside."""
        with self.connection() as db:
            if db.in_transaction:
                yield db
                return
            db.execute("BEGIN")
            try:
                yield db
            finally:
                if db.in_transaction:
                    db.rollback()

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        with self.connection() as db:
            return db.execute(sql, values).fetchall()

    def row(self, sql: str, values: Sequence[Any] = ()) -> Row | None:
        return next(iter(self.rows(sql, values)), None)

    def overwrite(self) -> None:
        """After deleting what must not be found again: what it was is not left in the log beside
        the file either. In the file itself the pragma secure_delete sees to it."""
        with self.connection() as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def _sentences(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            said = sentence(error, self.store.label, self.path, self.store.remedy)
            if said is None:
                raise
            if is_damage(error):
                self._epoch += 1  # a connection keeps pages that it has read
            raise said from error

    def require_writable(self) -> None:
        """Raises ReadOnlyData where nothing can be written."""
        if self.read_only:
            raise read_only(self.path.parent)

    def close(self) -> None:
        """Closes every connection; one that is in use, when it is given back. Later use opens
        a new one."""
        self._epoch += 1
        while self._idle:
            with suppress(IndexError):
                self._idle.pop().db.close()
        if self._scratch:
            self._scratch.cleanup()
