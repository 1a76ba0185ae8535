"""A folder that is followed: taken in when still, moved files known, deletions only proposed."""

from pathlib import Path

import pytest
from filelock import FileLock

from ingest.watching import Follower, checked
from tests.ingest.test_uploads import written
from vectorstore.arrivals.arrivals import Arrivals
from vectorstore.arrivals.followed import NOTE, Followed, followed_of
from vectorstore.errors import PolicyError
from vectorstore.index import PolicyIndex
from vectorstore.settings import WatchSettings


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Folder:
    """A followed folder with one file, and its follower; `pass_` lets time go by and looks."""

    def __init__(self, index: PolicyIndex, root: Path):
        self.index, self.root, self.clock = index, root, Clock()
        root.mkdir()
        self.file = written(root, "甲县")
        self.arrivals = Arrivals(index.settings.data_dir)
        settings = WatchSettings(folder=root, quiet=30)
        self.follower = Follower(index, self.arrivals, settings, self.clock)

    def pass_(self, seconds: float) -> Followed:
        self.clock.now += seconds
        self.follower.look()
        state = followed_of(self.arrivals.noted(NOTE))
        assert state is not None
        return state

    @property
    def titles(self) -> list[str]:
        return [d.metadata.title[:2] for d in self.index.documents()]


@pytest.fixture
def folder(index: PolicyIndex, tmp_path: Path) -> Folder:
    return Folder(index, tmp_path / "followed")


def test_a_file_is_taken_in_once_it_lies_still(folder: Folder) -> None:
    assert folder.pass_(0).waiting == 1
    assert folder.titles == []
    folder.file.write_text(folder.file.read_text() + "再写一行。\n")  # still being copied
    assert folder.pass_(40).waiting == 1
    assert folder.titles == []
    assert folder.pass_(30).waiting == 0
    assert folder.titles == ["甲县"]
    (report,) = folder.arrivals.reports()
    assert report.way == "watch"
    assert [f.action for f in folder.arrivals.files(report.number)] == ["added"]
    folder.pass_(30)
    assert len(folder.arrivals.reports()) == 1  # nothing new


def test_a_moved_file_is_known_by_its_content(folder: Folder) -> None:
    folder.pass_(0)
    folder.pass_(30)
    (before,) = folder.index.documents()
    new = folder.root / "改名.txt"
    folder.file.rename(new)
    for _ in range(4):
        assert folder.pass_(30).missing == ()
    (after,) = folder.index.documents()
    assert (after.id, after.source_paths) == (before.id, (str(new),))


def test_what_is_deleted_is_proposed_and_stays(folder: Folder) -> None:
    folder.pass_(0)
    folder.pass_(30)
    other = written(folder.root, "乙县")
    folder.file.unlink()
    assert folder.pass_(10).missing == ()  # something else is on its way
    folder.pass_(30)
    (missing,) = folder.pass_(30).missing
    assert missing.path == str(folder.file)
    assert sorted(folder.titles) == ["乙县", "甲县"]
    folder.arrivals.keep_without_file(missing.path, "user:1", "王某")
    assert folder.pass_(30).missing == ()
    assert other.exists()


def test_a_folder_that_is_gone_or_empty_proposes_nothing(folder: Folder) -> None:
    folder.pass_(0)
    folder.pass_(30)
    moved = folder.root.rename(folder.root.with_name("elsewhere"))
    state = folder.pass_(60)
    assert "打不开" in state.problem
    folder.root.mkdir()  # not mounted
    state = folder.pass_(60)
    assert ("可能没有挂载" in state.problem, state.missing) == (True, ())
    assert moved.is_dir()


def test_links_and_what_cannot_be_read_are_told_and_not_tried_again(
    folder: Folder, tmp_path: Path
) -> None:
    outside = written(tmp_path / "outside", "丙县")
    (folder.root / "链接.txt").symlink_to(outside)
    (folder.root / "夹").symlink_to(outside.parent)
    (folder.root / "坏.pdf").write_bytes(b"%PDF-1.4 nothing")
    folder.pass_(0)
    state = folder.pass_(30)
    assert folder.titles == ["甲县"]
    assert any("链接.txt" in line and "文件夹之外" in line for line in state.refused)
    assert any("符号链接" in line for line in state.refused)
    folder.pass_(30)
    (report,) = folder.arrivals.reports()
    assert {f.action for f in folder.arrivals.files(report.number)} == {"added", "failed"}


def test_a_folder_that_cannot_be_followed_is_refused(
    folder: Folder, index: PolicyIndex, tmp_path: Path
) -> None:
    data = index.settings.data_dir
    link = tmp_path / "link"
    link.symlink_to(folder.root)
    for given, said in (
        (link, "符号链接"),
        (data / "files", "打不开"),
        (data, "重叠"),
        (tmp_path, "重叠"),
    ):
        with pytest.raises(PolicyError, match=said):
            checked(given, data)


def test_two_programs_do_not_follow_at_once(folder: Folder) -> None:
    with FileLock(folder.index.settings.data_dir / "watch.lock"):
        folder.follower.look()
    assert folder.arrivals.noted(NOTE) is None
