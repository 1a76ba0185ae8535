"""Reading: from passages that were found to the places in them that answer.

One seam for everything that looks at passages more closely than search can: the reader that
ships with the project, and the word-by-word reading that serves without it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.understand.expected import expected_in
from assistant.understand.lexicon import added_terms
from vectorstore.keywords.tokens import query_tokens, tokens
from vectorstore.language.names import CHINESE
from vectorstore.language.numbering import enumerator
from vectorstore.language.sentences import clauses
from vectorstore.language.text import fold
from vectorstore.models import SearchHit


@dataclass(frozen=True, slots=True)
class AnswerSpan:
    """A place in a passage's text that may answer; a higher score is better."""

    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class Reading:
    """A passage as read for one question.

    `relevance` estimates in [0, 1] whether the passage answers; `score` orders the readings of
    one question; `spans` are the best places, the best first.
    """

    hit: SearchHit
    relevance: float
    score: float
    spans: tuple[AnswerSpan, ...]


class Reader(Protocol):
    """Reads passages for a question and puts the best first.

    `share` is the part of the budget of one answer that this reading may take.
    """

    name: str

    def read(
        self, question: str, hits: Sequence[SearchHit], share: float = 1.0
    ) -> list[Reading]: ...


class Weigher(Protocol):
    """Gives tokens their weights (Library.token_weights)."""

    def __call__(self, words: Sequence[str]) -> dict[str, float]: ...


def asked_words(question: str) -> list[str]:
    """The tokens that an answer should hold; of a question in English, those of the official
    terms that its words stand for."""
    if CHINESE.search(question):
        return query_tokens(question)
    return query_tokens(" ".join(added_terms(question))) or query_tokens(question)


class LexicalReader:
    """Reads by words: how much of what is asked stands in a passage and in each clause of it,
    and whether a clause holds what the question expects (a number, a date, an organ)."""

    name = "lexical"

    def __init__(self, weigh: Weigher):
        self._weigh = weigh

    def read(self, question: str, hits: Sequence[SearchHit], share: float = 1.0) -> list[Reading]:
        weights = self._weigh(asked_words(question))
        expected = expected_in(question)
        readings = [self._read(hit, weights, expected) for hit in hits]
        return sorted(readings, key=lambda r: (-r.score, r.hit.passage.id))

    def _read(
        self, hit: SearchHit, weights: Mapping[str, float], expected: Sequence[re.Pattern[str]]
    ) -> Reading:
        passage = hit.passage
        frame = f"{hit.document.metadata.title} {' '.join(passage.heading_path)} {passage.context}"
        around = set(tokens(frame))
        text = passage.text
        coverage = covered(weights, around | set(tokens(text)))
        spans = []
        for start, end in clauses(text):
            clause = text[start:end]
            inside = set(tokens(clause))
            score = covered(weights, inside) + 0.35 * covered(weights, around - inside)
            score += 0.15 * sum(bool(sign.search(clause)) for sign in expected)
            score -= 0.1 * (len(clause) < 12) + 0.0004 * len(clause)
            if enumerator(clause) and len(clause) <= 34:
                score -= 0.25  # a heading announces, it does not answer
            spans.append(AnswerSpan(start, end, score))
        spans.sort(key=lambda span: (-span.score, span.start))
        best = spans[0].score if spans else 0.0
        score = hit.score + 0.3 * coverage + 0.15 * best
        return Reading(hit, coverage, score, tuple(spans[:5]))


def covered(weights: Mapping[str, float], present: set[str] | frozenset[str]) -> float:
    """The share of the question's weight that stands in a text, in [0, 1]."""
    total = sum(weights.values())
    return sum(w for token, w in weights.items() if token in present) / total if total else 0.0


def contains(text: str, needle: str) -> bool:
    """Whether `needle` stands in `text`, whatever width, marks and white space."""
    return fold(needle) in fold(text)
