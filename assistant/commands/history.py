"""python -m assistant history: what the program keeps of a person, given out or erased."""

import argparse
import json
from pathlib import Path
from typing import Any

from assistant.export.conversation import Exchange, as_file
from assistant.history.covering import shown
from assistant.history.models import StoredConversation
from assistant.people.audit_log import at_terminal
from assistant.people.log import recorded
from assistant.people.viewer import LOCAL
from assistant.services import Services
from assistant.settings import DraftSettings
from vectorstore.errors import PolicyError
from vectorstore.library import View


def add_parser(commands: Any) -> None:
    """Adds the command to those that argparse knows."""
    text = "导出一个人的问答记录和收藏，或清除各库里的个人数据"
    command = commands.add_parser("history", help=text, description=text)
    command.add_argument(
        "deed",
        choices=("export", "erase"),
        help="export 导出；erase 永久清除，连同账号和稿子（要留的稿子先在“管理”里转给别人）",
    )
    command.add_argument("person", help="人的编号：user:…（账号）或 browser:…（未登录的浏览器）")
    command.add_argument("out", nargs="?", type=Path, help="export 时写入的 JSON 文件")


def run(services: Services, arguments: argparse.Namespace) -> None:
    if arguments.deed == "erase":
        run_erase(services, arguments)
        return
    if arguments.out is None:
        raise PolicyError("请给出要写入的文件：python -m assistant history export 编号 OUT.json")
    if not arguments.out.resolve().parent.is_dir():
        raise PolicyError(f"没有文件夹 {arguments.out.resolve().parent}")
    with recorded(services.log, at_terminal().did("export conversation", arguments.person)):
        found = everything(services, arguments.person)
        arguments.out.write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")
    print(
        f"已写入 {arguments.out}：{len(found['conversations'])} 次对话，{len(found['saved'])} 条收藏。"
    )


def run_erase(services: Services, arguments: argparse.Namespace) -> None:
    """What every store keeps of somebody; `audit-log erase` is this too."""
    gone = services.erase(arguments.person, at_terminal())
    told = "、".join(f"{count} {what}" for what, count in gone.items())
    print(f"已清除 {arguments.person} 的 {told}；审计日志里的姓名、地址和所写的文字也已清除。")


def everything(services: Services, person: str) -> dict[str, Any]:
    """All that is kept of a person, the bin too; answers as far as their sources are still here
    and may be quoted."""
    labelling = services.desk.settings
    view, kept = services.assistant.view(LOCAL), services.history.conversations
    return {
        "person": person,
        "conversations": [_conversation(c, view, labelling) for c in kept.all_of(person)],
        "saved": [
            {
                "saved": s.saved, "tags": list(s.tags), "note": s.note,
                **_file("", [Exchange(s.question, s.saved, shown(s.question, s.kept, view, is_owner=True))], labelling)["turns"][0],
            }
            for s in services.history.saved.of(person)
        ],
    }  # fmt: skip


def _conversation(
    stored: StoredConversation, view: View, labelling: DraftSettings
) -> dict[str, Any]:
    about = stored.about
    exchanges = [
        Exchange(t.question, t.asked, shown(t.question, t.kept, view, is_owner=True))
        if t.kept
        else Exchange(t.question, t.asked, said=t.error)
        for t in stored.turns
    ]
    return {
        "id": about.id, "created": about.created, "updated": about.updated,
        "shared": bool(about.shared), "deleted": about.deleted, **_file(about.title, exchanges, labelling),
    }  # fmt: skip


def _file(title: str, exchanges: list[Exchange], labelling: DraftSettings) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(as_file("json", title, exchanges, labelling))
    return found
