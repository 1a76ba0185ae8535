"""Backups are whole while others write, and restoring loses nothing."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import ingest.__main__ as command
from assistant.drafting.models import Draft, Request
from assistant.drafting.store import DRAFTS, DraftStore
from assistant.people.store import People
from assistant.people.viewer import HOME
from ingest.pipeline import ingest
from tests.conftest import ROOT, HashEmbedder
from tests.vectorstore.folders import small_disk
from vectorstore.backups.backup import create_backup, read
from vectorstore.backups.restoring import restore_backup, set_aside
from vectorstore.backups.verify import verify
from vectorstore.catalog.schema import CATALOG
from vectorstore.catalog.sql import SqlCatalog
from vectorstore.chain.chain import Chain, Record
from vectorstore.decisions import Decision
from vectorstore.errors import CatalogDamaged, DiskFull, IndexLocked, PolicyError
from vectorstore.index import PolicyIndex
from vectorstore.settings import IndexSettings
from vectorstore.sqlite.database import Database

TEXT = "某某市关于加强第{0}项工作的通知\n\n第{0}项工作要在{0}月底前完成，责任到人，抓好落实。\n"


def open_index(data: Path) -> PolicyIndex:
    return PolicyIndex(IndexSettings(data_dir=data), HashEmbedder())


@pytest.fixture
def data(sample_index: Path, tmp_path: Path) -> Path:
    """The sample corpus, an uploaded file, a draft."""
    folder = Path(shutil.copytree(sample_index / "data", tmp_path / "data"))
    upload = folder / "files" / "通知.txt"
    upload.parent.mkdir()
    upload.write_text(TEXT.format(7), encoding="utf-8")
    index = open_index(folder)
    ingest(index, [upload])
    index.close()
    store = DraftStore(folder / "drafts.sqlite3")
    store.save(Draft("d1", "local", Request("写", "方案", "题目", "话题")), "新建", HOME)
    store.close()
    (folder / "feedback.jsonl").write_text('{"vote": "up"}\n')
    return folder


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, data: Path) -> Callable[..., int]:
    monkeypatch.setenv("POLICY_DATA_DIR", str(data))
    monkeypatch.setattr(command, "build_embedder", lambda _: HashEmbedder())
    monkeypatch.setattr("ingest.maintenance.build_embedder", lambda _: HashEmbedder())
    return lambda *arguments: command.main([str(argument) for argument in arguments])


def faults(folder: Path) -> list[str]:
    return [f"{check.name}: {check.detail}" for check in verify(folder) if not check.ok]


def titles(data: Path) -> list[str]:
    index = open_index(data)
    found = [document.metadata.title for document in index.documents()]
    index.close()
    return found


def test_backup_and_restore_into_another_folder(data: Path, tmp_path: Path) -> None:
    path, manifest = create_backup(data, tmp_path / "backups")
    assert manifest.counts == {
        "files": 1, "documents": 5, "passages": manifest.counts["passages"],
        "drafts": 1, "versions": 1,
    }  # fmt: skip
    assert {"catalog.sqlite3", "drafts.sqlite3", "feedback.jsonl", "files/通知.txt"} == {
        *manifest.files
    }
    assert faults(path) == []
    new = tmp_path / "new"
    assert restore_backup(tmp_path / "backups", new).aside is None
    index = open_index(new)
    assert index.repair()  # the vectors
    assert faults(new) == []
    assert "第7项工作" in index.search("第7项工作")[0].passage.text
    upload = next(d for d in index.documents() if "第7项" in d.metadata.title)
    assert upload.source_paths == (str(new.resolve() / "files" / "通知.txt"),)
    assert Path(upload.source_paths[0]).read_text(encoding="utf-8") == TEXT.format(7)
    index.close()
    store = DraftStore(new / "drafts.sqlite3")
    assert store.load("d1", HOME).title == "题目"
    store.close()


def test_nobody_comes_back_in_with_a_backup(data: Path, tmp_path: Path) -> None:
    """Who was in when it was made may have been shut out since, and who was erased is back."""
    people, log = People(data / "people.sqlite3"), Chain(data / "log.sqlite3")
    stays, goes, before = (people.add(login) for login in ("stays", "goes", "before"))
    token = people.sessions.begin(stays.id, "", "")
    _, secret = people.keys.add(stays.id, "OA", ["ask"], days=9, per_minute=9)
    log.erase(before.id, Record("user:x", "erase person", before.id))
    path, _ = create_backup(data, tmp_path / "b")
    people.remove(goes.id)
    log.erase(goes.id, Record("user:x", "erase person", goes.id))
    people.close()
    log.close()
    restored = restore_backup(path, data, force=True)
    assert restored.erased == (goes.id,)
    again = People(data / "people.sqlite3")
    assert again.sessions.find(token) is None
    assert again.keys.find(secret) is None
    assert [a.login for a in again.people() if a.is_disabled] == ["goes"]
    again.close()


def test_the_command_line(
    data: Path, tmp_path: Path, run: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("backup", tmp_path / "b", "--json") == 0
    first = json.loads(capsys.readouterr().out)
    assert first["counts"]["documents"] == 5
    assert run("backup", tmp_path / "b") == 0
    assert len([*(tmp_path / "b").iterdir()]) == 2  # a folder for each
    assert run("verify", tmp_path / "b") == 0
    assert run("verify", "--json") == 0
    capsys.readouterr()
    assert run("restore", tmp_path / "b") == 1
    assert "--force" in capsys.readouterr().err
    assert run("restore", first["path"], "--force", "--json") == 0
    aside = Path(json.loads(capsys.readouterr().out)["aside"])
    assert (aside / "catalog.sqlite3").exists()
    assert (aside / "files" / "通知.txt").exists()
    assert faults(data) == []
    assert run("restore", tmp_path / "nothing") == 1
    assert run("backup", data / "files" / "b") == 1


def test_a_folder_that_bears_a_commands_name_is_ingested(
    tmp_path: Path, run: Callable[..., int], monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    Path("backup").mkdir()
    Path("backup", "a.txt").write_text(TEXT.format(3), encoding="utf-8")
    assert run("./backup", "--json") == 0
    assert json.loads(capsys.readouterr().out)["added"] == 1


def test_backups_while_files_come_and_go_are_whole(data: Path, tmp_path: Path) -> None:
    """Uploads are stored, then named; deleted files are forgotten, then removed."""
    stop = threading.Event()
    index = open_index(data)

    def change() -> None:
        number = 100
        while not stop.is_set():
            number += 1
            upload = data / "files" / f"{number}.txt"
            written = tmp_path / upload.name  # as the store does: a file appears whole
            written.write_text(TEXT.format(number), encoding="utf-8")
            written.rename(upload)
            ingest(index, [upload])
            if number % 2:
                with index.writing():
                    index.remove_source(str(upload.resolve()))
                upload.unlink()

    worker = threading.Thread(target=change)
    worker.start()
    try:
        made = [create_backup(data, tmp_path / "b") for _ in range(6)]
    finally:
        stop.set()
        worker.join(60)
        index.close()
    for path, manifest in made:
        assert manifest.missing == ()
        assert faults(path) == []


def test_a_backup_is_made_while_another_process_writes(data: Path, tmp_path: Path) -> None:
    index = open_index(data)
    with index.writing(), index.catalog.database.transaction() as db:
        db.execute("UPDATE documents SET title = '半途'")
        path, _ = create_backup(data, tmp_path / "b")
    index.close()
    with sqlite3.connect(path / "catalog.sqlite3") as copy:
        found = copy.execute("SELECT count(*) FROM documents WHERE title = '半途'").fetchone()
    copy.close()
    assert found == (0,)


def test_a_killed_backup_bears_no_name(data: Path, tmp_path: Path) -> None:
    code = (
        "import os, signal, sys; from pathlib import Path; from vectorstore.backups import backup\n"
        "backup._flush = lambda _: os.kill(os.getpid(), signal.SIGKILL)\n"
        "backup.create_backup(Path(sys.argv[1]), Path(sys.argv[2]))"
    )
    killed = subprocess.run(
        [sys.executable, "-c", code, str(data), str(tmp_path / "b")], cwd=ROOT, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    with pytest.raises(PolicyError, match="没有完整的备份"):
        restore_backup(tmp_path / "b", tmp_path / "new")
    assert not (tmp_path / "new" / "catalog.sqlite3").exists()


def test_a_full_disk_leaves_no_half_backup(data: Path, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 100) as disk:
        with pytest.raises(DiskFull, match="磁盘已满"):
            create_backup(data, disk)
        assert [*disk.iterdir()] == []


def test_a_damaged_catalogue_is_not_backed_up(data: Path, tmp_path: Path) -> None:
    file = data / "catalog.sqlite3"
    content = bytearray(file.read_bytes())
    content[len(content) // 2 :] = b"\xa5" * (len(content) - len(content) // 2)
    file.write_bytes(content)
    with pytest.raises(CatalogDamaged):
        create_backup(data, tmp_path / "b")
    assert [*(tmp_path / "b").iterdir()] == []


def test_a_lost_upload_is_told_of(data: Path, tmp_path: Path) -> None:
    (data / "files" / "通知.txt").unlink()
    _, manifest = create_backup(data, tmp_path / "b")
    assert manifest.missing == ("files/通知.txt",)
    assert any("缺少 files/通知.txt" in fault for fault in faults(data))


@pytest.mark.parametrize("name", ["catalog.sqlite3", "drafts.sqlite3", "files/通知.txt", None])
def test_a_damaged_backup_is_refused_and_the_data_stays(
    data: Path, tmp_path: Path, name: str | None
) -> None:
    path, _ = create_backup(data, tmp_path / "b")
    if name:
        content = bytearray((path / name).read_bytes())
        content[len(content) // 2] ^= 0xFF
        (path / name).write_bytes(content)
        assert faults(path)
    else:
        (path / "files" / "通知.txt").unlink()
    before = titles(data)
    with pytest.raises(PolicyError, match="没有恢复"):
        restore_backup(path, data, force=True)
    assert titles(data) == before


def test_a_manifest_does_not_reach_outside(data: Path, tmp_path: Path) -> None:
    path, _ = create_backup(data, tmp_path / "b")
    manifest = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
    manifest["files"]["../../x"] = {"bytes": 0, "sha256": ""}
    (path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(PolicyError, match="备份之外"):
        restore_backup(path, tmp_path / "new")


def test_restoring_waits_for_no_writer(data: Path, tmp_path: Path) -> None:
    path, _ = create_backup(data, tmp_path / "b")
    index = open_index(data)
    with index.writing(), pytest.raises(IndexLocked):
        restore_backup(path, data, force=True)
    index.close()


def test_a_running_program_reads_what_was_restored(data: Path, tmp_path: Path) -> None:
    path, _ = create_backup(data, tmp_path / "b")
    index = open_index(data)
    with index.writing():
        for document in index.documents():
            index.delete_document(document.id)
    assert index.documents() == []
    restore_backup(path, data, force=True)
    assert len(index.documents()) == 5
    index.repair()
    assert "第7项工作" in index.search("第7项工作")[0].passage.text
    index.close()


KILLED = """
import os, signal, sys
from pathlib import Path
from vectorstore.backups.restoring import restore_backup, set_aside
rename, left = Path.rename, int(sys.argv[3])

def counted(self, target):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return rename(self, target)

Path.rename = counted
restore_backup(Path(sys.argv[1]), Path(sys.argv[2]), force=True)
"""


@pytest.mark.parametrize("moves", [0, 1, 4, 7])
def test_a_killed_restore_never_passes_for_an_empty_library(
    data: Path, tmp_path: Path, moves: int
) -> None:
    path, _ = create_backup(data, tmp_path / "b")
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(path), str(data), str(moves)], cwd=ROOT, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    if moves:
        with pytest.raises(CatalogDamaged, match="restore"):
            open_index(data)
    restore_backup(path, data, force=True)
    assert len(titles(data)) == 5
    kept = [p.name for p in data.rglob("通知.txt")]
    assert len(kept) >= 2  # the former one, aside, and the restored one


def test_a_backup_of_the_first_format_is_restored(tmp_path: Path) -> None:
    old = Path(shutil.copytree(ROOT / "tests" / "data" / "landed", tmp_path / "old"))
    path, manifest = create_backup(old, tmp_path / "b")
    assert manifest.formats == {"catalog.sqlite3": 1, "drafts.sqlite3": 1}
    assert faults(path) == []
    restore_backup(path, tmp_path / "new")
    assert len(titles(tmp_path / "new")) == 2


# --- verify -----------------------------------------------------------------------------------


def change(sql: str) -> Callable[[sqlite3.Connection], object]:
    return lambda db: db.execute(sql)


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (change("UPDATE passages SET text = text || '多' WHERE number = 3"), "段落与原文"),
        (change("UPDATE passages SET start = start + 1 WHERE number = 3"), "段落与原文"),
        (change("DELETE FROM passages WHERE number = 3"), "段落与原文"),
        (change("UPDATE passages SET embedding = NULL WHERE number = 3"), "段落与原文"),
        (change("INSERT INTO words (rowid, title, path, body) VALUES (9999, '', '', '幽灵')"),
         "关键词索引"),
        (change("UPDATE documents SET title = '别的题目' WHERE number = 1"), "关键词索引"),
        (change("INSERT INTO sources VALUES ('/x', 'nobody', 1, 1)"), "目录库"),
    ],
)  # fmt: skip
def test_verify_finds(data: Path, harm: Callable[[sqlite3.Connection], object], said: str) -> None:
    assert faults(data) == []
    db = sqlite3.connect(data / "catalog.sqlite3")
    with db:
        harm(db)
    db.close()
    assert any(fault.startswith(said) for fault in faults(data))


def test_verify_finds_a_changed_upload_and_a_broken_draft(data: Path) -> None:
    with (data / "files" / "通知.txt").open("a") as stream:
        stream.write("x")
    db = sqlite3.connect(data / "drafts.sqlite3")
    with db:
        db.execute("UPDATE drafts SET content = '{'")
    db.close()
    found = faults(data)
    assert any("入库时" in fault for fault in found)
    assert any("稿件 d1" in fault for fault in found)


def test_verify_writes_nothing(data: Path) -> None:
    before = sorted(os.listdir(data))  # noqa: PTH208
    content = (data / "catalog.sqlite3").read_bytes()
    verify(data)
    assert sorted(os.listdir(data)) == before  # noqa: PTH208
    assert (data / "catalog.sqlite3").read_bytes() == content


def test_manifest_says_what_is_in_it(data: Path, tmp_path: Path) -> None:
    path, manifest = create_backup(data, tmp_path / "b")
    assert read(path) == manifest
    formats = {"catalog.sqlite3": CATALOG.version, "drafts.sqlite3": DRAFTS.version}
    assert manifest.formats == formats
    assert manifest.program


@pytest.mark.parametrize("damage", ["none", "end", "all"])
def test_decisions_go_along_when_a_damaged_catalogue_is_laid_aside(
    tmp_path: Path, damage: str
) -> None:
    """They are read from no file, so reading the files again would not bring them back."""
    file = tmp_path / "catalog.sqlite3"
    decision = Decision("a", "b", "替代", "名称相同", "甲", date(2026, 3, 1), "旧", "新")
    catalog = SqlCatalog(file)
    catalog.put_decision(decision)
    catalog.close()
    if damage != "none":
        content = file.read_bytes()
        keep = len(content) - 4096 if damage == "end" else 0
        file.write_bytes(content[:keep] + b"x" * (len(content) - keep))
    set_aside(tmp_path)
    catalog = SqlCatalog(file)
    assert catalog.decisions() == ([] if damage == "all" else [decision])
    catalog.close()


@pytest.mark.parametrize("name", ["people", "history", "office", "log"])
def test_every_sqlite_file_of_the_folder_is_kept_and_restored(
    data: Path, tmp_path: Path, name: str
) -> None:
    """Each by its name, whichever are there: what is in them is another room's."""
    file = data / f"{name}.sqlite3"
    store = replace(DRAFTS, label=name)
    Database(file, store).close()
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("INSERT INTO drafts VALUES ('x', 'o', 't', 'u', 1, '{}', '', '')")
        if name == "people":  # a restore ends what somebody was logged in with
            db.execute("CREATE TABLE sessions (id TEXT)")
            db.execute("CREATE TABLE accounts (id TEXT, disabled INTEGER)")
    path, manifest = create_backup(data, tmp_path / "backups")
    assert file.name in manifest.files
    assert faults(path) == []
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("DELETE FROM drafts")
    restored = restore_backup(path, data, force=True)
    with closing(sqlite3.connect(file)) as db:
        assert db.execute("SELECT id FROM drafts").fetchall() == [("x",)]
    assert restored.aside
    assert (restored.aside / file.name).exists()
    (path / file.name).write_bytes(b"broken")
    assert faults(path)
    with pytest.raises(PolicyError, match="损坏"):
        restore_backup(path, data, force=True)
