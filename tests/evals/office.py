"""Questions as people in an office type them, over the five documents:
python -m tests.evals.office

Beside the rules of the seeds: alternatives with ||, and `cover`, how much of a list must be said.
"""

import sys

from tests.evals.asking import Asked, show
from tests.evals.common import EVAL, Bench, data_missing, five_bench, rows


def ask(bench: Bench, **options: object) -> Asked:
    return Asked().ask(bench, rows(EVAL / "office_dev.jsonl"), **options)


def main() -> int:
    if not data_missing():
        with five_bench() as bench:
            show(ask(bench))
    return 0


if __name__ == "__main__":
    sys.exit(main())
