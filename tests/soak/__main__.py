"""The campaign: python -m tests.soak [--only NAME …] [--quick] [--landed PATH] (make soak)

Kills, damage, full disks, broken and hostile files, nonsense questions and load, against the
program as it is started. Minutes; prints a table. Exit code 1 when anything was lost or leaked
by this checkout.
"""

import argparse
import importlib
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from .place import OWN, Checkout
from .rows import Row, table

PARTS = (
    "kills", "uploads", "drafts", "damage", "full", "mutants", "hostile", "questions", "servers", "load",
)  # fmt: skip


def main(argv: Sequence[str] | None = None) -> int:
    arguments = _parser().parse_args(argv)
    versions = {"现在": OWN}
    if arguments.landed:
        versions = {"之前": arguments.landed.resolve(), **versions}
    rows: list[Row] = []
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="soak-", dir=arguments.scratch) as scratch:
        for part in arguments.only or PARTS:
            for name, root in versions.items():
                scale = 0.1 if arguments.quick else arguments.scale
                checkout = Checkout(root, name, Path(scratch), arguments.seed, scale)
                rows += [
                    replace(row, checkout=name) for row in _run(part, checkout, arguments.faults)
                ]
    text = table(rows)
    print(text)
    print(f"{(time.monotonic() - began) / 60:.1f} 分钟", file=sys.stderr)
    if arguments.write:
        arguments.write.write_text(_page(text, arguments), encoding="utf-8")
    return 0 if all(row.is_clean for row in rows if row.checkout == "现在") else 1


def _run(part: str, checkout: Checkout, faults: int) -> list[Row]:
    """The rows of one part, said as they come; what breaks a part counts as lost, not as missing."""
    print(f"{time.strftime('%H:%M:%S')} {checkout.name} {part} …", file=sys.stderr, flush=True)
    rows: list[Row] = []
    try:
        for row in importlib.import_module(f".{part}", __package__).run(checkout):
            rows.append(row)
            print(f"  {row.part}: {row.tried} {row.survived} {row.lost} {row.leaked} {row.note}",
                  file=sys.stderr, flush=True)  # fmt: skip
            for fault in row.faults[:faults]:
                print(f"    {fault}", file=sys.stderr, flush=True)
    except Exception as error:  # the edge: the other parts go on
        rows.append(Row(part, 1, 0, 1, 0, f"这一部分没有完成：{error!r:.300}"))
        print(f"  {rows[-1].note}", file=sys.stderr, flush=True)
    return rows


def _page(text: str, arguments: argparse.Namespace) -> str:
    from tests.evals.results import machine

    size = "小规模（--quick）" if arguments.quick else "全量"
    return (
        f"# 耐久试验\n\n由 `make soak` 写成（{date.today().isoformat()}；{machine()}；{size}）。"
        f"各栏的含义见 `tests/soak/rows.py`。\n\n{text}\n"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=PARTS, help="只做这些部分")
    parser.add_argument("--quick", action="store_true", help="每部分约十分之一")
    parser.add_argument("--scale", type=float, default=1.0, help="每部分做全量的几分之几")
    parser.add_argument("--landed", type=Path, metavar="PATH", help="另一份检出，结果并排列出")
    parser.add_argument("--write", type=Path, metavar="FILE", help="把表写进一份 Markdown 文件")
    parser.add_argument("--scratch", type=Path, help="临时文件夹放在哪里")
    parser.add_argument("--seed", type=int, default=11, help="随机数种子")
    parser.add_argument("--faults", type=int, default=20, help="每行最多列出几条细节")
    return parser


if __name__ == "__main__":
    sys.exit(main())
