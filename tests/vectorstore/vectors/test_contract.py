"""What every vector store keeps to (vectorstore/vectors/port.py)."""

from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from tests.vectorstore.made import put, put_random, vector
from tests.vectorstore.vectors.engines import MemoryEngine
from tests.vectorstore.vectors.memory import MemoryVectors
from vectorstore.catalog.sql import SqlCatalog
from vectorstore.index import PolicyIndex
from vectorstore.keywords.fts5 import Fts5Index
from vectorstore.opening import Stores
from vectorstore.settings import IndexSettings
from vectorstore.vectors import served as served_module
from vectorstore.vectors.choosing import vectors_of
from vectorstore.vectors.port import VectorStore
from vectorstore.vectors.read_only import ExactVectors
from vectorstore.vectors.served import ServedVectors
from vectorstore.vectors.store import ChromaFolders

MAKERS: dict[str, Callable[[Path, SqlCatalog, str], VectorStore]] = {
    "chroma": lambda folder, catalog, _: ChromaFolders(folder / "vectors", catalog),
    "exact": lambda _, catalog, __: ExactVectors(catalog),
    "memory": lambda _, catalog, __: MemoryVectors(catalog),
    "served": lambda folder, catalog, _: ServedVectors(catalog, MemoryEngine(), folder),
    "chroma-server": lambda folder, catalog, url: vectors_of(catalog, folder, url, seconds=60),
    "milvus": lambda folder, catalog, _: vectors_of(
        catalog, folder, f"milvus://{folder / 'milvus.db'}", seconds=60
    ),
}
MILVUS = pytest.param(
    "milvus",
    marks=[
        pytest.mark.scale,
        pytest.mark.skipif(find_spec("milvus_lite") is None, reason="requirements-scale-dev.txt"),
    ],
)
ALL = [*list(MAKERS)[:-1], MILVUS]


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[SqlCatalog]:
    opened = SqlCatalog(tmp_path / "catalog.sqlite3")
    yield opened
    opened.close()


@pytest.fixture(params=ALL)
def store(
    request: pytest.FixtureRequest, tmp_path: Path, catalog: SqlCatalog
) -> Iterator[VectorStore]:
    served = request.param == "chroma-server"
    url = request.getfixturevalue("chroma_server") if served else ""
    opened = MAKERS[request.param](tmp_path, catalog, url)
    yield opened
    opened.stop()
    opened.close()


def right(
    catalog: SqlCatalog, asked: np.ndarray, allowed: list[str] | None = None
) -> list[tuple[str, float]]:
    return MemoryVectors(catalog).query(asked[None], 10_000, allowed)


def same(found: list[tuple[str, float]], expected: list[tuple[str, float]]) -> bool:
    return [i for i, _ in found] == [i for i, _ in expected] and [
        s for _, s in found
    ] == pytest.approx([s for _, s in expected], abs=1e-6)


@pytest.mark.parametrize("published", [False, True])
def test_the_nearest_come_first(store: VectorStore, catalog: SqlCatalog, published: bool) -> None:
    put_random(catalog, 60, seed=1)
    if published:
        store.publish()
        assert store.is_current()
        assert store.is_healthy()
        assert store.check_thoroughly()
        assert store.verify() == []
    for text in ("甲", "乙"):
        assert same(store.query(vector(text)[None], 10), right(catalog, vector(text))[:10])


def test_equal_passages_come_by_id(store: VectorStore, catalog: SqlCatalog) -> None:
    for name in ("c", "a", "b"):
        put(catalog, name, "同一句", "同一句")
    store.publish()
    found = store.query(vector("同一句")[None], 6)
    assert [i for i, _ in found] == [f"{name}-000{n}" for name in "abc" for n in (0, 1)]
    assert len({score for _, score in found}) == 1


@pytest.mark.parametrize("store", ["served", "chroma-server", MILVUS], indirect=True)
def test_of_many_allowed_all_are_found_and_no_other(
    store: VectorStore, catalog: SqlCatalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(served_module, "_FEW", 0)  # nothing is compared one by one
    put_random(catalog, 40, seed=4)
    store.publish()
    for count in (1, 4, 20):
        allowed = [f"r{n:03d}" for n in range(0, 40, 40 // count)]
        found = store.query(vector("甲")[None], 12, allowed)
        assert same(found, right(catalog, vector("甲"), allowed)[:12])


def test_only_allowed_documents_are_looked_at(store: VectorStore, catalog: SqlCatalog) -> None:
    put_random(catalog, 60, seed=2)
    store.publish()
    allowed = ["r007", "r031", "unknown"]
    found = store.query(vector("甲")[None], 1000, allowed)
    assert same(found, right(catalog, vector("甲"), allowed))
    assert found
    assert store.query(vector("甲")[None], 10, []) == []
    assert store.query(vector("甲")[None], 10, ["unknown"]) == []


def test_what_is_committed_is_found_and_what_went_is_not(
    store: VectorStore, catalog: SqlCatalog
) -> None:
    put_random(catalog, 20, seed=3)
    store.publish()
    put(catalog, "new", "新的一句")
    assert store.query(vector("新的一句")[None], 1)[0][0] == "new-0000"
    put(catalog, "new", "改过的一句")
    assert store.query(vector("改过的一句")[None], 1)[0][1] > 0.99
    catalog.delete_document("new")
    catalog.delete_document("r003")
    left = {i for i, _ in store.query(vector("甲")[None], 1000)}
    assert left == set(catalog.embedded_ids())
    store.publish(fresh=True)
    assert left == {i for i, _ in store.query(vector("甲")[None], 1000)}


def test_an_empty_library_finds_nothing(store: VectorStore, catalog: SqlCatalog) -> None:
    assert store.query(vector("甲")[None], 5) == []
    store.publish()
    assert store.query(vector("甲")[None], 5) == []


def test_an_index_is_made_of_any_three(
    tmp_path: Path, store: VectorStore, catalog: SqlCatalog
) -> None:
    from tests.conftest import HashEmbedder
    from tests.vectorstore.keywords.memory import MemoryKeywords

    embedder = HashEmbedder()
    catalog.followers.append(words := MemoryKeywords(catalog))
    settings = IndexSettings(data_dir=tmp_path)
    index = PolicyIndex(settings, embedder, Stores(catalog, words, store))
    with index.writing():
        put(catalog, "a", "农村道路建设", "节水器具推广")
        index.catalog.replace_embeddings(
            dict(
                zip(
                    ["a-0000", "a-0001"],
                    embedder.embed_passages(["农村道路建设", "节水器具推广"]),
                    strict=True,
                )
            )
        )
    assert index.search("节水器具", 1)[0].passage.id == "a-0001"
    assert index.candidates("农村", ["a"]) == {"a": ["a-0000"]}
    index.rebuild()
    assert index.search("农村道路", 1)[0].passage.id == "a-0000"
    assert Fts5Index(catalog.database).search(["农村"], 1) == []  # nobody told it
