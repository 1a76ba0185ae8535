"""A tuning run pulls questions to their passages, and what it writes loads again."""

import random

import numpy as np
import pytest
import torch

from assistant.training.embedder import (
    BATCH,
    Encoder,
    Material,
    Pairing,
    batches,
    loss_of,
    merged,
    tune,
)
from tests.conftest import MODELS
from vectorstore.embedding.builtin import TUNED_LAYERS, unpack


def material(count: int) -> Material:
    texts = [f"办法\n第{i}号窗口办理{chr(0x4E00 + i)}类证件。" for i in range(count)]
    pairings = [
        Pairing(f"{chr(0x4E00 + i)}证去哪儿办", i, i, ((i + 1) % count,)) for i in range(count)
    ]
    return Material(texts, pairings, np.eye(count, dtype=np.float32), list(range(count)))


def test_a_batch_asks_about_each_passage_once() -> None:
    pairings = [Pairing("问", i % 60, 0, (0,)) for i in range(300)]
    found = list(batches(pairings, random.Random(1)))
    assert found
    assert all(len({p.passage for p in batch}) == len(batch) == BATCH for batch in found)


def test_a_passage_like_the_right_one_counts_for_nothing() -> None:
    class Alike:
        def __call__(self, prompt: str, texts: list[str], length: int) -> torch.Tensor:
            return torch.ones((len(texts), 4)) / 2

    one = Material(["甲", "乙"], [], np.ones((2, 2), np.float32), [0, 1])
    chosen = [Pairing("问", 0, 0, (1,)), Pairing("问", 1, 1, (0,))]
    assert float(loss_of(Alike(), chosen, one, random.Random(1))) == pytest.approx(0.0)  # type: ignore[arg-type]


@pytest.mark.model
def test_a_run_moves_the_upper_layers_only() -> None:
    folder = str(unpack(MODELS, tuned=False))
    encoder = Encoder(folder)
    history = tune(encoder, material(BATCH), seed=1, passes=1, minutes=5)
    assert history[-1]["step"] == 1
    weights = merged(encoder, folder, 0.5)
    lowest = min(int(name.split(".")[2]) for name in weights)
    assert lowest == 12 - TUNED_LAYERS
    assert all(value.dtype == torch.float16 for value in weights.values())
