"""The list of conversations, saved and shared answers, as a browser gets them; and two browsers."""

import io
import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from fastapi import FastAPI
from playwright.sync_api import expect
from starlette.testclient import TestClient

from assistant.chat import Assistant
from assistant.commands import history as command
from assistant.drafting.desk import DraftingDesk
from assistant.drafting.store import DraftStore
from assistant.find.reading import LexicalReader
from assistant.history.models import NotThere
from assistant.pages import history as history_module
from assistant.pages import saved as saved_module
from assistant.pages import shared as shared_module
from assistant.pages.history import add_history_routes, list_of
from assistant.pages.remembering import remember
from assistant.pages.saved import add_saved_routes, notice_list
from assistant.pages.shared import add_shared_routes
from assistant.pages.talk import UNFINISHED, Conversation, reopened
from assistant.people.log import Entry
from assistant.people.person import Person
from assistant.people.viewer import COOKIE, PERSON
from assistant.services import Services
from assistant.settings import AnswerSettings, DraftSettings
from tests.assistant.history.made import answer_of, citation
from tests.assistant.pages.conftest import OpenPage, ask
from tests.conftest import HashEmbedder
from vectorstore.errors import PolicyError
from vectorstore.index import PolicyIndex
from vectorstore.library import Library
from vectorstore.models import Viewer

MINE, OTHERS = "a" * 32, "b" * 32
OWNER = f"browser:{MINE}"
SECRET = "只在乙里的八十八点八"


class Kept:
    """A log that a test can read."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def record(self, entry: Entry) -> None:
        self.entries.append(entry)


@pytest.fixture
def services(filled: PolicyIndex, tmp_path: Path) -> Iterator[Services]:
    library = Library(filled)
    assistant = Assistant(library, LexicalReader(filled.token_weights), 0.3, AnswerSettings())
    desk = DraftingDesk(assistant, DraftStore(tmp_path / "drafts.sqlite3"), DraftSettings())
    made = Services(library, HashEmbedder(), assistant, desk, Kept())  # type: ignore[arg-type]
    with closing(desk.store), closing(made.history):
        yield made


@pytest.fixture
def site(services: Services, monkeypatch: pytest.MonkeyPatch) -> FastAPI:
    """The routes; `state.seen` are the documents that everybody sees, None for all."""
    made = FastAPI()
    made.state.seen = None

    def viewer_of(request: Any) -> Viewer:
        return Viewer("甲", made.state.seen)

    for module in (history_module, saved_module, shared_module):
        monkeypatch.setattr(module, "viewer_of", viewer_of)
    for add in (add_history_routes, add_saved_routes, add_shared_routes):
        add(made, services)
    return made


def browser_of(site: FastAPI, cookie: str, address: str = "127.0.0.1") -> TestClient:
    return TestClient(site, cookies={COOKIE: cookie}, client=(address, 1), follow_redirects=False)


@pytest.fixture
def client(site: FastAPI) -> TestClient:
    return browser_of(site, MINE)


@pytest.fixture
def kept(services: Services) -> tuple[str, int]:
    """A conversation of two documents: its id and that of its first turn."""
    first, second = services.assistant.view(Viewer("甲")).documents()[:2]
    c = services.history.conversations
    begun = c.ask(OWNER, "", "各是多少？")
    c.answered(begun, answer_of(citation(1, first), citation(2, second, SECRET)))
    c.ask(OWNER, begun.conversation, "还没答的？")
    return begun.conversation, begun.turn


def only_first(site: FastAPI, services: Services) -> None:
    site.state.seen = frozenset({services.assistant.view(Viewer("甲")).documents()[0].id})


def test_the_list_finds_renames_deletes_and_brings_back(
    client: TestClient, kept: tuple[str, int], services: Services
) -> None:
    path = f"/conversations/{kept[0]}"
    assert "各是多少？" in client.get("/conversations").text
    assert client.post(f"{path}/rename", data={"title": "<b>${7*7}</b>"}).text == "<b>${7*7}</b>"
    page = client.get("/conversations", params={"q": "还没答"}).text
    assert "&lt;b&gt;&#36;&#123;7*7&#125;" in page
    assert "<b>" not in page
    assert client.post(f"{path}/rename", data={"title": " "}).status_code == 400
    assert "没有找到" in client.get("/conversations?q=别的").text
    assert client.post(f"{path}/delete").status_code == 200
    assert kept[0] not in client.get("/conversations").text
    assert kept[0] in client.get("/conversations?bin=1").text
    assert client.post(f"{path}/restore").status_code == 200
    assert kept[0] in client.get("/conversations").text
    assert [(e.deed, e.details.get("what")) for e in services.log.entries  # type: ignore[attr-defined]
            if e.result == "done"] == [
        ("change conversation", "rename"), ("change conversation", "rename"),
        ("delete conversation", None), ("change conversation", "restore"),
    ]  # fmt: skip


def test_anothers_is_like_none(
    site: FastAPI, client: TestClient, kept: tuple[str, int], services: Services
) -> None:
    identifier, turn = kept
    saved = client.post(f"/conversations/{identifier}/turns/{turn}/keep").text
    services.log.entries.clear()  # type: ignore[attr-defined]
    other = browser_of(site, OTHERS)
    for name, place in (("other", identifier), ("none", "0" * 16)):
        saved_at = saved if name == "other" else "0" * 16
        answers = [
            *(other.post(f"/conversations/{place}/{deed}", data={"title": "x"})
              for deed in ("rename", "share", "withdraw", "delete", "restore", "destroy")),
            *(other.get(f"/conversations/{place}/export.{kind}") for kind in ("md", "json", "docx")),
            other.post(f"/conversations/{place}/turns/{turn}/keep"),
            *(other.post(f"/saved/{saved_at}/{deed}") for deed in ("describe", "delete", "dismiss")),
            other.get(f"/saved/export.md?id={saved_at}"),
        ]  # fmt: skip
        assert {answer.status_code for answer in answers} == {404}, name
    assert identifier not in other.get("/conversations").text
    assert "各是多少" not in other.get("/saved").text
    assert services.log.entries == []  # type: ignore[attr-defined]
    assert client.post(f"/conversations/{identifier}/turns/{2**70}/keep").status_code == 404
    assert client.post(f"/conversations/{identifier}/explode").status_code == 404


def test_whoever_may_not_ask_has_no_history(site: FastAPI, kept: tuple[str, int]) -> None:
    auditor = Person("user:1", "shen", "审", roles=frozenset({"审计"}))

    class As:
        def __init__(self, app: Any) -> None:
            self.app = app

        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            await self.app({**scope, PERSON: auditor}, receive, send)

    client = TestClient(As(site))
    for path in ("/conversations", "/saved", "/shared/x", f"/conversations/{kept[0]}/export.md"):
        assert client.get(path).status_code == 404


def test_files_hold_what_may_be_shown(
    site: FastAPI, client: TestClient, kept: tuple[str, int], services: Services
) -> None:
    def files() -> str:
        texts = []
        for kind in ("md", "json", "docx"):
            content = client.get(f"/conversations/{kept[0]}/export.{kind}").content
            if kind == "docx":
                word = Document(io.BytesIO(content))
                cells = [c.text for t in word.tables for row in t.rows for c in row.cells]
                texts += [p.text for p in word.paragraphs] + cells
            else:
                texts.append(content.decode())
        return "\n".join(texts)

    assert files().count(SECRET) > 3
    only_first(site, services)
    assert SECRET not in files()
    assert "看不到" in files()
    assert {e.deed for e in services.log.entries} == {"export conversation"}  # type: ignore[attr-defined]


def test_a_colleague_reads_what_is_open_to_them(
    site: FastAPI, client: TestClient, kept: tuple[str, int], services: Services
) -> None:
    link = client.post(f"/conversations/{kept[0]}/share").text
    assert f"/shared/{link}" in client.get("/conversations").text
    colleague = browser_of(site, OTHERS)
    page = colleague.get(f"/shared/{link}").text
    assert SECRET in page
    assert "还没答的？" in page
    assert "经查" not in page  # without a source
    assert "data-redo" not in page
    assert "data-keep" not in page
    only_first(site, services)
    assert SECRET not in colleague.get(f"/shared/{link}").text
    # Nobody logs in: only on this machine.
    assert browser_of(site, OTHERS, "10.1.2.3").get(f"/shared/{link}").status_code == 404
    assert client.post(f"/conversations/{kept[0]}/withdraw").status_code == 200
    assert colleague.get(f"/shared/{link}").status_code == 404


def test_what_is_read_and_changed_has_an_entry_each(
    client: TestClient, site: FastAPI, kept: tuple[str, int], services: Services
) -> None:
    link = client.post(f"/conversations/{kept[0]}/share").text
    saved = client.post(f"/conversations/{kept[0]}/turns/{kept[1]}/keep").text
    services.log.entries.clear()  # type: ignore[attr-defined]
    browser_of(site, OTHERS).get("/saved")  # holds nothing
    browser_of(site, OTHERS).get(f"/shared/{link}")
    client.get("/saved")
    for deed in ("describe", "delete", "restore"):
        client.post(f"/saved/{saved}/{deed}")
    client.post(f"/conversations/{kept[0]}/withdraw")
    entries = services.log.entries  # type: ignore[attr-defined]
    assert [(e.deed, e.on, e.details.get("what")) for e in entries] == [
        ("open conversation", kept[0], "shared"),
        ("open saved answers", "", None),
        ("change saved answers", saved, "describe"),
        ("change saved answers", saved, "delete"),
        ("change saved answers", saved, "restore"),
        ("share conversation", kept[0], "withdraw"),
    ]
    assert entries[1].details["ids"] == [saved]


def test_saved_answers_are_tagged_found_and_covered(
    site: FastAPI, client: TestClient, kept: tuple[str, int], services: Services
) -> None:
    saved = client.post(f"/conversations/{kept[0]}/turns/{kept[1]}/keep").text
    described = client.post(
        f"/saved/{saved}/describe", data={"tags": "养老，用水", "note": "<i>备"}
    )
    assert described.status_code == 303
    page = client.get("/saved?tag=用水").text
    assert "养老（1）" in page
    assert "&lt;i&gt;备" in page
    assert SECRET in client.get("/saved", params={"q": SECRET}).text
    assert notice_list(services.history, OWNER, services.assistant.view(Viewer("甲"))) == ""
    only_first(site, services)
    assert SECRET not in client.get("/saved").text
    assert "没有符合" in client.get("/saved", params={"q": SECRET}).text  # nor found by it
    view = services.assistant.view(Viewer("甲", site.state.seen))
    assert "看不到" in notice_list(services.history, OWNER, view)
    (notice,) = saved_module.notices(services.history.saved.resting(OWNER), view)
    assert client.post(f"/saved/{saved}/dismiss", data={"notice": notice.key}).status_code == 200
    assert notice_list(services.history, OWNER, view) == ""
    assert client.post(f"/saved/{saved}/delete").headers["location"] == f"/saved?deleted={saved}"
    assert "还没有收藏" in client.get("/saved").text
    client.post(f"/saved/{saved}/restore")
    assert json.loads(client.get(f"/saved/export.json?id={saved}").text)["turns"][0]["question"]


def test_the_list_is_told_by_age(services: Services) -> None:
    c = services.history.conversations
    for question in ("今天的？", "前天的？", "上月的？"):
        c.ask(OWNER, "", question)
    today = date.today()
    with services.history._file.database.transaction() as db:
        for question, days in (("前天的？", 2), ("上月的？", 31)):
            day = date.fromordinal(today.toordinal() - days).isoformat()
            db.execute("UPDATE conversations SET updated = ? WHERE title = ?",
                       (f"{day}T12:00:00+00:00", question))  # fmt: skip
    page = list_of(services.history, OWNER, "", False, today)
    order = [
        f">{word}<" for word in ("今天", "今天的？", "最近 7 天", "前天的？", "更早", "上月的？")
    ]
    assert [page.index(word) for word in order] == sorted(page.index(word) for word in order)


def test_a_conversation_comes_back_with_what_was_put_aside(services: Services) -> None:
    history, talk = services.history, Conversation()
    view = services.assistant.view(Viewer("甲"))
    answer = answer_of(citation(1, view.documents()[0]))
    for question in ("一？", "二？"):
        remembered = remember(history, OWNER, talk, question, 0)
        talk.put(replace(talk.add(question), stored=remembered.stored, answer=answer))
        remembered.answered(answer)
    first = talk.turns[0].stored
    assert talk.standing(str(first)) == first
    assert talk.standing("999") == talk.standing("x") == 0
    remembered = remember(history, OWNER, talk, "一改？", first)
    talk.put(replace(talk.add("一改？", first), stored=remembered.stored))
    remembered.failed("已停止。")
    for made in (talk, reopened(history.conversations.load(OWNER, talk.id), view)):
        (turn,) = made.turns
        assert turn.question == "一改？"
        assert [t.question for t in turn.earlier] == ["一？", "二？"]
        assert all(t.answer and t.is_fixed for t in turn.earlier)
    history.conversations.ask(OWNER, talk.id, "断了？")
    assert reopened(history.conversations.load(OWNER, talk.id), view).turns[1].error == UNFINISHED


def test_what_cannot_be_kept_is_answered_and_said(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = Conversation()

    def full(*_: object) -> None:
        raise PolicyError("磁盘已满")

    monkeypatch.setattr(services.history.conversations, "ask", full)
    remembered = remember(services.history, OWNER, talk, "问？", 0)
    assert remembered.stored == 0
    assert "磁盘已满" in talk.unsaved


def test_a_deleted_conversation_that_is_still_open_begins_anew(services: Services) -> None:
    talk = Conversation()
    remember(services.history, OWNER, talk, "问？", 0)
    first = talk.id
    services.history.conversations.delete(OWNER, first)
    remember(services.history, OWNER, talk, "又问？", 0)
    assert talk.id != first
    assert services.history.conversations.load(OWNER, talk.id).turns[0].question == "又问？"


def test_the_command_gives_out_and_erases(
    services: Services, kept: tuple[str, int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from assistant.__main__ import _parser

    out = tmp_path / "out.json"
    command.run(services, _parser().parse_args(["history", "export", OWNER, str(out)]))
    (given,) = json.loads(out.read_text(encoding="utf-8"))["conversations"]
    assert [turn["question"] for turn in given["turns"]] == ["各是多少？", "还没答的？"]
    with pytest.raises(PolicyError):
        command.run(services, _parser().parse_args(["history", "export", OWNER]))
    command.run(services, _parser().parse_args(["history", "erase", OWNER]))
    assert "1 次对话" in capsys.readouterr().out
    with pytest.raises(NotThere):
        services.history.conversations.load(OWNER, kept[0])


# --- in a real browser ----------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.model
def test_two_people_keep_their_own_history(app: str, open_page: OpenPage) -> None:
    page = open_page(app, width=1400)
    listed = page.locator("#history-list a.title")
    ask(page, "青禾市到2025年底要建成多少个老年助餐点？")
    ask(page, "由谁牵头？", wait=".turns > .turn:nth-child(2) article")
    expect(listed).to_have_count(1)
    page.click("#history-new")
    page.wait_for_selector("#conversation .welcome")
    ask(page, "松湖县节约用水管理办法什么时候施行？")
    expect(listed).to_have_count(2)
    page.reload()
    page.wait_for_selector(".turns > .turn article")
    expect(page.locator(".turns .asked").first).to_contain_text("松湖县")
    page.go_back()
    page.go_back()  # over the empty page
    expect(page.locator(".turns > .turn")).to_have_count(2)
    expect(page.locator(".turns")).to_contain_text("市商务局")
    with page.expect_download() as waiting:
        page.click("#export")
    assert waiting.value.suggested_filename.startswith("青禾市")
    headings = [p.text for p in Document(str(waiting.value.path())).paragraphs if p.style]
    assert any("老年助餐点" in text for text in headings)
    expect(page.locator(".turns > .turn")).to_have_count(2)  # the page stays

    item = page.locator("#history-list li", has_text="青禾市")
    item.locator("summary").press("Enter")
    item.locator("[data-deed=rename]").press("Enter")
    page.locator("input.rename").fill("助餐点")
    page.keyboard.press("Enter")
    expect(page.locator("#history-list a.title", has_text="助餐点")).to_be_focused()
    item = page.locator("#history-list li", has_text="助餐点")
    item.locator("summary").click()
    item.locator("[data-deed=delete]").click()
    item.locator("form.in-page button[type=button]").click()  # 取消
    expect(listed).to_have_count(2)
    item.locator("[data-deed=delete]").click()
    item.locator("form.in-page button[type=submit]").click()
    expect(listed).to_have_count(1)
    page.wait_for_selector("#conversation .welcome")
    page.click("#history-said button")
    expect(listed).to_have_count(2)

    other = open_page(app, width=390, height=844)
    other.wait_for_selector("#conversation .welcome")
    other.click("#open-history")
    expect(other.locator("#history-list .note")).to_contain_text("还没有对话")
    other.goto(f"{app}/?c={listed.first.get_attribute('data-open')}")
    expect(other.locator("#conversation .problem")).to_contain_text("没有这次对话")
    assert other.evaluate("document.documentElement.scrollWidth") <= 390
