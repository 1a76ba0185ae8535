"""The evaluation: python -m tests.evals (make eval)

  (nothing)             measures everything into tests/evals/results.json, renders docs/benchmarks.md
  measure PART…         measures some parts; --out FILE writes them elsewhere
  render                docs/benchmarks.md from the results, without measuring
  compare A.json B.json per set what changed, and the ids won and lost

About forty minutes on two quiet cores the first time, a good part of it embedding.
"""

import argparse
import sys
from pathlib import Path

from tests.evals import results
from tests.evals.common import data_missing


def main(arguments: list[str] | None = None) -> int:
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        if options.command == "compare":
            from tests.evals.compare import compare

            print(compare(results.load(options.before), results.load(options.after)))
        elif options.command == "render":
            _render()
        elif not data_missing():
            _measure(getattr(options, "parts", []), getattr(options, "out", results.FILE))
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.evals", description="评测")
    commands = parser.add_subparsers(dest="command")
    measure = commands.add_parser("measure", help="只测几项")
    measure.add_argument("parts", nargs="*", help="seeds office drafts own ncp …；不写则全部")
    measure.add_argument("--out", type=Path, default=results.FILE, help="写到哪个文件")
    commands.add_parser("render", help="由结果写 docs/benchmarks.md")
    compare = commands.add_parser("compare", help="比较两份结果")
    compare.add_argument("before", type=Path, help="之前的结果")
    compare.add_argument("after", type=Path, help="之后的结果")
    return parser


def _measure(names: list[str], out: Path) -> None:
    """Each part is saved when it is done: an interrupted run keeps what it has."""
    from tests.evals.parts import PARTS

    if unknown := [name for name in names if name not in PARTS]:
        raise ValueError(f"没有这一项：{'、'.join(unknown)}；有 {'、'.join(PARTS)}")
    for name in names or PARTS:
        print(f"{name} …", file=sys.stderr, flush=True)
        found = PARTS[name]()
        results.save(found, out)
        for title, measured in found.items():
            figures = "；".join(f"{k} {v:.4g}" for k, v in measured.figures.items())
            print(f"{title}（{measured.n}）：{figures}", flush=True)
    if out == results.FILE:
        _render()


def _render() -> None:
    from tests.evals.render import write

    write(results.load())


if __name__ == "__main__":
    sys.exit(main())
