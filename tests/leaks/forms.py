"""What chat tools and models of other programs call: OpenAI's form, and every tool over MCP."""

import json
from collections.abc import Iterator
from typing import Any

from starlette.testclient import TestClient

from tests.leaks.office import Made

_CLIENT = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "leaks", "version": "1"}}  # fmt: skip


def messages_about(each: Made) -> Iterator[dict[str, Any]]:
    """Requests for /v1/chat/completions, one of them a question that leans on another."""
    asked = {"role": "user", "content": f"{each.word}县再生水利用量达到多少？"}
    leaning = {"role": "user", "content": "由谁牵头推广？"}
    for stream in (False, True):
        yield {"model": "policy-assistant", "messages": [asked], "stream": stream}
    yield {"model": "policy-assistant-excerpt", "messages": [asked, leaning]}


def tools_about(identifier: str, other: str, each: Made) -> Iterator[tuple[str, dict[str, Any]]]:
    """Method and parameters of messages to the tools, about a document."""
    text = f"《{each.word}县节水行动方案》（{each.word}政发〔2024〕{each.code}号）提出，再生水利用量达到99万吨。"
    calls: dict[str, list[dict[str, Any]]] = {
        "search": [
            {"question": each.inner},
            {"question": "总结一下", "scope": {"document_ids": [identifier]}},
        ],
        "ask": [
            {"question": f"什么是{each.inner}管护制？"},
            {"question": "由谁牵头？", "earlier": [f"{each.word}县有什么任务？"]},
        ],
        "get_passage": [{"passage_id": f"{identifier}-{n:04}"} for n in (1, 3)],
        "get_document": [{"document": identifier}, {"document": f"{each.word}县节水行动方案"}],
        "facts": [{"document": identifier}, {"word": each.inner}, {"place": f"{each.word}县"}],
        "compare": [{"old": identifier, "new": other}],
        "check_text": [{"text": text}],
    }
    for name, several in calls.items():
        for given in several:
            yield "tools/call", {"name": name, "arguments": given}
    yield "tools/list", {}
    yield "resources/list", {}
    yield "resources/list", {"cursor": identifier}
    yield "resources/read", {"uri": f"policy://documents/{identifier}"}
    yield "resources/read", {"uri": f"policy://passages/{identifier}-0003"}


def sent_to_tools(
    client: TestClient, headers: dict[str, str], messages: Iterator[tuple[str, dict[str, Any]]]
) -> Iterator[tuple[str, str, str]]:
    """What was sent, and what came back for it: its method, what was typed, the answer."""
    headers = headers | {"accept": "application/json, text/event-stream"}
    begun = _post(client, headers, "initialize", _CLIENT)
    headers |= {"mcp-session-id": begun.headers["mcp-session-id"], "mcp-protocol-version": "2025-06-18"}  # fmt: skip
    for method, params in messages:
        answer = _post(client, headers, method, params)
        yield method, json.dumps(params, ensure_ascii=False), answer.text


def _post(client: TestClient, headers: dict[str, str], method: str, params: Any) -> Any:
    body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
    answer = client.post("/mcp", json=body, headers=headers)
    assert answer.status_code == 200, answer.text[:300]
    return answer
