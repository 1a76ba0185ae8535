"""python -m assistant people: accounts and departments, without a browser; the first
administrator comes from here."""

import argparse
import getpass
import json
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from assistant.commands import keys
from assistant.people import passwords
from assistant.people.audit_log import at_terminal
from assistant.people.log import AuditLog, Deed, recorded
from assistant.people.person import APART, ROLES, Department
from assistant.people.store import Account, People, new_identifier
from vectorstore.errors import PolicyError

_PASSWORD = "密码从键盘问两次；不在终端上时从标准输入读一行。本人第一次登录时要改掉它"  # noqa: S105


def add_parser(commands: Any) -> None:
    """Adds the command to those that argparse knows."""
    text = "管理账号、角色和部门（网页用 POLICY_WEB_LOGIN 设置登录）"
    command = commands.add_parser("people", help=text, description=text)
    deeds = command.add_subparsers(dest="deed", required=True)
    add = deeds.add_parser(
        "add", help="建一个账号；第一个账号默认有全部角色", description=_PASSWORD
    )
    _login(add)
    add.add_argument("--name", default="", help="姓名（默认与登录名相同）")
    add.add_argument("--department", default="", help="部门的编号，或不重名的名称")
    _roles(add, "角色，可写几次；第一个账号默认全部，其余默认查阅")
    add.add_argument("--source", choices=("local", "oidc", "proxy", "service"), default="local",
                     help="在哪里登录：本系统的密码（默认）、统一登录、代理；service 是服务账号，不登录，程序用密钥")  # fmt: skip
    _json(deeds.add_parser("list", help="列出账号"))
    _login(
        deeds.add_parser(
            "password", help="给一个账号设新密码，并结束其全部登录", description=_PASSWORD
        )
    )
    roles = deeds.add_parser("roles", help="给一个账号换角色，并结束其全部登录")
    _login(roles)
    _roles(roles, "角色，可写几次；不写就是一个角色也没有")
    _login(deeds.add_parser("disable", help="停用一个账号，并结束其全部登录"))
    _login(deeds.add_parser("enable", help="恢复一个停用的账号"))
    department = deeds.add_parser("department", help="管理部门")
    kinds = department.add_subparsers(dest="kind", required=True)
    new = kinds.add_parser("add", help="建一个部门")
    new.add_argument("name", help="部门名称")
    new.add_argument("--above", default="", help="上级部门的编号，或不重名的名称")
    _json(kinds.add_parser("list", help="列出部门"))
    keys.add_parser(deeds)


def _login(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("login", help="登录名")


def _roles(parser: argparse.ArgumentParser, text: str) -> None:
    parser.add_argument("--role", action="append", choices=ROLES, dest="roles", help=text)


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="在标准输出打印 JSON")


def run(people: People, log: AuditLog, arguments: argparse.Namespace) -> None:
    """Does one deed. Raises PolicyError with a sentence."""
    if arguments.deed == "list":
        _list(people, arguments.json)
    elif arguments.deed == "key":
        keys.run(people, log, arguments)
    elif arguments.deed == "department":
        _department(people, log, arguments)
    elif arguments.deed == "add":
        _add(people, log, arguments)
    else:
        deeds: dict[str, Callable[[People, AuditLog, Account, argparse.Namespace], None]] = {
            "password": _password, "roles": _set_roles, "disable": _disable, "enable": _enable,
        }  # fmt: skip
        deeds[arguments.deed](people, log, _account(people, arguments.login), arguments)


def _add(people: People, log: AuditLog, arguments: argparse.Namespace) -> None:
    is_first = not people.people() and arguments.source != "service"
    roles = arguments.roles or (_first_roles(people) if is_first else ["查阅"])
    department = _meant(people, arguments.department)
    if people.by_login(arguments.login):
        raise PolicyError(f"已有登录名为“{arguments.login}”的账号")
    kept = ""
    if arguments.source == "local":
        kept = _new_password(arguments.login, arguments.name)
    identifier = new_identifier()
    with _deed(
        log,
        "add person",
        identifier,
        login=arguments.login,
        target_name=arguments.name,
        roles=roles,
    ):
        account = people.add(
            arguments.login, arguments.name, department=department, roles=roles,
            source=arguments.source, password=kept, identifier=identifier,
        )  # fmt: skip
    print(f"已建账号 {account.login}（{account.name}）：{_roles_of(account)}")
    if people.separate and not {role for a in people.people() for role in a.roles} >= APART:
        print("三员分立：还要给别人建有系统管理、安全管理、审计角色的账号", file=sys.stderr)


def _first_roles(people: People) -> list[str]:
    """Of whoever sets the program up: all; with 三员 apart, what sets up the others."""
    return [role for role in ROLES if not people.separate or role not in APART - {"系统管理"}]


def _password(people: People, log: AuditLog, account: Account, _: argparse.Namespace) -> None:
    if account.source != "local":
        raise PolicyError(f"“{account.login}”不用本系统的密码登录")
    kept = _new_password(account.login, account.name)
    with _deed(log, "change password", account.id):
        people.set_password(account.id, kept, must_change=True)
        people.tries.forget(account.login)
    print(f"已给 {account.login} 设新密码；本人下次登录时要改掉它")


def _set_roles(
    people: People, log: AuditLog, account: Account, arguments: argparse.Namespace
) -> None:
    wanted = [role for role in ROLES if role in (arguments.roles or ())]
    with _deed(log, "change roles", account.id, before=_sorted(account), after=wanted):
        changed = people.set_roles(account.id, wanted)
    print(f"{changed.login}：{_roles_of(changed)}")


def _disable(people: People, log: AuditLog, account: Account, _: argparse.Namespace) -> None:
    with _deed(log, "change person", account.id, disabled=True):
        people.disable(account.id)
    print(f"已停用 {account.login}")


def _enable(people: People, log: AuditLog, account: Account, _: argparse.Namespace) -> None:
    with _deed(log, "change person", account.id, disabled=False):
        people.enable(account.id)
    print(f"已恢复 {account.login}")


def _list(people: People, as_json: bool) -> None:
    names = {department.id: department.name for department in people.departments()}
    accounts = people.people()
    if as_json:
        rows = [
            {
                "id": a.id, "login": a.login, "name": a.name, "department": names.get(a.department, ""),
                "roles": _sorted(a), "source": a.source, "disabled": a.is_disabled,
            }
            for a in accounts
        ]  # fmt: skip
        print(json.dumps(rows, ensure_ascii=False))
        return
    for a in accounts:
        parts = [a.login, a.name, names.get(a.department, "—"), _roles_of(a), a.source]
        print("  ".join([*parts, "停用"] if a.is_disabled else parts))
    if not accounts:
        print("还没有账号；用 python -m assistant people add 登录名 建第一个")


def _department(people: People, log: AuditLog, arguments: argparse.Namespace) -> None:
    if arguments.kind == "add":
        above = _meant(people, arguments.above)
        with _deed(log, "change departments", target_name=arguments.name, parent=above):
            made = people.put_department(arguments.name, above)
        print(f"已建部门 {made.name}（{made.id}）")
        return
    found = people.departments()
    if arguments.json:
        rows = [{"id": d.id, "name": d.name, "above": d.parent} for d in found]
        print(json.dumps(rows, ensure_ascii=False))
        return
    depth: dict[str, int] = {"": -1}
    for department in found:
        depth[department.id] = depth[department.parent] + 1
        print(f"{'  ' * depth[department.id]}{department.name}  {department.id}")


def _account(people: People, login: str) -> Account:
    account = people.by_login(login)
    if account is None:
        raise PolicyError(f"没有登录名为“{login}”的账号；用 python -m assistant people list 查看")
    return account


def _meant(people: People, said: str) -> str:
    """The department that somebody names by its id or its name; '' for none."""
    found: list[Department] = [d for d in people.departments() if said in (d.id, d.name)]
    if said and len(found) != 1:
        wrong = "没有" if not found else f"有 {len(found)} 个"
        raise PolicyError(
            f"{wrong}叫“{said}”的部门；用 python -m assistant people department list 查看编号"
        )
    return found[0].id if found else ""


def _new_password(login: str, name: str) -> str:
    """The hash of what somebody types; never an argument, which others see in a list of
    processes."""
    if sys.stdin.isatty():
        first, second = getpass.getpass("密码："), getpass.getpass("再输一次：")
        if first != second:
            raise PolicyError("两次输入的密码不一样")
    else:
        first = sys.stdin.readline().rstrip("\r\n")
    passwords.require_good(first, login, name)
    return passwords.hashed(first)


def _sorted(account: Account) -> list[str]:
    return [role for role in ROLES if role in account.roles]


def _roles_of(account: Account) -> str:
    return "、".join(_sorted(account)) or "没有角色"


def _deed(log: AuditLog, deed: Deed, on: str = "", **details: Any) -> AbstractContextManager[None]:
    """Around a deed: it is in the log first."""
    return recorded(log, at_terminal().did(deed, on, **details))
