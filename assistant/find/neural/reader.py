"""The neural reader in use: reranks passages and finds the answer's span in them."""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.find.neural.encoding import PAD, Pair, encode_pairs, header
from assistant.find.reading import AnswerSpan, Reading, Weigher, asked_words, covered
from assistant.understand.expected import asked_thing, expected_in
from vectorstore.embedding.embedder import LENGTH_STEP, SentenceEmbedder, load_tokenizer
from vectorstore.errors import PolicyError
from vectorstore.keywords.tokens import tokens
from vectorstore.language.numbering import enumerator, unnumbered
from vectorstore.language.sentences import sentences
from vectorstore.models import SearchHit

if TYPE_CHECKING:
    from assistant.find.neural.model import ReaderModel

WEIGHTS_FOLDER = Path(__file__).parent / "weights"
MAX_ANSWER_TOKENS = 240
# Weights of the question's words and of an expected number, date or organ in a span, beside its
# logits: a sentence that holds them may stand before a span that does not.
WORDS_WEIGHT = 1.0
SIGN_WEIGHT = 1.0
# A passage whose search score is so far below the best one's is not read: the reader moved no
# such passage to the front (ncp: the same figures as with 20 passages, at under half the cost).
NEAR = 0.35
FEWEST = 5  # passages, however far off and however long
USUAL_LENGTH = 216  # tokens of a question with a passage, the mean over ncp
_SPANS = 3
_ITEM_NAME = 30  # characters of an item's name, with its number
_A_NAME = 4  # characters, without it
MOST_LEAD = 20.0  # a lead beyond it says no more
# Pairs at a time: as quick as eight on two cores, and oneDNN keeps fewer shapes (85 MB less).
BATCH = 2


@dataclass(frozen=True, slots=True)
class Said:
    """What the model says of one pair: a logit for each token as the answer's start and as its
    end, and one for the whole passage."""

    start: list[float]
    end: list[float]
    relevance: float


@dataclass(frozen=True, slots=True)
class Card:
    """How what is known of a passage is weighed, fitted by `python -m tests.evals.calibrate`:
    `ranking` orders the readings of a question; `relevance` and `bias` say in a logistic whether
    a passage answers. Both go by `Features`."""

    ranking: dict[str, float]
    relevance: dict[str, float]
    bias: float
    threshold: float


@dataclass(frozen=True, slots=True)
class Features:
    """What is known of a passage as read for a question."""

    search: float  # its score in the search
    logit: float  # the model's, for the whole passage
    words: float  # the share of the question's words in it and its headings
    span: float  # the logits of its best span
    sentence: float  # the share of the question's words in the sentence that holds most
    lead: float = 0.0  # by how much it leads all others in the ranking

    def weighed(self, weights: Mapping[str, float]) -> float:
        return sum(weight * float(getattr(self, name)) for name, weight in weights.items())


class NeuralReader:
    """Reads up to as many passages as fit into a budget of tokens.

    How much is read follows from the settings, the question and the passages alone, never from
    the clock: a busy machine answers later, not otherwise.
    """

    name = "reader"

    def __init__(
        self,
        embedder: SentenceEmbedder,
        folder: Path,
        weigh: Weigher,
        *,
        budget: int,
        limit: int,
    ):
        self._weigh = weigh
        self._embedder = embedder
        self._folder = folder
        self._budget = budget
        self._limit = limit

    @staticmethod
    def is_shipped(folder: Path = WEIGHTS_FOLDER) -> bool:
        return (folder / "reader.safetensors").exists()

    @cached_property
    def card(self) -> Card:
        """Calibration that was stored with the weights."""
        return Card(**json.loads((self._folder / "calibration.json").read_text()))

    @cached_property
    def model(self) -> "ReaderModel":
        from assistant.find.neural.model import ReaderModel

        _verify(self._folder)
        model = ReaderModel.beside(self._embedder.encoder)
        model.load(self._folder)
        model.eval()
        return model

    @property
    def passages(self) -> int:
        """How many passages of usual length are read at most."""
        return max(FEWEST, min(self._limit, self._budget // USUAL_LENGTH))

    def read(self, question: str, hits: Sequence[SearchHit], share: float = 1.0) -> list[Reading]:
        """Readings of the first passages, the best first; the rest keep their places."""
        if not hits:
            return []
        near = hits[: self._limit]
        pairs = encode_pairs(
            load_tokenizer(self._embedder.folder),
            question,
            [
                (header(h.document.metadata.title, h.passage.heading_path), _read_as(h))
                for h in near
            ],
        )
        count = self._count([h.score for h in near], [len(p.ids) for p in pairs], share)
        outputs = self._forward(pairs[:count])
        weights = self._weigh(asked_words(question))
        passages = [
            _Passage(hit, pair, said, weights)
            for hit, pair, said in zip(near, pairs, outputs, strict=False)
        ]
        scores = [passage.features.weighed(self.card.ranking) for passage in passages]
        readings = [
            Reading(
                passage.hit,
                self._relevance(replace(passage.features, lead=lead)),
                score,
                passage.ranked(question),
            )
            for passage, score, lead in zip(passages, scores, leads(scores), strict=True)
        ]
        readings.sort(key=lambda r: (-r.score, r.hit.passage.id))
        last = readings[-1].score
        return _in_order(readings) + [
            Reading(hit, 0.0, last - i, ()) for i, hit in enumerate(hits[count:], 1)
        ]

    def _relevance(self, known: Features) -> float:
        """Whether a passage answers, in [0, 1]."""
        return 1 / (1 + math.exp(-self.card.bias - known.weighed(self.card.relevance)))

    def _count(self, scores: Sequence[float], lengths: Sequence[int], share: float) -> int:
        """How many of the first passages are read: those near the best by search, as long as
        their tokens fit into the share of the budget."""
        fewest = max(3, round(FEWEST * min(1.0, share)))
        room = self._budget * share
        for i, (score, length) in enumerate(zip(scores, lengths, strict=True)):
            room -= length
            if i >= fewest and (room < 0 or scores[0] - score > NEAR):
                return i
        return len(scores)

    def features(self, question: str, hit: SearchHit) -> Features:
        """What relevance and ranking of one passage are made of, but for its lead."""
        title, path = hit.document.metadata.title, hit.passage.heading_path
        (pair,) = encode_pairs(
            load_tokenizer(self._embedder.folder),
            question,
            [(header(title, path), _read_as(hit))],
        )
        (said,) = self._forward([pair])
        return _Passage(hit, pair, said, self._weigh(asked_words(question))).features

    def _forward(self, pairs: Sequence[Pair]) -> list[Said]:
        """What the model says of each pair, in batches of like length."""
        import torch

        order = sorted(range(len(pairs)), key=lambda i: len(pairs[i].ids))
        results: dict[int, Said] = {}
        for at in range(0, len(order), BATCH):
            chosen = order[at : at + BATCH]
            longest = max(len(pairs[i].ids) for i in chosen)
            length = -(-longest // LENGTH_STEP) * LENGTH_STEP
            ids = torch.full((len(chosen), length), PAD, dtype=torch.long)
            for row, i in enumerate(chosen):
                ids[row, : len(pairs[i].ids)] = torch.tensor(pairs[i].ids)
            with torch.inference_mode():
                start, end, _, relevance = self.model(ids, (ids != PAD).long())
            for row, i in enumerate(chosen):
                size = len(pairs[i].ids)
                results[i] = Said(
                    start[row, :size].float().tolist(),
                    end[row, :size].float().tolist(),
                    float(relevance[row]),
                )
        return [results[i] for i in range(len(pairs))]


def _read_as(hit: SearchHit) -> str:
    """The text that is read: of a row of a table each cell behind the name of its column."""
    return hit.passage.context if hit.passage.cells else hit.passage.text


class _Passage:
    """A passage with what the model says of it and the weights of the question's words."""

    def __init__(self, hit: SearchHit, pair: Pair, said: Said, weights: Mapping[str, float]):
        self.hit = hit
        self._said = said
        self._weights = weights
        self._text = text = _read_as(hit)
        self._spans = best_spans(said.start, said.end, pair)
        self._sentences = [
            AnswerSpan(a, b, span_score(said.start, said.end, pair, a, b))
            for a, b in sentences(text)
        ]
        self._held = {  # the share of the question's words
            span: covered(weights, set(tokens(text[span.start : span.end])))
            for span in (*self._spans, *self._sentences)
        }

    @cached_property
    def features(self) -> Features:
        hit = self.hit
        frame = f"{hit.document.metadata.title} {' '.join(hit.passage.heading_path)}"
        return Features(
            search=hit.score,
            logit=max(-9.2, min(9.2, self._said.relevance)),
            words=covered(self._weights, set(tokens(f"{frame} {self._text}"))),
            span=self._spans[0].score if self._spans else 0.0,
            sentence=max((self._held[s] for s in self._sentences), default=0.0),
        )

    def ranked(self, question: str) -> tuple[AnswerSpan, ...]:
        """The best of spans and whole sentences; in front those that hold the thing that is asked
        for, and those of the item that the question names."""
        expected, thing = expected_in(question), asked_thing(question)

        def fit(span: AnswerSpan) -> tuple[bool, bool, float]:
            said = self._text[span.start : span.end]
            signs = sum(bool(sign.search(said)) for sign in expected)
            score = span.score + WORDS_WEIGHT * self._held[span] + SIGN_WEIGHT * signs
            return thing in said, self._is_of_item(span, question), score

        best = sorted(self._held, key=fit, reverse=True)[:_SPANS]
        if self.hit.passage.cells and best:  # one cell says nothing without its row
            return (AnswerSpan(0, len(self.hit.passage.text), best[0].score),)
        return tuple(best)

    def _is_of_item(self, span: AnswerSpan, question: str) -> bool:
        """Whether a span belongs to an item whose name the question holds: 2.深入实施阶段。
        2017—2020年，…"""
        text = self._text
        begins = text.rfind("\n", 0, span.start) + 1
        name = text[begins : text.find("。", begins, begins + _ITEM_NAME) + 1]
        number = enumerator(name)
        thing = unnumbered(name).rstrip("。")
        return number is not None and len(thing) >= _A_NAME and thing in question


def _in_order(readings: Sequence[Reading]) -> list[Reading]:
    """Readings, the best first, none of which is less relevant than one that it leads."""
    found: list[Reading] = []
    for reading in reversed(readings):
        least = found[-1].relevance if found else 0.0
        found.append(replace(reading, relevance=max(reading.relevance, least)))
    return found[::-1]


def leads(scores: Sequence[float]) -> list[float]:
    """By how much the best of some scores leads the next, at most MOST_LEAD; 0 of all others. One
    passage alone leads by MOST_LEAD."""
    ranked = sorted(scores, reverse=True)
    lead = min(MOST_LEAD, ranked[0] - ranked[1]) if len(ranked) > 1 else MOST_LEAD
    best = scores.index(ranked[0])
    return [lead if i == best else 0.0 for i in range(len(scores))]


def best_spans(start: Sequence[float], end: Sequence[float], pair: Pair) -> tuple[AnswerSpan, ...]:
    """The best spans that do not overlap, by the sum of their start and end logits."""
    inside = [i for i, span in enumerate(pair.spans) if span]
    starts = sorted(inside, key=lambda i: -start[i])[:12]
    ends = sorted(inside, key=lambda i: -end[i])[:12]
    ranked = sorted(
        ((start[i] + end[j], i, j) for i in starts for j in ends if i <= j < i + MAX_ANSWER_TOKENS),
        reverse=True,
    )
    chosen: list[AnswerSpan] = []
    for score, i, j in ranked:
        a, b = (pair.spans[i] or (0, 0))[0], (pair.spans[j] or (0, 0))[1]
        if all(b <= span.start or a >= span.end for span in chosen):
            chosen.append(AnswerSpan(a, b, score))
        if len(chosen) == _SPANS:
            break
    return tuple(chosen)


def span_score(start: Sequence[float], end: Sequence[float], pair: Pair, a: int, b: int) -> float:
    """The logits of text[a:b] as an answer, its ends at most two tokens off."""
    inside = pair.inside(a, b)
    if not inside:
        return -math.inf
    return max(start[i] for i in inside[:3]) + max(end[i] for i in inside[-3:])


def _verify(folder: Path) -> None:
    expected = (folder / "reader.sha256").read_text().split()[0]
    actual = hashlib.sha256((folder / "reader.safetensors").read_bytes()).hexdigest()
    if actual != expected:
        raise PolicyError(
            f"阅读模型文件 {folder / 'reader.safetensors'} 与校验值不符；请重新取得项目文件，"
            "或设 POLICY_ANSWER_READER=off"
        )
