"""Everyday wordings and the official terms that they stand for (data/lexicon.tsv), English ones
(data/english.tsv), and those that the office adds (assistant/office/terms.py).

Terms help to find passages, never to check a statement. A wording may be rude; it is compared
with what was typed and never shown.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib import resources

from assistant.office.terms import MOST_NAMES, NO_TERMS, Renamed, Terms
from assistant.understand.asking import LATIN_WORD
from vectorstore.language.names import CHINESE
from vectorstore.language.words import word_spans

# Words of every document: they say little about which passage is meant.
COMMON_DOMAINS = frozenset(("公文动作用语", "时间数量程度", "公文名称"))
_MOST_TERMS = 3  # of one wording
_SHORTEST = 2
_MOST_OTHERS = 20  # other names of all organs that one question names


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
    return _terms_in(text, *_table())


def _terms_in(text: str, table: "_Table", longest: int) -> list[Added]:
    if not CHINESE.search(text):
        return _english_terms(text)
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
    return _added(official_terms(text))


def _added(found: list[Added]) -> tuple[str, ...]:
    telling = (added.terms[:2] for added in found if not added.is_common)
    return tuple(dict.fromkeys(term for terms in telling for term in terms))


@dataclass(frozen=True, slots=True)
class _Entry:
    terms: tuple[str, ...]
    is_official: bool
    is_common: bool


_Table = Mapping[str, _Entry]


@cache
def _table() -> tuple[_Table, int]:
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


# --- with the terms of the office -----------------------------------------------------------------

# What stands in 《》 or quotation marks is a name or somebody's words, and stays as it is.
_LITERAL = re.compile(r"《[^《》]*》|“[^“”]*”")


@dataclass(frozen=True, eq=False)
class Lexicon:
    """The shipped wordings and those of the office, as one answer uses them. `office` are its
    wordings that have one official term, `renamed` the organs with two names."""

    table: _Table
    longest: int
    office: Mapping[str, str] = field(default_factory=dict)
    renamed: tuple[Renamed, ...] = ()

    def added_terms(self, text: str) -> tuple[str, ...]:
        """The official terms that are looked for as well, and the other names of organs."""
        others = (other for _, other, _ in self.renamed_in(text))
        return tuple(dict.fromkeys((*others, *_added(_terms_in(text, self.table, self.longest)))))

    def in_official_words(self, text: str) -> str:
        """The office's wordings put into its terms: it says itself what they stand for. The longest
        wins; one that lies inside a word, a title or a quotation stays, and so does one whose term
        stands in the text already."""
        if not any(wording in text for wording in self.office):
            return text
        bounds = {0, len(text), *(at for span in word_spans(text) for at in span)}
        kept = [match.span() for match in _LITERAL.finditer(text)]
        sizes = sorted({len(wording) for wording in self.office}, reverse=True)
        pieces, at = [], 0
        while at < len(text):
            size = next((s for s in sizes if text[at : at + s] in self.office), 0)
            term = self.office.get(text[at : at + size], "")
            is_whole = size > _SHORTEST or {at, at + size} <= bounds
            is_free = not any(start <= at < end for start, end in kept)
            if size and is_whole and is_free and term not in text:
                pieces.append(term)
                at += size
            else:
                pieces.append(text[at])
                at += 1
        return "".join(pieces)

    def renamed_in(self, text: str) -> list[tuple[str, str, Renamed]]:
        """(name as it stands in a text, another name of the organ, the renaming), each other name
        once, over several renamings too. A name inside a longer one of the pair does not count.
        Each name found is read and searched for, so there is a bound to them."""
        found: list[tuple[str, str, Renamed]] = []
        names: dict[str, str] = {}  # name → the name in the text that led to it
        count: Counter[str] = Counter()  # of those that a name in the text led to
        for pair in self.renamed:
            for name in sorted((pair.old, pair.new), key=len, reverse=True):
                if name in text:
                    names[name] = name
                    break
        more = bool(names)
        while more:
            more = False
            for pair in self.renamed:
                for name, other in ((pair.old, pair.new), (pair.new, pair.old)):
                    if name not in names or other in names:
                        continue
                    start = names[name]
                    if count[start] >= MOST_NAMES - 1 or len(found) >= _MOST_OTHERS:
                        continue
                    names[other] = start
                    count[start] += 1
                    found.append((start, other, pair))
                    more = True
        return found

    def with_other_names(self, text: str) -> str:
        """A text in which the other names of organs stand in brackets behind those it says: for
        who compares words."""
        others: dict[str, list[str]] = {}
        for name, other, _ in self.renamed_in(text):
            others.setdefault(name, []).append(other)
        for name, more in others.items():
            text = text.replace(name, f"{name}（{'、'.join(more)}）", 1)
        return text


@lru_cache(maxsize=8)
def lexicon_of(terms: Terms = NO_TERMS) -> Lexicon:
    """The shipped lexicon with the terms of the office in it; made once for each state of them.

    >>> from assistant.office.terms import Term
    >>> lexicon_of(Terms(1, (Term("摊位钱", "占道经营费"),))).in_official_words("摊位钱收多少？")
    '占道经营费收多少？'
    """
    table, longest = _table()
    if not terms.terms:
        return Lexicon(table, longest, {}, terms.renamed)
    meant: dict[str, dict[str, None]] = {}
    for term in terms.terms:
        meant.setdefault(term.wording, {})[term.term] = None
    merged = dict(table)
    for wording, stands_for in meant.items():
        before = () if (known := table.get(wording)) is None or known.is_official else known.terms
        every = tuple(dict.fromkeys((*stands_for, *before)))
        merged[wording] = _Entry(every, False, False)
    single = {wording: next(iter(found)) for wording, found in meant.items() if len(found) == 1}
    return Lexicon(merged, max(longest, *map(len, meant)), single, terms.renamed)
