"""Trains the reader: python -m assistant.training.reader --data DIR --out DIR.

DIR holds cmrc2018.jsonl, drcd.jsonl ({question, context, start, end}) and laws.tar.xz. About an
hour on two cores; the same seed gives the same data and the same order. With --start WEIGHTS
--written DIR … it goes on from trained weights with questions in everyday words; what ships was
made in these two steps (weights/CARD.md).
"""

import argparse
import json
import logging
import os
import random
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor
from torch.nn import functional as F

from assistant.find.neural.encoding import PAD, Pair, encode_pairs
from assistant.find.neural.model import WEIGHTS, ReaderModel
from assistant.training.groups import (
    NEGATIVES,
    Group,
    encyclopedia_groups,
    law_groups,
    written_groups,
)
from assistant.training.running import run, seal
from assistant.training.written import OWN, read_passages, to_learn
from vectorstore.embedding.builtin import unpack
from vectorstore.embedding.embedder import SentenceEmbedder, build_embedder, load_tokenizer
from vectorstore.language.sentences import sentences
from vectorstore.settings import IndexSettings, load_settings

log = logging.getLogger(__name__)

FROZEN = 4  # lower layers left as they are: a third faster, and not stored
TRAIN_LENGTH = 256
BUCKETS = (128, 192, 256)  # fixed shapes: each new one costs a preparation of kernels
GROUPS = 6  # questions in a batch


# --- batches ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Encoded:
    """A group as tokens: the answer's first and last token in its first pair, or no answer; the
    first and last token of each sentence of each pair, and which of the first one's answer."""

    pairs: tuple[Pair, ...]
    answer: tuple[int, int] | None
    sentences: tuple[tuple[tuple[int, int], ...], ...]

    @property
    def told(self) -> list[int]:
        """The sentences of the first pair that the answer stands in."""
        first, last = self.answer or (0, -1)
        return [i for i, (a, b) in enumerate(self.sentences[0]) if a <= last and b >= first]

    @property
    def length(self) -> int:
        return max(len(pair.ids) for pair in self.pairs)


def encode_groups(groups: Sequence[Group], folder: str) -> list[Encoded]:
    """Groups whose answer fits into the training length."""
    tokenizer = load_tokenizer(folder)
    result = []
    for group in groups:
        pairs = tuple(
            encode_pairs(tokenizer, p.question, [(p.header, p.text)], TRAIN_LENGTH)[0]
            for p in group.pairs
        )
        answer = _tokens_of(group.answer, pairs[0]) if group.answer else None
        if (answer or not group.answer) and len(pairs) == NEGATIVES + 1:
            texts = (pair.text for pair in group.pairs)
            found = tuple(_sentences_of(t, p) for t, p in zip(texts, pairs, strict=True))
            result.append(Encoded(pairs, answer, found))
    return result


def _sentences_of(text: str, pair: Pair) -> tuple[tuple[int, int], ...]:
    tokens = (pair.inside(a, b) for a, b in sentences(text))
    return tuple((found[0], found[-1]) for found in tokens if found)


def _tokens_of(answer: tuple[int, int], pair: Pair) -> tuple[int, int] | None:
    """First and last token of an answer, None where its end was cut off."""
    start, end = answer
    inside = pair.inside(start, end)
    whole = inside and (pair.spans[inside[-1]] or (0, 0))[1] >= end
    return (inside[0], inside[-1]) if whole else None


def batches(encoded: Sequence[Encoded], rng: random.Random) -> Iterator[tuple[int, list[Encoded]]]:
    """Batches of like length, in random order: (bucket length, groups)."""
    by_bucket: dict[int, list[Encoded]] = defaultdict(list)
    for group in rng.sample(list(encoded), len(encoded)):
        by_bucket[next(b for b in BUCKETS if group.length <= b)].append(group)
    result = [
        (bucket, groups[i : i + GROUPS])
        for bucket, groups in by_bucket.items()
        for i in range(0, len(groups) - GROUPS + 1, GROUPS)
    ]
    rng.shuffle(result)
    yield from result


def _tensors(pairs: Sequence[Pair], length: int) -> tuple[Tensor, Tensor, Tensor]:
    """ids, attention mask, and which tokens belong to the passage text."""
    ids = torch.full((len(pairs), length), PAD, dtype=torch.long)
    mask = torch.zeros((len(pairs), length), dtype=torch.long)
    text = torch.zeros((len(pairs), length), dtype=torch.bool)
    for row, pair in enumerate(pairs):
        ids[row, : len(pair.ids)] = torch.tensor(pair.ids)
        mask[row, : len(pair.ids)] = 1
        text[row, : len(pair.ids)] = torch.tensor([span is not None for span in pair.spans])
    return ids, mask, text


def loss_of(model: ReaderModel, groups: Sequence[Encoded], length: int) -> Tensor:
    """Span cross-entropy over the text of the passages that answer, which sentence of all in the
    group answers, and relevance: within the group (which passage answers better) and absolute
    (does it answer at all, for refusal). A group without an answer counts for the last alone."""
    pairs = [pair for group in groups for pair in group.pairs]
    ids, mask, text = _tensors(pairs, length)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        start, end, told, relevance = model(ids, mask)
    per_group = len(groups[0].pairs)
    scores = relevance.float().view(-1, per_group)
    target = torch.zeros_like(scores)
    rows = [i for i, group in enumerate(groups) if group.answer]
    target[rows, 0] = 1
    loss = 0.5 * F.binary_cross_entropy_with_logits(scores, target)
    if rows:
        answers = torch.tensor([group.answer for group in groups if group.answer])
        first, last = answers.unbind(-1)
        start = start.float().masked_fill(~text, -1e4)[::per_group][rows]
        end = end.float().masked_fill(~text, -1e4)[::per_group][rows]
        span = (F.cross_entropy(start, first) + F.cross_entropy(end, last)) / 2
        ranking = F.cross_entropy(scores[rows], torch.zeros(len(rows), dtype=torch.long))
        which = torch.stack([_sentence_loss(told.float(), i, groups[i]) for i in rows]).mean()
        loss = loss + (span + ranking + which) * len(rows) / len(groups)
    return loss


def _sentence_loss(told: Tensor, number: int, group: Encoded) -> Tensor:
    """Cross-entropy over the sentences of all passages of a group; any that the answer stands in
    is right. `told` are the logits of the whole batch's tokens (pairs, length)."""
    at = number * len(group.pairs)
    logits = torch.stack(
        [
            told[at + row, first : last + 1].mean()
            for row, found in enumerate(group.sentences)
            for first, last in found
        ]
    )
    right = group.told
    return torch.logsumexp(logits, 0) - torch.logsumexp(logits[right], 0)


# --- training ---------------------------------------------------------------------------------


def train(
    model: ReaderModel,
    encoded: Sequence[Encoded],
    *,
    seed: int,
    passes: int,
    minutes: float,
    rate: float,
) -> list[dict[str, float]]:
    """Trains the model in place, as long as it takes or `minutes`; returns the log."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    model.train()
    heads = [
        p for n, p in model.named_parameters() if not n.startswith("encoder") and p.requires_grad
    ]
    body = [p for n, p in model.named_parameters() if n.startswith("encoder") and p.requires_grad]
    optimizer = torch.optim.AdamW(
        [{"params": body, "lr": rate}, {"params": heads, "lr": rate * 5}], weight_decay=0.01
    )
    plan = [batch for _ in range(passes) for batch in batches(encoded, rng)]
    return run(
        plan,
        lambda batch: loss_of(model, batch[1], batch[0]),
        optimizer,
        warm_up=60,
        minutes=minutes,
        every=50,
    )


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m assistant.training.reader", description=__doc__
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--laws", type=Path, help="laws.tar.xz (default: beside or above DATA)")
    parser.add_argument("--out", type=Path, default=Path("assistant/find/neural/weights"))
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--passes", type=int, default=1)
    parser.add_argument("--start", type=Path, help="a folder of weights to go on from")
    parser.add_argument(
        "--merge", type=float, default=1.0, help="the new weights' part beside those of --start"
    )
    parser.add_argument("--written", type=Path, nargs="*", default=(), help="written questions")
    parser.add_argument(
        "--known", type=float, default=1.0, help="share of those over single passages that is used"
    )
    parser.add_argument(
        "--counts", type=int, nargs=3, default=(3600, 1800, 4200), metavar=("CMRC", "DRCD", "LAWS")
    )
    arguments = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    settings = load_settings(IndexSettings)
    embedder = build_embedder(settings)
    encoded = encode_groups(_groups(arguments, embedder), embedder.folder)
    log.info("%d groups", len(encoded))
    model = ReaderModel.to_train(str(unpack(settings.models, tuned=False)), FROZEN)
    if arguments.start:
        model.load(arguments.start)
    history = train(
        model,
        encoded,
        seed=arguments.seed,
        passes=arguments.passes,
        minutes=arguments.minutes,
        rate=arguments.rate,
    )
    if arguments.start:
        mix_with(model, arguments.start, 1 - arguments.merge)
    model.save(arguments.out, {"seed": str(arguments.seed), "groups": str(len(encoded))})
    (arguments.out / "training.json").write_text(json.dumps(history))
    seal(arguments.out / WEIGHTS, "reader")
    return 0


def mix_with(model: ReaderModel, folder: Path, share: float) -> None:
    """Takes the weights in `folder` in for `share` of each of the model's own."""
    own = model.state_dict()
    with torch.no_grad():
        for name, before in load_file(folder / WEIGHTS).items():
            own[name].copy_((1 - share) * own[name] + share * before.to(own[name].dtype))


def _groups(arguments: argparse.Namespace, embedder: SentenceEmbedder) -> list[Group]:
    rng = random.Random(arguments.seed)
    cmrc, drcd, laws = arguments.counts
    archive = arguments.laws or next(
        p
        for p in (arguments.data / "laws.tar.xz", arguments.data.parent / "laws.tar.xz")
        if p.exists()
    )
    groups = encyclopedia_groups(arguments.data / "cmrc2018.jsonl", cmrc, rng)
    groups += encyclopedia_groups(arguments.data / "drcd.jsonl", drcd, rng)
    groups += law_groups(archive, laws, arguments.seed)
    if arguments.written:
        groups += written_groups(
            to_learn(arguments.written, arguments.known, rng),
            [p for p in read_passages((*arguments.written, *OWN)) if not p.is_held_out],
            embedder,
            rng,
        )
    return groups


if __name__ == "__main__":
    sys.exit(main())
