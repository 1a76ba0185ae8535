"""The file of the history: opened when somebody first asks, so that no start waits for it."""

from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

from assistant.history.sights import Sights
from vectorstore import stores
from vectorstore.database.opening import is_there, open_database
from vectorstore.database.port import Database
from vectorstore.stores import Place, Store

BIN_DAYS = 30  # what was deleted can be brought back for so long
# A change here is also a step in migrations/versions/, and a test compares the two.
_SCHEMA = """
CREATE TABLE conversations (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, title TEXT NOT NULL, created TEXT NOT NULL,
    updated TEXT NOT NULL, shared TEXT NOT NULL DEFAULT '', deleted TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE TABLE turns (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    number INTEGER NOT NULL, question TEXT NOT NULL, asked TEXT NOT NULL,
    answered TEXT NOT NULL DEFAULT '', answer TEXT NOT NULL DEFAULT '',
    text TEXT NOT NULL DEFAULT '', sources TEXT NOT NULL DEFAULT '',
    error TEXT NOT NULL DEFAULT '', replaced INTEGER NOT NULL DEFAULT 0,
    sight INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE saved (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, conversation TEXT NOT NULL, question TEXT NOT NULL,
    answer TEXT NOT NULL, text TEXT NOT NULL, sources TEXT NOT NULL, tags TEXT NOT NULL,
    note TEXT NOT NULL, saved TEXT NOT NULL, dismissed TEXT NOT NULL, deleted TEXT NOT NULL,
    sight INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE documents (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL, name TEXT NOT NULL, UNIQUE (id, name)
);
CREATE TABLE sights (
    id INTEGER PRIMARY KEY AUTOINCREMENT, mark TEXT NOT NULL UNIQUE, bits BLOB NOT NULL
);
CREATE INDEX conversations_owner ON conversations (owner, updated);
CREATE INDEX conversations_shared ON conversations (shared);
CREATE INDEX turns_conversation ON turns (conversation, number);
CREATE INDEX saved_owner ON saved (owner, saved);
CREATE INDEX turns_sight ON turns (sight);
CREATE INDEX saved_sight ON saved (sight);
"""
HISTORY = Store(
    label=stores.LABELS[stores.HISTORY],
    schema=_SCHEMA + stores.meta(3),
    version=3,
    migrations=Path(__file__).parent / "migrations",
    tables=("conversations", "turns", "saved"),
    remedy=stores.REMEDY,
    pragmas=("secure_delete = ON",),  # what was erased is not left in the file
)


class HistoryFile:
    """One file for conversations and saved answers."""

    def __init__(self, place: Place):
        self.place = place

    @cached_property
    def database(self) -> Database:
        return open_database(self.place, HISTORY)

    @cached_property
    def sights(self) -> Sights:
        return Sights(lambda: self.database)

    @property
    def is_there(self) -> bool:
        """Whether anybody asked yet; a file that is lost has left its marker."""
        return is_there(self.place)

    def empty_bin(self) -> None:
        """Removes for good what lay in the bin for BIN_DAYS."""
        over = "deleted != '' AND deleted < ?"
        with self.database.transaction() as db:
            for table in ("conversations", "saved"):
                db.execute(f"DELETE FROM {table} WHERE {over}", (days_ago(BIN_DAYS),))

    def close(self) -> None:
        if "database" in self.__dict__:
            self.database.close()


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")


def days_ago(days: int) -> str:
    return (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="microseconds")
