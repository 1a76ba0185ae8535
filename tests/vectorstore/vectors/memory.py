"""Dense search without files or a copy: asks the catalogue each time, for tests."""

from collections.abc import Callable, Sequence

import numpy as np

from vectorstore.catalog.port import Catalog


class MemoryVectors:
    """VectorStore."""

    def __init__(self, catalog: Catalog):
        self._catalog = catalog
        self.on_damage: Callable[[], None] = lambda: None

    def query(
        self, vector: np.ndarray, limit: int, allowed: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        hits = [
            (passage, float(np.frombuffer(raw, np.float16).astype(np.float64) @ vector[0]))
            for _, passage, document, raw in self._catalog.all_embeddings(limit=1_000_000)
            if allowed is None or document in allowed
        ]
        return sorted(hits, key=lambda hit: (-hit[1], hit[0]))[:limit]

    def publish(self, *, fresh: bool = False) -> None:
        self._catalog.require_writable()

    def is_current(self) -> bool:
        return True

    is_healthy = check_thoroughly = is_current

    def verify(self) -> list[str]:
        return []

    def settle(self) -> None: ...

    def stop(self) -> None: ...

    def close(self) -> None: ...
