"""Reports of what came in, and how fast it does."""

from pathlib import Path

from tests.vectorstore.catalog.test_migrations import structure
from vectorstore import stores
from vectorstore.arrivals import arrivals as module
from vectorstore.arrivals.arrivals import Arrivals, Arrived
from vectorstore.arrivals.schema import ARRIVALS
from vectorstore.models import Audience
from vectorstore.pace import Watch
from vectorstore.sqlite.database import Database, Store

OWN = Audience("部门", ("d1",))
ROWS = [
    Arrived("通知.txt", "added", "", ("a", "b"), 7, "", "c"),
    Arrived("副本.txt", "same", "", ("a",), 0, "a"),
    Arrived("坏.pdf", "failed", "文件打不开"),
]


def test_a_report_is_read_as_it_was_kept(tmp_path: Path) -> None:
    arrivals = Arrivals(tmp_path)
    assert not arrivals.is_there  # nobody waits for a file that nobody needs
    identifier = arrivals.keep(ROWS, by="user:1", way="upload", audience=OWN, seconds=2.5)
    arrivals.close()
    again = Arrivals(tmp_path)
    report = again.report(identifier)
    assert report is not None
    assert (report.by, report.way, report.audience, report.seconds) == (
        "user:1",
        "upload",
        OWN,
        2.5,
    )
    assert again.files(report.number) == ROWS
    assert again.report("1") is None  # the number opens nothing: it counts everybody's
    again.close()


def test_reports_are_of_one_or_of_all_and_people_are_forgotten(tmp_path: Path) -> None:
    arrivals = Arrivals(tmp_path)
    for by in ("user:1", "user:2", "user:1"):
        arrivals.keep(ROWS[:1], by=by, way="upload")
    arrivals.keep_without_file("/in/甲.txt", "user:1", "王某")
    assert [r.number for r in arrivals.reports("user:1")] == [3, 1]
    assert [r.number for r in arrivals.reports(before=3)] == [2, 1]
    assert arrivals.forget("user:1") == 2
    assert arrivals.reports("user:1") == []
    assert arrivals.kept_without_file() == {"/in/甲.txt"}
    arrivals.close()
    for part in tmp_path.glob("arrivals.sqlite3*"):
        assert b"user:1" not in part.read_bytes()
        assert "王某".encode() not in part.read_bytes()


def test_old_reports_go(tmp_path: Path, monkeypatch: object) -> None:
    monkeypatch.setattr(module, "KEPT", 2)  # type: ignore[attr-defined]
    arrivals = Arrivals(tmp_path)
    ids = [arrivals.keep(ROWS, by="", way="command") for _ in range(3)]
    assert [(r.number, r.id) for r in arrivals.reports()] == [(3, ids[2]), (2, ids[1])]
    assert arrivals.files(1) == []
    arrivals.close()


def test_the_migrations_lead_to_the_schema(tmp_path: Path) -> None:
    """And a report of before has an id."""
    fresh, old = tmp_path / "fresh.sqlite3", tmp_path / "old" / stores.ARRIVALS
    Database(fresh, ARRIVALS).close()
    before = ARRIVALS.schema.replace(",\n    id TEXT NOT NULL DEFAULT ''", "").replace("'2'", "'1'")
    before = before.replace("CREATE UNIQUE INDEX reports_id ON reports (id);\n", "")
    first = Store(ARRIVALS.label, before, 1, ARRIVALS.migrations, ARRIVALS.tables, ARRIVALS.remedy)
    old.parent.mkdir()
    database = Database(old, first)
    with database.transaction() as db:
        for number in (1, 2):
            said = "INSERT INTO reports VALUES (?, '', '2026-01-01', 'watch', ?, 0)"
            db.execute(said, (number, '{"kind": "公开", "of": []}'))
    database.close()
    arrivals = Arrivals(old.parent)
    found = arrivals.reports()
    assert len({r.id for r in found if len(r.id) == 16}) == 2
    assert arrivals.report(found[0].id) == found[0]
    arrivals.close()
    assert structure(old) == structure(fresh)


def test_notes(tmp_path: Path) -> None:
    arrivals = Arrivals(tmp_path)
    assert arrivals.noted("watch") is None
    arrivals.note("watch", {"at": "x"})
    arrivals.note("watch", {"at": "y"})
    assert arrivals.noted("watch") == {"at": "y"}
    arrivals.close()


def test_time_left_goes_by_the_bytes_that_are_done() -> None:
    clock = [0.0]
    watch = Watch({"a": 100, "b": 300}, lambda: clock[0])
    assert watch.pace.said == ("", "")
    clock[0] = 10.0
    watch.embedded(50, 0.25, ("b",))  # a quarter of b: 75 of 400 bytes
    assert watch.pace.per_second == 5.0
    assert round(watch.pace.left or 0, 1) == round(10 * 325 / 75, 1)
    watch.finished("b")
    assert round(watch.pace.left or 0, 1) == round(10 * 100 / 300, 1)
    assert watch.pace.said[0] == "50 段，每秒 5.0 段，还要几秒"
    watch.finished("a")
    watch.finished("a")  # told twice, counted once
    assert watch.pace.left == 0.0


def test_nothing_is_told_of_nothing() -> None:
    assert Watch({}).pace.left is None
