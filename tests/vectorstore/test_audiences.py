"""Whatever audiences and viewers: nothing of a document that somebody does not see comes out of
any method of their view, and all who see the same share one."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.pipeline import ingest
from tests.conftest import MODELS, HashEmbedder
from tests.vectorstore.test_library import NEW, OLD, TODAY
from vectorstore.decisions import Decision
from vectorstore.facts import FactFilter
from vectorstore.index import PolicyIndex
from vectorstore.keywords.tokens import tokens
from vectorstore.library import Library, View
from vectorstore.models import PUBLIC, Audience, SearchFilter, Viewer
from vectorstore.settings import IndexSettings
from vectorstore.validity import Validity

WORDS = "全市渡船检验率达到多少，每年检验几次，本办法自何日起施行"
UNITS, GROUPS, NAMES = ("d1", "d2", "d3"), ("g1", "g2"), ("甲", "乙")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Two documents, the newer of which repeals the older, and two of their own."""
    folder = tmp_path_factory.mktemp("audiences")
    texts = {"old": OLD, "new": NEW}
    texts |= {
        f"own{n}": OLD.replace("砚湖", place).replace("95%", f"9{n}%").replace("1号", f"{n}号")
        for n, place in ((6, "望江"), (7, "柳溪"))
    }
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    index = PolicyIndex(IndexSettings(data_dir=folder / "data", model_dir=MODELS), HashEmbedder())
    ingest(index, [folder / f"{name}.txt" for name in texts])
    with closing(Library(index)) as library:
        ids = sorted(index.catalog.document_ids())
        library.decide(Decision(ids[0], ids[1], "无关", "管的事不同", "甲", TODAY))
        yield library


AUDIENCES = st.one_of(
    st.just(PUBLIC),
    st.builds(
        Audience,
        st.sampled_from(("部门", "群体", "个人")),
        st.lists(st.sampled_from((*UNITS, *GROUPS, *NAMES)), max_size=2).map(tuple),
        st.booleans(),
        st.booleans(),
    ),
)
VIEWERS = st.builds(
    Viewer,
    st.sampled_from(NAMES),
    departments=st.none() | st.frozensets(st.sampled_from(UNITS)),
    groups=st.frozensets(st.sampled_from(GROUPS)),
)
SCOPES = st.sampled_from(
    [SearchFilter(), SearchFilter(kinds=("办法",)), SearchFilter(statuses=("现行有效",))]
)
QUIET = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def admits(viewer: Viewer, audience: Audience) -> bool:
    """The rule in other words than the program's."""
    if viewer.departments is None or audience.kind == "公开":
        return True
    mine = {"部门": viewer.departments, "群体": viewer.groups, "个人": {viewer.id}}
    return any(one in mine[audience.kind] for one in audience.of)


def named_by(view: View, everything: View) -> set[str]:
    """Ids of all documents that any method of a view lets out, asked for all there are."""
    ids = sorted(everything.ids)
    passages = [p for i in ids for p in everything.passages_of(i)]
    found = {d.id for d in view.documents()} | view.ids
    found |= {i for i in ids if view.summary(i) or view.document(i) or view.known(i)}
    found |= {i for i in ids if view.source(i) or view.state(i) or view.passages_of(i)}
    found |= {d.id for i in ids for d in view.reprints(i)}
    found |= {p.document_id for p in view.passages([p.id for p in passages]).values()}
    found |= {p.document_id for p in passages if view.passage(p.id)}
    found |= {r.document_id for r in view.relations}
    found |= {i for d in view.decisions for i in d.pair}
    found |= {i for p in view.proposals for i in (p.older, p.newer)}
    found |= validity_names(view.validity, ids)
    return found | quoted_by(view, everything)


def quoted_by(view: View, everything: View) -> set[str]:
    """Of those methods that find and state."""
    ids = sorted(everything.ids)
    every = FactFilter(document_ids=frozenset(ids))
    found = {hit.document.id for hit in view.search(WORDS, 100)}
    found |= set(view.candidates("渡船", ids))
    for where in (FactFilter(), every, FactFilter(text="检验率")):
        facts = view.facts(where)
        found |= {f.document_id for f in facts}
        found |= {f.document_id for f in view.facts_about(list(tokens(WORDS)), where)}
        assert view.count_facts(where) == len(facts)
        named = {f.group + f.subject for f in facts}
        assert {name.name for name in view.fact_names(where)} <= named
        assert sum(name.documents for name in view.fact_names(where)) <= len(named) * len(view.ids)
    return found


def validity_names(validity: Validity, ids: list[str]) -> set[str]:
    found = set(validity.ending(date.min, date.max))
    for i in ids:
        found |= {a.document_id for a in validity.acts_on(i)}
        found |= {d for tie in validity.rests_on(i) for d in tie.document_ids}
        found |= {d for c in validity.confirmed_on(i) for d in c.decision.pair}
    return found


@QUIET
@given(audiences=st.lists(AUDIENCES, min_size=4, max_size=4), viewer=VIEWERS, scope=SCOPES)
def test_nothing_of_what_somebody_does_not_see_comes_out_of_a_view(
    house: Library, audiences: list[Audience], viewer: Viewer, scope: SearchFilter
) -> None:
    everything = house.seen_by(Viewer("所有"), as_of=TODAY)
    given_to = dict(zip(sorted(everything.ids), audiences, strict=True))
    for identifier, audience in given_to.items():
        house.index.put_audience(identifier, audience)
    everything = house.seen_by(Viewer("所有"), as_of=TODAY)
    assert {d.id: d.audience for d in everything.documents()} == given_to
    visible = {i for i, audience in given_to.items() if admits(viewer, audience)}
    quotable = {i for i in visible if given_to[i].may_quote}
    view = house.seen_by(viewer, as_of=TODAY)
    assert view.ids == visible
    assert named_by(view, everything) <= visible
    assert quoted_by(view, everything) <= quotable
    narrowed = house.seen_by(viewer, scope, as_of=TODAY)
    assert narrowed.ids <= visible
    assert named_by(narrowed, everything) <= visible
    assert quoted_by(narrowed, everything) <= narrowed.ids & quotable
    for quoting in (view.quotable, narrowed.quotable):
        assert quoting.ids <= quotable
        sources = {i for i in given_to if quoting.source(i) or quoting.known(i)}
        assert sources | {h.document.id for h in quoting.search(WORDS, 100)} <= quotable


def test_what_repeals_counts_only_for_whom_it_is(house: Library) -> None:
    def states(viewer: Viewer) -> set[str]:
        return {d.state for d in house.seen_by(viewer, as_of=TODAY).documents()}

    everything = house.seen_by(Viewer("所有"), as_of=TODAY)
    for document in everything.documents():
        is_act = document.metadata.title.startswith("砚湖市渡船安全")
        house.index.put_audience(document.id, Audience("部门", ("d1",)) if is_act else PUBLIC)
    assert "已废止" in states(Viewer("甲", departments=frozenset({"d1"})))
    assert "已废止" not in states(Viewer("甲", departments=frozenset({"d2"})))


def test_all_who_see_the_same_share_a_view(house: Library) -> None:
    first, *others = sorted(house.index.catalog.document_ids())
    house.index.put_audience(first, Audience("个人", ("甲",)))
    for identifier in others:
        house.index.put_audience(identifier, PUBLIC)

    def view(name: str, *departments: str) -> View:
        return house.seen_by(Viewer(name, departments=frozenset(departments)), as_of=TODAY)

    shared = view("乙")
    assert {id(view(f"人{n}", f"d{n}")) for n in range(5000)} == {id(shared)}
    assert view("甲") is view("甲", "d1") is not shared
    assert view("乙") is shared
    assert shared.quotable is shared
    # From whom nothing is kept, and who sees all there is today, are told apart.
    house.index.put_audience(first, PUBLIC)
    alone = house.seen_by(Viewer("browser:1"), as_of=TODAY)
    assert alone is house.seen_by(Viewer("browser:2"), as_of=TODAY) is not view("乙")


def test_one_more_viewer_pushes_out_only_the_oldest(
    house: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vectorstore.library._KEPT_VIEWS", 3)
    days = [date(2026, 3, day) for day in range(1, 5)]
    views = [house.seen_by(Viewer("甲"), as_of=day) for day in days[:3]]
    house.seen_by(Viewer("甲"), as_of=days[0])  # asked for again
    house.seen_by(Viewer("甲"), as_of=days[3])
    assert house.seen_by(Viewer("甲"), as_of=days[0]) is views[0]
    assert house.seen_by(Viewer("甲"), as_of=days[2]) is views[2]
    assert house.seen_by(Viewer("甲"), as_of=days[1]) is not views[1]


def test_what_comes_in_for_others_is_not_in_a_view_that_lasts(
    house: Library, tmp_path: Path
) -> None:
    """A long answer holds its view while somebody uploads what its reader may not see."""
    for identifier in house.index.catalog.document_ids():
        house.index.put_audience(identifier, PUBLIC)
    view = house.seen_by(Viewer("甲", departments=frozenset()), as_of=TODAY)
    file = tmp_path / "later.txt"
    file.write_text(OLD.replace("砚湖", "竹山").replace("1号", "8号"), encoding="utf-8")
    before = view.count_facts()
    ingest(house.index, [file], audience=Audience("部门", ("d1",)))
    assert view.count_facts() == before
    assert {f.document_id for f in view.facts()} <= view.ids
    assert "竹山" not in str([h.passage.text for h in view.search("竹山市渡船检验率", 100)])
    (later,) = (d for d in house.index.documents() if "竹山" in d.metadata.title)
    with house.index.writing():
        house.index.delete_document(later.id)
