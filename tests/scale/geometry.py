"""Vectors for measuring at scale: some are embedded, the others lie as these do.

Random vectors are all equally far from each other, which no embedding is, and approximate search
over them is harder than it will ever be. So a part of the passages is embedded by the program's own
encoder; every other vector mixes two of those, one for its document and one of its own, and a
little noise with the covariance of the real ones.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

Matrix = np.ndarray
_OWN, _NOISE = 0.6, 0.35


def embedded(texts: Sequence[str], kept: Path, models: Path) -> Matrix:
    """By the program's own encoder, once; float32, a row each."""
    if kept.exists():
        return np.load(kept)
    from vectorstore.embedding.embedder import build_embedder
    from vectorstore.settings import IndexSettings

    embedder = build_embedder(IndexSettings(data_dir=kept.parent, model_dir=models))
    found = embedder.embed_passages(list(texts)).astype(np.float32)
    np.save(kept, found)
    return found


class Geometry:
    """Draws vectors that lie as `real` ones do."""

    def __init__(self, real: Matrix, seed: int = 11):
        self.real = real
        self._draw = np.random.default_rng(seed)
        centred = real - real.mean(axis=0)
        values, axes = np.linalg.eigh(centred.T @ centred / len(real))
        self._spread = (axes * np.sqrt(np.maximum(values, 0))).T.astype(np.float32)

    def document(self, count: int) -> Matrix:
        """Unit vectors of the passages of one document."""
        one = self.real[self._draw.integers(len(self.real))]
        own = self.real[self._draw.integers(len(self.real), size=count)]
        return self._unit((1 - _OWN) * one + _OWN * own + self._noise(count))

    def near(self, vectors: Matrix) -> Matrix:
        """Questions: unit vectors not far from these."""
        return self._unit(vectors + 2 * self._noise(len(vectors)))

    def _noise(self, count: int) -> Matrix:
        drawn = self._draw.standard_normal((count, len(self._spread)), dtype=np.float32)
        return _NOISE * drawn @ self._spread

    @staticmethod
    def _unit(vectors: Matrix) -> Matrix:
        return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
