"""Trains the reader: python -m assistant.training.reader --data DIR --out DIR.

DIR holds cmrc2018.jsonl, drcd.jsonl ({question, context, start, end}) and laws.tar.xz. About an
hour on two cores; the same seed gives the same data and the same order.
"""

import argparse
import hashlib
import json
import logging
import math
import os
import random
import sys
import tarfile
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F

from assistant.find.neural.encoding import PAD, Pair, encode_pairs, header
from assistant.find.neural.model import WEIGHTS, ReaderModel
from assistant.training.lawdata import Article, Example, make_examples, read_articles
from vectorstore.embedding.embedder import build_embedder, load_tokenizer
from vectorstore.keywords.tokens import tokens
from vectorstore.language.sentences import sentences
from vectorstore.settings import IndexSettings, load_settings

log = logging.getLogger(__name__)

FROZEN = 4  # lower layers left as they are: a third faster, and not stored
TRAIN_LENGTH = 256
BUCKETS = (128, 192, 256)  # fixed shapes: each new one costs a preparation of kernels
NEGATIVES = 2  # passages that do not answer, for each that does
GROUPS = 6  # questions in a batch
MAX_LAWS = 2000


@dataclass(frozen=True, slots=True)
class Group:
    """One question, the passage that answers it, and passages that do not."""

    question: str
    positive: tuple[str, str]  # header, text
    answer: tuple[int, int]
    negatives: tuple[tuple[str, str], ...]


# --- data -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of text that may be read, as the index would cut it."""

    header: str
    text: str
    origin: str  # the context or the law it comes from


def encyclopedia_groups(path: Path, limit: int, rng: random.Random) -> list[Group]:
    """CMRC and DRCD: a window of the context around the answer, and the windows of all
    contexts that a keyword search would take for it."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    rng.shuffle(rows)
    contexts = list(dict.fromkeys(row["context"] for row in rows))
    pool = Pool(
        Passage("", context[a:b], context)
        for context in contexts
        for a, b in _windows(context, rng)
    )
    groups = []
    for row in rows[:limit]:
        context, start, end = row["context"], row["start"], row["end"]
        left, right = _window(context, start, end, rng)
        answer = context[start:end]
        near = [p for p in pool.nearest(row["question"], 60) if answer not in p.text][:10]
        groups.append(
            Group(
                row["question"],
                ("", context[left:right]),
                (start - left, end - left),
                tuple((p.header, p.text) for p in _some(near, rng)),
            )
        )
    return groups


def _windows(text: str, rng: random.Random) -> Iterator[tuple[int, int]]:
    """The text in pieces of 120 to 330 characters, cut at sentence ends."""
    start = 0
    size = rng.randint(120, 330)
    for a, b in sentences(text):
        if b - start > size and a > start:
            yield start, a
            start, size = a, rng.randint(120, 330)
    if len(text) - start >= 60:
        yield start, len(text)


def _window(text: str, start: int, end: int, rng: random.Random) -> tuple[int, int]:
    """Sentences around the answer, 120 to 330 characters."""
    size = rng.randint(120, 330)
    spare = max(0, size - (end - start))
    left = max(0, start - rng.randint(0, spare))
    right = min(len(text), left + max(size, end - left))
    cut = max((text.rfind(mark, 0, left) for mark in "。！？\n"), default=-1) + 1
    return (cut if start - cut < 300 else left), right


def _some(near: Sequence[Passage], rng: random.Random) -> list[Passage]:
    """NEGATIVES of the nearest, the nearer the likelier."""
    chosen = list(near[:2]) if len(near) <= NEGATIVES else []
    while len(chosen) < NEGATIVES and near:
        pick = near[min(int(rng.expovariate(0.35)), len(near) - 1)]
        if pick not in chosen or len(near) <= NEGATIVES:
            chosen.append(pick)
    return chosen[:NEGATIVES]


class Pool:
    """Passages and a keyword search over them, for hard negatives."""

    def __init__(self, passages: Iterable[Passage]):
        self.passages = list(passages)
        self._postings: dict[str, list[int]] = defaultdict(list)
        self._sizes = []
        for i, passage in enumerate(self.passages):
            found = set(tokens(f"{passage.header} {passage.text}"))
            self._sizes.append(len(found))
            for token in found:
                self._postings[token].append(i)

    def nearest(self, question: str, count: int) -> list[Passage]:
        """The best matches, the best first."""
        scores: dict[int, float] = defaultdict(float)
        for token in set(tokens(question)):
            found = self._postings.get(token, ())
            if found and len(found) < max(50, len(self.passages) / 10):
                weight = math.log(len(self.passages) / len(found))
                for i in found:
                    scores[i] += weight / (1 + self._sizes[i] / 200)
        ranked = sorted(scores, key=lambda i: (-scores[i], i))
        return [self.passages[i] for i in ranked[:count]]


def law_groups(archive: Path, limit: int, seed: int) -> list[Group]:
    """Questions made from laws. Negatives are articles of other laws when the question names
    its law or place, and of the same law otherwise: another law may well say the same."""
    rng = random.Random(seed)
    articles = _read_laws(archive, rng)
    per_law = max(3, limit * 2 // max(1, len(articles)))
    chosen = [
        example
        for own in articles.values()
        for example in _spread(list(make_examples(own, rng.randint(0, 2**31))), per_law, rng)
    ]
    rng.shuffle(chosen)
    pool = Pool(
        Passage(header(a.title, a.path), a.text[:420], title)
        for title, own in articles.items()
        for a in own
    )
    by_law: dict[str, Pool] = {}
    groups = []
    for example in chosen[:limit]:
        texts = [a.text for a in articles[example.title]]
        text, answer = _with_neighbours(example, texts, rng)
        if not _names_law(example) and example.title not in by_law:
            by_law[example.title] = Pool(p for p in pool.passages if p.origin == example.title)
        source = pool if _names_law(example) else by_law[example.title]
        near = [p for p in source.nearest(example.question, 60) if _is_wrong(p, example)][:10]
        groups.append(
            Group(
                example.question,
                (header(example.title, example.path), text),
                answer,
                tuple((p.header, p.text) for p in _some(near, rng)),
            )
        )
    return groups


def _read_laws(archive: Path, rng: random.Random) -> dict[str, list[Article]]:
    """Articles by title, laws in random order."""
    articles: dict[str, list[Article]] = {}
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(archive) as tar:
            tar.extractall(folder, filter="data")
        files = sorted(Path(folder).rglob("*.md"))
        rng.shuffle(files)
        for file in files[:MAX_LAWS]:
            own = list(read_articles(file))
            if own and own[0].title not in articles:
                articles[own[0].title] = own
    return articles


def _names_law(example: Example) -> bool:
    return example.title[:4] in example.question or "《" in example.question


def _is_wrong(passage: Passage, example: Example) -> bool:
    """Whether a passage surely does not answer: the answer's words do not stand in it."""
    answer = example.text[example.start : example.end].strip()
    return example.text[:60] not in passage.text and answer not in passage.text


def _spread(examples: Sequence[Example], limit: int, rng: random.Random) -> list[Example]:
    """At most `limit`, the kinds in turn, so that the frequent ones do not crowd out others."""
    kinds: dict[str, list[Example]] = defaultdict(list)
    for example in rng.sample(list(examples), len(examples)):
        kinds[example.kind].append(example)
    chosen: list[Example] = []
    queues = rng.sample(list(kinds.values()), len(kinds))
    while queues and len(chosen) < limit:
        chosen += [queue.pop() for queue in queues]
        queues = [queue for queue in queues if queue]
    return chosen[:limit]


def _with_neighbours(
    example: Example, texts: Sequence[str], rng: random.Random
) -> tuple[str, tuple[int, int]]:
    """Sometimes the next or previous article stands in the same passage."""
    start, end = example.start, example.end
    text = example.text
    i = texts.index(text)
    if rng.random() < 0.35 and i + 1 < len(texts) and len(text) + len(texts[i + 1]) < 420:
        text = f"{text}\n{texts[i + 1]}"
    if rng.random() < 0.35 and i and len(text) + len(texts[i - 1]) < 420:
        shift = len(texts[i - 1]) + 1
        text, start, end = f"{texts[i - 1]}\n{text}", start + shift, end + shift
    return text, (start, end)


# --- batches ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Encoded:
    """A group as pairs, the positive first, with the answer's first and last token."""

    pairs: tuple[Pair, ...]
    first: int
    last: int

    @property
    def length(self) -> int:
        return max(len(pair.ids) for pair in self.pairs)


def encode_groups(groups: Sequence[Group], folder: str) -> list[Encoded]:
    """Groups whose answer fits into the training length."""
    tokenizer = load_tokenizer(folder)
    result = []
    for group in groups:
        pairs = encode_pairs(
            tokenizer, group.question, [group.positive, *group.negatives], TRAIN_LENGTH
        )
        start, end = group.answer
        inside = [
            i for i, span in enumerate(pairs[0].spans)
            if span and span[0] < end and span[1] > start
        ]  # fmt: skip
        whole = inside and (pairs[0].spans[inside[-1]] or (0, 0))[1] >= end
        if whole and len(pairs) == NEGATIVES + 1:
            result.append(Encoded(tuple(pairs), inside[0], inside[-1]))
    return result


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
    """Span cross-entropy over the text of the positives, plus relevance: within the group (which
    passage answers better) and absolute (does it answer at all, for refusal)."""
    pairs = [pair for group in groups for pair in group.pairs]
    ids, mask, text = _tensors(pairs, length)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        start, end, relevance = model(ids, mask)
    per_group = len(groups[0].pairs)
    start = start.float().masked_fill(~text, -1e4)[::per_group]
    end = end.float().masked_fill(~text, -1e4)[::per_group]
    first = torch.tensor([group.first for group in groups])
    last = torch.tensor([group.last for group in groups])
    span = (F.cross_entropy(start, first) + F.cross_entropy(end, last)) / 2
    scores = relevance.float().view(-1, per_group)
    target = torch.zeros_like(scores)
    target[:, 0] = 1
    ranking = F.cross_entropy(scores, torch.zeros(len(groups), dtype=torch.long))
    answerable = F.binary_cross_entropy_with_logits(scores, target)
    return span + ranking + 0.5 * answerable


# --- training ---------------------------------------------------------------------------------


def train(
    encoded: Sequence[Encoded], base: str, seed: int, minutes: float, rate: float
) -> tuple[ReaderModel, list[dict[str, float]]]:
    """One pass, or as much of it as fits into `minutes`. Returns the model and its log."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    model = ReaderModel.to_train(base, FROZEN)
    model.train()
    heads = [
        p for n, p in model.named_parameters() if not n.startswith("encoder") and p.requires_grad
    ]
    body = [p for n, p in model.named_parameters() if n.startswith("encoder") and p.requires_grad]
    optimizer = torch.optim.AdamW(
        [{"params": body, "lr": rate}, {"params": heads, "lr": rate * 5}], weight_decay=0.01
    )
    plan = list(batches(encoded, rng))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, (step + 1) / 60) * max(0.02, 1 - step / len(plan))
    )
    history: list[dict[str, float]] = []
    began, average = time.monotonic(), 0.0
    for step, (length, groups) in enumerate(plan, 1):
        loss = loss_of(model, groups, length)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        schedule.step()
        value = loss.item()
        average = value if step == 1 else 0.98 * average + 0.02 * value
        if step % 50 == 0 or step == len(plan):
            seconds = time.monotonic() - began
            history.append({"step": step, "loss": round(average, 4), "seconds": round(seconds)})
            log.info("step %d/%d loss %.3f, %.0f s", step, len(plan), average, seconds)
            if seconds > minutes * 60:
                log.warning("stopped at the time limit")
                break
    return model, history


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
    parser.add_argument(
        "--counts", type=int, nargs=3, default=(3600, 1800, 4200), metavar=("CMRC", "DRCD", "LAWS")
    )
    arguments = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    base = build_embedder(load_settings(IndexSettings)).folder
    rng = random.Random(arguments.seed)
    laws = arguments.laws or next(
        p
        for p in (arguments.data / "laws.tar.xz", arguments.data.parent / "laws.tar.xz")
        if p.exists()
    )
    groups = encyclopedia_groups(arguments.data / "cmrc2018.jsonl", arguments.counts[0], rng)
    groups += encyclopedia_groups(arguments.data / "drcd.jsonl", arguments.counts[1], rng)
    groups += law_groups(laws, arguments.counts[2], arguments.seed)
    encoded = encode_groups(groups, base)
    log.info("%d groups, %d fit", len(groups), len(encoded))
    model, history = train(encoded, base, arguments.seed, arguments.minutes, arguments.rate)
    model.save(arguments.out, {"seed": str(arguments.seed), "groups": str(len(encoded))})
    (arguments.out / "training.json").write_text(json.dumps(history))
    digest = hashlib.sha256((arguments.out / WEIGHTS).read_bytes()).hexdigest()
    (arguments.out / "reader.sha256").write_text(f"{digest}  {WEIGHTS}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
