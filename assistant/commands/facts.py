"""python -m assistant facts: what the documents state, as lines, JSON or an Excel file."""

import argparse
import json
from pathlib import Path
from typing import Any

from assistant.indicators.chosen import KIND_NAMES, KINDS, Chosen
from assistant.indicators.listing import Row, as_json, first_rows, organs, value, what
from assistant.people.audit_log import at_terminal
from assistant.people.log import Deed, recorded
from assistant.people.viewer import LOCAL
from assistant.services import Services
from vectorstore.errors import PolicyError

_MOST = 100_000


def add_parser(commands: Any) -> None:
    """Adds the command to those that argparse knows."""
    text = "列出文件里写明的指标、分工、金额、时限等"
    command = commands.add_parser("facts", help=text, description=text)
    kinds = "，".join(f"{kind} {KIND_NAMES[kind][0]}" for kind in KINDS)
    command.add_argument("--kind", default="", choices=KINDS, metavar="KIND", help=f"类别：{kinds}")
    command.add_argument("--place", default="", help="地区，如 青禾市 或 云岭省/青禾市")
    command.add_argument("--word", default="", help="主题词，如 自来水普及率")
    command.add_argument("--organ", default="", help="部门，如 教育局")
    command.add_argument("--year", default="", help="年份，如 2027 或 2025-2027")
    command.add_argument("--state", default="", help="文件的时效状态，如 现行有效")
    command.add_argument("--document", default="", help="一份文件的编号（document_id）")
    command.add_argument("--limit", type=int, default=1000, help="最多列出多少条（默认 1000）")
    command.add_argument("--json", action="store_true", help="在标准输出打印 JSON")
    command.add_argument("--xlsx", type=Path, metavar="OUT", help="另存为 Excel 文件")


def run(services: Services, arguments: argparse.Namespace) -> None:
    given: dict[str, Any] = vars(arguments)
    chosen = Chosen.of({name: v for name, v in given.items() if isinstance(v, str)})
    if not 1 <= arguments.limit <= _MOST:
        raise PolicyError(f"--limit 应在 1 到 {_MOST} 之间")
    view = services.assistant.view(LOCAL)
    if chosen.where(view) is None:
        raise PolicyError(f"--year 应是 2027 或 2025-2027 这样的年份，不是“{chosen.year}”")
    deed: Deed = "export" if arguments.xlsx else "search"
    entry = at_terminal().did(deed, "facts", filters=chosen, file=str(arguments.xlsx or ""))
    with recorded(services.log, entry):
        found = first_rows(view, chosen, arguments.limit)
        if arguments.xlsx:
            _save(arguments.xlsx, found)
    if arguments.json:
        print(json.dumps({"count": found.count, "facts": [as_json(row) for row in found.rows]}, ensure_ascii=False))  # fmt: skip
    elif not arguments.xlsx:
        print("\n".join([*map(line, found.rows), _count(found.count, len(found.rows))]))


def _save(path: Path, found: Any) -> None:
    if not path.resolve().parent.is_dir():
        raise PolicyError(f"没有文件夹 {path.resolve().parent}")
    from assistant.export.sheets import fact_sheet

    path.write_bytes(fact_sheet(found))


def line(row: Row) -> str:
    """A fact for the terminal."""
    fact, metadata = row.fact, row.document.metadata
    year = f"{fact.year}年" if fact.year else ""
    said = (KIND_NAMES[fact.kind][0], fact.place, what(fact), year, value(fact), organs(fact))
    number = f"（{metadata.document_number}）" if metadata.document_number else ""
    return f"{' '.join(filter(None, said))}\n   《{metadata.title}》{number}“{' '.join(fact.quote.split())}”"


def _count(count: int, shown: int) -> str:
    if not count:
        return "没有读到符合条件的内容。"
    return f"共 {count} 条" + (f"，列出前 {shown} 条；用 --limit 多列一些" if shown < count else "")
