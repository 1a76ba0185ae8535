"""The page 对照: what it shows, what it does not, and what a browser can do with it."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from docx import Document
from fastapi import FastAPI
from hypothesis import given
from playwright.sync_api import Browser, Page, expect
from starlette.testclient import TestClient

from assistant.chat import Assistant
from assistant.find.reading import LexicalReader
from assistant.pages import compare as page_module
from assistant.pages import compared as html_module
from assistant.pages.compared import comparison_html
from assistant.people.log import Entry
from assistant.queueing import WaitingLine
from assistant.revision.alignment import compare
from assistant.settings import AnswerSettings
from ingest.pipeline import ingest
from tests.assistant.pages.test_markup import Tags, hostile
from tests.assistant.revision.documents import NEW, OLD, document
from tests.attack.conftest import Site, serving
from tests.conftest import MODELS, HashEmbedder
from vectorstore.index import PolicyIndex
from vectorstore.language.text import squeeze
from vectorstore.library import Library
from vectorstore.models import Viewer
from vectorstore.settings import IndexSettings

OTHER = "松湖县灯光管理办法\n第一条 路灯每晚开启。\n第二条 节日延长一小时。\n"


@dataclass
class Kept:
    """A log that a test can read."""

    entries: list[Entry] = field(default_factory=list)

    def record(self, entry: Entry) -> None:
        self.entries.append(entry)


@dataclass(frozen=True)
class Pages:
    """The routes of the page over three documents, and who looks."""

    client: TestClient
    assistant: Assistant
    old: str
    new: str
    other: str
    log: Kept


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> IndexSettings:
    folder = tmp_path_factory.mktemp("compare")
    (folder / "files").mkdir()
    for name, text in (("旧", OLD), ("新", NEW), ("别的", OTHER)):
        (folder / "files" / f"{name}.txt").write_text(text, encoding="utf-8")
    settings = IndexSettings(data_dir=folder / "data", model_dir=MODELS)
    index = PolicyIndex(settings, HashEmbedder())
    ingest(index, [folder / "files"])
    index.close()
    return settings


@pytest.fixture(scope="module")
def pages(data: IndexSettings) -> Iterator[Pages]:
    index = PolicyIndex(data, HashEmbedder())
    assistant = Assistant(Library(index), LexicalReader(index.token_weights), 0.3, AnswerSettings())
    site = FastAPI()
    log = Kept()
    page_module.add_routes(site, assistant, WaitingLine(2, 8, 4), log)
    by_name = {Path(d.source_paths[0]).stem: d.id for d in index.documents()}
    with TestClient(site) as client:
        yield Pages(client, assistant, by_name["旧"], by_name["新"], by_name["别的"], log)
    index.close()


def test_two_documents_stand_side_by_side(pages: Pages) -> None:
    answer = pages.client.get("/compare", params={"old_id": pages.old, "new_id": pages.new})
    assert answer.status_code == 200
    assert "form-action 'self'" in answer.headers["content-security-policy"]
    assert "<del>2000元</del>" in answer.text
    assert "<ins>5000元</ins>" in answer.text
    assert "条号由第三条改为第四条" in answer.text
    assert 'class="figures"' in answer.text
    assert "/compare/table.docx?" in answer.text


def test_whoever_compares_has_opened_both(pages: Pages) -> None:
    pages.log.entries.clear()
    pages.client.get("/compare", params={"old_id": pages.old})  # nothing is shown of it yet
    assert pages.log.entries == []
    pages.client.get("/compare", params={"old_id": pages.old, "new_id": pages.new})
    assert [(e.deed, e.on, e.details["document"]) for e in pages.log.entries] == [
        ("open document", pages.old, pages.new),
        ("open document", pages.new, pages.old),
    ]


def test_each_clause_leads_to_its_place_in_the_document(pages: Pages) -> None:
    answer = pages.client.get("/compare", params={"old_id": pages.old, "new_id": pages.new})
    links = re.findall(r'class="number" href="/documents/(\w+)\?start=(\d+)&amp;end=(\d+)#quote"[^>]*>([^<]+)<', answer.text)  # fmt: skip
    assert len(links) > 15
    view = pages.assistant.view(Viewer("甲"))
    for identifier, start, end, number in links:
        found = view.document(identifier)
        assert found
        quoted = squeeze(found.text[int(start) : int(end)])
        assert quoted
        assert number == "¶" or quoted.startswith(number)


def test_titles_are_offered_and_typed_ones_resolved(pages: Pages) -> None:
    offered = pages.client.get("/compare/documents", params={"q": "河道 办法"}).json()
    assert {found["id"] for found in offered} == {pages.old, pages.new}
    typed = pages.client.get("/compare", params={"old": "松湖县灯光管理办法", "new_id": pages.new})
    assert f"old_id={pages.other}&amp;new_id={pages.new}" in typed.text


def test_a_title_written_over_counts_and_not_the_id_below_it(pages: Pages) -> None:
    said = {"old": "松湖县灯光管理办法", "old_id": pages.old, "new_id": pages.new}
    assert f"old_id={pages.other}&amp;new_id={pages.new}" in pages.client.get("/compare", params=said).text  # fmt: skip


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("青溪市河道管理办法", "指的可能是几份文件"),
        ("河道", "没有“河道”这份文件，相近的有"),
        ("某某", "没有“某某”这份文件"),
    ],
)
def test_what_is_unclear_is_said_with_links(pages: Pages, said: str, sentence: str) -> None:
    answer = pages.client.get("/compare", params={"old": said, "new_id": pages.other})
    assert sentence in answer.text
    linked = f"old_id={pages.old}&amp;new_id={pages.other}" in answer.text
    assert linked == (said != "某某")


def test_another_edition_is_proposed_for_one_document(pages: Pages) -> None:
    answer = pages.client.get("/compare", params={"old_id": pages.old})
    assert f"new_id={pages.new}&amp;old_id={pages.old}" in answer.text
    assert pages.other not in answer.text


def test_a_document_and_itself_are_refused_in_a_sentence(pages: Pages) -> None:
    answer = pages.client.get("/compare", params={"old_id": pages.old, "new_id": pages.old})
    assert "同一份文件" in answer.text
    ids = {"old_id": pages.old, "new_id": pages.old}
    assert pages.client.get("/compare/table.docx", params=ids).status_code == 400


def test_the_table_comes_as_a_word_file(pages: Pages) -> None:
    ids = {"old_id": pages.old, "new_id": pages.new}
    changes = pages.client.get("/compare/table.docx", params=ids)
    whole = pages.client.get("/compare/table.docx", params={**ids, "every": "1"})
    rows = [len(Document(io.BytesIO(a.content)).tables[-1].rows) for a in (changes, whole)]
    assert rows[0] < rows[1]
    assert "attachment" in changes.headers["content-disposition"]


def test_what_the_viewer_does_not_see_does_not_exist(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    viewer = Viewer("乙", may_see=frozenset({pages.new, pages.other}))
    monkeypatch.setattr(page_module, "viewer_of", lambda request: viewer)
    get = pages.client.get
    assert [d["id"] for d in get("/compare/documents", params={"q": "河道"}).json()] == [pages.new]
    hidden, absent = pages.old, "0" * len(pages.old)
    for parameter in ("old_id", "old"):
        shown = [
            get("/compare", params={parameter: i, "new_id": pages.new}).text.replace(i, "…")
            for i in (hidden, absent)
        ]
        assert shown[0] == shown[1]
    answer = get("/compare/table.docx", params={"old_id": hidden, "new_id": pages.new})
    assert answer.status_code == 404
    assert hidden not in get("/compare", params={"new_id": pages.new}).text
    assert "还没有入库" not in get("/compare", params={"old": __file__}).text  # no look at the disk


@given(hostile, hostile)
def test_hostile_text_stays_text(value: str, other: str) -> None:
    shown = comparison_html(
        compare(*document("旧", f"第一条 {value}\n第二条 处2元{other}。", title=value),
                *document("新", f"第一条 {other}\n第二条 处3元{value}。", title=other))
    )  # fmt: skip
    parser = Tags()
    parser.feed(shown)
    links = [value for name, value in parser.attributes if name in ("href", "src")]
    assert not parser.tags & {"script", "img", "svg", "iframe", "style"}
    assert not [name for name, _ in parser.attributes if name.startswith("on")]
    assert all(link.startswith(("#row-", "/documents/", "/compare/")) for link in links)


def test_a_table_that_is_cut_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html_module, "ROWS", 3)
    shown = comparison_html(compare(*document("旧", OLD), *document("新", NEW)))
    assert shown.count('<tr id="row-') == 3
    assert "只显示前 3 行" in shown
    assert 'href="#row-5"' not in shown


# --- in a browser -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def site(data: IndexSettings) -> Iterator[Site]:
    with serving(data) as served:
        yield served


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    context = browser.new_context(locale="zh-CN", viewport={"width": 1400, "height": 700})
    problems: list[str] = []
    opened = context.new_page()
    opened.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
    opened.on("pageerror", lambda e: problems.append(str(e)))
    opened.goto(f"{site.address}/compare")
    yield opened
    context.close()
    assert problems == []


def choose(page: Page, side: str, words: str, downs: int = 1) -> None:
    """With the keyboard alone."""
    page.focus(f"#{side}")
    page.keyboard.type(words)
    expect(page.locator(f"#{side}-list [role=option]").first).to_be_visible()
    for _ in range(downs):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(f"#{side}-list")).to_be_hidden()


@pytest.mark.browser
def test_documents_are_chosen_and_changes_visited_by_keyboard(page: Page) -> None:
    choose(page, "old", "河道", 1)
    choose(page, "new", "河道", 2)
    page.keyboard.press("Enter")
    expect(page.locator("table.clauses")).to_be_visible()
    unchanged = page.locator("tr.same", has_text="适用于本市河道").first
    expect(unchanged).to_be_visible()
    page.focus("#only-changes")
    page.keyboard.press("Space")
    expect(unchanged).to_be_hidden()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # 下一处
    expect(page.locator("#at")).to_have_text(re.compile(r"第 1 / \d+ 处"))
    expect(page.locator("tr.now")).to_be_focused()
    page.click("#swap")
    expect(page.locator("table.clauses")).to_contain_text("合并为")  # what was split


@pytest.mark.browser
def test_nothing_scrolls_sideways_and_all_can_be_read(page: Page, site: Site) -> None:
    choose(page, "old", "河道", 1)
    choose(page, "new", "河道", 2)
    page.keyboard.press("Enter")
    expect(page.locator("table.clauses")).to_be_visible()
    for width in (1400, 640, 390, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.click("[data-theme]")
    assert page.evaluate("document.body.classList.contains('dark')")
    ground, ink = page.evaluate(
        "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"
    )
    assert ground != ink
    page.reload()
    assert page.evaluate("document.body.classList.contains('dark')")


@pytest.mark.browser
def test_the_document_page_leads_here(page: Page, site: Site) -> None:
    identifier = site.services.library.index.documents()[0].id
    page.goto(f"{site.address}/documents/{identifier}")
    page.click("text=与另一份文件对照")
    expect(page.locator("#old")).not_to_have_value("")
