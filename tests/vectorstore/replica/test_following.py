"""App servers beside one catalogue in PostgreSQL: each finds what any of them wrote."""

import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from ingest.pipeline import ingest
from tests.conftest import HashEmbedder
from tests.postgres import Cluster
from tests.vectorstore.made import document
from vectorstore.catalog.port import Source
from vectorstore.errors import IndexLocked, PolicyError
from vectorstore.index import PolicyIndex, open_index
from vectorstore.library import Library
from vectorstore.models import Audience, Viewer
from vectorstore.settings import IndexSettings

Opener = Callable[[str], PolicyIndex]
DAY = date(2026, 6, 1)


def until(condition: Callable[[], object]) -> None:
    """Waits for what should happen; how long does not matter."""
    end = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.fixture
def opened(postgres: Cluster, tmp_path: Path) -> Iterator[Opener]:
    """Opens the index as the app server of a name does."""
    url, all_ = postgres.database(), []

    def open_one(name: str) -> PolicyIndex:
        settings = IndexSettings(data_dir=tmp_path / name, database_url=url)  # type: ignore[arg-type]
        all_.append(open_index(settings, HashEmbedder()))
        return all_[-1]

    yield open_one
    for index in all_:
        index.close()


def take_in(index: PolicyIndex) -> None:
    """Two documents, without reading files."""
    with index.writing():
        for name, text in (
            ("a", "农村公路养护资金由县级财政安排"),
            ("b", "课后服务按教师自愿开展"),
        ):
            made, passages = document(name, text)
            vectors = index.embedder.embed_passages([p.text for p in passages])
            index.replace_document(made, passages, vectors, [Source(f"{name}.txt", name, 1, 1)])


def found(index: PolicyIndex, text: str = "农村公路养护资金") -> list[tuple[str, float]]:
    return [(hit.passage.id, round(hit.score, 6)) for hit in index.search(text, 5)]


def test_what_one_takes_in_another_finds_and_both_as_with_sqlite(
    opened: Opener, samples: Path, index: PolicyIndex
) -> None:
    one, two = opened("one"), opened("two")
    assert found(two) == []
    assert {r.action for r in ingest(one, [samples])} == {"added"}
    ingest(index, [samples])
    assert found(one) == found(two) == found(index) != []
    assert [d.id for d in two.documents()] == [d.id for d in index.documents()]
    assert two.facts() == index.facts()
    assert {r.action for r in ingest(two, [samples])} == {"unchanged"}

    gone = two.search("农村公路养护资金", 1)[0].passage.document_id
    with two.writing():
        two.delete_document(gone)
    assert gone not in {i.rpartition("-")[0] for i, _ in found(one)}
    assert one.vectors.verify() == two.vectors.verify() == []


def test_a_generation_is_heard_of_and_asked_for_when_nothing_is_heard(opened: Opener) -> None:
    one, two = opened("one"), opened("two")
    take_in(one)
    until(lambda: two.catalog._listener.heard)  # type: ignore[attr-defined]
    until(lambda: two.catalog.generation == one.catalog.generation)
    named = one.documents()[0].id
    with one.writing():
        one.put_audience(named, Audience("个人", ("user:1",)))
    until(lambda: two.catalog.generation == one.catalog.generation)
    two.catalog._listener.close()  # type: ignore[attr-defined]
    with one.writing():
        one.put_audience(named, Audience("个人", ("user:2",)))
    assert two.catalog.generation == one.catalog.generation


def test_for_whom_a_document_is_holds_on_every_server(opened: Opener) -> None:
    one, two = opened("one"), opened("two")
    take_in(one)
    named, somebody = one.documents()[0].id, Viewer("user:2", departments=frozenset())
    owner = Viewer("user:1", departments=frozenset())
    library = Library(two)
    assert named in library.seen_by(somebody, as_of=DAY).ids
    with one.writing():
        one.put_audience(named, Audience("个人", ("user:1",)))
    until(lambda: two.catalog.generation == one.catalog.generation)
    assert named not in library.seen_by(somebody, as_of=DAY).ids
    assert named in library.seen_by(owner, as_of=DAY).ids


def test_one_server_writes_at_a_time(opened: Opener) -> None:
    one, two = opened("one"), opened("two")
    with one.writing():
        with one.writing():  # the same thread, again
            pass
        with pytest.raises(IndexLocked), two.writing(timeout=0):
            pass
    with two.writing(timeout=0):
        pass


def test_what_is_undone_was_never_found(opened: Opener) -> None:
    one = opened("one")
    take_in(one)
    before = found(one)

    def fail() -> None:
        with one.catalog.transaction():
            for held in one.documents():
                one.catalog.delete_document(held.id)
            one.keywords.frequencies(["农村"])
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert found(one) == before


def test_a_lost_copy_is_made_again(opened: Opener) -> None:
    one = opened("one")
    take_in(one)
    before = found(one)
    one.close()
    for name in ("catalog.sqlite3", "catalog.sqlite3-wal"):
        (one.settings.data_dir / "derived" / name).unlink(missing_ok=True)
    assert found(opened("one")) == before
    again = opened("one")
    again.rebuild()
    assert found(again) == before


def test_a_server_that_is_down_is_said_and_used_again(opened: Opener, postgres: Cluster) -> None:
    one = opened("one")
    take_in(one)
    before = found(one)
    postgres.stop()
    try:
        with pytest.raises(PolicyError, match="连不上数据库"):
            one.documents()
    finally:
        postgres.start()
    assert found(one) == before
    with one.writing():
        pass
