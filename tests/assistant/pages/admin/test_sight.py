"""Who answers gaps of one department finds nothing of another's, whatever ids they try."""

from dataclasses import replace
from typing import Any

import pytest

from assistant.answers.answer import Answer
from assistant.answers.content import Refusal
from assistant.history.history import History
from assistant.noting import disliked, note_answer
from assistant.office.curated import Curated, Source
from assistant.office.gaps import Near
from assistant.office.sight import ALL, Told
from assistant.office.votes import Vote
from tests.assistant.pages.admin.conftest import Site
from tests.assistant.pages.admin.test_rights import WHOSE
from tests.assistant.stated import put
from vectorstore.index import PolicyIndex
from vectorstore.models import Audience

HUSH = "暗渠"  # stands in nothing that is for all
ASKED = f"{HUSH}清淤专款每年多少万元？"
STATED: Any = (
    (f"{HUSH}清淤专款每年投入700万元", "amount", {"subject": f"{HUSH}清淤专款", "text": "700万元"}),
)


@pytest.fixture
def two(site: Site, index: PolicyIndex) -> Site:
    """A document of department d9, and what was asked and approved of it."""
    put(
        index,
        "own",
        STATED,
        title=f"{HUSH}清淤办法",
        region=("云岭省", "青禾市"),
        issuer="青禾市水利局",
    )
    index.put_audience("own", Audience("部门", ("d9",)))
    told = (Told("own"),)
    near = Near("own", f"{HUSH}清淤办法", "700万元", 0, 4)
    for reason in ("没有回答", "不满意"):
        site.office.gaps.add([ASKED], reason, why=f"{HUSH}不对", near=near, sources=told)
    site.office.gaps.want(f"{HUSH}文件", site.gaps()[:1], "")
    answer = Curated(ASKED, f"{HUSH}[1]。", (Source(1, "own", "", "p", 0, 1, HUSH, HUSH),))
    site.office.curated.put(answer, "", ALL)
    return site


def become(site: Site, *departments: str) -> None:
    site.become("资料管理")
    site.person = replace(site.person, departments=departments)


TRIES: dict[str, dict[str, str]] = {
    "GET /admin/gaps": {},
    "POST /admin/gaps/want": {"ids": "1,2", "what": "文件"},
    "POST /admin/gaps/unwant": {"id": "1"},
    "POST /admin/gaps/outside": {"ids": "1,2"},
    "POST /admin/gaps/reopen": {"ids": "1,2"},
    "POST /admin/gaps/retest": {"gaps": "1,2", "approved": "yes", "wanted": "1"},
    "GET /admin/answer": {"gaps": "1", "id": "1"},
    "POST /admin/answer": {"question": "问", "gaps": "1", "do": "find"},
    "GET /admin/answers": {},
    "POST /admin/answers/remove": {"id": "1"},
    "GET /admin/terms": {"gaps": "1"},
    "POST /admin/terms/preview": {"wordings": "专款", "term": "投入", "gaps": "1"},
    "POST /admin/terms/save": {"wordings": "专款", "term": "投入", "gaps": "1"},
}


def send(site: Site, route: str) -> str:
    method, path = route.split()
    how = {"params" if method == "GET" else "data": TRIES[route]}
    return str(site.client.request(method, path, **how).text)  # type: ignore[arg-type]


def kept(site: Site) -> object:
    gaps, curated = site.office.gaps, site.office.curated
    answers = [replace(answer, review="") for answer in curated.all()]  # which nobody sets
    return site.gaps(), gaps.outcomes(ALL), gaps.wanted(ALL), answers


def test_every_address_of_gaps_is_tried() -> None:
    assert set(TRIES) == {route for route, acts in WHOSE.items() if acts == ("answer gaps",)}


@pytest.mark.parametrize("route", TRIES)
def test_ids_of_another_department_show_and_change_nothing(two: Site, route: str) -> None:
    become(two)
    before = kept(two)
    assert HUSH not in send(two, route)
    assert kept(two) == before
    assert all(entry.deed == "change terms" for entry in two.log.entries)
    assert "未处理 0 条" in two.get("/admin/gaps")
    assert "共 0 条" in two.get("/admin/answers")


@pytest.mark.parametrize("route", [r for r in TRIES if r.startswith("GET") or "previ" in r])
def test_the_department_itself_finds_them(two: Site, route: str) -> None:
    become(two, "d9")
    assert HUSH in send(two, route)


@pytest.mark.parametrize("deed", ["want", "unwant", "outside", "reopen", "retest", "remove"])
def test_and_settles_them(two: Site, deed: str) -> None:
    (route,) = (route for route in TRIES if route.endswith(f"/{deed}"))
    become(two, "d9")
    if deed == "reopen":
        two.office.gaps.settle([1, 2], "范围外", "")
    before = kept(two)
    send(two, route)
    assert kept(two) != before


def test_a_document_that_is_gone_is_hidden(two: Site, index: PolicyIndex) -> None:
    index.delete_document("own")
    become(two, "d9")
    for route in ("GET /admin/gaps", "GET /admin/answers", "GET /admin/answer", "GET /admin/terms"):
        assert HUSH not in send(two, route)


def test_a_question_is_kept_in_its_own_words_and_with_all_that_it_tells_of(two: Site) -> None:
    become(two, "d9")
    for gap in two.gaps():
        two.office.gaps.settle([gap.id], "范围外", "")
    assistant = two.services.assistant
    answer = assistant.ask([ASKED], viewer=two.person.viewer)
    assert [c.document_id for c in answer.citations] == ["own"]
    city = replace(answer.citations[0], document_id="city")
    refused = Answer("它呢？", f"《{HUSH}清淤办法》呢？", Refusal("没有", (city, *answer.citations)),
                     "extractive", "事实")  # fmt: skip
    note_answer(assistant, two.person, ["甲？", "它呢？"], refused)
    (gap,) = two.gaps()
    assert (gap.turns, [t.id for t in gap.sources or ()]) == (("甲？", "它呢？"), ["city", "own"])
    near_none = replace(refused, said=Refusal("没有"))
    note_answer(assistant, two.person, [f"《{HUSH}清淤办法》何时印发？"], near_none)
    become(two)
    assert "未处理 0 条" in two.get("/admin/gaps")  # the second names what is hidden


def test_a_vote_takes_what_was_answered_from_its_owners_history(two: Site) -> None:
    become(two, "d9")
    assistant, viewer = two.services.assistant, two.person.viewer
    history: History = two.services.history
    answer = assistant.ask([ASKED], viewer=viewer)
    begun = history.conversations.ask("user:me", "", ASKED)
    history.conversations.answered(begun, answer)
    turns, sources = disliked(assistant, history, "user:me", viewer, begun.turn)
    assert (turns, [told.id for told in sources or ()]) == ([ASKED], ["own"])
    for owner, turn in (("user:you", begun.turn), ("user:me", begun.turn + 1)):
        assert disliked(assistant, history, owner, viewer, turn) == ([], None)
    vote = Vote(question=ASKED, mode="extractive", vote="down", turn=begun.turn)
    two.office.votes.put(vote, "user:me", turns, sources)
    two.office.votes.put(vote, "user:me")  # of which nothing is known
    assert [gap.sources for gap in two.gaps()[:2]] == [None, sources]
    become(two)
    assert HUSH not in two.get("/admin/gaps")
