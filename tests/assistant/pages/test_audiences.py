"""文件库 where people log in: who sees, uploads, changes and deletes, and what the log keeps."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from assistant.chat import Assistant
from assistant.drafting.desk import DraftingDesk
from assistant.drafting.store import DraftStore
from assistant.find.reading import LexicalReader
from assistant.pages.audiences import Audiences, authorised, change, key
from assistant.pages.documents import add_document_routes
from assistant.pages.library_card import describe
from assistant.pages.library_deeds import Deeds
from assistant.pages.library_list import Shelf, Wanted, listing
from assistant.pages.library_questions import Asked
from assistant.pages.library_routes import Desk
from assistant.pages.library_shown import table_body
from assistant.pages.monitoring import add_monitor_routes
from assistant.pages.uploading import upload
from assistant.people.audiences import Names, offered, usual
from assistant.people.log import Entry, recorded
from assistant.people.person import Person, alone
from assistant.people.store import People
from assistant.people.viewer import PERSON, entry_of
from assistant.queueing import WaitingLine
from assistant.services import Services
from assistant.settings import AnswerSettings, DraftSettings
from tests.conftest import HashEmbedder
from vectorstore.errors import PolicyError
from vectorstore.index import PolicyIndex
from vectorstore.library import Library, View
from vectorstore.models import PUBLIC, Audience, DocumentSummary

KEEPER = Person(
    "user:1", "zhang", "张", ("d2", "d1"), frozenset({"查阅", "资料管理"}), frozenset({"g1"})
)
READER = Person("user:2", "li", "李", ("d2", "d1"), frozenset({"查阅"}))
OTHER = Person("user:3", "wang", "王", ("d3",), frozenset({"查阅", "资料管理"}))
OWN = Audience("部门", ("d2",))


@dataclass
class KeptLog:
    """Keeps entries, or fails to."""

    entries: list[Entry] = field(default_factory=list)
    is_full: bool = False

    def record(self, entry: Entry) -> None:
        if self.is_full:
            raise PolicyError("日志写不进去")
        self.entries.append(entry)


@dataclass
class Asking:
    """A request of somebody, as far as these pages look at one."""

    person: Person

    headers = {"accept-language": "zh-CN"}

    @property
    def scope(self) -> dict[str, Any]:
        return {PERSON: self.person, "client": ("10.0.0.7", 1)}


@pytest.fixture
def assistant(filled: PolicyIndex) -> Assistant:
    library = Library(filled)
    return Assistant(library, LexicalReader(filled.token_weights), 0.2, AnswerSettings())


@pytest.fixture
def audiences(tmp_path: Path) -> Audiences:
    return Audiences(Names(None), KeptLog())


def first(assistant: Assistant, audience: Audience) -> DocumentSummary:
    """One of the samples, for some."""
    identifier = sorted(assistant.library.index.catalog.document_ids())[0]
    assistant.library.index.put_audience(identifier, audience)
    document = assistant.view(alone("x").viewer).summary(identifier)
    assert document
    return document


def changed(
    assistant: Assistant,
    audiences: Audiences,
    who: Person,
    identifier: str,
    to: Audience,
    *may: str,
) -> None:
    request: Any = Asking(who)
    view = assistant.view(who.viewer)
    change(assistant.library, audiences, view, request, identifier, key(to), list(may))


def asked_of(assistant: Assistant, audiences: Audiences, who: Person, *ids: str) -> Asked:
    shelf = Shelf.of(assistant.view(who.viewer), who, None)
    chosen = tuple(shelf.by_id[i] for i in ids if i in shelf.by_id)
    return Asked(shelf, who, audiences, chosen, None, english=False)


# --- what can be chosen -----------------------------------------------------------------------


def test_somebody_chooses_among_those_they_belong_to() -> None:
    assert offered(KEEPER) == [
        PUBLIC, Audience("部门", ("d1",)), OWN, Audience("群体", ("g1",)), Audience("个人", ("user:1",)),
    ]  # fmt: skip
    assert offered(alone("browser:1")) == [PUBLIC]


def test_an_upload_is_for_whom_the_setting_says() -> None:
    assert usual(KEEPER, "公开") == usual(alone("browser:1"), "部门") == PUBLIC
    assert usual(KEEPER, "部门") == OWN
    # Without a department it is not shown to all instead.
    assert usual(Person("user:4"), "部门") == Audience("个人", ("user:4",))


def test_what_is_not_theirs_to_choose_is_refused(audiences: Audiences) -> None:
    assert audiences.of_upload(KEEPER, key(OWN)) == OWN
    assert audiences.of_upload(alone("browser:1"), key(OWN)) == PUBLIC
    for wrong in (Audience("部门", ("d3",)), Audience("个人", ("user:2",))):
        with pytest.raises(PolicyError):
            audiences.of_upload(KEEPER, key(wrong))
    with pytest.raises(PolicyError):
        audiences.of_upload(KEEPER, "看不懂")


def test_names_are_those_that_people_know(tmp_path: Path) -> None:
    people = People(tmp_path / "people.sqlite3")
    unit, group = people.put_department("水务局"), people.put_group("专班", [])
    names = Names(people)
    assert names.of(Audience("部门", (unit.id, "gone"))) == "部门：水务局、gone"
    assert names.of(Audience("群体", (group.id,))) == "群体：专班"
    assert names.of(Audience("个人")) == "个人：无"
    people.close()


# --- the change -------------------------------------------------------------------------------


def test_a_change_counts_at_once_and_stands_in_the_log(
    assistant: Assistant, audiences: Audiences
) -> None:
    document = first(assistant, PUBLIC)
    changed(assistant, audiences, KEEPER, document.id, OWN, "may_download")
    now = assistant.view(KEEPER.viewer).summary(document.id)
    assert now
    assert now.audience == Audience("部门", ("d2",), may_quote=False, may_download=True)
    assert assistant.view(OTHER.viewer).summary(document.id) is None
    assert isinstance(audiences.log, KeptLog)
    (entry,) = audiences.log.entries
    assert (entry.who, entry.address, entry.deed, entry.on) == (
        "user:1", "10.0.0.7", "change audience", document.id,
    )  # fmt: skip
    assert (entry.details["before"]["kind"], entry.details["after"]["kind"]) == ("公开", "部门")


def test_what_cannot_be_logged_is_not_done(assistant: Assistant) -> None:
    document = first(assistant, PUBLIC)
    with pytest.raises(PolicyError, match="日志"):
        changed(assistant, Audiences(Names(None), KeptLog(is_full=True)), KEEPER, document.id, OWN)
    assert assistant.library.index.catalog.audiences([document.id]) == {}


class Broken:
    """An import that takes nothing in and deletes nothing; what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, paths: Any, on_progress: Any, **_: Any) -> Any:
        self.asked.append("upload")
        raise PolicyError("另一项导入正在进行")

    def delete(self, document_id: str) -> Any:
        self.asked.append("delete document")
        raise PolicyError("另一项导入正在进行")


@pytest.mark.parametrize("deed", ["delete document", "upload"])
def test_documents_come_and_go_once_that_is_in_the_log(assistant: Assistant, deed: str) -> None:
    document = first(assistant, PUBLIC)
    request: Any = Asking(KEEPER)
    ingest: Any = Broken()

    def said(log: KeptLog) -> str:
        if deed == "upload":
            noted = recorded(log, entry_of(request, "upload", files=1))
            *_, (shown_, _) = upload(["a.txt"], ingest, PUBLIC, KEEPER.viewer, noted)
            return str(shown_)
        audiences = Audiences(Names(None), log)
        deeds = Deeds(assistant.library, ingest, audiences, None)
        asked = asked_of(assistant, audiences, KEEPER, document.id)
        outcome = deeds.do("delete", request, asked, {})
        assert outcome.done == 0
        return "".join(outcome.problems)

    assert "日志写不进去" in said(KeptLog(is_full=True))
    assert ingest.asked == []
    log = KeptLog()
    assert "另一项导入正在进行" in said(log)
    assert ingest.asked == [deed]
    assert [(e.deed, e.result) for e in log.entries] == [(deed, "done"), (deed, "failed")]


def test_where_files_lie_on_the_server_is_for_whoever_sits_at_it(assistant: Assistant) -> None:
    document = first(assistant, PUBLIC)
    ingest: Any = SimpleNamespace(delete=lambda _: ["/srv/机要/通知.txt"])
    audiences = Audiences(Names(None), KeptLog())
    for who, told in ((KEEPER, False), (alone("browser:1"), True)):
        asked = asked_of(assistant, audiences, who, document.id)
        deeds, request = Deeds(assistant.library, ingest, audiences, None), Asking(who)
        (said,) = deeds.do("delete", request, asked, {}).said  # type: ignore[arg-type]
        assert ("通知.txt" in said, "/srv/机要" in said) == (True, told)


@pytest.mark.parametrize("who", [READER, OTHER])
def test_who_may_not_changes_nothing(
    assistant: Assistant, audiences: Audiences, who: Person
) -> None:
    document = first(assistant, OWN)
    with pytest.raises(PolicyError) as refused:
        changed(assistant, audiences, who, document.id, PUBLIC)
    request: Any = Asking(who)
    with pytest.raises(PolicyError):
        authorised(assistant.view(who.viewer), request, document.id)
    # Whoever does not see it is told what they would be told of none.
    if who is OTHER:
        request = Asking(OTHER)
        with pytest.raises(PolicyError) as absent:
            authorised(assistant.view(OTHER.viewer), request, "0" * 16)
        assert str(absent.value) == str(refused.value)
    assert assistant.library.index.catalog.audiences([document.id]) == {document.id: OWN}


def test_what_it_is_now_may_stay(assistant: Assistant, audiences: Audiences) -> None:
    """For two departments, which nobody can choose anew, with other rights."""
    both = Audience("部门", ("d2", "d9"))
    document = first(assistant, both)
    assert key(both) in dict(map(reversed, audiences.choices(KEEPER, both)))  # type: ignore[arg-type]
    changed(assistant, audiences, KEEPER, document.id, both, "may_quote")
    now = assistant.library.index.catalog.audiences([document.id])[document.id]
    assert (now.of, now.may_quote, now.may_download) == (("d2", "d9"), True, False)


# --- what the page shows ----------------------------------------------------------------------


def table_for(assistant: Assistant, audiences: Audiences, who: Person) -> str:
    """The list as somebody sees it."""
    services: Any = SimpleNamespace(assistant=assistant, office=None)
    desk, request = Desk(services, audiences), Asking(who)
    asking: Any = request
    looks = replace(desk.looks(asking), english=False)
    shelf = desk.shelf(asking)
    return table_body(shelf, listing(shelf, Wanted(), looks.called), {}, looks)


def test_nothing_new_shows_where_nobody_logs_in(assistant: Assistant, audiences: Audiences) -> None:
    document = first(assistant, PUBLIC)
    shown = table_for(assistant, audiences, alone("browser:1"))
    assert document.metadata.title in shown
    assert "可见范围" not in shown
    assert "可见范围" not in describe(assistant.view(alone("x").viewer), document.id)


def test_the_table_and_the_card_say_for_whom(assistant: Assistant, audiences: Audiences) -> None:
    document = first(assistant, Audience("部门", ("d2",), may_quote=False, may_download=False))
    view: View = assistant.view(KEEPER.viewer)
    shown = table_for(assistant, audiences, KEEPER)
    assert shown.count('data-label="可见范围">公开<') == 3
    assert shown.count('data-label="可见范围">部门：d2<') == 1
    assert 'data-shelf="move"' in shown
    assert 'data-shelf="delete"' in shown
    own = table_for(assistant, audiences, READER)
    assert "可见范围" in own
    assert 'data-shelf="move"' not in own
    assert 'data-shelf="delete"' not in own
    card = describe(view, document.id, audiences)
    assert "部门：d2，不可引用，不可下载" in card
    assert "/originals/" not in card


@pytest.fixture
def routes(assistant: Assistant, tmp_path: Path) -> Iterator[TestClient]:
    store = DraftStore(tmp_path / "drafts.sqlite3")
    desk = DraftingDesk(assistant, store, DraftSettings())
    site = FastAPI()
    services = Services(assistant.library, HashEmbedder(), assistant, desk)  # type: ignore[arg-type]
    add_monitor_routes(site, services, (), WaitingLine(1, 1, 1))
    add_document_routes(site, services)
    people = {person.id: person for person in (KEEPER, READER, OTHER)}

    async def played(scope: Any, receive: Any, send: Any) -> None:
        named = dict(scope.get("headers", ())).get(b"x-plays", b"").decode()
        await site(scope | {PERSON: people[named]} if named else scope, receive, send)

    with TestClient(played) as client:
        yield client
    store.close()


def test_a_file_that_may_not_be_downloaded_is_shown_as_text(
    assistant: Assistant, routes: TestClient
) -> None:
    document = first(assistant, Audience("部门", ("d2",), may_download=False))

    def got(who: Person, path: str) -> tuple[int, str]:
        answer = routes.get(f"/{path}/{document.id}", headers={"x-plays": who.id})
        return answer.status_code, answer.text

    assert got(READER, "documents")[0] == 200
    assert got(READER, "originals")[0] == 404
    absent = routes.get(f"/documents/{'0' * 16}", headers={"x-plays": OTHER.id})
    assert got(OTHER, "documents") == (404, absent.text)
    assert got(OTHER, "originals") == got(READER, "originals")
    for who, count in ((READER, 4), (OTHER, 3)):
        health = routes.get("/healthz", headers={"x-plays": who.id})
        assert health.json()["documents"] == count
