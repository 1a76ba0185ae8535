"""From a passage's text to the offsets of its source."""

from collections.abc import Sequence

from vectorstore.language.text import VISIBLE, squeeze
from vectorstore.models import Passage


def visible_offsets(source: str, passage: Passage) -> list[int]:
    """Source offsets of the visible characters of a passage, in order."""
    last = min(passage.end, len(source))
    return [match.start() for match in VISIBLE.finditer(source, passage.start, last)]


def locate(source: str, passage: Passage, start: int, end: int) -> tuple[int, int]:
    """Source offsets of `passage.text[start:end]`.

    Passage and source differ in white space only, so the n-th visible character of one is
    the n-th of the other.
    """
    skip, take = len(squeeze(passage.text[:start])), len(squeeze(passage.text[start:end]))
    return among(visible_offsets(source, passage), passage, skip, take)


def among(seen: Sequence[int], passage: Passage, skip: int, take: int) -> tuple[int, int]:
    """The span of `take` visible characters after the first `skip`, given their offsets."""
    first = seen[skip] if skip < len(seen) else passage.start
    end_of = min(skip + take, len(seen))
    return first, max(first, seen[end_of - 1] + 1 if end_of else first)
