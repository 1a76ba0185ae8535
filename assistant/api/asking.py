"""/ask and /search: as the page and the command line ask, for the owner of the key."""

import json
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from assistant.api.access import Access
from assistant.api.calls import Calls
from assistant.api.problems import problem_of, status_of
from assistant.api.requests import AskIn, SearchIn
from assistant.api.rows import hit_row
from assistant.api.schemas import AnswerOut, HitOut
from assistant.chat import Request as Question
from assistant.chat import check_turns
from assistant.events import Delta, Event, Progress, Stage, Stopped
from assistant.labelling import producer_of
from assistant.noting import note_answer
from assistant.people.languages import is_english
from assistant.people.person import Person
from assistant.people.viewer import entry_of, who_of
from assistant.queueing import Done, Place
from vectorstore.errors import PolicyError
from vectorstore.files.surrogates import whole

SSE = "text/event-stream"
Work = Callable[[Progress], dict[str, Any]]
Happened = Place | Event | Done[dict[str, Any]]
_EVENTS = (
    "stream 为 true 时是 text/event-stream：event 依次为 place（排队）、stage（步骤）、delta（生成的文字，"
    "未经核对）、answer（data 是完整的回答，与不逐步时相同）；出错时是 problem。断开连接就停止。"
)


def add_asking(router: APIRouter, calls: Calls) -> None:
    asks, searches = calls.access.needs("ask"), calls.access.needs("search")

    @router.post(
        "/ask", name="ask", summary="提问", description=_EVENTS, response_model=AnswerOut,
        responses={200: {"content": {SSE: {"schema": {"type": "string"}}}}}, tags=["问答"],
    )  # fmt: skip
    async def ask(
        request: Request, asked: AskIn, person: Annotated[Person, Depends(asks)]
    ) -> Response:
        check_turns(asked.all_turns, calls.assistant.settings.max_question)
        work = answering(calls, request, person, asked)
        if not asked.stream:
            return JSONResponse(await calls.in_line(request, work))
        events = calls.events(request, work)
        first = await anext(events)  # what cannot begin is answered with its status
        return StreamingResponse(_sent(request, calls.access, first, events), media_type=SSE)

    @router.post(
        "/search", name="search", summary="检索段落", response_model=list[HitOut], tags=["问答"]
    )
    async def search(
        request: Request, asked: SearchIn, person: Annotated[Person, Depends(searches)]
    ) -> Response:
        """与 `python -m assistant search --json` 相同：按回答时细读的次序列出段落。"""
        check_turns(asked.all_turns, calls.assistant.settings.max_question)
        return JSONResponse(await calls.in_line(request, _searching(calls, request, asked)))


def answering(calls: Calls, request: Request, person: Person, asked: AskIn) -> Work:
    """Answers in a thread: both entries of the log, and what 管理 counts."""
    who, viewer = who_of(request), person.viewer

    def work(progress: Progress) -> dict[str, Any]:
        turns = asked.all_turns
        day = calls.day(asked.as_of)
        question = Question(turns, viewer, day, asked.scope.as_filter(), asked.mode, progress)
        answer = calls.services.recording.ask(who, question)
        note_answer(calls.assistant, person, turns, answer)
        return answer.as_json(asked.id, producer_of(calls.services.desk.settings))

    return work


def _searching(
    calls: Calls, request: Request, asked: SearchIn
) -> Callable[[Progress], list[dict[str, Any]]]:
    def work(_: Progress) -> list[dict[str, Any]]:
        turns = [whole(turn) for turn in asked.all_turns]
        entry = entry_of(request, "search", question=turns[-1], turns=turns[:-1])
        calls.services.log.record(entry)
        view = calls.view(request, asked.scope.as_filter(), asked.as_of)
        assistant = calls.assistant
        question = assistant.question_of(turns, assistant.evidence(view))
        readings = assistant.read(question, view)[: asked.limit]
        return [hit_row(rank, reading) for rank, reading in enumerate(readings, 1)]

    return work


async def _sent(
    request: Request, access: Access, first: Happened, events: AsyncGenerator[Happened, None]
) -> AsyncGenerator[str, None]:
    """Server-sent events. A caller that goes away closes this, and so the work stops."""
    try:
        yield _event(first)
        async with aclosing(events):
            async for event in events:
                yield _event(event)
    except Stopped:
        return
    except PolicyError as error:
        said = access.said(error)
        yield _line("problem", problem_of(status_of(error), said, is_english(request)))


def _event(event: Happened) -> str:
    if isinstance(event, Place):
        return _line("place", {"ahead": event.ahead})
    if isinstance(event, Stage):
        return _line("stage", {"name": event.name})
    if isinstance(event, Delta):
        return _line("delta", {"text": event.text})
    return _line("answer", event.value)


def _line(name: str, data: dict[str, Any]) -> str:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
