"""A view shows what somebody may see, narrowed down, and nothing else: whatever is asked of it."""

from datetime import date
from itertools import product
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import given
from hypothesis import strategies as st

from ingest.pipeline import ingest
from tests.conftest import HashEmbedder
from vectorstore.decisions import Decision
from vectorstore.errors import IndexIncompatible, IndexLocked
from vectorstore.facts import FactFilter
from vectorstore.index import PolicyIndex
from vectorstore.keywords.tokens import tokens
from vectorstore.library import Library, View, open_library
from vectorstore.models import DocumentSummary, Metadata, SearchFilter, StateName, Viewer
from vectorstore.settings import IndexSettings

TODAY = date(2026, 3, 1)
ALL = Viewer("甲")


@pytest.fixture
def library(filled: PolicyIndex) -> Library:
    return Library(filled)


def formats(view: View, where: SearchFilter = SearchFilter()) -> set[str]:
    """Each of the four samples has its own format."""
    return {document.format for document in view.documents(where)}


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (SearchFilter(), {"txt", "pdf", "docx", "html"}),
        (SearchFilter(regions=("青禾市", "松湖县")), {"txt", "pdf"}),
        (SearchFilter(regions=("云岭省",)), {"docx"}),
        (SearchFilter(years=((2022, 2022),)), {"pdf"}),
        (SearchFilter(years=((2022, 2022), (2024, 2030))), {"pdf", "txt"}),
        (SearchFilter(kinds=("意见",)), {"docx"}),
        (SearchFilter(kinds=("意见",), years=((2022, 2022),)), set()),
        (SearchFilter(regions=("没有这个地方",)), set()),
        (SearchFilter(document_ids=frozenset()), set()),
    ],
)
def test_a_filter_means_the_same_as_scope_and_in_a_search(
    library: Library, where: SearchFilter, expected: set[str]
) -> None:
    everything, narrowed = (
        library.seen_by(ALL, as_of=TODAY),
        library.seen_by(ALL, where, as_of=TODAY),
    )
    assert formats(everything, where) == formats(narrowed) == expected
    for view, scope in ((everything, where), (narrowed, SearchFilter())):
        found = {h.document.format for h in view.search("目标 标准 组织领导 管理", 100, scope)}
        assert found <= expected
        assert bool(found) == bool(expected)
    assert narrowed.is_narrowed == bool(where)


def test_every_access_keeps_to_the_view(library: Library) -> None:
    everything = library.seen_by(ALL, as_of=TODAY)
    for hidden in everything.documents():
        rest = everything.ids - {hidden.id}
        view = library.seen_by(Viewer("乙", may_see=rest), as_of=TODAY)
        passages = everything.passages_of(hidden.id)
        assert view.ids == rest
        assert view.summary(hidden.id) is None
        assert view.document(hidden.id) is None
        assert view.passages_of(hidden.id) == []
        assert view.reprints(hidden.id) == []
        assert view.passage(passages[0].id) is None
        assert view.passages([p.id for p in passages]) == {}
        assert view.documents(SearchFilter(document_ids=frozenset({hidden.id}))) == ()
        words = passages[len(passages) // 2].text
        assert hidden.id in {hit.document.id for hit in everything.search(words, 100)}
        assert hidden.id not in {hit.document.id for hit in view.search(words, 100)}
        for other in rest:
            assert view.document(other) == everything.document(other)
            assert view.passages_of(other) == everything.passages_of(other)


def test_a_view_is_taken_once_and_anew_when_the_index_changes(library: Library) -> None:
    first = library.seen_by(ALL, as_of=TODAY)
    assert library.seen_by(Viewer("他人"), as_of=TODAY) is first
    assert library.seen_by(ALL, as_of=date(2027, 1, 1)) is not first
    gone = first.documents()[0].id
    with library.index.writing():
        library.index.delete_document(gone)
    assert gone in first.ids
    assert first.document(gone) is None
    assert gone not in library.seen_by(ALL, as_of=TODAY).ids


def test_what_came_in_later_belongs_to_the_next_view(library: Library, tmp_path: Path) -> None:
    view = library.seen_by(ALL, as_of=TODAY)
    file = tmp_path / "新增.md"
    file.write_text("# 图书馆管理办法\n\n图书馆开放时间为每周二至周日。\n", encoding="utf-8")
    ingest(library.index, [file])
    words = "图书馆开放时间"
    assert "md" not in {hit.document.format for hit in view.search(words)}
    assert "md" in {h.document.format for h in library.seen_by(ALL, as_of=TODAY).search(words)}


def test_the_day_decides_what_is_over(library: Library) -> None:
    over = SearchFilter(statuses=("已届满",))
    ends = {
        d.metadata.period_end
        for d in library.seen_by(ALL, as_of=TODAY).documents()
        if d.metadata.period_end and not d.metadata.status
    }
    assert ends == {2027}
    assert formats(library.seen_by(ALL, over, as_of=date(2027, 12, 31))) == set()
    # The plan's years are over, and so are the five years that the rules were to last.
    assert formats(library.seen_by(ALL, over, as_of=date(2028, 1, 1))) == {"txt", "pdf"}


def test_another_embedder_cannot_open_the_library(filled: PolicyIndex) -> None:
    class Other(HashEmbedder):
        name = "other"

    with pytest.raises(IndexIncompatible):
        open_library(filled.settings, Other())


def test_opening_gives_what_is_there(filled: PolicyIndex, settings: IndexSettings) -> None:
    library = open_library(settings, HashEmbedder())
    try:
        assert library.is_current
        assert len(library.seen_by(ALL, as_of=TODAY).documents()) == 4
    finally:
        library.close()


# --- states, facts and relations --------------------------------------------------------------

OLD = """砚湖市渡船管理办法
砚湖政发〔2010〕1号

到2015年，全市渡船检验率达到95%。

第一条 渡船每年检验一次。

第二条 本办法自2010年3月1日起施行。

砚湖市人民政府
2010年2月1日
"""
NEW = """砚湖市渡船安全管理办法
砚湖政发〔2020〕2号

到2025年，全市渡船检验率达到98%。

第一条 渡船每年检验两次。

第二条 本办法自2020年3月1日起施行，《砚湖市渡船管理办法》（砚湖政发〔2010〕1号）同时废止。

砚湖市人民政府
2020年2月1日
"""


@pytest.fixture
def ferries(index: PolicyIndex, tmp_path: Path) -> Library:
    """Two documents, the newer of which repeals the older."""
    for name, text in (("old", OLD), ("new", NEW)):
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
        ingest(index, [tmp_path / f"{name}.txt"])
    return Library(index)


def ids_of(view: View) -> dict[str, str]:
    """By document number, the newer as "new"."""
    names = {"砚湖政发〔2010〕1号": "old", "砚湖政发〔2020〕2号": "new"}
    return {names[d.metadata.document_number or ""]: d.id for d in view.documents()}


def test_a_state_is_that_of_the_day_and_says_why(ferries: Library) -> None:
    view = ferries.seen_by(ALL, as_of=TODAY)
    ids = ids_of(view)
    states = {d.id: d.state for d in view.documents()}
    assert states == {ids["old"]: "已废止", ids["new"]: "现行有效"}
    state = view.state(ids["old"])
    assert state
    assert [p.document_id for p in state.proofs] == [ids["new"]]
    assert "同时废止" in state.proofs[0].quote
    before = ferries.seen_by(ALL, as_of=date(2019, 1, 1))
    assert {d.id: d.state for d in before.documents()} == {
        ids["old"]: "现行有效",
        ids["new"]: "未生效",
    }


def test_what_a_hidden_document_does_and_states_does_not_exist(ferries: Library) -> None:
    everything = ferries.seen_by(ALL, as_of=TODAY)
    ids = ids_of(everything)
    assert {r.type for r in everything.relations} == {"废止"}
    view = ferries.seen_by(Viewer("乙", may_see=frozenset({ids["old"]})), as_of=TODAY)
    (old,) = view.documents()
    assert old.state == "现行有效"  # nobody who does not see the act knows of it
    assert view.state(ids["new"]) is None
    assert view.known(ids["new"]) is None
    assert view.source(ids["new"]) == ""
    assert view.relations == ()
    assert view.validity.acts_on(ids["old"]) == ()
    assert view.validity.ending(date.min, date.max) == ()
    with pytest.raises(KeyError):
        view.validity.in_force(ids["new"], TODAY)


def test_decisions_are_those_of_documents_in_sight(library: Library) -> None:
    first, second, *_, last = sorted(library.seen_by(ALL, as_of=TODAY).ids)
    for newer in (second, last, "gone"):
        library.decide(Decision(first, newer, "无关", "管的事不同", "甲", TODAY))
    assert len(library.seen_by(ALL, as_of=TODAY).decisions) == 3
    view = library.seen_by(Viewer("乙", may_see=frozenset({first, second})), as_of=TODAY)
    assert [d.pair for d in view.decisions] == [(first, second)]
    assert library.undo(first, "gone")
    assert not library.undo(first, "gone")


def test_a_decision_does_not_wait_long_for_another_writer(ferries: Library) -> None:
    lock = FileLock(ferries.settings.data_dir / "writer.lock")
    with lock, pytest.raises(IndexLocked):
        ferries.decide(Decision("a", "b", "无关", "管的事不同", "甲", TODAY))


def test_facts_are_those_of_the_documents_in_view(ferries: Library) -> None:
    everything = ferries.seen_by(ALL, as_of=TODAY)
    ids = ids_of(everything)
    assert {f.document_id for f in everything.facts()} == set(ids.values())
    hiding = ferries.seen_by(Viewer("乙", may_see=frozenset({ids["old"]})), as_of=TODAY)
    narrowed = ferries.seen_by(ALL, SearchFilter(document_ids=frozenset({ids["old"]})), as_of=TODAY)
    both = FactFilter(document_ids=frozenset(ids.values()))
    words = list(everything.token_weights(tokens("检验率")))
    for view in (hiding, narrowed):
        for where in (FactFilter(), both, FactFilter(text="检验率")):
            assert {f.document_id for f in view.facts(where)} == {ids["old"]}
            assert view.count_facts(where) == len(view.facts(where))
        assert {f.document_id for f in view.facts_about(words)} == {ids["old"]}
        only_new = FactFilter(document_ids=frozenset({ids["new"]}))
        assert view.facts(only_new) == []
        assert view.count_facts(only_new) == 0
        assert view.facts_about(words, only_new) == []


def test_what_repeals_a_document_does_so_also_out_of_scope(ferries: Library) -> None:
    ids = ids_of(ferries.seen_by(ALL, as_of=TODAY))
    scope = SearchFilter(document_ids=frozenset({ids["old"]}))
    view = ferries.seen_by(ALL, scope, as_of=TODAY)
    (old,) = view.documents()
    assert old.state == "已废止"
    assert view.relations == ()  # its own, of which it has none
    assert view.summary(ids["new"]) is None
    known = view.known(ids["new"])  # but what proves it may be shown
    assert known
    assert known.state == "现行有效"
    assert "同时废止" in view.source(ids["new"])
    repealed = SearchFilter(statuses=("已废止",))
    assert ferries.seen_by(ALL, repealed, as_of=TODAY).ids == {ids["old"]}


# --- the filter -------------------------------------------------------------------------------

_REGIONS = ("", "云岭省", "云岭省/青禾市", "云岭省/青禾市/河西区", "云岭", "东海省/青禾市")
_STATES: tuple[StateName, ...] = ("现行有效", "已届满", "未标注")


@given(
    region=st.sampled_from(_REGIONS),
    wanted=st.lists(st.sampled_from(_REGIONS[1:]), max_size=3),
    year=st.none() | st.integers(2019, 2026),
    years=st.lists(st.tuples(st.integers(2018, 2027), st.integers(2018, 2027)), max_size=2),
    state=st.sampled_from(_STATES),
    states=st.lists(st.sampled_from(_STATES), max_size=2),
)
def test_fields_add_up_and_their_values_are_alternatives(
    region: str,
    wanted: list[str],
    year: int | None,
    years: list[tuple[int, int]],
    state: StateName,
    states: list[str],
) -> None:
    metadata = Metadata(
        "标题",
        region=tuple(filter(None, region.split("/"))),
        date_written=date(year, 5, 1) if year else None,
    )
    document = DocumentSummary("d", "", (), "txt", metadata, 0, "", state)
    many = SearchFilter(regions=tuple(wanted), years=tuple(years), statuses=tuple(states))
    choices = product(wanted or [None], years or [None], states or [None])
    singles = [
        SearchFilter(regions=(r,) if r else (), years=(y,) if y else (), statuses=(s,) if s else ())
        for r, y, s in choices
    ]
    assert many.admits(document) == any(f.admits(document) for f in singles)
    if wanted and not years and not states:
        below = any(f"{region}/".startswith(f"{r}/") for r in wanted)
        assert many.admits(document) == below
