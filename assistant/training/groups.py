"""Groups to train the reader on: a question with a passage that answers it and two that do not.

From encyclopedia questions (CMRC, DRCD), from questions made of laws by rule, and from questions
that were written for training, in everyday words too.
"""

import json
import math
import random
import tarfile
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.find.neural.encoding import header
from assistant.training.lawdata import Article, Example, make_examples, read_articles
from assistant.training.written import NEAR_MISS, WrittenPassage, WrittenQuestion
from vectorstore.embedding.embedder import SentenceEmbedder
from vectorstore.keywords.tokens import tokens
from vectorstore.language.sentences import sentences

NEGATIVES = 2  # passages that do not answer, for each that does
MAX_LAWS = 2000
TOO_NEAR = 0.96  # cosine of two passages; one so like the right one may answer as well
_MISSES = 2  # times that each near miss is shown


@dataclass(frozen=True, slots=True)
class TextPair:
    """One question–passage pair to be read."""

    question: str
    header: str
    text: str


@dataclass(frozen=True, slots=True)
class Group:
    """Pairs that are judged together. `answer` is the span of the first one's text, the others
    do not answer; None where none of them does, and then they need not share a question."""

    pairs: tuple[TextPair, ...]
    answer: tuple[int, int] | None


def _group(
    question: str, positive: tuple[str, str], answer: tuple[int, int], wrong: "Iterable[Passage]"
) -> Group:
    others = (TextPair(question, p.header, p.text) for p in wrong)
    return Group((TextPair(question, *positive), *others), answer)


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
            _group(
                row["question"],
                ("", context[left:right]),
                (start - left, end - left),
                _some(near, rng),
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
            _group(
                example.question,
                (header(example.title, example.path), text),
                answer,
                _some(near, rng),
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


def written_groups(
    questions: Sequence[WrittenQuestion],
    passages: Sequence[WrittenPassage],
    embedder: SentenceEmbedder,
    rng: random.Random,
) -> list[Group]:
    """Written questions. Of all passages one that is near by meaning and one that is near by words
    stand beside the right one, as often as not of the same document; near misses, three to a
    group, with their own passage."""
    number = {passage.id: i for i, passage in enumerate(passages)}
    held = embedder.embed_passages([passage.embedding_text for passage in passages])
    likeness = held @ held.T
    pool = Pool(Passage(p.header, p.text, p.id) for p in passages)
    asked = [q for q in questions if q.style != NEAR_MISS]
    ranked = np.argsort(-(embedder.embed_queries([q.question for q in asked]) @ held.T))[:, :40]
    groups = []
    for question, order in zip(asked, ranked, strict=True):
        assert question.answer
        own = number[question.passage.id]
        answer = question.passage.text[slice(*question.answer)]
        wrong_ones = {
            passage.id
            for i, passage in enumerate(passages)
            if likeness[own, i] < TOO_NEAR and answer not in passage.text
        }
        by_meaning = [p for i in order if (p := pool.passages[i]).origin in wrong_ones][:12]
        near = pool.nearest(question.question, 20)
        by_words = [p for p in near if p.origin in wrong_ones][:12]
        first = _one(by_meaning, rng)
        others = [p for p in by_words if p != first] or [p for p in by_meaning if p != first]
        wrong = [first, _one(others, rng)]
        positive = (question.passage.header, question.passage.text)
        groups.append(_group(question.question, positive, question.answer, wrong))
    misses = [
        TextPair(q.question, q.passage.header, q.passage.text)
        for q in questions
        if q.style == NEAR_MISS
    ]
    size = NEGATIVES + 1
    for _ in range(_MISSES):
        rng.shuffle(misses)
        whole = range(0, len(misses) - size + 1, size)
        groups += [Group(tuple(misses[i : i + size]), None) for i in whole]
    return groups


def _one(near: Sequence[Passage], rng: random.Random) -> Passage:
    """One of the nearest, the nearer the likelier."""
    return near[min(int(rng.expovariate(0.35)), len(near) - 1)]
