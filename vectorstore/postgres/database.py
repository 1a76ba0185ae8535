"""One store in PostgreSQL, in a schema of its own, shared by all threads and app servers.

A transaction holds the store's advisory lock until its end: as in a SQLite file, one writer at
a time, so that what is read in it (the last entry of a chain, the count of a box) stays so.
Stores do not wait for each other, and whoever only reads waits for nobody.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from vectorstore.errors import read_only
from vectorstore.postgres import making
from vectorstore.postgres.connecting import WAIT, Connection, Row, engine_of
from vectorstore.postgres.saying import sentences
from vectorstore.stores import Remote, Store


class PostgresDatabase:
    """Database (vectorstore/database/port.py)."""

    def __init__(self, remote: Remote, store: Store):
        self.remote = remote
        self.store = store
        self._mine = threading.local()  # the connection this thread has taken
        self._engine = engine_of(remote)
        self._begin = (
            f"BEGIN; SET LOCAL lock_timeout = '{WAIT}s'; "
            f"SELECT pg_advisory_xact_lock({making.key_of(remote.schema)})"
        )
        self._open()

    def _open(self) -> None:
        with self.connection() as db:
            (said,) = db.execute("SHOW transaction_read_only").fetchone()
            self.read_only = said == "on"
            if not self._is_ready(db):
                with self.transaction() as held:
                    self._make_ready(held)

    def _is_ready(self, db: Connection) -> bool:
        if not making.is_made(db, self.remote.schema):
            return False
        stored = making.stored_version(db)
        making.require_known(stored, self.store)
        return stored == self.store.version and making.is_finished(db)

    def _make_ready(self, db: Connection) -> None:
        """Another process may have been quicker."""
        if not making.is_made(db, self.remote.schema):
            making.make(db, self.remote.schema, self.store)
            return
        if making.stored_version(db) < self.store.version:
            making.migrate(db, self.store)
        if not making.is_finished(db):
            making.finish(db, self.store)

    # --- connections ----------------------------------------------------------------------------

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        held: Connection | None = getattr(self._mine, "db", None)
        if held is not None:
            yield held
            return
        with sentences(self.store):
            db = Connection(self._engine.connect())
            self._mine.db = db
            try:
                yield db
            finally:
                self._mine.db = None
                if db.in_transaction:
                    db.rollback()
                db.close()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        self.require_writable()
        with self.connection() as db:
            if db.in_transaction:
                yield db
                return
            try:
                db.execute(self._begin)
                yield db
                db.commit()
            finally:
                if db.in_transaction:
                    db.rollback()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with self.connection() as db:
            if db.in_transaction:
                yield db
                return
            db.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
            try:
                yield db
            finally:
                if db.in_transaction:
                    db.rollback()

    @property
    def is_busy(self) -> bool:
        """Whether this thread is inside a transaction, or reads one state."""
        held: Connection | None = getattr(self._mine, "db", None)
        return held is not None and held.in_transaction

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        with self.connection() as db:
            return db.execute(sql, values).fetchall()

    def row(self, sql: str, values: Sequence[Any] = ()) -> Row | None:
        return next(iter(self.rows(sql, values)), None)

    def overwrite(self) -> None:
        """PostgreSQL reuses the room of what was deleted when it vacuums, by itself."""

    def require_writable(self) -> None:
        if self.read_only:
            raise read_only(self.store.label)

    def close(self) -> None:
        """Closes what is idle; later use opens a new connection."""
        self._engine.dispose()
