"""Fits how the reader weighs what it knows: python -m tests.evals.calibrate

Prints the values of assistant/find/neural/weights/calibration.json. A sample is a question with
its passages as search gives them to the reader, and which of them answer: questions written for
training but held out of it (in everyday words, in the documents' words, near misses), a third of
ncp, known questions over the five documents, whose passages are long, and ncp questions asked of the five documents, which do not answer them. `ranking` is fitted
so that the passage that answers stands first, `relevance` so that it tells a first passage that
answers from one that does not. The styles weigh the same; the threshold is chosen by a person.
"""

import json
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.chat import Assistant
from assistant.find.neural.reader import HELD, Features, NeuralReader, leads
from assistant.find.reading import Reading
from assistant.people.viewer import LOCAL
from assistant.understand.question import Question
from tests.evals import ncp, own, written
from tests.evals.common import EVAL, Bench, data_missing, five_bench, ncp_bench, rows
from tests.evals.scoring import holds, same

NAMES = [field.name for field in fields(Features) if field.name != "lead"]
JUDGED = ("logit", "lead")  # the others added nothing beside the lead
STEPS, RATE, DECAY = 6_000, 0.3, 0.003
STRANGERS = 80
SEARCH = 24.0  # the weight of search in the ranking, which settles its scale
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Sample:
    """`known` (passages, features) in the order of search; `right` (passages) which answer."""

    style: str
    known: Numbers
    right: NDArray[np.bool_]


# --- samples ----------------------------------------------------------------------------------


def read(assistant: Assistant, text: str, answers: Callable[..., bool], style: str) -> Sample:
    """One question as it is read in use."""
    evidence = assistant.evidence(assistant.view(LOCAL))
    question: Question = assistant.question_of([text], evidence)
    reader = assistant.reader
    assert isinstance(reader, NeuralReader)
    readings = [r for r in evidence.read(question) if r.spans]
    known = [astuple(reader.features(question.standalone, r.hit))[:-1] for r in readings]
    return Sample(
        style,
        np.array(known, dtype=float).reshape(-1, len(NAMES)),
        np.array([answers(reading) for reading in readings], dtype=bool),
    )


def of_written() -> Iterator[Sample]:
    with written.written_bench() as bench:
        assistant = bench.assistant()
        for q in written.questions():
            yield read(assistant, q.question, lambda r, q=q: written.holds(q, r), q.style)


def of_ncp() -> Iterator[Sample]:
    with ncp_bench() as bench:
        assistant = bench.assistant()
        for row in ncp.questions(every=3):
            yield read(assistant, row["question"], lambda r, row=row: _is_gold(row, r), "ncp")


def _is_gold(row: dict[str, Any], reading: Reading) -> bool:
    found = ncp.Retrieval()
    found.add(row, ncp.hits_of([reading]))
    return found.first[row["id"]] == 1


def of_five() -> Iterator[Sample]:
    with five_bench() as bench:
        assistant = bench.assistant()
        for row in [*own.questions("five"), *rows(EVAL / "seeds_dev.jsonl")]:
            if len(row["turns"]) == 1:
                yield read(assistant, row["turns"][0], lambda r, row=row: _holds(row, r), "five")


def _holds(row: dict[str, Any], reading: Reading) -> bool:
    said = same(f"{reading.hit.passage.text} {reading.hit.passage.context}")
    wanted = row["must_include"]
    return bool(row["answerable"] and wanted and all(holds(said, word) for word in wanted))


def of_strangers() -> Iterator[Sample]:
    asked = ncp.questions()
    random.Random(3).shuffle(asked)
    bench: Bench
    with five_bench() as bench:
        assistant = bench.assistant()
        for row in asked[:STRANGERS]:
            yield read(assistant, row["question"], lambda _: False, "stranger")


# --- fitting ----------------------------------------------------------------------------------


def with_words(known: Numbers) -> Numbers:
    """(passages, 2 features): each once more, by how much of the question the best passage
    holds."""
    return np.c_[known, known * (known[:, NAMES.index("words")].max() - HELD)]


def fit_ranking(samples: Sequence[Sample]) -> Numbers:
    """Weights of `with_words` under which the passages that answer take most of the softmax."""
    chosen = [s for s in samples if s.right.any() and not s.right.all()]
    known = [with_words(s.known) for s in chosen]
    scale = np.concatenate(known).std(axis=0) + 1e-9
    shares = _shares([s.style for s in chosen])
    weights = np.zeros(len(scale))
    for _ in range(STEPS // 4):
        slope = DECAY * weights
        for sample, all_known, share in zip(chosen, known, shares, strict=True):
            values = all_known / scale
            all_of = _softmax(values @ weights)
            right = np.where(sample.right, all_of, 0)
            slope += share * ((all_of - right / right.sum()) @ values)
        weights -= RATE * slope
    return np.asarray(weights / scale * SEARCH / (weights / scale)[NAMES.index("search")])


def fit_relevance(samples: Sequence[Sample], ranking: Numbers) -> tuple[dict[str, float], float]:
    """A logistic over what is known of the first passage, how far it leads among it: weights and
    bias."""
    firsts, labels = _firsts(samples, ranking)
    middle, scale = firsts.mean(axis=0), firsts.std(axis=0) + 1e-9
    values = np.c_[(firsts - middle) / scale, np.ones(len(firsts))]
    share = np.where(labels, 1 / labels.sum(), 1 / (~labels).sum()) / 2
    weights = np.zeros(len(JUDGED) + 1)
    for _ in range(STEPS):
        guessed = 1 / (1 + np.exp(-values @ weights))
        weights -= RATE * (values.T @ ((guessed - labels) * share) + DECAY * np.r_[weights[:-1], 0])
    found = weights[:-1] / scale
    return _named(JUDGED, found), float(weights[-1] - found @ middle)


def _firsts(samples: Sequence[Sample], ranking: Numbers) -> tuple[Numbers, NDArray[np.bool_]]:
    """(samples, JUDGED) of each first passage, and whether it answers."""
    rows, labels = [], []
    for sample in samples:
        scores = list(with_words(sample.known) @ ranking)
        at = int(np.argmax(scores))
        known = dict(zip(NAMES, sample.known[at], strict=True)) | {"lead": leads(scores)[at]}
        rows.append([known[name] for name in JUDGED])
        labels.append(bool(sample.right[at]))
    return np.array(rows), np.array(labels)


def _shares(styles: Sequence[str]) -> Numbers:
    """Weights of samples, so that each style counts the same in all."""
    counts = {style: styles.count(style) for style in styles}
    return np.array([1 / (counts[style] * len(counts)) for style in styles])


def _softmax(values: Numbers) -> Numbers:
    raised = np.exp(values - values.max())
    return raised / raised.sum()


def _named(names: Sequence[str], weights: Numbers) -> dict[str, float]:
    return {name: round(float(w), 4) for name, w in zip(names, weights, strict=True)}


def main() -> int:
    if data_missing():
        return 0
    samples = [s for s in (*of_written(), *of_ncp(), *of_five(), *of_strangers()) if len(s.known)]
    ranking = fit_ranking(samples)
    relevance, bias = fit_relevance(samples, ranking)
    card = {
        "ranking": _named(NAMES, ranking[: len(NAMES)]),
        "by_words": _named(NAMES, ranking[len(NAMES) :]),
        "relevance": relevance,
        "bias": round(bias, 4),
    }
    print(json.dumps(card))
    firsts, labels = _firsts(samples, ranking)
    chance = 1 / (1 + np.exp(-bias - firsts @ [relevance[name] for name in JUDGED]))
    styles = np.array([s.style for s in samples])
    for threshold in (0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6):
        told = (_told(style, chance, labels, styles, threshold) for style in sorted(set(styles)))
        print(threshold, *told, sep="  ")
    return 0


def _told(
    style: str,
    chance: Numbers,
    labels: NDArray[np.bool_],
    styles: NDArray[np.str_],
    threshold: float,
) -> str:
    """Of a style: right firsts that are refused, and wrong firsts that are not."""
    own = styles == style
    right, wrong = own & labels, own & ~labels
    refused = f"{(chance[right] < threshold).mean():.2f}" if right.any() else "–"
    passed = f"{(chance[wrong] >= threshold).mean():.2f}" if wrong.any() else "–"
    return f"{style} {refused}/{passed} ({right.sum()}/{wrong.sum()})"


if __name__ == "__main__":
    sys.exit(main())
