"""python -m tests.api_cases [--cases 2000] [--seed 1]: calls, server errors, violations."""

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.api_cases.calling import call_all, served

_KINDS = 40  # calls times what is tried of each, about


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.api_cases", description=__doc__)
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    began, total, errors = time.perf_counter(), Counter[int](), 0
    wrong: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as (site, key, _):
        first, done = arguments.seed, 0
        while done < arguments.cases:
            each = max(1, (arguments.cases - done) // _KINDS)
            run = call_all(site, key, each, first)
            for (call, status), count in run.statuses.items():
                total[status] += count
                errors += count * (status >= 500)
                print(f"{call} {status} × {count}") if status >= 500 else None
            wrong |= run.wrong
            done, first = done + run.cases, first + 1000
    for what, how in wrong.items():
        print(f"{what}\n   {how}")
    took = time.perf_counter() - began
    print(
        f"{done} cases, {errors} server errors, {len(wrong)} violations, {took:.0f} s; by status: {dict(sorted(total.items()))}"
    )
    return 1 if errors or wrong else 0


if __name__ == "__main__":
    sys.exit(main())
