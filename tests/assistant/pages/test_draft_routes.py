"""Lists, sharing, the bin, files: what somebody may not see is not there. The office is invented."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI, Request, Response
from starlette.testclient import TestClient

from assistant.drafting.access import Share
from assistant.drafting.desk import DraftingDesk
from assistant.drafting.models import Draft
from assistant.pages.draft_lists import Directory, directory_of
from assistant.pages.draft_routes import add_draft_routes
from assistant.pages.refusals import Refusals, Refused
from assistant.people.log import Entry
from assistant.people.person import Person, alone
from assistant.people.store import People
from assistant.people.viewer import PERSON
from assistant.services import Services
from tests.assistant.conftest import REQUEST, desk_over
from tests.assistant.officials import ADMIN, LI, OFFICE, READER, RURAL, TOP, WANG, ZHANG
from vectorstore.index import PolicyIndex

HOSTILE = '<img src=x onerror="alert(1)"> ${7*7} {{x}}'
PEOPLE = (
    (ZHANG.id, "张三", "办公室"), (LI.id, "李四", "农村科"), (WANG.id, "王五", "办公室"),
    ("user:other", "李四", "办公室"), ("user:hostile", HOSTILE, ""),
)  # fmt: skip


class Kept:
    """A log that remembers."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def record(self, entry: Entry) -> None:
        self.entries.append(entry)


@pytest.fixture
def desk(filled: PolicyIndex, tmp_path: Path) -> Iterator[DraftingDesk]:
    made = desk_over(filled, tmp_path).seen_by(ZHANG)
    yield made
    made.store.close()


@pytest.fixture
def draft(desk: DraftingDesk) -> Draft:
    draft = desk.begin(REQUEST)
    return desk.write_one(draft, draft.sections[0].id).draft


@pytest.fixture
def log() -> Kept:
    return Kept()


@pytest.fixture
def client(desk: DraftingDesk, log: Kept) -> TestClient:
    """The pages for `client.app.state.person`."""
    site = FastAPI()
    site.state.person = ZHANG
    site.add_middleware(Refusals, refused=Refused(log))

    @site.middleware("http")
    async def who(request: Request, go_on: Any) -> Response:
        request.scope[PERSON] = site.state.person
        answer: Response = await go_on(request)
        return answer

    services = Services(desk.assistant.library, None, desk.assistant, desk, log)  # type: ignore[arg-type]
    directory = Directory(lambda: PEOPLE, lambda: (TOP, OFFICE, RURAL))
    add_draft_routes(site, services, directory)
    return TestClient(site, follow_redirects=False)


def become(client: TestClient, person: Person) -> None:
    client.app.state.person = person  # type: ignore[attr-defined]


ROUTES = (
    ("GET", ""), ("GET", "/now"), ("GET", "/review.docx"), ("GET", "/final.docx"),
    ("GET", "/review.md"), ("POST", "/share"), ("POST", "/unshare"), ("POST", "/move"),
    ("POST", "/delete"), ("POST", "/restore"), ("POST", "/hold"),
)  # fmt: skip


@pytest.mark.parametrize("person", [LI, READER, ADMIN, alone("browser:1")], ids=lambda p: p.id)
def test_a_foreign_draft_is_answered_like_none(
    client: TestClient, draft: Draft, desk: DraftingDesk, person: Person
) -> None:
    become(client, person)
    for method, path in ROUTES:
        one, none = (client.request(method, f"/drafts/{i}{path}") for i in (draft.id, "nothing"))
        assert (one.status_code, one.content) == (none.status_code, none.content)
        assert one.status_code == 404, path
    assert desk.open(draft.id) == draft


def test_who_may_not_draft_finds_none_of_the_pages(
    client: TestClient, draft: Draft, desk: DraftingDesk, log: Kept
) -> None:
    desk.store.share(draft.id, ZHANG, Share("person", READER.id, "write"))
    become(client, READER)
    assert client.get("/drafts").status_code == 404
    assert client.get(f"/drafts/{draft.id}/review.md").status_code == 404
    assert {(entry.deed, entry.result) for entry in log.entries} == {("refused", "refused")}


def test_a_draft_is_shared_by_name_and_taken_back(
    client: TestClient, draft: Draft, log: Kept
) -> None:
    def share(who: str, right: str = "write") -> int:
        sent = {"who": who, "right": right}
        return client.post(f"/drafts/{draft.id}/share", data=sent).status_code

    assert share("王五") == 303
    assert share("部门：农村科", "read") == 303
    assert share("李四") == 400  # two have the name
    assert share("没有这个人") == 400
    assert share("张三") == 400  # oneself
    page = client.get(f"/drafts/{draft.id}").text
    assert "李四（办公室）" in page  # in the list to choose from
    assert "部门：农村科" in page
    become(client, LI)
    assert client.get(f"/drafts/{draft.id}/review.md").status_code == 200
    assert client.get(f"/drafts/{draft.id}").status_code == 404  # sharing is the owner's
    assert client.post(f"/drafts/{draft.id}/hold", data={"section": "s1"}).status_code == 404
    assert "共享给我的（1）" in client.get("/drafts").text
    become(client, ZHANG)
    client.post(f"/drafts/{draft.id}/unshare", data={"kind": "department", "to": RURAL.id})
    become(client, LI)
    assert client.get(f"/drafts/{draft.id}/review.md").status_code == 404
    deeds = [entry.deed for entry in log.entries]
    assert deeds.count("share draft") == 3
    assert deeds.count("export") == 1


def test_the_bin_gives_back(client: TestClient, draft: Draft, log: Kept) -> None:
    answer = client.post(f"/drafts/{draft.id}/delete")
    page = client.get(answer.headers["location"]).text
    assert "已移到回收站" in page
    assert page.count(f'action="/drafts/{draft.id}/restore"') == 2  # undo, and in the bin
    assert client.get(f"/drafts/{draft.id}/review.md").status_code == 404
    become(client, LI)
    assert client.post(f"/drafts/{draft.id}/restore").status_code == 404
    assert draft.id not in client.get(answer.headers["location"]).text
    become(client, ZHANG)
    assert client.post(f"/drafts/{draft.id}/restore").status_code == 303
    assert client.get(f"/drafts/{draft.id}/review.md").status_code == 200
    assert [e.deed for e in log.entries][:2] == ["delete draft", "write draft"]


def test_a_draft_moves_to_a_department_and_to_a_person(client: TestClient, draft: Draft) -> None:
    assert client.post(f"/drafts/{draft.id}/move", data={"department": "none"}).status_code == 400
    client.post(f"/drafts/{draft.id}/move", data={"department": OFFICE.id})
    become(client, WANG)
    assert "部门的稿子（1）" in client.get("/drafts").text
    become(client, ZHANG)
    answer = client.post(f"/drafts/{draft.id}/move", data={"owner": "李四（农村科）"})
    assert answer.headers["location"] == "/drafts?said=moved"
    become(client, LI)
    assert "我的稿子（1）" in client.get("/drafts").text


def test_who_types_where_is_told(client: TestClient, draft: Draft, desk: DraftingDesk) -> None:
    desk.store.share(draft.id, ZHANG, Share("person", LI.id, "write"))
    assert client.post(f"/drafts/{draft.id}/hold", data={"section": "s1"}).status_code == 200
    become(client, LI)
    refused = client.post(f"/drafts/{draft.id}/hold", data={"section": "s1"})
    assert refused.status_code == 409
    assert refused.json()["said"].startswith("张三正在改这一部分（")
    now = client.get(f"/drafts/{draft.id}/now").json()
    assert now["held"]["s1"] == refused.json()["said"]
    assert now["version"] == draft.version


def test_hostile_names_and_titles_stay_text(
    client: TestClient, draft: Draft, desk: DraftingDesk
) -> None:
    titled = desk.begin(f"起草《{HOSTILE}方案》")
    client.post(f"/drafts/{draft.id}/share", data={"who": HOSTILE, "right": "read"})
    failed = client.post(f"/drafts/{draft.id}/share", data={"who": f"</p>{HOSTILE}x"})
    pages = [failed.text, *(client.get(f"/drafts{p}").text for p in ("", f"/{draft.id}", f"/{titled.id}"))]  # fmt: skip
    assert "&lt;img src=x" in "".join(pages)
    for page in pages:
        assert "<img" not in page
        assert "${" not in page
        assert "{{" not in page


def test_alone_there_is_only_ones_own_and_the_bin(client: TestClient, draft: Draft) -> None:
    become(client, alone("browser:1"))
    page = client.get("/drafts").text
    assert "我的稿子（0）" in page
    assert "回收站（0）" in page
    assert "共享" not in page


def test_those_with_an_account_are_offered(tmp_path: Path) -> None:
    people = People(tmp_path / "people.sqlite3")
    office = people.put_department("办公室")
    li = people.add("li", "李四", department=office.id)
    gone = people.add("gone", "离任的人")
    people.disable(gone.id)
    directory = directory_of(people)
    assert list(directory.labelled()) == ["李四（办公室）", "部门：办公室"]
    assert directory.find("李四") == ("person", li.id, "李四")
    assert directory.find("离任的人") is None
    assert directory_of(None).labelled() == {}
    people.close()
