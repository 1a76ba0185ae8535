"""What comes in a flood is counted in the log, not kept there."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from assistant.people.audit_log import KeptLog, NotLogged
from assistant.people.floods import AGAIN, MOST, REFUSED, SECONDS, STRANGERS, Floods, TooMuch
from assistant.people.log import Entry, Who
from tests.assistant.people.conftest import Clock
from vectorstore.chain.chain import Chosen
from vectorstore.settings import LogSettings

ZHANG = Who("user:1", "张三", "10.0.0.7")


@pytest.fixture
def floods(clock: Clock) -> Floods:
    return Floods(clock)


@pytest.fixture
def log(tmp_path: Path, floods: Floods) -> Iterator[KeptLog]:
    with closing(KeptLog(tmp_path, LogSettings(), floods)) as opened:
        yield opened


def stranger(number: int) -> Entry:
    return Who("", "（没有这个账号）", f"10.1.{number // 250}.{number % 250}").did(
        "failed log in", result="refused"
    )


def test_one_document_opened_by_a_script(floods: Floods, clock: Clock) -> None:
    """Other documents, and other people, have entries all the same."""
    opened = ZHANG.did("open document", "doc1")
    assert [floods.admits(opened) for _ in range(AGAIN + 7)] == [True] * AGAIN + [False] * 7
    assert floods.admits(ZHANG.did("open document", "doc2"))
    assert floods.admits(Who("user:2").did("open document", "doc1"))
    assert list(floods.ended(False)) == []
    clock.at += SECONDS + 1
    (counted,) = floods.ended(False)
    assert (counted.who, counted.on, counted.details["left_out"]) == ("user:1", "doc1", 7)
    assert floods.admits(opened)
    assert list(floods.ended(True)) == []


def test_a_flood_of_strangers_hides_nobody_who_is_known(floods: Floods) -> None:
    kept = sum(floods.admits(stranger(n)) for n in range(STRANGERS + 500))
    assert kept == STRANGERS
    assert floods.admits(ZHANG.did("locked out", "user:1", "refused"))
    assert sum(counted.details["left_out"] for counted in floods.ended(True)) == 500


def test_one_address_or_one_account_is_bounded(floods: Floods) -> None:
    tried = ZHANG.did("locked out", "user:1", "refused")
    assert sum(floods.admits(tried) for _ in range(REFUSED * 3)) == REFUSED
    assert sum(floods.admits(stranger(1)) for _ in range(REFUSED * 3)) == REFUSED


def test_many_deeds_are_not_done_rather_than_not_logged(floods: Floods, clock: Clock) -> None:
    for n in range(MOST):
        assert floods.admits(ZHANG.did("download", f"doc{n}"))
    with pytest.raises(TooMuch):
        floods.admits(ZHANG.did("change roles", "user:2"))
    # What was let in is told to its end, and who stands at the machine is not held up.
    assert floods.admits(ZHANG.did("answer", "t"))
    assert floods.admits(ZHANG.did("download", "doc1", "failed"))
    assert floods.admits(Who("command line").did("add person"))
    clock.at += SECONDS + 1
    assert floods.admits(ZHANG.did("change roles", "user:2"))


def test_cookies_do_not_make_more_of_an_address(floods: Floods) -> None:
    def by(number: int) -> Entry:
        return Who(f"browser:{number:032x}", "", "10.0.0.9").did("download", "doc1")

    assert all(floods.admits(by(n)) for n in range(MOST))
    with pytest.raises(TooMuch):
        floods.admits(by(MOST))


def test_the_log_holds_the_first_ones_and_the_count(log: KeptLog, clock: Clock) -> None:
    for _ in range(400):
        log.record(ZHANG.did("locked out", "user:1", "refused"))
    assert log.chain.count(Chosen()) == REFUSED
    clock.at += SECONDS + 1
    log.record(ZHANG.did("ask", "t"))
    newest, counted = log.chain.page(Chosen(), 0, 2)
    assert newest.record.deed == "ask"
    assert counted.record.deed == "locked out"
    assert counted.record.details["left_out"] == 300


def test_what_was_counted_is_kept_when_the_program_ends(tmp_path: Path) -> None:
    for _ in range(2):
        with closing(KeptLog(tmp_path, LogSettings())) as log:
            for _ in range(AGAIN + 3):
                log.record(ZHANG.did("open draft", "d1"))
    with closing(KeptLog(tmp_path, LogSettings())) as log:
        found = [e.record.details.get("left_out") for e in log.chain.all(Chosen())]
    assert found == ([None] * AGAIN + [3]) * 2


def test_nobody_who_was_erased_comes_back_with_a_count(log: KeptLog, clock: Clock) -> None:
    for _ in range(AGAIN + 3):
        log.record(ZHANG.did("open draft", "d1"))
    log.record(Who("user:2", "管理员").did("erase person", "user:1"))
    clock.at += SECONDS + 1
    log.record(Who("user:2", "管理员").did("ask", "t"))
    names = [e.record.personal.get("name") for e in log.chain.all(Chosen())]
    assert names == [None] * (AGAIN + 1) + ["管理员"] * 2


def test_only_an_id_is_erased(log: KeptLog) -> None:
    log.record(Who("", "某人").did("failed log in", result="refused"))
    for wrong in ("", "张 三", "审计"):
        with pytest.raises(NotLogged, match="编号"):
            log.record(ZHANG.did("erase person", wrong))
    assert log.chain.page(Chosen(), 0, 1)[0].record.personal == {"name": "某人"}
