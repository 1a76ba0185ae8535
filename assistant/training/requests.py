"""Trains the model of requests: python -m assistant.training.requests [--out FILE].

A minute on one core. The requests (data/requests.jsonl) are few, so what the network of kinds is
worth is measured on each fifth by one that learnt from the other four; what ships learns from all.
The network over tokens learns from those whose words are labelled.
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
from assistant.understand.learned import GRAMS, LAYERS, Layers, token_features
from assistant.understand.requested import ROLES, WEIGHTS, RequestNetwork, features, read_of
from vectorstore.embedding.embedder import TokenStates, build_embedder
from vectorstore.settings import IndexSettings, load_settings

log = logging.getLogger(__name__)

DATA = Path(__file__).parent / "data" / "requests.jsonl"
SEED, UNITS, PASSES, BATCH, PARTS = 7, 128, 120, 32, 5
TOKEN_PASSES, TOKEN_BATCH = 20, 256
RATE, DECAY, DROP_IN, DROP, SMOOTHING = 1e-3, 0.05, 0.2, 0.4, 0.05
Rows = np.ndarray[Any, np.dtype[Any]]


def fit(seen: Rows, wanted: Rows, kinds: Sequence[str], seed: int) -> Layers:
    """The network over whole requests: requests × features, and the numbers of their kinds."""
    mean, deviation = _scale(seen)
    target = torch.tensor(wanted)

    def loss_of(raw: torch.Tensor, batch: torch.Tensor) -> torch.Tensor:
        return F.cross_entropy(raw, target[batch], label_smoothing=SMOOTHING)

    return _trained(seen, mean, deviation, len(kinds), loss_of, PASSES, BATCH, seed)


def fit_tokens(seen: Rows, inside: Rows, seed: int) -> Layers:
    """The network over tokens × features; `inside` is tokens × ROLES, 0 or 1."""
    mean, deviation = seen.mean(0), np.full(seen.shape[1], seen.std(), np.float32)
    target = torch.tensor(inside, dtype=torch.float32)

    def loss_of(raw: torch.Tensor, batch: torch.Tensor) -> torch.Tensor:
        return F.binary_cross_entropy_with_logits(raw, target[batch])

    size = inside.shape[1]
    return _trained(seen, mean, deviation, size, loss_of, TOKEN_PASSES, TOKEN_BATCH, seed)


def _trained(
    seen: Rows, mean: Rows, deviation: Rows, outputs: int, loss_of: Any, passes: int, size: int,
    seed: int,
) -> Layers:  # fmt: skip
    torch.manual_seed(seed)
    rows = torch.tensor((seen - mean) / deviation, dtype=torch.float32)
    net = nn.Sequential(
        nn.Dropout(DROP_IN),
        nn.Linear(rows.shape[1], UNITS),
        nn.GELU("tanh"),
        nn.Dropout(DROP),
        nn.Linear(UNITS, outputs),
    )
    optimizer = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=DECAY)
    steps = passes * -(-len(rows) // size)
    falling = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda s: max(0.02, 1 - s / steps))
    for _ in range(passes):
        for batch in torch.randperm(len(rows)).split(size):
            loss = loss_of(net(rows[batch]), batch)
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


def held_out(seen: Rows, wanted: Rows, kinds: Sequence[str], seed: int) -> float:
    """The share of requests whose kind a network tells that did not learn from their fifth."""
    order = np.random.default_rng(seed).permutation(len(wanted))
    right = 0
    for part in range(PARTS):
        kept = order[part::PARTS]
        rest = np.setdiff1d(order, kept)
        network = fit(seen[rest], wanted[rest], kinds, seed)
        right += int((network(seen[kept]).argmax(1) == wanted[kept]).sum())
    return right / len(wanted)


def roles_of(row: dict[str, Any], text: str, states: TokenStates) -> Rows:
    """Tokens × ROLES: whether a token of a request belongs to what is labelled."""
    found = np.zeros((len(states.spans), len(ROLES)), np.float32)
    for n, role in enumerate(ROLES):
        held = np.zeros(len(text), bool)
        named = row[role] if isinstance(row[role], list) else [row[role]]
        for piece in filter(None, map(read_of, named)):
            if (start := text.find(piece)) >= 0:
                held[start : start + len(piece)] = True
        found[:, n] = [held[a:b].mean() > 0.5 if b > a else 0.0 for a, b in states.spans]
    return found


def store(network: RequestNetwork, file: Path) -> None:
    """Half precision: more would be too much beside what it brings."""
    halves = {
        f"{part}.{name}": array.astype(np.float16)
        for part, layers in (("whole", network.whole), ("tokens", network.tokens))
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
    named = [(r, t, s) for r, t, s in zip(rows, texts, states, strict=True) if "to" in r]
    inside = np.concatenate([roles_of(*each) for each in named])
    tokens = np.concatenate([token_features(s) for _, _, s in named])
    network = RequestNetwork(
        fit(seen, wanted, kinds, arguments.seed),
        fit_tokens(tokens, inside, arguments.seed),
        tuple(kinds),
    )
    store(network, arguments.out)
    digest = hashlib.sha256(arguments.data.read_bytes()).hexdigest()
    log.info("data sha256 %s, %d requests", digest, len(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
