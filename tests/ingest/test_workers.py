"""The processes that read files: what ends them, what becomes of the file, what they cost."""

import os
import signal
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from ingest import workers
from ingest.parse.limits import Limits
from ingest.pipeline import ingest
from ingest.prepare import PreparedFile, Recipe
from tests.conftest import ROOT, count_characters
from tests.ingest.parse.bombs import GOOD
from vectorstore.errors import FileRejected
from vectorstore.index import PolicyIndex

SPIN, GROW, SLEEP, TELL = "一直算", "一直要内存", "一直等", "说出来"


def misbehave(texts: Sequence[str]) -> list[int]:
    """Counts characters, and does to its process what the text says."""
    for text in texts:
        if SPIN in text:
            while True:
                pass
        if GROW in text:
            held = [b"x" * 2**24 for _ in range(1000)]
            assert held
        if SLEEP in text:
            time.sleep(600)
        if TELL in text:
            print("a parser that prints")
    return count_characters(texts)


def read(path: Path, limits: Limits = Limits(seconds=2)) -> PreparedFile:
    return workers.prepare_apart(path, Recipe(misbehave, 320, 2**24, limits))


def written(folder: Path, name: str, words: str) -> Path:
    path = folder / name
    path.write_text(f"{GOOD}\n{words}，请遵照执行。\n", encoding="utf-8")
    return path


def packed(folder: Path, *words: str) -> Path:
    path = folder / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number, word in enumerate(words):
            archive.writestr(f"{number}.txt", f"{GOOD}\n第{number}份{word}，请遵照执行。\n")
    return path


@pytest.mark.parametrize(
    ("words", "sentence"), [(SPIN, "秒处理器时间"), (GROW, "内存超过 1024 MB")]
)
def test_a_reader_that_takes_too_much_is_ended(words: str, sentence: str, tmp_path: Path) -> None:
    prepared = read(written(tmp_path, "a.txt", words), Limits(seconds=2, memory_mb=1024))
    assert sentence in prepared.error
    assert "POLICY_READ_" in prepared.error
    assert not read(written(tmp_path, "b.txt", "好")).error


def test_a_reader_that_only_waits_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.workers._clock", lambda stage: 1.0)
    assert "没有进展" in read(written(tmp_path, "a.txt", SLEEP)).error


def test_a_bad_member_costs_only_itself(tmp_path: Path) -> None:
    prepared = read(packed(tmp_path, "好", SPIN, "也好"))
    names = [Path(d.document.source_paths[0]).name for d in prepared.documents]
    assert names == ["a.zip!0.txt", "a.zip!2.txt"]
    assert "1.txt（" in prepared.warning
    assert "处理器时间" in prepared.warning


def test_a_pack_of_bad_members_is_given_up(tmp_path: Path) -> None:
    prepared = read(packed(tmp_path, "好", SPIN, SPIN, SPIN, "也好"))
    assert len(prepared.documents) == 1
    assert "其后的没有读取" in prepared.warning


def test_what_a_reader_prints_does_no_harm(tmp_path: Path) -> None:
    assert not read(written(tmp_path, "a.txt", TELL)).error


def test_the_same_reader_serves_file_after_file(tmp_path: Path) -> None:
    workers.close()
    seen = set()
    for number in range(5):
        read(written(tmp_path, f"{number}.txt", "好"))
        seen |= {reader.process.pid for reader in workers._READERS._idle}
    assert len(seen) == 1


def test_a_reader_is_ready_before_the_first_file(tmp_path: Path) -> None:
    workers.close()
    workers.warm(count_characters)
    (reader,) = workers._READERS._idle
    assert not read(written(tmp_path, "a.txt", "好")).error
    assert workers._READERS._idle == [reader]


def test_readers_load_no_model_and_not_the_program_itself() -> None:
    code = (
        "import sys, ingest.worker_process as w;"
        "print([m for m in ('torch', 'chromadb', 'gradio', 'assistant', 'sentence_transformers')"
        " if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_readers_end_with_their_parent() -> None:
    script = (
        "import time; from ingest.workers import _READERS; reader = _READERS.take();"
        "print(reader.process.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout
        reader = int(parent.stdout.readline())
        parent.kill()
    for _ in range(200):
        if not Path(f"/proc/{reader}").exists():
            return
        time.sleep(0.1)
    os.kill(reader, signal.SIGKILL)
    pytest.fail("the reader outlived its parent by twenty seconds")


@pytest.mark.parametrize("times", [1, 2])
def test_a_reader_that_the_system_ends_is_replaced_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    take, taken = workers._READERS.take, []

    def killed() -> Any:
        reader = take()
        taken.append(reader)
        if len(taken) <= times:
            reader.process.kill()
            reader.process.wait()
        return reader

    monkeypatch.setattr(workers._READERS, "take", killed)
    found = read(written(tmp_path, "a.txt", GOOD))
    assert len(taken) == 2
    assert ("被系统结束" in found.error) == (times == 2)
    assert len(found.documents) == 2 - times


def test_text_for_checking_is_read_apart_too(tmp_path: Path) -> None:
    limits = Limits(seconds=2)
    file = written(tmp_path, "a.txt", "好")
    assert workers.read_text(file, 2**20, limits) == file.read_text(encoding="utf-8")
    bad = tmp_path / "a.docx"
    bad.write_bytes(b"PK\x03\x04broken")
    with pytest.raises(FileRejected, match=r"docx|打不开"):
        workers.read_text(bad, 2**20, limits)
    mixed = tmp_path / "b.zip"
    with zipfile.ZipFile(mixed, "w") as archive:
        archive.writestr("好.txt", GOOD)
        archive.writestr("坏.docx", b"PK\x03\x04broken")
    with pytest.raises(FileRejected, match=r"坏\.docx"):
        workers.read_text(mixed, 2**20, limits)


# --- what lies in a folder beside files -----------------------------------------------------------


def test_links_pipes_and_sockets_are_named_and_left(index: PolicyIndex, tmp_path: Path) -> None:
    folder, outside = tmp_path / "in", tmp_path / "外"
    folder.mkdir()
    outside.mkdir()
    written(folder, "好.txt", "好")
    written(outside, "密.txt", "不该读到")
    (folder / "链接.txt").symlink_to(outside / "密.txt")
    (folder / "夹").symlink_to(outside)
    (folder / "圈.txt").symlink_to(folder / "圈.txt")
    (folder / "断.txt").symlink_to(folder / "没有.txt")
    os.mkfifo(folder / "管道.txt")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(folder / "口.txt"))
        results = {Path(r.path).name: r for r in ingest(index, [folder])}
    assert results.pop("好.txt").action == "added"
    assert set(results) == {"链接.txt", "夹", "圈.txt", "断.txt", "管道.txt", "口.txt"}
    assert all(r.action == "failed" and r.reason for r in results.values())
    assert "符号链接" in results["链接.txt"].reason
    assert "不是普通文件" in results["管道.txt"].reason
    assert len(index.documents()) == 1


@pytest.mark.parametrize("name", ["pipe", "/dev/zero"])
def test_what_is_no_file_is_refused_when_named(
    name: str, index: PolicyIndex, tmp_path: Path
) -> None:
    path = tmp_path / name
    if not path.exists():
        os.mkfifo(path)
    (result,) = ingest(index, [path])
    assert "不是普通文件" in result.reason


def test_a_file_that_became_a_link_or_a_pipe_is_not_opened(tmp_path: Path) -> None:
    """Between the listing and the reading."""
    os.mkfifo(tmp_path / "a.txt")
    assert "不是普通文件" in read(tmp_path / "a.txt").error
    (tmp_path / "b.txt").symlink_to("/etc/passwd")
    assert "符号链接" in read(tmp_path / "b.txt").error


# --- members, and names that are no text ----------------------------------------------------------


def test_the_good_members_are_taken_in_and_the_bad_ones_named(
    index: PolicyIndex, tmp_path: Path
) -> None:
    path = tmp_path / "打包.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("好.txt", GOOD)
        archive.writestr("坏.docx", b"PK\x03\x04broken")
        archive.writestr("空.txt", b"")
    (result,) = ingest(index, [path])
    assert (result.action, result.documents) == ("added", 1)
    assert "坏.docx（" in result.reason
    assert "空.txt（文件是空的）" in result.reason
    assert len(index.documents()) == 1


def test_a_member_that_cannot_be_read_any_more_stays_in_the_library(
    index: PolicyIndex, tmp_path: Path
) -> None:
    path = tmp_path / "a.zip"
    for second in (GOOD.replace("水库", "河道").encode(), b"PK\x03\x04broken"):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("好.txt", GOOD)
            archive.writestr("后来坏了.txt", second)
        ingest(index, [path])
        assert len(index.documents()) == 2


def test_names_that_are_no_text(index: PolicyIndex, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for number, raw in enumerate((b"\xb9\xfe.txt", b"\xb9\xff.txt", b"a\x07.txt")):
        path = Path(os.fsdecode(os.fsencode(folder) + b"/" + raw))
        path.write_text(GOOD.replace("水库", f"{number}号河"), encoding="utf-8")
    for expected in ("added", "unchanged"):
        results = ingest(index, [folder], prune=True)
        assert [r.action for r in results] == [expected] * 3
        for result in results:
            result.path.encode("utf-8")
            assert result.path.isprintable()
    assert len({r.path for r in results}) == 3
