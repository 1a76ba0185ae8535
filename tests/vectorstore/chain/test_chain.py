"""A log of a thousand entries, and everything that may befall it."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from vectorstore.chain.chain import Chain, Chosen, canonical, digest
from vectorstore.chain.record import Record
from vectorstore.chain.verifying import verify

COUNT = 1000
HOSTILE = "=cmd|' /C calc'!A0\n\0\ud800\u202e<script>${1}'; DROP TABLE entries; --"
WRITER = """
import sys
from pathlib import Path
from vectorstore.chain.chain import Chain
from vectorstore.chain.record import Record
chain = Chain(Path(sys.argv[1]))
for number in range(int(sys.argv[2])):
    head = chain.append(Record("user:" + sys.argv[3], "ask", personal={"question": str(number)}))
    print(head, flush=True)
"""


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    with closing(Chain(tmp_path / "log.sqlite3")) as opened:
        yield opened


@pytest.fixture(scope="module")
def thousand(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("log") / "log.sqlite3"
    with closing(Chain(path)) as chain:
        records = (
            Record(f"user:{n % 7}", "ask", f"d{n}", personal={"question": f"第{n}问"})
            for n in range(1, COUNT + 1)
        )
        chain.append(*records)
    return path


def copy(source: Path, folder: Path) -> Path:
    with (
        closing(sqlite3.connect(source)) as db,
        closing(sqlite3.connect(folder / "log.sqlite3")) as to,
    ):
        db.backup(to)
    return folder / "log.sqlite3"


def tamper(path: Path, change: Callable[[sqlite3.Connection], None]) -> None:
    """As somebody with the file and another tool would: without triggers."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        names = db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in names:
            db.execute(f"DROP TRIGGER {name}")
        change(db)


def altered(db: sqlite3.Connection) -> None:
    db.execute("UPDATE entries SET body = replace(body, '\"d400\"', '\"d401\"') WHERE number = 400")


def removed(db: sqlite3.Connection) -> None:
    db.execute("DELETE FROM personal WHERE number = 400")
    db.execute("DELETE FROM entries WHERE number = 400")


def removed_and_closed(db: sqlite3.Connection) -> None:
    """The entries behind it move up, so that no number is missing."""
    removed(db)
    for number in range(401, COUNT + 1):
        db.execute("UPDATE entries SET number = ? WHERE number = ?", (number - 1, number))
        db.execute("UPDATE personal SET number = ? WHERE number = ?", (number - 1, number))


def inserted(db: sqlite3.Connection) -> None:
    """With a number of its own and a hash that follows the entry before."""
    for number in range(COUNT, 399, -1):
        for table in ("personal", "entries"):
            db.execute(f"UPDATE {table} SET number = ? WHERE number = ?", (number + 1, number))
    (before, body) = db.execute("SELECT hash, body FROM entries WHERE number = 399").fetchone()
    value = {**json.loads(body), "number": 400, "personal": ""}
    forged = canonical(value)
    row = (400, forged, digest(before, forged))
    db.execute("INSERT INTO entries (number, body, hash) VALUES (?, ?, ?)", row)


def swapped(db: sqlite3.Connection) -> None:
    rows = db.execute(
        "SELECT number, body, hash FROM entries WHERE number IN (400, 600)"
    ).fetchall()
    for (number, *_), (_, body, own) in zip(rows, reversed(rows), strict=True):
        db.execute("UPDATE entries SET body = ?, hash = ? WHERE number = ?", (body, own, number))


def text_altered(db: sqlite3.Connection) -> None:
    db.execute("UPDATE personal SET content = replace(content, '4', '5') WHERE number = 400")


def text_removed(db: sqlite3.Connection) -> None:
    db.execute("DELETE FROM personal WHERE number = 400")


def beginning_cut(db: sqlite3.Connection) -> None:
    db.execute(
        "UPDATE anchor SET number = 400, hash = (SELECT hash FROM entries WHERE number = 400)"
    )
    db.execute("DELETE FROM personal WHERE number <= 400")
    db.execute("DELETE FROM entries WHERE number <= 400")


def test_a_whole_log_holds(thousand: Path, tmp_path: Path) -> None:
    with closing(Chain(copy(thousand, tmp_path))) as chain:
        verdict = verify(chain, str(chain.head()))
        assert (verdict.fault, verdict.entries, verdict.head.number) == (None, COUNT, COUNT)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (altered, "altered"),
        (removed, "removed"),
        (removed_and_closed, "removed"),
        (inserted, "inserted"),
        (swapped, "reordered"),
        (text_altered, "text altered"),
        (text_removed, "text removed"),
        (beginning_cut, "removed"),
    ],
)
def test_what_befell_a_log_is_found_and_named(
    thousand: Path, tmp_path: Path, change: Callable[..., None], what: str
) -> None:
    path = copy(thousand, tmp_path)
    tamper(path, change)
    with closing(Chain(path)) as chain:
        fault = verify(chain).fault
    assert fault is not None
    assert (fault.what, fault.number) == (what, 400)


@pytest.mark.parametrize("form", ["{number}:{hash}", "{hash}"])
def test_a_head_kept_elsewhere_finds_a_cut_and_a_log_written_anew(
    thousand: Path, tmp_path: Path, form: str
) -> None:
    path = copy(thousand, tmp_path)
    with closing(Chain(path)) as chain:
        head = form.format(number=chain.head().number, hash=chain.head().hash)
        assert verify(chain, head).fault is None

    def cut(db: sqlite3.Connection) -> None:
        db.execute("DELETE FROM personal WHERE number > 990")
        db.execute("DELETE FROM entries WHERE number > 990")

    tamper(path, cut)
    with closing(Chain(path)) as chain:
        assert verify(chain).fault is None  # nothing inside says so
        fault = verify(chain, head).fault
        assert fault is not None
        assert fault.what == "cut"
        assert fault.number == (991 if ":" in head else 0)
        chain.append(*(Record("user:x", "ask") for _ in range(20)))
        assert verify(chain).fault is None
        assert verify(chain, head).fault is not None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET body = '{}' WHERE number = 1",
        "DELETE FROM entries WHERE number = 1",
        "INSERT OR REPLACE INTO entries (number, body, hash) VALUES (1, '{}', '')",
        "INSERT INTO entries (number, body, hash) VALUES (9, '{}', '')",
        "UPDATE personal SET content = '{}'",
        "UPDATE anchor SET number = 2, hash = 'x'",
        "DELETE FROM anchor",
    ],
)
def test_the_file_itself_refuses_changes(chain: Chain, statement: str) -> None:
    chain.append(Record("a", "ask", personal={"question": "问"}), Record("b", "ask"))
    with pytest.raises(sqlite3.IntegrityError), chain.database.transaction() as db:
        db.execute(statement)
    assert verify(chain).fault is None


def test_pruning_moves_the_beginning_and_is_an_entry(chain: Chain) -> None:
    chain.append(*(Record("a", "ask", personal={"question": str(n)}) for n in range(10)))
    assert chain.prune(datetime.now(UTC) - timedelta(days=1), "x") == 0
    old = chain.head()
    assert chain.prune(datetime.now(UTC) + timedelta(seconds=1), "x") == 10
    verdict = verify(chain, str(old))
    assert (verdict.fault, verdict.entries, verdict.anchor.number) == (None, 1, 10)
    (entry,) = chain.page(Chosen(), 0, 10)
    assert entry.record.deed == "prune log"
    assert entry.record.details["entries"] == 10
    chain.append(Record("a", "ask"))
    assert verify(chain).fault is None


def test_what_is_erased_is_gone_from_the_file_and_the_chain_holds(chain: Chain) -> None:
    secret = "一个很特别的问题"
    chain.append(Record("user:1", "ask", personal={"name": "张三", "question": secret}))
    chain.append(Record("user:2", "ask", personal={"name": "李四"}))
    escaped = canonical(secret)[1:-1].encode()

    def files() -> bytes:
        return b"".join(f.read_bytes() for f in chain.database.path.parent.glob("log.sqlite3*"))

    assert escaped in files()
    assert chain.erase("user:1", Record("x", "erase person", "user:1")) == 1
    chain.close()
    assert escaped not in files()
    verdict = verify(chain)
    assert (verdict.fault, verdict.erased, verdict.entries) == (None, 1, 3)
    newest, other, first = chain.page(Chosen(), 0, 10)
    assert first.is_erased
    assert first.record.who == "user:1"
    assert not other.is_erased
    assert newest.record.deed == "erase person"


def test_hostile_strings_come_back_as_they_were(chain: Chain) -> None:
    details: dict[str, Any] = {HOSTILE: [HOSTILE, {"x": HOSTILE}]}
    chain.append(Record("user:1", "ask", HOSTILE, details=details, personal={"question": HOSTILE}))
    (entry,) = chain.page(Chosen(who="user:1"), 0, 1)
    assert entry.record.personal == {"question": HOSTILE, **details}
    assert entry.record.on == HOSTILE
    assert chain.count(Chosen(document=HOSTILE)) == 1
    assert chain.count(Chosen(who=HOSTILE, deed=HOSTILE)) == 0
    assert verify(chain).fault is None


def start(path: Path, count: int, name: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", WRITER, str(path), str(count), name]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_two_processes_write_one_chain(chain: Chain) -> None:
    writers = [start(chain.database.path, 500, name) for name in "ab"]
    assert [w.wait(120) for w in writers if w.communicate()] == [0, 0]
    verdict = verify(chain)
    assert (verdict.fault, verdict.entries) == (None, COUNT)
    assert chain.count(Chosen(who="user:a")) == chain.count(Chosen(who="user:b")) == 500


def test_what_was_acknowledged_survives_a_kill(chain: Chain) -> None:
    writers = [start(chain.database.path, 100_000, name) for name in "ab"]
    until = time.monotonic() + 120
    while not all(chain.count(Chosen(who=f"user:{name}")) for name in "ab"):
        assert time.monotonic() < until
        time.sleep(0.1)
    for writer in writers:
        os.kill(writer.pid, signal.SIGKILL)
    heads = [line for w in writers for line in w.communicate()[0].splitlines() if len(line) > 66]
    assert heads
    for head in heads:
        number, _, own = head.partition(":")
        row = chain.database.row("SELECT hash FROM entries WHERE number = ?", [number])
        assert row is not None
        assert row[0].startswith(own)
    assert verify(chain).fault is None
    chain.append(Record("user:c", "ask"))
    assert verify(chain).fault is None
