"""Trains the model of requests: python -m assistant.training.requests [--out FILE].

Seconds on one core. The requests (data/requests.jsonl) are few, so what it is worth is measured on
each fifth by a network that learnt from the other four; what ships learns from all.
"""

import argparse
import hashlib
import json
import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from assistant.training.running import seal
from assistant.understand.learned import GRAMS, LAYERS, Layers
from assistant.understand.requested import WEIGHTS, RequestNetwork, features, read_of
from vectorstore.embedding.embedder import build_embedder
from vectorstore.settings import IndexSettings, load_settings

log = logging.getLogger(__name__)

DATA = Path(__file__).parent / "data" / "requests.jsonl"
SEED, UNITS, PASSES, BATCH, PARTS = 7, 128, 120, 32, 5
RATE, DECAY, DROP_IN, DROP, SMOOTHING = 1e-3, 0.05, 0.2, 0.4, 0.05
Rows = np.ndarray[Any, np.dtype[Any]]


def fit(seen: Rows, wanted: Rows, kinds: Sequence[str], seed: int) -> RequestNetwork:
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
    layers = Layers(mean, deviation, *(p.detach().numpy() for p in arrays))
    return RequestNetwork(layers, tuple(kinds))


def _scale(seen: Rows) -> tuple[Rows, Rows]:
    """Means, and one deviation for each layer of the encoder's; characters stay as they are."""
    dense = seen.shape[1] - GRAMS
    mean = np.concatenate([seen[:, :dense].mean(0), np.zeros(GRAMS)]).astype(np.float32)
    blocks = np.split(seen[:, :dense] - mean[:dense], len(LAYERS), axis=1)
    spread = [np.full(block.shape[1], block.std()) for block in blocks]
    return mean, np.concatenate([*spread, np.ones(GRAMS)]).astype(np.float32)


def held_out(seen: Rows, wanted: Rows, kinds: Sequence[str], seed: int) -> float:
    """The share of requests whose kind a network tells that did not learn from their fifth."""
    order = np.random.default_rng(seed).permutation(len(wanted))
    right = 0
    for part in range(PARTS):
        kept = order[part::PARTS]
        rest = np.setdiff1d(order, kept)
        network = fit(seen[rest], wanted[rest], kinds, seed)
        right += int((network.likely(seen[kept]).argmax(1) == wanted[kept]).sum())
    return right / len(wanted)


def store(network: RequestNetwork, file: Path) -> None:
    """Half precision: more would be too much beside what it brings."""
    halves = {name: array.astype(np.float16) for name, array in vars(network.layers).items()}
    np.savez_compressed(file, kinds=np.array(json.dumps(network.kinds)), **halves)
    seal(file, file.stem)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m assistant.training.requests", description=__doc__
    )
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument("--seed", type=int, default=SEED)
    arguments = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    lines = arguments.data.read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    kinds = sorted({row["kind"] for row in rows})
    texts = [read_of(row["request"]) for row in rows]
    states = build_embedder(load_settings(IndexSettings)).layer_states(texts, LAYERS)
    seen = np.array([features(t, s) for t, s in zip(texts, states, strict=True)], np.float32)
    wanted = np.array([kinds.index(row["kind"]) for row in rows])
    right = held_out(seen, wanted, kinds, arguments.seed)
    log.info("held out: %.3f of %d", right, len(rows))
    store(fit(seen, wanted, kinds, arguments.seed), arguments.out)
    digest = hashlib.sha256(arguments.data.read_bytes()).hexdigest()
    log.info("data sha256 %s, %d requests", digest, len(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
