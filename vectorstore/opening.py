"""Which catalogue, keyword index and vectors serve a data folder."""

from dataclasses import dataclass
from typing import Any, Protocol

from filelock import FileLock

from vectorstore import stores
from vectorstore.catalog.port import Catalog
from vectorstore.catalog.sql import SqlCatalog
from vectorstore.errors import PolicyError
from vectorstore.keywords.fts5 import Fts5Index
from vectorstore.keywords.port import KeywordIndex
from vectorstore.settings import IndexSettings
from vectorstore.stores import Remote
from vectorstore.vectors.choosing import vectors_of
from vectorstore.vectors.port import VectorStore


class WriterLock(Protocol):
    """Held by the one process that changes the catalogue."""

    def acquire(self, timeout: float = ...) -> Any:
        """Raises filelock's Timeout."""

    def release(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Stores:
    """What an index is made of; the keyword index follows the catalogue. Without `lock`, a file
    of the data folder is the writer's lock."""

    catalog: Catalog
    keywords: KeywordIndex
    vectors: VectorStore
    lock: WriterLock | None = None


def file_lock(settings: IndexSettings) -> WriterLock:
    return FileLock(settings.data_dir / "writer.lock")


def open_stores(settings: IndexSettings) -> Stores:
    """Those that the settings name. Raises PolicyError when the catalogue cannot be used."""
    place = stores.place(settings.home, stores.CATALOG)
    if isinstance(place, Remote):
        return _open_served(settings, place)
    catalog = SqlCatalog(place)
    keywords = _keywords(settings, catalog)
    catalog.followers.append(keywords)
    return Stores(catalog, keywords, _vectors(settings, catalog))


def _open_served(settings: IndexSettings, remote: Remote) -> Stores:
    """The catalogue in PostgreSQL; what is searched lies on this server, and follows it."""
    from vectorstore.catalog.served import ServedCatalog
    from vectorstore.postgres.locking import AdvisoryLock
    from vectorstore.replica.following import FollowingKeywords, FollowingVectors
    from vectorstore.replica.replica import Replica

    catalog = ServedCatalog(remote)
    replica = Replica(settings.data_dir, catalog)
    found = _vectors(settings, replica.catalog)
    vectors = FollowingVectors(replica, found, FileLock(settings.data_dir / "vectors.lock"))
    catalog.on_change = vectors.wake
    return Stores(catalog, FollowingKeywords(replica), vectors, AdvisoryLock(remote, "writer"))


def _vectors(settings: IndexSettings, catalog: SqlCatalog) -> VectorStore:
    key = settings.vectors_key.get_secret_value() if settings.vectors_key else ""
    folder = settings.data_dir / "vectors"
    return vectors_of(catalog, folder, settings.vectors_url, key, settings.vectors_seconds)


def _keywords(settings: IndexSettings, catalog: SqlCatalog) -> KeywordIndex:
    """Tantivy's, where it is wanted and may write; it holds FTS5's within."""
    if settings.words == "fts5" or catalog.read_only:
        return Fts5Index(catalog.database)
    try:
        from vectorstore.keywords.quick import QuickIndex
    except ImportError:
        raise PolicyError(
            "POLICY_WORDS=tantivy 要先装它：pip install -r requirements-scale.txt",
            "POLICY_WORDS=tantivy needs its package: pip install -r requirements-scale.txt",
        ) from None
    return QuickIndex(catalog.database, settings.data_dir / "words")
