"""A question on 问答: written down, answered when it is its turn, drawn while it is answered.

Neither SQLite nor the making of a view runs on the event loop: as long as one waits there for
another process's write, no page of anybody would move."""

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import date

import gradio as gr

from assistant.answers.answer import Answer, Mode
from assistant.chat import Request
from assistant.events import Delta, Event, Progress, Stage, Stopped
from assistant.history.history import History
from assistant.noting import note_answer
from assistant.pages.conversation import Turn
from assistant.pages.drawing import changes
from assistant.pages.filters import chosen_filter
from assistant.pages.remembering import Remembered, remember
from assistant.pages.running import place_line, run, ticketed
from assistant.pages.scoping import within
from assistant.pages.talk import Around, Conversation, around, as_seen
from assistant.people.log import Who
from assistant.people.person import Person
from assistant.people.viewer import person_of, who_of
from assistant.queueing import Crowded, Done, Place, WaitingLine
from assistant.recording import Recording
from vectorstore.errors import PolicyError
from vectorstore.files.labels import without_folders
from vectorstore.models import SearchFilter

_STOPPED = "已停止。问题已保留，可以修改后再问。"
_TICK = 0.08  # seconds between two pictures of a text that is being written


@dataclass(frozen=True)
class Asking:
    """What is asked on 问答 is `recorded`, kept in the `history`, and waits in the `line`."""

    recorded: Recording
    history: History
    line: WaitingLine

    async def respond(
        self, request: gr.Request, question: str, anew: str, talk: Conversation, way: str,
        *chosen: list[str],
    ) -> AsyncGenerator[tuple[object, ...], None]:  # fmt: skip
        """Pictures of the conversation from the question to its answer (see `_shown`)."""
        talk.open += 1  # until `ended`
        if not (question := question.strip()):
            yield gr.skip(), talk, gr.skip()
            return
        person = person_of(request)
        try:
            turn, remembered = await self._begin(person, talk, question, anew)
        except Exception as error:  # the edge: nothing was begun, and the box gets its words back
            talk.put(replace(talk.add(question), error=_said(error), is_stopped=True))
            yield _shown(talk)
            return
        mode: Mode = "model" if way == "model" else "extractive"
        regions, issuers, kinds, years, statuses, collections, document = (c or () for c in chosen)
        scope = chosen_filter(regions, issuers, kinds, years, statuses, document)
        work = _Work(
            self.recorded, person, who_of(request), turn, remembered, mode, scope, collections
        )  # fmt: skip
        try:
            yield _shown(talk)
            shown = 0.0
            async with aclosing(run(self.line, request, work)) as events:
                async for event in events:
                    turn = _after(turn, event)
                    talk.put(turn)
                    if isinstance(event, Delta) and time.monotonic() - shown < _TICK:
                        continue
                    if isinstance(event, Done):
                        talk.around.update(event.value[1])
                    yield _shown(talk)
                    shown = time.monotonic()
        except Exception as error:  # the edge: the page must not hang
            turn = replace(turn, error=_said(error), is_stopped=isinstance(error, Stopped))
        finally:  # whoever closed the page left no half turn behind
            turn = turn if turn.answer or turn.error else replace(turn, error=_STOPPED)
            talk.put(turn)
            if turn.error:
                await asyncio.to_thread(remembered.failed, turn.error)
        yield _shown(talk)

    async def _begin(
        self, person: Person, talk: Conversation, question: str, anew: str
    ) -> tuple[Turn, Remembered]:
        """The turn, which stands in the conversation and in the history; those before it as
        they may be shown now. One after the other: two questions sent together are of one
        conversation."""
        async with talk.beginning:
            instead_of, before = talk.standing(anew), tuple(talk.turns)

            def begun() -> tuple[Remembered, list[Turn]]:
                seen = as_seen(before, self.recorded.assistant.view(person.viewer))
                return remember(self.history, person.id, talk, question, instead_of), seen

            remembered, seen = await asyncio.to_thread(begun)
            talk.cover(before, seen)
            turn = replace(talk.add(question, instead_of), stored=remembered.stored)
            talk.put(turn)
        return turn, remembered


@dataclass(frozen=True)
class _Work:
    """Answers one turn, in a thread. What was asked before is read when it begins: questions
    that it waited for are answered by then."""

    recorded: Recording
    person: Person
    who: Who
    turn: Turn
    remembered: Remembered
    mode: Mode
    scope: SearchFilter
    collections: Sequence[str] = ()  # as the filter names them

    def __call__(self, progress: Progress) -> tuple[Answer, Around]:
        assistant, viewer = self.recorded.assistant, self.person.viewer
        turns = tuple(self.remembered.talk.questions(self.turn))
        scope = within(assistant, self.person, self.scope, self.collections)
        asked = Request(turns, viewer, date.today(), scope, self.mode, progress)
        answer = self.recorded.ask(self.who, asked)
        note_answer(assistant, self.person, turns, answer)
        self.remembered.answered(answer)
        return answer, around(assistant.view(viewer), self.turn.number, answer)


def _after(turn: Turn, event: Place | Event | Done[tuple[Answer, Around]]) -> Turn:
    """The turn once something has happened to it."""
    if isinstance(event, Place):
        return replace(turn, place=place_line(event))
    if isinstance(event, Stage):
        return replace(turn, place="", stage=event.name)
    if isinstance(event, Delta):
        return replace(turn, draft=turn.draft + event.text)
    return replace(turn, answer=event.value[0])


def _said(error: Exception) -> str:
    """What the page says in place of an answer."""
    if isinstance(error, Stopped):
        return _STOPPED
    if isinstance(error, Crowded):
        return f"{error}；问题已保留"
    if isinstance(error, PolicyError):
        return without_folders(str(error))
    ticket = ticketed("a question could not be answered", error)
    return f"回答时出错，问题已保留，可以再问一次；日志编号 {ticket}"


def _shown(talk: Conversation) -> tuple[object, ...]:
    """Values for what is drawn, the state and 停止; nothing of one that is over."""
    if talk.over:
        return gr.skip(), gr.skip(), gr.skip()
    return changes(talk), talk, gr.update(interactive=talk.is_busy)


async def ended(talk: Conversation) -> tuple[object, ...]:
    """The browser has seen the end of a question: values for what is drawn and 停止.

    Where questions overlapped, Gradio may have put the picture of one in place of another's
    before that was drawn, and ends each by sending its last picture, and its last state of 停止,
    once more. When all have ended, what stands is drawn as it is."""
    talk.open = max(0, talk.open - 1)
    if talk.open or not talk.crossed:
        return gr.skip(), gr.skip()
    talk.crossed = False
    return changes(talk), gr.update(interactive=talk.is_busy)


async def redrawn(talk: Conversation) -> str:
    """All that stands, for a browser that lacks a turn; what is at work goes on."""
    talk.fresh.update(turn.number for turn in talk.turns)
    return changes(talk)
