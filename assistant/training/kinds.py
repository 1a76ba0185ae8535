"""Trains the model of questions: python -m assistant.training.kinds [--out FILE].

A few minutes on one core. The labelled questions (data/conversations.jsonl) are split by
conversation: on six tenths it learns, on two the temperature and the threshold are set; what
ships then learns from these eight tenths, and the last two only measure it.
"""

import argparse
import hashlib
import json
import logging
import random
import sys
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from assistant.training.running import seal
from assistant.understand.learned import (
    GRAMS,
    IN_MATTER,
    LAYERS,
    WEIGHTS,
    KindNetwork,
    Layers,
    asked_of,
    features,
    texts_of,
    token_features,
)
from vectorstore.embedding.embedder import SentenceEmbedder, TokenStates, build_embedder
from vectorstore.language.regions import find_regions
from vectorstore.language.text import fold
from vectorstore.settings import IndexSettings, load_settings

log = logging.getLogger(__name__)

DATA = Path(__file__).parent / "data" / "conversations.jsonl"
SEED, UNITS, PASSES, BATCH = 7, 192, 70, 64
RATE, DECAY, DROP_IN, DROP, SMOOTHING = 1e-3, 0.05, 0.2, 0.4, 0.05
DEMAND_WEIGHT = 6.0  # the mean over some 30 of them is small beside one cross-entropy
RIGHT_ENOUGH = 0.95  # share of right kinds that a threshold has to keep, on validation
MOST_RARE = 5.0  # how much more a rare demand may weigh where it is asked
LEVELS = np.arange(0.2, 0.81, 0.05).round(2).tolist()  # from which a demand may be taken
TOKEN_UNITS, TOKEN_PASSES, TOKEN_BATCH = 64, 12, 256
UNKNOWN = -100  # a kind or a following that is not labelled
Rows = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A turn behind the one before it ('' for none) with what it asks for; `kind` may be
    unlabelled, `follows` is None where there is none before. `part` is train, validation or
    test."""

    turn: str
    before: str
    kind: str
    demands: tuple[str, ...]
    follows: bool | None
    matter: tuple[str, ...]
    part: str


def read_labelled(file: Path = DATA) -> list[Labelled]:
    """Neighbours with one first turn are cuts of one conversation and go to one part.

    The standalone question of a follow-up is a line of its own, and a question that names its
    matter and a place or a document is one behind a strange turn: it follows nothing.
    """
    found: list[Labelled] = []
    first, part = "", ""
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    strange = random.Random(SEED)
    for row in rows:
        before, turn = ["", *row["turns"]][-2:]
        if row["turns"][0] != first:
            first, place = row["turns"][0], zlib.crc32(f"g{row['id']}".encode()) % 10
            part = "train" if place < 6 else "validation" if place < 8 else "test"
        labels = (row.get("kind", ""), tuple(row["demands"]))
        matter = tuple(row["matter"])
        alone = row["standalone"]
        if before:
            follows = fold(alone) != fold(turn)
            found.append(Labelled(turn, before, *labels, follows, (), part))
        found.append(Labelled(alone, "", *labels, None, matter, part))
        if matter and not before and _says_where(alone):
            other = strange.choice(rows)["standalone"]
            found.append(Labelled(alone, other, *labels, False, (), part))
    return found


def _says_where(text: str) -> bool:
    return "《" in text or bool(find_regions(text, frozenset()))


@dataclass(frozen=True)
class Table:
    """Features and labels of some questions, row by row."""

    seen: Rows
    kinds: Rows  # numbers of kinds, UNKNOWN
    demands: Rows  # 0 or 1 for each demand
    follows: Rows  # 0, 1, UNKNOWN

    def where(self, rows: Rows) -> "Table":
        return Table(self.seen[rows], self.kinds[rows], self.demands[rows], self.follows[rows])


def fit(table: Table, kinds: Sequence[str], demands: Sequence[str], seed: int) -> KindNetwork:
    """Trains the network over whole questions, with dropout and a rate that falls to the end;
    the one over tokens is empty."""
    torch.manual_seed(seed)
    mean, deviation = _scale(table.seen)
    seen = torch.tensor((table.seen - mean) / deviation, dtype=torch.float32)
    target, asked = torch.tensor(table.kinds), torch.tensor(table.demands, dtype=torch.float32)
    follows = torch.tensor(table.follows, dtype=torch.float32)
    share = table.demands.mean(0).clip(1e-3, 1)
    rare = torch.tensor(np.sqrt((1 - share) / share).clip(1, MOST_RARE), dtype=torch.float32)

    def loss_of(raw: torch.Tensor, batch: torch.Tensor) -> torch.Tensor:
        kind, rest = raw[:, : len(kinds)], raw[:, len(kinds) :]
        loss = F.cross_entropy(kind, target[batch], label_smoothing=SMOOTHING, ignore_index=UNKNOWN)
        loss = loss + DEMAND_WEIGHT * F.binary_cross_entropy_with_logits(
            rest[:, :-1], asked[batch], pos_weight=rare
        )
        known = follows[batch] >= 0
        if known.any():
            loss = loss + F.binary_cross_entropy_with_logits(rest[known, -1], follows[batch][known])
        return loss

    net = _network(seen.shape[1], UNITS, len(kinds) + len(demands) + 1)
    _descend(net, seen, loss_of, PASSES, BATCH)
    whole = _layers(net, mean, deviation)
    nothing = Layers(*(np.zeros((1, 1), np.float32),) * 6)
    levels = (0.5,) * len(demands)
    return KindNetwork(whole, nothing, tuple(kinds), tuple(demands), levels, 1.0, 0.0)


def fit_tokens(seen: Rows, inside: Rows, seed: int) -> Layers:
    """Trains the network over tokens × features; `inside` is 1 for those of the matter."""
    torch.manual_seed(seed)
    mean, deviation = seen.mean(0), np.full(seen.shape[1], seen.std(), np.float32)
    scaled = torch.tensor((seen - mean) / deviation, dtype=torch.float32)
    target = torch.tensor(inside, dtype=torch.float32)

    def loss_of(raw: torch.Tensor, batch: torch.Tensor) -> torch.Tensor:
        return F.binary_cross_entropy_with_logits(raw[:, 0], target[batch])

    net = _network(seen.shape[1], TOKEN_UNITS, 1)
    _descend(net, scaled, loss_of, TOKEN_PASSES, TOKEN_BATCH)
    return _layers(net, mean, deviation)


def _network(width: int, units: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Dropout(DROP_IN),
        nn.Linear(width, units),
        nn.GELU("tanh"),
        nn.Dropout(DROP),
        nn.Linear(units, outputs),
    )


def _descend(net: nn.Sequential, seen: torch.Tensor, loss_of: Any, passes: int, size: int) -> None:
    optimizer = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=DECAY)
    steps = passes * -(-len(seen) // size)
    falling = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda s: max(0.02, 1 - s / steps))
    for _ in range(passes):
        for batch in torch.randperm(len(seen)).split(size):
            loss = loss_of(net(seen[batch]), batch)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            falling.step()


def _layers(net: nn.Sequential, mean: Rows, deviation: Rows) -> Layers:
    first, last = net[1], net[4]
    assert isinstance(first, nn.Linear)
    assert isinstance(last, nn.Linear)
    arrays = (first.weight.T, first.bias, last.weight.T, last.bias)
    return Layers(mean, deviation, *(p.detach().numpy() for p in arrays))


def _scale(seen: Rows) -> tuple[Rows, Rows]:
    """Means, and one deviation for each block of the encoder's; characters stay as they are."""
    dense = seen.shape[1] - GRAMS
    mean = np.concatenate([seen[:, :dense].mean(0), np.zeros(GRAMS)]).astype(np.float32)
    blocks = np.split(seen[:, :dense] - mean[:dense], 4, axis=1)
    spread = [np.full(block.shape[1], block.std()) for block in blocks]
    return mean, np.concatenate([*spread, np.ones(GRAMS)]).astype(np.float32)


# --- measured ---------------------------------------------------------------------------------


def calibrated(network: KindNetwork, table: Table) -> KindNetwork:
    """With the temperature that makes its probabilities likeliest, the lowest threshold above
    which RIGHT_ENOUGH of the kinds are right, and for each demand the level of the best F1."""
    _, asked, _ = network.probabilities(table.seen)
    network = replace(network, levels=tuple(map(_best_level, asked.T, table.demands.T > 0)))
    table = table.where(table.kinds != UNKNOWN)
    rows = np.arange(len(table.kinds))

    def surprise(temperature: float) -> float:
        found, *_ = replace(network, temperature=temperature).probabilities(table.seen)
        return float(-np.log(found[rows, table.kinds]).mean())

    best = replace(network, temperature=min(np.arange(0.3, 2.0, 0.05).tolist(), key=surprise))
    found, *_ = best.probabilities(table.seen)
    sure, right = found.max(1), found.argmax(1) == table.kinds
    levels = np.arange(0.3, 0.96, 0.05).round(2).tolist()
    keeps = [level for level in levels if right[sure >= level].mean() >= RIGHT_ENOUGH]
    return replace(best, sure=min(keeps, default=levels[-1]))


def _best_level(asked: Rows, wanted: Rows) -> float:
    """The one in the middle where several are as good."""

    def f1(level: float) -> float:
        says = asked >= level
        return float(2 * (says & wanted).sum() / max(1, says.sum() + wanted.sum()))

    best = max(map(f1, LEVELS))
    good = [level for level in LEVELS if f1(level) == best]
    return float(good[len(good) // 2])


def measure(network: KindNetwork, table: Table) -> dict[str, Any]:
    """Accuracy over all and by kind, how many are sure and how many of these right, precision
    and recall of each demand at its level, and how often following is told."""
    labelled = table.where(table.kinds != UNKNOWN)
    found, *_ = network.probabilities(labelled.seen)
    right, sure = found.argmax(1) == labelled.kinds, found.max(1) >= network.sure
    _, asked, follows = network.probabilities(table.seen)
    says, wanted = asked >= network.levels, table.demands > 0
    behind = table.follows != UNKNOWN
    return {
        "n": len(right),
        "accuracy": _share(right),
        "sure": _share(sure),
        "right_when_sure": _share(right[sure]),
        "calibration_error": _calibration_error(found.max(1), right),
        "follows": _share((follows >= 0.5)[behind] == table.follows[behind].astype(bool)),
        "demands": {"all": (_share(wanted[says]), _share(says[wanted]), int(wanted.sum()))}
        | {
            name: (
                _share(wanted[says[:, i], i]),
                _share(says[wanted[:, i], i]),
                int(wanted[:, i].sum()),
            )
            for i, name in enumerate(network.demands)
        },
        "by_kind": {
            kind: [int(right[rows].sum()), int(rows.sum())]
            for number, kind in enumerate(network.kinds)
            if (rows := labelled.kinds == number).any()
        },
    }


def measure_tokens(layers: Layers, seen: Rows, inside: Rows) -> dict[str, float]:
    """Precision and recall of the tokens of the matter."""
    says, wanted = 1 / (1 + np.exp(-layers(seen)[:, 0])) >= IN_MATTER, inside > 0
    return {"precision": _share(wanted[says]), "recall": _share(says[wanted])}


def _share(values: Rows) -> float:
    return round(float(values.mean()), 3) if len(values) else 0.0


def _calibration_error(sure: Rows, right: Rows, bins: int = 10) -> float:
    """The mean gap between confidence and share right, over ten bins of confidence."""
    place = np.minimum((sure * bins).astype(int), bins - 1)
    gaps = [
        (place == b).sum() * abs(sure[place == b].mean() - right[place == b].mean())
        for b in range(bins)
        if (place == b).any()
    ]
    return round(float(sum(gaps) / len(sure)), 3)


# --- stored -----------------------------------------------------------------------------------


def store(network: KindNetwork, file: Path) -> None:
    """Half precision: more would be too much beside what it brings."""
    parts = {"whole": network.whole, "tokens": network.tokens}
    card = {k: v for k, v in vars(network).items() if k not in parts}
    halves = {
        f"{part}.{name}": array.astype(np.float16)
        for part, layers in parts.items()
        for name, array in vars(layers).items()
    }
    np.savez_compressed(file, card=np.array(json.dumps(card)), **halves)
    seal(file, file.stem)


@dataclass(frozen=True)
class Encoded:
    """What the encoder makes of all texts, once."""

    states: dict[str, TokenStates]

    @classmethod
    def of(cls, rows: Sequence[Labelled], embedder: SentenceEmbedder) -> "Encoded":
        texts = {text for row in rows for text in texts_of(row.turn, row.before)}
        listed = sorted(texts)
        return cls(dict(zip(listed, embedder.layer_states(listed, LAYERS), strict=True)))

    def table(
        self, rows: Sequence[Labelled], kinds: Sequence[str], demands: Sequence[str]
    ) -> Table:
        seen = []
        for row in rows:
            alone, behind = texts_of(row.turn, row.before)
            seen.append(features(alone, self.states[alone], self.states[behind]))
        return Table(
            np.array(seen, np.float32),
            np.array([kinds.index(row.kind) if row.kind else UNKNOWN for row in rows]),
            np.array([[name in row.demands for name in demands] for row in rows], np.float32),
            np.array([UNKNOWN if row.follows is None else int(row.follows) for row in rows]),
        )

    def tokens(self, rows: Sequence[Labelled]) -> tuple[Rows, Rows]:
        """(tokens × features, whether each belongs to the matter) of all standalone questions."""
        seen, inside = [], []
        for row in rows:
            if row.before:
                continue
            text = asked_of(row.turn)
            held = np.zeros(len(text), bool)
            for piece in map(asked_of, row.matter):
                if (start := text.find(piece)) >= 0:
                    held[start : start + len(piece)] = True
            states = self.states[text]
            seen.append(token_features(states))
            inside += [
                held[start:end].mean() > 0.5 if end > start else False
                for start, end in states.spans
            ]
        return np.concatenate(seen), np.array(inside, np.float32)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m assistant.training.kinds", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--test", action="store_true", help="also measure the unseen part")
    arguments = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    labelled = read_labelled(arguments.data)
    kinds = sorted({row.kind for row in labelled if row.kind})
    demands = sorted({demand for row in labelled for demand in row.demands})
    encoded = Encoded.of(labelled, build_embedder(load_settings(IndexSettings)))

    def of(*parts: str) -> list[Labelled]:
        return [row for row in labelled if row.part in parts]

    def table(*parts: str) -> Table:
        return encoded.table(of(*parts), kinds, demands)

    first = calibrated(fit(table("train"), kinds, demands, arguments.seed), table("validation"))
    log.info("validation %s", measure(first, table("validation")))
    tokens = fit_tokens(*encoded.tokens(of("train")), arguments.seed)
    log.info("matter %s", measure_tokens(tokens, *encoded.tokens(of("validation"))))
    network = fit(table("train", "validation"), kinds, demands, arguments.seed)
    tokens = fit_tokens(*encoded.tokens(of("train", "validation")), arguments.seed)
    network = replace(
        network, tokens=tokens, temperature=first.temperature, sure=first.sure, levels=first.levels
    )
    store(network, arguments.out)
    if arguments.test:
        shipped = KindNetwork.load(arguments.out)
        log.info("test %s", measure(shipped, table("test")))
        log.info("matter %s", measure_tokens(shipped.tokens, *encoded.tokens(of("test"))))
    digest = hashlib.sha256(arguments.data.read_bytes()).hexdigest()
    log.info("data sha256 %s, %d questions", digest, len(labelled))
    return 0


if __name__ == "__main__":
    sys.exit(main())
