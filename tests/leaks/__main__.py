"""python -m tests.leaks [--questions 2000] [--seed 1]: requests, leaks, and where."""

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.leaks.campaign import Campaign, site
from tests.leaks.office import office


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.leaks", description=__doc__)
    parser.add_argument("--questions", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    began = time.perf_counter()
    with (
        tempfile.TemporaryDirectory() as folder,
        office(Path(folder)) as made,
        site(made) as client,
    ):
        campaign = Campaign(made, client, arguments.seed)
        campaign.run(arguments.questions)
    judge = campaign.judge
    for (where, what), count in Counter((k.where, k.what) for k in judge.leaks).most_common(40):
        print(f"{count} × {where}: {what}")
    took = time.perf_counter() - began
    print(f"{judge.looked} answers looked through, {len(judge.leaks)} leaks, {took:.0f} s")
    return 1 if judge.leaks else 0


if __name__ == "__main__":
    sys.exit(main())
