"""Everyday wordings and the official terms that they stand for (data/lexicon.tsv), and English
ones (data/english.tsv).

Terms help to find passages, never to check a statement. A wording may be rude; it is compared
with what was typed and never shown.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from assistant.understand.asking import LATIN_WORD
from vectorstore.language.names import CHINESE
from vectorstore.language.words import word_spans

# Words of every document: they say little about which passage is meant.
COMMON_DOMAINS = frozenset(("公文动作用语", "时间数量程度", "公文名称"))
_MOST_TERMS = 3  # of one wording
_SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Added:
    """Official terms for a stretch of a question. `is_common` says that they belong to the
    language of all documents."""

    start: int
    end: int
    terms: tuple[str, ...]
    is_common: bool


def official_terms(text: str) -> list[Added]:
    """What the everyday wordings in a text stand for, from left to right.

    The longest wording wins, and a term that already stands in the text covers its place: it
    needs none. A wording must not begin or end inside a word.

    >>> [added.terms[0] for added in official_terms("Who pays the subsidies for elderly people?")]
    ['补贴', '老年人']
    """
    if not CHINESE.search(text):
        return _english_terms(text)
    table, longest = _table()
    bounds = {0, *(end for _, end in word_spans(text))}
    found: list[Added] = []
    at = 0
    while at < len(text):
        for size in range(min(longest, len(text) - at), _SHORTEST - 1, -1):
            entry = table.get(text[at : at + size])
            if entry and (size > _SHORTEST or {at, at + size} <= bounds):
                new = tuple(t for t in entry.terms if t not in text)
                if new and not entry.is_official:
                    found.append(Added(at, at + size, new[:_MOST_TERMS], entry.is_common))
                at += size
                break
        else:
            at += 1
    return found


_MOST_WORDS = 5  # of an English wording


def _english_terms(text: str) -> list[Added]:
    table = _english()
    words = [(m.start(), m.end(), m[0].lower()) for m in LATIN_WORD.finditer(text)]
    found: list[Added] = []
    at = 0
    while at < len(words):
        for size in range(min(_MOST_WORDS, len(words) - at), 0, -1):
            taken = words[at : at + size]
            if terms := table.get(_singular([word for _, _, word in taken])):
                found.append(Added(taken[0][0], taken[-1][1], terms, False))
                at += size
                break
        else:
            at += 1
    return found


def _singular(words: list[str]) -> str:
    """Words as the table has them: policies, classes and farmers lose their plural."""
    *before, last = (word.removesuffix("'s") for word in words)
    if last.endswith("ies") and len(last) > 4:
        last = f"{last[:-3]}y"
    elif last.endswith(("sses", "xes", "ches", "shes")):
        last = last[:-2]
    elif last.endswith("s") and not last.endswith(("ss", "us", "is")):
        last = last[:-1]
    return " ".join((*before, last))


@cache
def _english() -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for english, terms in _lines("english.tsv"):
        for wording in english.split(" | "):
            table.setdefault(_singular(wording.split()), tuple(terms.split("、")))
    return table


def added_terms(text: str) -> tuple[str, ...]:
    """The official terms that are looked for as well, each once: those of `official_terms` that
    say what a text is about, two of each wording."""
    found = (added.terms[:2] for added in official_terms(text) if not added.is_common)
    return tuple(dict.fromkeys(term for terms in found for term in terms))


@dataclass(frozen=True, slots=True)
class _Entry:
    terms: tuple[str, ...]
    is_official: bool
    is_common: bool


@cache
def _table() -> tuple[dict[str, _Entry], int]:
    """Wordings and terms → what they stand for, and the length of the longest."""
    meant: dict[str, list[str]] = {}
    common: dict[str, bool] = {}
    rows = [
        (term, wordings.split("、"), domain) for term, wordings, domain in _lines("lexicon.tsv")
    ]
    for term, wordings, domain in rows:
        for wording in wordings:
            meant.setdefault(wording, []).append(term)
            common[wording] = common.get(wording, True) and domain in COMMON_DOMAINS
    table = {w: _Entry(tuple(terms), False, common[w]) for w, terms in meant.items()}
    for term, _, domain in rows:
        table[term] = _Entry((term,), True, domain in COMMON_DOMAINS)
    return table, max(map(len, table))


def _lines(file: str) -> Iterator[list[str]]:
    text = resources.files(__package__).joinpath(f"data/{file}").read_text("utf-8")
    return (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
