"""How near two texts are, and where they differ in figures and in wording."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from assistant.cite.citation import Citation, citation_of
from assistant.find.evidence import Evidence, restricted
from vectorstore.language.figures import Figure, figures, same_figure, same_unit
from vectorstore.language.regions import short_name
from vectorstore.language.sentences import sentences
from vectorstore.language.text import fold, search_copy
from vectorstore.models import SearchFilter, SearchHit


def pairs(text: str) -> set[str]:
    """Pairs of neighbouring characters, width and white space folded."""
    plain = fold(text)
    return {plain[i : i + 2] for i in range(len(plain) - 1)}


def alike(text: str, other: str) -> float:
    """The share of the shorter text's character pairs that the longer one holds, in [0, 1]."""
    a, b = pairs(text), pairs(other)
    return len(a & b) / max(1, min(len(a), len(b)))


def changed_figure(stated: str, sources: Iterable[str]) -> tuple[Figure, Figure] | None:
    """The first figure of a text that its sources lack, with the one that stands in its place:
    the figure of the like unit, or of the like value, that the text does not repeat."""
    ours = figures(search_copy(stated))
    held = [figure for source in sources for figure in figures(search_copy(source))]
    for figure in ours:
        if any(same_figure(figure, other) for other in held):
            continue
        free = [other for other in held if not any(same_figure(other, f) for f in ours)]
        like = [other for other in free if same_unit(figure, other)]
        like += [other for other in free if other.value == figure.value]
        if like:
            return figure, like[0]
    return None


# Words that say how firm or how exact a figure is; one of each group at most counts.
_HEDGE = re.compile(r"力争|争取|努力|力求")
_BOUNDS = (
    re.compile(r"以上|不低于|不少于|不小于|至少|最少|最低|突破|(?<!不)(?:超过|高于|多于)"),
    re.compile(r"以下|以内|不超过|不高于|不多于|不大于|至多|最多|最长|最高|(?<!不)(?:低于|少于)"),
    re.compile(r"左右|大约|约(?=\d)|上下"),
)
_BEFORE, _AFTER = 5, 3  # characters around a figure in which a bound belongs to it


def changed_wording(ours: str, theirs: str, figure: Figure) -> tuple[str, str] | None:
    """Where two phrases with the same figure differ in how firm it is: (ours, theirs)."""
    a, b = _near(ours, figure), _near(theirs, figure)
    if a is None or b is None:
        return None
    compared = [(_HEDGE, ours, theirs), *((group, a, b) for group in _BOUNDS)]
    for group, mine, other in compared:
        x, y = group.search(mine), group.search(other)
        if bool(x) != bool(y):
            firm = re.search(r"达到|确保|实现|完成|为", other if x else mine)
            plain = firm[0] if firm else ""
            return (x[0], plain) if x else (plain, y[0] if y else "")
    return None


def _near(phrase: str, figure: Figure) -> str | None:
    """What stands around a figure in a phrase; None when the phrase does not hold it."""
    for other in figures(phrase):
        if same_figure(figure, other):
            end = other.start + len(other.text)
            return phrase[max(0, other.start - _BEFORE) : end + _AFTER]
    return None


# --- sentences of the corpus that say the same ----------------------------------------------------

_CLOSE = 0.12  # a sentence this much behind the best may still be the one meant
_MIN_SCORE = 0.45
_SHARED = 0.4  # of a phrase's pairs, in another sentence that states its figure
_PHRASE = re.compile(r"(?:\d[,，]\d{3}|[^，,；;。！？\n])+")
_REPORTING = re.compile(r"[曾已还也]?(?:提出|要求|明确|规定|指出|强调|计划|确定|显示)了?")
_YEAR = re.compile(r"20\d\d")


def phrases(text: str) -> Iterator[tuple[int, int]]:
    """Offsets of what stands between commas and stops; a comma within a number cuts nothing."""
    for match in _PHRASE.finditer(text):
        yield match.span()


@dataclass(frozen=True, slots=True)
class Aligned:
    """A sentence of the corpus that speaks of the same thing, and its phrase that does."""

    hit: SearchHit
    start: int
    end: int
    phrase: str
    score: float
    figures: tuple[Figure, ...]

    @property
    def text(self) -> str:
        return self.hit.passage.text[self.start : self.end]

    def citation(self, evidence: Evidence) -> Citation:
        passage = self.hit.passage
        return citation_of(evidence.quoter.quote(self.hit.document, passage, self.start, self.end))


@dataclass
class Aligner:
    """Finds what the corpus says on the matter of a phrase. Searches once for each sentence."""

    evidence: Evidence
    _found: dict[tuple[str, tuple[str, ...]], list[SearchHit]] = field(default_factory=dict)

    def nearest(self, phrase: str, sentence: str, context: Sequence[str]) -> list[Aligned]:
        """The sentences nearest to a phrase, the best first, all nearly as near as the best."""
        names = [
            name
            for identifier in context
            for part in self.evidence.summary(identifier).metadata.region
            for name in (part, short_name(part))
        ]
        bare, whole = (_matter(text, names) for text in (phrase, sentence))
        found = [
            aligned
            for hit in self._hits(sentence, tuple(context))
            for aligned in _aligned(hit, bare, whole, _years(sentence))
        ]
        found.sort(key=lambda a: -a.score)
        best = found[0].score if found else 0.0
        return [a for a in found if a.score >= max(_MIN_SCORE, best - _CLOSE)][:6]

    def best(self, phrase: str, sentence: str, context: Sequence[str]) -> Aligned | None:
        return next(iter(self.nearest(phrase, sentence, context)), None)

    def stating(self, figure: Figure, phrase: str, ids: Sequence[str]) -> Citation | None:
        """Where one of some documents states a figure in a sentence that shares words with a phrase,
        however far from the sentence nearest to it."""
        wanted = pairs(phrase.replace(figure.text, " "))
        for identifier in ids:
            source = self.evidence.quoter.source(identifier)
            for start, end in sentences(source):
                text = search_copy(source[start:end])
                if _share(wanted, pairs(text)) >= _SHARED and any(
                    same_figure(figure, other) for other in figures(text)
                ):
                    document = self.evidence.summary(identifier)
                    return citation_of(self.evidence.quoter.stretch(document, start, end))
        return None

    def _hits(self, sentence: str, context: tuple[str, ...]) -> list[SearchHit]:
        key = (sentence, context)
        if key not in self._found:
            where = restricted(SearchFilter(), context) if context else SearchFilter()
            self._found = {key: self.evidence.search(sentence[:300], where)}
        return self._found[key]


def _aligned(hit: SearchHit, phrase: str, sentence: str, years: set[str]) -> list[Aligned]:
    passage = hit.passage
    around = " ".join(passage.heading_path[-2:])
    wanted, whole = pairs(phrase), pairs(sentence)
    result = []
    for start, end in sentences(passage.text):
        text = search_copy(passage.text[start:end])
        own = pairs(f"{around} {text}")
        score = 0.6 * _share(wanted, own) + 0.4 * _share(whole, own)
        # 2025年 and 2035年 targets are worded alike: the year decides which one is meant.
        theirs = _years(text) or _years(around)
        if years and theirs:
            score += 0.1 if years & theirs else -0.15
        parts = [text[a:b] for a, b in phrases(text)]
        nearest = max(parts, key=lambda part: _share(wanted, pairs(part)), default=text)
        result.append(Aligned(hit, start, end, nearest, score, tuple(figures(text))))
    return result


def _share(wanted: set[str], held: set[str]) -> float:
    return len(wanted & held) / len(wanted) if wanted else 0.0


def _years(text: str) -> set[str]:
    return set(_YEAR.findall(text))


def _matter(text: str, names: Iterable[str]) -> str:
    """What a phrase speaks of: without its figures, without who is said to say it."""
    for figure in figures(text):
        text = text.replace(figure.text, " ", 1)
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, " ")
    return _REPORTING.sub(" ", text)
