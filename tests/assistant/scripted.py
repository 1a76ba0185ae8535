"""A scripted OpenAI-compatible server on loopback, for real HTTP in tests."""

import asyncio
import json
import re
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route


@dataclass
class Script:
    """What the server says to one request. `text` may be made from the request's body."""

    text: str | Callable[[dict[str, Any]], str] = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    error: str = "no"
    wait: float = 0.0  # before the first piece
    together: int = 0  # no piece before so many requests have come
    between: float = 0.0
    stall_after: int | None = None  # pieces, then silence
    cut_after: int | None = None  # pieces, then the connection breaks
    broken: bool = False  # not JSON
    reasoning: str = ""  # sent as reasoning_content


@dataclass
class Server:
    """Requests as they came, and what to say: `scripts` in turn, the last again and again."""

    base_url: str
    scripts: list[Script]
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    ended_early: threading.Event = field(default_factory=threading.Event)

    def prompt(self, number: int = -1) -> str:
        """System and user message of a request, joined."""
        return "\n".join(message["content"] for message in self.requests[number]["messages"])


def passages_in(body: dict[str, Any]) -> dict[int, str]:
    """Numbered passages of a request."""
    text = body["messages"][-1]["content"]
    found = re.findall(r'<资料 编号="(\d+)"[^>]*>\n(.*?)\n</资料>', text, re.DOTALL)
    return {int(number): passage for number, passage in found}


def number_of(body: dict[str, Any], words: str) -> int:
    """The number of the passage that holds some words."""
    return next(number for number, text in passages_in(body).items() if words in text)


@contextmanager
def serve(*scripts: Script) -> Iterator[Server]:
    """Runs the server while the block runs."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    state = Server(f"http://127.0.0.1:{listener.getsockname()[1]}/v1", list(scripts))

    async def completions(request: Request) -> Response:
        body = await request.json()
        state.requests.append(body)
        state.headers.append(dict(request.headers))
        script = state.scripts.pop(0) if len(state.scripts) > 1 else state.scripts[0]
        if script.status != 200:
            return JSONResponse(
                {"error": {"message": script.error, "type": "x", "code": "x"}},
                script.status,
                script.headers,
            )
        return StreamingResponse(_events(script, body, state), media_type="text/event-stream")

    async def models(_: Request) -> Response:
        return JSONResponse(
            {
                "object": "list",
                "data": [{"id": "scripted", "object": "model", "max_model_len": 8192}],
            }
        )

    app = Starlette(
        routes=[
            Route("/v1/chat/completions", completions, methods=["POST"]),
            Route("/v1/models", models),
        ]
    )
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield state
    finally:
        server.should_exit = server.force_exit = True
        thread.join(5)


async def _events(script: Script, body: dict[str, Any], state: Server) -> AsyncIterator[str]:
    text = script.text(body) if callable(script.text) else script.text
    await asyncio.sleep(script.wait)
    while len(state.requests) < script.together:
        await asyncio.sleep(0.01)
    if script.broken:
        yield "data: {this is not json\n\n"
        return
    finished = False
    try:
        if script.reasoning:
            yield _event({"reasoning_content": script.reasoning})
        for count, piece in enumerate(re.findall(r".{1,4}", text, re.DOTALL)):
            if script.stall_after == count:
                await asyncio.sleep(60)
            if script.cut_after == count:
                raise ConnectionResetError
            yield _event({"content": piece})
            await asyncio.sleep(script.between)
        yield 'data: {"id":"x","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n'
        yield "data: [DONE]\n\n"
        finished = True
    finally:
        if not finished:
            state.ended_early.set()


def _event(delta: dict[str, str]) -> str:
    chunk = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m",
             "choices": [{"index": 0, "delta": {"role": "assistant", **delta}, "finish_reason": None}]}  # fmt: skip
    return f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n"
