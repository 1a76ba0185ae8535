"""Reads a text by all rules; puts right what was found."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from assistant.proofreading import (
    dates,
    forms,
    numbering,
    organs,
    pairs,
    punctuation,
    quantities,
    words,
)
from assistant.proofreading.rule import Page, Rule, Slip

RULES: tuple[Rule, ...] = (
    *forms.RULES,
    *numbering.RULES,
    *dates.RULES,
    *quantities.RULES,
    *organs.RULES,
    *words.RULES,
    *pairs.RULES,
    *punctuation.RULES,
)


def proofread(text: str, organs: Iterable[str] = ()) -> tuple[Slip, ...]:
    """The slips of a text, in order, no two at one place; `organs` are names that the library
    knows."""
    page = Page(text, frozenset(organs))
    found = [slip for rule in RULES for slip in rule.slips(page)]
    # Of two at one place the earlier rule's stands: kinds and numbers know more than marks.
    order = {id(slip): n for n, slip in enumerate(found)}
    kept: list[Slip] = []
    for slip in sorted(found, key=lambda s: (s.start, order[id(s)])):
        if kept and slip.start < kept[-1].end:
            if order[id(slip)] < order[id(kept[-1])]:
                kept[-1] = slip
            continue
        kept.append(slip)
    return tuple(kept)


def mended(
    text: str, slips: Sequence[Slip], chosen: Collection[int]
) -> tuple[str, tuple[Slip, ...]]:
    """`text` with the repairs of some of its slips, by their places in the list; and the others,
    where they stand now."""
    done = [slip for n, slip in enumerate(slips) if n in chosen and slip.right is not None]
    left = [slip for slip in slips if slip not in done]

    def moved(at: int) -> int:
        return at + sum(len(s.right or "") - len(s.wrong) for s in done if s.end <= at)

    moved_on = (replace(s, start=moved(s.start), end=moved(s.end)) for s in left)
    return repaired(text, done), tuple(moved_on)


def repaired(text: str, slips: Sequence[Slip]) -> str:
    """`text` with what is right in the place of what is wrong, where it is known."""
    for slip in sorted(slips, key=lambda s: -s.start):
        if slip.right is not None:
            text = text[: slip.start] + slip.right + text[slip.end :]
    return text
