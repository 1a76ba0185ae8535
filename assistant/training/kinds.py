"""Trains the classifier of questions: python -m assistant.training.kinds [--out FILE].

A few minutes on one core. The labelled questions (data/conversations.jsonl) are split by
conversation: on six tenths it learns, on two the temperature and the threshold are set; what
ships then learns from these eight tenths, and the last two only measure it.
"""

import argparse
import hashlib
import json
import logging
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
    LAYERS,
    WEIGHTS,
    KindNetwork,
    features,
    texts_of,
)
from vectorstore.embedding.embedder import build_embedder
from vectorstore.settings import IndexSettings, load_settings

log = logging.getLogger(__name__)

DATA = Path(__file__).parent / "data" / "conversations.jsonl"
SEED, UNITS, PASSES, BATCH = 7, 112, 45, 64
RATE, DECAY, DROP_IN, DROP, SMOOTHING = 1e-3, 0.05, 0.2, 0.4, 0.05
DEMAND_WEIGHT = 2.0  # the mean over some 18 demands is small beside one cross-entropy
RIGHT_ENOUGH = 0.95  # share of right kinds that a threshold has to keep, on validation
DEMANDED = 0.35  # precision .82, recall .56 on validation
Rows = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class Labelled:
    """One labelled turn; `part` is train, validation or test."""

    id: str
    turns: tuple[str, ...]
    kind: str
    asks: tuple[str, ...]
    part: str


def read_labelled(file: Path = DATA) -> list[Labelled]:
    """Neighbours with one first turn are cuts of one conversation and go to one part."""
    found: list[Labelled] = []
    first, part = "", ""
    for row in map(json.loads, file.read_text(encoding="utf-8").splitlines()):
        if row["turns"][0] != first:
            first, place = row["turns"][0], zlib.crc32(f"g{row['id']}".encode()) % 10
            part = "train" if place < 6 else "validation" if place < 8 else "test"
        found.append(
            Labelled(row["id"], tuple(row["turns"]), row["kind"], tuple(row["asks"]), part)
        )
    return found


@dataclass(frozen=True)
class Table:
    """Features and labels of some questions, row by row."""

    seen: Rows
    kinds: Rows  # numbers of kinds
    demands: Rows  # 0 or 1 for each demand

    def where(self, rows: Rows) -> "Table":
        return Table(self.seen[rows], self.kinds[rows], self.demands[rows])


def fit(table: Table, kinds: Sequence[str], demands: Sequence[str], seed: int) -> KindNetwork:
    """Trains a network with dropout and a rate that falls to the end."""
    torch.manual_seed(seed)
    mean, deviation = _scale(table.seen)
    seen = torch.tensor((table.seen - mean) / deviation, dtype=torch.float32)
    target, asked = torch.tensor(table.kinds), torch.tensor(table.demands, dtype=torch.float32)
    first, last = nn.Linear(seen.shape[1], UNITS), nn.Linear(UNITS, len(kinds) + len(demands))
    drop_in, gelu, drop = nn.Dropout(DROP_IN), nn.GELU("tanh"), nn.Dropout(DROP)
    net = nn.Sequential(drop_in, first, gelu, drop, last)
    optimizer = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=DECAY)
    steps = PASSES * -(-len(seen) // BATCH)
    falling = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda s: max(0.02, 1 - s / steps))
    for _ in range(PASSES):
        for batch in torch.randperm(len(seen)).split(BATCH):
            raw = net(seen[batch])
            loss = F.cross_entropy(raw[:, : len(kinds)], target[batch], label_smoothing=SMOOTHING)
            loss = loss + DEMAND_WEIGHT * F.binary_cross_entropy_with_logits(
                raw[:, len(kinds) :], asked[batch]
            )
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            falling.step()
    w1, b1, w2, b2 = (
        p.detach().numpy() for p in (first.weight.T, first.bias, last.weight.T, last.bias)
    )
    labels = (tuple(kinds), tuple(demands))
    return KindNetwork(mean, deviation, w1, b1, w2, b2, *labels, 1.0, 0.0, DEMANDED)


def _scale(seen: Rows) -> tuple[Rows, Rows]:
    """Means, and one deviation for each block of the encoder's; characters stay as they are."""
    dense = seen.shape[1] - GRAMS
    mean = np.concatenate([seen[:, :dense].mean(0), np.zeros(GRAMS)]).astype(np.float32)
    blocks = np.split(seen[:, :dense] - mean[:dense], 4, axis=1)
    spread = [np.full(block.shape[1], block.std()) for block in blocks]
    return mean, np.concatenate([*spread, np.ones(GRAMS)]).astype(np.float32)


# --- measured ---------------------------------------------------------------------------------


def calibrated(network: KindNetwork, table: Table) -> KindNetwork:
    """With the temperature that makes its probabilities likeliest, and the lowest threshold
    above which RIGHT_ENOUGH of the kinds are right."""
    rows = np.arange(len(table.kinds))

    def surprise(temperature: float) -> float:
        found, _ = replace(network, temperature=temperature).probabilities(table.seen)
        return float(-np.log(found[rows, table.kinds]).mean())

    best = replace(network, temperature=min(np.arange(0.3, 2.0, 0.05).tolist(), key=surprise))
    found, _ = best.probabilities(table.seen)
    sure, right = found.max(1), found.argmax(1) == table.kinds
    levels = np.arange(0.3, 0.96, 0.05).round(2).tolist()
    keeps = [level for level in levels if right[sure >= level].mean() >= RIGHT_ENOUGH]
    return replace(best, sure=min(keeps, default=levels[-1]))


def measure(network: KindNetwork, table: Table) -> dict[str, Any]:
    """Accuracy over all and by kind, how many are sure and how many of these right, and
    precision and recall of the demands."""
    found, asked = network.probabilities(table.seen)
    right, sure = found.argmax(1) == table.kinds, found.max(1) >= network.sure
    says, wanted = asked >= network.demanded, table.demands > 0
    return {
        "n": len(right),
        "accuracy": _share(right),
        "sure": _share(sure),
        "right_when_sure": _share(right[sure]),
        "calibration_error": _calibration_error(found.max(1), right),
        "demand_precision": _share(wanted[says]),
        "demand_recall": _share(says[wanted]),
        "by_kind": {
            kind: [int(right[rows].sum()), int(rows.sum())]
            for number, kind in enumerate(network.kinds)
            if (rows := table.kinds == number).any()
        },
    }


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
    """Half precision: a megabyte would be too much beside what it brings."""
    names = ("mean", "deviation", "hidden", "hidden_bias", "out", "out_bias")
    card = {k: v for k, v in vars(network).items() if k not in names}
    halves = {name: getattr(network, name).astype(np.float16) for name in names}
    np.savez_compressed(file, card=np.array(json.dumps(card)), **halves)
    seal(file, file.stem)


def table_of(rows: Sequence[Labelled], kinds: Sequence[str], demands: Sequence[str]) -> Table:
    embedder = build_embedder(load_settings(IndexSettings))
    pairs = [(row.turns[-1], row.turns[-2] if len(row.turns) > 1 else "") for row in rows]
    texts = list(dict.fromkeys(text for pair in pairs for text in texts_of(*pair)))
    known = dict(zip(texts, embedder.layer_means(texts, LAYERS), strict=True))

    def means(asked: Sequence[str], _: Sequence[int]) -> Rows:
        return np.array([known[text] for text in asked])

    return Table(
        np.array([features(*pair, means) for pair in pairs], np.float32),
        np.array([kinds.index(row.kind) for row in rows]),
        np.array([[demand in row.asks for demand in demands] for row in rows], np.float32),
    )


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m assistant.training.kinds", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--test", action="store_true", help="also measure the unseen part")
    arguments = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    labelled = read_labelled(arguments.data)
    kinds = sorted({row.kind for row in labelled})
    demands = sorted({ask for row in labelled for ask in row.asks})
    table = table_of(labelled, kinds, demands)
    part = np.array([row.part for row in labelled])
    first = calibrated(
        fit(table.where(part == "train"), kinds, demands, arguments.seed),
        table.where(part == "validation"),
    )
    log.info("validation %s", measure(first, table.where(part == "validation")))
    network = fit(table.where(part != "test"), kinds, demands, arguments.seed)
    network = replace(network, temperature=first.temperature, sure=first.sure)
    store(network, arguments.out)
    if arguments.test:
        log.info("test %s", measure(KindNetwork.load(arguments.out), table.where(part == "test")))
    digest = hashlib.sha256(arguments.data.read_bytes()).hexdigest()
    log.info("data sha256 %s, %d questions", digest, len(labelled))
    return 0


if __name__ == "__main__":
    sys.exit(main())
