"""Dense search where nothing may be written: by the vectors of the catalogue, one by one.

Chroma writes to its folder when it merely opens it. The catalogue holds the same vectors, so
a data folder that is only read needs no Chroma; the search is exact, and costs time in
proportion to the passages instead.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from vectorstore.catalog.port import Catalog
from vectorstore.embedding.embedder import Matrix
from vectorstore.errors import IndexIncompatible
from vectorstore.vectors.exact import OTHER_MODEL, ROUNDING, best, cosine

_BATCH = 4000  # rows made float32 at a time


@dataclass(frozen=True, slots=True)
class _Loaded:
    """All vectors, in half precision, as they were at a generation of the catalogue."""

    generation: int
    ids: list[str]
    documents: list[str]
    parts: list[np.ndarray]

    def row(self, number: int) -> np.ndarray:
        part: np.ndarray = self.parts[number // _BATCH][number % _BATCH].astype(np.float32)
        return part


class ExactVectors:
    """VectorStore over any catalogue that is only read; loads it at the first use."""

    def __init__(self, catalog: Catalog):
        self.catalog = catalog
        self.on_damage: Callable[[], None] = lambda: None
        self._loading = threading.Lock()
        self._loaded: _Loaded | None = None

    def query(
        self, vector: Matrix, limit: int, allowed: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        loaded = self._vectors()
        rows = np.arange(len(loaded.ids))
        if allowed is not None:
            wanted = set(allowed)
            rows = np.array([i for i, d in enumerate(loaded.documents) if d in wanted], np.intp)
        if not len(rows):
            return []
        if loaded.parts[0].shape[1] != vector.shape[1]:
            raise IndexIncompatible(OTHER_MODEL)
        scores = np.concatenate([part.astype(np.float32) @ vector[0] for part in loaded.parts])
        if len(rows) > limit:
            least = np.partition(scores[rows], -limit)[-limit] - ROUNDING
            rows = rows[scores[rows] >= least]
        return best(
            [(loaded.ids[i], cosine(loaded.row(i), vector[0])) for i in rows.tolist()], limit
        )

    def _vectors(self) -> _Loaded:
        with self._loading:
            generation = self.catalog.generation
            if self._loaded is None or self._loaded.generation != generation:
                self._loaded = self._read(generation)
            return self._loaded

    def _read(self, generation: int) -> _Loaded:
        loaded = _Loaded(generation, [], [], [])
        after = 0
        with self.catalog.reading():
            while rows := self.catalog.all_embeddings(after, _BATCH):
                loaded.ids.extend(row[1] for row in rows)
                loaded.documents.extend(row[2] for row in rows)
                loaded.parts.append(np.stack([np.frombuffer(row[3], np.float16) for row in rows]))
                after = rows[-1][0]
        return loaded

    def is_current(self) -> bool:
        return True

    def is_healthy(self) -> bool:
        return True

    def check_thoroughly(self) -> bool:
        return True

    def verify(self) -> list[str]:
        return []

    def settle(self) -> None:
        """Publishing leaves nothing."""

    def stop(self) -> None:
        """There is nothing that publishes."""

    def close(self) -> None:
        self._loaded = None

    def publish(self, *, fresh: bool = False) -> None:
        self.catalog.require_writable()
