"""The index: one transaction a document, derived vectors, one writer, many readers."""

import json
import multiprocessing
import sqlite3
from pathlib import Path

import numpy as np
import pytest

from ingest.pipeline import ingest
from tests.conftest import HashEmbedder
from vectorstore.catalog.sql import SqlCatalog
from vectorstore.errors import IndexIncompatible, IndexLocked
from vectorstore.index import PolicyIndex
from vectorstore.settings import IndexSettings


def current_folder(index: PolicyIndex) -> Path:
    state = json.loads(index.catalog.get("vectors") or "{}")
    return index.settings.data_dir / "vectors" / state["folder"]


def test_search_finds_the_passage_and_its_document(filled: PolicyIndex) -> None:
    hit = filled.search("老年助餐点到2025年建成多少个")[0]
    assert "助餐点120个" in hit.passage.text
    assert hit.document.metadata.document_number == "青政发〔2024〕8号"


def test_the_same_question_gives_the_same_list(filled: PolicyIndex) -> None:
    first = [hit.passage.id for hit in filled.search("经费标准")]
    assert first == [hit.passage.id for hit in filled.search("经费标准")]


def test_both_searches_look_at_the_same_documents(filled: PolicyIndex) -> None:
    wanted = next(d.id for d in filled.documents() if d.format == "pdf")
    hits = filled.search("目标 补贴 标准", 10, {wanted})
    assert hits
    assert {hit.document.id for hit in hits} == {wanted}


def test_deleting_leaves_no_trace_in_either_search(filled: PolicyIndex) -> None:
    gone = next(d.id for d in filled.documents() if d.format == "txt")
    with filled.writing():
        filled.delete_document(gone)
    assert all(hit.document.id != gone for hit in filled.search("老年助餐", 50))
    count = filled.catalog.database.rows(
        "SELECT count(*) FROM words WHERE words MATCH ?", ('"助餐"',)
    )[0][0]
    assert count == 0


def test_a_reader_sees_what_another_process_wrote(filled: PolicyIndex, samples: Path) -> None:
    reader = PolicyIndex(filled.settings, HashEmbedder())
    assert reader.search("图书馆开放时间")[0].document.format != "md"
    (samples / "新增.md").write_text(
        "# 图书馆管理办法\n\n图书馆开放时间为每周二至周日。\n", encoding="utf-8"
    )
    ingest(filled, [samples])
    assert reader.search("图书馆开放时间")[0].document.format == "md"
    reader.close()


def test_damaged_vectors_are_noticed_and_made_again(filled: PolicyIndex) -> None:
    before = [hit.passage.id for hit in filled.search("养护补助资金标准")]
    filled.vectors.close()
    data = next(current_folder(filled).rglob("data_level0.bin"))
    data.write_bytes(data.read_bytes()[: data.stat().st_size // 2])
    assert not filled.vectors.is_healthy()
    assert filled.repair()
    assert filled.vectors.is_healthy()
    assert [hit.passage.id for hit in filled.search("养护补助资金标准")] == before


def test_missing_vectors_are_made_again(filled: PolicyIndex) -> None:
    import shutil

    filled.vectors.close()
    shutil.rmtree(filled.settings.data_dir / "vectors")
    assert filled.repair()
    assert filled.search("节约用水")


def test_rebuild_embeds_nothing(filled: PolicyIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    before = [hit.passage.id for hit in filled.search("课后服务收费标准")]
    monkeypatch.setattr(HashEmbedder, "embed_passages", lambda *_: pytest.fail("embedded again"))
    filled.rebuild()
    assert [hit.passage.id for hit in filled.search("课后服务收费标准")] == before


class OtherEmbedder(HashEmbedder):
    name = "other"
    dimension = 64


def test_another_model_is_refused_until_rebuild(filled: PolicyIndex) -> None:
    other = PolicyIndex(filled.settings, OtherEmbedder())
    with pytest.raises(IndexIncompatible, match="--rebuild"):
        other.require_same_model()
    other.rebuild()
    other.require_same_model()
    assert other.search("课后服务")[0].passage.text
    vector = other.catalog.embeddings(other.catalog.embedded_ids()[:1])
    assert next(iter(vector.values())).shape == (64,)
    other.close()


def test_a_newer_data_folder_is_refused(settings: IndexSettings) -> None:
    SqlCatalog(settings.data_dir / "catalog.sqlite3").set("schema_version", "999")
    with pytest.raises(IndexIncompatible, match="升级程序"):
        PolicyIndex(settings, HashEmbedder())


def _hold(folder: str, ready, done) -> None:  # type: ignore[no-untyped-def]
    index = PolicyIndex(IndexSettings(data_dir=Path(folder)), HashEmbedder())
    with index.writing():
        ready.set()
        done.wait(20)


def test_only_one_process_writes(filled: PolicyIndex) -> None:
    context = multiprocessing.get_context("spawn")
    ready, done = context.Event(), context.Event()
    other = context.Process(target=_hold, args=(str(filled.settings.data_dir), ready, done))
    other.start()
    try:
        assert ready.wait(30)
        with pytest.raises(IndexLocked, match="另一个进程"), filled.writing(timeout=0.1):
            pass
        assert filled.search("节水")  # readers go on
    finally:
        done.set()
        other.join(20)


def test_embeddings_survive_as_unit_vectors(filled: PolicyIndex) -> None:
    vectors = filled.catalog.embeddings(filled.catalog.embedded_ids())
    norms = [float(np.linalg.norm(vector)) for vector in vectors.values()]
    assert np.allclose(norms, 1, atol=2e-3)


def test_a_failed_write_leaves_nothing(
    filled: PolicyIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = filled.document(filled.documents()[0].id)
    passages = filled.passages_of(document.id)
    rows = filled.catalog.count_passages()
    broken = np.zeros((0, 256), np.float32)  # too few vectors
    with pytest.raises(ValueError):
        filled.catalog.replace_document(document, passages, broken, [])
    assert filled.catalog.count_passages() == rows
    assert filled.document(document.id) == document


def test_old_vector_folders_are_removed(filled: PolicyIndex, samples: Path) -> None:
    for number in range(4):
        (samples / f"{number}.txt").write_text(
            f"关于第{number}项工作的通知\n\n第{number}项工作要抓紧。\n", encoding="utf-8"
        )
        ingest(filled, [samples])
    folders = [p for p in (filled.settings.data_dir / "vectors").iterdir() if p.is_dir()]
    assert len(folders) <= 2


def test_catalogue_is_an_ordinary_sqlite_file(filled: PolicyIndex) -> None:
    db = sqlite3.connect(filled.settings.data_dir / "catalog.sqlite3")
    assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
