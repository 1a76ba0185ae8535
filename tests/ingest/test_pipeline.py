"""The life of the index: added, updated, unchanged, removed, failed — and killed."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from ingest import workers
from ingest.__main__ import main
from ingest.pipeline import FileResult, ingest
from tests.conftest import ROOT, HashEmbedder, squeezed
from vectorstore.catalog.sql import SqlCatalog
from vectorstore.errors import PolicyError
from vectorstore.index import PolicyIndex
from vectorstore.library import Library
from vectorstore.models import Viewer
from vectorstore.settings import IndexSettings

TEXT = "某某市关于加强第{0}项工作的通知\n\n第{0}项工作要在{0}月底前完成，责任到人，抓好落实。\n"


def actions(results: list[FileResult]) -> Counter[str]:
    return Counter(result.action for result in results)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "in"
    path.mkdir()
    for number in range(1, 4):
        (path / f"{number}.txt").write_text(TEXT.format(number), encoding="utf-8")
    return path


def test_ingesting_twice_does_nothing_the_second_time(
    index: PolicyIndex, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert actions(ingest(index, [folder])) == {"added": 3}
    generation = index.catalog.generation
    monkeypatch.setattr(HashEmbedder, "embed_passages", lambda *_: pytest.fail("embedded again"))
    assert actions(ingest(index, [folder])) == {"unchanged": 3}
    assert index.catalog.generation == generation


def test_a_touched_file_with_the_same_content_is_unchanged(
    index: PolicyIndex, folder: Path
) -> None:
    ingest(index, [folder])
    os.utime(folder / "1.txt", (1, 1))
    assert actions(ingest(index, [folder])) == {"unchanged": 3}
    assert actions(ingest(index, [folder])) == {"unchanged": 3}


def test_a_changed_file_replaces_its_document(index: PolicyIndex, folder: Path) -> None:
    ingest(index, [folder])
    (folder / "1.txt").write_text(TEXT.format(9), encoding="utf-8")
    assert actions(ingest(index, [folder])) == {"updated": 1, "unchanged": 2}
    titles = [d.metadata.title for d in index.documents()]
    assert "某某市关于加强第1项工作的通知" not in titles
    assert "某某市关于加强第9项工作的通知" in titles


def test_a_removed_file_goes_only_with_prune(index: PolicyIndex, folder: Path) -> None:
    ingest(index, [folder])
    (folder / "2.txt").unlink()
    assert actions(ingest(index, [folder])) == {"unchanged": 2}
    assert len(index.documents()) == 3
    assert actions(ingest(index, [folder], prune=True)) == {"unchanged": 2, "removed": 1}
    assert len(index.documents()) == 2


def test_prune_touches_nothing_outside_the_given_paths(
    index: PolicyIndex, folder: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "x.txt").write_text(TEXT.format(7), encoding="utf-8")
    ingest(index, [folder, other])
    (other / "x.txt").unlink()
    assert actions(ingest(index, [folder], prune=True)) == {"unchanged": 3}
    assert len(index.documents()) == 4


def test_one_document_under_two_names_is_stored_once(index: PolicyIndex, folder: Path) -> None:
    (folder / "copy.txt").write_text(TEXT.format(1), encoding="utf-8")
    ingest(index, [folder])
    documents = index.documents()
    assert len(documents) == 3
    twice = next(d for d in documents if len(d.source_paths) == 2)
    (folder / "1.txt").unlink()
    ingest(index, [folder], prune=True)
    kept = next(d for d in index.documents() if d.id == twice.id)
    assert [Path(p).name for p in kept.source_paths] == ["copy.txt"]


def test_a_file_that_broke_keeps_its_old_version(index: PolicyIndex, folder: Path) -> None:
    ingest(index, [folder])
    (folder / "1.txt").write_bytes(b"")
    (result,) = [r for r in ingest(index, [folder]) if r.action == "failed"]
    assert "保留原来的版本" in result.reason
    assert len(index.documents()) == 3


def test_reprints_are_linked_and_the_issuers_own_copy_comes_first(
    index: PolicyIndex, tmp_path: Path
) -> None:
    body = "某某市人民政府关于加强水库管理的通知\n各县（区）人民政府：\n要加强水库管理，落实责任，确保安全度汛。\n某某市人民政府\n2024年4月2日\n"
    (tmp_path / "own.txt").write_text(
        "某某市人民政府文件\n某政发〔2024〕5号\n" + body, encoding="utf-8"
    )
    (tmp_path / "reprint.txt").write_text(
        "来源：水利信息网　发布日期：2024-05-01\n文号：某政发〔2024〕5号\n" + body, encoding="utf-8"
    )
    ingest(index, [tmp_path / "own.txt", tmp_path / "reprint.txt"])
    view = Library(index).seen_by(Viewer("甲"), as_of=date(2026, 1, 1))
    copies = view.reprints(view.documents()[0].id)
    assert [Path(d.source_paths[0]).name for d in copies] == ["own.txt", "reprint.txt"]


def test_an_unreadable_path_is_named(index: PolicyIndex, tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="没有这里"):
        ingest(index, [tmp_path / "没有这里"])


@pytest.mark.skipif(os.geteuid() == 0, reason="root 读得了任何文件夹")
def test_a_closed_folder_is_reported(index: PolicyIndex, folder: Path) -> None:
    (folder / "closed").mkdir(mode=0)
    failed = [r for r in ingest(index, [folder]) if r.action == "failed"]
    assert "打不开" in failed[0].reason


def test_many_files_go_through_worker_processes(index: PolicyIndex, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(60):
        (folder / f"{number:02}.txt").write_text(TEXT.format(number + 1), encoding="utf-8")
    steps = []
    results = ingest(index, [folder], on_progress=steps.append)
    assert actions(results) == {"added": 60}
    assert steps[-1].files == steps[-1].total == 60
    assert [r.path for r in results] == sorted(r.path for r in results)


def test_a_crashing_reader_fails_its_file_only(
    index: PolicyIndex, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The worker imports this module by name; the file's name makes its parser kill the process.
    monkeypatch.setenv("PYTHONPATH", f"{ROOT}{os.pathsep}{ROOT / 'tests' / 'data' / 'crash'}")
    (folder / "crash.pdf").write_bytes(b"%PDF-1.4 crash")
    workers.close()  # readers that wait were started without it
    results = {Path(r.path).name: r for r in ingest(index, [folder])}
    assert results["crash.pdf"].action == "failed"
    assert "崩溃" in results["crash.pdf"].reason
    assert results["1.txt"].action == "added"
    workers.close()


def whole(settings: IndexSettings) -> list[str]:
    """Ids of the documents in a data folder, after checking that each is complete."""
    catalog = SqlCatalog(settings.data_dir / "catalog.sqlite3")
    ids = []
    for summary in catalog.documents():
        document = catalog.document(summary.id)
        passages = catalog.passages_of(summary.id)
        assert len(passages) == summary.passages > 0
        for passage in passages:
            assert squeezed(document.text[passage.start : passage.end]) == squeezed(passage.text)
        searched = [p.id for p in passages if p.is_searched]
        assert set(catalog.embeddings(searched)) == set(searched)
        ids.append(summary.id)
    catalog.close()
    return ids


KILLED = """
import sys
sys.path.insert(0, {root!r})
from pathlib import Path
from ingest.pipeline import ingest
from tests.conftest import HashEmbedder
from vectorstore.index import PolicyIndex
from vectorstore.library import Library
from vectorstore.models import Viewer
from vectorstore.settings import IndexSettings
index = PolicyIndex(IndexSettings(data_dir=Path({data!r})), HashEmbedder())
import ingest.pipeline
ingest.pipeline.EMBED_BATCH = 2  # many transactions
print("ready", flush=True)
ingest.pipeline.ingest(index, [Path({folder!r})])
"""


def test_killed_twenty_times_at_random_moments(tmp_path: Path, settings: IndexSettings) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(20):
        text = TEXT.format(number + 1) + "\n".join(
            f"第{i}条 第{number}号文件的第{i}项要求，各单位要认真执行。" for i in range(1, 12)
        )
        (folder / f"{number:02}.txt").write_text(text, encoding="utf-8")
    script = KILLED.format(root=str(ROOT), data=str(settings.data_dir), folder=str(folder))
    rng = random.Random(11)
    seen = set()
    for _ in range(20):
        process = subprocess.Popen(
            [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(rng.random() * 0.9)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        found = set(whole(settings))
        assert seen <= found
        seen = found
    index = PolicyIndex(settings, HashEmbedder())
    if seen:
        index.repair()
        assert index.search("要求")
    results = ingest(index, [folder])
    assert not [r for r in results if r.action == "failed"]
    assert len(whole(settings)) == 20
    assert index.vectors.is_healthy()
    assert len(index.search("第3项要求", 50)) == 50
    index.close()


@pytest.mark.model
def test_the_command_line(
    samples: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    import json

    monkeypatch.setenv("POLICY_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("POLICY_MODEL_DIR", str(ROOT / ".cache" / "models"))
    assert main([str(samples), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["added"] == 4
    assert main([str(samples)]) == 0
    assert "未变化 4" in capsys.readouterr().out
    assert main(["--status", "--json"]) == 0
    status = {row["document_number"]: row for row in json.loads(capsys.readouterr().out)}
    assert status["望政办〔2023〕17号"]["date_written"] == "2023-06-09"
    assert status["松政规〔2022〕3号"]["date_published"] is None
    assert main([str(tmp_path / "没有")]) == 1
    assert "找不到" in capsys.readouterr().err
    with pytest.raises(SystemExit) as wrong:
        main([])
    assert wrong.value.code == 2


def test_equal_rows_are_embedded_once(
    index: PolicyIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedded: list[str] = []
    embed = index.embedder.embed_passages

    def watched(texts: list[str]) -> object:
        embedded.extend(texts)
        return embed(texts)

    monkeypatch.setattr(index.embedder, "embed_passages", watched)
    rows = "大坝安全鉴定,市水务局\n" * 15 + "河道清淤,市水务局\n"
    file = tmp_path / "任务.csv"
    file.write_text(f"任务,单位\n{rows}", encoding="utf-8")
    ingest(index, [file])
    (summary,) = index.documents()
    searched = [p for p in index.passages_of(summary.id) if p.is_searched]
    assert len(searched) == 16
    assert len(embedded) == len(set(embedded)) == 2
    stored = index.catalog.embeddings([p.id for p in searched])
    first, other = stored[searched[0].id], stored[searched[-1].id]
    assert all((stored[p.id] == first).all() for p in searched[:-1])
    assert (other != first).any()
