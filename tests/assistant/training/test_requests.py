"""The model of requests: data, storing, and that it learns at all."""

import json
from pathlib import Path

import numpy as np
import pytest

from assistant.training.requests import DATA, fit, fit_tokens, held_out, store
from assistant.understand.learned import GRAMS
from assistant.understand.requested import ROLES, RequestNetwork, read_of
from vectorstore.errors import PolicyError

KINDS = ("函", "通知")


def rows(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Forty requests of two kinds that some numbers tell apart."""
    made = np.random.default_rng(seed)
    wanted = np.arange(40) % 2
    dense = made.normal(size=(40, 768)).astype(np.float32)
    dense[:, :100] += 4 * wanted[:, None]
    return np.hstack([dense, np.zeros((40, GRAMS), np.float32)]), wanted


def test_it_learns_and_is_stored_whole(tmp_path: Path) -> None:
    seen, wanted = rows(1)
    assert held_out(seen, wanted, KINDS, 7) >= 0.9
    file = tmp_path / "requests.npz"
    inside = np.tile(wanted[:, None], (1, len(ROLES))).astype(np.float32)
    tokens = fit_tokens(seen[:, :768], inside, 7)
    store(RequestNetwork(fit(seen, wanted, KINDS, 7), tokens, KINDS), file)
    kept = RequestNetwork.load(file)
    assert kept.kinds == KINDS
    assert (kept.likely(seen).argmax(1) == wanted).mean() >= 0.95
    assert ((kept.tokens(seen[:, :768])[:, 0] > 0) == wanted).mean() >= 0.9
    file.write_bytes(file.read_bytes() + b"x")
    with pytest.raises(PolicyError):
        RequestNetwork.load(file)


def test_every_kind_has_requests_and_none_twice() -> None:
    data = [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]
    kinds = [row["kind"] for row in data]
    assert all(kinds.count(kind) >= 10 for kind in set(kinds))
    assert len({row["request"] for row in data}) == len({row["id"] for row in data}) == len(data)


def test_what_is_labelled_stands_in_the_request() -> None:
    data = [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]
    labelled = [row for row in data if "to" in row]
    assert len(labelled) >= 400
    pieces = [(r, p) for r in labelled for p in (*r["matter"], *r["to"], r["sender"])]
    assert [piece for row, piece in pieces if piece not in row["request"]] == []


def test_of_a_long_request_both_ends_are_read() -> None:
    text = read_of("头" * 300 + "中" * 300 + "尾" * 300)
    assert text.startswith("头头")
    assert text.endswith("尾尾")
    assert len(text) <= 241
