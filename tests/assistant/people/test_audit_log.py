"""What the log of an office keeps, of whom, and how it is read again."""

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.people import audit_log
from assistant.people.audit_log import KeptLog, NotLogged, open_log, pseudonym, record_of
from assistant.people.log import Who, recorded
from assistant.people.log_reading import chosen_of, csv_lines, json_lines
from vectorstore.chain.chain import Chosen, canonical, digest
from vectorstore.chain.verifying import verify
from vectorstore.errors import PolicyError
from vectorstore.settings import LogSettings

SOMEBODY = Who("user:1", "张三", "10.0.0.7")
SHA256 = hashlib.sha256("问".encode()).hexdigest()
COOKIE = "browser:" + "ab" * 16


@pytest.fixture
def log(tmp_path: Path) -> Iterator[KeptLog]:
    with closing(KeptLog(tmp_path, LogSettings())) as opened:
        yield opened


@pytest.mark.parametrize(
    ("mode", "has_login", "is_on"),
    [("auto", False, False), ("auto", True, True), ("on", False, True), ("off", True, False)],
)
def test_the_log_is_on_where_people_log_in(
    tmp_path: Path, mode: Any, has_login: bool, is_on: bool
) -> None:
    log = open_log(tmp_path, LogSettings(mode=mode), has_login=has_login)
    assert (log is not None) == is_on
    assert (tmp_path / "log.sqlite3").exists() == is_on


def test_an_office_keeps_it_for_180_days_at_least(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="180"):
        open_log(tmp_path, LogSettings(days=179), has_login=True)
    assert open_log(tmp_path, LogSettings(days=179), has_login=False) is None


@pytest.mark.parametrize(
    ("questions", "kept"),
    [
        ("full", {"question": "问", "turns": ["先"], "name": "张三", "address": "10.0.0.7"}),
        ("hash", {"sha256": SHA256, "name": "张三", "address": "10.0.0.7"}),
        ("none", {"name": "张三", "address": "10.0.0.7"}),
    ],
)
def test_questions_are_kept_as_the_settings_say(questions: Any, kept: dict[str, Any]) -> None:
    entry = SOMEBODY.did("ask", "t", question="问", turns=["先"], kind="fact")
    record = record_of(entry, LogSettings(questions=questions))
    assert record.personal == kept
    assert record.details == {"kind": "fact"}


def test_a_cookie_stays_a_secret(log: KeptLog) -> None:
    log.record(Who(COOKIE).did("write draft", COOKIE, owner="x"))
    (entry,) = log.chain.page(Chosen(), 0, 1)
    assert entry.record.who == entry.record.on == pseudonym(COOKIE) != COOKIE
    assert "ab" * 16 not in entry.body


def test_what_fails_has_a_second_entry_and_what_cannot_be_logged_is_not_done(
    log: KeptLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ValueError), recorded(log, SOMEBODY.did("delete document", "d")):
        raise ValueError
    assert [e.record.result for e in log.chain.all(Chosen())] == ["done", "failed"]

    def full(*_: object) -> None:
        raise PolicyError("磁盘已满")

    monkeypatch.setattr(log.chain, "append", full)
    done = []
    entry = SOMEBODY.did("delete document", "d")
    with pytest.raises(NotLogged, match="没有做：磁盘已满"), recorded(log, entry):
        done.append(1)
    assert done == []


def test_whoever_says_that_a_person_is_erased_erases_them(log: KeptLog) -> None:
    log.record(SOMEBODY.did("ask", "t", question="问"))
    log.record(Who("user:2", "管理员").did("erase person", "user:1"))
    first, second = log.chain.all(Chosen())
    assert first.is_erased
    assert first.record.personal == {}
    assert second.record.personal == {"name": "管理员"}
    assert verify(log.chain).fault is None


def test_old_entries_go_when_a_day_begins(log: KeptLog, monkeypatch: pytest.MonkeyPatch) -> None:
    log.record(SOMEBODY.did("ask"))
    later = audit_log.datetime.now(audit_log.UTC) + audit_log.timedelta(days=800)

    class Later(audit_log.datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return later

    monkeypatch.setattr(audit_log, "datetime", Later)
    log.record(SOMEBODY.did("ask"))
    assert [e.record.deed for e in log.chain.all(Chosen())] == ["prune log"]
    assert verify(log.chain).fault is None


FORMULAE = ("=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\u200b=1", " =1", "＝1", "\0=1")


@pytest.mark.parametrize("said", FORMULAE)
def test_no_cell_is_a_formula(log: KeptLog, said: str) -> None:
    log.record(replace(SOMEBODY, name=said, id=said).did("ask", said))
    rows = list(csv.reader(io.StringIO("".join(csv_lines(log.chain.all(Chosen()))))))
    assert rows[0][0] == "\ufeffnumber"
    assert len(rows) == 2
    assert not any(cell.lstrip()[:1] in ("=", "+", "-", "@", "＝") for cell in rows[1] if cell)


def test_lines_of_json_are_enough_to_check_the_chain(log: KeptLog) -> None:
    for n in range(5):
        log.record(SOMEBODY.did("ask", f"t{n}", question=f"{n}\ud800\n\0"))
    lines = [json.loads(line) for line in json_lines(log.chain.all(Chosen()))]
    before = "0" * 64
    for line in lines:
        assert digest(before, line["body"]) == line["hash"]
        before = line["hash"]
    assert before == log.chain.head().hash
    assert all(canonical(json.loads(line["body"])) == line["body"] for line in lines)


def test_days_and_names_choose(log: KeptLog) -> None:
    log.record(SOMEBODY.did("ask", "t", question="问"))
    log.record(Who("user:2", "李四").did("answer", "t", citations=[{"document": "doc7"}]))
    today = audit_log.datetime.now().date().isoformat()
    count = lambda **given: log.chain.count(chosen_of(given))  # noqa: E731
    assert count(**{"from": today, "to": today}) == 2
    assert count(**{"from": "2199-01-01"}) == 0
    assert count(to="2001-01-01") == 0
    assert (
        count(who="李") == count(who="user:2") == count(document="doc7") == count(deed="ask") == 1
    )
    assert count(result="failed") == 0
    with pytest.raises(PolicyError, match="不是日期"):
        chosen_of({"from": "昨天"})
