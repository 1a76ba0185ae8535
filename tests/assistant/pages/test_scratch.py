"""What a run leaves on disk: nothing, however it ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from assistant.pages.received import NotReceived, SessionFiles
from assistant.pages.scratch import every, run_folder, sweep_old
from tests.assistant.pages.conftest import running_app
from tests.conftest import ROOT

HOLD = """
import sys, time
from pathlib import Path
from assistant.pages.scratch import run_folder
with run_folder(Path(sys.argv[1])) as folder:
    (folder / "稿.txt").write_text("稿")
    print(folder, flush=True)
    time.sleep(600)
"""


def hold(data: Path) -> tuple["subprocess.Popen[bytes]", Path]:
    """Another run over the same data folder."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(data)], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    return process, Path(os.fsdecode(process.stdout.readline().strip()))


def end(process: "subprocess.Popen[bytes]") -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate()


def test_a_run_leaves_nothing(tmp_path: Path) -> None:
    with run_folder(tmp_path) as folder:
        (folder / "a").mkdir()
        (folder / "a" / "稿.txt").write_text("稿", encoding="utf-8")
        assert folder.is_relative_to(tmp_path)
        assert folder.stat().st_mode & 0o77 == 0
    assert [p.name for p in (tmp_path / "tmp").iterdir()] in ([], [".lock"])


def test_what_a_killed_run_left_goes_and_what_another_uses_stays(tmp_path: Path) -> None:
    (tmp_path / "tmp" / "tmpabc" / "上传").mkdir(parents=True)  # of an earlier version
    alive, its = hold(tmp_path)
    killed, left = hold(tmp_path)
    try:
        end(killed)
        with run_folder(tmp_path):
            assert (its / "稿.txt").exists()
            assert not left.exists()
            assert not (tmp_path / "tmp" / "tmpabc").exists()
        assert (its / "稿.txt").exists()
    finally:
        end(alive)
    with run_folder(tmp_path) as folder:
        names = {p.name for p in (tmp_path / "tmp").iterdir()}
        assert names <= {folder.name, folder.name + ".lock", ".lock"}


def test_without_a_place_in_the_data_folder_there_is_another(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.write_text("a file where the folder should be", encoding="utf-8")
    with run_folder(data) as folder:
        (folder / "稿.txt").write_text("稿", encoding="utf-8")
    assert not folder.exists()


def test_old_files_go_while_the_app_runs(tmp_path: Path) -> None:
    old, new = tmp_path / "a" / "old.txt", tmp_path / "b" / "new.txt"
    for file in (old, new):
        file.parent.mkdir()
        file.write_text("稿", encoding="utf-8")
    for path in (old, old.parent):
        os.utime(path, (time.time() - 90_000,) * 2)
    (tmp_path / "link").symlink_to(new)
    files = SessionFiles(tmp_path)
    files.note("browser:1", [str(old), str(new)])
    with every(0.01, files.tidy):
        deadline = time.monotonic() + 30
        while old.exists() and time.monotonic() < deadline:
            time.sleep(0.01)
    assert not old.exists()
    assert new.exists()
    with pytest.raises(NotReceived):
        files.check("browser:1", [str(old)])
    assert files.check("browser:1", [str(new)]) == [new]
    sweep_old(tmp_path, seconds=-1)
    assert not new.exists()


def test_what_is_done_now_and_then_goes_on_whatever_it_raises() -> None:
    times: list[float] = []

    def fails() -> None:
        times.append(time.monotonic())
        raise OSError("磁盘已满")

    with every(0.01, fails):
        deadline = time.monotonic() + 30
        while len(times) < 3 and time.monotonic() < deadline:
            time.sleep(0.01)
    assert len(times) >= 3


def test_only_an_own_plain_file_is_believed(tmp_path: Path) -> None:
    root, outside = tmp_path / "run", tmp_path / "secret"
    root.mkdir()
    outside.write_text("机密", encoding="utf-8")
    (root / "link").symlink_to(outside)
    (root / "folder-link").symlink_to(tmp_path)
    os.mkfifo(root / "pipe")
    (root / "own").write_text("稿", encoding="utf-8")
    files = SessionFiles(root)
    through = [outside, root / "link", root / "folder-link" / "secret", root / "pipe", root / "absent",
               root / ".." / "secret", root]  # fmt: skip
    files.note("browser:1", map(str, [root / "own", *through]))
    assert files.check("browser:1", [str(root / "own")]) == [root / "own"]
    for path in through:
        with pytest.raises(NotReceived, match="重新上传"):
            files.check("browser:1", [str(path)])
    with pytest.raises(NotReceived):
        files.check("browser:2", [str(root / "own")])
    made = files.new("browser:2", "报告.docx")
    made.write_bytes(b"PK")
    assert files.belongs("browser:2", str(made))
    assert not files.belongs("browser:1", str(made))


@pytest.mark.model
def test_the_app_stops_at_once_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with running_app(tmp_path, POLICY_WEB_SAMPLES=str(tmp_path / "empty")):
        assert len(list((tmp_path / "data" / "tmp").glob("run-*/"))) == 1
    assert list((tmp_path / "data" / "tmp").glob("run-*")) == []
