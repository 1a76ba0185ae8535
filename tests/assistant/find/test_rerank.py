"""A scorer corrects the order of the first passages; how many follows from the settings."""

from collections.abc import Sequence

import pytest

from assistant.find.reading import LexicalReader
from assistant.find.rerank import FEWEST, ScoredReader
from vectorstore.index import PolicyIndex

QUESTION = "青禾市到2025年底要建成多少个老年助餐点？"


class Lengths:
    """Prefers short texts, and notes how many it was asked about."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        self.asked.append(len(texts))
        return [-float(len(text)) for text in texts]


@pytest.mark.parametrize(("share", "scored"), [(1.0, 6), (0.5, FEWEST), (0.1, FEWEST)])
def test_it_scores_as_many_as_it_is_told(filled: PolicyIndex, share: float, scored: int) -> None:
    scorer = Lengths()
    inner = LexicalReader(filled.token_weights)
    reader = ScoredReader(inner, scorer, weight=100, passages=6)
    found = filled.search(QUESTION, 12)
    readings = reader.read(QUESTION, found, share)
    assert scorer.asked == [scored]
    before = [r.hit.passage.id for r in inner.read(QUESTION, found, share)]
    after = [r.hit.passage.id for r in readings]
    assert after[scored:] == before[scored:]
    lengths = [
        len(r.hit.passage.embedding_text(r.hit.document.metadata.title)) for r in readings[:scored]
    ]
    assert lengths == sorted(lengths)
