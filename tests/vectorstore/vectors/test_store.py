"""Vectors: what a change costs, what damage is found, and that answers stay the same."""

import logging
import multiprocessing
import os
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from multiprocessing.synchronize import Event
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import HashEmbedder
from vectorstore.catalog.sql import SqlCatalog
from vectorstore.errors import VectorsDamaged
from vectorstore.index import PolicyIndex
from vectorstore.settings import IndexSettings
from vectorstore.vectors import store as vectors_module
from vectorstore.vectors.store import ChromaFolders

DIMENSION = 64
EACH = 20  # passages a document
Damage = Callable[[Path], None]


def random_units(count: int, seed: int) -> np.ndarray:
    found = np.random.default_rng(seed).normal(size=(count, DIMENSION)).astype(np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def write(catalog: SqlCatalog, name: str, count: int, seed: int) -> None:
    """Documents of random vectors, straight into the catalogue."""
    stored = random_units(count, seed).astype(np.float16)
    with catalog.database.transaction() as db:
        for at in range(0, count, EACH):
            document = f"{name}{at // EACH:05d}"
            ids = range(at, min(at + EACH, count))
            db.execute("DELETE FROM documents WHERE id = ?", (document,))
            db.execute(
                "INSERT INTO documents (id, sha256, format, text, title, region, cites, fields, "
                "outline, page_starts, passages, ingested_at) "
                "VALUES (?, '', 'txt', '', '', '', '[]', '{}', '[]', '[]', ?, '')",
                (document, len(ids)),
            )
            db.executemany(
                "INSERT INTO passages (id, document_id, ordinal, start, end, kind, heading_path, "
                "text, context, cells, embedding) VALUES (?, ?, ?, 0, 0, 'body', '[]', '', '', "
                "'[]', ?)",
                [(f"{document}-{i - at:04d}", document, i - at, stored[i].tobytes()) for i in ids],
            )


def top(store: ChromaFolders, seed: int = 7, limit: int = 10) -> list[tuple[str, float]]:
    return store.query(random_units(1, seed), limit)


def nearest(catalog: SqlCatalog, seed: int, limit: int = 10) -> list[str]:
    """The right answer, by comparing with everything."""
    rows = catalog.all_embeddings(limit=100_000)
    stored = np.frombuffer(b"".join(row[3] for row in rows), np.float16).reshape(len(rows), -1)
    scores = stored.astype(np.float64) @ random_units(1, seed)[0].astype(np.float64)
    return [rows[i][1] for i in np.argsort(-scores, kind="stable")[:limit]]


def folder_of(store: ChromaFolders) -> Path:
    published = store.state.published()
    assert published is not None
    assert published.folder
    return store.state.folder / published.folder


def snapshot(folder: Path) -> dict[str, tuple[int, int]]:
    return {
        str(p.relative_to(folder)): (p.stat().st_ino, p.stat().st_size)
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }


def prepare(folder: Path, count: int) -> Path:
    store = opened(folder)
    write(store.catalog, "a", count, seed=1)
    store.publish()
    store.close()
    store.catalog.close()
    return folder


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """400 published passages, made once and copied."""
    return prepare(tmp_path_factory.mktemp("vectors"), 400)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """12,000, read and added to by the tests that need many."""
    return prepare(tmp_path_factory.mktemp("many"), 12_000)


def opened(folder: Path) -> ChromaFolders:
    return ChromaFolders(folder / "vectors", SqlCatalog(folder / "catalog.sqlite3"))


@pytest.fixture
def small(prepared: Path, tmp_path: Path) -> Iterator[ChromaFolders]:
    store = opened(shutil.copytree(prepared, tmp_path / "copy"))
    yield store
    store.close()
    store.catalog.close()


# --- an untouched folder ------------------------------------------------------------------


@pytest.mark.parametrize("count", [2, 348, 999, 1000, 3000, 12_000])
def test_an_untouched_folder_is_current_after_searches(
    tmp_path: Path, count: int, request: pytest.FixtureRequest
) -> None:
    """Chroma used to make the files of fewer than 1,000 records anew on each opening."""
    is_many = count == 12_000
    folder = request.getfixturevalue("many") if is_many else prepare(tmp_path, count)
    store = opened(folder)
    for _ in range(3):
        before = snapshot(folder_of(store))
        assert top(store, limit=2)
        store.close()
        store = opened(folder)
        assert store.is_current()
        assert store.is_healthy()
        store.publish()
        after = snapshot(folder_of(store))
        assert {k: v[0] for k, v in after.items()} == {k: v[0] for k, v in before.items()}
    assert store.check_thoroughly()
    assert store.verify() == []
    store.close()


def test_a_folder_stays_healthy_however_often_it_is_opened(small: ChromaFolders) -> None:
    """Each opening adds a row to Chroma's file; in the end it grows by pages."""
    database = folder_of(small) / "chroma.sqlite3"

    def rows() -> int:
        with closing(sqlite3.connect(database)) as db:
            return int(db.execute("SELECT count(*) FROM acquire_write").fetchone()[0])

    before, size = rows(), database.stat().st_size
    for _ in range(3):
        top(small)
        small.close()
    assert rows() == before + 3  # so that what follows is what openings do
    with closing(sqlite3.connect(database)) as db, db:
        db.executemany("INSERT INTO acquire_write (lock_status) VALUES (?)", [(1,)] * 2000)
    assert database.stat().st_size > size
    assert small.is_healthy()
    assert top(small)
    assert small.check_thoroughly()


# --- a change -------------------------------------------------------------------------------


@pytest.mark.parametrize("size_of", ["prepared", "many"])
def test_a_change_copies_only_what_it_must(
    size_of: str, request: pytest.FixtureRequest, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = request.getfixturevalue(size_of)
    store = opened(shutil.copytree(folder, tmp_path / "copy"))
    count = len(store.catalog.embedded_ids())
    top(store)
    folder, before = store.state.folder, snapshot(store.state.folder)
    size = store.catalog.database.path.stat().st_size
    began = time.perf_counter()
    for number in range(10):
        write(store.catalog, f"new{number}", EACH, seed=100 + number)
        store.publish()
    each = (time.perf_counter() - began) / 10
    assert snapshot(folder) == before  # not one file written
    grown = store.catalog.database.path.stat().st_size - size
    with capsys.disabled():
        print(f"\n{count} passages: 0 bytes of vectors copied, {1000 * each:.1f} ms a document")
    assert grown < 40 * 10 * EACH * DIMENSION
    for number in range(10):  # and all of it is found
        assert (
            top(store, seed=100 + number, limit=1)[0][0]
            == nearest(store.catalog, 100 + number, 1)[0]
        )
    store.close()


def test_the_same_hits_in_base_and_change(tmp_path: Path) -> None:
    """Half of the passages in the base and half beside it, or all in one base."""
    apart, together = opened(tmp_path / "apart"), opened(tmp_path / "together")
    write(apart.catalog, "a", 1000, seed=1)
    apart.publish()
    write(apart.catalog, "b", 1000, seed=2)
    for name, seed in (("a", 1), ("b", 2)):
        write(together.catalog, name, 1000, seed)
    together.publish()
    some = [f"{name}{i:05d}" for name in "ab" for i in range(0, 50, 3)]
    for seed in range(20, 40):
        assert top(apart, seed) == top(together, seed)
        assert [i for i, _ in top(apart, seed)] == nearest(apart.catalog, seed)
        vector = random_units(1, seed)
        assert apart.query(vector, 10, some) == together.query(vector, 10, some)
        assert {i[:6] for i, _ in apart.query(vector, 50, some)} <= set(some)
    apart.close()
    together.close()


def test_what_was_replaced_or_removed_is_not_found_again(small: ChromaFolders) -> None:
    """A document keeps its passages' ids when it is read again, and the catalogue may give
    its numbers a second time: neither may let an old vector through."""
    old = random_units(400, 1)
    assert small.query(old[380:381], 1)[0][0] == "a00019-0000"
    with small.catalog.database.transaction() as db:
        db.execute("DELETE FROM documents WHERE id = 'a00019'")
        db.execute("DELETE FROM documents WHERE id = 'a00003'")
    write(small.catalog, "b", EACH, seed=5)  # takes the numbers of a00019
    write(small.catalog, "a", EACH, seed=6)  # a00000 again, with other vectors
    for fresh in (False, True):
        if fresh:
            small.publish(fresh=True)
        hits = dict(small.query(old[380:381], 400))
        assert len(hits) == 380
        assert not [i for i in hits if i.startswith(("a00019", "a00003"))]
        assert small.query(random_units(EACH, 6)[:1], 1)[0][0] == "a00000-0000"
        assert small.query(old[:1], 1)[0][1] < 0.9  # the vector that a00000-0000 had
        assert small.query(old[380:381], 10, ["a00019"]) == []
        assert small.verify() == []


def test_enough_of_it_removed_a_question_still_gets_its_ten(small: ChromaFolders) -> None:
    with small.catalog.database.transaction() as db:
        db.execute("DELETE FROM documents WHERE id < 'a00018'")
    assert [i for i, _ in top(small)] == nearest(small.catalog, 7)


def test_a_large_change_makes_a_new_base_from_a_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = opened(tmp_path)
    write(store.catalog, "a", 3000, seed=1)
    store.publish()
    first = folder_of(store)
    write(store.catalog, "b", 2100, seed=2)
    write(store.catalog, "a", 40, seed=3)
    assert not store.is_current()
    before = top(store)
    monkeypatch.setattr(
        "vectorstore.vectors.publishing.build", lambda *_: pytest.fail("built anew")
    )
    store.publish()
    assert folder_of(store) != first
    assert top(store) == before
    assert store.is_current()
    assert store.is_healthy()
    assert store.verify() == []
    published = store.state.published()
    assert published is not None
    assert store.state.log.weight(published.seq) == 0
    assert store.state.log.weight(0) > 0  # for readers who have the older one open
    store.close()


def test_another_process_sees_the_change(small: ChromaFolders) -> None:
    reader = opened(small.catalog.database.path.parent)
    top(reader)
    write(small.catalog, "b", EACH, seed=5)
    assert reader.query(random_units(EACH, 5)[:1], 1)[0][0] == "b00000-0000"
    small.publish(fresh=True)
    small.publish(fresh=True)
    assert reader.query(random_units(EACH, 5)[:1], 1)[0][0] == "b00000-0000"
    assert folder_of(reader) == folder_of(small)
    reader.close()
    reader.catalog.close()


def test_readers_go_on_while_bases_change(small: ChromaFolders) -> None:
    """No question fails and none is short while folders come and go under the readers."""
    failures: list[str] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            try:
                if len(top(small)) != 10:
                    failures.append("short")
            except Exception as error:
                failures.append(repr(error))
        small.catalog.close()

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(6):
        write(small.catalog, f"n{number}", EACH, seed=50 + number)
        small.publish(fresh=True)
    done.set()
    for reader in readers:
        reader.join(30)
    assert failures == []
    assert small.is_healthy()


# --- the landed version's data --------------------------------------------------------------


def test_a_catalogue_without_a_log_is_published_anew(small: ChromaFolders) -> None:
    before = top(small)
    with small.catalog.database.transaction() as db:
        for name in ("added", "removed", "embedded"):
            db.execute(f"DROP TRIGGER vector_changes_{name}")
        db.execute("DROP TABLE vector_changes")
    small.catalog.set("vectors", '{"folder": "v00000001", "generation": 1}')
    again = opened(small.catalog.database.path.parent)
    assert not again.is_current()
    assert top(again) == before
    again.publish()
    assert again.is_current()
    assert top(again) == before
    assert again.verify() == []
    again.close()


# --- damage -----------------------------------------------------------------------------------


def _truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def _zero(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def _overwrite(path: Path) -> None:
    size = path.stat().st_size
    with path.open("r+b") as stream:
        stream.seek(size // 2)
        stream.write(b"\xa5" * min(4096, size - size // 2))


def _directory(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _empty(path: Path) -> None:
    path.write_bytes(b"")


FILES = [
    "chroma.sqlite3", "data_level0.bin", "header.bin", "length.bin", "link_lists.bin",
    "index_metadata.pickle", "manifest.json",
]  # fmt: skip
KINDS: dict[str, Damage] = {
    "deleted": Path.unlink,
    "truncated": _truncate,
    "empty": _empty,
    "zeroed": _zero,
    "overwritten": _overwrite,
    "a directory": _directory,
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("file", FILES)
def test_a_damaged_file_is_found_at_the_start(
    small: ChromaFolders, file: str, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    before, wrong = top(small), folder_of(small)
    small.close()
    KINDS[kind](next(wrong.rglob(file)))
    again = opened(small.catalog.database.path.parent)
    assert not again.is_healthy()
    assert again.verify()
    assert top(again) == before  # exactly, from the catalogue
    again.publish()
    assert folder_of(again) != wrong
    assert again.is_healthy()
    assert again.verify() == []
    assert top(again) == before
    again.close()


def _another_manifest(folder: Path) -> None:
    other = opened(folder.parents[1] / "other")
    write(other.catalog, "a", 400, seed=1)
    other.publish()
    other.close()
    shutil.copy(folder_of(other) / "manifest.json", folder / "manifest.json")


def _emptied(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()


def _all_gone(folder: Path) -> None:
    shutil.rmtree(folder.parent)


def _a_file_instead(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("")


def _forbidden(folder: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root 读得了任何文件夹")
    next(folder.rglob("data_level0.bin")).chmod(0)
    os.utime(folder / "manifest.json")
    folder.chmod(0)


@pytest.mark.parametrize(
    "damage", [_another_manifest, _emptied, _all_gone, _a_file_instead, _forbidden, shutil.rmtree]
)
def test_a_damaged_folder_is_found_at_the_start(small: ChromaFolders, damage: Damage) -> None:
    before = top(small)
    small.close()
    damage(folder_of(small))
    again = opened(small.catalog.database.path.parent)
    assert not again.is_healthy()
    assert top(again) == before
    again.publish()
    assert again.is_healthy()
    assert again.verify() == []
    assert top(again) == before
    again.close()


def test_orphans_go_and_do_no_harm(small: ChromaFolders) -> None:
    before = top(small)
    for name in ("v00000000", "v99999999-ffffffff", "leer"):
        (small.state.folder / name).mkdir()
    shutil.copytree(folder_of(small), small.state.folder / "copy")
    small.publish()
    assert [p.name for p in small.state.folder.iterdir()] == [folder_of(small).name]
    assert top(small) == before


def test_rot_that_sizes_and_times_hide_is_found_by_reading_all(small: ChromaFolders) -> None:
    top(small)
    path = next(folder_of(small).rglob("data_level0.bin"))
    at = path.stat()
    _overwrite(path)
    os.utime(path, ns=(at.st_atime_ns, at.st_mtime_ns))
    assert small.is_healthy()
    assert "内容与写成时不同" in small.verify()[0]
    assert not small.check_thoroughly()
    assert not small.is_healthy()  # and now every process knows
    assert not opened(small.catalog.database.path.parent).is_healthy()


def test_rot_that_sizes_and_times_hide_is_found_by_a_question(small: ChromaFolders) -> None:
    """The catalogue does not confirm what the base says."""
    before, path = top(small), next(folder_of(small).rglob("data_level0.bin"))
    small.close()
    at = path.stat()
    width = at.st_size // 400
    data = np.frombuffer(path.read_bytes(), np.uint8).reshape(400, width).copy()
    # A record: links, the vector, its label. Two vectors change places.
    vector = slice(width - 8 - 4 * DIMENSION, width - 8)
    data[:200, vector], data[200:, vector] = data[200:, vector].copy(), data[:200, vector].copy()
    path.write_bytes(data.tobytes())
    os.utime(path, ns=(at.st_atime_ns, at.st_mtime_ns))
    again = opened(small.catalog.database.path.parent)
    assert again.is_healthy()
    assert top(again) == before
    assert not again.is_healthy()
    again.publish()
    assert again.is_healthy()
    assert top(again) == before
    again.close()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("file", ["chroma.sqlite3", "data_level0.bin", "index_metadata.pickle"])
def test_damage_under_a_running_program_heals_without_a_restart(
    filled: PolicyIndex, file: str, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    question = "养护补助资金标准"
    before = [hit.passage.id for hit in filled.search(question)]
    wrong = folder_of(filled.vectors)
    KINDS[kind](next(wrong.rglob(file)))
    with caplog.at_level(logging.WARNING):
        assert [hit.passage.id for hit in filled.search(question)] == before
    assert "向量索引损坏" in caplog.text
    _wait(lambda: folder_of(filled.vectors) != wrong)
    assert [hit.passage.id for hit in filled.search(question)] == before
    assert filled.vectors.is_healthy()
    assert filled.vectors.verify() == []
    assert "Traceback" not in caplog.text


def test_a_large_library_answers_from_words_while_it_heals(
    filled: PolicyIndex, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(vectors_module, "EXACT_MOST", 1)
    question = "老年助餐点到2025年建成多少个"
    before = filled.search(question)[0].passage.id
    wrong = folder_of(filled.vectors)
    with filled.writing():  # nobody can heal yet
        (wrong / "chroma.sqlite3").unlink()
        with pytest.raises(VectorsDamaged, match="按字词检索"):
            filled.vectors.query(filled.embedder.embed_query(question), 10)
        assert filled.search(question)[0].passage.id == before
        assert folder_of(filled.vectors) == wrong
    _wait(lambda: folder_of(filled.vectors) != wrong)
    assert filled.search(question)[0].passage.id == before
    assert "暂时只能按字词检索" in caplog.text


def test_what_breaks_after_a_check_heals_at_once(filled: PolicyIndex) -> None:
    filled.check_in_background()
    _wait(lambda: not [t for t in threading.enumerate() if t.name == "healer"])
    wrong = folder_of(filled.vectors)
    (wrong / "chroma.sqlite3").unlink()
    assert filled._healer._pause == 0
    filled.search("节水")
    _wait(lambda: folder_of(filled.vectors) != wrong)
    _wait(lambda: filled._healer._pause > 0)  # the next one waits


def test_readers_all_at_once_heal_once(
    filled: PolicyIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    import vectorstore.vectors.publishing as publishing

    built: list[int] = []
    real = publishing.build

    def build(*args: object) -> object:
        built.append(1)
        return real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(publishing, "build", build)
    filled.search("节水")
    wrong = folder_of(filled.vectors)
    (wrong / "chroma.sqlite3").unlink()
    asking = [threading.Thread(target=filled.search, args=("节水",)) for _ in range(6)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join(60)
    _wait(lambda: folder_of(filled.vectors) != wrong)
    assert len(built) == 1


def test_a_folder_that_cannot_be_written_loses_nothing(
    small: ChromaFolders, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    before = top(small)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("vectorstore.vectors.publishing.build", full)
    (folder_of(small) / "chroma.sqlite3").unlink()
    small.publish()
    assert "No space left" in caplog.text
    assert top(small) == before
    with pytest.raises(VectorsDamaged, match="磁盘空间"):
        small.publish(fresh=True)
    monkeypatch.undo()
    small.publish()
    assert small.is_healthy()
    assert top(small) == before


def _wait(condition: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


# --- a killed writer ----------------------------------------------------------------------------


def _write_for_ever(folder: str, ready: Event) -> None:
    store = opened(Path(folder))
    ready.set()
    for number in range(1000):
        write(store.catalog, f"k{number % 7}", 40, seed=number)
        store.publish(fresh=number % 2 == 0)


def test_a_killed_writer_leaves_only_an_orphan(small: ChromaFolders) -> None:
    """kill -9 at ten moments of publishing: what is published is whole each time."""
    folder = small.catalog.database.path.parent
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["chromadb", "tests.vectorstore.vectors.test_store"])
    random = np.random.default_rng(3)
    for _ in range(10):
        ready = context.Event()
        writer = context.Process(target=_write_for_ever, args=(str(folder), ready))
        writer.start()
        assert ready.wait(60)
        time.sleep(random.random() * 0.6)
        writer.kill()
        writer.join(30)
        again = opened(folder)
        assert again.is_healthy()
        assert [i for i, _ in top(again)] == nearest(again.catalog, 7)
        assert again.verify() == []
        again.close()
        again.catalog.close()
    assert small.state.log.position() > 20  # the writers came to write
    small.publish()
    assert len(list(small.state.folder.iterdir())) == 1


def test_closing_ends_a_healing_under_way(
    settings: IndexSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = PolicyIndex(settings, HashEmbedder())
    write(index.catalog, "a", 400, seed=1)
    started = threading.Event()
    real = index.vectors.publisher._all_rows

    def slowly() -> Iterator[object]:
        started.set()
        for row in real():
            time.sleep(0.001)
            yield row

    monkeypatch.setattr(index.vectors.publisher, "_all_rows", slowly)
    index.check_in_background()
    assert started.wait(30)
    index.close()
    assert not [t for t in threading.enumerate() if t.name == "healer"]
    again = PolicyIndex(settings, HashEmbedder())
    assert again.repair()
    assert again.vectors.verify() == []
    again.close()


@pytest.mark.parametrize(("few", "of", "filters"), [(10_000, 20, 0), (0, 2, 0), (0, 20, 1)])
def test_some_documents_are_searched_without_a_filter_of_the_base(
    prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few: int, of: int, filters: int
) -> None:
    """Few are compared one by one; of many, more is asked for; Chroma filters only where that
    does not give enough."""
    monkeypatch.setattr(vectors_module, "_FEW", few)
    monkeypatch.setattr(vectors_module, "_MOST", 40)
    shutil.copytree(prepared, tmp_path / "own")
    store = opened(tmp_path / "own")
    allowed = store.catalog.document_ids()[::of]
    asked: list[object] = []
    nearest_of = vectors_module.Base.nearest

    def counted(base: vectors_module.Base, *given: object) -> object:
        asked.append(given[2] if len(given) > 2 else None)
        return nearest_of(base, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(vectors_module.Base, "nearest", counted)
    found = [name for name, _ in store.query(random_units(1, 7), 5, allowed)]
    right = [i for i in nearest(store.catalog, 7, 400) if i.rsplit("-", 1)[0] in allowed]
    assert found == right[:5]
    assert sum(given is not None for given in asked) == filters
    assert bool(asked) == (few == 0)
    store.close()
    store.catalog.close()
