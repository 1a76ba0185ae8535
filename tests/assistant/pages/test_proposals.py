"""时效核对, as a browser gets it; all documents are invented."""

import html
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from assistant.chat import Assistant
from assistant.find.reading import LexicalReader
from assistant.pages import proposals as module
from assistant.pages.guard import Guard, Rules
from assistant.pages.proposals import add_proposal_routes
from assistant.pages.standing import standing_section
from assistant.people.person import Person
from assistant.settings import AnswerSettings
from tests.assistant.stated import put
from vectorstore.errors import IndexLocked
from vectorstore.index import PolicyIndex
from vectorstore.library import Library
from vectorstore.models import Viewer

HOSTILE = '砚湖市<script>alert(1)</script>渡船管理办法${1}"onfocus="x'
PLACE: dict[str, Any] = {"region": ("云岭省", "砚湖市"), "issuer": "砚湖市人民政府"}
SENT = {
    "older": "old",
    "newer": "new",
    "verdict": "替代",
    "reason": "新办法管同一件事",
    "who": "王某",
}
ALL = Viewer("甲")


@pytest.fixture
def site(index: PolicyIndex, monkeypatch: pytest.MonkeyPatch) -> FastAPI:
    """The pages for a viewer whom a test may blind: `site.state.viewer`."""
    for name, title, year in (("old", f"{HOSTILE}（试行）", 2015), ("new", HOSTILE, 2021)):
        put(index, name, (), title=title, date_written=date(year, 3, 1), **PLACE)
    assistant = Assistant(Library(index), LexicalReader(index.token_weights), 0.3, AnswerSettings())
    made = FastAPI()
    made.state.viewer, made.state.assistant = ALL, assistant
    monkeypatch.setattr("assistant.pages.shell.viewer_of", lambda request: made.state.viewer)
    add_proposal_routes(made, assistant, lambda request: assistant.view(made.state.viewer))
    return made


@pytest.fixture
def client(site: FastAPI) -> TestClient:
    return TestClient(site, follow_redirects=False)


def state_of(site: FastAPI, name: str = "old") -> str:
    summary = site.state.assistant.view(ALL).summary(name)
    return str(summary.state)


def test_a_pair_stands_side_by_side_with_its_reason(client: TestClient) -> None:
    page = client.get("/proposals").text
    assert "待核对（1）" in page
    for said in (
        "2015-03-01",
        "2021-03-01",
        "砚湖市人民政府",
        "未标注",
        "发文机关、地区相同",
        "未载明",
    ):
        assert said in page
    assert 'href="/compare?old_id=old&amp;new_id=new"' in page
    assert page.index("2015-03-01") < page.index("2021-03-01")
    assert re.search(r'<input type="text" name="reason" required maxlength="300"', page)


def test_hostile_titles_and_reasons_stay_text(client: TestClient, site: FastAPI) -> None:
    reason = '<img src=x onerror="alert(1)"> ${7*7} {{x}}'
    client.post("/proposals", data=SENT | {"reason": reason, "who": "<b>甲</b>"})
    view = site.state.assistant.view(ALL)
    for page in (client.get("/proposals").text, standing_section(view, view.summary("old"))):
        assert "<script>alert" not in page
        assert "<img" not in page
        assert "<b>甲" not in page
        assert "${" not in page
        assert "{{" not in page
        assert html.escape("<img src=x", quote=True) in page


def test_what_is_confirmed_counts_as_somebodys_finding(client: TestClient, site: FastAPI) -> None:
    assert state_of(site) == "未标注"
    answer = client.post("/proposals", data=SENT)
    assert (answer.status_code, answer.headers["location"]) == (303, "/proposals?said=decided")
    assert state_of(site) == "已废止"
    page = client.get("/proposals?said=decided").text
    assert "待核对（0）" in page
    assert "已核对（1）" in page
    assert "由人确认：新办法管同一件事（王某，" in page
    view = site.state.assistant.view(ALL)
    old, new = (standing_section(view, view.summary(i)) for i in ("old", "new"))
    assert "由人确认：新办法管同一件事（王某，" in old
    assert "“由人确认" not in old  # no document's words
    assert "本文件替代" in new
    assert "引用本文件" not in old + new  # neither names the other


def test_a_rejected_pair_is_proposed_no_more_until_that_is_undone(
    client: TestClient, site: FastAPI
) -> None:
    client.post("/proposals", data=SENT | {"verdict": "无关", "who": ""})
    assert state_of(site) == "未标注"
    page = client.get("/proposals").text
    assert "待核对（0）" in page
    assert "由人否定：新办法管同一件事（未署名，" in page
    answer = client.post("/proposals/undo", data={"older": "old", "newer": "new"})
    assert answer.headers["location"] == "/proposals?said=undone"
    page = client.get("/proposals").text
    assert "待核对（1）" in page
    assert "已核对" not in page
    assert client.post("/proposals/undo", data={"older": "old", "newer": "new"}).status_code == 400


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"reason": " \u200b "}, "请先写明理由"),
        ({"reason": "长" * 301}, "不超过 300 个字"),
        ({"verdict": "推翻"}, "选一种结论"),
        ({"newer": "gone"}, "可能已被更新或移除"),
        ({"newer": "old"}, "可能已被更新或移除"),
    ],
)
def test_what_is_not_taken_says_why_and_keeps_what_was_typed(
    client: TestClient, site: FastAPI, change: dict[str, str], said: str
) -> None:
    answer = client.post("/proposals", data=SENT | change)
    assert answer.status_code == 400
    assert said in answer.text
    if "newer" not in change:
        assert 'value="王某"' in answer.text
    assert site.state.assistant.view(ALL).decisions == ()


def test_the_opposite_of_what_is_confirmed_is_refused(client: TestClient) -> None:
    client.post("/proposals", data=SENT)
    answer = client.post("/proposals", data=SENT | {"older": "new", "newer": "old"})
    assert answer.status_code == 400
    assert "相反的结论" in answer.text


def test_a_busy_writer_is_said_and_nothing_is_lost(
    client: TestClient, site: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(_: object) -> None:
        raise IndexLocked("另一个进程正在写")

    monkeypatch.setattr(site.state.assistant.library, "decide", busy)
    answer = client.post("/proposals", data=SENT)
    assert answer.status_code == 503
    assert "另一个进程正在写" in answer.text
    assert 'value="新办法管同一件事"' in answer.text


def test_who_does_not_see_a_document_decides_nothing_and_reads_nothing(
    client: TestClient, site: FastAPI
) -> None:
    client.post("/proposals", data=SENT)
    site.state.viewer = Viewer("乙", may_see=frozenset({"new"}))
    assert "已核对" not in client.get("/proposals").text
    assert client.post("/proposals", data=SENT).status_code == 400
    assert client.post("/proposals/undo", data=SENT).status_code == 400
    assert state_of(site) == "已废止"


def test_a_decision_rests_while_a_document_is_gone(
    client: TestClient, site: FastAPI, index: PolicyIndex
) -> None:
    client.post("/proposals", data=SENT)
    with index.writing():
        index.delete_document("new")
    assert state_of(site) == "未标注"
    page = client.get("/proposals").text
    assert "其中一份文件不在库里" in page
    put(index, "new", (), title=HOSTILE, date_written=date(2021, 3, 1), **PLACE)
    assert state_of(site) == "已废止"


def test_a_name_in_doubt_is_shown_with_its_words(client: TestClient, index: PolicyIndex) -> None:
    for name, year in (("a", 2012), ("b", 2018)):
        put(index, name, (), title="砚湖市渡口管理办法", date_written=date(year, 1, 1), **PLACE)
    words = ("废止", "原《砚湖市渡口管理办法》同时废止", {"title": "砚湖市渡口管理办法"})
    put(
        index,
        "by",
        (),
        (words,),
        title="砚湖市水上交通条例",
        date_written=date(2022, 1, 1),
        **PLACE,
    )
    page = client.get("/proposals?document=by").text
    assert "待核对（2）" in page
    assert page.count("“原《砚湖市渡口管理办法》同时废止”") == 2
    assert 'href="/documents/by?start=' in page
    assert page.count('value="废止"') == 2


def test_the_pairs_of_one_document(client: TestClient, index: PolicyIndex) -> None:
    for name, year in (("a", 2012), ("b", 2018)):
        put(index, name, (), title="砚湖市渡口管理办法", date_written=date(year, 1, 1), **PLACE)
    assert "待核对（2）" in client.get("/proposals").text
    page = client.get("/proposals?document=b&page=99").text
    assert "待核对（1）" in page
    assert "渡船" not in page
    assert "待核对（0）" in client.get("/proposals?document=<b>&page=x").text


def test_long_lists_have_pages(client: TestClient, index: PolicyIndex) -> None:
    for year in range(1990, 2012):
        put(
            index,
            f"d{year}",
            (),
            title="砚湖市渡口管理办法",
            date_written=date(year, 1, 1),
            **PLACE,
        )
    first, second = (client.get(f"/proposals?page={n}").text for n in (1, 2))
    assert "第 1 / 2 页" in first
    assert (first.count('class="proposal"'), second.count('class="proposal"')) == (20, 2)


def test_other_websites_can_send_nothing(site: FastAPI, tmp_path: Path) -> None:
    site.add_middleware(Guard, rules=Rules((), 10**6, 10**6, {}))
    opened = TestClient(site, base_url="http://localhost", follow_redirects=False)
    foreign: Callable[..., Any] = lambda **h: opened.post("/proposals", data=SENT, headers=h)  # noqa: E731
    assert foreign(origin="http://evil.example").status_code == 403
    assert foreign(origin="null").status_code == 403
    assert foreign(origin="http://localhost").status_code == 303
    assert opened.get("/proposals").headers["referrer-policy"] == "same-origin"
    assert "form-action 'self'" in opened.get("/proposals").headers["content-security-policy"]


def test_the_page_speaks_english(client: TestClient) -> None:
    page = client.get("/proposals", headers={"accept-language": "en"}).text
    assert '<html lang="en">' in page
    assert "Replaces it" in page


def test_who_may_not_judge_finds_nothing_to_send_to(
    client: TestClient, site: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked where it is done too, whoever lets requests in."""
    person = Person("user:me", "me", "李某", roles=frozenset({"查阅", "起草"}))
    monkeypatch.setattr(module, "person_of", lambda request: person)
    for path in ("/proposals", "/proposals/undo"):
        assert client.post(path, data=SENT).status_code == 404
    assert site.state.assistant.view(ALL).decisions == ()
