"""What a question asks for, whether it leans on the turn before it, and which of its words name
the matter, as learned.

Two small networks over what the built-in encoder makes of the question in its middle layers: one
over the whole of it (alone, and behind the turn before it) and its characters, one over each of
its tokens. Training: assistant/training/kinds.py; figures: data/KINDS_CARD.md.
"""

import hashlib
import json
import unicodedata
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from assistant.understand.kinds import Kind
from vectorstore.errors import PolicyError
from vectorstore.language.names import TITLE
from vectorstore.language.words import word_spans

WEIGHTS = Path(__file__).parent / "data" / "kinds.npz"
LAYERS = (6, 9)  # of the encoder's twelve
GRAMS = 2048  # places that runs of one to three characters are hashed to
GRAM_WEIGHT = 20.0  # beside some 1500 numbers of deviation one
LONGEST = 120  # characters; what is asked stands at the end of a long message
LONGEST_BEFORE = 60
REMEMBERED = 512  # questions
IN_MATTER = 0.5  # probability of a token

Vector = np.ndarray[tuple[int], np.dtype[np.float32]]
Array = np.ndarray[Any, np.dtype[np.float32]]
# Texts and the encoder's layers → what these make of each token (SentenceEmbedder.layer_states).
LayerStates = Callable[[Sequence[str], Sequence[int]], Sequence["TokenStates"]]
_EDGES = " ，,。？?！!、：:；;“”\"'"
_LABELS = {"validity": Kind.TEMPORAL}  # as the labelled questions name it


class TokenStates(Protocol):
    """A text's tokens as layers see them: tokens × layers × dimension, and the characters that
    each token covers (vectorstore/embedding)."""

    @property
    def layers(self) -> np.ndarray[tuple[int, int, int], np.dtype[np.float32]]: ...

    @property
    def spans(self) -> tuple[tuple[int, int], ...]: ...


@dataclass(frozen=True, slots=True)
class Sense:
    """What a turn asks for. `kind` is None where the network is not sure; `demands` say
    by name how many times the level from which it is taken each reaches, `follows` is how likely it takes something from the turn before, and
    `matter` the stretches of it that name what is asked about."""

    kind: Kind | None
    confidence: float
    demands: Mapping[str, float] = field(default_factory=dict)
    follows: float = 0.0
    matter: tuple[str, ...] = ()


NOTHING = Sense(None, 0.0)


Alike = Callable[[str, Sequence[str]], str]


class QuestionModel(Protocol):
    """Reads a turn, and the turn before it or ''; says which of some words is most like one."""

    def __call__(self, turn: str, before: str) -> Sense: ...

    def nearest(self, word: str, words: Sequence[str]) -> str: ...


def asked_of(turn: str) -> str:
    """What the networks see of a turn: its end, without the names of documents."""
    text = unicodedata.normalize("NFKC", turn[-4 * LONGEST :]).strip()
    return TITLE.remove_from(text, by="《》")[-LONGEST:]


def texts_of(turn: str, before: str) -> tuple[str, str]:
    """The turn alone, and behind the one before it: a bare 那宿州呢 asks what was asked there."""
    alone = asked_of(turn)
    previous = asked_of(before)[-LONGEST_BEFORE:]
    return alone, f"{previous} {alone}" if previous else alone


def features(alone: str, one: TokenStates, behind: TokenStates) -> Vector:
    """Two layers of the turn, two of the turn behind the one before it, and its characters."""
    means = [states.layers.mean(axis=0).ravel() for states in (one, behind)]
    return np.concatenate([*means, GRAM_WEIGHT * hashed(alone)]).astype(np.float32)


def hashed(text: str) -> Vector:
    """GRAMS numbers of length one: which runs of characters a text holds."""
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
class Layers:
    """One hidden layer over scaled features: features × units, then units × outputs."""

    mean: Array
    deviation: Array
    hidden: Array
    hidden_bias: Array
    out: Array
    out_bias: Array

    def __call__(self, seen: Array) -> Array:
        """Raw outputs for one vector of features or for rows of them."""
        scaled = (seen - self.mean) / self.deviation
        units = gelu(scaled @ self.hidden + self.hidden_bias)
        return np.asarray(units @ self.out + self.out_bias, dtype=np.float32)


@dataclass(frozen=True)
class KindNetwork:
    """`whole` ends in kinds, then demands, then whether the turn follows another; `tokens` in
    whether a token belongs to the matter. `sure` is the probability from which a kind is taken,
    `levels` those of the demands."""

    whole: Layers
    tokens: Layers
    kinds: tuple[str, ...]
    demands: tuple[str, ...]
    levels: tuple[float, ...]
    temperature: float
    sure: float

    @classmethod
    def load(cls, file: Path = WEIGHTS) -> "KindNetwork":
        """Raises PolicyError where the file is not the one whose checksum lies beside it."""
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        if file.with_suffix(".sha256").read_text().split()[0] != digest:
            raise PolicyError(f"{file} 与校验值不符：请重新取得这个文件")
        with np.load(file, allow_pickle=False) as stored:
            card = json.loads(str(stored["card"]))
            parts: dict[str, dict[str, Array]] = {"whole": {}, "tokens": {}}
            for name in stored.files:
                part, _, array = name.partition(".")
                if array:
                    parts[part][array] = stored[name].astype(np.float32)
        lists: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in card.items()}
        return cls(Layers(**parts["whole"]), Layers(**parts["tokens"]), **lists)

    def probabilities(self, seen: Array) -> tuple[Any, Any, Any]:
        """(of kinds, of demands, of following) for one vector of features or for rows."""
        raw = self.whole(seen)
        kinds = raw[..., : len(self.kinds)] / self.temperature
        odds = np.exp(kinds - kinds.max(-1, keepdims=True))
        others = sigmoid(raw[..., len(self.kinds) :])
        return odds / odds.sum(-1, keepdims=True), others[..., :-1], others[..., -1]

    def sense(self, seen: Vector) -> Sense:
        kinds, demands, follows = self.probabilities(seen)
        best = int(kinds.argmax())
        kind = _LABELS.get(self.kinds[best]) or Kind(self.kinds[best])
        return Sense(
            kind if kinds[best] >= self.sure else None,
            float(kinds[best]),
            dict(zip(self.demands, map(float, demands / np.array(self.levels)), strict=True)),
            float(follows),
        )

    def matter(self, text: str, states: TokenStates) -> tuple[str, ...]:
        """The stretches of a text whose tokens belong to the matter."""
        inside = sigmoid(self.tokens(token_features(states))[:, 0]) >= IN_MATTER
        held = np.zeros(len(text), bool)
        for is_in, (start, end) in zip(inside, states.spans, strict=True):
            held[start:end] |= bool(is_in)
        for start, end in dict.fromkeys(word_spans(text)):  # tokens may end inside a word
            held[start:end] = held[start:end].mean() >= IN_MATTER
        return tuple(_stretches(text, held))


def token_features(states: TokenStates) -> Array:
    """Tokens × (layers · dimension)."""
    return states.layers.reshape(len(states.layers), -1)


def _stretches(text: str, held: np.ndarray[Any, np.dtype[np.bool_]]) -> Iterator[str]:
    for is_in, run in groupby(range(len(text)), key=lambda at: bool(held[at])):
        places = list(run)
        if is_in and (words := text[places[0] : places[-1] + 1].strip(_EDGES)):
            yield words


def sigmoid(x: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-np.clip(x, -60, 60))), dtype=np.float32)


def gelu(x: np.ndarray[Any, Any]) -> Array:
    inner = np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)
    return np.asarray(0.5 * x * (1 + np.tanh(inner)), dtype=np.float32)


class LearnedModel:
    """The networks with the encoder under them. Turns that were read lately are remembered."""

    def __init__(self, network: KindNetwork, states: LayerStates):
        self._network = network
        self._states = states
        self._sense = lru_cache(maxsize=REMEMBERED)(self._read)

    def __call__(self, turn: str, before: str) -> Sense:
        return self._sense(turn, before)

    def nearest(self, word: str, words: Sequence[str]) -> str:
        """By the cosine of their means after the lower of the two layers."""
        seen = self._states((word, *words), LAYERS[:1])
        means = np.array([states.layers.mean(axis=0).ravel() for states in seen])
        means /= np.linalg.norm(means, axis=1, keepdims=True)
        return words[int((means[1:] @ means[0]).argmax())]

    def _read(self, turn: str, before: str) -> Sense:
        alone, behind = texts_of(turn, before)
        texts = tuple(dict.fromkeys((alone, behind)))
        seen = self._states(texts, LAYERS)
        found = self._network.sense(features(alone, seen[0], seen[-1]))
        return replace(found, matter=self._network.matter(alone, seen[0]))


def build_classifier(states: LayerStates, file: Path = WEIGHTS) -> QuestionModel | None:
    """The model that ships with the project, None where its file is missing."""
    return LearnedModel(KindNetwork.load(file), states) if file.exists() else None
