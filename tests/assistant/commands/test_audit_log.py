"""python -m assistant audit-log."""

import csv
import getpass
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from assistant import __main__ as cli
from assistant.commands import history
from assistant.people.audit_log import KeptLog
from assistant.people.log import Who
from ingest import __main__ as ingest_cli
from ingest.pipeline import FileResult
from ingest.recording import recorded
from tests.conftest import HashEmbedder
from vectorstore.chain.chain import Chosen
from vectorstore.errors import PolicyError
from vectorstore.settings import LogSettings


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("POLICY_DATA_DIR", str(tmp_path))
    return tmp_path


@pytest.fixture
def filled_log(folder: Path) -> Path:
    with closing(KeptLog(folder, LogSettings())) as log:
        for n in range(20):
            log.record(Who("user:1", "=张三").did("ask", f"t{n}", question=f"第{n}问"))
    return folder / "log.sqlite3"


def entries(folder: Path) -> list[Any]:
    with closing(KeptLog(folder, LogSettings())) as log:
        return list(log.chain.all(Chosen()))


def test_without_a_log_there_is_one_sentence(folder: Path, capsys: Any) -> None:
    assert cli.main(["audit-log", "verify"]) == 1
    assert "没有审计日志" in capsys.readouterr().err
    assert list(folder.iterdir()) == []


def test_verify_says_the_head_and_takes_it_again(filled_log: Path, capsys: Any) -> None:
    assert cli.main(["audit-log", "verify", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["ok"], found["entries"], found["fault"]) == (True, 20, None)
    assert cli.main(["audit-log", "verify", "--head", found["head"]]) == 0
    assert "日志完整：21 条" in capsys.readouterr().out
    last = entries(filled_log.parent)[-1].record
    assert (last.who, last.personal["name"], last.deed) == (
        "command line", getpass.getuser(), "read log",
    )  # fmt: skip


def test_verify_fails_with_the_first_broken_entry(filled_log: Path, capsys: Any) -> None:
    with closing(sqlite3.connect(filled_log, isolation_level=None)) as db:
        db.execute("DROP TRIGGER entries_stay")
        db.execute("UPDATE entries SET body = replace(body, 't7', 't8') WHERE number = 8")
    assert cli.main(["audit-log", "verify"]) == 1
    said = capsys.readouterr()
    assert "第 8 条被改动过" in said.err
    assert cli.main(["audit-log", "verify", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["fault"]["what"] == "altered"


def test_export_is_an_entry_and_holds_what_was_chosen(filled_log: Path, tmp_path: Path) -> None:
    out = tmp_path / "a.csv"
    assert cli.main(["audit-log", "export", str(out), "--who", "张三"]) == 0
    rows = list(csv.DictReader(out.open(encoding="utf-8-sig", newline="")))
    assert [row["name"] for row in rows] == ["'=张三"] * 20
    out = tmp_path / "a.jsonl"
    assert cli.main(["audit-log", "export", str(out), "--deed", "export log"]) == 0
    (line,) = out.read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["details"]["count"] == 20
    assert cli.main(["audit-log", "export", str(tmp_path / "a.txt")]) == 1


def test_prune(filled_log: Path, capsys: Any) -> None:
    assert cli.main(["audit-log", "prune"]) == 0
    assert "清理了 0 条" in capsys.readouterr().out


def test_to_erase_from_the_log_is_to_erase_from_all(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = []
    monkeypatch.setattr(
        cli, "_with_services", lambda given, work, *, has_people: done.append((given.person, work, has_people)) or 0
    )  # fmt: skip
    for words in (["audit-log", "erase", "user:1"], ["history", "erase", "user:1"]):
        assert cli.main(words) == 0
    assert done == [("user:1", history.run_erase, True), ("user:1", history.run, True)]


def result_of(path: str, action: Any) -> FileResult:
    return FileResult(path, action, "", 1, 2)


def test_taking_files_in_is_logged_file_by_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = [result_of("a", "added"), result_of("b", "unchanged"), result_of("c", "removed")]
    assert recorded(folder, [Path("x")], lambda: results) == results
    assert not (folder / "log.sqlite3").exists()
    monkeypatch.setenv("POLICY_LOG_MODE", "on")
    recorded(folder, [Path("x")], lambda: results)
    assert [(e.record.deed, e.record.details.get("file")) for e in entries(folder)] == [
        ("upload", None), ("upload", "a"), ("delete document", "c"),
    ]  # fmt: skip


def test_files_are_not_taken_in_when_it_cannot_be_logged(
    folder: Path, samples: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    def full(*_: object) -> None:
        raise PolicyError("磁盘已满")

    monkeypatch.setenv("POLICY_LOG_MODE", "on")
    monkeypatch.setattr("vectorstore.chain.chain.Chain.append", full)
    monkeypatch.setattr(ingest_cli, "build_embedder", lambda settings: HashEmbedder())
    assert ingest_cli.main([str(samples)]) == 1
    assert "审计日志没有记下，所以没有导入：磁盘已满" in capsys.readouterr().err
    assert ingest_cli.main(["--status", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []
