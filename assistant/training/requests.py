"""Trains the model of requests: python -m assistant.training.requests [--out FILE].

A minute or two on one core. The requests (data/requests.jsonl) are few, so what it is worth is measured
(--test) on each fifth by a network that learnt from the other four; what ships learns from all.
"""

import argparse
import hashlib
import json
import logging
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from assistant.training.running import seal
from assistant.understand.learned import GRAMS, LAYERS, Layers, token_features
from assistant.understand.requested import (
    LABELS,
    TAGGED,
    WEIGHTS,
    RequestNetwork,
    Tagger,
    features,
    plain_of,
    read_of,
)
from vectorstore.embedding.embedder import TokenStates, build_embedder
from vectorstore.settings import IndexSettings, load_settings

log = logging.getLogger(__name__)

DATA = Path(__file__).parent / "data" / "requests.jsonl"
SEED, UNITS, PASSES, BATCH, PARTS = 7, 128, 120, 32, 5
RATE, DECAY, DROP_IN, DROP, SMOOTHING = 1e-3, 0.05, 0.2, 0.4, 0.05
TOKEN_UNITS, AROUND, TOKEN_PASSES, TOKEN_BATCH = 64, 7, 60, 16
Rows = np.ndarray[Any, np.dtype[Any]]


def fit(seen: Rows, wanted: Rows, kinds: Sequence[str], seed: int) -> Layers:
    """Trains on requests × features and the numbers of their kinds."""
    torch.manual_seed(seed)
    mean, deviation = _scale(seen)
    rows = torch.tensor((seen - mean) / deviation, dtype=torch.float32)
    target = torch.tensor(wanted)
    net = nn.Sequential(
        nn.Dropout(DROP_IN),
        nn.Linear(rows.shape[1], UNITS),
        nn.GELU("tanh"),
        nn.Dropout(DROP),
        nn.Linear(UNITS, len(kinds)),
    )
    optimizer = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=DECAY)
    steps = PASSES * -(-len(rows) // BATCH)
    falling = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda s: max(0.02, 1 - s / steps))
    for _ in range(PASSES):
        for batch in torch.randperm(len(rows)).split(BATCH):
            loss = F.cross_entropy(net(rows[batch]), target[batch], label_smoothing=SMOOTHING)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            falling.step()
    first, last = net[1], net[4]
    assert isinstance(first, nn.Linear)
    assert isinstance(last, nn.Linear)
    arrays = (first.weight.T, first.bias, last.weight.T, last.bias)
    return Layers(mean, deviation, *(p.detach().numpy() for p in arrays))


def _scale(seen: Rows) -> tuple[Rows, Rows]:
    """Means, and one deviation for each layer of the encoder's; characters stay as they are."""
    dense = seen.shape[1] - GRAMS
    mean = np.concatenate([seen[:, :dense].mean(0), np.zeros(GRAMS)]).astype(np.float32)
    blocks = np.split(seen[:, :dense] - mean[:dense], len(LAYERS), axis=1)
    spread = [np.full(block.shape[1], block.std()) for block in blocks]
    return mean, np.concatenate([*spread, np.ones(GRAMS)]).astype(np.float32)


@dataclass(frozen=True)
class Tagged:
    """A request's tokens × features, whether each has each of LABELS, and whether that is known."""

    seen: Rows
    wanted: Rows
    known: Rows

    @classmethod
    def of(cls, row: dict[str, Any], states: TokenStates) -> "Tagged":
        text = row["request"]
        held = np.zeros((len(text), len(LABELS)))
        for i, label in enumerate(LABELS):
            for piece in row.get(label, ()):
                if (start := text.find(piece)) >= 0:
                    held[start : start + len(piece), i] = 1
        wanted = [
            held[a:b].mean(0) > 0.5 if b > a else held[:0].sum(0) > 0 for a, b in states.spans
        ]
        known = np.tile([label in row for label in LABELS], (len(wanted), 1))
        return cls(token_features(states), np.array(wanted, np.float32), known.astype(np.float32))


class _Tagging(nn.Module):  # type: ignore[misc]
    def __init__(self, width: int):
        super().__init__()
        self.hidden = nn.Linear(width, TOKEN_UNITS)
        self.around = nn.Conv1d(TOKEN_UNITS, TOKEN_UNITS, AROUND, padding=AROUND // 2)
        self.out = nn.Linear(2 * TOKEN_UNITS, len(LABELS))

    def forward(self, seen: torch.Tensor) -> torch.Tensor:
        dropped = F.dropout(seen, DROP_IN, self.training)
        units = F.gelu(self.hidden(dropped), approximate="tanh")
        units = F.dropout(units, DROP, self.training)
        near = F.gelu(self.around(units.transpose(1, 2)).transpose(1, 2), approximate="tanh")
        return self.out(F.dropout(torch.cat([units, near], -1), DROP, self.training))


def fit_tagger(rows: Sequence[Tagged], seed: int) -> Tagger:
    """Trains on requests as wholes; what is not known of a request does not count."""
    torch.manual_seed(seed)
    seen = np.concatenate([row.seen for row in rows])
    mean, deviation = seen.mean(0), np.full(seen.shape[1], seen.std(), np.float32)
    held = [
        [torch.tensor(x, dtype=torch.float32) for x in values]
        for values in (
            [(row.seen - mean) / deviation for row in rows],
            [row.wanted for row in rows],
            [row.known for row in rows],
        )
    ]
    net = _Tagging(seen.shape[1])
    optimizer = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=DECAY)
    steps = TOKEN_PASSES * -(-len(rows) // TOKEN_BATCH)
    falling = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda s: max(0.02, 1 - s / steps))
    for _ in range(TOKEN_PASSES):
        for batch in torch.randperm(len(rows)).split(TOKEN_BATCH):
            x, y, known = (
                nn.utils.rnn.pad_sequence([v[i] for i in batch.tolist()], batch_first=True)
                for v in held
            )
            loss = F.binary_cross_entropy_with_logits(net(x), y, reduction="none")
            optimizer.zero_grad()
            ((loss * known).sum() / known.sum()).backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            falling.step()
    around = net.around.weight.permute(2, 1, 0)
    units = (net.hidden.weight.T, net.hidden.bias, around, net.around.bias)
    arrays = (*units, net.out.weight.T, net.out.bias)
    return Tagger(mean, deviation, *(p.detach().numpy() for p in arrays))


def held_out(
    seen: Rows, wanted: Rows, tagged: Sequence[Tagged], kinds: Sequence[str], seed: int
) -> tuple[float, dict[str, float]]:
    """By networks that did not learn from their fifth: the share of requests whose kind is told,
    and for each label F1 over tokens."""
    order = np.random.default_rng(seed).permutation(len(wanted))
    right, told, truth = 0, [], []
    for part in range(PARTS):
        kept = order[part::PARTS]
        rest = np.setdiff1d(order, kept)
        likely = fit(seen[rest], wanted[rest], kinds, seed)(seen[kept])
        right += int((likely.argmax(1) == wanted[kept]).sum())
        tagger = fit_tagger([tagged[i] for i in rest], seed)
        told += [(tagger(tagged[i].seen) >= TAGGED) * tagged[i].known for i in kept]
        truth += [tagged[i].wanted * tagged[i].known for i in kept]
    says, is_so = np.concatenate(told), np.concatenate(truth)
    f1 = 2 * (says * is_so).sum(0) / np.maximum(1, says.sum(0) + is_so.sum(0))
    return right / len(wanted), dict(zip(LABELS, map(float, f1.round(3)), strict=True))


def store(network: RequestNetwork, file: Path) -> None:
    """Half precision: more would be too much beside what it brings."""
    halves = {
        f"{part}.{name}": array.astype(np.float16)
        for part, layers in (("layers", network.layers), ("tagger", network.tagger))
        for name, array in vars(layers).items()
    }
    np.savez_compressed(file, kinds=np.array(json.dumps(network.kinds)), **halves)
    seal(file, file.stem)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m assistant.training.requests", description=__doc__
    )
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--test", action="store_true", help="also measure held-out fifths")
    arguments = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    lines = arguments.data.read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    kinds = sorted({row["kind"] for row in rows})
    texts = [read_of(row["request"]) for row in rows]
    layer_states = build_embedder(load_settings(IndexSettings)).layer_states
    states = layer_states(texts, LAYERS)
    seen = np.array([features(t, s) for t, s in zip(texts, states, strict=True)], np.float32)
    wanted = np.array([kinds.index(row["kind"]) for row in rows])
    states = layer_states([plain_of(row["request"]) for row in rows], LAYERS)
    tagged = [Tagged.of(row, s) for row, s in zip(rows, states, strict=True)]
    if arguments.test:
        right, f1 = held_out(seen, wanted, tagged, kinds, arguments.seed)
        log.info("held out: kind %.3f of %d, F1 over tokens %s", right, len(rows), f1)
    whole = fit(seen, wanted, kinds, arguments.seed)
    store(RequestNetwork(whole, fit_tagger(tagged, arguments.seed), tuple(kinds)), arguments.out)
    digest = hashlib.sha256(arguments.data.read_bytes()).hexdigest()
    log.info("data sha256 %s, %d requests", digest, len(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
