"""Programs that call: by whose rights, how often, and what of it is in the log."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.testclient import TestClient

from assistant.api.access import Access, NotOpen
from assistant.pages.callers import Callers, Finder, by_key, by_no_key, by_nothing
from assistant.pages.guard import Guard, Rules
from assistant.pages.identity import Identity, by_session
from assistant.pages.refusals import Refusals, Refused
from assistant.people.log import Entry
from assistant.people.store import Account, People
from assistant.people.viewer import viewer_of

SITE = "http://127.0.0.1"


@dataclass
class Noted:
    entries: list[Entry] = field(default_factory=list)

    def record(self, entry: Entry) -> None:
        self.entries.append(entry)


@dataclass
class Made:
    people: People
    log: Noted
    client: TestClient
    account: Account

    def key(
        self, *scopes: str, rate: int = 100, vouched: Collection[str] | None = None
    ) -> dict[str, str]:
        _, secret = self.people.keys.add(
            self.account.id, "OA", scopes, days=1, per_minute=rate, vouched=vouched
        )
        return {"authorization": f"Bearer {secret}"}


def built(finder: Finder, log: Noted, people: People | None) -> TestClient:
    """A site of one call and one page, with the middleware in the order of the real one."""
    app, access = FastAPI(), Access(log)
    app.add_middleware(Callers, finder=finder)
    if people:
        app.add_middleware(Identity, finder=by_session(people))
    app.add_middleware(Refusals, refused=Refused(log))
    app.add_middleware(Guard, rules=Rules((), 1000, 1000, {}))

    @app.exception_handler(NotOpen)
    def not_open(_: Request, error: NotOpen) -> JSONResponse:
        return JSONResponse({"detail": str(error)}, 403)

    @app.api_route(
        "/api/v1/who", methods=["GET", "POST"], dependencies=[Depends(access.needs("ask"))]
    )
    def who(request: Request) -> dict[str, Any]:
        viewer = viewer_of(request)
        departments = viewer.departments
        return {"id": viewer.id, "departments": departments and sorted(departments)}

    @app.get("/facts")
    def page() -> str:
        return "page"

    return TestClient(app, base_url=SITE)


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Made]:
    people, log = People(tmp_path / "people.sqlite3"), Noted()
    department = people.put_department("市卫生局")
    account = people.add("oa", "OA 系统", source="service", department=department.id)
    with built(by_key(people), log, people) as client:
        yield Made(people, log, client, account)
    people.close()


def test_a_key_sees_what_its_owner_sees_and_each_call_is_logged(made: Made) -> None:
    headers = made.key("ask")
    answer = made.client.get("/api/v1/who", headers=headers)
    assert answer.json() == {"id": made.account.id, "departments": [made.account.department]}
    assert "set-cookie" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"
    (key,) = made.people.keys.of(made.account.id)
    (entry,) = made.log.entries
    assert (entry.who, entry.deed, entry.on) == (made.account.id, "call", "who")
    assert entry.details["key"] == key.id


def test_nobody_comes_in_without_a_key_nor_with_a_cookie(made: Made) -> None:
    person = made.people.add("li", password="hash")
    made.people.set_password(person.id, "hash", must_change=False)
    token = made.people.sessions.begin(person.id, "", "")
    cookies = {"cookie": f"policy_session={token}"}
    assert made.client.get("/facts", headers=cookies).status_code == 200
    for headers in ({}, cookies, {"authorization": "Bearer x"}, {"authorization": "Basic eA=="},
                    {"authorization": f"Bearer {token}"}):  # fmt: skip
        answer = made.client.get("/api/v1/who", headers=headers)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == 401
    assert {(e.deed, e.result) for e in made.log.entries} == {("refused", "refused")}


def test_a_key_opens_no_page(made: Made) -> None:
    assert made.client.get("/facts", headers=made.key("ask", "read")).status_code == 401


def test_it_opens_only_its_scopes_and_what_its_owner_may(made: Made) -> None:
    refused = made.client.get("/api/v1/who", headers=made.key("read"))
    assert (refused.status_code, "ask" in refused.json()["detail"]) == (403, True)
    headers = made.key("ask")
    assert made.client.get("/api/v1/who", headers=headers).status_code == 200
    made.people.set_roles(made.account.id, [])
    assert made.client.get("/api/v1/who", headers=headers).status_code == 403
    assert made.log.entries[-1].result == "refused"
    made.people.disable(made.account.id)
    assert made.client.get("/api/v1/who", headers=headers).status_code == 401


def test_a_held_key_may_nothing_until_it_is_released(made: Made) -> None:
    headers = made.key("ask", vouched=())
    assert made.client.get("/api/v1/who", headers=headers).status_code == 403
    (key,) = made.people.keys.of(made.account.id)
    made.people.keys.release(key.id, made.people.rights(made.account))
    assert made.client.get("/api/v1/who", headers=headers).status_code == 200


def test_what_a_service_gains_waits_and_what_it_loses_is_gone_at_once(made: Made) -> None:
    """Whoever made the key knows it, and is not given what the service is given later."""
    people, account = made.people, made.account
    headers = made.key("ask", vouched=people.rights(account))
    (key,) = people.keys.of(account.id)

    def seen() -> Any:
        answer = made.client.get("/api/v1/who", headers=headers)
        return answer.json()["departments"] if answer.status_code == 200 else answer.status_code

    own, other = account.department, people.put_department("市财政局").id
    assert seen() == [own]
    people.change(account.id, department=other)
    people.set_roles(account.id, ["查阅", "资料管理"])
    assert seen() == []  # neither the new one, nor the one that it left
    people.keys.release(key.id, people.rights(people.account(account.id) or account))
    assert seen() == [other]
    people.set_roles(account.id, ["资料管理"])
    assert seen() == [other]
    people.set_roles(account.id, ["起草"])
    assert seen() == 403
    people.set_roles(account.id, ["查阅"])
    assert seen() == [other]  # what was confirmed comes back with the service's


def test_whose_password_is_another_persons_choice_has_no_key(made: Made) -> None:
    person = made.people.add("li", password="hash")
    _, secret = made.people.keys.add(person.id, "x", ["ask"], days=1, per_minute=9)
    headers = {"authorization": f"bearer  {secret}"}
    assert made.client.get("/api/v1/who", headers=headers).status_code == 401
    made.people.set_password(person.id, "other", must_change=False)
    assert made.client.get("/api/v1/who", headers=headers).status_code == 200


def test_each_key_has_its_own_rate(made: Made) -> None:
    slow, other = made.key("ask", rate=2), made.key("ask", rate=2)
    statuses = [made.client.get("/api/v1/who", headers=slow).status_code for _ in range(4)]
    assert statuses == [200, 200, 429, 429]
    answer = made.client.get("/api/v1/who", headers=slow | {"accept-language": "en"})
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert answer.json()["detail"].startswith("Too many calls")
    assert made.client.get("/api/v1/who", headers=other).status_code == 200


def test_the_guard_lets_bearers_in_and_foreign_pages_not(made: Made) -> None:
    foreign = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    assert made.client.post("/api/v1/who", headers=foreign).status_code == 403
    headers = made.key("ask") | foreign
    assert made.client.post("/api/v1/who", headers=headers).status_code == 200
    assert made.client.post("/facts", headers=headers).status_code == 403  # a page, no call
    rebound = headers | {"host": "evil.example"}
    assert made.client.post("/api/v1/who", headers=rebound).status_code == 421


def test_an_address_with_a_line_break_is_nowhere(made: Made) -> None:
    """Patterns of routes end at one, and it would be the pages' turn."""
    answer = made.client.get("/api/v1/who%0Ax", headers=made.key("ask"))
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


def test_openai_clients_read_why_in_their_own_form(made: Made) -> None:
    answer = made.client.get("/v1/models")
    assert answer.status_code == 401
    assert answer.json()["error"]["type"] == "invalid_request_error"


@pytest.mark.parametrize(("finder", "status"), [(by_nothing, 200), (by_no_key, 401)])
def test_on_ones_own_machine_no_key_is_needed(finder: Finder, status: int) -> None:
    with built(finder, Noted(), None) as client:
        answer = client.get("/api/v1/who", headers={"authorization": "Bearer whatever"})
        assert answer.status_code == status
        foreign = {"origin": "https://evil.example"}
        assert client.post("/api/v1/who", headers=foreign).status_code == 403
        if status == 200:
            assert answer.json()["departments"] is None  # sees all
