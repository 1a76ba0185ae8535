"""One folder of vectors in Chroma. The only file that names it.

A folder is written once, aside, and only read after its manifest is made. Reading goes
through `Base`, which turns whatever Chroma does with a damaged folder into `BaseDamaged`.
"""

import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from vectorstore.catalog.changes import Row
from vectorstore.embedding.embedder import Matrix
from vectorstore.vectors.manifest import DATABASE, NAME, FolderCheck, Manifest, describe

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

COLLECTION = "passages"
# Cosine: with l2 on vectors of other lengths Chroma loses live records after deletes.
HNSW = {"space": "cosine", "ef_construction": 200, "max_neighbors": 32, "ef_search": 200}
_SYNC = 1000  # records after which Chroma writes its graph to files, if there are so many
_BATCH = 4000
_FILTER = 20_000  # values in one condition: SQLite binds 32,766
SMALLEST = 2  # Chroma never writes a graph of one record to its files
# Above this share of the records a fresh graph is better than a patched one.
_MAX_DELETED = 0.3


class BaseDamaged(Exception):
    """A folder that cannot be used; the text is a sentence for the log."""


class BuildStopped(Exception):
    """The program is closing."""


class Base:
    """An open folder. Closed by the last of its users, once `retire` was called."""

    def __init__(self, check: FolderCheck):
        problems = check.problems()
        if problems:
            raise BaseDamaged(problems[0])
        assert check.manifest is not None
        self.check = check
        self.manifest: Manifest = check.manifest
        self._users = 1
        self._guard = threading.Lock()
        with _chroma(check.folder):
            self._client, self._collection = _open(check.folder)
            try:
                count = self._collection.count()
            except BaseException:
                _close(self._client)
                raise
        if count != self.manifest.count:
            _close(self._client)
            raise BaseDamaged(
                f"向量目录 {check.folder.name} 有 {count} 条记录，应为 {self.manifest.count}"
            )

    @contextmanager
    def using(self) -> Iterator["Base"]:
        with self._guard:
            self._users += 1
        try:
            yield self
        finally:
            self.retire()

    def retire(self) -> None:
        """One user fewer; the opener counts as one."""
        with self._guard:
            self._users -= 1
            last = self._users == 0
        if last:
            _close(self._client)

    def nearest(
        self, vector: Matrix, limit: int, document_ids: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """(passage id, cosine), best first within each part of a long filter."""
        if document_ids is None:
            return self._query(vector, limit, None)
        return [
            hit
            for i in range(0, len(document_ids), _FILTER)
            for hit in self._query(
                vector, limit, {"document_id": {"$in": [*document_ids[i : i + _FILTER]]}}
            )
        ]

    def _query(
        self, vector: Matrix, limit: int, where: dict[str, Any] | None
    ) -> list[tuple[str, float]]:
        with _chroma(self.check.folder):
            found = self._collection.query(
                query_embeddings=vector, n_results=limit, where=where, include=["distances"]
            )
            distances = (found["distances"] or [[]])[0]
            return [(i, 1.0 - d) for i, d in zip(found["ids"][0], distances, strict=True)]

    def everything(self) -> Iterator[tuple[list[str], Matrix]]:
        """All records, a page of (passage ids, vectors) at a time."""
        with _chroma(self.check.folder):
            at = 0
            while True:
                page = self._collection.get(include=["embeddings"], limit=_BATCH, offset=at)
                if not page["ids"]:
                    return
                yield page["ids"], np.asarray(page["embeddings"], np.float32)
                at += len(page["ids"])


@contextmanager
def _chroma(folder: Path) -> Iterator[None]:
    """Chroma's engine answers bad files with many kinds of error, and with a panic, which
    Python sees as a BaseException."""
    try:
        yield
    except (OSError, BaseDamaged, BuildStopped):
        raise
    except BaseException as error:
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise BaseDamaged(f"向量目录 {folder.name} 读不出来：{error}") from error
        raise


# Chroma keeps its clients of a process in a table of its own, which two threads that open or
# close one at the same moment leave in disorder.
_opening = threading.RLock()


def _close(client: "ClientAPI") -> None:
    with _opening:
        client.close()


def _open(folder: Path, sync: int | None = None) -> "tuple[ClientAPI, Collection]":
    """`sync` makes a new collection; without it there must be one."""
    import chromadb
    from chromadb.config import Settings

    with _opening:
        client = chromadb.PersistentClient(str(folder), Settings(anonymized_telemetry=False))
        # embedding_function=None: a stored one could make the client load foreign code.
        try:
            if sync is None:
                return client, client.get_collection(COLLECTION, embedding_function=None)
            hnsw = {**HNSW, "sync_threshold": sync, "batch_size": min(100, sync)}
            return client, client.create_collection(
                COLLECTION,
                embedding_function=None,
                configuration={"hnsw": hnsw},  # type: ignore[typeddict-item]
            )
        except BaseException:
            client.close()
            raise


def build(folder: Path, rows: Iterable[Row], stop: Callable[[], bool]) -> Manifest:
    """A fresh folder of all `rows`, of which there are at least `SMALLEST`."""
    pages = _pages(rows)
    first = next(pages)
    folder.mkdir(parents=True, mode=0o700)
    with _changing(folder, max(SMALLEST, min(_SYNC, len(first)))) as collection:
        added = _add(collection, first, stop)
        for page in pages:
            added += _add(collection, page, stop)
    return _finish(folder, added, first, deleted=0)


def patch(
    old: FolderCheck,
    folder: Path,
    changed: Iterable[str],
    rows: Iterable[Row],
    stop: Callable[[], bool],
) -> Manifest | None:
    """A copy of `old` without what the changed documents held, and with `rows`.

    None when so much would be taken out that the folder is better built afresh.
    """
    assert old.manifest is not None
    shutil.copytree(old.folder, folder)
    (folder / NAME).unlink()
    sample: list[Row] = []
    with _changing(folder) as collection:
        gone = _records_of(collection, sorted(changed))
        deleted = old.manifest.deleted + len(gone)
        if deleted > _MAX_DELETED * old.manifest.count:
            return None
        count = old.manifest.count - len(gone)
        for i in range(0, len(gone), _BATCH):
            collection.delete(ids=gone[i : i + _BATCH])
        for page in _pages(rows):
            count += _add(collection, page, stop)
            sample = sample or page
    return _finish(folder, count, sample, deleted=deleted)


@contextmanager
def _changing(folder: Path, sync: int | None = None) -> "Iterator[Collection]":
    with _chroma(folder):
        client, collection = _open(folder, sync)
    try:
        yield collection
    finally:
        with suppress(Exception):  # of a folder that is thrown away
            _close(client)


def _finish(folder: Path, count: int, sample: Sequence[Row], *, deleted: int) -> Manifest:
    """Brings a written folder to rest, describes it, and tries it as a reader would.

    Raises BaseDamaged when it does not hold `count` records or does not find its own.
    """
    with _changing(folder) as collection, _chroma(folder):
        # What still waits in Chroma's log is applied, and taken from it, on the first query.
        one = np.asarray(collection.get(include=["embeddings"], limit=1)["embeddings"])
        collection.query(query_embeddings=one, n_results=1)
    with _chroma(folder):
        lock_page = _vacuum(folder / DATABASE)
    manifest = describe(
        folder, count=count, dimension=one.shape[1], deleted=deleted, lock_page=lock_page
    )
    base = Base(FolderCheck(folder, manifest.token))
    try:
        for _, _, blob in sample[:: max(1, len(sample) // 10)]:
            vector = np.frombuffer(blob, np.float16).astype(np.float32)[None]
            found = base.nearest(vector, 1)
            if not found or (found[0][1] < 0.98 and np.linalg.norm(vector) > 0.5):
                raise BaseDamaged(f"新写的向量目录 {folder.name} 找不到自己的记录")
    finally:
        base.retire()
    if problems := base.check.problems(thorough=True):
        raise BaseDamaged(f"新写的向量目录一打开就变了：{problems[0]}")
    return manifest


def _vacuum(database: Path) -> int:
    """Leaves no free pages, and returns the page (from 0) of the table that openers write."""
    with closing(sqlite3.connect(database, isolation_level=None)) as db:
        db.execute("VACUUM")
        sql = "SELECT rootpage FROM sqlite_master WHERE name = 'acquire_write'"
        return int(db.execute(sql).fetchone()[0]) - 1


def _records_of(collection: "Collection", documents: Sequence[str]) -> list[str]:
    found: list[str] = []
    for i in range(0, len(documents), 1000):
        where: dict[str, Any] = {"document_id": {"$in": [*documents[i : i + 1000]]}}
        found += collection.get(where=where, include=[])["ids"]
    return found


def _add(collection: "Collection", page: Sequence[Row], stop: Callable[[], bool]) -> int:
    if stop():
        raise BuildStopped
    stored = np.frombuffer(b"".join(row[2] for row in page), np.float16)
    collection.add(
        ids=[row[0] for row in page],
        embeddings=stored.reshape(len(page), -1).astype(np.float32),
        metadatas=[{"document_id": row[1]} for row in page],
    )
    return len(page)


def _pages(rows: Iterable[Row]) -> Iterator[list[Row]]:
    page: list[Row] = []
    for row in rows:
        page.append(row)
        if len(page) == _BATCH:
            yield page
            page = []
    if page:
        yield page
