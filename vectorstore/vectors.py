"""Dense search. The only file that names Chroma.

Chroma keeps vectors in files that a crash can tear and that a second process reads stale, so
they are never written in place: each change is published as a new folder, built aside from
the catalogue, and the name of the current folder is one row of the catalogue. A reader opens
a folder that nobody writes; a killed writer leaves an orphan that the next one removes.
"""

import hashlib
import json
import logging
import shutil
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from vectorstore.catalog import Catalog
from vectorstore.embedding import Matrix

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

log = logging.getLogger(__name__)

COLLECTION = "passages"
# Cosine: with l2 on vectors of other lengths Chroma loses live records after deletes.
_HNSW = {"space": "cosine", "ef_construction": 200, "max_neighbors": 32, "ef_search": 200}
_BATCH = 4000
_MAX_DELETED = 0.3  # of the records: above it a fresh graph is better than a patched one
_CURRENT = "vectors"  # key in the catalogue's meta table


class VectorStore:
    """The published vectors below `folder`, and how new ones are published."""

    def __init__(self, folder: Path, catalog: Catalog):
        self.folder = folder
        self.catalog = catalog
        self._lock = threading.Lock()
        self._opened: tuple[str, ClientAPI, Collection] | None = None
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    # --- reading --------------------------------------------------------------------------

    def query(
        self, vector: Matrix, limit: int, document_ids: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """(passage id, cosine) of the nearest passages, best first."""
        collection = self._collection()
        if collection is None or document_ids == []:
            return []
        where = {"document_id": {"$in": list(document_ids)}} if document_ids else None
        found = collection.query(
            query_embeddings=vector, n_results=limit, where=where, include=["distances"]
        )
        distances = (found["distances"] or [[]])[0]
        return [(i, 1.0 - d) for i, d in zip(found["ids"][0], distances, strict=True)]

    def is_current(self) -> bool:
        """Whether the published vectors belong to the catalogue's present generation."""
        state = self._state()
        return state is not None and state["generation"] == self.catalog.generation

    def is_healthy(self) -> bool:
        """Whether the published files are those that were written, and hold every passage."""
        state = self._state()
        if state is None:
            return self.catalog.embedded_ids() == []
        path = self.folder / str(state["folder"])
        try:
            manifest = json.loads((path / "manifest.json").read_text())
        except (OSError, ValueError):
            return False
        return bool(manifest["files"] == _checksums(path))

    def _state(self) -> dict[str, str | int] | None:
        text = self.catalog.get(_CURRENT)
        return json.loads(text) if text else None

    def _collection(self) -> "Collection | None":
        """The current collection; reopened when another one has been published."""
        state = self._state()
        if state is None:
            return None
        with self._lock:
            name = str(state["folder"])
            if self._opened is None or self._opened[0] != name:
                self._close()
                client, collection = _open(self.folder / name)
                self._opened = (name, client, collection)
            return self._opened[2]

    def close(self) -> None:
        with self._lock:
            self._close()

    def _close(self) -> None:
        if self._opened:
            self._opened[1].close()
            self._opened = None

    # --- publishing (the caller holds the writer's lock) -------------------------------------

    def publish(self, *, fresh: bool = False) -> None:
        """Makes the vectors equal to the catalogue's passages and points readers at them.

        Embeddings come from the catalogue; nothing is embedded again. `fresh` builds the
        graph anew instead of changing a copy of the current one.
        """
        generation = self.catalog.generation
        state = self._state()
        old = self.folder / str(state["folder"]) if state else None
        name = f"v{generation:08d}"
        if old is not None and old.name == name:
            name += "r"
        new = self.folder / name
        shutil.rmtree(new, ignore_errors=True)
        if fresh or old is None or not self.is_healthy() or not self._patch(old, new):
            shutil.rmtree(new, ignore_errors=True)
            self._build(new)
        manifest = {"files": _checksums(new)}
        (new / "manifest.json").write_text(json.dumps(manifest))
        self.catalog.set(_CURRENT, json.dumps({"folder": name, "generation": generation}))
        self._remove_old(keep={name, old.name if old else name})

    def _patch(self, old: Path, new: Path) -> bool:
        """A copy of the current folder with the difference applied. False: build anew."""
        wanted = set(self.catalog.embedded_ids())
        shutil.copytree(old, new)
        client, collection = _open(new)
        try:
            present = _all_ids(collection)
            gone = sorted(present - wanted)
            if len(gone) > _MAX_DELETED * max(1, len(present)):
                return False
            for i in range(0, len(gone), _BATCH):
                collection.delete(ids=gone[i : i + _BATCH])
            missing = sorted(wanted - present)
            for i in range(0, len(missing), _BATCH):
                ids = missing[i : i + _BATCH]
                vectors = self.catalog.embeddings(ids)
                _add(
                    collection,
                    ids,
                    [i.rsplit("-", 1)[0] for i in ids],
                    np.stack([vectors[i] for i in ids]),
                )
            return bool(collection.count() == len(wanted))
        finally:
            client.close()

    def _build(self, new: Path) -> None:
        client, collection = _open(new)
        try:
            after = 0
            while rows := self.catalog.all_embeddings(after, _BATCH):
                vectors = np.stack([np.frombuffer(row[3], np.float16) for row in rows])
                _add(
                    collection,
                    [r[1] for r in rows],
                    [r[2] for r in rows],
                    vectors.astype(np.float32),
                )
                after = rows[-1][0]
        finally:
            client.close()

    def _remove_old(self, keep: set[str]) -> None:
        """The folder before the current one stays: a reader may be about to open it."""
        for path in self.folder.iterdir():
            if path.is_dir() and path.name not in keep:
                shutil.rmtree(path, ignore_errors=True)


def _open(path: Path) -> "tuple[ClientAPI, Collection]":
    import chromadb
    from chromadb.config import Settings

    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    client = chromadb.PersistentClient(str(path), Settings(anonymized_telemetry=False))
    # embedding_function=None: a stored one could make the client load foreign code.
    collection = client.get_or_create_collection(
        COLLECTION,
        embedding_function=None,
        configuration={"hnsw": _HNSW},  # type: ignore[typeddict-item]
    )
    return client, collection


def _add(collection: "Collection", ids: list[str], documents: list[str], vectors: Matrix) -> None:
    collection.add(
        ids=ids, embeddings=vectors, metadatas=[{"document_id": name} for name in documents]
    )


def _all_ids(collection: "Collection") -> set[str]:
    ids: set[str] = set()
    while page := collection.get(include=[], limit=_BATCH, offset=len(ids))["ids"]:
        ids.update(page)
    return ids


def _checksums(path: Path) -> dict[str, str]:
    """Of the HNSW files. Chroma's SQLite file changes when it is merely opened."""
    sums = {}
    for file in sorted(path.rglob("*.bin")):
        with file.open("rb") as stream:
            digest = hashlib.file_digest(stream, "blake2b").hexdigest()
        sums[str(file.relative_to(path))] = digest
    return sums
