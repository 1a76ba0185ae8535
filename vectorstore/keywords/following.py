"""Which documents' words changed: a log that the catalogue keeps itself, for an index beside it.

Triggers write it in the transaction that changes a document, whoever makes the change and whether
or not such an index is used. Every change has a number and a stamp of its own: an index that is
right as of a number is known by its stamp to be of this catalogue, and not of the one that was
here before a backup was restored.
"""

import sqlite3
from contextlib import suppress
from dataclasses import dataclass

from vectorstore.database.port import Database
from vectorstore.errors import PolicyError

_TABLE = """CREATE TABLE word_changes (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    document_id TEXT NOT NULL,
    stamp TEXT NOT NULL
)"""
_TRIGGER = """CREATE TRIGGER word_changes_{name} AFTER {event} ON documents BEGIN
    INSERT INTO word_changes (document_id, stamp) VALUES ({id}, lower(hex(randomblob(8))));
END"""
_NOTE = "INSERT INTO word_changes (document_id, stamp) VALUES (?, lower(hex(randomblob(8))))"
_TRIGGERS = (
    ("added", "INSERT", "new.id"),
    ("removed", "DELETE", "old.id"),
    ("titled", "UPDATE OF title", "new.id"),
)
# Stands for every document; also in the first row, which gives the log a stamp.
EVERY_DOCUMENT = "*"


@dataclass(frozen=True, slots=True)
class Position:
    seq: int
    stamp: str


class WordLog:
    """Raises nothing where it may not be made: then `position` is None."""

    def __init__(self, database: Database):
        self._database = database
        with suppress(sqlite3.OperationalError, PolicyError):
            self._make()

    def _make(self) -> None:
        if self._exists():
            return
        with self._database.transaction() as db:
            if not self._exists():
                db.execute(_TABLE)
                for name, event, document in _TRIGGERS:
                    db.execute(_TRIGGER.format(name=name, event=event, id=document))
                db.execute(_NOTE, (EVERY_DOCUMENT,))

    def note_all(self) -> None:
        """Every document is to be taken in again."""
        with suppress(sqlite3.OperationalError, PolicyError), self._database.transaction() as db:
            db.execute(_NOTE, (EVERY_DOCUMENT,))

    def _exists(self) -> bool:
        sql = "SELECT 1 FROM sqlite_master WHERE name = 'word_changes'"
        return self._database.row(sql) is not None

    def position(self) -> Position | None:
        """The last change; None: nothing notes changes here."""
        if not self._exists():
            return None
        row = self._database.row("SELECT seq, stamp FROM word_changes ORDER BY seq DESC LIMIT 1")
        return Position(row["seq"], row["stamp"]) if row else None

    def knows(self, position: Position) -> bool:
        """Whether it is one of this catalogue's."""
        sql = "SELECT 1 FROM word_changes WHERE seq = ? AND stamp = ?"
        return self._database.row(sql, (position.seq, position.stamp)) is not None

    def documents(self, after: int) -> list[str]:
        """Ids of those that were added, removed or given another title, in order."""
        sql = "SELECT DISTINCT document_id FROM word_changes WHERE seq > ? ORDER BY document_id"
        return [row["document_id"] for row in self._database.rows(sql, (after,))]
