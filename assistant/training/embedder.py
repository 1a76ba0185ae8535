"""Tunes the built-in embedder for everyday questions:
python -m assistant.training.embedder --written DIR [DIR …] --out DIR

Contrastive (InfoNCE) over written questions with their passage or its answering sentence; wrong
passages are those of the batch and one for each question that the untuned model ranks near the
right one. Only the upper layers move, and the result is the mean of the tuned and the untuned
weights (LM-Cocktail, Xiao et al. 2023). About 25 minutes on two cores.
"""

import argparse
import json
import logging
import os
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor
from torch.nn import functional as F
from transformers import AutoModel, PreTrainedModel

from assistant.training.running import run, seal
from assistant.training.written import (
    NEAR_MISS,
    OWN,
    WrittenPassage,
    WrittenQuestion,
    read_passages,
    read_written,
    split,
    to_learn,
)
from vectorstore.embedding.builtin import TUNED_LAYERS, TUNED_WEIGHTS, unpack
from vectorstore.embedding.embedder import SentenceEmbedder, load_tokenizer
from vectorstore.language.sentences import sentences
from vectorstore.settings import IndexSettings, load_settings

log = logging.getLogger(__name__)

TEMPERATURE = 0.02
BATCH = 48
QUESTION_LENGTH, PASSAGE_LENGTH = 64, 192
LENGTH_STEP = 32
RATE = 2e-5
SENTENCES = 0.25  # share of the positives that are the answering sentence alone
NEAREST, FARTHEST = 2, 40  # ranks from which a wrong passage is drawn
TOO_NEAR = 0.95  # a passage so like the right one may answer as well
MERGE = 0.6  # the tuned weights' part


@dataclass(frozen=True, slots=True)
class Pairing:
    """A question, its passage and the answering sentence, and passages that look alike; all by
    index into `Material.texts` but the question."""

    question: str
    passage: int
    sentence: int
    wrong: tuple[int, ...]


@dataclass(frozen=True)
class Material:
    """What is trained on. `likeness` compares the passages of different documents with each
    other, by the model that training starts from; a passage of the same document never counts as
    alike, for what a question is answered by stands in one place of it."""

    texts: list[str]  # passages first, then sentences
    pairings: list[Pairing]
    likeness: np.ndarray  # (passages, passages)
    passage_of: list[int]  # for each text the passage that it is or comes from


def material(
    questions: Sequence[WrittenQuestion],
    passages: Sequence[WrittenPassage],
    base: SentenceEmbedder,
) -> Material:
    """Pairings with mined wrong passages: those of the same document where there are any. Near
    misses have no right passage and are left out."""
    asked = [q for q in questions if q.style != NEAR_MISS]
    number = {passage.id: i for i, passage in enumerate(passages)}
    texts = [passage.embedding_text for passage in passages]
    passage_of = list(range(len(texts)))
    held = base.embed_passages(texts)
    likeness = held @ held.T
    titles = np.array([passage.title for passage in passages])
    likeness[titles[:, None] == titles[None, :]] = 0.0
    ranks = base.embed_queries([q.question for q in asked]) @ held.T
    pairings = []
    for question, scores in zip(asked, ranks, strict=True):
        own = number[question.passage.id]
        order = (int(i) for i in np.argsort(-scores)[: FARTHEST + 1])
        near = [i for i in order if i != own and likeness[own, i] < TOO_NEAR]
        inside = [
            i for i in near if titles[i] == titles[own] and not _answers(passages[i], question)
        ]
        texts.append(_answering(question))
        passage_of.append(own)
        wrong = inside or near[NEAREST:] or near
        pairings.append(Pairing(question.question, own, len(texts) - 1, tuple(wrong)))
    return Material(texts, pairings, likeness, passage_of)


def _answers(passage: WrittenPassage, question: WrittenQuestion) -> bool:
    """Whether another passage holds the answer word by word."""
    assert question.answer
    return question.passage.text[slice(*question.answer)] in passage.text


def _answering(question: WrittenQuestion) -> str:
    """Title and the sentences that hold the answer."""
    assert question.answer
    start, end = question.answer
    text = question.passage.text
    inside = [(a, b) for a, b in sentences(text) if a < end and b > start] or [(start, end)]
    return f"{question.passage.title}\n{text[inside[0][0] : inside[-1][1]]}"


def batches(pairings: Sequence[Pairing], rng: random.Random) -> Iterator[list[Pairing]]:
    """Batches in which no two questions ask about one passage."""
    waiting = rng.sample(list(pairings), len(pairings))
    while len(waiting) >= BATCH:
        chosen: dict[int, Pairing] = {}
        later: list[Pairing] = []
        for pairing in waiting:
            if len(chosen) < BATCH and pairing.passage not in chosen:
                chosen[pairing.passage] = pairing
            else:
                later.append(pairing)
        if len(chosen) < BATCH:
            return
        yield list(chosen.values())
        waiting = later


class Encoder:
    """The model to be tuned, with its prompts; unit vectors of texts."""

    def __init__(self, folder: str):
        self.model: PreTrainedModel = AutoModel.from_pretrained(
            folder, dtype=torch.float32, attn_implementation="sdpa", local_files_only=True
        )
        self.model.pooler = None
        self.model.requires_grad_(False)
        for layer in self.model.encoder.layer[-TUNED_LAYERS:]:
            layer.requires_grad_(True)
        self._tokenizer = load_tokenizer(folder)

    def __call__(self, prompt: str, texts: Sequence[str], length: int) -> Tensor:
        """(texts, dimension), the mean over tokens, unit length."""
        tokens = [e.ids for e in self._tokenizer.encode_batch([f"{prompt}{t}" for t in texts])]
        cut = [ids if len(ids) <= length else [*ids[: length - 1], ids[-1]] for ids in tokens]
        longest = -(-max(map(len, cut)) // LENGTH_STEP) * LENGTH_STEP
        ids = torch.ones((len(cut), longest), dtype=torch.long)
        mask = torch.zeros((len(cut), longest), dtype=torch.long)
        for row, own in enumerate(cut):
            ids[row, : len(own)] = torch.tensor(own)
            mask[row, : len(own)] = 1
        with torch.autocast("cpu", dtype=torch.bfloat16):
            states = self.model(input_ids=ids, attention_mask=mask).last_hidden_state
        weights = mask.unsqueeze(-1).float()
        return F.normalize((states.float() * weights).sum(1) / weights.sum(1), dim=-1)


def loss_of(
    encoder: Encoder, chosen: Sequence[Pairing], material: Material, rng: random.Random
) -> Tensor:
    """InfoNCE of a batch. A candidate that is too like the right passage counts for nothing."""
    right = [p.sentence if rng.random() < SENTENCES else p.passage for p in chosen]
    wrong = [rng.choice(p.wrong) for p in chosen]
    candidates = [*right, *wrong]
    asked = encoder("query: ", [p.question for p in chosen], QUESTION_LENGTH)
    held = encoder("passage: ", [material.texts[i] for i in candidates], PASSAGE_LENGTH)
    scores = asked @ held.T / TEMPERATURE
    own = [p.passage for p in chosen]
    of = [material.passage_of[i] for i in candidates]
    alike = torch.from_numpy(material.likeness[np.ix_(own, of)] > TOO_NEAR)
    alike[torch.arange(len(chosen)), torch.arange(len(chosen))] = False
    return F.cross_entropy(scores.masked_fill(alike, -1e4), torch.arange(len(chosen)))


def tune(
    encoder: Encoder, material: Material, *, seed: int, passes: int, minutes: float
) -> list[dict[str, float]]:
    """Trains the encoder in place; returns the log."""
    rng = random.Random(seed)
    torch.manual_seed(seed)
    plan = [batch for _ in range(passes) for batch in batches(material.pairings, rng)]
    body = [p for p in encoder.model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(body, lr=RATE, weight_decay=0.01)
    return run(
        plan,
        lambda chosen: loss_of(encoder, chosen, material, rng),
        optimizer,
        warm_up=20,
        minutes=minutes,
        every=10,
    )


def merged(encoder: Encoder, folder: str, share: float) -> dict[str, Tensor]:
    """The tuned layers, mixed with those of the model in `folder`, in float16."""
    before = AutoModel.from_pretrained(folder, dtype=torch.float32, local_files_only=True)
    base = before.state_dict()
    names = [name for name, p in encoder.model.named_parameters() if p.requires_grad]
    own = encoder.model.state_dict()
    return {
        name: (share * own[name] + (1 - share) * base[name]).to(torch.float16).contiguous()
        for name in names
    }


def ranks(
    embedder: SentenceEmbedder, questions: Sequence[WrittenQuestion], texts: dict[str, str]
) -> dict[str, tuple[int, float, float]]:
    """By style: how many questions, mean reciprocal rank of the right passage among all, and the
    share that it leads."""
    ids = list(texts)
    held = embedder.embed_passages(list(texts.values()))
    asked = [q for q in questions if q.answer]
    scores = embedder.embed_queries([q.question for q in asked]) @ held.T
    found: dict[str, list[int]] = {}
    for question, row in zip(asked, scores, strict=True):
        own = row[ids.index(question.passage.id)]
        found.setdefault(question.style, []).append(int((row > own).sum()) + 1)
    return {
        style: (
            len(r),
            float(np.mean(1 / np.array(r))),
            float(np.mean(np.array(r) == 1)),
        )
        for style, r in found.items()
    }


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m assistant.training.embedder", description=__doc__
    )
    parser.add_argument("--written", type=Path, nargs="+", required=True)
    parser.add_argument("--out", type=Path, default=Path("vectorstore/embedding/weights"))
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--passes", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=40)
    parser.add_argument("--merge", type=float, default=MERGE)
    parser.add_argument("--on", action="store_true", help="go on from the tuned model in use")
    parser.add_argument(
        "--known", type=float, default=1.0, help="share of questions over single passages"
    )
    arguments = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    folder = str(unpack(load_settings(IndexSettings).models, tuned=arguments.on))
    base = SentenceEmbedder(folder, "start")
    folders = (*arguments.written, *OWN)
    _, held_out = split(read_written(folders))
    learnt = to_learn(arguments.written, arguments.known, random.Random(arguments.seed))
    passages = read_passages(folders)
    texts = {p.id: p.embedding_text for p in passages}
    log.info("%d questions to learn, %d held out", len(learnt), len(held_out))
    log.info("before: %s", ranks(base, held_out, texts))
    encoder = Encoder(folder)
    history = tune(
        encoder,
        material(learnt, [p for p in passages if not p.is_held_out], base),
        seed=arguments.seed,
        passes=arguments.passes,
        minutes=arguments.minutes,
    )
    arguments.out.mkdir(parents=True, exist_ok=True)
    file = arguments.out / TUNED_WEIGHTS
    save_file(merged(encoder, folder, arguments.merge), file, {"seed": str(arguments.seed)})
    seal(file, "embedder")
    (arguments.out / "training.json").write_text(json.dumps(history))
    after = SentenceEmbedder(folder, "tuned")
    after.encoder.load_state_dict(merged(encoder, folder, arguments.merge), strict=False)
    log.info("after: %s", ranks(after, held_out, texts))
    return 0


if __name__ == "__main__":
    sys.exit(main())
