"""The neural reader in use: reranks passages and finds the answer's span in them."""

import hashlib
import json
import math
import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.find.neural.encoding import PAD, Pair, encode_pairs, header
from assistant.find.reading import AnswerSpan, Reading, Weigher, asked_words, covered
from assistant.understand.expected import asked_thing, expected_in
from vectorstore.embedding.embedder import LENGTH_STEP, SentenceEmbedder, load_tokenizer
from vectorstore.errors import PolicyError
from vectorstore.keywords.tokens import tokens
from vectorstore.language.sentences import sentences
from vectorstore.models import SearchHit

if TYPE_CHECKING:
    from assistant.find.neural.model import ReaderModel

WEIGHTS_FOLDER = Path(__file__).parent / "weights"
MAX_ANSWER_TOKENS = 240
# Weights of the search score, of the best span's logits and of the question's words in the best
# sentence, beside the relevance logit, in the final ranking; chosen on ncp and held-out written
# questions.
SEARCH_WEIGHT = 24.0
SPAN_WEIGHT = 0.8
SENTENCE_WEIGHT = 4.0
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
# Pairs at a time: as quick as eight on two cores, and oneDNN keeps fewer shapes (85 MB less).
BATCH = 2


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
    def card(self) -> dict[str, float]:
        """Calibration that was stored with the weights."""
        values = json.loads((self._folder / "calibration.json").read_text())
        return {name: float(value) for name, value in values.items()}

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
                (header(h.document.metadata.title, h.passage.heading_path), h.passage.text)
                for h in near
            ],
        )
        count = self._count([h.score for h in near], [len(p.ids) for p in pairs], share)
        outputs = self._forward(pairs[:count])
        weights = self._weigh(asked_words(question))
        expected = expected_in(question)
        readings = [
            self._reading(hit, pair, output, weights, expected, asked_thing(question))
            for hit, pair, output in zip(near, pairs, outputs, strict=False)
        ]
        readings.sort(key=lambda r: (-r.score, r.hit.passage.id))
        last = readings[-1].score
        return readings + [Reading(hit, 0.0, last - i, ()) for i, hit in enumerate(hits[count:], 1)]

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

    def judge(self, question: str, hit: SearchHit) -> tuple[float, float]:
        """What relevance is made of: the logit, the share of words held."""
        title, path = hit.document.metadata.title, hit.passage.heading_path
        pairs = encode_pairs(
            load_tokenizer(self._embedder.folder),
            question,
            [(header(title, path), hit.passage.text)],
        )
        _, _, logit = self._forward(pairs)[0]
        return _clipped(logit), _words_held(hit, self._weigh(asked_words(question)))

    def _reading(
        self,
        hit: SearchHit,
        pair: Pair,
        output: tuple[list[float], list[float], float],
        weights: Mapping[str, float],
        expected: Sequence[re.Pattern[str]],
        thing: str,
    ) -> Reading:
        start, end, logit = output
        text = hit.passage.text
        spans = best_spans(start, end, pair)
        whole = [AnswerSpan(a, b, span_score(start, end, pair, a, b)) for a, b in sentences(text)]
        held = {
            span: covered(weights, set(tokens(text[span.start : span.end])))
            for span in (*spans, *whole)
        }
        score = (
            SEARCH_WEIGHT * hit.score
            + logit
            + SPAN_WEIGHT * (spans[0].score if spans else 0.0)
            + SENTENCE_WEIGHT * max((held[sentence] for sentence in whole), default=0.0)
        )

        def fit(span: AnswerSpan) -> tuple[bool, float]:
            said = text[span.start : span.end]
            signs = sum(bool(sign.search(said)) for sign in expected)
            return thing in said, span.score + WORDS_WEIGHT * held[span] + SIGN_WEIGHT * signs

        ranked = tuple(sorted(held, key=fit, reverse=True)[:_SPANS])
        return Reading(hit, self._relevance(hit, logit, weights), score, ranked)

    def _relevance(self, hit: SearchHit, logit: float, weights: Mapping[str, float]) -> float:
        """Whether the passage answers, in [0, 1]: the reader's own estimate and the share of the
        question's words that stand in the passage, in one logistic."""
        card = self.card
        total = (
            card["bias"]
            + card["logit"] * _clipped(logit)
            + card["coverage"] * _words_held(hit, weights)
        )
        return 1 / (1 + math.exp(-total))

    def _forward(self, pairs: Sequence[Pair]) -> list[tuple[list[float], list[float], float]]:
        """Start logits, end logits and relevance of each pair, in batches of like length."""
        import torch

        order = sorted(range(len(pairs)), key=lambda i: len(pairs[i].ids))
        results: dict[int, tuple[list[float], list[float], float]] = {}
        for at in range(0, len(order), BATCH):
            chosen = order[at : at + BATCH]
            longest = max(len(pairs[i].ids) for i in chosen)
            length = -(-longest // LENGTH_STEP) * LENGTH_STEP
            ids = torch.full((len(chosen), length), PAD, dtype=torch.long)
            for row, i in enumerate(chosen):
                ids[row, : len(pairs[i].ids)] = torch.tensor(pairs[i].ids)
            with torch.inference_mode():
                start, end, relevance = self.model(ids, (ids != PAD).long())
            for row, i in enumerate(chosen):
                size = len(pairs[i].ids)
                results[i] = (
                    start[row, :size].float().tolist(),
                    end[row, :size].float().tolist(),
                    float(relevance[row]),
                )
        return [results[i] for i in range(len(pairs))]


def _clipped(logit: float) -> float:
    return max(-9.2, min(9.2, logit))


def _words_held(hit: SearchHit, weights: Mapping[str, float]) -> float:
    path = " ".join(hit.passage.heading_path)
    return covered(weights, set(tokens(f"{hit.document.metadata.title} {path} {hit.passage.text}")))


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
    inside = [i for i, span in enumerate(pair.spans) if span and span[0] < b and span[1] > a]
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
