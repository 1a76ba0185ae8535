"""Tools for models of other programs, called by the protocol's own client."""

import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

import anyio
import httpx
import httpx2
import pytest
from jsonschema import Draft202012Validator
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError

from assistant.api.tools import resources
from assistant.api.tools.table import ROWS
from assistant.chat import Assistant
from assistant.find.reading import LexicalReader
from assistant.people.audit_log import NotLogged
from assistant.people.log import Entry
from assistant.people.viewer import LOCAL
from assistant.settings import AnswerSettings, ApiSettings
from tests.apart import run_apart
from tests.assistant.api.forms.conftest import QUESTION, Citations, Endless, Office
from tests.attack.conftest import Site
from tests.conftest import MODELS, ROOT
from vectorstore.index import PolicyIndex
from vectorstore.library import Library

NAMES = ["search", "ask", "get_passage", "get_document", "facts", "compare", "check_text"]
WATER = "松政规〔2022〕3号"
_SAID = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "x", "version": "1"}}  # fmt: skip
_BEGIN = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": _SAID}


@asynccontextmanager
async def calling(site: Site, key: str = "", mode: Any = "auto") -> AsyncIterator[Client]:
    headers = {"authorization": f"Bearer {key}"} if key else {}
    http = httpx2.AsyncClient(headers=headers, trust_env=False, timeout=60)
    transport = streamable_http_client(f"{site.address}/mcp", http_client=http)
    async with http, Client(transport, mode=mode) as client:
        yield client


async def result(client: Client, name: str, **given: Any) -> dict[str, Any]:
    answer = await client.call_tool(name, given)
    assert not answer.is_error, answer.content
    assert answer.structured_content is not None
    assert json.loads(answer.content[0].text) == answer.structured_content  # type: ignore[union-attr]
    return answer.structured_content


async def complaint(client: Client, name: str, **given: Any) -> str:
    answer = await client.call_tool(name, given)
    assert answer.is_error
    return str(answer.content[0].text)  # type: ignore[union-attr]


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_tools_are_listed_with_schemas_and_answer_by_them(called: Site, mode: str) -> None:
    async def scenario() -> None:
        async with calling(called, mode=mode) as client:
            tools = {tool.name: tool for tool in (await client.list_tools()).tools}
            assert list(tools) == NAMES
            found = await result(client, "search", question=QUESTION, limit=2)
            assert len(found["hits"]) == 2
            hit = found["hits"][0]
            given: dict[str, dict[str, Any]] = {
                "search": {"question": QUESTION},
                "ask": {"question": QUESTION, "scope": {"regions": ["云岭省"]}},
                "get_passage": {"passage_id": hit["passage_id"]},
                "get_document": {"document": WATER, "length": 50},
                "facts": {"word": "养老", "limit": 3},
                "compare": {"old": hit["document_id"], "new": WATER, "limit": 2},
                "check_text": {"text": "《松湖县节约用水管理办法》（松政规〔2021〕3号）"},
            }
            for name, tool in tools.items():
                assert tool.annotations
                assert tool.annotations.read_only_hint
                Draft202012Validator(tool.input_schema).validate(given[name])
                content = await result(client, name, **given[name])
                assert tool.output_schema
                Draft202012Validator(tool.output_schema).validate(content)

    run_apart(scenario())


def test_an_answer_cites_what_the_command_line_cites(called: Site, citations: Citations) -> None:
    asked = "青禾市2025年底前要建成老年助餐点多少个？"  # of no other test: nothing is remembered

    async def scenario() -> None:
        async with calling(called) as client:
            heard: list[str] = []

            async def hear(progress: float, total: float | None, message: str | None) -> None:
                heard.append(message or "")

            answer = await client.call_tool("ask", {"question": asked}, progress_callback=hear)
            content = answer.structured_content or {}
            assert content["citations"] == json.loads(json.dumps(citations(asked)))
            assert content["label"] == "原文摘录"
            assert {"检索", "阅读"} <= set(heard)
            leaning = await result(
                client, "ask", question="每餐补贴多少？",
                earlier=["青禾市到2025年底要建成多少个老年助餐点？"],
            )  # fmt: skip
            assert "2元" in leaning["answer"]

    run_apart(scenario())


def test_what_tools_give_stands_in_the_source(called: Site) -> None:
    async def scenario() -> None:
        async with calling(called) as client:
            document = await result(client, "get_document", document=WATER, length=0)
            assert (document["text"], document["state"]) == ("", "现行有效")
            text, at = "", 0
            while at < document["length"]:
                part = await result(client, "get_document", document=WATER, start=at, length=300)
                text, at = text + part["text"], part["end"]
            whole = await client.read_resource(f"policy://documents/{document['document_id']}")
            assert whole.contents[0].text == text  # type: ignore[union-attr]
            hit = (await result(client, "search", question="节约用水", limit=1))["hits"][0]
            passage = await result(client, "get_passage", passage_id=hit["passage_id"])
            assert passage["text"] == hit["text"]
            beside = passage["next"] or passage["previous"]
            assert (await result(client, "get_passage", passage_id=beside))["document_id"] == passage["document_id"]  # fmt: skip
            read = await client.read_resource(f"policy://passages/{hit['passage_id']}")
            assert read.contents[0].text == passage["text"]  # type: ignore[union-attr]
            facts = await result(client, "facts", word="养老", limit=2)
            second = await result(client, "facts", word="养老", limit=1, offset=1)
            assert second["facts"] == facts["facts"][1:]
            assert facts["count"] == second["count"] > 2
            days = [f["since"] for f in (await result(client, "facts", kind="validity"))["facts"]]
            assert any(day and date.fromisoformat(day) for day in days)
            rows = await result(client, "compare", old=WATER, new=hit["document_id"]) if hit["document_id"] != document["document_id"] else None  # fmt: skip
            assert rows is None or rows["total"] >= len(rows["rows"])

    run_apart(scenario())


def test_what_is_wrong_is_said_to_the_model(called: Site) -> None:
    async def scenario() -> None:
        async with calling(called) as client:
            assert "question" in await complaint(client, "ask")
            assert "nope" in await complaint(client, "facts", nope=1)
            assert "limit" in await complaint(client, "search", question="问", limit=1000)
            assert "2025-2027" in await complaint(client, "facts", year="明年")
            assert "没有这个段落" in await complaint(client, "get_passage", passage_id="x")
            assert "资料库里没有" in await complaint(client, "get_document", document="无此文件")
            assert "同一份文件" in await complaint(client, "compare", old=WATER, new=WATER)
            assert "没有可核对的文字" in await complaint(client, "check_text", text=" ")
            with pytest.raises(MCPError):
                await client.call_tool("rm", {})
            for address in ("policy://documents/x", "policy://passages/x", "file:///etc/passwd"):
                with pytest.raises(MCPError):
                    await client.read_resource(address)
            with pytest.raises(MCPError):
                await client.list_resources(cursor="x" * 200)

    run_apart(scenario())


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_call_that_is_cancelled_stops_the_work(called: Site, endless: Endless, mode: str) -> None:
    async def scenario() -> None:
        async with calling(called, mode=mode) as client:
            with anyio.move_on_after(2):
                await client.call_tool("ask", {"question": QUESTION})
            assert endless.begun.is_set()
            with anyio.fail_after(10):
                while not endless.stopped.is_set():
                    await anyio.sleep(0.05)

    run_apart(scenario())


def test_documents_are_listed_page_by_page(
    filled: PolicyIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resources, "PAGE", 3)
    reader = LexicalReader(filled.token_weights)
    view = Assistant(Library(filled), reader, 0.3, AnswerSettings()).view(LOCAL)
    first = resources.page(view, None)
    second = resources.page(view, first.next_cursor)
    assert [len(first.resources), len(second.resources)] == [3, 1]
    assert second.next_cursor is None
    listed = {r.name for r in (*first.resources, *second.resources)}
    assert listed == {d.id for d in view.documents()}


# --- who calls ------------------------------------------------------------------------------------


def test_a_key_opens_what_it_is_for(office: Office) -> None:
    async def scenario() -> None:
        async with calling(office.site, office.key("甲", "search")) as client:
            assert [t.name for t in (await client.list_tools()).tools] == ["search"]  # fmt: skip
            before = len(office.log.entries)
            assert "ask" in await complaint(client, "ask", question=QUESTION)
            (entry,) = office.log.entries[before:]
            assert (entry.deed, entry.on, entry.result) == ("call", "ask", "refused")
            assert (await client.list_resources()).resources == []
            with pytest.raises(MCPError):
                await client.read_resource(f"policy://documents/{office.hidden}")
        for key in ("", "none"):
            with pytest.raises(BaseExceptionGroup) as found:
                async with calling(office.site, key) as client:
                    await client.list_tools()
            assert found.value.subgroup(MCPError)
            with office.site.client() as http:
                headers = {"authorization": f"Bearer {key}"} if key else {}
                answer = http.post("/mcp", json=_BEGIN, headers=headers)
            assert answer.status_code == 401
            assert answer.headers["www-authenticate"] == "Bearer"

    run_apart(scenario())


def test_a_session_is_of_one_key(office: Office) -> None:
    """Whoever learns of another's session is told what they would be told of none."""
    tools = {"jsonrpc": "2.0", "id": 2, "method": "tools/list"}
    usual = {"accept": "application/json, text/event-stream"}
    own, other = ({"authorization": f"Bearer {office.key(login)}"} for login in ("甲", "乙"))
    with office.site.client(headers=usual) as http:
        session = http.post("/mcp", json=_BEGIN, headers=own).headers["mcp-session-id"]
        of = {"mcp-session-id": session, "mcp-protocol-version": "2025-06-18"}
        assert http.post("/mcp", json=tools, headers=own | of).status_code == 200
        answers = [http.post("/mcp", json=tools, headers=other | of),
                   http.post("/mcp", json=tools, headers=other | of | {"mcp-session-id": "0" * 32})]  # fmt: skip
        assert [a.status_code for a in answers] == [404, 404]
        assert answers[0].text == answers[1].text
        secret = office.key("甲")
        key = next(k for k in office.people.keys.of(office.persons["甲"]) if k.id[4:] in secret)
        revoked = {"authorization": f"Bearer {secret}"}
        session = http.post("/mcp", json=_BEGIN, headers=revoked).headers["mcp-session-id"]
        office.people.keys.revoke(key.id)
        of = of | {"mcp-session-id": session}
        assert http.post("/mcp", json=tools, headers=revoked | of).status_code == 401


def test_one_key_takes_no_room_from_others(office: Office) -> None:
    """When it has as many sessions as it may, the one it used longest ago ends; all of it is in
    the log."""
    most = ApiSettings().sessions
    usual = {"accept": "application/json, text/event-stream"}
    tools = {"jsonrpc": "2.0", "id": 2, "method": "tools/list"}
    own, other = ({"authorization": f"Bearer {office.key(login)}"} for login in ("甲", "乙"))
    with office.site.client(headers=usual) as http:

        def begun(headers: dict[str, str]) -> str:
            return http.post("/mcp", json=_BEGIN, headers=headers).headers["mcp-session-id"]

        def status(headers: dict[str, str], session: str) -> int:
            of = {"mcp-session-id": session, "mcp-protocol-version": "2025-06-18"}
            return http.post("/mcp", json=tools, headers=headers | of).status_code

        foreign, before = begun(other), len(office.log.entries)
        sessions = [begun(own) for _ in range(most)]
        assert status(own, sessions[0]) == 200  # used, so not the next to go
        sessions.append(begun(own))
        assert [status(own, s) for s in sessions[:3]] == [200, 404, 200]
        assert status(other, foreign) == 200
        assert http.delete("/mcp", headers=own | {"mcp-session-id": sessions[2]}).status_code == 200
        begun(own)  # in the place of the one that its client ended
        assert status(own, sessions[3]) == 200
        noted = [e.on for e in office.log.entries[before:] if e.on.endswith("session")]
        assert (noted.count("begin session"), noted.count("end session")) == (most + 2, 1)


def test_a_session_is_not_begun_where_it_cannot_be_logged(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Entry) -> None:
        raise NotLogged("磁盘已满")

    monkeypatch.setattr(office.log, "record", full)
    headers = {"accept": "application/json, text/event-stream",
               "authorization": f"Bearer {office.key('甲')}"}  # fmt: skip
    with office.site.client(headers=headers) as http:
        answer = http.post("/mcp", json=_BEGIN)
    assert (answer.status_code, "mcp-session-id" in answer.headers) == (503, False)
    assert "磁盘已满" in answer.json()["error"]["message"]


def test_what_the_owner_of_a_key_does_not_see_does_not_exist(office: Office) -> None:
    async def everything(login: str) -> tuple[str, list[str]]:
        async with calling(office.site, office.key(login)) as client:
            told = [str(await client.list_resources())]
            for name, given in (
                ("search", {"question": QUESTION}),
                ("ask", {"question": QUESTION}),
                ("facts", {"word": "养老"}),
                ("facts", {"document": office.hidden}),
                ("check_text", {"text": "《青禾市社区养老服务提升行动方案》覆盖率达到99%。"}),
            ):
                told.append(str((await client.call_tool(name, given)).structured_content))
            said = [
                str((await client.call_tool(name, given)).content)
                for name, given in (
                    ("get_document", {"document": office.hidden}),
                    ("get_passage", {"passage_id": f"{office.hidden}-0002"}),
                    ("compare", {"old": office.hidden, "new": WATER}),
                )
            ]
            return "".join(told), said

    async def scenario() -> None:
        seen, _ = await everything("甲")
        assert office.hidden in seen
        unseen, said = await everything("乙")
        for text in (unseen, *said):
            assert "社区养老服务设施覆盖率" not in text
        assert office.hidden not in unseen
        assert "资料库里没有" in said[0]
        async with calling(office.site, office.key("乙")) as client:
            errors = set()
            for identifier in (office.hidden, "0" * 16):
                with pytest.raises(MCPError) as found:
                    await client.read_resource(f"policy://documents/{identifier}")
                errors.add(str(found.value))
            assert len(errors) == 1

    run_apart(scenario())


def test_each_call_is_in_the_log(office: Office) -> None:
    owner, expected = office.persons["甲"], {
        "search": ["call", "search"],
        "ask": ["call", "ask", "answer"],
        "get_document": ["call", "open document"],
        "facts": ["call", "search"],
        "compare": ["call", "open document", "open document"],
        "check_text": ["call", "audit text"],
    }  # fmt: skip
    given: dict[str, dict[str, Any]] = {
        "search": {"question": QUESTION}, "ask": {"question": QUESTION},
        "get_document": {"document": WATER}, "facts": {}, "check_text": {"text": "秘密的草稿"},
        "compare": {"old": office.hidden, "new": WATER},
    }  # fmt: skip

    async def scenario() -> None:
        async with calling(office.site, office.key("甲")) as client:
            for name, deeds in expected.items():
                before = len(office.log.entries)
                await result(client, name, **given[name])
                entries = office.log.entries[before:]
                assert [e.deed for e in entries] == deeds
                assert {e.who for e in entries} == {owner}
                assert all(e.details["key"] for e in entries)
                assert entries[0].on == name
                assert "秘密" not in str(entries)

    run_apart(scenario())


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "evil.example"}, 421),
        ({"origin": "http://evil.example"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"origin": "null"}, 403),
    ],
)
def test_pages_of_other_websites_reach_no_tool(
    called: Site, headers: dict[str, str], status: int
) -> None:
    body = _BEGIN
    accept = {"accept": "application/json, text/event-stream"}
    with called.client() as http:
        assert http.post("/mcp", json=body, headers=accept).status_code == 200
        assert http.post("/mcp", json=body, headers=accept | headers).status_code == status
        asking = {"access-control-request-method": "POST", "origin": "http://evil.example"}
        preflight = http.options("/mcp", headers=asking)
        assert "access-control-allow-origin" not in preflight.headers


def test_no_body_is_too_strange(called: Site) -> None:
    headers = {"accept": "application/json, text/event-stream", "content-type": "application/json"}
    with called.client() as http:
        for body in (b"", b"{", b"[]", b"null", b'{"jsonrpc":"2.0","id":1,"method":"tools/call"}',
                     b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":5}}',
                     b"[" * 10_000):  # fmt: skip
            answer: httpx.Response = http.post("/mcp", content=body, headers=headers)
            assert answer.status_code < 500


def test_every_tool_has_one_name_and_a_documented_page() -> None:
    assert [row.name for row in ROWS] == NAMES
    page = (ROOT / "docs" / "mcp.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in page for name in NAMES)


# --- over standard input --------------------------------------------------------------------------


@pytest.mark.model
def test_the_command_serves_a_client_over_standard_input(tmp_path: Path) -> None:
    own = {"POLICY_DATA_DIR": str(tmp_path / "data"), "POLICY_MODEL_DIR": str(MODELS)}
    environment = {**os.environ, **own}
    corpus = [str(file) for file in sorted((ROOT / "corpus").glob("*.txt"))]
    run = {"cwd": ROOT, "env": environment, "capture_output": True, "timeout": 300}
    subprocess.run([sys.executable, "-m", "ingest", *corpus], check=True, **run)  # type: ignore[call-overload]
    told = subprocess.run(
        [sys.executable, "-m", "assistant", "ask", QUESTION, "--json"], check=True, **run
    )  # type: ignore[call-overload]
    expected = json.loads(told.stdout)
    assert expected["citations"]

    async def scenario() -> None:
        server = StdioServerParameters(
            command=sys.executable, args=["-m", "assistant", "mcp"], env=environment, cwd=ROOT
        )
        async with Client(stdio_client(server)) as client:
            assert [tool.name for tool in (await client.list_tools()).tools] == NAMES
            answer = await result(client, "ask", question=QUESTION)
            assert answer["citations"] == expected["citations"]
            assert answer["answer"] == expected["answer"]
            assert len((await client.list_resources()).resources) == len(corpus)

    run_apart(scenario())
