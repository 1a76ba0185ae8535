"""Real questions over 599 documents of 2020, beside the LangChain tutorial pipeline:
python -m tests.evals.ncp"""

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant.chat import Assistant
from assistant.people.viewer import LOCAL
from assistant.understand.corpus import corpus_of
from assistant.understand.question import understand
from tests.evals.baselines import langchain_tutorial
from tests.evals.common import EVAL, data_missing, ncp_bench, plain, quantile, rouge_l, rows, table

Hit = tuple[str, int, int]  # document, start, end
HEADER = ("", "doc@1", "doc@10", "MRR", "answer@1", "answer@5", "answer@10")


@dataclass
class Retrieval:
    """Sums over questions; `line` gives the shares."""

    n: int = 0
    sums: dict[str, float] = field(default_factory=dict)

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
        for name, value in values.items():
            self.sums[name] = self.sums.get(name, 0.0) + value

    def share(self, name: str) -> float:
        return self.sums[name] / self.n

    def line(self, label: str) -> list[Any]:
        return [label, *(self.share(name) for name in HEADER[1:])]


def measure_retrieval(search: Callable[[str], Sequence[Hit]]) -> Retrieval:
    found = Retrieval()
    for question in rows(EVAL / "ncp" / "questions.jsonl"):
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

    retrieval: Retrieval
    answers: dict[str, float]
    judged: list[tuple[float, bool]]  # relevance of the first passage, whether it answers
    kinds: dict[str, list[tuple[bool, float]]]  # by kind of question: answer@1, ROUGE-L


def ours(*, answers: bool = True, **options: Any) -> Ours:
    bench = ncp_bench()
    assistant = bench.assistant(**options)
    assistant.ask(["预热"])
    retrieval, judged, asked = Retrieval(), [], []
    questions = rows(EVAL / "ncp" / "questions.jsonl")
    times = []
    for question in questions:
        began = time.perf_counter()
        view = assistant.view(LOCAL)
        understood = understand([question["question"]], corpus_of(view), ())
        readings = assistant.read(understood, view)
        times.append(1000 * (time.perf_counter() - began))
        hits = hits_of(readings)
        before = retrieval.sums.get("answer@1", 0.0)
        retrieval.add(question, hits)
        right = retrieval.sums["answer@1"] > before
        judged.append((readings[0].relevance if readings else 0.0, right))
        asked.append(str(understood.kind))
    found, kinds = {"read_ms": quantile(times, 0.5)}, {}
    if answers:
        measured, scores = _answers(assistant, questions)
        found |= measured
        for kind, (_, right), score in zip(asked, judged, scores, strict=True):
            kinds.setdefault(kind, []).append((right, score))
    bench.index.close()
    return Ours(retrieval, found, judged, kinds)


def _answers(
    assistant: Assistant, questions: Sequence[dict[str, Any]]
) -> tuple[dict[str, float], list[float]]:
    scores, times, refused = [], [], 0
    for question in questions:
        answer = assistant.ask([question["question"]])
        refused += answer.refused
        scores.append(0.0 if answer.refused else rouge_l(plain(answer), question["answer"]))
        times.append(answer.timings_ms["total"])
    return {
        "ROUGE-L": sum(scores) / len(scores), "refused": refused / len(scores),
        "median_ms": quantile(times, 0.5), "p95_ms": quantile(times, 0.95),
    }, scores  # fmt: skip


def by_kind(lexical: Ours, reader: Ours) -> str:
    """answer@1 and ROUGE-L for each kind of question that occurs at least ten times."""
    lines = []
    for kind, read in sorted(reader.kinds.items(), key=lambda item: -len(item[1])):
        if len(read) >= 10:
            pairs = (lexical.kinds[kind], read)
            means = [[sum(p[i] for p in found) / len(found) for found in pairs] for i in (0, 1)]
            lines.append((kind, len(read), *means[0], *means[1]))
    header = ("问题种类", "题数", "answer@1 词面", "answer@1 阅读", "ROUGE-L 词面", "ROUGE-L 阅读")
    return table(header, lines)


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
    found = ours()
    retrieval, answers = found.retrieval, found.answers
    baseline = measure_retrieval(langchain_tutorial())
    print(
        table(
            HEADER,
            [
                baseline.line("LangChain 教程（400/50，Chroma，同一向量模型）"),
                retrieval.line("本项目"),
            ],
        )
    )
    print(table(("ROUGE-L", "误拒", "回答中位 ms", "回答 p95 ms"),
                [[answers["ROUGE-L"], answers["refused"], round(answers["median_ms"]), round(answers["p95_ms"])]]))  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
