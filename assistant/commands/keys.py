"""python -m assistant people key: keys of programs, without a browser."""

import argparse
import json
import time
from typing import Any

from assistant.people.audit_log import at_terminal
from assistant.people.keys import SCOPES, Key, new_key_id
from assistant.people.log import AuditLog, recorded
from assistant.people.store import Account, People
from assistant.settings import ApiSettings
from vectorstore.errors import PolicyError
from vectorstore.settings import load_settings


def add_parser(deeds: Any) -> None:
    """Adds `key` to what `people` does."""
    key = deeds.add_parser("key", help="管理程序调用用的密钥（见 docs/api.md）")
    kinds = key.add_subparsers(dest="kind", required=True)
    add = kinds.add_parser("add", help="给一个账号建密钥；标准输出只打印密钥，只打印这一次")
    add.add_argument(
        "login", help="登录名；给别的系统用的先建服务账号：people add 登录名 --source service"
    )
    add.add_argument("--name", required=True, help="名称，说明给哪个程序用")
    add.add_argument("--scope", action="append", choices=SCOPES, dest="scopes", help="范围，可写几次；默认 ask、search、read")  # fmt: skip
    add.add_argument("--days", type=int, default=90, help="有效天数（默认 90）")
    add.add_argument("--per-minute", type=int, help="每分钟最多调用多少次（默认 POLICY_API_PER_MINUTE）")  # fmt: skip
    listed = kinds.add_parser("list", help="列出密钥")
    listed.add_argument("login", nargs="?", help="只列这个账号的")
    listed.add_argument("--json", action="store_true", help="在标准输出打印 JSON")
    revoke = kinds.add_parser("revoke", help="吊销一个密钥，立即生效")
    revoke.add_argument("id", help="密钥的编号（key:…），见 list")


def run(people: People, log: AuditLog, arguments: argparse.Namespace) -> None:
    """Does one deed. Raises PolicyError with a sentence."""
    if arguments.kind == "add":
        _add(people, log, arguments)
    elif arguments.kind == "list":
        _list(people, arguments)
    else:
        if people.keys.known(arguments.id) is None:
            raise PolicyError(f"没有编号为“{arguments.id}”的密钥；用 people key list 查看")
        with recorded(log, at_terminal().did("revoke key", arguments.id)):
            people.keys.revoke(arguments.id)
        print(f"已吊销 {arguments.id}")


def _add(people: People, log: AuditLog, arguments: argparse.Namespace) -> None:
    settings, account = load_settings(ApiSettings), _account(people, arguments.login)
    if arguments.days > settings.key_days:
        raise PolicyError(f"密钥最长有效 {settings.key_days} 天（POLICY_API_KEY_DAYS）")
    scopes = arguments.scopes or ["ask", "search", "read"]
    rate, new = arguments.per_minute or settings.per_minute, new_key_id()
    details = {"scopes": scopes, "days": arguments.days, "per_minute": rate, "owner": account.id}
    with recorded(log, at_terminal().did("add key", new, **details)):
        _, secret = people.keys.add(account.id, arguments.name, scopes, days=arguments.days,
                                    per_minute=rate, identifier=new)  # fmt: skip
    print(secret)


def _list(people: People, arguments: argparse.Namespace) -> None:
    accounts = [_account(people, arguments.login)] if arguments.login else people.people()
    found = [(account, key) for account in accounts for key in people.keys.of(account.id)]
    if arguments.json:
        rows = [_row(people, account, key) for account, key in found]
        print(json.dumps(rows, ensure_ascii=False))
        return
    for account, key in found:
        state = "在用" if people.keys.lives(key) else "已吊销" if key.revoked else "已过期"
        print("  ".join([key.id, account.login, key.name, " ".join(sorted(key.scopes)), state,
                         f"到期 {_day(key.expires)}", f"最近使用 {_day(key.used)}"]))  # fmt: skip


def _row(people: People, account: Account, key: Key) -> dict[str, Any]:
    return {
        "id": key.id, "login": account.login, "name": key.name, "scopes": sorted(key.scopes),
        "per_minute": key.per_minute, "created": key.created, "expires": key.expires,
        "used": key.used, "revoked": key.revoked, "held": bool(key.waiting(people.rights(account))),
    }  # fmt: skip


def _account(people: People, login: str) -> Account:
    account = people.by_login(login)
    if account is None:
        raise PolicyError(f"没有登录名为“{login}”的账号；用 python -m assistant people list 查看")
    return account


def _day(seconds: int) -> str:
    return time.strftime("%Y-%m-%d", time.localtime(seconds)) if seconds else "—"
