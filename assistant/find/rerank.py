"""Scores for question–passage pairs beyond search: MaxSim with the encoder's own token
vectors, or a CrossEncoder that a setting names. Both stand behind the reader's seam.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np

from assistant.find.reading import Reader, Reading
from vectorstore.embedding.embedder import SentenceEmbedder
from vectorstore.errors import PolicyError
from vectorstore.models import SearchHit

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

FEWEST = 4  # passages that are scored, however small the share


class Scorer(Protocol):
    """Scores passages for a question; any scale, higher is better."""

    def score(self, question: str, texts: Sequence[str]) -> list[float]: ...


class MaxSimScorer:
    """Late interaction: for each token of the question the nearest token of the passage
    (Khattab and Zaharia 2020, ColBERT), with the embedder itself; no further model."""

    def __init__(self, embedder: SentenceEmbedder):
        self._embedder = embedder

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        (asked,) = self._embedder.token_vectors([question], "query")
        passages = self._embedder.token_vectors(texts, "passage")
        return [float((asked @ tokens.T).max(axis=1).mean()) for tokens in passages]


class CrossEncoderScorer:
    """A CrossEncoder from a local folder or a name."""

    def __init__(self, name: str):
        self._name = name

    @cached_property
    def model(self) -> "CrossEncoder":
        from sentence_transformers import CrossEncoder

        try:
            return CrossEncoder(self._name, device="cpu", local_files_only=True)
        except (OSError, ValueError) as error:
            raise PolicyError(
                f"读不了重排模型 {self._name!r}：请检查 POLICY_ANSWER_RERANK_MODEL"
            ) from error

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        scores = self.model.predict([(question, text) for text in texts], show_progress_bar=False)
        return [float(value) for value in np.asarray(scores).reshape(-1)]


class ScoredReader:
    """A reader whose order is corrected by a scorer, on the first `passages` of it.

    The reader's scores and the scorer's, each brought to mean 0 and deviation 1 over the
    passages of one question, are added, the scorer's with `weight`: any scale serves.
    """

    def __init__(self, inner: Reader, scorer: Scorer, *, weight: float, passages: int):
        self.name = inner.name
        self._inner = inner
        self._scorer = scorer
        self._weight = weight
        self.passages = max(FEWEST, passages)

    def read(self, question: str, hits: Sequence[SearchHit], share: float = 1.0) -> list[Reading]:
        readings = self._inner.read(question, hits, share)
        count = max(FEWEST, round(self.passages * share))
        near, far = readings[:count], readings[count:]
        if len(near) < 2:
            return readings
        texts = [r.hit.passage.embedding_text(r.hit.document.metadata.title) for r in near]
        scores = _standard([reading.score for reading in near])
        scores += self._weight * _standard(self._scorer.score(question, texts))
        moved = [replace(r, score=float(s)) for r, s in zip(near, scores, strict=True)]
        moved.sort(key=lambda r: (-r.score, r.hit.passage.id))
        last = moved[-1].score
        return moved + [replace(r, score=last - i) for i, r in enumerate(far, 1)]


def _standard(values: Sequence[float]) -> np.ndarray:
    array = np.asarray(values, dtype=np.float64)
    return np.asarray((array - array.mean()) / (array.std() + 1e-9))
