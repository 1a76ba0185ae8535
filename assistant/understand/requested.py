"""Which kind of text a request asks for, and which of its words name the matter, who writes, to
whom, and whose place it is, as learned: 打个报告，想要点钱 asks for a 请示.

Two small networks over what the built-in encoder makes of the request in its middle layers: one
over the whole of it and its characters, one over its tokens and their neighbours.
Training: assistant/training/requests.py; figures: data/REQUESTS_CARD.md.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from assistant.understand.learned import (
    GRAM_WEIGHT,
    LAYERS,
    Array,
    Layers,
    LayerStates,
    TokenStates,
    Vector,
    gelu,
    hashed,
    sigmoid,
    token_features,
)
from vectorstore.errors import PolicyError
from vectorstore.language.words import word_spans

WEIGHTS = Path(__file__).parent / "data" / "requests.npz"
LONGEST = 240  # characters; of a longer request its beginning and its end are read
LABELS = ("matter", "sender", "to", "place")
TAGGED = 0.5  # probability of a word
BESIDE = 0.2  # of the words beside it
PART = 120  # characters of whole sentences that are tagged at a time
_EDGES = " ，,。？?！!、：:；;"

Spans = tuple[tuple[int, int], ...]


def read_of(request: str) -> str:
    """What the network sees of a request."""
    text = unicodedata.normalize("NFKC", " ".join(request.split()))
    half = LONGEST // 2
    return text if len(text) <= LONGEST else f"{text[:half]} {text[-half:]}"


def features(text: str, states: TokenStates) -> Vector:
    """Two layers of a request, and its characters: 2 × dimension + GRAMS numbers."""
    means = states.layers.mean(axis=0).ravel()
    return np.concatenate([means, GRAM_WEIGHT * hashed(text)]).astype(np.float32)


def plain_of(part: str) -> str:
    """What the network over tokens sees: as long as what was written."""
    found = (unicodedata.normalize("NFKC", c) for c in part)
    return "".join(n if len(n) == 1 else c for n, c in zip(found, part, strict=True))


def parts_of(request: str) -> Iterator[tuple[int, str]]:
    """(start, text) of runs of whole sentences, as far as they are short enough."""
    start = end = 0
    for match in re.finditer(r"[^。；！？\n]*+[。；！？\n]?", request):
        if end > start and match.end() - start > PART:
            yield start, request[start:end]
            start = end
        end = match.end()
    if request[start:].strip():
        yield start, request[start:]


@dataclass(frozen=True)
class Tagger:
    """Tokens × features → units; these and their neighbours (`around`: places × units × units) →
    units; both → LABELS."""

    mean: Array
    deviation: Array
    hidden: Array
    hidden_bias: Array
    around: Array
    around_bias: Array
    out: Array
    out_bias: Array

    def __call__(self, seen: Array) -> Array:
        """Probabilities, tokens × LABELS."""
        units = gelu((seen - self.mean) / self.deviation @ self.hidden + self.hidden_bias)
        side = len(self.around) // 2
        wide = np.pad(units, ((side, side), (0, 0)))
        near = sum(wide[i : i + len(units)] @ each for i, each in enumerate(self.around))
        both = np.concatenate([units, gelu(near + self.around_bias)], axis=1)
        return sigmoid(both @ self.out + self.out_bias)

    def spans(self, text: str, states: TokenStates) -> dict[str, Spans]:
        """Where each label stands in a text, in whole words."""
        found = self(token_features(states))
        likely = np.zeros((len(text), len(LABELS)), np.float32)
        for row, (start, end) in zip(found, states.spans, strict=True):
            likely[start:end] = np.maximum(likely[start:end], row)
        for start, end in dict.fromkeys(word_spans(text)):  # tokens may end inside a word
            likely[start:end] = likely[start:end].mean(0)
        return {label: _stretches(text, likely[:, i]) for i, label in enumerate(LABELS)}


def _stretches(text: str, likely: Array) -> Spans:
    """Runs of likely words in which one is taken."""
    found = []
    for is_in, run in groupby(range(len(text)), key=lambda at: bool(likely[at] >= BESIDE)):
        places = list(run)
        words = text[places[0] : places[-1] + 1]
        start = places[0] + len(words) - len(words.lstrip(_EDGES))
        if is_in and likely[places].max() >= TAGGED and (kept := words.strip(_EDGES)):
            found.append((start, start + len(kept)))
    return tuple(found)


@dataclass(frozen=True)
class RequestNetwork:
    """`layers` end in the kinds of text, `tagger` in the labels of its words."""

    layers: Layers
    tagger: Tagger
    kinds: tuple[str, ...]

    @classmethod
    def load(cls, file: Path = WEIGHTS) -> "RequestNetwork":
        """Raises PolicyError where the file is not the one whose checksum lies beside it."""
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        if file.with_suffix(".sha256").read_text().split()[0] != digest:
            raise PolicyError(f"{file} 与校验值不符：请重新取得这个文件")
        with np.load(file, allow_pickle=False) as stored:
            kinds = tuple(json.loads(str(stored["kinds"])))
            parts: dict[str, dict[str, Any]] = {"layers": {}, "tagger": {}}
            for name in stored.files:
                part, _, array = name.partition(".")
                if array:
                    parts[part][array] = stored[name].astype(np.float32)
        return cls(Layers(**parts["layers"]), Tagger(**parts["tagger"]), kinds)

    def likely(self, seen: Array) -> Array:
        """Probabilities of the kinds, for one vector of features or for rows of them."""
        raw = self.layers(seen)
        odds = np.exp(raw - raw.max(-1, keepdims=True))
        return np.asarray(odds / odds.sum(-1, keepdims=True), dtype=np.float32)


class RequestModel:
    """The network with the encoder under it."""

    def __init__(self, network: RequestNetwork, states: LayerStates):
        self._network = network
        self._states = states

    def __call__(self, request: str) -> Mapping[str, float]:
        """How likely each kind of text is what a request asks for."""
        text = read_of(request)
        (states,) = self._states((text,), LAYERS)
        likely = self._network.likely(features(text, states))
        return dict(zip(self._network.kinds, map(float, likely), strict=True))

    def spans(self, request: str) -> Mapping[str, Spans]:
        """Where each of LABELS stands in a request."""
        found: dict[str, Spans] = dict.fromkeys(LABELS, ())
        parts = [(start, plain_of(part)) for start, part in parts_of(request)]
        states = self._states([part for _, part in parts], LAYERS) if parts else ()
        for (at, part), seen in zip(parts, states, strict=True):
            for label, spans in self._network.tagger.spans(part, seen).items():
                found[label] += tuple((at + start, at + end) for start, end in spans)
        return found


def build_request_model(states: LayerStates, file: Path = WEIGHTS) -> RequestModel | None:
    """The model that ships with the project, None where its file is missing."""
    return RequestModel(RequestNetwork.load(file), states) if file.exists() else None
