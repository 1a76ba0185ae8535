"""/v1/chat/completions and /v1/models: the assistant for whatever speaks OpenAI's interface.

Text is sent when it has been checked, sentence by sentence: what a chat tool has shown cannot be
taken back. Until then a stream carries comments that say what is being done.
"""

import asyncio
import json
import secrets
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from assistant.answers.answer import Answer
from assistant.api.access import Access, NotOpen
from assistant.api.messages import MODES, Completion, Unfit, read, turns_of
from assistant.api.problems import GONE, openai_error, status_of, waiting
from assistant.api.saying import Said, said
from assistant.chat import Request as Asked
from assistant.chat import check_turns
from assistant.events import Event, Progress, Stage, Stopped
from assistant.failing import ticketed
from assistant.noting import note_answer
from assistant.people.viewer import owner_of, person_of, viewer_of, who_of
from assistant.queueing import Asker, Crowded, Done, Place, WaitingLine
from assistant.services import Services
from assistant.tokens import count_tokens
from vectorstore.errors import PolicyError

_OWNER = "policy-corpus-assistant"
_CODES: dict[type[Exception], str] = {
    NotOpen: "not_allowed", Crowded: "crowded", Stopped: "stopped",
}  # fmt: skip
Events = AsyncGenerator[Place | Event | Done[Answer], None]


def add_completion_routes(
    site: FastAPI, services: Services, line: WaitingLine, access: Access
) -> None:
    form = _Form(services, line, access)
    options: dict[str, Any] = {"include_in_schema": False}
    site.add_api_route("/v1/models", form.models, methods=["GET"], **options)
    site.add_api_route("/v1/models/{name}", form.model, methods=["GET"], **options)
    site.add_api_route("/v1/chat/completions", form.create, methods=["POST"], **options)


@dataclass(frozen=True)
class _Form:
    """The three addresses over one set of services."""

    services: Services
    line: WaitingLine
    access: Access
    began: int = field(default_factory=lambda: int(time.time()))

    @property
    def names(self) -> list[str]:
        """Models that can be asked for: the one that writes only where one is set up."""
        has_model = self.services.assistant.model is not None
        return [name for name, mode in MODES.items() if mode != "model" or has_model]

    def models(self, request: Request) -> Response:
        try:
            self.access.require(request, "ask", "list models")
        except PolicyError as error:
            return _failed(error, self.access)
        return JSONResponse({"object": "list", "data": [self._model(n) for n in self.names]})

    def model(self, request: Request, name: str) -> Response:
        try:
            self.access.require(request, "ask", "list models")
        except PolicyError as error:
            return _failed(error, self.access)
        if name not in self.names:
            said = f"没有名为“{name[:80]}”的模型。No such model."
            content = openai_error(said, 404, code="model_not_found", param="model")
            return JSONResponse(content, 404)
        return JSONResponse(self._model(name))

    def _model(self, name: str) -> dict[str, Any]:
        return {"id": name, "object": "model", "created": self.began, "owned_by": _OWNER}

    async def create(self, request: Request) -> Response:
        """One answer. What can be refused is refused before a stream begins."""
        events: Events | None = None
        try:
            await asyncio.to_thread(self.access.require, request, "ask", "chat completion")
            asked = read(await request.body(), self.names)
            turns = turns_of(asked, limit := self.services.assistant.settings.max_question)
            _require_question(turns, limit)
            events = self._events(request, asked, turns)
            first = await anext(events)
            written = _Written(request, asked, self._label, self.access)
            if asked.stream:
                return StreamingResponse(
                    _stream(first, events, written),
                    media_type="text/event-stream",
                    headers={"X-Accel-Buffering": "no"},
                )
            return await _whole(request, first, events, written)
        except Exception as error:  # the edge: every failure has OpenAI's form
            if events is not None:
                await events.aclose()
            return _failed(error, self.access)

    @property
    def _label(self) -> bool:
        return self.services.desk.settings.ai_label

    def _events(self, request: Request, asked: Completion, turns: tuple[str, ...]) -> Events:
        """Its place in the line, what is being done, and the answer."""
        viewer, person, who = viewer_of(request), person_of(request), who_of(request)

        def work(progress: Progress) -> Answer:
            whole = Asked(turns, viewer, date.today(), mode=asked.mode, progress=progress)
            answer = self.services.recording.ask(who, whole)
            note_answer(self.services.assistant, person, turns, answer)
            return answer

        # A program may ask several things at once, each as if on a page of its own.
        return self.line.run(Asker(owner_of(request), secrets.token_hex(8)), work)


class _Written:
    """An answer in OpenAI's form: the whole of it, or chunk by chunk."""

    def __init__(self, request: Request, asked: Completion, with_label: bool, access: Access):
        self.asked, self.with_label, self.access = asked, with_label, access
        self.site = str(request.base_url).rstrip("/")
        self.base = {
            "id": f"chatcmpl-{secrets.token_hex(12)}",
            "created": int(time.time()),
            "model": asked.model,
        }

    def said(self, answer: Answer) -> Said:
        return said(answer, self.site, with_label=self.with_label)

    def usage(self, text: str) -> dict[str, int]:
        """Counted with cl100k_base, as an estimate: extracts cost no tokens."""
        asked = sum(count_tokens(message.text) for message in self.asked.messages)
        written = count_tokens(text)
        return {
            "prompt_tokens": asked,
            "completion_tokens": written,
            "total_tokens": asked + written,
        }

    def whole(self, answer: Answer) -> dict[str, Any]:
        told = self.said(answer)
        message = {
            "role": "assistant",
            "content": told.text,
            "refusal": None,
            "annotations": told.annotations,
            "citations": told.citations,
        }
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
        return {**self.base, "object": "chat.completion", "choices": [choice],
                "usage": self.usage(told.text)}  # fmt: skip

    def chunk(self, delta: dict[str, Any], finish: str | None = None, **more: Any) -> str:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return self._line({"choices": [choice], **more})

    def chunks(self, answer: Answer) -> list[str]:
        """The text, then a chunk that ends it with the sources, then what was counted."""
        told = self.said(answer)
        lines = [self.chunk({"content": piece}) for piece in told.pieces()]
        sources = {"annotations": told.annotations} if told.annotations else {}
        lines.append(self.chunk(sources, "stop", citations=told.citations))
        if self.asked.wants_usage:
            lines.append(self._line({"choices": [], "usage": self.usage(told.text)}))
        return lines

    def _line(self, content: dict[str, Any]) -> str:
        return _data({**self.base, "object": "chat.completion.chunk", **content})


async def _stream(
    first: Place | Event | Done[Answer], events: Events, written: _Written
) -> AsyncGenerator[str, None]:
    """Server-sent events. When the caller hangs up, what is asked leaves the line or stops."""
    async with aclosing(events):
        yield written.chunk({"role": "assistant", "content": ""})
        try:
            event = first
            while not isinstance(event, Done):
                yield f": {_doing(event)}\n\n"
                event = await anext(events)
            for line in await asyncio.to_thread(written.chunks, event.value):
                yield line
        except Exception as error:  # the edge: the status is sent already
            yield _data(_content(error, written.access))
        yield "data: [DONE]\n\n"


def _doing(event: Place | Event) -> str:
    if isinstance(event, Place):
        return f"排队中，前面还有 {event.ahead} 个"
    return event.name if isinstance(event, Stage) else "…"


async def _whole(
    request: Request, first: Place | Event | Done[Answer], events: Events, written: _Written
) -> Response:
    """The whole answer; the work is stopped when the caller hangs up before it is there."""
    gone = asyncio.create_task(_hung_up(request))
    found = asyncio.create_task(_answer(first, events))
    try:
        await asyncio.wait((gone, found), return_when=asyncio.FIRST_COMPLETED)
        if not found.done():
            return Response(status_code=GONE)
        content = await asyncio.to_thread(written.whole, found.result())
        return JSONResponse(content)
    finally:
        gone.cancel()
        found.cancel()


async def _answer(first: Place | Event | Done[Answer], events: Events) -> Answer:
    async with aclosing(events):
        event = first
        while not isinstance(event, Done):
            event = await anext(events)
        return event.value


async def _hung_up(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        continue


# --- errors ---------------------------------------------------------------------------------------


def _require_question(turns: tuple[str, ...], limit: int) -> None:
    try:
        check_turns(turns, limit)
    except PolicyError as error:
        raise Unfit(str(error), param="messages") from error


def _failed(error: Exception, access: Access) -> Response:
    status = error.status if isinstance(error, Unfit) else status_of(error)
    return JSONResponse(_content(error, access), status, waiting(status))


def _content(error: Exception, access: Access) -> dict[str, Any]:
    if isinstance(error, Unfit):
        return openai_error(str(error), error.status, code=error.code, param=error.param)
    status, code = status_of(error), _CODES.get(type(error))
    if isinstance(error, PolicyError):
        zh, en = access.said(error)
        return openai_error(zh if en == zh else f"{zh}{en}", status, code=code)
    if isinstance(error, Stopped):
        return openai_error("已停止。Stopped.", status, code=code)
    ticket = ticketed("a chat completion failed", error)
    return openai_error(f"回答时出错，可以再问一次；日志编号 {ticket}。Failed.", status)


def _data(content: dict[str, Any]) -> str:
    return f"data: {json.dumps(content, ensure_ascii=False)}\n\n"
