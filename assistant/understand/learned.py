"""Which kind of answer a question asks for, and what the answer must hold, as learned.

A small network over what the built-in encoder makes of the question in its middle layers, alone
and behind the turn before it, and over its characters. Training: assistant/training/kinds.py;
figures: data/KINDS_CARD.md.
"""

import hashlib
import json
import unicodedata
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from assistant.understand.kinds import Kind
from vectorstore.errors import PolicyError
from vectorstore.language.names import TITLE

WEIGHTS = Path(__file__).parent / "data" / "kinds.npz"
LAYERS = (6, 9)  # of the encoder's twelve
GRAMS = 2048  # places that runs of one to three characters are hashed to
GRAM_WEIGHT = 20.0  # beside some 1500 numbers of deviation one
LONGEST = 120  # characters; what is asked stands at the end of a long message
LONGEST_BEFORE = 60
REMEMBERED = 512  # questions

Vector = np.ndarray[tuple[int], np.dtype[np.float32]]
# Texts and the encoder's layers → texts × layers × dimension (SentenceEmbedder.layer_means).
LayerMeans = Callable[[Sequence[str], Sequence[int]], np.ndarray[Any, np.dtype[np.float32]]]
_LABELS = {"validity": Kind.TEMPORAL}  # as the labelled questions name it


@dataclass(frozen=True, slots=True)
class Sense:
    """What a question asks for. `kind` is None where the network is not sure; `demands` are
    what the answer must hold (money, organ, deadline …), the surest first."""

    kind: Kind | None
    confidence: float
    demands: tuple[str, ...] = ()


UNSURE = Sense(None, 0.0)
Classifier = Callable[[str, str], Sense]  # a turn, and the turn before it or ''


def asked_of(turn: str) -> str:
    """What the network sees of a turn: its end, without the names of documents."""
    text = unicodedata.normalize("NFKC", turn[-4 * LONGEST :]).strip()
    return TITLE.remove_from(text, by="《》")[-LONGEST:]


def texts_of(turn: str, before: str) -> tuple[str, str]:
    """The turn alone, and behind the one before it: a bare 那宿州呢 asks what was asked there."""
    alone = asked_of(turn)
    previous = asked_of(before)[-LONGEST_BEFORE:]
    return alone, f"{previous} {alone}" if previous else alone


def features(turn: str, before: str, means: LayerMeans) -> Vector:
    """Two layers of the turn, two of the turn behind the one before it, and its characters."""
    alone, behind = texts_of(turn, before)
    seen = means(tuple(dict.fromkeys((alone, behind))), LAYERS)
    return np.concatenate([seen[0].ravel(), seen[-1].ravel(), GRAM_WEIGHT * _hashed(alone)])


def _hashed(text: str) -> Vector:
    found = np.zeros(GRAMS, np.float32)
    for gram in _grams(text):
        found[zlib.crc32(gram.encode()) % GRAMS] = 1
    return found / max(1.0, float(np.linalg.norm(found)))


def _grams(text: str) -> Iterator[str]:
    """Runs of one to three characters, with the ends marked; every digit is a 0."""
    plain = "".join("0" if c.isdigit() else c for c in text.casefold() if not c.isspace())
    marked = f"^{plain}$"
    for size in (1, 2, 3):
        yield from (marked[i : i + size] for i in range(len(marked) - size + 1))


@dataclass(frozen=True)
class KindNetwork:
    """One hidden layer, then a softmax over kinds and a sigmoid for each demand."""

    mean: Vector
    deviation: Vector
    hidden: np.ndarray[Any, np.dtype[np.float32]]  # features × units
    hidden_bias: Vector
    out: np.ndarray[Any, np.dtype[np.float32]]  # units × (kinds, then demands)
    out_bias: Vector
    kinds: tuple[str, ...]
    demands: tuple[str, ...]
    temperature: float
    sure: float  # the probability from which a kind is taken
    demanded: float  # and a demand

    @classmethod
    def load(cls, file: Path = WEIGHTS) -> "KindNetwork":
        """Raises PolicyError where the file is not the one whose checksum lies beside it."""
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        if file.with_suffix(".sha256").read_text().split()[0] != digest:
            raise PolicyError(f"{file} 与校验值不符：请重新取得这个文件")
        with np.load(file, allow_pickle=False) as stored:
            card = json.loads(str(stored["card"]))
            found: dict[str, Any] = {
                name: stored[name].astype(np.float32) for name in stored.files if name != "card"
            }
        found |= {k: tuple(v) if isinstance(v, list) else v for k, v in card.items()}
        return cls(**found)

    def probabilities(self, seen: np.ndarray[Any, Any]) -> tuple[Any, Any]:
        """(of kinds, of demands) for one vector of features or for rows of them."""
        scaled = (seen - self.mean) / self.deviation
        units = _gelu(scaled @ self.hidden + self.hidden_bias)
        raw = units @ self.out + self.out_bias
        kinds = raw[..., : len(self.kinds)] / self.temperature
        odds = np.exp(kinds - kinds.max(-1, keepdims=True))
        demands = 1 / (1 + np.exp(-raw[..., len(self.kinds) :]))
        return odds / odds.sum(-1, keepdims=True), demands

    def sense(self, seen: Vector) -> Sense:
        kinds, demands = self.probabilities(seen)
        best = int(kinds.argmax())
        label = self.kinds[best]
        kind = _LABELS.get(label) or Kind(label)
        asked = [int(i) for i in np.argsort(-demands) if demands[i] >= self.demanded]
        return Sense(
            kind if kinds[best] >= self.sure else None,
            float(kinds[best]),
            tuple(self.demands[i] for i in asked),
        )


def _gelu(x: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    inner = np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)
    return np.asarray(0.5 * x * (1 + np.tanh(inner)))


def build_classifier(means: LayerMeans, file: Path = WEIGHTS) -> Classifier | None:
    """The classifier that ships with the project, None where its file is missing."""
    if not file.exists():
        return None
    network = KindNetwork.load(file)

    @lru_cache(maxsize=REMEMBERED)
    def sense(turn: str, before: str) -> Sense:
        return network.sense(features(turn, before, means))

    return sense
