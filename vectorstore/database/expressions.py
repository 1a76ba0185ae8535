"""SQLAlchemy over a connection of either database; it writes statements, and opens nothing."""

from sqlalchemy import Connection as Core

from vectorstore.database.port import Connection
from vectorstore.sqlite import core as sqlite
from vectorstore.sqlite.connecting import Connection as SqliteConnection
from vectorstore.sqlite.core import plain_errors

__all__ = ["core", "plain_errors"]


def core(db: Connection) -> Core:
    """The SQLAlchemy side of an open connection."""
    if isinstance(db, SqliteConnection):
        return sqlite.core(db)
    made: Core = db.core
    return made
