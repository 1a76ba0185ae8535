"""Whether two questions may ask the same, as far as their words say: the figures, places and
negations of one are those of the other, and most words. What they mean is asked of the embedder."""

from itertools import groupby

from vectorstore.language.text import fold

# Share of the pairs of characters that two questions have in common (Dice).
_ALIKE = 0.7
_NEGATIONS = "不没无未非免禁"
_NUMERALS = "一二三四五六七八九十百千万亿"


def in_the_same_words(question: str, other: str) -> bool:
    return _bare(question) == _bare(other)


def may_ask_the_same(question: str, other: str) -> bool:
    return (
        _numbers(question) == _numbers(other)
        and _negations(question) == _negations(other)
        and _shared(_bare(question), _bare(other)) >= _ALIKE
    )


def _bare(text: str) -> str:
    return "".join(filter(str.isalnum, fold(text)))


def _numbers(text: str) -> list[str]:
    """Runs of digits and of numerals, in order."""
    runs = groupby(fold(text), lambda c: c.isdecimal() or c in _NUMERALS)
    return ["".join(run) for is_number, run in runs if is_number]


def _negations(text: str) -> int:
    return sum(map(text.count, _NEGATIONS))


def _shared(one: str, other: str) -> float:
    pairs = [{text[i : i + 2] for i in range(len(text) - 1)} for text in (one, other)]
    total = sum(map(len, pairs))
    return 2 * len(pairs[0] & pairs[1]) / total if total else 0.0
