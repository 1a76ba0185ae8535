"""For whom documents are when they come in: decided once, before anybody sees them."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import ingest.__main__ as command
from ingest.pipeline import ingest
from ingest.uploads import NOBODY, RECEIVED, Uploads
from tests.conftest import ROOT, HashEmbedder
from tests.ingest.test_uploads import TEXT, quiet, written
from vectorstore.index import PolicyIndex
from vectorstore.models import EVERYTHING, PUBLIC, Audience, Viewer
from vectorstore.settings import IndexSettings

OWN = Audience("部门", ("d1",))
INSIDER = Viewer("甲", departments=frozenset({"d1"}))
OUTSIDER = Viewer("乙", departments=frozenset({"d2"}))


@pytest.fixture
def uploads(index: PolicyIndex) -> Uploads:
    return Uploads(index)


def audiences(index: PolicyIndex) -> list[Audience]:
    return [d.audience for d in index.documents()]


def test_an_upload_is_for_whom_it_was_sent(uploads: Uploads, tmp_path: Path) -> None:
    (result,) = uploads([written(tmp_path, "甲县")], quiet, audience=OWN, viewer=INSIDER)
    assert result.action == "added"
    uploads([written(tmp_path, "乙县")], quiet, viewer=EVERYTHING)
    assert audiences(uploads.index) == [PUBLIC, OWN]


def test_a_document_is_never_public_before_it_is_what_it_shall_be(
    uploads: Uploads, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever another reader sees at any moment of the writing."""
    seen: list[list[Audience]] = []
    inner = uploads.index.catalog.replace_document

    def watched(*given: object) -> None:
        inner(*given)  # type: ignore[arg-type]
        other = PolicyIndex(uploads.index.settings, HashEmbedder())
        seen.append(audiences(other))
        other.close()

    monkeypatch.setattr(uploads.index.catalog, "replace_document", watched)
    uploads([written(tmp_path, "甲县")], quiet, audience=OWN, viewer=EVERYTHING)
    assert seen == [[]]  # the transaction is not over yet
    assert audiences(uploads.index) == [OWN]


def test_held_content_keeps_its_audience_and_is_not_betrayed(
    uploads: Uploads, tmp_path: Path
) -> None:
    uploads([written(tmp_path, "甲县")], quiet, audience=OWN, viewer=INSIDER)
    for audience in (PUBLIC, Audience("个人", ("乙",))):
        copy = written(tmp_path, "甲县", "副本.txt")
        (result,) = uploads([copy], quiet, audience=audience, viewer=OUTSIDER)
        assert (result.action, result.reason, result.passages) == ("received", RECEIVED, 0)
    (result,) = uploads([copy], quiet, audience=PUBLIC, viewer=INSIDER)
    assert (result.action, "甲县人民政府" in result.reason) == ("same", True)
    assert audiences(uploads.index) == [OWN]


def test_public_content_is_not_narrowed_by_an_upload(uploads: Uploads, tmp_path: Path) -> None:
    uploads([written(tmp_path, "甲县")], quiet, viewer=EVERYTHING)
    (result,) = uploads([written(tmp_path, "甲县")], quiet, audience=OWN, viewer=OUTSIDER)
    assert result.action == "same"
    assert audiences(uploads.index) == [PUBLIC]


def test_namesakes_out_of_sight_are_not_named(uploads: Uploads, tmp_path: Path) -> None:
    uploads([written(tmp_path, "甲县")], quiet, audience=OWN, viewer=INSIDER)
    mine = Audience("个人", ("乙",))
    (result,) = uploads([written(tmp_path, "乙县")], quiet, audience=mine, viewer=OUTSIDER)
    assert (result.action, result.reason) == ("added", "")
    (result,) = uploads([written(tmp_path, "丙县")], quiet, viewer=INSIDER)
    assert "同名文件《甲县" in result.reason


def test_a_document_that_was_deleted_comes_back_for_those_it_was_for(
    uploads: Uploads, tmp_path: Path
) -> None:
    uploads([written(tmp_path, "甲县")], quiet, audience=OWN, viewer=EVERYTHING)
    (document,) = uploads.index.documents()
    uploads.delete(document.id)
    (result,) = uploads([written(tmp_path, "甲县")], quiet, viewer=OUTSIDER)
    assert result.action == "received"
    assert audiences(uploads.index) == [OWN]


KILLED = """
import os, signal, sys
from pathlib import Path
import ingest.uploads as module
from tests.conftest import HashEmbedder
from vectorstore.index import PolicyIndex
from vectorstore.models import Audience, Viewer
from vectorstore.settings import IndexSettings
module.ingest = lambda *given, **named: os.kill(os.getpid(), signal.SIGKILL)
index = PolicyIndex(IndexSettings(data_dir=Path(sys.argv[1])), HashEmbedder())
module.Uploads(index)([Path(sys.argv[2])], lambda *given, **named: None,
                      audience=Audience("部门", ("d1",)), viewer=Viewer("甲", departments=frozenset()))
"""


def test_an_upload_that_was_killed_keeps_its_audience(
    settings: IndexSettings, tmp_path: Path
) -> None:
    file = written(tmp_path, "甲县")
    killed = [sys.executable, "-c", KILLED, str(settings.data_dir), str(file)]
    assert subprocess.run(killed, cwd=ROOT, check=False).returncode < 0
    index = PolicyIndex(settings, HashEmbedder())
    uploads = Uploads(index)
    uploads.recover()
    assert audiences(index) == [OWN]
    assert uploads.notice(EVERYTHING) == uploads.notice(INSIDER) == "上次中断的 1 份上传已补入库"
    assert uploads.notice(OUTSIDER) == ""  # somebody else's
    index.close()


def test_uploads_of_a_lost_catalogue_are_for_nobody_where_people_log_in(
    uploads: Uploads, tmp_path: Path
) -> None:
    uploads([written(tmp_path, "甲县")], quiet, audience=OWN, viewer=EVERYTHING)
    (document,) = uploads.index.documents()
    uploads.index.put_audience(document.id, PUBLIC)
    uploads.index.delete_document(document.id)  # and the file of it stays
    Uploads(uploads.index, strays=NOBODY).recover()
    assert audiences(uploads.index) == [NOBODY]


@pytest.fixture
def line(index: PolicyIndex, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    monkeypatch.setenv("POLICY_DATA_DIR", str(index.settings.data_dir))
    monkeypatch.setattr(command, "build_embedder", lambda settings: HashEmbedder())
    return lambda *given: command.main([str(part) for part in given])


def test_a_newer_version_of_a_file_is_for_those_the_older_was_for(
    index: PolicyIndex, tmp_path: Path
) -> None:
    """Its id is another: without this, whatever is updated in a folder would become public."""
    file = written(tmp_path / "in", "甲县")
    ingest(index, [tmp_path / "in"], audience=OWN)
    file.write_text(TEXT.format("甲县", 7), encoding="utf-8")
    ingest(index, [tmp_path / "in"])
    (document,) = index.documents()
    found = index.document(document.id)
    assert found
    assert "巡查7次" in found.text
    assert document.audience == OWN
    ingest(index, [tmp_path / "in"], reread=True)
    assert audiences(index) == [OWN]


def test_the_command_says_for_whom_files_are(
    index: PolicyIndex, tmp_path: Path, line: Callable[..., int]
) -> None:
    written(tmp_path / "in", "甲县")
    assert line(tmp_path / "in", "--audience", "部门:d1") == 0
    assert audiences(index) == [OWN]
    assert line(tmp_path / "in") == 0
    assert audiences(index) == [OWN]
    (document,) = index.documents()
    index.put_audience(document.id, Audience("部门", ("d1",), may_quote=False))
    assert line(tmp_path / "in", "--audience", "群体:g1，g2".replace("，", ",")) == 0
    assert audiences(index) == [Audience("群体", ("g1", "g2"), may_quote=False)]


def test_the_list_of_the_command_tells_it(
    index: PolicyIndex,
    tmp_path: Path,
    line: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
) -> None:
    ingest(index, [written(tmp_path, "甲县")], audience=OWN)
    assert line("--status", "--json") == 0
    shown = capsys.readouterr().out
    assert (
        '"audience": {"kind": "部门", "of": ["d1"], "may_quote": true, "may_download": true}'
        in shown
    )


@pytest.mark.parametrize("wrong", ["部门", "部门:", "公开:d1", "大家", ""])
def test_an_audience_that_cannot_be_read_is_refused(wrong: str, line: Callable[..., int]) -> None:
    with pytest.raises(SystemExit) as stopped:
        line("x", "--audience", wrong)
    assert stopped.value.code == 2
