"""Words as a dictionary knows them (rjieba), and the sounds of characters (pypinyin)."""

from functools import cache

import rjieba
from pypinyin import Style, lazy_pinyin, pinyin

# Sounds that are heard as one in much of the country.
_ALIKE = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"), ("l", "n"), ("f", "h"))


def cut(text: str, *, guess: bool = True) -> list[str]:
    """The words of a text, all of it; with `guess` also such as no dictionary holds."""
    return list(rjieba.cut(text, guess))


def tagged(text: str) -> list[tuple[str, str]]:
    """Words with their kinds, as the dictionary's tags name them (v a verb, n a noun).

    >>> [word for word, _ in tagged("建设道路")]
    ['建设', '道路']
    """
    return list(rjieba.tag(text))


def word_spans(text: str) -> list[tuple[int, int]]:
    """For each character the word that it stands in, [start, end).

    >>> word_spans("示范县")
    [(0, 3), (0, 3), (0, 3)]
    """
    spans: list[tuple[int, int]] = []
    for word in cut(text):
        start = len(spans)
        spans += [(start, start + len(word))] * len(word)
    return spans


def is_word(text: str) -> bool:
    """Whether the dictionary holds a text as one word: it is not guessed."""
    return cut(text, guess=False) == [text]


def in_latin(text: str) -> str:
    """Chinese in Latin letters, without tones and spaces.

    >>> in_latin("徐州")
    'xuzhou'
    """
    return "".join(lazy_pinyin(text)).replace("ü", "v")


def sounds_alike(one: str, other: str) -> bool:
    """Whether two characters may be said alike, tones and common confusions aside.

    >>> sounds_alike("州", "洲"), sounds_alike("州", "省")
    (True, False)
    """
    return bool(_sounds(one) & _sounds(other))


@cache
def _sounds(character: str) -> frozenset[str]:
    found = pinyin(character, style=Style.NORMAL, heteronym=True)
    sounds = set()
    for sound in found[0] if found else ():
        for one, other in _ALIKE:
            sound = sound.replace(one, other)
        sounds.add(sound)
    return frozenset(sounds)
