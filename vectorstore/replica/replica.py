"""A copy of the served catalogue's documents in a SQLite file of this server's own.

Derived from the catalogue, made anew whenever it is missing or damaged: the keyword index lies
in it, the vectors are published from it, and both work as they do where there is one server.
It follows the changes that the catalogue notes (vectorstore/catalog/noting.py), a few documents
at a time, so that whoever searches meanwhile finds the ones before or the ones after.
"""

import dataclasses
import logging
import shutil
import threading
from pathlib import Path

from sqlalchemy import Connection, delete, insert, select

from vectorstore import stores
from vectorstore.catalog import writing
from vectorstore.catalog.noting import changed_after
from vectorstore.catalog.schema import CATALOG, documents, facts, passages
from vectorstore.catalog.served import ServedCatalog
from vectorstore.catalog.sql import SqlCatalog
from vectorstore.errors import CatalogDamaged, IndexIncompatible
from vectorstore.keywords.fts5 import Fts5Index

log = logging.getLogger(__name__)

FOLDER = "derived"
_STORE = dataclasses.replace(
    CATALOG,
    label="本机的检索副本",
    remedy="它由数据库里的目录库得来：删去数据目录里的 derived 和 vectors 后重新启动",
    traces=(),
)
_BATCH = 20  # documents in one transaction
_OF, _UNTIL = "replica_of", "replica_until"  # notes: of which catalogue, up to which change


class Replica:
    """`follow` brings it up to the catalogue; safe for several threads and processes."""

    def __init__(self, data: Path, source: ServedCatalog):
        self.source = source
        self._guard = threading.Lock()
        self._seen = -1  # the generation that was followed to the end
        self.catalog = _opened(data / FOLDER)
        self.keywords = Fts5Index(self.catalog.database)
        self.catalog.followers.append(self.keywords)

    def close(self) -> None:
        self.catalog.close()

    def follow(self) -> None:
        """Takes over what changed. Inside a transaction of the catalogue's it does nothing: what
        may yet be undone is not taken over."""
        if self.source.is_busy or self.source.generation == self._seen:
            return
        with self._guard:
            with self.source.reading() as there:
                generation = int(self.source.get("generation") or 0)
                if generation == self._seen:
                    return
                self._require_same()
                while self._take_some(there):
                    pass
            self._seen = generation

    def forget(self) -> None:
        """Everything is taken over again, the next time."""
        with self._guard, self.catalog.transaction() as here:
            self.keywords.clear()
            here.execute(delete(documents))
            self.catalog.set(_UNTIL, "0")
            self._seen = -1

    def _require_same(self) -> None:
        """A copy of another catalogue is emptied."""
        library = self.source.get("library") or ""
        if self.catalog.get(_OF) == library:
            return
        with self.catalog.transaction() as here:
            self.keywords.clear()
            here.execute(delete(documents))
            self.catalog.set(_OF, library)
            self.catalog.set(_UNTIL, "0")

    def _take_some(self, there: Connection) -> bool:
        """Whether there was anything. What another process took over meanwhile is not again."""
        with self.catalog.transaction() as here:
            after = int(self.catalog.get(_UNTIL) or 0)
            changed = changed_after(there, after, _BATCH)
            for _, document_id in changed:
                self._take(there, here, document_id)
            if changed:
                self.catalog.set(_UNTIL, str(changed[-1][0]))
                writing.bump(here)
        return len(changed) == _BATCH

    def _take(self, there: Connection, here: Connection, document_id: str) -> None:
        writing.remove_document(here, self.catalog.followers, document_id)
        found = there.execute(select(documents).where(documents.c.id == document_id))
        rows = [dict(row._mapping) for row in found]
        if not rows:
            return
        here.execute(insert(documents), rows)
        for table in (passages, facts):
            query = select(table).where(table.c.document_id == document_id)
            if own := [dict(row._mapping) for row in there.execute(query)]:
                here.execute(insert(table), own)
        self.keywords.add(document_id)


def _opened(folder: Path) -> SqlCatalog:
    """Derived data is made anew rather than mended."""
    file = folder / stores.CATALOG
    try:
        return SqlCatalog(file, _STORE)
    except (CatalogDamaged, IndexIncompatible) as error:
        log.warning("%s；现在重新建立", error)
        shutil.rmtree(folder)
        return SqlCatalog(file, _STORE)
