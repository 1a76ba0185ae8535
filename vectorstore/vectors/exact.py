"""Exact dense search over few passages: a matrix in memory, one product a question."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from vectorstore.catalog.changes import Row
from vectorstore.embedding.embedder import Matrix

Vector = np.ndarray[Any, np.dtype[np.float32]]
ROUNDING = 1e-6  # of a product of matrices
OTHER_MODEL = "索引是用另一个向量模型建的；请重新启动程序，或运行 python -m ingest --rebuild 重建"
_EMPTY: Matrix = np.empty((0, 0), np.float32)


@dataclass(frozen=True, slots=True)
class Exact:
    """Vectors as they were after change `seq`; `changed` names the documents it answers for."""

    seq: int
    ids: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    matrix: Matrix = field(default_factory=lambda: _EMPTY)
    changed: frozenset[str] = frozenset()

    @property
    def dimension(self) -> int | None:
        return self.matrix.shape[1] if self.ids else None

    def with_changes(self, seq: int, changed: Collection[str], rows: list[Row]) -> "Exact":
        """What the changed documents held goes; `rows`, what they hold now, come."""
        kept = [i for i, name in enumerate(self.documents) if name not in changed]
        fresh = from_rows(seq, rows)
        parts = [m for m in (self.matrix[kept], fresh.matrix) if len(m)]
        return Exact(
            seq,
            (*(self.ids[i] for i in kept), *fresh.ids),
            (*(self.documents[i] for i in kept), *fresh.documents),
            np.concatenate(parts) if parts else _EMPTY,
            self.changed | frozenset(changed),
        )

    def nearest(
        self, vector: Matrix, limit: int, allowed: Collection[str] | None
    ) -> list[tuple[str, float]]:
        """(passage id, cosine), in no order; more than `limit` only where cosines are all but
        equal."""
        if allowed is None:
            rows = np.arange(len(self.ids))
        else:
            rows = np.array([i for i, d in enumerate(self.documents) if d in allowed], np.intp)
        if not len(rows):
            return []
        scores = (self.matrix if allowed is None else self.matrix[rows]) @ vector[0]
        if len(scores) > limit:
            rows = rows[scores >= np.partition(scores, -limit)[-limit] - ROUNDING]
        return [(self.ids[i], cosine(self.matrix[i], vector[0])) for i in rows]


def best(hits: list[tuple[str, float]], limit: int) -> list[tuple[str, float]]:
    """The order that VectorStore promises."""
    return sorted(hits, key=lambda hit: (-hit[1], hit[0]))[:limit]


def cosine(one: Vector, other: Vector) -> float:
    """Of unit vectors, the same number wherever they lie: a product of matrices rounds each
    row as the number of rows has it, and equal passages would not rank equally."""
    return float(np.dot(one.astype(np.float64), other.astype(np.float64)))


def from_rows(seq: int, rows: Iterable[Row], changed: Collection[str] = ()) -> Exact:
    rows = list(rows)
    if not rows:
        return Exact(seq, changed=frozenset(changed))
    stored = np.frombuffer(b"".join(row[2] for row in rows), np.float16)
    return Exact(
        seq,
        tuple(row[0] for row in rows),
        tuple(row[1] for row in rows),
        stored.reshape(len(rows), -1).astype(np.float32),
        frozenset(changed),
    )
