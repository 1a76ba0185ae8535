"""Questions of our own over laws, the ncp documents and the five: python -m tests.evals.own

Others wrote them, without a look at the code. How many were right when first run, before any
rule was made with them in mind, stands in docs/development.md.
"""

import sys
import tarfile
from collections import Counter
from pathlib import Path
from typing import Any

from tests.evals.common import (
    CACHE,
    EVAL,
    ROOT,
    Bench,
    data_missing,
    exact_quotes,
    is_right,
    ncp_bench,
    open_bench,
    plain,
    rows,
    seeds_bench,
    table,
)

QUESTIONS = ROOT / "tests" / "data" / "own_questions.jsonl"
NAMES = {
    "fact": "单个事实", "department": "部门职责", "list": "列举", "definition": "定义",
    "temporal": "时间和时效", "none": "库中没有", "comparison": "比较", "follow_up": "追问",
    "aggregation": "全库", "false_premise": "前提有误", "injection": "指令注入",
    "region_alias": "地区简称", "paraphrase": "换个说法",
}  # fmt: skip


def laws_bench(every: int = 11) -> Bench:
    """Every 11th of the laws: 311 documents."""
    folder = CACHE / "evals" / f"laws-{every}"
    if not folder.is_dir():
        with tarfile.open(EVAL / "laws.tar.xz") as tar:
            members = sorted(
                (m for m in tar.getmembers() if m.name.endswith(".md")), key=lambda m: m.name
            )
            folder.mkdir(parents=True)
            for number, member in enumerate(members):
                if number % every == 4:
                    content = tar.extractfile(member)
                    assert content is not None
                    (folder / f"{number:04d} {Path(member.name).name}").write_bytes(content.read())
    return open_bench(f"laws-{every}", folder)


CORPORA = {"laws": laws_bench, "ncp": ncp_bench, "five": seeds_bench}


def measure(**options: Any) -> dict[str, Any]:
    """Right answers by type, and what was wrong."""
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    wrong, inexact = [], 0
    for corpus, open_corpus in CORPORA.items():
        bench = open_corpus()
        assistant = bench.assistant(**options)
        for row in rows(QUESTIONS):
            if row["corpus"] != corpus:
                continue
            answer = assistant.ask(row["turns"])
            total[row["type"]] += 1
            right[row["type"]] += is_right(row, answer)
            inexact += not exact_quotes(answer, bench.index)
            if not is_right(row, answer):
                wrong.append((row["id"], row["turns"][-1], plain(answer)[:200]))
        bench.index.close()
    return {"right": right, "total": total, "wrong": wrong, "inexact": inexact}


def report(found: dict[str, Any]) -> str:
    right, total = found["right"], found["total"]
    lines = [(name, f"{right[kind]}/{total[kind]}") for kind, name in NAMES.items() if total[kind]]
    return table(("问题类型", "答对"), [*lines, ("全部", f"{right.total()}/{total.total()}")])


def main() -> int:
    if data_missing():
        return 0
    found = measure()
    print(report(found))
    for identifier, question, answer in found["wrong"]:
        print(f"未答对 {identifier}：{question}\n    {answer}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
