"""python -m assistant compare A B: 修订对照."""

import argparse
import json
from pathlib import Path
from typing import Any

from assistant.people.audit_log import at_terminal
from assistant.people.log import compared, recorded
from assistant.people.viewer import LOCAL
from assistant.revision.choosing import compared_in, find_document
from assistant.revision.rendering import as_json, as_text
from assistant.services import Services
from vectorstore.errors import PolicyError


def add_parser(commands: Any) -> None:
    """Adds the command to those that argparse knows."""
    text = "对照两份已入库的文件，逐条列出增删改"
    command = commands.add_parser("compare", help=text, description=text)
    named = "：编号、标题、文号，或已入库文件的路径"
    command.add_argument("old", metavar="A", help=f"原来的文件{named}")
    command.add_argument("new", metavar="B", help=f"新的文件{named}")
    command.add_argument("--docx", type=Path, metavar="OUT", help="另存为 Word 对照表")
    command.add_argument(
        "--json", action="store_true", help="在标准输出打印 JSON（总是包括未变的条款）"
    )
    command.add_argument(
        "--all", action="store_true", help="未变的条款也列出（对屏幕输出和 Word 对照表）"
    )


def run(services: Services, arguments: argparse.Namespace) -> None:
    out: Path | None = arguments.docx
    if out and not out.resolve().parent.is_dir():
        raise PolicyError(f"没有文件夹 {out.resolve().parent}")
    view = services.assistant.view(LOCAL).quotable
    old = find_document(view, arguments.old, by_path=True)
    new = find_document(view, arguments.new, by_path=True)
    if not out:
        for entry in compared(at_terminal(), old, new):
            services.log.record(entry)
    comparison = compared_in(view, old, new)
    if out:
        from assistant.export.revision import revision_table

        exported = at_terminal().did("export", new.id, old=old.id, file=str(out))
        with recorded(services.log, exported):
            out.write_bytes(revision_table(comparison, every_row=arguments.all))
    if arguments.json:
        print(json.dumps(as_json(comparison), ensure_ascii=False))
    elif not out:
        print(as_text(comparison, every_row=arguments.all))
