"""Uploads: nothing is overwritten, nothing is lost, and hostile names stay names."""

import errno
import os
import random
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from ingest.pipeline import ingest
from ingest.uploads import MAX_ATTEMPTS, Uploads
from tests.conftest import ROOT, HashEmbedder
from tests.waiting import until
from vectorstore.errors import PolicyError
from vectorstore.files.labels import label_of, shown_path
from vectorstore.files.members import file_of
from vectorstore.files.uploads import UploadStore
from vectorstore.index import PolicyIndex
from vectorstore.models import EVERYTHING
from vectorstore.pace import Pace
from vectorstore.settings import IndexSettings

TEXT = "{0}人民政府关于加强水库管理的通知\n各镇：\n要加强水库管理，每日巡查{1}次，确保安全度汛。\n{0}人民政府\n2024年5月6日\n"


def quiet(done: int, total: int, *, waits: bool = False, pace: Pace = Pace()) -> None:
    pass


@pytest.fixture
def uploads(index: PolicyIndex) -> Uploads:
    return Uploads(index)


def written(folder: Path, place: str, name: str = "通知.txt", times: int = 2) -> Path:
    """A file as a browser sends it: each in a folder of its own, so that names may repeat."""
    path = folder / place / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(TEXT.format(place, times), encoding="utf-8")
    return path


def titles(index: PolicyIndex) -> list[str]:
    return [d.metadata.title for d in index.documents()]


def stored(index: PolicyIndex) -> list[str]:
    """What lies in the store, by content and label; journals and locks aside."""
    folder = index.settings.data_dir / "files"
    return sorted(p.name for p in folder.rglob("*") if p.is_file() and ".pending" not in p.parts)


def journals(index: PolicyIndex) -> list[Path]:
    return [p for p in (index.settings.data_dir / "files" / ".pending").iterdir() if p.is_dir()]


# --- nothing is overwritten -------------------------------------------------------------------


def test_two_documents_of_one_name_live_side_by_side(uploads: Uploads, tmp_path: Path) -> None:
    uploads([written(tmp_path, "甲县")], quiet, viewer=EVERYTHING)
    (second,) = uploads([written(tmp_path, "乙县")], quiet, viewer=EVERYTHING)
    assert second.action == "added"
    assert second.reason == (
        "库中另有同名文件《甲县人民政府关于加强水库管理的通知》（另一份内容），两份都保留"
    )
    assert len(titles(uploads.index)) == 2
    for document in uploads.index.documents():
        (path,) = document.source_paths
        assert Path(path).name == shown_path(path) == "通知.txt"
        assert document.metadata.title[:2] in Path(path).read_text(encoding="utf-8")
        assert not Path(path).stat().st_mode & 0o222


def test_the_same_content_says_so_and_keeps_both_names(uploads: Uploads, tmp_path: Path) -> None:
    uploads([written(tmp_path, "甲县")], quiet, viewer=EVERYTHING)
    again = written(tmp_path, "甲县", "副本.txt")
    said = "内容与已入库的《甲县人民政府关于加强水库管理的通知》相同，未重复入库"
    for path in (again, again, written(tmp_path, "甲县")):
        (result,) = uploads([path], quiet, viewer=EVERYTHING)
        assert (result.action, result.reason) == ("same", said)
    (document,) = uploads.index.documents()
    assert sorted(map(shown_path, document.source_paths)) == ["副本.txt", "通知.txt"]


def test_the_same_file_twice_in_one_batch(uploads: Uploads, tmp_path: Path) -> None:
    first, other = written(tmp_path, "甲县"), written(tmp_path, "甲县", "副本.txt")
    results = uploads([first, first, other, written(tmp_path, "乙县")], quiet, viewer=EVERYTHING)
    assert [r.action for r in results] == ["added", "same", "same", "added"]
    assert "同名文件" in results[3].reason
    assert len(titles(uploads.index)) == 2


def test_content_held_from_a_folder_is_known_too(uploads: Uploads, tmp_path: Path) -> None:
    path = written(tmp_path / "in", "甲县")
    ingest(uploads.index, [tmp_path / "in"])
    (result,) = uploads([path], quiet, viewer=EVERYTHING)
    assert result.action == "same"
    (document,) = uploads.index.documents()
    assert len(document.source_paths) == 2


def test_a_broken_upload_replaces_nothing_and_leaves_nothing(
    uploads: Uploads, tmp_path: Path
) -> None:
    uploads([written(tmp_path, "甲县")], quiet, viewer=EVERYTHING)
    broken = tmp_path / "坏" / "通知.txt"
    broken.parent.mkdir()
    broken.write_bytes(b"\x7fELF\x02\x01\x01\x00" + bytes(200))
    (result,) = uploads([broken], quiet, viewer=EVERYTHING)
    assert result.action == "failed"
    assert "二进制" in result.reason
    (document,) = uploads.index.documents()
    assert "甲县" in Path(document.source_paths[0]).read_text(encoding="utf-8")
    assert stored(uploads.index) == ["通知.txt"]
    assert not journals(uploads.index)


def test_what_cannot_be_received_fails_alone(uploads: Uploads, tmp_path: Path) -> None:
    good = written(tmp_path, "甲县")
    gone, ok = uploads([tmp_path / "没有.txt", good], quiet, viewer=EVERYTHING)
    assert (gone.action, gone.path) == ("failed", "没有.txt")
    assert "没有保存" in gone.reason
    assert ok.action == "added"


@pytest.mark.parametrize("writes", [1, 2, 3])
def test_a_full_disk_is_said_and_nothing_half_stays(
    uploads: Uploads, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writes: int
) -> None:
    """Full when the journal is begun, when the first content comes, or the second."""
    paths = [written(tmp_path, "甲县"), written(tmp_path, "乙县")]
    real, flushed = os.fsync, 0

    def fsync(descriptor: int) -> None:
        nonlocal flushed
        is_file = stat.S_ISREG(os.fstat(descriptor).st_mode)
        flushed += is_file
        if is_file and flushed == writes:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(descriptor)

    monkeypatch.setattr("vectorstore.files.uploads.os.fsync", fsync)
    if writes == 1:
        with pytest.raises(PolicyError, match="没有保存：数据目录写不了"):
            uploads(paths, quiet, viewer=EVERYTHING)
    else:
        results = uploads(paths, quiet, viewer=EVERYTHING)
        failed = [r for r in results if r.action == "failed"]
        assert len(failed) == 1
        assert "没有保存" in failed[0].reason
    assert len(stored(uploads.index)) == (0 if writes == 1 else 1)
    assert len(titles(uploads.index)) == len(stored(uploads.index))
    assert not journals(uploads.index)


# --- names ------------------------------------------------------------------------------------


def test_a_long_name_keeps_its_extension(uploads: Uploads, tmp_path: Path) -> None:
    path = written(tmp_path, "甲县", "长" * 80 + ".md")
    (result,) = uploads([path], quiet, viewer=EVERYTHING)
    assert result.action == "added"
    assert label_of("长" * 300 + ".md").endswith("长.md")


def test_names_that_differ_in_case_or_form_are_namesakes(uploads: Uploads, tmp_path: Path) -> None:
    uploads([written(tmp_path, "甲县", "Café.TXT")], quiet, viewer=EVERYTHING)
    (result,) = uploads([written(tmp_path, "乙县", "cafe\u0301.txt")], quiet, viewer=EVERYTHING)
    assert result.action == "added"
    assert "同名文件" in result.reason
    assert len(titles(uploads.index)) == 2


def test_a_name_with_the_members_mark_is_one_file(uploads: Uploads, tmp_path: Path) -> None:
    (result,) = uploads([written(tmp_path, "甲县", "紧急!.txt")], quiet, viewer=EVERYTHING)
    assert file_of(result.path) == result.path
    folder = uploads.store.folder
    assert [r.action for r in ingest(uploads.index, [folder], prune=True)] == ["unchanged"]
    assert len(titles(uploads.index)) == 1


# --- beside the command line ------------------------------------------------------------------


def test_ingesting_the_store_changes_nothing(uploads: Uploads, tmp_path: Path) -> None:
    names = ["通知.txt", "无扩展名"]
    uploads(
        [written(tmp_path, f"{n}县", name) for n, name in enumerate(names)],
        quiet,
        viewer=EVERYTHING,
    )
    generation = uploads.index.catalog.generation
    results = ingest(uploads.index, [uploads.store.folder], prune=True)
    assert [r.action for r in results] == ["unchanged"]  # without extension: not looked for
    assert uploads.index.catalog.generation == generation
    assert len(titles(uploads.index)) == 2


def test_prune_forgets_an_upload_that_was_removed_by_hand(uploads: Uploads, tmp_path: Path) -> None:
    (result,) = uploads([written(tmp_path, "甲县")], quiet, viewer=EVERYTHING)
    Path(result.path).unlink()
    ingest(uploads.index, [uploads.store.folder], prune=True)
    assert titles(uploads.index) == []


def test_prune_keeps_files_with_unprintable_names(index: PolicyIndex, tmp_path: Path) -> None:
    path = written(tmp_path, "甲县", "通\x07知.txt")
    for _ in range(2):
        results = ingest(index, [path.parent], prune=True)
        assert "removed" not in [r.action for r in results]
    assert len(titles(index)) == 1


def legacy(index: PolicyIndex, place: str) -> Path:
    """A file as the first version stored it: under its own name."""
    folder = index.settings.data_dir / "files"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "通知.txt"
    path.write_text(TEXT.format(place, 2), encoding="utf-8")
    ingest(index, [path])
    return path


def test_files_of_an_earlier_version_stay_valid(uploads: Uploads, tmp_path: Path) -> None:
    path = legacy(uploads.index, "甲县")
    (same,) = uploads([written(tmp_path, "甲县")], quiet, viewer=EVERYTHING)
    assert (same.action, same.path) == ("same", str(path.resolve()))
    uploads([written(tmp_path, "乙县")], quiet, viewer=EVERYTHING)
    uploads.recover()
    assert path.is_file()
    assert len(titles(uploads.index)) == 2
    (old,) = [d for d in uploads.index.documents() if "甲县" in d.metadata.title]
    uploads.delete(old.id)
    assert not path.exists()
    assert stored(uploads.index) == ["通知.txt"]


# --- deleting ---------------------------------------------------------------------------------


def test_deleting_removes_every_name_of_the_content(uploads: Uploads, tmp_path: Path) -> None:
    outside = written(tmp_path / "in", "甲县")
    ingest(uploads.index, [outside])
    uploads(
        [written(tmp_path, "甲县"), written(tmp_path, "甲县", "副本.txt")], quiet, viewer=EVERYTHING
    )
    uploads([written(tmp_path, "乙县")], quiet, viewer=EVERYTHING)
    (document,) = [d for d in uploads.index.documents() if "甲县" in d.metadata.title]
    assert len(document.source_paths) == 3
    assert uploads.delete(document.id) == [str(outside)]
    assert outside.is_file()
    assert stored(uploads.index) == ["通知.txt"]
    assert len(list(uploads.store.folder.iterdir())) == 2  # one content and the journals
    with pytest.raises(PolicyError, match="不在库中"):
        uploads.delete(document.id)


def test_an_archive_stays_while_another_document_of_it_is_held(
    uploads: Uploads, tmp_path: Path
) -> None:
    import zipfile

    path = tmp_path / "两份.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("一.txt", TEXT.format("甲县", 2))
        archive.writestr("二.txt", TEXT.format("乙县", 3))
    uploads([path], quiet, viewer=EVERYTHING)
    first, second = uploads.index.documents()
    assert uploads.delete(first.id)
    assert stored(uploads.index) == ["两份.zip"]
    assert uploads.delete(second.id) == []
    assert stored(uploads.index) == []


def test_only_files_where_uploads_lie_are_the_stores(tmp_path: Path) -> None:
    store = UploadStore(tmp_path / "files")
    content = store.folder / ("a" * 64)
    assert store.owns(content / "通知.txt")
    assert store.owns(store.folder / "通知.txt")
    for path in (
        tmp_path / "通知.txt",
        store.folder / "x" / "通知.txt",
        content / "y" / "通知.txt",
    ):
        assert not store.owns(path)


# --- somebody else writes ---------------------------------------------------------------------


def test_an_upload_waits_for_another_import(uploads: Uploads, tmp_path: Path) -> None:
    told = threading.Event()

    def tell(done: int, total: int, *, waits: bool = False, pace: Pace = Pace()) -> None:
        if waits:
            told.set()

    path, results = written(tmp_path, "甲县"), []
    upload = threading.Thread(
        target=lambda: results.extend(uploads([path], tell, viewer=EVERYTHING))
    )
    with uploads.index.writing():
        upload.start()
        assert told.wait(60)
        time.sleep(1.5)  # still patient after it has told so
        assert not results
        assert stored(uploads.index) == ["通知.txt"]
    upload.join(60)
    assert [r.action for r in results] == ["added"]


def test_many_at_the_same_moment(uploads: Uploads, tmp_path: Path) -> None:
    places = [f"{n}号县" for n in range(6)]
    batches = [[written(tmp_path, p), written(tmp_path, "甲县")] for p in places]
    results: list[str] = []
    threads = [
        threading.Thread(
            target=lambda b=b: results.extend(
                r.action for r in uploads(b, quiet, viewer=EVERYTHING)
            )
        )
        for b in batches
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert sorted(results) == ["added"] * 7 + ["same"] * 5
    assert len(titles(uploads.index)) == 7
    assert not journals(uploads.index)


# --- killed -----------------------------------------------------------------------------------

KILLED = """
import os, signal, sys
sys.path.insert(0, {root!r})
from pathlib import Path
import ingest.pipeline, ingest.uploads, vectorstore.index, vectorstore.files.uploads
from tests.conftest import HashEmbedder
from tests.ingest.test_uploads import quiet
from vectorstore.models import EVERYTHING
from vectorstore.settings import IndexSettings
ingest.pipeline.EMBED_BATCH = 1  # a transaction for each document
index = vectorstore.index.PolicyIndex(IndexSettings(data_dir=Path({data!r})), HashEmbedder())
uploads = ingest.uploads.Uploads(index)

def die_in(owner, name, call=1, after=False):
    real, calls = getattr(owner, name), []
    def dying(*args, **kwargs):
        calls.append(1)
        if len(calls) == call and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        result = real(*args, **kwargs)
        if len(calls) == call:
            os.kill(os.getpid(), signal.SIGKILL)
        return result
    setattr(owner, name, dying)

Store, Batch = vectorstore.files.uploads.UploadStore, vectorstore.files.uploads.Batch
Index = vectorstore.index.PolicyIndex
{where}
print("ready", flush=True)
{work}
"""
UPLOAD = "uploads([Path(p) for p in {paths!r}], quiet, viewer=EVERYTHING)"


def run_killed(data: Path, where: str, work: str, after: float | None = None) -> int:
    script = KILLED.format(root=str(ROOT), data=str(data), where=where, work=work)
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        if after is not None:
            time.sleep(after)
            process.kill()
        return process.wait(120)


@pytest.mark.parametrize(
    ("where", "received"),
    [
        ("die_in(Store, '_copy')", 0),
        ("die_in(Store, '_copy', 2)", 0),
        ("die_in(Store, 'place')", 3),
        ("die_in(Store, '_place', 2)", 3),
        ("die_in(ingest.uploads, 'ingest')", 3),
        ("die_in(Index, 'replace_document', 2)", 3),
        ("die_in(Index, 'publish')", 3),
        ("die_in(Store, 'settle')", 3),
        ("die_in(vectorstore.files.uploads.shutil, 'rmtree')", 3),
        ("die_in(Store, 'settle', after=True)", 3),
    ],
)
def test_an_upload_that_was_killed_is_taken_in_or_reported(
    settings: IndexSettings, tmp_path: Path, where: str, received: int
) -> None:
    paths = [str(written(tmp_path, place)) for place in ("甲县", "乙县", "丙县")]
    assert run_killed(settings.data_dir, where, UPLOAD.format(paths=paths)) == -signal.SIGKILL
    index = PolicyIndex(settings, HashEmbedder())
    uploads = Uploads(index)
    uploads.recover()
    assert len(titles(index)) == received
    assert stored(index) == ["通知.txt"] * received
    assert not journals(index)
    if not received:
        assert uploads.notice(EVERYTHING).startswith(
            "上次中断的 3 份上传没有入库：通知.txt（上传中断"
        )
    elif "after" not in where:
        assert uploads.notice(EVERYTHING) == "上次中断的 3 份上传已补入库"
    uploads.recover()
    assert uploads.notice(EVERYTHING) == ""
    index.close()


def test_a_broken_upload_that_was_killed_is_reported_and_removed(
    settings: IndexSettings, tmp_path: Path
) -> None:
    (tmp_path / "空.txt").write_bytes(b"")
    work = UPLOAD.format(paths=[str(tmp_path / "空.txt"), str(written(tmp_path, "甲县"))])
    run_killed(settings.data_dir, "die_in(ingest.uploads, 'ingest')", work)
    index = PolicyIndex(settings, HashEmbedder())
    uploads = Uploads(index)
    uploads.recover()
    assert uploads.notice(EVERYTHING) == (
        "上次中断的 1 份上传已补入库；上次中断的 1 份上传没有入库：空.txt（文件是空的）"
    )
    assert stored(index) == ["通知.txt"]
    index.close()


@pytest.mark.parametrize(
    ("where", "left"),
    [
        ("die_in(Index, 'delete_document')", 2),
        ("die_in(Index, 'delete_document', after=True)", 1),
        ("die_in(Store, '_remove')", 1),
        ("die_in(Store, '_remove', after=True)", 1),
    ],
)
def test_a_deletion_that_was_killed_is_whole_or_not_begun(
    settings: IndexSettings, tmp_path: Path, where: str, left: int
) -> None:
    index = PolicyIndex(settings, HashEmbedder())
    Uploads(index)([written(tmp_path, "甲县"), written(tmp_path, "乙县")], quiet, viewer=EVERYTHING)
    work = f"uploads.delete({index.documents()[0].id!r})"
    assert run_killed(settings.data_dir, where, work) == -signal.SIGKILL
    uploads = Uploads(index)
    uploads.recover()
    assert len(titles(index)) == len(stored(index)) == left
    assert uploads.notice(EVERYTHING) == ""
    assert not journals(index)
    index.close()


def test_killed_at_random_moments(settings: IndexSettings, tmp_path: Path) -> None:
    rng = random.Random(5)
    sent: set[str] = set()
    for turn in range(3):
        places = [f"{turn}号{n}县" for n in range(8)]
        paths = [str(written(tmp_path, place)) for place in places]
        run_killed(settings.data_dir, "", UPLOAD.format(paths=paths), rng.random())
        index = PolicyIndex(settings, HashEmbedder())
        uploads = Uploads(index)
        uploads.recover()
        held = {title.split("人民")[0] for title in titles(index)}
        assert sent <= held
        assert len(held) == len(stored(index))
        whole = set(places) <= held
        # All of a batch or, when not everything had been received, none of it; which it tells.
        assert whole or not held & set(places)
        sent = held
        assert not journals(index)
        index.close()


def test_what_ends_the_program_each_time_is_given_up(
    settings: IndexSettings, tmp_path: Path
) -> None:
    where = "die_in(ingest.uploads, 'ingest')"
    work = UPLOAD.format(paths=[str(written(tmp_path, "甲县"))])
    assert run_killed(settings.data_dir, where, work) == -signal.SIGKILL
    assert run_killed(settings.data_dir, where, "uploads.recover()") == -signal.SIGKILL
    index = PolicyIndex(settings, HashEmbedder())
    (batch,) = UploadStore(settings.data_dir / "files").unfinished()
    assert batch.attempts == 1
    with batch:
        batch.attempts = MAX_ATTEMPTS
        batch.write()
    uploads = Uploads(index)
    uploads.recover()
    assert "不再重试" in uploads.notice(EVERYTHING)
    assert stored(index) == ["通知.txt"]  # nothing is thrown away
    index.close()


def test_an_error_leaves_the_upload_for_the_next_start(
    uploads: Uploads, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise PolicyError("磁盘满了")

    path = written(tmp_path, "甲县")
    with monkeypatch.context() as patch:
        patch.setattr(HashEmbedder, "embed_passages", full)
        with pytest.raises(PolicyError, match="磁盘满了（上传的文件已保存，稍后自动补入库）"):
            uploads([path], quiet, viewer=EVERYTHING)
        for _ in range(MAX_ATTEMPTS + 1):
            uploads.recover()
        assert "磁盘满了" in uploads.notice(EVERYTHING)
    uploads.recover()
    assert uploads.notice(EVERYTHING) == "上次中断的 1 份上传已补入库"
    assert len(titles(uploads.index)) == 1


def test_an_upload_comes_in_by_itself_when_what_was_away_is_back(
    uploads: Uploads, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise PolicyError("连不上数据库")

    monkeypatch.setattr("ingest.uploads._FIRST", 0.1)
    with monkeypatch.context() as patch:
        patch.setattr(HashEmbedder, "embed_passages", away)
        with pytest.raises(PolicyError, match="连不上数据库"):
            uploads([written(tmp_path, "甲县")], quiet, viewer=EVERYTHING)
        until(lambda: "连不上数据库" in uploads.notice(EVERYTHING))
    until(lambda: uploads.notice(EVERYTHING) == "上次中断的 1 份上传已补入库")
    assert len(titles(uploads.index)) == 1
    assert not journals(uploads.index)


def test_an_upload_in_progress_is_not_taken_for_a_cut_off_one(
    settings: IndexSettings, uploads: Uploads, tmp_path: Path
) -> None:
    with uploads.store.receive([written(tmp_path, "甲县")]):
        other = Uploads(PolicyIndex(settings, HashEmbedder()))
        other.recover()
        assert other.notice(EVERYTHING) == ""
        assert titles(other.index) == []
        assert len(journals(other.index)) == 1
        other.index.close()


def test_a_lost_catalogue_gets_its_uploads_back(settings: IndexSettings, tmp_path: Path) -> None:
    index = PolicyIndex(settings, HashEmbedder())
    Uploads(index)([written(tmp_path, "甲县"), written(tmp_path, "乙县")], quiet, viewer=EVERYTHING)
    index.close()
    for file in settings.data_dir.glob("catalog.sqlite3*"):
        file.unlink()
    with pytest.raises(PolicyError, match="说明原来有过"):  # never silently empty
        PolicyIndex(settings, HashEmbedder())
    kept = settings.data_dir.rename(tmp_path / "kept")  # somebody begins anew with the uploads
    settings.data_dir.mkdir()
    index = PolicyIndex(settings, HashEmbedder())
    (kept / "files").rename(settings.data_dir / "files")
    Uploads(index).recover()
    assert len(titles(index)) == len(stored(index)) == 2
    index.close()


@pytest.mark.skipif(os.geteuid() == 0, reason="root 写得了任何文件夹")
def test_a_read_only_folder_is_no_reason_to_stop(uploads: Uploads, tmp_path: Path) -> None:
    uploads([written(tmp_path, "甲县")], quiet, viewer=EVERYTHING)
    uploads.store.folder.chmod(0o500)
    try:
        uploads.recover()
        with pytest.raises(PolicyError, match="没有保存"):
            uploads([written(tmp_path, "乙县")], quiet, viewer=EVERYTHING)
    finally:
        uploads.store.folder.chmod(0o700)
