"""SQLAlchemy over the connections of `Database`: it writes the statements, and opens nothing.

A connection keeps its SQLAlchemy side for as long as it is open. When a transaction begins and
ends is decided by `Database` alone: SQLAlchemy sends no BEGIN, and COMMIT or ROLLBACK only to whom
asks it for them. Errors come out as SQLite's own, which `Database` turns into sentences.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from vectorstore.sqlite import connecting

_lent = threading.local()  # the connection that the engine is about to be given


@cache
def _engine() -> Engine:
    """One for all files: statements are compiled once."""
    engine = create_engine(
        "sqlite://", creator=lambda: _lent.db, poolclass=NullPool, pool_reset_on_return=None
    )
    # It looks at the first connection that it is given, and rolls back what that had begun.
    _lent.db = sqlite3.connect(":memory:")
    engine.connect().close()
    return engine


def core(db: connecting.Connection) -> Connection:
    """The SQLAlchemy side of an open connection."""
    if isinstance(db.core, Connection):
        return db.core
    engine = _engine()
    _lent.db = db
    try:
        db.core = made = engine.connect()
    finally:
        _lent.db = None
    return made


@contextmanager
def plain_errors() -> Iterator[None]:
    """What SQLite says, without SQLAlchemy's wrapping."""
    try:
        yield
    except DBAPIError as error:
        raise error.orig or error from error
