"""What a request asks to be written, as learned: 打个报告，想要点钱 asks for a 请示; which of its words
name the matter, whom it goes to, who writes.

Two small networks over what the built-in encoder makes of the request in its middle layers: one
over the whole of it and its characters, one over each of its tokens. Training: assistant/training/requests.py; figures: data/REQUESTS_CARD.md.
"""

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from assistant.understand.learned import (
    GRAM_WEIGHT,
    LAYERS,
    Array,
    Layers,
    LayerStates,
    TokenStates,
    Vector,
    hashed,
    stretches,
    token_features,
)
from vectorstore.errors import PolicyError

WEIGHTS = Path(__file__).parent / "data" / "requests.npz"
ROLES = ("matter", "to", "sender")  # as the labelled requests name them
LONGEST = 240  # characters; of a longer request its beginning and its end are read


def read_of(request: str) -> str:
    """What the network sees of a request."""
    text = unicodedata.normalize("NFKC", " ".join(request.split()))
    half = LONGEST // 2
    return text if len(text) <= LONGEST else f"{text[:half]} {text[-half:]}"


def features(text: str, states: TokenStates) -> Vector:
    """Two layers of a request, and its characters: 2 × dimension + GRAMS numbers."""
    means = states.layers.mean(axis=0).ravel()
    return np.concatenate([means, GRAM_WEIGHT * hashed(text)]).astype(np.float32)


@dataclass(frozen=True)
class RequestNetwork:
    """`whole` ends in the kinds of text, `tokens` in whether a token belongs to each of ROLES."""

    whole: Layers
    tokens: Layers
    kinds: tuple[str, ...]

    @classmethod
    def load(cls, file: Path = WEIGHTS) -> "RequestNetwork":
        """Raises PolicyError where the file is not the one whose checksum lies beside it."""
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        if file.with_suffix(".sha256").read_text().split()[0] != digest:
            raise PolicyError(f"{file} 与校验值不符：请重新取得这个文件")
        with np.load(file, allow_pickle=False) as stored:
            kinds = tuple(json.loads(str(stored["kinds"])))
            parts: dict[str, dict[str, Array]] = {"whole": {}, "tokens": {}}
            for name in stored.files:
                part, _, array = name.partition(".")
                if array:
                    parts[part][array] = stored[name].astype(np.float32)
        return cls(Layers(**parts["whole"]), Layers(**parts["tokens"]), kinds)

    def likely(self, seen: Array) -> Array:
        """Probabilities of the kinds, for one vector of features or for rows of them."""
        raw = self.whole(seen)
        odds = np.exp(raw - raw.max(-1, keepdims=True))
        return np.asarray(odds / odds.sum(-1, keepdims=True), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Wish:
    """How likely each kind of text is what a request asks for; the stretches that name the
    matter, whom it goes to (主送), and who writes."""

    kinds: Mapping[str, float] = field(default_factory=dict)
    matter: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    sender: tuple[str, ...] = ()


class RequestModel:
    """The networks with the encoder under them."""

    def __init__(self, network: RequestNetwork, states: LayerStates):
        self._network = network
        self._states = states

    def __call__(self, request: str) -> Wish:
        text = read_of(request)
        (states,) = self._states((text,), LAYERS)
        likely = self._network.likely(features(text, states))
        raw = self._network.tokens(token_features(states))
        roles = {role: stretches(text, states, raw[:, n]) for n, role in enumerate(ROLES)}
        return Wish(dict(zip(self._network.kinds, map(float, likely), strict=True)), **roles)


def build_request_model(states: LayerStates, file: Path = WEIGHTS) -> RequestModel | None:
    """The model that ships with the project, None where its file is missing."""
    return RequestModel(RequestNetwork.load(file), states) if file.exists() else None
