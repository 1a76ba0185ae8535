"""How near two texts are, and where they differ in a figure. Pure functions."""

from collections.abc import Iterable, Sequence

from assistant.figures import Figure, figures, same_unit
from vectorstore.text import fold, search_copy


def pairs(text: str) -> set[str]:
    """Pairs of neighbouring characters, width and white space folded."""
    plain = fold(text)
    return {plain[i : i + 2] for i in range(len(plain) - 1)}


def alike(text: str, other: str) -> float:
    """The share of the shorter text's character pairs that the longer one holds, in [0, 1]."""
    a, b = pairs(text), pairs(other)
    return len(a & b) / max(1, min(len(a), len(b)))


def same_figure(a: Figure, b: Figure) -> bool:
    """Equal in value and kind of unit: 1.2万名 = 12000人, but 人 is not 人次."""
    near = abs(a.value - b.value) <= 1e-9 * max(1.0, abs(a.value))
    return near and (same_unit(a, b) or not a.unit or not b.unit)


def changed_figure(stated: str, sources: Iterable[str]) -> tuple[Figure, Figure] | None:
    """The first figure of a text that its sources lack, with the one that stands in its place:
    the figure of the like unit, or of the like value, that the text does not repeat."""
    ours = figures(search_copy(stated))
    held = [figure for source in sources for figure in figures(search_copy(source))]
    for figure in ours:
        if any(same_figure(figure, other) for other in held):
            continue
        free = [other for other in held if not any(same_figure(other, f) for f in ours)]
        if other := _counterpart(figure, free):
            return figure, other
    return None


def _counterpart(figure: Figure, candidates: Sequence[Figure]) -> Figure | None:
    like = [other for other in candidates if same_unit(figure, other)]
    like += [other for other in candidates if other.value == figure.value]
    return like[0] if like else None
