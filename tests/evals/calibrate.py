"""Fits the reader's calibration: python -m tests.evals.calibrate

Prints the values of assistant/find/neural/weights/calibration.json. Each sample is a question's
first reading as answering would take it, and whether that is the passage that answers: questions
written for training but held out of it (in everyday words, in the documents' words, near misses)
a third of ncp, and the known questions over the five documents; besides, 80 ncp questions asked of the five documents, which do not answer
them. Right and wrong first readings weigh the same.
"""

import json
import random
import sys
from collections.abc import Iterator

import numpy as np

from assistant.chat import Assistant
from assistant.find.evidence import Evidence
from assistant.find.neural.reader import NeuralReader
from assistant.find.reading import Reading
from assistant.people.viewer import LOCAL
from assistant.understand.turns import understand
from tests.evals import ncp, own, written
from tests.evals.common import EVAL, data_missing, five_bench, ncp_bench, rows
from tests.evals.scoring import holds, same

STEPS, RATE, DECAY = 20_000, 0.3, 0.002
Sample = tuple[str, tuple[float, float], bool]  # style, (logit, words), right


def evidence_of(assistant: Assistant) -> Evidence:
    return assistant.evidence(assistant.view(LOCAL))


def features(assistant: Assistant, text: str, reading: Reading) -> tuple[float, float]:
    reader = assistant.reader
    assert isinstance(reader, NeuralReader)
    return reader.judge(text, reading.hit)


def of_written() -> Iterator[Sample]:
    with written.written_bench() as bench:
        assistant = bench.assistant()
        for question in written.questions():
            evidence = evidence_of(assistant)
            for first in list(written.readings_of(question, evidence))[:1]:
                known = features(assistant, question.question, first)
                yield question.style, known, written.holds(question, first)


def of_ncp() -> Iterator[Sample]:
    with ncp_bench() as bench:
        assistant = bench.assistant()
        for row in ncp.questions(every=3):
            evidence = evidence_of(assistant)
            question = understand([row["question"]], evidence.corpus, ())
            first = evidence.read(question)[0]
            found = ncp.Retrieval()
            found.add(row, ncp.hits_of([first]))
            right = found.first[row["id"]] == 1
            yield "ncp", features(assistant, question.standalone, first), right


def of_five() -> Iterator[Sample]:
    """Known questions over the five documents: long passages, of which a detail answers."""
    asked = [*own.questions("five"), *rows(EVAL / "seeds_dev.jsonl")]
    with five_bench() as bench:
        assistant = bench.assistant()
        for row in asked:
            evidence = evidence_of(assistant)
            question = understand(row["turns"], evidence.corpus, ())
            for first in evidence.read(question)[:1]:
                said = same(f"{first.hit.passage.text} {first.hit.passage.context}")
                right = row["answerable"] and all(holds(said, w) for w in row["must_include"])
                yield "five", features(assistant, question.standalone, first), right


def of_strangers() -> Iterator[Sample]:
    asked = ncp.questions()
    random.Random(3).shuffle(asked)
    with five_bench() as bench:
        assistant = bench.assistant()
        for row in asked[:80]:
            evidence = evidence_of(assistant)
            question = understand([row["question"]], evidence.corpus, ())
            for first in evidence.read(question)[:1]:
                known = features(assistant, question.standalone, first)
                yield "stranger", known, False


def fit(values: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    """Logistic regression by gradient descent."""
    inputs = np.c_[values, np.ones(len(values))]
    share = np.where(labels == 1, 1 / labels.sum(), 1 / (1 - labels).sum())
    weights = np.zeros(3)
    for _ in range(STEPS):
        guessed = 1 / (1 + np.exp(-inputs @ weights))
        slope = inputs.T @ ((guessed - labels) * share)
        weights -= RATE * (slope + np.r_[DECAY * weights[:2], 0])
    return dict(zip(("logit", "coverage", "bias"), map(float, weights), strict=True))


def main() -> int:
    if data_missing():
        return 0
    samples = [*of_written(), *of_ncp(), *of_five(), *of_strangers()]
    values = np.array([found for _, found, _ in samples])
    labels = np.array([right for _, _, right in samples], dtype=float)
    styles = np.array([style for style, _, _ in samples])
    card = {name: round(value, 3) for name, value in fit(values, labels).items()}
    print(json.dumps(card))
    total = card["bias"] + values @ [card["logit"], card["coverage"]]
    chance = 1 / (1 + np.exp(-total))
    for threshold in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7):
        print(threshold, *(_told(style, chance, labels, styles, threshold) for style in sorted(set(styles))), sep="  ")  # fmt: skip
    return 0


def _told(
    style: str, chance: np.ndarray, labels: np.ndarray, styles: np.ndarray, threshold: float
) -> str:
    """Of a style: right firsts that are refused, and wrong firsts that are not."""
    own = styles == style
    right, wrong = own & (labels == 1), own & (labels == 0)
    refused = f"{(chance[right] < threshold).mean():.2f}" if right.any() else "–"
    passed = f"{(chance[wrong] >= threshold).mean():.2f}" if wrong.any() else "–"
    return f"{style} {refused}/{passed} ({right.sum()}/{wrong.sum()})"


if __name__ == "__main__":
    sys.exit(main())
