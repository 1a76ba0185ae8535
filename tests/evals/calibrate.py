"""Fits the reader's calibration: python -m tests.evals.calibrate

Prints the values of assistant/find/neural/weights/calibration.json. What answers: the seeds and own
questions, and 80 of ncp. What does not: the unanswerable ones, and 40 ncp questions asked of the
five documents. Classes weigh the same.
"""

import json
import random
import sys
from typing import Any

import numpy as np

from assistant.chat import Assistant
from assistant.find.neural.reader import NeuralReader
from assistant.people.viewer import LOCAL
from assistant.understand.question import understand
from tests.evals.common import EVAL, data_missing, five_bench, ncp_bench, rows
from tests.evals.own import QUESTIONS
from vectorstore.keywords.tokens import query_tokens

STEPS, RATE, DECAY = 20_000, 0.3, 0.002
Features = tuple[float, float, float]


def features(assistant: Assistant, turns: list[str]) -> Features | None:
    """Logit, words held and cosine of the passages that search finds, the best of each."""
    reader = assistant.reader
    assert isinstance(reader, NeuralReader)
    evidence = assistant.evidence(assistant.view(LOCAL))
    question = understand(turns, evidence.corpus, ())
    hits = evidence.search(question.standalone, question.where)[: reader.passages]
    if not hits:
        return None
    weights = evidence.view.token_weights(query_tokens(question.standalone))
    found = [reader.judge(question.standalone, hit, weights) for hit in hits]
    logit, words, cosine = np.max(np.array(found), axis=0)
    return float(logit), float(words), float(cosine)


def collect() -> tuple[np.ndarray, np.ndarray]:
    samples: list[tuple[Features | None, bool]] = []
    ncp = rows(EVAL / "ncp" / "questions.jsonl")
    random.Random(3).shuffle(ncp)
    bench = five_bench()
    assistant = bench.assistant()
    for row in rows(EVAL / "seeds_dev.jsonl"):
        samples.append((features(assistant, row["turns"]), row["answerable"]))
    samples += [(features(assistant, [row["question"]]), False) for row in ncp[:40]]
    bench.index.close()
    bench = ncp_bench()
    assistant = bench.assistant()
    own: list[dict[str, Any]] = [row for row in rows(QUESTIONS) if row["corpus"] == "ncp"]
    samples += [(features(assistant, row["turns"]), row["answerable"]) for row in own]
    samples += [(features(assistant, [row["question"]]), True) for row in ncp[:80]]
    bench.index.close()
    kept = [(found, label) for found, label in samples if found]
    return np.array([f for f, _ in kept]), np.array([label for _, label in kept], dtype=float)


def fit(values: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    """Logistic regression by gradient descent; the cosine is centred and spread first."""
    spread = values * [1, 1, 20] - [0, 0, 17.6]
    inputs = np.c_[spread, np.ones(len(spread))]
    share = np.where(labels == 1, 1 / labels.sum(), 1 / (1 - labels).sum())
    weights = np.zeros(4)
    for _ in range(STEPS):
        guessed = 1 / (1 + np.exp(-inputs @ weights))
        slope = inputs.T @ ((guessed - labels) * share)
        weights -= RATE * (slope + np.r_[DECAY * weights[:3], 0])
    logit, words, cosine, bias = weights
    return {
        "logit": logit, "coverage": words, "cosine": 20 * cosine, "bias": bias - 17.6 * cosine,
    }  # fmt: skip


def main() -> int:
    if data_missing():
        return 0
    values, labels = collect()
    card = {name: round(float(value), 3) for name, value in fit(values, labels).items()}
    print(json.dumps(card))
    total = card["bias"] + values @ [card["logit"], card["coverage"], card["cosine"]]
    chance = 1 / (1 + np.exp(-total))
    for threshold in (0.15, 0.2, 0.25, 0.3, 0.4):
        refused = float((chance[labels == 1] < threshold).mean())
        answered = float((chance[labels == 0] >= threshold).mean())
        print(
            f"{threshold}: {refused:.3f} of the answerable refused, {answered:.3f} of the others not"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
