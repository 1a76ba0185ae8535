"""Reading: from passages that were found to the places in them that answer.

One seam for everything that looks at passages more closely than search can: the reader that
ships with the project, and the word-by-word reading that serves without it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from vectorstore.lexical import query_tokens, tokens
from vectorstore.models import SearchHit
from vectorstore.text import clauses, fold


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

    `share` is the part of the time budget of one answer that this reading may take.
    """

    name: str

    def read(
        self, question: str, hits: Sequence[SearchHit], share: float = 1.0
    ) -> list[Reading]: ...


class Weigher(Protocol):
    """Gives tokens their weights (PolicyIndex.token_weights)."""

    def __call__(self, words: Sequence[str]) -> dict[str, float]: ...


_HAS_NUMBER = re.compile(
    r"[\d一二三四五六七八九十百千万两]\s*+(?:%|[个名人家项次元亩台所座处倍]|万|亿|以上|以内)"
)
_HAS_SPAN_OF_TIME = re.compile(
    r"[\d一二三四五六七八九十百两]\s*+(?:个月|个?工作日|小时|[年月日天])"
)
_HAS_DATE = re.compile(r"\d{4}年|\d{1,2}月|年底|期末|日内|之前|以前")
_EXPECTED: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    (
        re.compile(
            r"多少(?!年|个?月|[日天])|几[个名人家项次](?!月)|比例|百分|数量|人数|目标值|量化"
        ),
        _HAS_NUMBER,
    ),
    (re.compile(r"(?:多少|几)(?:个?[年月]|[日天])"), _HAS_SPAN_OF_TIME),
    (re.compile(r"什么时候|何时|哪[一]?[年天月]|期限|时限|多久|多长时间"), _HAS_DATE),
    (
        re.compile(r"谁|牵头|负责|责任|哪个部门|哪些部门|哪家|单位"),
        re.compile(r"牵头|负责|责任(?:单位|部门)|分工|配合"),
    ),
    (
        re.compile(r"什么是|是指|指的是|指什么|指哪|定义|含义|意思"),
        re.compile(r"是指|指的?是|[”」](?:[（(])|即|所称"),
    ),
)


_NUMBERED = (
    re.compile(r"文号|字号"),
    re.compile(r"〔\d{4}〕|[\u4e00-\u9fff][(（\[]?20\d\d[)）\]]?第?\d+号"),
)
_SEVERAL = (
    re.compile(r"哪些|哪几|有哪|哪[两三四五六七八九十]|包括什么"),
    re.compile(r"、[^、，。；]{1,14}(?:、|和|与|及|等)|[一二]是|[（(]?[1一][)）.、]"),
)
YEAR = re.compile(r"(?:19|20)\d\d(?=\s*年)")
_WHAT_KIND = re.compile(
    r"(?:什么样|怎样|哪种|何种)的?(?P<thing>[\u4e00-\u9fff]{2})(?=[？?，,。]|$)"
)


def expected_in(question: str) -> list[re.Pattern[str]]:
    """What an answer to a question should hold: a number, a date, an organ, a gloss, several
    things, the year that is asked about."""
    signs = [sign for asks, sign in (*_EXPECTED, _SEVERAL, _NUMBERED) if asks.search(question)]
    return signs + [re.compile(year) for year in dict.fromkeys(YEAR.findall(question))]


def asked_thing(question: str) -> str:
    """What an answer has to name: 建立什么样的机制 → 机制; '' when the question does not say."""
    match = _WHAT_KIND.search(question)
    return match["thing"] if match else ""


class LexicalReader:
    """Reads by words: how much of what is asked stands in a passage and in each clause of it,
    and whether a clause holds what the question expects (a number, a date, an organ)."""

    name = "lexical"

    def __init__(self, weigh: Weigher):
        self._weigh = weigh

    def read(self, question: str, hits: Sequence[SearchHit], share: float = 1.0) -> list[Reading]:
        asked = query_tokens(question)
        weights = self._weigh(asked)
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
            if re.fullmatch(r"[（(]?[\d一二三四五六七八九十]+[、.）)].{0,30}", clause):
                score -= 0.25  # a heading announces, it does not answer
            spans.append(AnswerSpan(start, end, score))
        spans.sort(key=lambda span: (-span.score, span.start))
        best = spans[0].score if spans else 0.0
        score = hit.score + 0.3 * coverage + 0.15 * best
        return Reading(hit, coverage, score, tuple(spans[:5]))


def covered(weights: Mapping[str, float], present: set[str]) -> float:
    """The share of the question's weight that stands in a text, in [0, 1]."""
    total = sum(weights.values())
    return sum(w for token, w in weights.items() if token in present) / total if total else 0.0


def contains(text: str, needle: str) -> bool:
    """Whether `needle` stands in `text`, whatever width, marks and white space."""
    return fold(needle) in fold(text)
