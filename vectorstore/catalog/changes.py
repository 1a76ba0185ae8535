"""Which documents changed since the vectors were built: a log that the catalogue keeps itself.

Triggers write it in the transaction that changes a document, so that it holds every change
whoever makes it, and nothing that was rolled back. It names a document once, at its last
change, under a number that is never used again (AUTOINCREMENT): vectors that were built at
number S are right for every document that has no later number. What is older than the
published vectors is taken out when they are published, so the log stays as small as the change.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy import Executable, bindparam, column, delete, func, not_, select, table, text

from vectorstore.catalog import writing
from vectorstore.catalog.conditions import among, packed
from vectorstore.catalog.schema import documents, meta, passages
from vectorstore.catalog.sql import SqlCatalog
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


_changes = table("vector_changes", column("seq"), column("document_id"), column("passages"))
_is_later = _changes.c.seq > bindparam("after")
_is_searched = passages.c.embedding.is_not(None)
_row = (passages.c.id, passages.c.document_id, passages.c.embedding)

_IS_THERE = text("SELECT 1 FROM sqlite_master WHERE name = 'vector_changes'")
_POSITION = text("SELECT seq FROM sqlite_sequence WHERE name = 'vector_changes'")
_WEIGHT = select(func.coalesce(func.sum(_changes.c.passages), 0)).where(_is_later)
_CHANGED = select(_changes.c.document_id).where(_is_later)
_ALL_ROWS = select(*_row).where(_is_searched)
_ROWS = _ALL_ROWS.where(passages.c.document_id.in_(_CHANGED))
_UNCHANGED = (
    select(func.count())
    .select_from(passages)
    .where(_is_searched, not_(passages.c.document_id.in_(_CHANGED)))
)
_SOME = select(1).select_from(passages).where(_is_searched).limit(bindparam("most"))
_SOME_OF = _SOME.where(among(passages.c.document_id, "ids"))
_ROWS_OF = _ALL_ROWS.where(among(passages.c.document_id, "ids"))
_WEIGHT_OF = select(func.coalesce(func.sum(documents.c.passages), 0)).where(
    among(documents.c.id, "ids")
)
_FORGET = delete(_changes).where(_changes.c.seq <= bindparam("until"))


class ChangeLog:
    """Read inside `catalog.reading()`, so that all answers are of one moment."""

    def __init__(self, catalog: SqlCatalog, state_key: str):
        """`state_key` names the row of meta that says what is published: a catalogue without
        a log has changes that nobody noted, so whatever that row says is void."""
        self.catalog = catalog
        self.exists = self._is_there()
        if not self.exists:
            self.exists = self._create(state_key)

    def _is_there(self) -> bool:
        return bool(self._all(_IS_THERE))

    def _create(self, state_key: str) -> bool:
        try:
            with self.catalog.transaction() as db:
                if not self._is_there():
                    db.execute(text(_TABLE))
                    for name, event, document, count in _TRIGGERS:
                        made = _TRIGGER.format(name=name, event=event, id=document, passages=count)
                        db.execute(text(made))
                    db.execute(delete(meta).where(meta.c.key == state_key))
        except (sqlite3.OperationalError, PolicyError):  # a folder that may only be read
            return False
        return True

    def _all(self, query: Executable, **values: Any) -> list[tuple[Any, ...]]:
        with self.catalog.reading() as db:
            return [tuple(row) for row in db.execute(query, values)]

    def position(self) -> int:
        """The number of the last change; 0 before the first."""
        found = self._all(_POSITION) if self.exists else []
        return int(found[0][0]) if found else 0

    def weight(self, after: int) -> int:
        """At most so many passages came or went."""
        return int(self._all(_WEIGHT, after=after)[0][0]) if self.exists else 0

    def documents(self, after: int) -> set[str]:
        """Ids of the documents that were added, changed or removed."""
        return {row[0] for row in self._all(_CHANGED, after=after)} if self.exists else set()

    def rows(self, after: int) -> list[Row]:
        """What the changed documents hold now."""
        return [(a, b, c) for a, b, c in self._all(_ROWS, after=after)] if self.exists else []

    def all_rows(self) -> list[Row]:
        return [(a, b, c) for a, b, c in self._all(_ALL_ROWS)]

    def rows_unchanged(self, after: int) -> int:
        """How many searched passages belong to documents that did not change."""
        return int(self._all(_UNCHANGED, after=after)[0][0])

    def holds(self, passages: int) -> bool:
        """Whether the catalogue has so many passages that are searched."""
        return len(self._all(_SOME, most=passages)) == passages

    def holds_any(self, document_ids: Sequence[str]) -> bool:
        """Whether any of these documents has a passage that is searched."""
        return bool(self._all(_SOME_OF, most=1, ids=packed(document_ids)))

    def rows_of(self, document_ids: Sequence[str]) -> list[Row]:
        """What these documents hold now."""
        return [(a, b, c) for a, b, c in self._all(_ROWS_OF, ids=packed(document_ids))]

    def weight_of(self, document_ids: Sequence[str]) -> int:
        """At most so many searched passages do these documents hold."""
        return int(self._all(_WEIGHT_OF, ids=packed(document_ids))[0][0])

    def note(self, key: str, value: str) -> None:
        """Writes a row of meta where that is possible; a folder may be only readable."""
        with suppress(sqlite3.OperationalError, PolicyError):
            self.catalog.set(key, value)

    def publish(self, key: str, value: str, forget_until: int) -> None:
        """Says what is published now, and drops from the log what that holds."""
        with self.catalog.transaction() as db:
            writing.put_note(db, key, value)
            db.execute(_FORGET, {"until": forget_until})
