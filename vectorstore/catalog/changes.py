"""Which documents changed since the vectors were built: a log that the catalogue keeps itself.

Triggers write it in the transaction that changes a document, so that it holds every change
whoever makes it, and nothing that was rolled back. It names a document once, at its last
change, under a number that is never used again (AUTOINCREMENT): vectors that were built at
number S are right for every document that has no later number. What is older than the
published vectors is taken out when they are published, so the log stays as small as the change.
"""

import json
import sqlite3
from collections.abc import Sequence
from contextlib import suppress

from vectorstore.catalog.catalog import Catalog
from vectorstore.errors import PolicyError

Row = tuple[str, str, bytes]  # passage id, document id, float16 vector

_TABLE = """CREATE TABLE vector_changes (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    document_id TEXT NOT NULL UNIQUE,
    passages INTEGER NOT NULL
)"""
# Not INSERT OR REPLACE: the conflict clause of the statement that fires a trigger would rule.
_TRIGGER = """CREATE TRIGGER vector_changes_{name} AFTER {event} BEGIN
    DELETE FROM vector_changes WHERE document_id = {id};
    INSERT INTO vector_changes (document_id, passages) VALUES ({id}, {passages});
END"""
_TRIGGERS = (
    ("added", "INSERT ON documents", "new.id", "new.passages"),
    ("removed", "DELETE ON documents", "old.id", "old.passages"),
    (
        "embedded",
        "UPDATE OF embedding ON passages WHEN new.embedding IS NOT old.embedding",
        "new.document_id",
        "coalesce((SELECT passages FROM documents WHERE id = new.document_id), 1)",
    ),
)


class ChangeLog:
    """Read inside `catalog.reading()`, so that all answers are of one moment."""

    def __init__(self, catalog: Catalog, state_key: str):
        """`state_key` names the row of meta that says what is published: a catalogue without
        a log has changes that nobody noted, so whatever that row says is void."""
        self.catalog = catalog
        self.exists = self._is_there()
        if not self.exists:
            self.exists = self._create(state_key)

    def _is_there(self) -> bool:
        with self.catalog.reading() as db:
            sql = "SELECT 1 FROM sqlite_master WHERE name = 'vector_changes'"
            return db.execute(sql).fetchone() is not None

    def _create(self, state_key: str) -> bool:
        try:
            with self.catalog.transaction() as db:
                if not self._is_there():
                    db.execute(_TABLE)
                    for name, event, document, passages in _TRIGGERS:
                        db.execute(
                            _TRIGGER.format(name=name, event=event, id=document, passages=passages)
                        )
                    db.execute("DELETE FROM meta WHERE key = ?", (state_key,))
        except (sqlite3.OperationalError, PolicyError):  # a folder that may only be read
            return False
        return True

    def position(self) -> int:
        """The number of the last change; 0 before the first."""
        if not self.exists:
            return 0
        with self.catalog.reading() as db:
            sql = "SELECT seq FROM sqlite_sequence WHERE name = 'vector_changes'"
            row = db.execute(sql).fetchone()
            return int(row[0]) if row else 0

    def weight(self, after: int) -> int:
        """At most so many passages came or went."""
        if not self.exists:
            return 0
        with self.catalog.reading() as db:
            sql = "SELECT coalesce(sum(passages), 0) FROM vector_changes WHERE seq > ?"
            return int(db.execute(sql, (after,)).fetchone()[0])

    def documents(self, after: int) -> set[str]:
        """Ids of the documents that were added, changed or removed."""
        if not self.exists:
            return set()
        with self.catalog.reading() as db:
            sql = "SELECT document_id FROM vector_changes WHERE seq > ?"
            return {row[0] for row in db.execute(sql, (after,))}

    def rows(self, after: int) -> list[Row]:
        """What the changed documents hold now."""
        if not self.exists:
            return []
        with self.catalog.reading() as db:
            found = db.execute(
                "SELECT p.id, p.document_id, p.embedding FROM vector_changes c "
                "JOIN passages p ON p.document_id = c.document_id "
                "WHERE c.seq > ? AND p.embedding NOT NULL",
                (after,),
            )
            return [tuple(row) for row in found]

    def all_rows(self) -> list[Row]:
        with self.catalog.reading() as db:
            found = db.execute(
                "SELECT id, document_id, embedding FROM passages WHERE embedding NOT NULL"
            )
            return [tuple(row) for row in found]

    def rows_unchanged(self, after: int) -> int:
        """How many searched passages belong to documents that did not change."""
        with self.catalog.reading() as db:
            sql = (
                "SELECT count(*) FROM passages WHERE embedding NOT NULL AND document_id NOT IN "
                "(SELECT document_id FROM vector_changes WHERE seq > ?)"
            )
            return int(db.execute(sql, (after,)).fetchone()[0])

    def holds(self, passages: int) -> bool:
        """Whether the catalogue has so many passages that are searched."""
        with self.catalog.reading() as db:
            sql = "SELECT 1 FROM passages WHERE embedding NOT NULL LIMIT ?"
            return len(db.execute(sql, (passages,)).fetchall()) == passages

    def holds_any(self, document_ids: Sequence[str]) -> bool:
        """Whether any of these documents has a passage that is searched."""
        with self.catalog.reading() as db:
            sql = (
                "SELECT 1 FROM passages WHERE embedding NOT NULL AND document_id IN "
                "(SELECT value FROM json_each(?)) LIMIT 1"
            )
            return db.execute(sql, (json.dumps(list(document_ids)),)).fetchone() is not None

    def note(self, key: str, value: str) -> None:
        """Writes a row of meta where that is possible; a folder may be only readable."""
        with suppress(sqlite3.OperationalError, PolicyError):
            self.catalog.set(key, value)

    def publish(self, key: str, value: str, forget_until: int) -> None:
        """Says what is published now, and drops from the log what that holds."""
        with self.catalog.transaction() as db:
            db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))
            db.execute("DELETE FROM vector_changes WHERE seq <= ?", (forget_until,))
