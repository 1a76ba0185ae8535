"""python -m assistant people."""

import argparse
import io
import json
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from assistant.__main__ import main
from assistant.commands import people as command
from assistant.people import passwords
from assistant.people.log import Entry
from assistant.people.person import ROLES
from assistant.people.store import People
from vectorstore.errors import PolicyError

GOOD = "三只青蛙坐在河边看月亮"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("POLICY_DATA_DIR", str(tmp_path))
    return tmp_path / "people.sqlite3"


def run(monkeypatch: pytest.MonkeyPatch, *words: str, typed: str = "") -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    return main(["people", *words])


def rows(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    capsys.readouterr()
    assert main(["people", "list", "--json"]) == 0
    found: list[dict[str, object]] = json.loads(capsys.readouterr().out)
    return found


def test_the_first_person_can_do_all(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "list") == 0
    assert "people add" in capsys.readouterr().out
    assert run(monkeypatch, "add", "root", "--name", "管理员", typed=GOOD + "\n") == 0
    assert run(monkeypatch, "add", "li", typed="另一个很长的密码啊啊\n") == 0
    first, second = sorted(rows(capsys), key=lambda row: row["login"] != "root")
    assert first["roles"] == [*ROLES]
    assert second["roles"] == ["查阅"]
    store = People(file)
    account = store.by_login("root")
    assert account is not None
    assert account.must_change
    assert passwords.matches(store.password_of(account.id), GOOD)
    store.close()


def test_with_three_roles_apart_the_first_sets_up_the_others(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POLICY_WEB_SEPARATE", "true")
    assert run(monkeypatch, "add", "root", typed=GOOD) == 0
    assert "还要给别人" in capsys.readouterr().err
    assert rows(capsys)[0]["roles"] == ["查阅", "起草", "资料管理", "系统管理"]
    both = ("--role", "审计", "--role", "安全管理")
    assert run(monkeypatch, "add", "b", *both, typed=GOOD) == 1
    assert "三员分立" in capsys.readouterr().err


def test_what_cannot_be_is_said_in_a_sentence(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "add", "root", typed=GOOD) == 0
    for words, typed, said in (
        (("add", "root"), GOOD, "已有登录名"),
        (("add", "b"), "short", "至少 10"),
        (("add", "b", "--department", "没有的"), GOOD, "没有叫“没有的”的部门"),
        (("disable", "root"), "", "最后一个"),
        (("roles", "root", "--role", "查阅"), "", "最后一个"),
        (("password", "absent"), "", "没有登录名为“absent”的账号"),
    ):
        assert run(monkeypatch, *words, typed=typed) == 1
        assert said in capsys.readouterr().err
    assert len(rows(capsys)) == 1


def test_departments_roles_and_disabling(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "department", "add", "市政府") == 0
    assert run(monkeypatch, "department", "add", "办公室", "--above", "市政府") == 0
    assert run(monkeypatch, "department", "add", "财政局", "--above", "市政府") == 0
    assert run(monkeypatch, "add", "root", typed=GOOD) == 0
    assert run(monkeypatch, "add", "li", "--department", "办公室", "--source", "oidc") == 0
    assert run(monkeypatch, "password", "li", typed=GOOD) == 1  # has none here
    assert run(monkeypatch, "roles", "li", "--role", "起草", "--role", "查阅") == 0
    assert run(monkeypatch, "disable", "li") == 0
    row = next(row for row in rows(capsys) if row["login"] == "li")
    assert {k: row[k] for k in ("department", "roles", "source", "disabled")} == {
        "department": "办公室", "roles": ["查阅", "起草"], "source": "oidc", "disabled": True,
    }  # fmt: skip
    assert run(monkeypatch, "enable", "li") == 0
    assert run(monkeypatch, "department", "list") == 0
    out = capsys.readouterr().out.splitlines()
    assert [line.split("  dept")[0] for line in out[-3:]] == ["市政府", "  办公室", "  财政局"]


@dataclass
class Log:
    """Keeps entries, or is full."""

    is_full: bool = False
    entries: list[Entry] = field(default_factory=list)

    def record(self, entry: Entry) -> None:
        if self.is_full:
            raise PolicyError("审计日志没有记下")
        self.entries.append(entry)


@pytest.mark.parametrize(
    ("words", "work"),
    [
        ("add li", "add"), ("roles root --role 查阅 --role 系统管理", "set_roles"), ("disable root", "disable"),
        ("enable root", "enable"), ("password root", "set_password"), ("department add 办公室", "put_department"),
    ],
)  # fmt: skip
def test_a_deed_is_in_the_log_before_it_is_done(
    file: Path, monkeypatch: pytest.MonkeyPatch, words: str, work: str
) -> None:
    people = People(file)
    root = people.add("root", "管理员", roles=ROLES)
    people.add("other", "另一位", roles=ROLES)
    parser = argparse.ArgumentParser()
    command.add_parser(parser.add_subparsers())
    arguments = parser.parse_args(["people", *words.split()])

    def state() -> tuple[object, ...]:
        return people.people(), people.departments(), people.password_of(root.id)

    before = state()
    monkeypatch.setattr("sys.stdin", io.StringIO(GOOD))
    with pytest.raises(PolicyError, match="没有记下"):
        command.run(people, Log(is_full=True), arguments)
    assert state() == before
    log, noted = Log(), list[str]()

    def fail(*_: object, **__: object) -> None:
        noted.extend(e.result for e in log.entries)
        raise PolicyError("磁盘已满")

    monkeypatch.setattr(People, work, fail)
    monkeypatch.setattr("sys.stdin", io.StringIO(GOOD))
    with pytest.raises(PolicyError, match="磁盘已满"):
        command.run(people, log, arguments)
    assert noted == ["done"]
    assert [e.result for e in log.entries] == ["done", "failed"]
    people.close()


def test_a_new_password_lets_in_again(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(monkeypatch, "add", "root", typed=GOOD) == 0
    store = People(file)
    account = store.by_login("root")
    assert account is not None
    store.sessions.begin(account.id, "", "")
    for _ in range(5):
        store.tries.begin("root", "")
    assert run(monkeypatch, "password", "root", typed="换了一个新的密码啊啊\n") == 0
    assert store.sessions.of(account.id) == []
    assert not store.tries.begin("root", "10.0.0.1")
    store.close()


def test_a_key_is_made_listed_and_revoked(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "add", "oa", "--source", "service") == 0
    assert "查阅" in capsys.readouterr().out  # never all roles, first account or not
    made = [
        "key",
        "add",
        "oa",
        "--name",
        "OA",
        "--scope",
        "ask",
        "--days",
        "9",
        "--per-minute",
        "5",
    ]
    assert run(monkeypatch, *made) == 0
    secret = capsys.readouterr().out.strip()
    store = People(file)
    key = store.keys.find(secret)
    assert key is not None
    assert (key.scopes, key.per_minute, (key.expires - key.created) / 86400) == ({"ask"}, 5, 9)
    assert run(monkeypatch, "key", "list", "oa", "--json") == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["id"], row["login"], row["revoked"]) == (key.id, "oa", 0)
    assert secret not in json.dumps(row)
    assert run(monkeypatch, "key", "revoke", key.id) == 0
    assert store.keys.find(secret) is None
    store.close()
    assert run(monkeypatch, "key", "revoke", "key:none") == 1
    assert run(monkeypatch, "key", "add", "oa", "--name", "x", "--days", "999") == 1
    assert run(monkeypatch, "key", "list") == 0
    assert "已吊销" in capsys.readouterr().out
