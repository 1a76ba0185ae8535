"""Two people with one draft in two browsers; the pages are the real ones, the log-in is not."""

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from app import build_server, listen
from assistant.drafting.access import Share
from assistant.drafting.desk import DraftingDesk
from assistant.pages.received import SessionFiles
from assistant.pages.scratch import run_folder
from assistant.people.viewer import PERSON
from assistant.services import Services
from assistant.settings import WebSettings
from tests.assistant.conftest import REQUEST, desk_over
from tests.assistant.officials import LI, ZHANG
from tests.assistant.pages.conftest import OpenPage
from tests.conftest import HashEmbedder
from vectorstore.index import PolicyIndex
from vectorstore.settings import IndexSettings

pytestmark = pytest.mark.browser

WHO = {"zhang": ZHANG, "li": LI}


class Named:
    """The site for whom a cookie names, in place of a log-in."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            name = HTTPConnection(scope).cookies.get("who", "")
            scope = {**scope, PERSON: WHO[name]} if name in WHO else scope
        await self.app(scope, receive, send)


@pytest.fixture
def office(
    sample_index: Path, tmp_path: Path, browser: Browser
) -> Iterator[tuple[str, DraftingDesk]]:
    """The address of a site, and Zhang's desk in it."""
    shutil.copytree(sample_index / "data", tmp_path / "data")
    settings = IndexSettings(data_dir=tmp_path / "data")
    with (
        closing(PolicyIndex(settings, HashEmbedder())) as index,
        run_folder(settings.data_dir) as run,
        pytest.MonkeyPatch.context() as patch,
        listen(WebSettings(port=0)) as listener,
    ):
        patch.setenv("GRADIO_TEMP_DIR", str(run))
        desk = desk_over(index, tmp_path)
        services = Services(desk.assistant.library, index.embedder, desk.assistant, desk)  # type: ignore[arg-type]
        server = build_server(WebSettings(port=0), services, SessionFiles(run))
        server.config.app = Named(server.config.app)  # type: ignore[arg-type]
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.02)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}", desk.seen_by(ZHANG)
        finally:
            server.should_exit = True
            thread.join(30)
            desk.store.close()


def open_as(open_page: OpenPage, address: str, who: str, draft: str, **how: object) -> Page:
    page = open_page(f"{address}/healthz", **how)
    page.context.add_cookies([{"name": "who", "value": who, "url": address}])
    page.goto(f"{address}/draft?draft={draft}")
    page.wait_for_selector("#draft article")
    return page


BOX = "#draft .in-place textarea"


def edit(page: Page, nth: int, words: str = "") -> None:
    """Opens a section where it stands, and types."""
    section = page.locator("#draft section").nth(nth)
    section.locator("[data-edit]").click()
    expect(section.locator(".in-place textarea")).to_be_focused()
    if words:
        page.fill(BOX, words)


def save(page: Page) -> None:
    page.locator("#draft .in-place [type=submit]").click()
    expect(page.locator("#message")).to_contain_text("已保存")
    expect(page.locator("#draft .in-place")).to_have_count(0)


def test_two_people_edit_one_draft_and_nothing_is_lost(
    office: tuple[str, DraftingDesk], open_page: OpenPage
) -> None:
    address, desk = office
    draft = desk.begin(REQUEST)
    desk.store.share(draft.id, ZHANG, Share("person", LI.id, "write", LI.name))
    zhang = open_as(open_page, address, "zhang", draft.id)
    li = open_as(open_page, address, "li", draft.id)
    edit(zhang, 1, "张三写的一段。")
    edit(li, 2, "李四写的一段。")
    save(zhang)
    save(li)
    for words in ("张三写的一段。", "李四写的一段。"):
        expect(li.locator("#draft")).to_contain_text(words)

    # A section that somebody types in is theirs: the other reads who, and cannot type.
    with zhang.expect_response("**/hold"):
        edit(zhang, 3, "张三正在写。")
    li.locator("#draft section").nth(3).locator("[data-edit]").click()
    expect(li.locator("#told")).to_contain_text("张三正在改这一部分（")
    expect(li.locator(BOX)).to_have_count(0)
    save(zhang)
    expect(zhang.locator("#draft")).to_contain_text("李四写的一段。")
    li.click("#refresh")
    expect(li.locator("#draft")).to_contain_text("张三正在写。")
    edit(li, 3)
    li.keyboard.press("Escape")
    expect(li.locator(BOX)).to_have_count(0)

    # The same section in both: the second's words stand beside it until they are taken over.
    for page in (zhang, li):
        page.route("**/hold", lambda route: route.fulfill(json={}))  # neither is told of the other
    edit(zhang, 0, "张三先存。")
    edit(li, 0, "李四后存。")
    for page in (zhang, li):
        page.locator("#draft .in-place [type=submit]").click()
        expect(page.locator("#draft section").nth(0)).to_contain_text("张三先存。")
    expect(li.locator("#beside")).to_contain_text("李四后存。")
    li.click("#take-over")
    expect(li.locator("#draft")).to_contain_text("李四后存。")
    saved = desk.open(draft.id)
    texts = [section.text for section in saved.sections]
    assert texts[:4] == ["李四后存。", "张三写的一段。", "李四写的一段。", "张三正在写。"]
    assert [s.origin for s in saved.sections[:4]] == ["person"] * 4
    assert {v.name for v in desk.store.versions(draft.id, ZHANG)} == {"张三", "李四"}
