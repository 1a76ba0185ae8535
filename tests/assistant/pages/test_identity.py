"""Who a request is from, apart from the site around it."""

import asyncio
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from assistant.pages.allowed import first_page, may_open, pages_of
from assistant.pages.identity import Identity, Visitor
from assistant.pages.login import browser_name, own_path
from assistant.people.person import NOBODY, Person
from assistant.people.viewer import HOME
from tests.apart import run_apart

READER = Person("user:1", "reader", "读者", roles=frozenset({"查阅"}))


async def drip(scope: Scope, receive: Receive, send: Send) -> None:
    """A stream that goes on for longer than anybody waits."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    for _ in range(500):
        await send({"type": "http.response.body", "body": b"x", "more_body": True})
        await asyncio.sleep(0.001)
    await send({"type": "http.response.body", "body": b""})


@pytest.mark.parametrize(
    ("path", "ends"), [("/gradio_api/queue/data", True), ("/gradio_api/heartbeat/x", False)]
)
def test_a_stream_ends_with_its_session(
    monkeypatch: pytest.MonkeyPatch, path: str, ends: bool
) -> None:
    monkeypatch.setattr("assistant.pages.identity._LOOK", 0.02)
    asked = 0

    def find(_: Scope) -> Visitor:
        nonlocal asked
        asked += 1
        return Visitor(READER) if asked < 4 else Visitor()

    app = Identity(drip, find)
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request"}

    scope = {"type": "http", "path": path, "method": "GET", "headers": []}
    run_apart(app(scope, receive, send))
    assert not sent[-1].get("more_body")
    assert sum(not message.get("more_body", False) for message in sent[1:]) == 1
    assert (len(sent) < 502) is ends


@pytest.mark.parametrize(
    "wanted",
    ["//x", "/\\x", "\\x", "https://x", "x", "", "/a b", "/a\nb", "/login", "/登录", "/" * 2],
)
def test_only_own_paths_are_gone_on_to(wanted: str) -> None:
    assert own_path(wanted) == ""


@pytest.mark.parametrize(
    "wanted", ["/", "/facts?word=%E6%B0%B4&page=2", "/documents/a?start=1#here"]
)
def test_own_paths_are(wanted: str) -> None:
    assert own_path(wanted) == wanted


def test_whoever_is_alone_opens_all_and_nobody_nothing() -> None:
    assert pages_of(NOBODY) == []
    assert first_page(NOBODY) == "/account"
    assert [page.path for page in pages_of(HOME)][:5] == [
        "/",
        "/library",
        "/facts",
        "/draft",
        "/audit",
    ]
    assert first_page(READER) == "/"
    for path in (
        "/facts",
        "/facts/",
        "/facts/indicator",
        "/facts.xlsx",
        "/documents/x",
        "//library",
        "/",
    ):
        assert may_open(READER, path)
        assert not may_open(NOBODY, path)
    assert may_open(READER, "/proposals")
    assert not may_open(READER, "/proposals/undo", "POST")
    assert not may_open(READER, "/drafts/x/review.docx")


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64) AppleWebKit/537.36 Chrome/120 Safari/537.36 Edg/120", "Edge Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0", "Firefox Linux"),
        ("curl/8.0", "curl/8.0"), ("", "—"),
    ],
)  # fmt: skip
def test_browsers_have_the_names_that_people_call_them(agent: str, name: str) -> None:
    assert browser_name(agent) == name
