"""文件库's list and deeds over a small library: found by text, sorted, chosen, kept in collections."""

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from openpyxl import load_workbook
from starlette.testclient import TestClient

from assistant.chat import Assistant
from assistant.drafting.desk import DraftingDesk
from assistant.drafting.store import DraftStore
from assistant.find.reading import LexicalReader
from assistant.office.office import Office
from assistant.pages.audiences import Audiences
from assistant.pages.library_list import Shelf, Wanted, listing
from assistant.pages.library_routes import MOST_CHOSEN, add_library_routes
from assistant.pages.scoping import labelled, within
from assistant.people.audiences import Names
from assistant.people.person import Person, alone
from assistant.people.viewer import PERSON
from assistant.services import Services
from assistant.settings import AnswerSettings, DraftSettings
from tests.assistant.pages.test_audiences import KEEPER, OTHER, OWN, READER, KeptLog
from tests.conftest import HashEmbedder
from tests.vectorstore.made import put
from vectorstore.errors import PolicyError
from vectorstore.index import PolicyIndex
from vectorstore.library import Library
from vectorstore.models import Audience, SearchFilter

HOME = alone("browser:1")
AUDITOR = Person("user:9", "shen", "审", ("d2",), frozenset({"审计"}))
TITLES = ("节约用水办法", "白云路灯〔2023〕规定", "安全生产方案", "养老服务意见")


class Removing:
    """Deletes documents as uploads do, with nothing on the disk."""

    def __init__(self, index: PolicyIndex):
        self.index = index

    def delete(self, document_id: str) -> list[str]:
        if not self.index.catalog.delete_document(document_id):
            raise PolicyError("这份文件已经不在库中。")
        return []


@pytest.fixture
def library(index: PolicyIndex) -> PolicyIndex:
    """Four documents with one passage or two each; `index` has no vectors of them."""
    for number, title in enumerate(TITLES):
        put(
            index.catalog, f"d{number}", f"第一条 推广节水器具{number}件。", f"#第{number}章 水价",
            title=title, document_number=f"松政〔2023〕{(9, 10, 2, 1)[number]}号",
            issuer=None if number == 3 else f"{'松湖县' if number else '青禾市'}水务局",
            kind="办法" if number == 0 else "通知", region=("云岭省", "松湖县"),
        )  # fmt: skip
    return index


Send = Callable[..., Any]


@pytest.fixture
def site(library: PolicyIndex, tmp_path: Path) -> Iterator[tuple[Services, KeptLog, Send]]:
    """send(path, person, …) gets, or with `data` posts."""
    log, office = KeptLog(), Office(tmp_path / "office.sqlite3", HashEmbedder().embed_passages)
    assistant = Assistant(
        Library(library), LexicalReader(library.token_weights), 0.2, AnswerSettings(), office=office
    )
    store = DraftStore(tmp_path / "drafts.sqlite3")
    desk = DraftingDesk(assistant, store, DraftSettings())
    services = Services(assistant.library, HashEmbedder(), assistant, desk, log, None, office)  # type: ignore[arg-type]
    app = FastAPI()
    ingest: Any = Removing(library)
    add_library_routes(app, services, ingest, Audiences(Names(None), log))
    people = {person.id: person for person in (HOME, KEEPER, READER, OTHER, AUDITOR)}

    async def played(scope: Any, receive: Any, send: Any) -> None:
        named = dict(scope.get("headers", ())).get(b"x-plays", b"").decode()
        await app(scope | {PERSON: people[named]} if named else scope, receive, send)

    with TestClient(played) as client, closing(office), closing(store):

        def send(path: str, who: Person = HOME, data: Any = None, **query: str) -> Any:
            headers = {"x-plays": who.id, "accept-language": "zh-CN"}
            if data is None:
                return client.get(path, params=query, headers=headers)
            return client.post(path, data=data, headers=headers)

        yield services, log, send


def titles(shown: str) -> list[str]:
    """Of the rows, in their order."""
    at = {title: shown.find(f"选中《{title}》") for title in TITLES}
    return sorted((t for t in TITLES if at[t] >= 0), key=at.__getitem__)


# --- found, narrowed, sorted, paged -----------------------------------------------------------


def test_a_text_is_found_with_its_passage_and_a_link_to_it(site: Any) -> None:
    _, log, send = site
    shown = send("/library/rows", q="节水 器具2件").text
    assert titles(shown) == ["安全生产方案"]
    assert "推广<mark>节水</mark><mark>器具2件</mark>" in shown
    assert 'href="/documents/d2?start=0&amp;end=13#quote"' in shown
    assert titles(send("/library/rows", q="第3章").text) == ["养老服务意见"]  # a heading
    assert titles(send("/library/rows", q="〔2023〕10").text)[0] == "白云路灯〔2023〕规定"
    assert "没有符合的文件" in send("/library/rows", q="节水 没有这句").text
    only = send("/library/rows", q="节水", only="title").text
    assert "没有符合的文件" in only
    assert next(e.details["question"] for e in log.entries if e.deed == "search") == "节水 器具2件"


def test_every_column_sorts_both_ways_and_what_is_not_stated_is_last(site: Any) -> None:
    *_, send = site

    def order(sort: str, down: str = "") -> list[str]:
        return titles(send("/library/rows", sort=sort, down=down).text)

    first, second, third, fourth = TITLES
    assert order("title") == [third, second, first, fourth]  # 安 白 节 养
    assert order("title", "1") == [fourth, first, second, third]
    assert order("number") == [fourth, third, first, second]  # 1 2 9 10
    assert order("issuer")[-1] == order("issuer", "1")[-1] == fourth
    for column in ("date", "region", "kind", "class", "state", "passages", "added", "audience"):
        assert set(order(column)) == set(TITLES)
    shown = send("/library/rows", sort="number", down="1").text
    assert 'aria-sort="descending"' in shown
    assert order("no such column") == titles(send("/library/rows").text)


def test_filters_stand_in_the_address_and_are_taken_off(site: Any) -> None:
    *_, send = site
    shown = send("/library/rows", issuer="松湖县", kind="通知", sort="number").text
    assert titles(shown) == [TITLES[2], TITLES[1]]
    assert 'href="/library?kind=%E9%80%9A%E7%9F%A5&amp;sort=number"' in shown  # 机关 taken off
    assert titles(send("/library/rows", region="云岭省/松湖县").text) == titles(
        send("/library/rows").text
    )
    assert "没有符合的文件" in send("/library/rows", year="1999").text


def test_a_page_holds_so_many_rows_and_says_of_how_many(library: PolicyIndex) -> None:
    for number in range(60):
        put(library.catalog, f"x{number:02d}", "正文", title=f"文件{number:02d}")
    view = Assistant(
        Library(library), LexicalReader(library.token_weights), 0.2, AnswerSettings()
    ).view(HOME.viewer)
    shelf = Shelf.of(view, HOME, None)
    found = listing(shelf, Wanted.of({"page": "2", "sort": "title"}), lambda _: "")
    assert (len(found.documents), found.pages, len(found.shown)) == (64, 2, 14)
    assert listing(shelf, Wanted.of({"page": "99999"}), lambda _: "").page == 2
    assert Wanted.of({"size": "7", "page": "-1"}) == Wanted()


# --- deeds ------------------------------------------------------------------------------------


def test_several_are_deleted_once_that_was_asked_and_is_in_the_log(site: Any) -> None:
    _, log, send = site
    asked = send("/library/ask/delete", data={"ids": ["d0", "d1", "none"]}).text
    assert "要从资料库删除这 2 份文件吗" in asked
    assert f"《{TITLES[0]}》" in asked
    log.is_full = True
    assert send("/library/do/delete", data={"ids": ["d0"]}).json()["done"] == 0
    log.is_full = False
    told = send("/library/do/delete", data={"ids": ["d0", "d1", "none"]}).json()
    assert (told["done"], told["problems"]) == (2, [])
    assert [(e.deed, e.on) for e in log.entries] == [
        ("delete document", "d0"), ("delete document", "d1"),
    ]  # fmt: skip
    assert titles(send("/library/rows").text) == [TITLES[2], TITLES[3]]  # 安 养


def test_who_may_not_change_documents_changes_none(site: Any, library: PolicyIndex) -> None:
    _, log, send = site
    library.catalog.put_audience("d1", OWN)
    for deed in ("delete", "move", "class"):
        assert send(f"/library/ask/{deed}", READER, {"ids": ["d0"]}).status_code == 400
        told = send(f"/library/do/{deed}", READER, {"ids": ["d0", "d1"], "class": "水务"}).json()
        assert told["done"] == 0
        assert told["problems"]
    # What somebody does not see is not there: not in the question, not among what was not done.
    asked = send("/library/ask/delete", OTHER, {"ids": ["d0", "d1"]}).text
    assert "这 1 份文件" in asked
    assert TITLES[1] not in asked
    told = send("/library/do/delete", OTHER, {"ids": ["d1"]}).json()
    assert (told["done"], told["problems"]) == (0, [])
    assert send("/library/card/d1", OTHER).text == send("/library/card/none", OTHER).text
    assert log.entries == []
    assert len(library.catalog.document_ids()) == 4


def test_several_are_made_for_others_at_once(site: Any, library: PolicyIndex) -> None:
    _, log, send = site
    asked = send("/library/ask/move", KEEPER, {"ids": ["d0", "d1"]}).text
    assert "部门：d2" in asked
    sent = {"ids": ["d0", "d1"], "who": '["部门", "d2"]', "quote": "0", "download": ""}
    assert send("/library/do/move", KEEPER, sent).json()["done"] == 2
    wanted = Audience("部门", ("d2",), may_quote=False)
    assert library.catalog.audiences(["d0", "d1", "d2"]) == {"d0": wanted, "d1": wanted}
    assert [e.deed for e in log.entries] == ["change audience"] * 2
    told = send("/library/do/move", KEEPER, sent | {"who": '["部门", "d9"]'}).json()
    assert (told["done"], len(told["problems"])) == (0, 2)
    # Only what was chosen changes: for whom they are stays.
    send("/library/do/move", KEEPER, {"ids": ["d0"], "quote": "1"})
    assert library.catalog.audiences(["d0"]) == {"d0": OWN}


def test_a_class_shows_filters_and_sorts(site: Any) -> None:
    _, log, send = site
    assert "分类" not in send("/library/rows", part="list").text.split("<table", 1)[1]
    assert (
        send("/library/do/class", data={"ids": ["d0", "d2"], "class": "水务"}).json()["done"] == 2
    )
    assert log.entries[-1].deed == "change class"
    assert set(titles(send("/library/rows", **{"class": "水务"}).text)) == {TITLES[0], TITLES[2]}
    assert set(titles(send("/library/rows", sort="class").text)[:2]) == {TITLES[0], TITLES[2]}


def test_too_many_at_once_are_refused(site: Any) -> None:
    *_, send = site
    told = send("/library/do/delete", data={"ids": [str(n) for n in range(MOST_CHOSEN + 1)]})
    assert told.status_code == 400
    assert "最多选" in told.json()["problems"][0]
    assert send("/library/do/nothing", data={"ids": ["d0"]}).status_code == 400


def test_nothing_is_for_whoever_may_not_ask(site: Any) -> None:
    *_, send = site
    for path in ("rows", "card/d0", "list.csv", "list.xlsx"):
        assert send(f"/library/{path}", AUDITOR).status_code == 404
    for path in ("ask/delete", "do/delete", "do/new", "list.csv"):
        assert send(f"/library/{path}", AUDITOR, {"ids": ["d0"], "name": "x"}).status_code == 404


# --- collections ------------------------------------------------------------------------------


def test_chosen_documents_go_into_a_new_collection_and_out_again(site: Any) -> None:
    _, log, send = site
    sent = {"ids": ["d0", "d1"], "into": "", "name": "节水专题", "shown": "own"}
    told = send("/library/do/collect", data=sent).json()
    assert told["done"] == 2
    made = told["into"]
    assert [(e.deed, e.details["what"]) for e in log.entries] == [
        ("change collection", "make"), ("change collection", "put"),
    ]  # fmt: skip
    shown = send("/library/rows", collection=made).text
    assert set(titles(shown)) == {TITLES[0], TITLES[1]}
    assert "仅自己可见" in shown
    assert send("/library/do/take", data={"ids": ["d1"], "collection": made}).json()["done"] == 1
    assert titles(send("/library/rows", collection=made).text) == [TITLES[0]]
    assert "里面的 1 份文件仍在库里" in send("/library/ask/drop", data={"collection": made}).text
    assert send("/library/do/drop", data={"collection": made}).json()["done"] == 1
    assert "没有这个资料夹" in send("/library/rows", collection=made).text


def test_a_new_collection_holds_the_documents_that_were_chosen(site: Any) -> None:
    *_, send = site
    form = send("/library/ask/new", data={"ids": ["d0", "d1"]}).text
    assert 'action="/library/do/collect"' in form
    assert 'name="go" value="1"' in form
    assert TITLES[1] in form
    made = send("/library/do/collect", data={"ids": ["d0", "d1"], "name": "专题", "go": "1"}).json()
    assert made["go"] == f"/library?collection={made['into']}"
    assert set(titles(send("/library/rows", collection=made["into"]).text)) == set(TITLES[:2])
    assert 'action="/library/do/new"' in send("/library/ask/new", data={}).text


def test_where_files_lie_on_the_server_is_told_to_nobody(site: Any, library: PolicyIndex) -> None:
    *_, send = site
    (path,) = library.catalog.get_document("d0").source_paths
    shown = send("/library/card/d0").text
    assert path.rpartition("/")[2] in shown
    assert path.rpartition("/")[0] not in shown


def test_a_collection_shows_to_each_only_what_they_see(site: Any, library: PolicyIndex) -> None:
    services, _, send = site
    library.catalog.put_audience("d1", OWN)
    sent = {"ids": ["d0", "d1"], "name": "给所有人", "shown": "all"}
    made = send("/library/do/collect", KEEPER, sent).json()["into"]
    assert len(titles(send("/library/rows", KEEPER, collection=made).text)) == 2
    others = send("/library/rows", OTHER, collection=made).text
    assert titles(others) == [TITLES[0]]
    assert "1 份文件" in others
    own = send("/library/do/collect", KEEPER, sent | {"name": "自己的", "shown": "own"}).json()[
        "into"
    ]
    hidden = send("/library/rows", OTHER, collection=own).text
    assert hidden == send("/library/rows", OTHER, collection="none").text
    assert set(labelled(services.assistant, OTHER)) == {"资料夹：给所有人"}


def test_a_question_is_asked_within_a_collection(site: Any) -> None:
    services, _, send = site
    sent = {"ids": ["d0", "d1"], "name": "节水", "shown": "own"}
    made = send("/library/do/collect", data=sent).json()["into"]
    assistant = services.assistant
    scope = within(assistant, HOME, SearchFilter(kinds=("通知",)), ["资料夹：节水"])
    assert [d.id for d in assistant.view(HOME.viewer, scope).documents()] == ["d1"]
    assert within(assistant, HOME, SearchFilter(), []) == SearchFilter()
    services.office.collections.take(made, assistant.view(HOME.viewer).documents(), Shelf.of(
        assistant.view(HOME.viewer), HOME, services.office).holder)  # fmt: skip
    empty = within(assistant, HOME, SearchFilter(), ["资料夹：节水"])
    assert assistant.view(HOME.viewer, empty).documents() == ()  # not the whole library
    with pytest.raises(PolicyError, match="已改名或删除"):
        within(assistant, HOME, SearchFilter(), ["资料夹：没有"])


# --- the list as a file -----------------------------------------------------------------------


def test_the_list_is_a_file_of_what_is_listed_or_chosen(site: Any, library: PolicyIndex) -> None:
    _, log, send = site
    put(library.catalog, "evil", "正文", title="=1+1", path="/secret/place/坏.txt")
    rows = list(
        csv.reader(
            io.StringIO(send("/library/list.csv", sort="number").content.decode("utf-8-sig"))
        )
    )
    assert rows[0][:3] == ["标题", "发文字号", "发文机关"]
    assert [row[0] for row in rows[1:4]] == [TITLES[3], TITLES[2], TITLES[0]]
    assert rows[-1][0] == "'=1+1"
    assert rows[-1][-1] == "坏.txt"  # where it lies is not told
    book = load_workbook(
        io.BytesIO(send("/library/list.xlsx", data={"ids": ["d2", "d0", "x"]}).content)
    )
    assert [row[0] for row in book.active.iter_rows(values_only=True)] == [
        "标题",
        TITLES[2],
        TITLES[0],
    ]
    assert [(e.deed, e.details["count"]) for e in log.entries] == [("export", 5), ("export", 2)]
    assert send("/library/list.pdf").status_code == 404


def test_hostile_names_stay_text(site: Any, library: PolicyIndex) -> None:
    *_, send = site
    script = '<script>alert(1)</script>${7*7}"'
    put(library.catalog, "evil", f"正文{script}", title=f"坏{script}")
    send("/library/do/class", data={"ids": ["evil"], "class": script[:20]})
    send("/library/do/collect", data={"ids": ["evil"], "name": script, "shown": "all"})
    for shown in (
        send("/library/rows", q="正文<script>").text,
        send("/library/rows", issuer=script, **{"class": script}).text,
        send("/library/ask/delete", data={"ids": ["evil"]}).text,
        send("/library/ask/collect", data={"ids": ["evil"]}).text,
        send("/library/ask/class", data={"ids": ["evil"]}).text,
    ):
        assert "<script" not in shown
        assert "${" not in shown
    assert "&lt;script&gt;" in send("/library/rows", q="坏").text
