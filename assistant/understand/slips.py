"""Slips of typing in the names of places and organs: 徐洲 → 徐州.

Only names that the corpus knows are put right, and only where what was typed is neither another
name nor a word. A name in quotation marks is left as it is: that is how a user insists.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from assistant.understand.asking import QUOTED
from vectorstore.language.names import TITLE
from vectorstore.language.regions import LEVELS, is_region
from vectorstore.language.words import is_word, sounds_alike, word_spans

_JOINING = frozenset("和与及跟同或的在对把将给从到")
LONGEST = 14  # characters of a name
_HAN = re.compile(r"[\u4e00-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Slip:
    """What was typed, and the name that it stands for."""

    typed: str
    meant: str


@dataclass(frozen=True)
class Names:
    """Names, by all their forms with one character left out."""

    names: frozenset[str]
    _by_gap: dict[tuple[int, str], list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in sorted(self.names):
            if 2 <= len(name) <= LONGEST and _HAN.fullmatch(name):
                for i in range(len(name)):
                    self._by_gap.setdefault((i, name[:i] + " " + name[i + 1 :]), []).append(name)

    @classmethod
    def of(cls, names: Iterable[str]) -> "Names":
        return cls(frozenset(names))

    def near(self, typed: str) -> Iterator[tuple[int, str]]:
        """(where it differs, name) for names that differ from `typed` in one character."""
        for i in range(len(typed)):
            for name in self._by_gap.get((i, typed[:i] + " " + typed[i + 1 :]), ()):
                if name != typed:
                    yield i, name


def put_right(text: str, names: Names) -> tuple[str, tuple[Slip, ...]]:
    """`text` with the names that were meant, and what was changed; the longest names first."""
    closed = [match.span() for insisted in (QUOTED, TITLE) for match in insisted.finditer(text)]
    words = [text[a:b] for a, b in word_spans(text)]
    slips: list[Slip] = []
    for size in range(min(LONGEST, len(text)), 1, -1):
        for start in range(len(text) - size + 1):
            end = start + size
            typed = text[start:end]
            if typed in names.names or any(a < end and start < b for a, b in closed):
                continue
            for at, name in names.near(typed):
                if typed[:-1] in names.names and at == size - 1:
                    continue  # 东营不 is 东营, not 东营市
                if _is_slip(typed, name, at, words[start + at]):
                    text = text[:start] + name + text[end:]
                    words[start:end] = [name] * size
                    closed.append((start, end))
                    slips.append(Slip(typed, name))
                    break
    return text, tuple(slips)


def _is_slip(typed: str, name: str, at: int, word: str) -> bool:
    """Whether one character was mistyped. `word` is what a segmenter makes of it: a word of
    several characters was meant as it stands, unless it is the whole of what was typed."""
    if is_region(typed) or (typed[at] in LEVELS and name[at] in LEVELS):
        return False
    if typed[at] in _JOINING and at in (0, len(typed) - 1):
        return False  # 保山和 is no 保山市
    if len(word) > 1 and is_word(word):
        return False
    return len(name) >= 6 or sounds_alike(typed[at], name[at])
