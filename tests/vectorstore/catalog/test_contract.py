"""What every catalogue keeps to (vectorstore/catalog/port.py)."""

import dataclasses
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from tests.postgres import Cluster
from tests.vectorstore.made import DIMENSION, document, put, put_random, vector
from vectorstore.catalog.port import Catalog, Source
from vectorstore.catalog.sql import SqlCatalog
from vectorstore.decisions import Decision
from vectorstore.facts import Fact, FactFilter, Relation, Stated
from vectorstore.models import PUBLIC, Audience, Cell, Heading, Metadata, Span
from vectorstore.stores import Place


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "sqlite":
        return tmp_path / "catalog.sqlite3"
    made: Cluster = request.getfixturevalue("postgres")
    return made.remote(tmp_path)


@pytest.fixture
def catalog(place: Place) -> Iterator[Catalog]:
    opened = SqlCatalog(place)
    yield opened
    opened.close()


class Recorder:
    """A follower that notes what it is told, and what the catalogue holds at that moment."""

    def __init__(self, catalog: Catalog):
        self.catalog = catalog
        self.told: list[tuple[str, str, int]] = []

    def add(self, document_id: str) -> None:
        self.told.append(("add", document_id, len(self.catalog.passages_of(document_id))))

    def remove(self, document_id: str) -> None:
        self.told.append(("remove", document_id, len(self.catalog.passages_of(document_id))))


def test_what_is_written_is_read_again(catalog: Catalog) -> None:
    metadata = Metadata(
        "题'目“\\%", issuer="某市政府", document_number="某政发〔2024〕1号", date_written=date(2024, 5, 1),
        region=("某省", "某市"), period="2021—2025", period_end=2025, kind="通知",
        cites=(("上位", None), (None, "国发〔2021〕9号")), fields={"issuer": Span(1, 3)},
    )  # fmt: skip
    made, passages = document("a", "#标题", "正文𠀀一")
    made = dataclasses.replace(
        made, metadata=metadata, outline=(Heading(1, "标题", 0),), page_starts=(0, 3)
    )
    passages[1] = dataclasses.replace(
        passages[1], heading_path=("标题",), context="列：值", page=1, cells=(Cell("列", 3, 5),)
    )
    own = vector("x")[None]
    catalog.replace_document(
        made, passages, own, [Source("b.txt", "a", 5, 7), Source("a.txt", "a", 5, 7)]
    )
    assert catalog.document("a") == dataclasses.replace(made, source_paths=("a.txt", "b.txt"))
    assert catalog.passages_of("a") == passages
    summary = catalog.summary("a")
    assert summary
    assert (summary.metadata, summary.source_paths) == (metadata, ("a.txt", "b.txt"))
    assert summary.passages == catalog.count_passages() == 2
    assert catalog.sources()["a.txt"] == Source("a.txt", "a", 5, 7)
    assert catalog.embedded_ids() == ["a-0001"]
    assert np.allclose(catalog.embeddings(["a-0000", "a-0001"])["a-0001"], own[0], atol=1e-3)
    ((_, passage, owner, raw),) = catalog.all_embeddings()
    assert (passage, owner, len(raw)) == ("a-0001", "a", 2 * DIMENSION)


def test_passages_are_counted_as_they_are_now(catalog: Catalog) -> None:
    put_random(catalog, 3, seed=1)
    before = catalog.count_passages()
    assert before == catalog.count_passages() == len(catalog.passage_ids())

    def undone() -> None:
        with catalog.transaction():
            put(catalog, "a", "一")
            assert catalog.count_passages() > before
            raise KeyError

    with pytest.raises(KeyError):
        undone()
    assert catalog.count_passages() == before
    put_random(catalog, 2, seed=2)
    assert catalog.count_passages() == len(catalog.passage_ids())
    catalog.delete_document(catalog.document_ids()[0])
    assert catalog.count_passages() == len(catalog.passage_ids())


def test_what_is_not_there_is_nothing(catalog: Catalog) -> None:
    assert catalog.document("x") is catalog.summary("x") is catalog.passage("x") is None
    assert catalog.get("x") is None
    assert catalog.passages_by_id(["x"]) == catalog.embeddings([]) == catalog.summaries(["x"]) == {}
    assert catalog.documents() == catalog.passages_of("x") == catalog.embedded_ids() == []
    assert catalog.count_documents() == catalog.count_passages() == 0
    assert not catalog.delete_document("x")
    assert not catalog.remove_source("x")


def test_a_document_lives_as_long_as_a_file_holds_it(catalog: Catalog) -> None:
    put(catalog, "a", "一", path="1.txt")
    catalog.add_source(Source("2.txt", "a", 1, 1))
    assert not catalog.remove_source("1.txt")
    put(catalog, "b", "二", path="2.txt")  # the file was overwritten
    assert catalog.document_ids() == ["b"]
    assert catalog.passage("a-0000") is None
    assert catalog.remove_source("2.txt")
    assert catalog.count_documents() == 0
    assert catalog.sources() == {}


def test_a_document_that_is_written_again_keeps_its_files(catalog: Catalog) -> None:
    put(catalog, "a", "一", "二", path="1.txt")
    put(catalog, "a", "三", path="2.txt")
    assert [p.text for p in catalog.passages_of("a")] == ["三"]
    assert sorted(catalog.sources()) == ["1.txt", "2.txt"]


def test_a_transaction_is_all_or_nothing(catalog: Catalog) -> None:
    put(catalog, "a", "一")
    generation = catalog.generation

    def fail() -> None:
        with catalog.transaction():
            put(catalog, "b", "二")
            catalog.delete_document("a")
            catalog.set("note", "1")
            assert catalog.document_ids() == ["b"]
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert catalog.document_ids() == ["a"]
    assert catalog.get("note") is None
    assert catalog.generation == generation


def test_too_few_vectors_leave_the_document_as_it_was(catalog: Catalog) -> None:
    put(catalog, "a", "一", "二")
    made, passages = document("a", "三", "四")
    with pytest.raises(ValueError):
        catalog.replace_document(made, passages, vector("x")[None], [])
    assert [p.text for p in catalog.passages_of("a")] == ["一", "二"]


def test_reading_sees_one_moment(catalog: Catalog, place: Place) -> None:
    put(catalog, "a", "一")
    other = SqlCatalog(place)
    with catalog.reading():
        assert catalog.count_documents() == 1
        put(other, "b", "二")
        assert catalog.count_documents() == 1
    assert catalog.count_documents() == 2
    other.close()


def test_every_change_makes_another_generation(catalog: Catalog) -> None:
    seen = [catalog.generation]
    for change in (
        lambda: put(catalog, "a", "一"),
        lambda: catalog.add_source(Source("z.txt", "a", 1, 1)),
        lambda: catalog.replace_embeddings({"a-0000": vector("y")}),
        lambda: catalog.remove_source("z.txt"),
        lambda: catalog.touch(),
        lambda: catalog.delete_document("a"),
    ):
        change()
        seen.append(catalog.generation)
    assert seen == sorted(set(seen))


def test_followers_are_told_while_the_rows_are_there(catalog: Catalog) -> None:
    catalog.followers.append(follower := Recorder(catalog))
    put(catalog, "a", "一", "二", path="1.txt")
    put(catalog, "b", "三", path="1.txt")
    catalog.delete_document("b")
    assert follower.told == [
        ("remove", "a", 0), ("add", "a", 2),
        ("remove", "b", 0), ("add", "b", 1), ("remove", "a", 2),
        ("remove", "b", 1),
    ]  # fmt: skip


def test_documents_are_one_query_however_many(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    put_random(catalog, 30, seed=1)
    catalog.add_source(Source("other.txt", "r003", 1, 1))
    statements: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        found = catalog.documents()
        assert len(statements) == 1
        catalog.summaries([d.id for d in found])
        assert len(statements) == 2
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert [d.id for d in found] == [f"r{n:03d}" for n in range(30)]
    assert found[3].source_paths == ("other.txt", "r003.txt")


def test_passages_come_by_id_and_in_order(catalog: Catalog) -> None:
    put_random(catalog, 40, seed=2)
    places = catalog.passage_ids()
    assert places == sorted(places)
    assert len(places) == catalog.count_passages() == len(catalog.embedded_ids())
    assert set(catalog.passages_by_id([i for _, i in places])) == {i for _, i in places}
    assert catalog.passage_ids(["r001"]) == [("r001", p.id) for p in catalog.passages_of("r001")]


def test_vectors_come_by_pages(catalog: Catalog) -> None:
    put_random(catalog, 20, seed=3)
    after, found = 0, []
    while page := catalog.all_embeddings(after, 7):
        assert len(page) <= 7
        found += [row[1] for row in page]
        after = page[-1][0]
    assert found == catalog.embedded_ids()


FACTS = (
    Fact(
        "target", "a", 0, 2, "正文", "普及率", "农民", "某市", "市", 95.0, None, "%", "95%以上", ">=",
        2027, 2020, "两年内", heading_path=("目标",), passage_id="a-0000",
    ),
    Fact("duty", "a", 2, 4, "负责", "修路", role="lead", organs=("市交通局", "市财政局")),
    Fact("window", "a", 4, 6, "期限", "申报", since=date(2026, 3, 1), until=date(2026, 5, 31)),
)  # fmt: skip
RELATION = Relation(
    "废止", "a", 4, 6, "废止", "某办法", "某政发〔2014〕3号", None, ("第三条",), date(2026, 1, 1)
)


def test_what_a_document_states_is_read_again(catalog: Catalog) -> None:
    put(catalog, "a", "正文负责期限", stated=Stated(FACTS, (RELATION,)))
    put(catalog, "b", "别的", stated=Stated((dataclasses.replace(FACTS[1], document_id="b"),)))
    assert catalog.facts(FactFilter(document_ids=frozenset({"a"}))) == list(FACTS)
    assert catalog.relations() == [RELATION]
    assert catalog.count_facts() == 4
    assert [f.document_id for f in catalog.facts(limit=2, offset=2)] == ["a", "b"]


@pytest.mark.parametrize(
    ("where", "kinds"),
    [
        (FactFilter(("target", "window")), ["target", "window"]),
        (FactFilter(roles=("lead",), organs=("财政",)), ["duty"]),
        (FactFilter(organs=("%",)), []),
        (FactFilter(years=(2027,)), ["target"]),
        (FactFilter(text="农民"), ["target"]),
        (FactFilter(text="95%"), ["target"]),
        (FactFilter(name="民普"), ["target"]),
        (FactFilter(name="两年"), []),
        (FactFilter(names=("农民普及率", "申报")), ["target", "window"]),
        (FactFilter(names=("普及率",)), []),
        (FactFilter(places=("某市",)), ["target"]),
        (FactFilter(places=("_市",)), []),
        (FactFilter(places=("别市",), local_ids=frozenset({"a"})), ["target", "duty", "window"]),
        (FactFilter(places=("某市",), document_ids=frozenset({"b"})), []),
        (FactFilter(document_ids=frozenset()), []),
    ],
)
def test_facts_are_looked_up(catalog: Catalog, where: FactFilter, kinds: list[str]) -> None:
    put(catalog, "a", "正文负责期限", stated=Stated(FACTS))
    assert [fact.kind for fact in catalog.facts(where)] == kinds
    assert catalog.count_facts(where) == len(kinds)


def test_names_of_facts_are_counted(catalog: Catalog) -> None:
    again = dataclasses.replace(FACTS[0], document_id="b", group="", subject="农民普及率")
    nameless = Fact("validity", "a", 0, 2, "正文")
    put(catalog, "a", "正文负责期限", stated=Stated((*FACTS, FACTS[1], nameless)))
    put(catalog, "b", "正文负责期限", stated=Stated((again,)))
    names = catalog.fact_names()
    assert [(n.name, n.documents, n.facts) for n in names] == [
        ("农民普及率", 2, 2), ("修路", 1, 2), ("申报", 1, 1),
    ]  # fmt: skip
    assert catalog.fact_names(limit=2) == names[:2]
    assert [n.name for n in catalog.fact_names(FactFilter(("window",)))] == ["申报"]
    assert catalog.fact_names(FactFilter(document_ids=frozenset())) == []


def test_facts_go_with_their_document_or_for_others(catalog: Catalog) -> None:
    told = Recorder(catalog)
    put(catalog, "a", "正文负责期限", stated=Stated(FACTS, (RELATION,)))
    catalog.followers.append(told)
    generation = catalog.generation
    catalog.replace_stated("a", Stated(FACTS[:1]))
    assert catalog.facts() == [FACTS[0]]
    assert catalog.relations() == []
    assert [(event, held) for event, _, held in told.told] == [("remove", 1), ("add", 1)]
    assert catalog.generation > generation
    catalog.delete_document("a")
    assert catalog.facts() == []


DECISION = Decision("a", "b", "替代", "名称相同", "甲", date(2026, 3, 1), "旧办法", "新办法")


def test_decisions_are_kept_whatever_becomes_of_the_documents(catalog: Catalog) -> None:
    put(catalog, "a", "一")
    put(catalog, "b", "二")
    generation = catalog.generation
    catalog.put_decision(DECISION)
    assert catalog.generation > generation
    catalog.replace_stated("a", Stated())
    put(catalog, "b", "别的")
    catalog.delete_document("a")
    assert catalog.decisions() == [DECISION]


def test_a_pair_is_decided_once_and_can_be_opened_again(catalog: Catalog) -> None:
    later = dataclasses.replace(DECISION, verdict="无关", day=date(2026, 4, 1))
    other = dataclasses.replace(DECISION, newer="c")
    for decision in (DECISION, other, later):
        catalog.put_decision(decision)
    assert catalog.decisions() == [later, other]
    assert catalog.remove_decision("a", "b")
    assert not catalog.remove_decision("a", "b")
    assert catalog.decisions() == [other]


# --- for whom documents are -----------------------------------------------------------------------

OWN = Audience("部门", ("d1", "d2"), may_quote=False, may_download=False)


def test_an_audience_is_kept_when_the_document_is_written_again(catalog: Catalog) -> None:
    put(catalog, "a", "一", path="1.txt")
    put(catalog, "b", "二", path="2.txt")
    generation = catalog.generation
    assert catalog.put_audience("a", OWN)
    assert catalog.generation > generation
    put(catalog, "a", "三", path="3.txt")
    audiences = {d.id: d.audience for d in catalog.documents()}
    assert audiences == {"a": OWN, "b": PUBLIC}
    assert catalog.summaries(["a"])["a"].audience == OWN
    assert catalog.audiences(["a", "b", "x"]) == {"a": OWN}


def test_a_document_that_comes_back_is_for_those_for_whom_it_was(catalog: Catalog) -> None:
    put(catalog, "a", "一")
    catalog.put_audience("a", OWN)
    catalog.delete_document("a")
    assert catalog.audiences(["a"]) == {"a": OWN}
    put(catalog, "a", "一")
    assert [d.audience for d in catalog.documents()] == [OWN]


def test_the_same_audience_again_changes_nothing(catalog: Catalog) -> None:
    put(catalog, "a", "一")
    catalog.put_audience("a", OWN)
    generation = catalog.generation
    assert not catalog.put_audience("a", OWN)
    assert not catalog.put_audience("b", PUBLIC)
    assert catalog.generation == generation
    assert catalog.put_audience("a", PUBLIC)
    assert catalog.audiences(["a"]) == {}
