"""Questions over the five real documents: python -m tests.evals.seeds"""

import sys
from collections import Counter

from tests.evals.common import (
    EVAL,
    data_missing,
    exact_quotes,
    is_right,
    plain,
    quantile,
    rows,
    seeds_bench,
    table,
)


def measure(**options: object) -> dict[str, object]:
    """Right answers by type, exact quotes, unsupported sentences, wrong refusals, latency."""
    bench = seeds_bench()
    assistant = bench.assistant(**options)
    questions = rows(EVAL / "seeds_dev.jsonl")
    assistant.ask(questions[0]["turns"])  # the first question loads the models
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    unsupported = inexact = 0
    wrong, times, retrieval = [], [], []
    declined = [0, 0]  # unanswerable: declined, all
    for row in questions:
        answer = assistant.ask(row["turns"])
        total[row["type"]] += 1
        right[row["type"]] += is_right(row, answer)
        if not is_right(row, answer):
            wrong.append((row["id"], row["turns"][-1], plain(answer)[:160]))
        unsupported += sum(check.verdict == "unsupported" for check in answer.checks)
        inexact += not exact_quotes(answer, bench.index)
        if not row["answerable"]:
            declined[0] += answer.refused
            declined[1] += 1
        times.append(answer.timings_ms["total"])
        retrieval.append(answer.timings_ms["retrieve"])
    bench.index.close()
    return {
        "right": sum(right.values()), "questions": sum(total.values()),
        "types": {kind: (right[kind], total[kind]) for kind in sorted(total)},
        "unsupported": unsupported, "inexact": inexact, "declined": tuple(declined), "wrong": wrong,
        "answer_ms": (quantile(times, 0.5), quantile(times, 0.95)),
        "retrieve_ms": (quantile(retrieval, 0.5), quantile(retrieval, 0.95)),
    }  # fmt: skip


def report(found: dict[str, object]) -> str:
    types = [(kind, f"{a}/{b}") for kind, (a, b) in found["types"].items()]  # type: ignore[attr-defined]
    lines = [*types, ("全部", f"{found['right']}/{found['questions']}")]
    lines += [
        ("引文不准确的回答", found["inexact"]), ("存疑的句子", found["unsupported"]),
        ("不能回答的拒答", "{}/{}".format(*found["declined"])),  # type: ignore[misc]
        ("回答 ms（中位，p95）", "{:.0f}, {:.0f}".format(*found["answer_ms"])),  # type: ignore[misc]
        ("检索 ms（中位，p95）", "{:.0f}, {:.0f}".format(*found["retrieve_ms"])),  # type: ignore[misc]
    ]  # fmt: skip
    return table(("问题类型", "结果"), lines)


def main() -> int:
    if data_missing():
        return 0
    found = measure()
    print(report(found))
    for identifier, question, answer in found["wrong"]:  # type: ignore[attr-defined]
        print(f"未答对 {identifier}：{question}\n    {answer}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
