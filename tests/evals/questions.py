"""Questions of a file over the documents of a folder.

python -m tests.evals.questions QUESTIONS.jsonl DOCUMENTS [--type T …]

The rows are those of office_dev.jsonl (shared data). Counts by type, with the interval that 95 %
of repetitions would fall into, and what was not right.
"""

import argparse
import hashlib
import math
from collections.abc import Sequence
from pathlib import Path

from ingest.facts.refreshing import refresh
from tests.evals.asking import Asked, show
from tests.evals.common import open_bench, rows


def wilson(right: int, total: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson, 1927)."""
    if not total:
        return 0.0, 1.0
    z, share = 1.96, right / total
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    width = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total**2))
    width /= 1 + z * z / total
    return middle - width, middle + width


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.evals.questions", description=__doc__)
    parser.add_argument("questions", type=Path)
    parser.add_argument("documents", type=Path)
    parser.add_argument("--type", nargs="*", default=[])
    parser.add_argument("--reread", action="store_true", help="read the facts again first")
    parser.add_argument("--ids", nargs="*", default=[])
    arguments = parser.parse_args(argv)
    asked = [
        {"type": row.get("kind", ""), **row}
        for row in rows(arguments.questions)
        if (not arguments.type or row["type"] in arguments.type)
        and (not arguments.ids or row["id"] in arguments.ids)
    ]
    name = hashlib.sha256(str(arguments.documents.resolve()).encode()).hexdigest()[:8]
    with open_bench(f"folder-{name}", arguments.documents) as bench:
        if arguments.reread:
            with bench.index.writing():
                refresh(bench.index, always=True)
        result = Asked().ask(bench, asked)
    show(result)
    low, high = wilson(result.right.total(), len(asked))
    print(f"{result.right.total()}/{len(asked)}，95% 区间 {low:.2f}–{high:.2f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
