"""The catalogue's file: few connections, damage in words, read-only and full disks."""

import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import ingest.__main__ as command
from assistant.drafting.models import Draft, Request
from assistant.drafting.store import DraftStore
from assistant.people.viewer import HOME
from tests.conftest import MODELS, ROOT, HashEmbedder
from tests.vectorstore.folders import small_disk, unwritable
from vectorstore.catalog.sql import SqlCatalog
from vectorstore.errors import CatalogDamaged, DiskFull, PolicyError, ReadOnlyData
from vectorstore.index import PolicyIndex
from vectorstore.keywords.fts5 import Fts5Index
from vectorstore.settings import IndexSettings
from vectorstore.sqlite import damage
from vectorstore.sqlite.connecting import head_of
from vectorstore.sqlite.database import POOL
from vectorstore.vectors.read_only import ExactVectors

TEXT = (
    "某某市关于加强第{0}项工作的通知\n\n第{0}项工作要在{0}月底前完成。\n"
    + "各单位要抓好落实。" * 40
)


def open_files() -> int:
    return len([*Path("/proc/self/fd").iterdir()])


@pytest.fixture
def data(sample_index: Path, tmp_path: Path) -> Path:
    """A data folder with the sample corpus that nobody has opened."""
    return Path(shutil.copytree(sample_index / "data", tmp_path / "data"))


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """python -m ingest, with the quick embedder."""

    def main(folder: Path, *arguments: str | Path) -> int:
        monkeypatch.setenv("POLICY_DATA_DIR", str(folder))
        return command.main([str(argument) for argument in arguments])

    monkeypatch.setattr(command, "build_embedder", lambda _: HashEmbedder())
    monkeypatch.setattr("ingest.maintenance.build_embedder", lambda _: HashEmbedder())
    return main


# --- connections ------------------------------------------------------------------------------


def test_connections_do_not_grow_with_threads(data: Path) -> None:
    catalog = SqlCatalog(data / "catalog.sqlite3")
    before = open_files()
    together = threading.Barrier(100)
    counts: list[int] = []

    def read() -> None:
        together.wait(60)
        for _ in range(3):
            counts.append(len(catalog.documents()))

    threads = [threading.Thread(target=read) for _ in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert counts == [4] * 300
    assert open_files() - before <= 3 * POOL  # the file, its log, their shared index
    catalog.close()
    assert open_files() <= before


def test_a_reader_leaves_no_transaction_open(data: Path) -> None:
    catalog = SqlCatalog(data / "catalog.sqlite3")
    catalog.documents()
    Fts5Index(catalog.database).frequencies(["节水"])
    other = sqlite3.connect(data / "catalog.sqlite3", isolation_level=None)
    busy, in_log, moved = other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    assert (busy, in_log, moved) == (0, 0, 0)  # no reader holds the log back
    other.close()
    catalog.close()


def test_a_transaction_takes_in_what_it_calls(data: Path) -> None:
    catalog = SqlCatalog(data / "catalog.sqlite3")
    catalog.set("a", "1")

    def fail() -> None:
        with catalog.transaction():
            catalog.set("a", "2")
            assert catalog.get("a") == "2"
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert catalog.get("a") == "1"
    catalog.close()


def test_a_file_put_in_its_place_is_read_without_a_restart(data: Path, tmp_path: Path) -> None:
    catalog = SqlCatalog(data / "catalog.sqlite3")
    assert catalog.count_documents() == 4
    copy = tmp_path / "copy.sqlite3"
    shutil.copyfile(data / "catalog.sqlite3", copy)
    with sqlite3.connect(copy) as db:
        db.execute("DELETE FROM sources")
        db.execute("DELETE FROM documents WHERE format = 'pdf'")
    db.close()
    copy.replace(data / "catalog.sqlite3")
    assert catalog.count_documents() == 3
    catalog.close()


# --- damage -----------------------------------------------------------------------------------


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def overwrite_start(path: Path) -> None:
    with path.open("r+b") as stream:
        stream.write(b"\x00" * 200)


def overwrite_middle(path: Path) -> None:
    with path.open("r+b") as stream:
        stream.seek(4096)
        stream.write(b"\xa5" * (path.stat().st_size - 4096))


def another_database(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE x (y)")
    db.close()


def empty(path: Path) -> None:
    path.write_bytes(b"")


DAMAGES = (cut, overwrite_start, overwrite_middle, another_database, empty, Path.unlink)


@pytest.mark.parametrize("damage_it", DAMAGES)
def test_damage_is_said_at_the_start_and_nothing_is_touched(
    data: Path, damage_it: Callable[[Path], None], run: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    file = data / "catalog.sqlite3"
    damage_it(file)
    before = file.read_bytes() if file.exists() else None
    vectors = sorted((data / "vectors").rglob("*"))
    for arguments in (("--status",), (ROOT / "corpus",), ("--rebuild",)):
        assert run(data, *arguments) == 1
        said = capsys.readouterr().err
        assert str(file) in said
        assert "restore" in said
        assert "Traceback" not in said
    assert (file.read_bytes() if file.exists() else None) == before
    assert sorted((data / "vectors").rglob("*")) == vectors


@pytest.mark.parametrize("damage_it", [cut, empty, overwrite_start])
def test_a_damaged_catalogue_is_made_again_from_the_files(
    data: Path, damage_it: Callable[[Path], None], run: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    damage_it(data / "catalog.sqlite3")
    broken = (data / "catalog.sqlite3").read_bytes()
    assert run(data, "--rebuild", ROOT / "corpus") == 0
    aside = next(data.glob("damaged-*"))
    assert (aside / "catalog.sqlite3").read_bytes() == broken
    capsys.readouterr()
    assert run(data, "--status", "--json") == 0
    assert len(json.loads(capsys.readouterr().out)) == 4


def test_a_lost_catalogue_of_the_first_format_is_noticed(data: Path) -> None:
    """Without a marker, vectors or uploads tell that there was one."""
    for name in ("catalog.sqlite3", "catalog.sqlite3.id"):
        (data / name).unlink()
    with pytest.raises(CatalogDamaged, match="vectors"):
        SqlCatalog(data / "catalog.sqlite3")


def test_another_librarys_catalogue_is_noticed(data: Path, tmp_path: Path) -> None:
    SqlCatalog(tmp_path / "other" / "catalog.sqlite3").close()
    shutil.copyfile(tmp_path / "other" / "catalog.sqlite3", data / "catalog.sqlite3")
    with pytest.raises(CatalogDamaged, match="不是这个数据目录"):
        SqlCatalog(data / "catalog.sqlite3")


def test_a_start_that_was_killed_leaves_no_false_alarm(tmp_path: Path) -> None:
    """Between the empty file, the change to WAL and the tables."""
    for number in (1, 2):
        file = tmp_path / str(number) / "catalog.sqlite3"
        file.parent.mkdir()
        db = sqlite3.connect(file)
        if number == 2:
            db.execute("PRAGMA journal_mode = WAL")
        db.close()
        file.touch()
        catalog = SqlCatalog(file)
        assert catalog.count_documents() == 0
        catalog.close()


@pytest.mark.parametrize("damage_it", [overwrite_start, overwrite_middle, empty, Path.unlink])
def test_damage_while_running_is_a_sentence(
    filled: PolicyIndex, damage_it: Callable[[Path], None]
) -> None:
    filled.search("节约用水")
    filled.catalog.close()  # SQLite keeps in memory what it has read
    good = filled.catalog.database.path.read_bytes()
    damage_it(filled.catalog.database.path)
    with pytest.raises(CatalogDamaged, match="restore"):
        filled.search("节约用水")
    filled.catalog.database.path.write_bytes(good)  # put back in time, it goes on
    assert filled.search("节约用水")


def test_a_large_file_is_looked_at_without_reading_it_all(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(damage, "CHECKED_BYTES", 1)
    SqlCatalog(data / "catalog.sqlite3").close()
    cut(data / "catalog.sqlite3")
    with pytest.raises(CatalogDamaged):
        SqlCatalog(data / "catalog.sqlite3")


def test_damaged_drafts_are_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "drafts.sqlite3"
    DraftStore(file).close()
    file.write_bytes(b"")
    with pytest.raises(CatalogDamaged, match="稿件库"):
        DraftStore(file)


# --- without the right to write -----------------------------------------------------------------


def test_a_read_only_folder_is_searched(data: Path, tmp_path: Path) -> None:
    whole = PolicyIndex(IndexSettings(data_dir=data), HashEmbedder())
    expected = [hit.passage.id for hit in whole.search("老年助餐")]
    whole.close()
    with unwritable(data, tmp_path / "seen") as folder:
        index = PolicyIndex(IndexSettings(data_dir=folder), HashEmbedder())
        assert [hit.passage.id for hit in index.search("老年助餐")] == expected
        assert not index.repair()
        assert index.token_weights(["节水"])
        with pytest.raises(ReadOnlyData, match="只能读"), index.writing():
            pass
        index.close()


def test_what_waits_in_the_log_is_read_too(data: Path, tmp_path: Path) -> None:
    """A killed writer leaves a log that nobody can write back."""
    code = (
        "import os, sys; from pathlib import Path; from vectorstore.catalog.sql import SqlCatalog; "
        "c = SqlCatalog(Path(sys.argv[1])); c.set('left', 'here'); os._exit(9)"
    )
    subprocess.run(
        [sys.executable, "-c", code, str(data / "catalog.sqlite3")], cwd=ROOT, check=False
    )
    assert (data / "catalog.sqlite3-wal").stat().st_size
    for removed in ((), ("catalog.sqlite3-shm",)):
        for name in removed:
            (data / name).unlink()
        with unwritable(data, tmp_path / f"seen{len(removed)}") as folder:
            catalog = SqlCatalog(folder / "catalog.sqlite3")
            assert catalog.get("left") == "here"
            assert catalog.count_documents() == 4
            catalog.close()


def test_read_only_without_mounting(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vectorstore.sqlite.database.can_write", lambda _: False)
    before = _changed_at(data)
    index = PolicyIndex(IndexSettings(data_dir=data), HashEmbedder())
    assert isinstance(index.vectors, ExactVectors)
    assert index.search("老年助餐")
    with pytest.raises(ReadOnlyData):
        index.catalog.set("a", "1")
    index.close()
    assert _changed_at(data) == before


def _changed_at(data: Path) -> dict[Path, int]:
    """Without the memory that SQLite's readers share, which holds no data."""
    files = (path for path in data.rglob("*") if not path.name.endswith("-shm"))
    return {path: path.stat().st_mtime_ns for path in files}


def test_exact_search_keeps_to_the_filter(filled: PolicyIndex) -> None:
    exact = ExactVectors(filled.catalog)
    vector = filled.embedder.embed_query("目标 补贴")
    wanted = next(d.id for d in filled.documents() if d.format == "pdf")
    found = exact.query(vector, 50, [wanted])
    assert found
    assert all(identifier.startswith(wanted) for identifier, _ in found)
    assert dict(exact.query(vector, 5)) == pytest.approx(
        dict(filled.vectors.query(vector, 5)), abs=2e-3
    )


# --- full disks -------------------------------------------------------------------------------


@pytest.fixture
def many(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(120):
        (folder / f"{number:03}.txt").write_text(TEXT.format(number), encoding="utf-8")
    return folder


@pytest.mark.parametrize("size", [300, 700, 1500])
def test_ingest_on_a_full_disk_goes_on_later(
    tmp_path: Path, many: Path, run: Callable[..., int], size: int,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    with small_disk(tmp_path / "disk", size) as disk:
        assert run(disk, many) == 1
        said = capsys.readouterr().err
        assert "磁盘已满" in said
        assert "Traceback" not in said
        shutil.copytree(disk, tmp_path / "larger")
    larger = tmp_path / "larger"
    if (larger / "catalog.sqlite3").exists():
        db = sqlite3.connect(larger / "catalog.sqlite3")
        assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        db.close()
    assert run(larger, many) == 0
    assert run(larger, "verify") == 0


@contextmanager
def file_limit(size: int) -> Iterator[None]:
    """No file grows beyond `size`: for SQLite and us the same as a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def draft(text: str) -> Draft:
    return Draft("d", "local", Request(text, "方案", "题目", "话题"))


def test_a_draft_on_a_full_disk_keeps_what_was_saved(tmp_path: Path) -> None:
    store = DraftStore(tmp_path / "drafts.sqlite3")
    saved = store.save(draft("短"), "新建", HOME)
    with file_limit(100_000), pytest.raises(DiskFull, match="已写入的都在"):
        store.save(Draft("d", "local", draft("长" * 200_000).request, version=1), "更长", HOME)
    assert store.load("d", HOME) == saved
    assert store.save(saved, "腾出空间以后", HOME).version == 2
    store.close()


def test_a_write_that_does_not_fit_leaves_nothing(filled: PolicyIndex) -> None:
    size = (filled.settings.data_dir / "catalog.sqlite3").stat().st_size
    with file_limit(size), pytest.raises(DiskFull):
        filled.catalog.set("big", "x" * 2 * size)
    assert filled.catalog.get("big") is None
    filled.catalog.set("small", "x")
    assert filled.search("节约用水")


def test_no_folder_to_write_to_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(PolicyError, match="不是文件夹"):
        SqlCatalog(tmp_path / "file" / "catalog.sqlite3")


# --- half characters --------------------------------------------------------------------------


def test_a_name_that_is_no_text_is_ingested_or_refused(
    tmp_path: Path, run: Callable[..., int]
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    with open(os.fsencode(folder) + b"/\xff\xfe.txt", "w", encoding="utf-8") as stream:  # noqa: PTH123
        stream.write(TEXT.format(1))
    assert run(tmp_path / "data", folder) in (0, 1)
    assert run(tmp_path / "data", "--status") == 0


@pytest.mark.model
def test_half_characters_in_questions(data: Path, tmp_path: Path) -> None:
    """The real command lines, in an ASCII locale too."""
    batch = tmp_path / "batch.jsonl"
    batch.write_text('{"id": "\\ud800", "question": "\\udfff养老\\ud800"}\n')
    for command_line in ([b"ask", b"\xff\xfe\xe5"], [b"search", b"--batch", os.fsencode(batch)]):
        done = subprocess.run(
            [sys.executable, "-m", "assistant", *command_line],
            cwd=ROOT, capture_output=True, check=False,
            env={**os.environ, "POLICY_DATA_DIR": str(tmp_path / "new"), "POLICY_MODEL_DIR": str(MODELS)},
        )  # fmt: skip
        assert b"Traceback" not in done.stderr
        assert done.returncode in (0, 1)


def test_an_open_file_is_not_opened_by_other_means(tmp_path: Path) -> None:
    """Closing it again would drop SQLite's locks, and another process would take the log away."""
    path = tmp_path / "catalog.sqlite3"
    first = SqlCatalog(path)
    first.set("a", "1")
    assert head_of(path, 16) is None
    second = SqlCatalog(path)  # looks for damage before it opens the file
    code = f"from pathlib import Path; from vectorstore.catalog.sql import SqlCatalog; c = SqlCatalog(Path({str(path)!r})); c.set('b', '2'); c.close()"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
    assert path.with_name("catalog.sqlite3-wal").exists()  # not the last to close
    assert first.get("b") == second.get("b") == "2"
    first.close()
    second.close()
    assert head_of(path, 16) == b"SQLite format 3\x00"
