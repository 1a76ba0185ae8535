"""What a view does not show does not exist: not in an answer, a count, an example, a filter's
list, a note, a draft, an audit or behind a route.

Each document of a small corpus has words of its own that no other text holds. Whoever does
not see it must never meet one of them, unless they typed it themselves. The corpora are drawn:
which parts a document has and in which order, which of them repeat another place's, how old it is.
"""

import json
import random
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from assistant.answers.by_model import candidates
from assistant.audit.audit import audit
from assistant.chat import Assistant, Request
from assistant.drafting.desk import DraftingDesk
from assistant.drafting.store import DraftStore
from assistant.events import Event, Progress, Stage, Stopped
from assistant.export.conversation import Exchange, as_file
from assistant.find.reading import LexicalReader
from assistant.history.covering import covered
from assistant.pages import documents as documents_module
from assistant.pages import monitoring as monitoring_module
from assistant.pages.conversation import Turn, conversation
from assistant.pages.filters import chosen_filter, facets
from assistant.pages.library_card import describe
from assistant.pages.library_list import Shelf, Wanted, listing
from assistant.pages.library_shown import Looks, shelf_body
from assistant.pages.shell import foot
from assistant.pages.welcome import welcome
from assistant.people.viewer import HOME, LOCAL
from assistant.queueing import WaitingLine
from assistant.services import Services
from assistant.settings import AnswerSettings, DraftSettings
from assistant.understand.turns import understand
from ingest.pipeline import ingest
from tests.conftest import MODELS, HashEmbedder
from vectorstore.index import PolicyIndex
from vectorstore.library import Library
from vectorstore.models import SearchFilter, Viewer
from vectorstore.settings import IndexSettings

TODAY = date(2026, 3, 1)
PLACES = ("青禾", "松湖", "望江", "柳溪", "竹山", "桐林")
COINED = ("蓝鹭", "赤枫", "紫檀", "墨兰", "金穗", "银杉")  # in no other text

HEAD = """{place}市人民政府关于印发《{place}市{coined}节水行动方案（2023—{end}年）》的通知
{code}政发〔2024〕{n}号
各县（区）人民政府：
根据《云岭省{coined}用水条例》（云岭政发〔2022〕{n}号），制定本方案。
一、工作目标
到2025年，再生水利用率达到{n}{n}.7%，{coined}工程建成{n}3处。
二、重点任务
"""
TASKS = (
    "推广再生水利用\n鼓励企业使用再生水，建设{coined}管网。（市财政局牵头，市{coined}局配合）\n"
    "{coined}管护制，是指由{coined}员负责巡查的制度。\n",
    "开展宣传教育\n市财政局安排{coined}专项资金，每年{n}2万元。\n",
    "改造供水管网\n{coined}管网每年检修{n}8公里。责任单位：市{coined}局、市财政局。\n",
    "节水器具下乡\n对购买{coined}器具的农户每户补贴{n}5元。\n",
)
REST = """三、保障措施
（一）加强组织领导
成立{coined}领导小组，统筹协调。
（二）严格监督考核
对{coined}工作进展缓慢的予以通报。
{place}市人民政府
2024年{n}月5日
"""


def text_of(number: int, rng: random.Random) -> str:
    """One document of a corpus; the first task is in all of them."""
    first, *others = TASKS
    tasks = [first, *rng.sample(others, rng.randint(0, len(others)))]
    rng.shuffle(tasks)
    numbered = "".join(f"（{'一二三四'[i]}）{task}" for i, task in enumerate(tasks))
    place = PLACES[number]
    return (HEAD + numbered + REST).format(
        place=place,
        coined=COINED[number],
        n=number + 1,
        code=place[0],
        end=rng.choice((2025, 2027, 2030)) if number else 2024,
    )


@dataclass(frozen=True)
class House:
    """The corpus, and which document holds which words."""

    library: Library
    assistant: Assistant
    desk: DraftingDesk
    ids: tuple[str, ...]  # in the order of PLACES

    def viewer(self, seen: frozenset[int]) -> Viewer:
        return Viewer("甲", may_see=frozenset(self.ids[n] for n in seen))

    def words(self, number: int) -> list[str]:
        """What only this document holds."""
        return [PLACES[number], COINED[number], self.ids[number], f"{number + 1}{number + 1}.7%"]


@pytest.fixture(scope="module", params=[1, 2, 3])
def house(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("view")
    (folder / "files").mkdir()
    rng = random.Random(request.param)
    for number, coined in enumerate(COINED):
        text = text_of(number, rng)
        (folder / "files" / f"{coined}.txt").write_text(text, encoding="utf-8")
    index = PolicyIndex(IndexSettings(data_dir=folder / "data", model_dir=MODELS), HashEmbedder())
    ingest(index, [folder / "files"])
    library = Library(index)
    assistant = Assistant(library, LexicalReader(index.token_weights), 0.2, AnswerSettings())
    desk = DraftingDesk(assistant, DraftStore(folder / "drafts.sqlite3"), DraftSettings())
    by_name = {Path(d.source_paths[0]).stem: d.id for d in index.documents()}
    with closing(library), closing(desk.store):
        yield House(library, assistant, desk, tuple(by_name[name] for name in COINED))


SEEN = st.frozensets(st.integers(0, len(PLACES) - 1))
NUMBER = st.integers(0, len(PLACES) - 1)
FACT = "再生水利用率达到多少？"


@st.composite
def conversations(draw: st.DrawFn) -> list[str]:
    """A question of each kind, about documents that may be seen and about others."""
    a, b = draw(NUMBER), draw(NUMBER)
    place, other, coined = PLACES[a], PLACES[b], COINED[a]
    return draw(
        st.sampled_from(
            [
                [FACT],
                [f"{place}市到2025年{FACT}"],
                ["有哪些保障措施？"],
                ["推广再生水利用由谁牵头？"],
                [f"{place}市和{other}市的再生水利用率各是多少？"],
                ["各地再生水利用率分别是多少？"],
                ["哪些文件提到了再生水？"],
                [f"哪些文件提到了{coined}？"],
                ["哪些文件对节约用水的通报批评作了安排？"],
                [f"哪些文件依据《云岭省{coined}用水条例》？"],
                ["库里有多少份文件？"],
                ["最早成文的是哪份文件？"],
                ["2024年以来印发的文件有哪些？"],
                ["财政局承担哪些任务？"],
                [f"市{coined}局负责什么？"],
                [f"{place[0]}政发〔2024〕{a + 1}号是什么文件？"],
                [f"《{place}市{coined}节水行动方案》是谁印发的？哪天成文？"],
                [f"{place}市的方案现在还有效吗？"],
                [f"什么是{coined}管护制？"],
                [f"总结一下{place}市的方案"],
                ["总结一下再生水利用"],
                ["2024年到期的文件有哪些？"],
                [f"“鼓励企业使用再生水，建设{coined}管网”出自哪份文件？"],
                ["各市再生水利用率哪个最高？"],
                [f"{place}市{FACT}", f"{other}市呢？"],
                [FACT, "由谁牵头？"],
                [f"为什么把{place}市再生水利用率定为99%？"],
                ["火星探测器的发射窗口是什么时候？"],
                ["你好"],
            ]
        )
    )


@st.composite
def scopes(draw: st.DrawFn) -> SearchFilter:
    """What a user may choose in the filters, hidden values included."""
    numbers = sorted(draw(st.sets(NUMBER, max_size=2)))
    place = [f"{PLACES[n]}市" for n in numbers]
    return draw(
        st.sampled_from(
            [
                SearchFilter(),
                chosen_filter(place, [], [], [], []),
                chosen_filter([], [f"{p}人民政府" for p in place], [], [], []),
                chosen_filter(place, [], ["通知"], ["2024"], []),
                chosen_filter([], [], [], [], ["已届满"]),
                chosen_filter([], [], [], ["2024"], ["未标注"]),
                chosen_filter([], [], [], ["2023", "没有", "9" * 9], []),
            ]
        )
    )


QUIET = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def nothing_of(house: House, hidden: frozenset[str], shown: str, typed: str) -> None:
    for number, identifier in enumerate(house.ids):
        if identifier in hidden:
            leaked = [w for w in house.words(number) if w in shown and w not in typed]
            assert leaked == [], f"{leaked} in {shown}"


def unseen(house: House, viewer: Viewer, scope: SearchFilter = SearchFilter()) -> frozenset[str]:
    return frozenset(house.ids) - house.library.seen_by(viewer, scope, as_of=TODAY).ids


@QUIET
@given(seen=SEEN, turns=conversations(), scope=scopes())
def test_no_answer_shows_what_the_view_does_not(
    house: House, seen: frozenset[int], turns: list[str], scope: SearchFilter
) -> None:
    viewer = house.viewer(seen)
    hidden = unseen(house, viewer, scope)
    assert {house.ids[n] for n in range(len(PLACES)) if n not in seen} <= hidden
    answer = house.assistant.chain.invoke(Request(tuple(turns), viewer, TODAY, scope))
    # A refusal may say what the asker's own filter shuts out, never what is not for them.
    unsaid = unseen(house, viewer) if answer.narrowed else hidden
    typed = f"{turns} {scope}"
    nothing_of(house, unsaid, json.dumps(answer.as_json(), ensure_ascii=False), typed)
    cited = {c.document_id for c in (*answer.citations, *answer.near)}
    assert not cited & hidden
    for count in re.findall(
        r"共有? ?(\d+) 份文件|在 (\d+) 份文件中", f"{answer.text}{answer.notes}"
    ):
        assert int("".join(count)) <= len(house.ids) - len(hidden)
    # What would be sent to a language model.
    evidence = house.assistant.evidence(house.library.seen_by(viewer, scope, as_of=TODAY))
    question = understand(turns, evidence.corpus, ())
    assert not {hit.document.id for hit in candidates(question, evidence)} & hidden


@QUIET
@given(asked_by=SEEN, seen=SEEN, turns=conversations(), is_owner=st.booleans())
def test_no_old_answer_shows_what_the_view_does_not_any_more(
    house: House, asked_by: frozenset[int], seen: frozenset[int], turns: list[str], is_owner: bool
) -> None:
    asker, reader = house.viewer(asked_by), house.viewer(seen)
    answer = house.assistant.chain.invoke(Request(tuple(turns), asker, TODAY))
    found = covered(answer, house.library.seen_by(reader, as_of=TODAY), is_owner=is_owner)
    hidden = unseen(house, reader)
    cited = {c.document_id for c in (*found.answer.citations, *found.answer.near)}
    assert not cited & hidden
    turn = Turn(1, turns[-1], answer=found.answer, told=found.told, hidden=found.hidden)
    file = as_file("json", "", [Exchange(turns[-1], "", found)], DraftSettings()).decode()
    nothing_of(house, hidden, conversation([turn], {}) + file, "".join(turns))


@QUIET
@given(seen=SEEN, number=NUMBER)
def test_no_page_shows_what_the_view_does_not(
    house: House, seen: frozenset[int], number: int
) -> None:
    viewer = house.viewer(seen)
    view, hidden = house.library.seen_by(viewer, as_of=TODAY), unseen(house, viewer)
    looks = Looks(english=False, may_change=True, called=lambda document: "")
    shelf = Shelf.of(view, HOME, None)
    found = listing(shelf, Wanted(), looks.called)
    identifier = house.ids[number]
    pages = [
        facets(view),
        welcome(view),
        shelf_body(shelf, found, {}, looks),
        describe(view, identifier),
    ]
    nothing_of(house, hidden, str(pages), "")
    assert len(found.documents) == len(seen)
    assert f"{len(seen)} 份文件" in foot(house.assistant, viewer)
    assert bool(describe(view, identifier)) == (number in seen)


@settings(QUIET, max_examples=8)
@given(seen=SEEN)
def test_no_example_asks_about_what_is_not_seen(house: House, seen: frozenset[int]) -> None:
    viewer = house.viewer(seen)
    examples = house.assistant.examples(viewer)
    nothing_of(house, unseen(house, viewer), "".join(examples), "")
    assert bool(examples) == bool(seen)


@settings(QUIET, max_examples=8)
@given(seen=SEEN.filter(bool), number=NUMBER)
def test_no_draft_leans_on_what_is_not_seen(
    house: House, seen: frozenset[int], number: int
) -> None:
    viewer = house.viewer(seen)
    desk, hidden = house.desk.seen_by(HOME, viewer), unseen(house, viewer)
    wish = f"起草《××县节约用水实施方案》，参照{PLACES[number]}市的做法，写明目标、任务和分工。"
    draft = desk.begin(wish)
    for written in desk.write(draft):
        draft = written.draft
    pinned = house.library.index.passages_of(house.ids[number])[3].id
    draft = desk.pin(draft, draft.sections[-1].id, pinned)
    found = [c.hit.document.id for c in desk.candidates(draft, draft.sections[-1].id)]
    draft, findings = desk.check(draft)
    assert not {*found, *(source.document_id for source in draft.sources)} & hidden
    nothing_of(house, hidden, f"{[s.text for s in draft.sections]}{findings}", wish)


@settings(QUIET, max_examples=20)
@given(seen=SEEN, number=NUMBER)
def test_no_audit_confirms_what_is_not_seen(
    house: House, seen: frozenset[int], number: int
) -> None:
    viewer = house.viewer(seen)
    place, coined, n = PLACES[number], COINED[number], number + 1
    body = (
        f"《{place}市{coined}节水行动方案》（{place[0]}政发〔2024〕{n}号）提出“鼓励企业使用再生水，"
        f"建设{coined}管网”，到2025年再生水利用率达到{n}{n}.7%。"
    )
    claims = audit(body, house.assistant.evidence(house.library.seen_by(viewer, as_of=TODAY)))
    told = json.dumps([asdict(claim) for claim in claims], ensure_ascii=False)
    nothing_of(house, unseen(house, viewer), told, body)
    confirmed = {claim.text for claim in claims if claim.verdict == "相符" and "号" in claim.text}
    assert bool(confirmed) == (number in seen)


@settings(QUIET, max_examples=10)
@given(seen=SEEN)
def test_a_route_answers_as_if_there_were_no_such_document(
    house: House, seen: frozenset[int]
) -> None:
    viewer = house.viewer(seen)
    site = FastAPI()
    services = Services(house.library, HashEmbedder(), house.assistant, house.desk)  # type: ignore[arg-type]
    with pytest.MonkeyPatch.context() as patch, TestClient(site) as client:
        for module in (monitoring_module, documents_module):
            patch.setattr(module, "viewer_of", lambda request: viewer)
        monitoring_module.add_monitor_routes(site, services, (), WaitingLine(1, 1, 1))
        documents_module.add_document_routes(site, services)
        assert client.get("/healthz").json()["documents"] == len(seen)
        for folder in ("documents", "originals"):
            absent = client.get(f"/{folder}/{'0' * 32}")
            for number, identifier in enumerate(house.ids):
                answer = client.get(f"/{folder}/{identifier}")
                if number in seen:
                    assert answer.status_code == 200
                    assert COINED[number] in answer.text
                else:
                    assert (answer.status_code, answer.text) == (404, absent.text)


# --- the questions that used to leak ----------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("哪些文件提到了再生水？", "aggregation"),
        ("库里有多少份文件？", "aggregation"),
        ("财政局承担哪些任务？", "duty"),
        ("各地再生水利用率分别是多少？", "aggregation"),
        ("青禾市和松湖市的再生水利用率各是多少？", "comparison"),
        ("最晚成文的是哪份文件？", "aggregation"),
    ],
)
def test_a_filter_on_one_place_holds_for_every_kind(house: House, question: str, kind: str) -> None:
    scope = SearchFilter(regions=("青禾市",))
    answer = house.assistant.ask([question], scope=scope, as_of=TODAY)
    assert {c.document_id for c in (*answer.citations, *answer.near)} == {house.ids[0]}
    others = frozenset(house.ids[1:])
    nothing_of(house, others, json.dumps(answer.as_json(), ensure_ascii=False), question)
    everywhere = house.assistant.ask([question], as_of=TODAY)
    assert everywhere.kind == kind
    assert {c.document_id for c in everywhere.citations} - {house.ids[0]}


def test_the_day_of_the_request_decides_what_is_over(house: House) -> None:
    def said(day: date) -> str:
        request = Request(("青禾市的方案现在还有效吗？",), LOCAL, day)
        answer = house.assistant.chain.invoke(request)
        return f"{answer.text}{answer.notes}{[c.status for c in answer.citations]}"

    assert "已届满" not in said(date(2024, 12, 31))
    assert said(date(2025, 1, 1)).count("已届满") >= 2


# --- the chain --------------------------------------------------------------------------------


def test_the_chain_tells_its_stages_and_stops(house: House) -> None:
    told: list[Event] = []
    request = Request((FACT,), LOCAL, TODAY, progress=Progress(told.append), anew=True)
    assert not house.assistant.chain.invoke(request).refused
    stages = [event.name for event in told if isinstance(event, Stage)]
    assert stages[0] == "检索"
    assert stages[-1] == "核对"
    stopped = Progress()
    stopped.stopped.set()
    for anew in (True, False):
        with pytest.raises(Stopped):
            house.assistant.chain.invoke(replace(request, progress=stopped, anew=anew))
