"""审计日志, as a browser gets it."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.chat import Assistant
from assistant.find.reading import LexicalReader
from assistant.pages import refusals
from assistant.pages.allowed import may_open, pages_of
from assistant.pages.guard import Guard, Rules
from assistant.pages.log import PAGE, add_log_routes
from assistant.pages.refusals import Refusals, Refused
from assistant.people.audit_log import KeptLog
from assistant.people.log import NoLog, Who
from assistant.people.person import ROLES, Person, alone
from assistant.people.viewer import PERSON
from assistant.settings import AnswerSettings
from vectorstore.chain.chain import Chosen
from vectorstore.index import PolicyIndex
from vectorstore.library import Library
from vectorstore.settings import LogSettings

HOSTILE = '<script>alert(1)</script>${1}{{x}}"onfocus="x\ud800\0'
AUDITOR = Person("user:9", "shenji", "审计员", roles=frozenset({"审计"}))
ADDRESSES = ("/log", "/log.csv", "/log.jsonl", "/log?who=x")


class As:
    """Middleware: every request is somebody's."""

    def __init__(self, app: ASGIApp, site: FastAPI) -> None:
        self.app, self.site = app, site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope[PERSON] = self.site.state.person
        await self.app(scope, receive, send)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[KeptLog]:
    with closing(KeptLog(tmp_path / "log", LogSettings())) as opened:
        yield opened


def site_of(index: PolicyIndex, log: KeptLog | NoLog, person: Person = AUDITOR) -> TestClient:
    assistant = Assistant(Library(index), LexicalReader(index.token_weights), 0.3, AnswerSettings())
    site = FastAPI()
    site.state.person = person
    if isinstance(log, KeptLog):
        site.add_middleware(Refusals, refused=Refused(log))
    site.add_middleware(As, site=site)
    add_log_routes(site, assistant, log)

    @site.get("/forbidden")
    def forbidden() -> PlainTextResponse:
        return PlainTextResponse("no", 403)

    return TestClient(site)


@pytest.fixture
def client(index: PolicyIndex, log: KeptLog) -> TestClient:
    return site_of(index, log)


def fill(log: KeptLog, count: int = 3) -> None:
    for n in range(count):
        log.record(Who("user:1", "张三", "10.0.0.7").did("ask", f"t{n}", question=f"第{n}个问题"))
    log.record(Who("user:2", HOSTILE).did("upload", "doc7", "failed", file=HOSTILE))


def shown(page: str) -> int:
    return page.count('id="entry-')


def test_an_entry_unfolds_to_all_of_it(client: TestClient, log: KeptLog) -> None:
    fill(log)
    page = client.get("/log").text
    for said in ("张三", "10.0.0.7", "第2个问题", "提问", "user:1", log.chain.page(Chosen(), 1, 1)[0].hash):  # fmt: skip
        assert said in page
    assert "<script>alert" not in page
    assert "${1}" not in page
    assert "共 5 条：提问 3 · 查看日志 1 · 入库 1" in page


def test_looking_and_exporting_are_entries(client: TestClient, log: KeptLog) -> None:
    fill(log)
    client.get("/log", params={"who": "张"})
    client.get("/log.csv")
    client.post("/log/verify")
    found = [
        (e.record.who, e.record.deed, e.record.on) for e in log.chain.all(Chosen(who="user:9"))
    ]
    assert found == [
        ("user:9", "read log", ""),
        ("user:9", "export log", "csv"),
        ("user:9", "read log", "verify"),
    ]


@pytest.mark.parametrize(
    ("given", "count"),
    [
        ({"who": "张"}, 3),
        ({"who": "user:2"}, 1),
        ({"deed": "upload"}, 1),
        ({"document": "doc7"}, 1),
        ({"result": "failed"}, 1),
        ({"from": "2199-01-01"}, 0),
        ({"to": "2001-01-01"}, 0),
        ({"who": HOSTILE}, 1),
        ({"deed": "ask", "who": "user:2"}, 0),
    ],
)
def test_filters_choose_for_page_and_files(
    client: TestClient, log: KeptLog, given: dict[str, str], count: int
) -> None:
    fill(log)
    params = {k: v.replace("\ud800", "\ufffd").replace("\0", "\ufffd") for k, v in given.items()}
    assert shown(client.get("/log", params=params).text) == count
    assert len(client.get("/log.jsonl", params=params).text.splitlines()) == count


def test_what_is_no_day_is_said(client: TestClient) -> None:
    for path in ("/log", "/log.csv"):
        answer = client.get(path, params={"from": "昨天"})
        assert answer.status_code == 400
        assert "不是日期" in answer.text


def test_long_logs_have_pages(client: TestClient, log: KeptLog) -> None:
    fill(log, PAGE + 20)
    first, second = client.get("/log?deed=ask").text, client.get("/log?deed=ask&page=2").text
    assert (shown(first), shown(second)) == (PAGE, 20)
    assert 'href="/log?deed=ask&amp;page=2"' in first
    assert shown(client.get("/log?page=99999&deed=ask").text) == 20


def test_the_check_shows_the_head_and_finds_a_cut(client: TestClient, log: KeptLog) -> None:
    fill(log)
    head = str(log.chain.head())
    page = client.post("/log/verify", data={"head": head}).text
    assert "日志完整：4 条前后相连" in page
    assert head in page
    page = client.post("/log/verify", data={"head": f"900:{'a' * 64}"}).text
    assert "末尾被截断" in page


@pytest.mark.parametrize("role", [role for role in ROLES if role != "审计"])
def test_nobody_but_an_auditor_gets_it(index: PolicyIndex, log: KeptLog, role: Any) -> None:
    fill(log)
    other = Person("user:3", "li", "李四", roles=frozenset({role}))
    client = site_of(index, log, other)
    before = log.chain.head().number
    for path in ADDRESSES:
        answer = client.get(path)
        assert (answer.status_code, answer.json()) == (404, {"detail": "没有这个地址。"})
        assert not may_open(other, path.partition("?")[0])
    assert client.post("/log/verify").status_code == 404
    tried = [e.record for e in log.chain.all(Chosen()) if e.number > before]
    assert len(tried) == len(ADDRESSES) + 1
    assert {(r.who, r.deed, r.result) for r in tried} == {("user:3", "refused", "refused")}
    assert "/log" not in [page.path for page in pages_of(other)]
    assert "/log" in [page.path for page in pages_of(AUDITOR)]


def test_who_works_alone_gets_it_when_there_is_one(index: PolicyIndex, log: KeptLog) -> None:
    assert site_of(index, log, alone("browser:x")).get("/log").status_code == 200
    for path in ADDRESSES:
        assert site_of(index, NoLog(), alone("browser:x")).get(path).status_code == 404


def test_what_is_refused_is_kept_and_a_flood_is_counted(
    client: TestClient, log: KeptLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refusals, "MOST", 3)
    for _ in range(10):
        client.get("/forbidden")
    monkeypatch.setattr(refusals, "MOST", 100)
    client.get("/forbidden")
    entries = list(log.chain.all(Chosen(deed="refused")))
    assert [(e.record.who, e.record.on, e.record.result) for e in entries] == [
        ("user:9", "/forbidden", "refused")
    ] * 4
    assert entries[-1].record.details["left_out"] == 7


def test_another_website_is_refused_and_noted(log: KeptLog) -> None:
    site = FastAPI()
    site.add_middleware(Guard, rules=Rules((), 10**6, 10**6, {}), refused=Refused(log))
    client = TestClient(site, base_url="http://127.0.0.1")
    headers = {"Origin": "http://evil.example"}
    assert client.post("/proposals", headers=headers).status_code == 403
    (entry,) = log.chain.all(Chosen())
    assert (entry.record.deed, entry.record.on) == ("refused", "/proposals")
    assert re.fullmatch(r"browser:[0-9a-f]{16}", entry.record.who)
