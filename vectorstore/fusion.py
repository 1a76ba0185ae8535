"""Joins the scores of dense and keyword search into one ranking."""

from collections.abc import Mapping

# Rank fusion (RRF) was clearly worse: it forgets by how far a passage leads (answer in the first
# passage .59 against .69 on ncp).
DENSE_SHARE = (0.85, 0.5)  # of a question in everyday words, and of one in the documents' words
DOCUMENT_SHARE = (0.08, 0.3)
KNOWN = (0.15, 0.35)  # share of a question's weight that one passage holds: from … to …
ADDED_WEIGHT = 0.3  # of the words of added terms, beside the question's own


def with_added(keyword: Mapping[str, float], also: Mapping[str, float]) -> dict[str, float]:
    """BM25 of the question's words and, at less weight, of the terms added to it."""
    return {i: keyword.get(i, 0.0) + ADDED_WEIGHT * also.get(i, 0.0) for i in {*keyword, *also}}


def convex(
    keyword: Mapping[str, float],
    dense: Mapping[str, float],
    document: Mapping[str, float],
    document_of: Mapping[str, str],
    known: float,
) -> dict[str, float]:
    """Passage id → score in [0, 1.3], higher is better.

    A convex combination of BM25, scaled by its best value, and cosine, scaled to its range
    among the candidates (Bruch, Gai, Ingber 2023, "An Analysis of Fusion Functions for Hybrid
    Retrieval"), plus the BM25 of the whole document: a passage of the right document is more
    often the right passage. How much words count follows from how much of the question one
    passage knows: of a question in everyday words hardly any, and then meaning decides.
    """
    low, high = KNOWN
    at = min(1.0, max(0.0, (known - low) / (high - low)))
    share = DENSE_SHARE[0] + at * (DENSE_SHARE[1] - DENSE_SHARE[0])
    of_document = DOCUMENT_SHARE[0] + at * (DOCUMENT_SHARE[1] - DOCUMENT_SHARE[0])
    best = max(keyword.values(), default=0.0) or 1.0
    best_document = max(document.values(), default=0.0) or 1.0
    lowest = min(dense.values(), default=0.0)
    width = (max(dense.values(), default=0.0) - lowest) or 1.0
    return {
        passage: (1 - share) * keyword.get(passage, 0.0) / best
        + share * (cosine - lowest) / width
        + of_document * document.get(document_of[passage], 0.0) / best_document
        for passage, cosine in dense.items()
    }
