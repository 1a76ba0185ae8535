"""指标与分工 and a document's standing, as a browser gets them."""

from collections.abc import Callable, Iterator
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from assistant.chat import Assistant
from assistant.drafting.desk import DraftingDesk
from assistant.drafting.store import DraftStore
from assistant.find.reading import LexicalReader
from assistant.pages import documents as documents_module
from assistant.pages import shell as shell_module
from assistant.pages.indicators import add_fact_routes
from assistant.services import Services
from assistant.settings import AnswerSettings, DraftSettings
from tests.assistant.stated import WATER, fill, put
from tests.conftest import HashEmbedder
from vectorstore.index import PolicyIndex
from vectorstore.library import Library, View
from vectorstore.models import Viewer

Get = Callable[..., str]


@pytest.fixture
def client(
    index: PolicyIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[TestClient]:
    """The pages for a viewer whom a test may blind: `client.app.state.viewer`."""
    library = Library(index)
    assistant = Assistant(library, LexicalReader(index.token_weights), 0.3, AnswerSettings())
    desk = DraftingDesk(assistant, DraftStore(tmp_path / "drafts.sqlite3"), DraftSettings())
    services = Services(library, HashEmbedder(), assistant, desk)  # type: ignore[arg-type]
    site = FastAPI()
    site.state.viewer = Viewer("甲")
    for module in (documents_module, shell_module):
        monkeypatch.setattr(module, "viewer_of", lambda request: site.state.viewer)
    documents_module.add_document_routes(site, services)
    add_fact_routes(site, assistant, lambda request: assistant.view(site.state.viewer))
    with closing(desk.store), TestClient(site) as opened:
        yield opened


@pytest.fixture
def get(index: PolicyIndex, client: TestClient) -> Get:
    """The text of a page over the invented documents."""
    fill(index)

    def call(path: str, **headers: str) -> str:
        answer = client.get(path, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.text

    return call


# --- the list -----------------------------------------------------------------------------------


def test_a_row_says_what_and_opens_its_passage(get: Get) -> None:
    page = get("/facts?kind=target&place=松湖市")
    assert "共 1 条" in page
    for said in (
        WATER,
        "松湖市",
        "96%",
        "2027年",
        "松湖市农村供水管理办法",
        "松政发〔2026〕4号",
        "一、目标任务",
    ):
        assert said in page
    assert 'href="/documents/lake?start=' in page
    opened = page.partition('href="/documents/lake?start=')[2].partition('"')[0]
    document = get(f"/documents/lake?start={opened.replace('&amp;', '&')}")
    assert '<mark id="quote">2027年农村自来水普及率达到96%</mark>' in document


def test_the_form_shows_what_is_in_force(get: Get) -> None:
    page = get("/facts?kind=duty&organ=财政局&year=2099")
    assert '<option value="duty" selected>' in page
    assert 'value="财政局"' in page
    assert 'method="get" action="/facts"' in page
    assert (
        'href="/facts?kind=duty&amp;organ=%E8%B4%A2%E6%94%BF%E5%B1%80"' in page
    )  # without the year


def test_filters_that_match_nothing_say_so(get: Get) -> None:
    page = get("/facts?kind=duty&word=没有的词")
    assert "在 5 份文件中没有读到符合筛选条件的内容" in page
    assert "类别“任务分工”" in page
    assert "<table" not in page
    assert "没有这份文件，或没有从它读出指标与分工。" in get("/facts?document=x")
    assert "没有读到名称含“没有的词”的指标" in get("/facts/indicator?word=没有的词")


def many(index: PolicyIndex, count: int) -> None:
    said: list[tuple[str, str, dict[str, Any]]] = [
        (
            f"第{n}项达到{n}个",
            "target",
            {"subject": f"项目{n}", "value": float(n), "unit": "个", "year": 2030},
        )
        for n in range(1, count + 1)
    ]
    put(index, "many", said, title="很多")


def test_a_page_asks_for_no_more_than_it_shows(
    index: PolicyIndex, get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(index, 120)
    asked: list[tuple[Any, Any]] = []
    ask = View.facts
    monkeypatch.setattr(View, "facts", lambda self, where, *, limit=None, offset=0: (
        asked.append((limit, offset)), ask(self, where, limit=limit, offset=offset))[1])  # fmt: skip
    page = get("/facts?document=many&page=2")
    assert asked == [(50, 50)]
    assert "共 120 条" in page
    assert "第 2 / 3 页" in page
    assert "项目51<" in page
    assert "项目50<" not in page
    assert 'href="/facts?document=many&amp;page=3"' in page
    assert 'href="/facts?document=many&amp;page=1"' in page


@pytest.mark.parametrize(
    ("page", "shown"), [("99", 3), ("0", 1), ("-1", 1), ("二", 1), ("9" * 30, 1)]
)
def test_pages_that_there_are_not(index: PolicyIndex, get: Get, page: str, shown: int) -> None:
    many(index, 120)
    assert f"第 {shown} / 3 页" in get(f"/facts?document=many&page={page}")


def test_labels_follow_the_browser(get: Get) -> None:
    assert '<html lang="zh-CN">' in get("/facts")
    english = get("/facts", **{"accept-language": "en-US,en;q=0.9,zh;q=0.8"})
    assert '<html lang="en">' in english
    assert ">Duty</option>" in english
    assert '<html lang="zh-CN">' in get("/facts", **{"accept-language": "zh-CN,en;q=0.5"})


def test_forms_may_be_sent_to_this_site_only(client: TestClient) -> None:
    policy = client.get("/facts").headers["content-security-policy"]
    assert "form-action 'self'" in policy
    assert "script-src 'self';" in policy


# --- one indicator ------------------------------------------------------------------------------


def test_one_indicator_is_a_table_and_bars(get: Get) -> None:
    page = get(f"/facts/indicator?word={WATER}")
    assert page.index("2025年</th>") < page.index("2026年</th>") < page.index("2027年</th>")
    assert "不一致 2 处" in page
    assert "5 份文件，4 个地区，共 8 条" in page
    drawing = page.partition("<svg")[2].partition("</svg>")[0]
    assert 'role="img"' in drawing
    assert "青禾市：2025 现状 92.1%" in drawing  # the text alternative
    assert drawing.count("<rect") == 8


def test_names_hold_for_the_word_they_were_chosen_for(get: Get) -> None:
    both = f"name={WATER}&name=常住人口"
    page = get(f"/facts/indicator?word=农村&{both}")
    assert "213.4万人" in page
    assert "单位不同" in page
    assert page.count('type="checkbox"') == 3
    assert '<span class="what">常住人口 </span>' in page  # each value bears its name
    assert '<span class="what">' not in get(f"/facts/indicator?word={WATER}")
    assert "213.4万人" not in get(f"/facts/indicator?word={WATER}&of=农村&{both}")


# --- who sees what ------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/facts", "/facts/indicator", f"/facts/indicator?name={WATER}"])
def test_who_may_see_nothing_sees_nothing(client: TestClient, get: Get, path: str) -> None:
    assert "青禾" in get(path)
    client.app.state.viewer = Viewer("乙", frozenset())  # type: ignore[attr-defined]
    page = get(path)
    assert "没有您可以查看的文件" in page
    for word in ("青禾", "云岭", "92.1", "松湖", "已废止"):
        assert word not in page


def test_who_sees_one_document_meets_no_other(client: TestClient, get: Get) -> None:
    client.app.state.viewer = Viewer("乙", frozenset({"old"}))  # type: ignore[attr-defined]
    pages = get("/facts") + get("/facts/indicator") + get("/documents/old")
    assert "青禾市农村饮水安全巩固提升方案" in pages
    for word in ("提质实施方案", "云岭省农村", "松湖", "92.1", "已废止"):
        assert word not in pages
    client.app.state.viewer = Viewer("乙", frozenset({"city"}))  # type: ignore[attr-defined]
    assert get("/documents/city").count("提到但未收录") == 3


# --- a document's page --------------------------------------------------------------------------


def test_a_document_tells_its_state_and_its_ties(get: Get) -> None:
    page = get("/documents/old")
    assert "已废止" in page
    assert "时效性" not in page  # the state is the one thing said of it
    assert (
        "“《青禾市农村饮水安全巩固提升方案（2021—2026年）》（青政发〔2021〕9号）同时废止”" in page
    )
    assert 'href="/documents/city?start=' in page
    city = get("/documents/city")
    assert "“本方案自2026年2月1日起施行，有效期2年”" in city
    assert city.index("云岭政发〔2025〕41号") < city.index("本文件废止")
    assert city.count("提到但未收录") == 1
    assert 'href="/facts?document=city"' in city
    assert 'href="/compare?old_id=city"' in city
    assert "任务分工（2）" in city
    province = get("/documents/province")
    assert "引用本文件" in province


def test_a_long_list_of_facts_says_how_many(index: PolicyIndex, get: Get) -> None:
    many(index, 30)
    page = get("/documents/many")
    assert "目标指标（30）" in page
    assert "查看全部 30 条" in page
    assert "项目20 " in page
    assert "项目21 " not in page


# --- hostile text -------------------------------------------------------------------------------

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'${x}{{y}}"
TAGS = """
html head meta title link script body div span nav a button main h1 h2 p form label input
select option table thead tbody tr th td section ul ol li svg text rect g desc figure
figcaption details summary header dl dt dd mark blockquote time
"""
ALLOWED = set(TAGS.split())


class _Tags(HTMLParser):
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ALLOWED, tag
        for name, value in attrs:
            assert not name.startswith("on"), name
            assert name != "style"
            if name in ("src", "href", "action"):
                assert value
                assert value.startswith(("/", "?", "#")), value

    def handle_data(self, data: str) -> None:
        assert self.lasttag != "script" or not data.strip() or "alert" not in data


@pytest.mark.parametrize(
    "path",
    [
        "/facts", "/facts/indicator", "/documents/bad",
        "/facts?word={0}&organ={0}&place={0}&state={0}&kind={0}&document={0}&year={0}",
        "/facts/indicator?word={0}&name={0}&place={0}&of={0}",
    ],
)  # fmt: skip
def test_hostile_text_stays_text(index: PolicyIndex, client: TestClient, path: str) -> None:
    fields: dict[str, Any] = {"subject": HOSTILE, "group": HOSTILE, "place": HOSTILE, "unit": HOSTILE, "text": HOSTILE,
        "condition": HOSTILE, "value": 1.0, "year": 2030, "heading_path": (HOSTILE,)}  # fmt: skip
    said: list[tuple[str, str, dict[str, Any]]] = [
        (f"{HOSTILE}一", "target", fields),
        (f"{HOSTILE}二", "target", fields | {"value": 2.0, "text": f"{HOSTILE}2"}),
        (f"{HOSTILE}三", "duty", {"subject": HOSTILE, "role": "lead", "organs": (HOSTILE,)}),
    ]
    tie = ("依据", f"根据{HOSTILE}", {"title": HOSTILE, "number": HOSTILE})
    put(index, "bad", said, (tie,), title=HOSTILE, region=(HOSTILE,), document_number=HOSTILE, status=f"有效{HOSTILE}")  # fmt: skip
    answer = client.get(path.format(HOSTILE.replace("&", "%26").replace("#", "%23")))
    page = answer.text
    assert answer.status_code == 200
    assert "&lt;script&gt;" in page
    _Tags().feed(page)
    assert "${" not in page
    assert "{{" not in page
