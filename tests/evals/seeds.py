"""Questions over the five real documents: python -m tests.evals.seeds"""

import sys

from tests.evals.asking import Asked, show
from tests.evals.common import EVAL, Bench, data_missing, five_bench, rows


def ask(bench: Bench, **options: object) -> Asked:
    return Asked().ask(bench, rows(EVAL / "seeds_dev.jsonl"), **options)


def main() -> int:
    if not data_missing():
        with five_bench() as bench:
            show(ask(bench))
    return 0


if __name__ == "__main__":
    sys.exit(main())
