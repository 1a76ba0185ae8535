"""Which catalogue, keyword index and vectors serve a data folder."""

from dataclasses import dataclass
from typing import Any, Protocol

from filelock import FileLock

from vectorstore import stores
from vectorstore.catalog.port import Catalog
from vectorstore.catalog.sql import SqlCatalog
from vectorstore.keywords.fts5 import Fts5Index
from vectorstore.keywords.port import KeywordIndex
from vectorstore.settings import IndexSettings
from vectorstore.stores import Remote
from vectorstore.vectors.port import VectorStore
from vectorstore.vectors.read_only import ExactVectors
from vectorstore.vectors.store import ChromaFolders


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
    keywords = Fts5Index(catalog.database)
    catalog.followers.append(keywords)
    if catalog.read_only:
        return Stores(catalog, keywords, ExactVectors(catalog))
    return Stores(catalog, keywords, ChromaFolders(settings.data_dir / "vectors", catalog))


def _open_served(settings: IndexSettings, remote: Remote) -> Stores:
    """The catalogue in PostgreSQL; what is searched lies on this server, and follows it."""
    from vectorstore.catalog.served import ServedCatalog
    from vectorstore.postgres.locking import AdvisoryLock
    from vectorstore.replica.following import FollowingKeywords, FollowingVectors
    from vectorstore.replica.replica import Replica

    catalog = ServedCatalog(remote)
    replica = Replica(settings.data_dir, catalog)
    folders = ChromaFolders(settings.data_dir / "vectors", replica.catalog)
    vectors = FollowingVectors(replica, folders, FileLock(settings.data_dir / "vectors.lock"))
    catalog.on_change = vectors.wake
    return Stores(catalog, FollowingKeywords(replica), vectors, AdvisoryLock(remote, "writer"))
