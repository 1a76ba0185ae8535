"""Files that the first version wrote are opened, brought to this format, and answer."""

import logging
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.drafting.store import DRAFTS, DraftStore
from assistant.people.viewer import HOME
from tests.conftest import ROOT, HashEmbedder
from tests.vectorstore.folders import small_disk
from vectorstore.backups.verify import verify
from vectorstore.catalog.schema import CATALOG
from vectorstore.catalog.sql import SqlCatalog
from vectorstore.errors import DiskFull, IndexIncompatible
from vectorstore.index import PolicyIndex
from vectorstore.settings import IndexSettings
from vectorstore.sqlite.database import Database, Store

LANDED = ROOT / "tests" / "data" / "landed"
STORES = {"catalog.sqlite3": CATALOG, "drafts.sqlite3": DRAFTS}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """What version 0.1.0 wrote: two invented documents, one draft with two versions."""
    return Path(shutil.copytree(LANDED, tmp_path / "data"))


def layout(path: Path) -> dict[str, str]:
    db = sqlite3.connect(path)
    rows = db.execute("SELECT name, sql FROM sqlite_master WHERE sql NOT NULL").fetchall()
    db.close()
    return {name: " ".join(sql.replace("IF NOT EXISTS ", "").split()) for name, sql in rows}


def structure(path: Path) -> dict[str, object]:
    """What SQLite makes of the definitions, however they are written: columns, keys, indexes."""
    db = sqlite3.connect(path)
    found: dict[str, object] = {}
    for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        indexes = db.execute(f"PRAGMA index_list ({table})").fetchall()
        found[table] = {
            "columns": [
                (name, kind, bool(needed or key), default, key)
                for _, name, kind, needed, default, key in db.execute(
                    f"PRAGMA table_info ({table})"
                )
            ],
            "references": db.execute(f"PRAGMA foreign_key_list ({table})").fetchall(),
            "indexes": sorted(
                (unique, origin, db.execute(f"PRAGMA index_info ({name})").fetchall())
                for _, name, unique, origin, _ in indexes
            ),
            "kind": [row[2:] for row in db.execute("PRAGMA table_list") if row[1] == table],
        }
    virtual = {name: sql for name, sql in layout(path).items() if "VIRTUAL" in sql}
    named = [n for (n,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'index'")]
    db.close()
    return {**found, "virtual": virtual, "named": sorted(named)}


def dump(path: Path) -> list[str]:
    db = sqlite3.connect(path)
    lines = [*db.iterdump()]
    db.close()
    return lines


def scripts(store: Store) -> list[Path]:
    return sorted(store.migrations.glob("versions/v*.py"))


def test_the_first_versions_library_answers(data: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        index = PolicyIndex(IndexSettings(data_dir=data), HashEmbedder())
    copy = next(data.glob("catalog.sqlite3.v1-*.bak"))
    assert str(copy) in caplog.text  # where the copy is
    assert index.repair()  # the vectors were left behind
    hit = index.search("农村自来水普及率")[0]
    assert "92%" in hit.passage.text
    assert hit.document.metadata.document_number == "临政发〔2023〕15号"
    assert index.catalog.get("schema_version") == str(CATALOG.version)
    index.close()
    assert dump(copy) == dump(LANDED / "catalog.sqlite3")


def test_the_first_versions_drafts_are_there(data: Path) -> None:
    store = DraftStore(data / "drafts.sqlite3")
    assert [version.number for version in store.versions("d1", HOME)] == [2, 1]
    draft = store.load("d1", HOME)
    assert store.save(draft, "再写", HOME).version == 3
    store.close()
    assert (data / "drafts.sqlite3.id").exists()


def test_a_second_start_migrates_nothing(data: Path) -> None:
    for _ in range(2):
        SqlCatalog(data / "catalog.sqlite3").close()
        DraftStore(data / "drafts.sqlite3").close()
    assert len([*data.glob("*.bak")]) == 2


def test_alembic_is_loaded_only_when_something_is_due(data: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from vectorstore.catalog.sql import SqlCatalog\n"
        "SqlCatalog(Path(sys.argv[1])).close(); print('alembic' in sys.modules)"
    )
    for path, loaded in ((data, "True"), (data, "False"), (data / "new", "False")):
        done = subprocess.run(
            [sys.executable, "-c", code, str(path / "catalog.sqlite3")],
            cwd=ROOT, capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert done.stdout.strip() == loaded


@pytest.mark.parametrize("name", STORES)
def test_migrated_and_new_files_are_alike(data: Path, tmp_path: Path, name: str) -> None:
    Database(data / name, STORES[name]).close()
    Database(tmp_path / "new" / name, STORES[name]).close()
    assert structure(data / name) == structure(tmp_path / "new" / name)


def test_headings_of_an_older_library_are_looked_up(data: Path) -> None:
    """Format 2 indexed none; the step to 3 does, as a new file has it."""
    db = sqlite3.connect(data / "catalog.sqlite3")
    document = db.execute("SELECT id FROM documents LIMIT 1").fetchone()[0]
    db.execute(
        "INSERT INTO passages (id, document_id, ordinal, start, end, kind, heading_path, text, "
        "context, cells) VALUES ('h', ?, 99, 0, 0, 'heading', '[]', '三、水利工程', '', '[]')",
        (document,),
    )
    db.commit()
    db.close()
    index = PolicyIndex(IndexSettings(data_dir=data), HashEmbedder())
    assert index.candidates("水利工程", [document]) == {document: ["h"]}
    index.close()
    assert all(check.ok for check in verify(data) if check.name == "关键词索引")


@pytest.mark.parametrize("name", STORES)
def test_the_newest_step_is_the_programs_format(name: str) -> None:
    assert [int(file.name[1:5]) for file in scripts(STORES[name])] == [
        *range(1, STORES[name].version + 1)
    ]


@pytest.mark.parametrize("name", STORES)
def test_the_first_step_is_what_the_first_version_wrote(name: str, tmp_path: Path) -> None:
    """Without the step that names it, so that later steps always start from the same."""
    from alembic.migration import MigrationContext
    from alembic.operations import Operations
    from alembic.util.pyfiles import load_python_file
    from sqlalchemy import create_engine

    engine = create_engine(f"sqlite:///{tmp_path / name}")
    with engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        first = scripts(STORES[name])[0]
        load_python_file(str(first.parent), first.name).upgrade()
    engine.dispose()
    assert layout(tmp_path / name) == layout(LANDED / name)


@pytest.mark.parametrize("name", STORES)
def test_a_newer_file_is_refused_and_left_alone(data: Path, name: str) -> None:
    Database(data / name, STORES[name]).close()
    with sqlite3.connect(data / name) as db:
        db.execute("UPDATE alembic_version SET version_num = '0999'")
    db.close()
    before = (data / name).read_bytes()
    with pytest.raises(IndexIncompatible, match="升级程序"):
        Database(data / name, STORES[name])
    assert (data / name).read_bytes() == before


KILLED = """
import os, signal, sys
from pathlib import Path
from sqlalchemy import event
from sqlalchemy.engine import Engine
from vectorstore.catalog.sql import SqlCatalog
from assistant.drafting.store import DraftStore
left = int(sys.argv[2])

@event.listens_for(Engine, "after_cursor_execute")
def count(connection, cursor, statement, *rest):
    global left
    if statement.split()[0] in ("CREATE", "INSERT", "UPDATE"):
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

SqlCatalog(Path(sys.argv[1], "catalog.sqlite3")).close()
DraftStore(Path(sys.argv[1], "drafts.sqlite3")).close()
"""


@pytest.mark.parametrize("statement", [1, 2, 3, 5])
def test_a_kill_half_way_leaves_the_old_format(data: Path, statement: int) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, str(data), str(statement)], cwd=ROOT, check=False)  # fmt: skip
    assert done.returncode == -signal.SIGKILL
    name = "catalog.sqlite3" if statement < 4 else "drafts.sqlite3"
    assert layout(data / name) == layout(LANDED / name)
    index = PolicyIndex(IndexSettings(data_dir=data), HashEmbedder())
    assert len(index.documents()) == 2
    index.close()
    DraftStore(data / "drafts.sqlite3").close()
    assert layout(data / name) != layout(LANDED / name)


def test_no_room_for_the_copy_changes_nothing(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 130) as disk:
        shutil.copyfile(LANDED / "catalog.sqlite3", disk / "catalog.sqlite3")
        with pytest.raises(DiskFull):
            SqlCatalog(disk / "catalog.sqlite3")
        assert layout(disk / "catalog.sqlite3") == layout(LANDED / "catalog.sqlite3")
        assert [*disk.glob("*.bak*")] == []


def test_an_old_file_is_read_where_nothing_may_be_written(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vectorstore.sqlite.database.can_write", lambda _: False)
    catalog = SqlCatalog(data / "catalog.sqlite3")
    assert catalog.get("schema_version") == str(CATALOG.version)
    assert catalog.count_documents() == 2
    catalog.close()
    assert sorted(os.listdir(data)) == sorted(os.listdir(LANDED))  # noqa: PTH208
