"""Dense search where nothing may be written: by the vectors of the catalogue, one by one.

Chroma writes to its folder when it merely opens it. The catalogue holds the same vectors, so
a data folder that is only read needs no Chroma; the search is exact, and costs time in
proportion to the passages instead.
"""

import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from vectorstore.catalog.catalog import Catalog
from vectorstore.embedding.embedder import Matrix
from vectorstore.vectors.store import VectorStore

_BATCH = 4000  # rows made float32 at a time


class ExactVectors(VectorStore):
    """VectorStore's interface over a catalogue that is only read; loads it at the first use."""

    def __init__(self, folder: Path, catalog: Catalog):
        self.folder = folder
        self.catalog = catalog
        self.on_damage = lambda: None
        self._loading = threading.Lock()
        self._loaded: tuple[int, list[str], list[str], list[Matrix]] | None = None

    def query(
        self, vector: Matrix, limit: int, document_ids: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        ids, documents, parts = self._vectors()
        if not ids:
            return []
        scores = np.concatenate([part.astype(np.float32) @ vector[0] for part in parts])
        if document_ids is not None:
            wanted = set(document_ids)
            scores[[document not in wanted for document in documents]] = -np.inf
        best = np.argsort(-scores, kind="stable")[:limit]
        return [(ids[i], float(scores[i])) for i in best if np.isfinite(scores[i])]

    def _vectors(self) -> tuple[list[str], list[str], list[Matrix]]:
        with self._loading:
            generation = self.catalog.generation
            if self._loaded is None or self._loaded[0] != generation:
                self._loaded = (generation, *self._read())
            return self._loaded[1:]

    def _read(self) -> tuple[list[str], list[str], list[Matrix]]:
        ids: list[str] = []
        documents: list[str] = []
        parts: list[Matrix] = []
        after = 0
        while rows := self.catalog.all_embeddings(after, _BATCH):
            ids += [row[1] for row in rows]
            documents += [row[2] for row in rows]
            parts.append(np.stack([np.frombuffer(row[3], np.float16) for row in rows]))
            after = rows[-1][0]
        return ids, documents, parts

    def is_current(self) -> bool:
        return True

    def is_healthy(self) -> bool:
        return True

    def check_thoroughly(self) -> bool:
        return True

    def verify(self) -> list[str]:
        return []

    def stop(self) -> None:
        """There is nothing that publishes."""

    def close(self) -> None:
        self._loaded = None

    def publish(self, *, fresh: bool = False) -> None:
        self.catalog.require_writable()
