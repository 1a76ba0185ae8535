"""The model of requests: data, storing, and that it learns at all."""

import json
from pathlib import Path

import numpy as np
import pytest

from assistant.training.requests import DATA, Tagged, fit, fit_tagger, held_out, store
from assistant.understand.learned import GRAMS
from assistant.understand.requested import LABELS, RequestNetwork, plain_of, read_of
from vectorstore.errors import PolicyError

KINDS = ("函", "通知")


def rows(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Forty requests of two kinds that some numbers tell apart."""
    made = np.random.default_rng(seed)
    wanted = np.arange(40) % 2
    dense = made.normal(size=(40, 768)).astype(np.float32)
    dense[:, :100] += 4 * wanted[:, None]
    return np.hstack([dense, np.zeros((40, GRAMS), np.float32)]), wanted


def tokens(seed: int) -> list[Tagged]:
    """Forty requests of ten tokens whose matter some numbers tell; nothing else is known."""
    made = np.random.default_rng(seed)
    known = np.tile([label == "matter" for label in LABELS], (10, 1)).astype(np.float32)
    found = []
    for _ in range(40):
        wanted = np.zeros((10, len(LABELS)), np.float32)
        wanted[3:7, 0] = 1
        seen = made.normal(size=(10, 768)).astype(np.float32)
        seen[:, :100] += 4 * wanted[:, :1]
        found.append(Tagged(seen, wanted, known))
    return found


def test_it_learns_and_is_stored_whole(tmp_path: Path) -> None:
    seen, wanted = rows(1)
    tagged = tokens(2)
    right, f1 = held_out(seen, wanted, tagged, KINDS, 7)
    assert right >= 0.9
    assert f1["matter"] >= 0.9
    file = tmp_path / "requests.npz"
    tagger = fit_tagger(tagged, 7)
    store(RequestNetwork(fit(seen, wanted, KINDS, 7), tagger, KINDS), file)
    kept = RequestNetwork.load(file)
    assert kept.kinds == KINDS
    assert (kept.likely(seen).argmax(1) == wanted).mean() >= 0.95
    found = kept.tagger(tagged[0].seen)
    assert np.allclose(found, tagger(tagged[0].seen), atol=0.02)
    assert ((found[:, 0] >= 0.5) == (tagged[0].wanted[:, 0] > 0)).mean() >= 0.8
    file.write_bytes(file.read_bytes() + b"x")
    with pytest.raises(PolicyError):
        RequestNetwork.load(file)


def test_every_kind_has_requests_and_none_twice() -> None:
    data = [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]
    kinds = [row["kind"] for row in data]
    assert all(kinds.count(kind) >= 10 for kind in set(kinds))
    assert len({row["request"] for row in data}) == len({row["id"] for row in data}) == len(data)


def test_labels_are_words_of_the_request() -> None:
    for line in DATA.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        pieces = [piece for label in LABELS for piece in row.get(label, ())]
        assert row["matter"]
        assert all(piece in row["request"] for piece in pieces), row["id"]
        assert len(plain_of(row["request"])) == len(row["request"])


def test_of_a_long_request_both_ends_are_read() -> None:
    text = read_of("头" * 300 + "中" * 300 + "尾" * 300)
    assert text.startswith("头头")
    assert text.endswith("尾尾")
    assert len(text) <= 241
