"""BM25 as SQLite's FTS5 reckons it, so that an index beside it ranks as it does."""

import math
from collections.abc import Mapping, Sequence

_K1, _B = 1.2, 0.75
_LEAST = 1e-6  # of a word that more than half of the rows hold


def weights(words: Sequence[str], held: Mapping[str, int], rows: int) -> dict[str, float]:
    """How much each word says; `held` tells in how many of `rows` it stands."""
    found = {}
    for word in words:
        n = held.get(word, 0)
        said = math.log((rows - n + 0.5) / (n + 0.5))
        found[word] = said if said > 0 else _LEAST
    return found


def score(
    words: Sequence[str],
    weight: Mapping[str, float],
    columns: Sequence[Sequence[str]],
    shares: Sequence[float],
    mean: float,
) -> float:
    """Of one row, whose columns are lists of tokens and count by `shares`; `mean` is how many
    tokens a row has. A word that is asked twice counts twice."""
    wanted = set(words)
    counted: dict[str, float] = {}
    for column, share in zip(columns, shares, strict=True):
        for token in column:
            if token in wanted:
                counted[token] = counted.get(token, 0.0) + share
    length = _K1 * (1 - _B + _B * sum(map(len, columns)) / mean) if mean else 0.0
    return sum(
        weight[word] * (counted[word] * (_K1 + 1)) / (counted[word] + length)
        for word in words
        if word in counted
    )
