"""Real questions over 599 documents of 2020, beside the LangChain tutorial pipeline:
python -m tests.evals.ncp"""

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant.people.viewer import LOCAL
from assistant.understand.corpus import corpus_of
from assistant.understand.turns import understand
from tests.evals.baselines import langchain_tutorial
from tests.evals.common import EVAL, Bench, data_missing, ncp_bench, rows
from tests.evals.render import table
from tests.evals.results import Measured
from tests.evals.scoring import marked, plain, rouge_l

Hit = tuple[str, int, int]  # document, start, end
FIGURES = ("doc@1", "doc@10", "MRR", "answer@1", "answer@5", "answer@10")


@dataclass
class Retrieval:
    """Sums over questions, and answer@1 of each."""

    n: int = 0
    sums: dict[str, float] = field(default_factory=dict)
    first: dict[str, float] = field(default_factory=dict)

    def add(self, question: dict[str, Any], hits: Sequence[Hit]) -> None:
        documents = list(dict.fromkeys(hit[0] for hit in hits))
        rank = documents.index(question["docid"]) if question["docid"] in documents else None
        half = (question["end"] - question["start"]) / 2
        answers = [
            i for i, (document, start, end) in enumerate(hits[:10])
            if document == question["docid"]
            and min(question["end"], end) - max(question["start"], start) >= half
        ]  # fmt: skip
        first = answers[0] if answers else 99
        values = {
            "doc@1": rank == 0, "doc@10": rank is not None and rank < 10,
            "MRR": 1 / (rank + 1) if rank is not None else 0.0,
            "answer@1": first == 0, "answer@5": first < 5, "answer@10": first < 10,
        }  # fmt: skip
        self.n += 1
        self.first[question["id"]] = float(values["answer@1"])
        for name, value in values.items():
            self.sums[name] = self.sums.get(name, 0.0) + value

    def figures(self) -> dict[str, float]:
        return {name: self.sums[name] / self.n for name in FIGURES}

    def measured(self) -> Measured:
        return Measured(self.n, self.figures(), outcomes=self.first)


def questions(every: int = 1) -> list[dict[str, Any]]:
    return rows(EVAL / "ncp" / "questions.jsonl")[::every]


def sample() -> tuple[list[dict[str, Any]], Bench]:
    """Every fourth question, over the documents that hold their answers alone: a floor, no figure
    to report, for so few documents are easier to search than 599."""
    asked = questions(every=4)
    return asked, ncp_bench({row["docid"] for row in asked}, "ncp-sample")


def measure_retrieval(search: Callable[[str], Sequence[Hit]]) -> Retrieval:
    """A search that answers nothing, on all questions: what others use today."""
    found = Retrieval()
    for question in questions():
        found.add(question, search(question["question"]))
    return found


def hits_of(readings: Sequence[Any]) -> list[Hit]:
    return [
        (reading.hit.document.source_paths[0].rsplit("/", 1)[-1][:-4], reading.hit.passage.start, reading.hit.passage.end)
        for reading in readings
    ]  # fmt: skip


@dataclass
class Ours:
    """Retrieval as `search` ranks it; answers against the gold span; what refusal looked at."""

    retrieval: Retrieval = field(default_factory=Retrieval)
    rouge: dict[str, float] = field(default_factory=dict)  # by id, of the marked words
    whole: dict[str, float] = field(default_factory=dict)  # of the sentences
    refused: int = 0
    judged: list[tuple[float, bool]] = field(default_factory=list)  # relevance of the first, right
    kinds: dict[str, list[str]] = field(default_factory=dict)  # ids by kind of question

    def ranking(self) -> Measured:
        """Scored by answer@1."""
        first = self.retrieval.first
        types = {k: (int(sum(first[i] for i in ids)), len(ids)) for k, ids in self.kinds.items()}
        return Measured(self.retrieval.n, self.retrieval.figures(), types, first)

    def answers(self) -> Measured:
        """Scored by how near each answer is to the gold span."""
        figures = {
            "ROUGE-L": mean(self.rouge.values()),
            "ROUGE-L sentences": mean(self.whole.values()),
            "refused": self.refused,
        }
        for kind, ids in self.kinds.items():
            figures[f"ROUGE-L {kind}"] = mean(self.rouge[i] for i in ids)
        return Measured(len(self.rouge), figures, outcomes=self.rouge)


def mean(values: Iterable[float]) -> float:
    found = list(values)
    return sum(found) / len(found)


def ask(
    bench: Bench, asked: Sequence[dict[str, Any]], *, answers: bool = True, **options: Any
) -> Ours:
    assistant = bench.assistant(**options)
    view = assistant.view(LOCAL)
    ours = Ours()
    for question in asked:
        understood = understand([question["question"]], corpus_of(view), ())
        readings = assistant.read(understood, view)
        ours.retrieval.add(question, hits_of(readings))
        right = ours.retrieval.first[question["id"]] == 1
        ours.judged.append((readings[0].relevance if readings else 0.0, right))
        ours.kinds.setdefault(str(understood.kind), []).append(question["id"])
        if answers:
            answer = assistant.ask([question["question"]])
            ours.refused += answer.refused
            said, whole = ("", "") if answer.refused else (marked(answer), plain(answer))
            ours.rouge[question["id"]] = rouge_l(said, question["answer"])
            ours.whole[question["id"]] = rouge_l(whole, question["answer"])
    return ours


def risk_and_coverage(judged: Sequence[tuple[float, bool]]) -> list[tuple[float, float]]:
    """(share answered, share of those whose first passage is wrong) as the threshold falls."""
    ordered = sorted(judged, key=lambda item: -item[0])
    points, wrong = [], 0
    for number, (_, right) in enumerate(ordered, 1):
        wrong += not right
        if number >= 10:
            points.append((number / len(ordered), wrong / number))
    return points


def main() -> int:
    if data_missing():
        return 0
    baseline = measure_retrieval(langchain_tutorial()).figures()
    with ncp_bench() as bench:
        found = ask(bench, questions())
    lines = [
        ["LangChain 教程（400/50，Chroma，同一向量模型）", *(baseline[name] for name in FIGURES)],
        ["本项目", *(found.retrieval.figures()[name] for name in FIGURES)],
    ]
    print(table(("", *FIGURES), lines))
    print("；".join(f"{name} {value:.3f}" for name, value in found.answers().figures.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
