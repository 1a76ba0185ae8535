"""Real questions over 599 documents of 2020, beside the LangChain tutorial pipeline:
python -m tests.evals.ncp"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant.question import understand
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


def ours(**options: Any) -> tuple[Retrieval, dict[str, float]]:
    """Retrieval as `search` ranks it, and the answers' text against the gold span."""
    bench = ncp_bench()
    assistant = bench.assistant(**options)
    assistant.ask(["预热"])

    def search(question: str) -> list[Hit]:
        return hits_of(assistant.read(understand([question], assistant.corpus(), ())))

    retrieval = measure_retrieval(search)
    scores, times, refused = [], [], 0
    for question in rows(EVAL / "ncp" / "questions.jsonl"):
        answer = assistant.ask([question["question"]])
        refused += answer.refused
        scores.append(0.0 if answer.refused else rouge_l(plain(answer), question["answer"]))
        times.append(answer.timings_ms["total"])
    bench.index.close()
    return retrieval, {
        "ROUGE-L": sum(scores) / len(scores), "refused": refused / len(scores),
        "median_ms": quantile(times, 0.5), "p95_ms": quantile(times, 0.95),
    }  # fmt: skip


def main() -> int:
    if data_missing():
        return 0
    retrieval, answers = ours()
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
