"""What a person does to the draft that is open in 起草, and how it ends."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import replace
from functools import partial
from typing import Any

import gradio as gr

from assistant.answers.answer import Mode
from assistant.drafting.desk import DraftingDesk
from assistant.drafting.models import Draft, Section, Version
from assistant.drafting.sources import Found
from assistant.events import Stopped
from assistant.pages.draft_shown import Opened, drawn, status, told
from assistant.pages.running import place_line, ticketed
from assistant.pages.shell import problem
from assistant.queueing import Crowded, Done, Place
from vectorstore.errors import PolicyError


def opened_draft(desk: DraftingDesk, draft: Draft) -> Opened:
    return select(desk, Opened(draft), draft.sections[0].id if draft.sections else "")


def draft_of(opened: Opened) -> Draft:
    if opened.draft is None:
        raise PolicyError("请先写明要起草什么并“列提纲”，或打开已有的稿子")
    return opened.draft


def section_of(opened: Opened) -> Section:
    draft = draft_of(opened)
    found = next((s for s in draft.sections if s.id == opened.section), None)
    if found is None:
        raise PolicyError("请先在提纲里选一个部分")
    return found


def select(desk: DraftingDesk, opened: Opened, identifier: str) -> Opened:
    """Another section, of the draft as it is now: others may have saved theirs."""
    draft = desk.open(draft_of(opened).id)
    if all(s.id != identifier for s in draft.sections):
        identifier = draft.sections[0].id if draft.sections else ""
    if identifier != opened.section:
        desk.store.holds.release(draft.id, desk.person)
    candidates = tuple(desk.candidates(draft, identifier)) if identifier else ()
    return Opened(draft, identifier, candidates)


def refreshed(desk: DraftingDesk, opened: Opened) -> Opened:
    return select(desk, opened, opened.section)


def saved(desk: DraftingDesk, opened: Opened) -> Opened:
    """What was typed is saved before any change; then others may go on."""
    desk.store.holds.release(draft_of(opened).id, desk.person)
    return opened


def moved(desk: DraftingDesk, opened: Opened, by: int) -> Opened:
    draft = desk.move_section(draft_of(opened), section_of(opened).id, by)
    return replace(opened, draft=draft)


def removed(desk: DraftingDesk, opened: Opened) -> Opened:
    draft = desk.remove_section(draft_of(opened), section_of(opened).id)
    return opened_draft(desk, draft)


def added(desk: DraftingDesk, opened: Opened, title: str) -> Opened:
    before = desk.open(draft_of(opened).id)
    draft = desk.add_section(before, title, opened.section or None)
    known = {s.id for s in before.sections}
    new = next(s.id for s in draft.sections if s.id not in known)
    return select(desk, replace(opened, draft=draft), new)


def typed(desk: DraftingDesk, opened: Opened, heading: str, body: str) -> Opened:
    """What is open, with what was typed into the editor saved. What is covered was not typed."""
    if opened.draft is None or not opened.section:
        return opened
    section = section_of(opened)
    if (heading, body) == (section.heading, section.text):
        return opened
    if desk.is_covered(opened.draft, section.id):
        return opened
    return replace(opened, draft=desk.edit(opened.draft, section.id, heading=heading, text=body))


def checked(desk: DraftingDesk, opened: Opened) -> Opened:
    draft, _ = desk.check(draft_of(opened))
    return replace(opened, draft=draft)


def taken_over(desk: DraftingDesk, opened: Opened) -> Opened:
    """The words that stood beside a section, in place of what is there; that stays a version."""
    section = section_of(opened)
    return replace(opened, draft=desk.take_aside(draft_of(opened), section.id))


def put_away(desk: DraftingDesk, opened: Opened) -> Opened:
    """The words beside a section are not needed any more."""
    if aside := desk.aside(draft_of(opened), section_of(opened).id):
        desk.store.holds.drop_aside(draft_of(opened).id, desk.person, aside)
    return opened


def _candidate(opened: Opened, at: int | None) -> Found:
    if at is None or not 0 <= at < len(opened.candidates):
        raise PolicyError("请先选一条可用的出处")
    return opened.candidates[at]


def inserted(desk: DraftingDesk, opened: Opened, at: int | None) -> Opened:
    found = _candidate(opened, at)
    return replace(opened, draft=desk.insert(draft_of(opened), section_of(opened).id, found))


def pinned(desk: DraftingDesk, opened: Opened, at: int | None) -> Opened:
    passage = _candidate(opened, at).hit.passage.id
    return replace(opened, draft=desk.pin(draft_of(opened), section_of(opened).id, passage))


def dropped(desk: DraftingDesk, opened: Opened, at: int | None) -> Opened:
    passage = _candidate(opened, at).hit.passage.id
    draft = desk.drop(draft_of(opened), section_of(opened).id, passage)
    return select(desk, replace(opened, draft=draft), opened.section)


def version_of(number: int | None) -> Version:
    if number is None:
        raise PolicyError("请先选一个版本")
    return Version(number, "", "")


async def writing(
    desk: DraftingDesk,
    opened: Opened,
    before: Callable[[], Opened],
    turns: Callable[..., AsyncGenerator[Any, None]],
    mode: Mode,
    only: bool,
) -> AsyncGenerator[tuple[object, ...], None]:
    """What the page shows while sections are written; each waits for its own turn, so that a
    long draft keeps nobody out, and is saved when it is there. `before` gives what is open once
    what was typed is saved; `turns` is WaitingLine.run for this page."""
    idle, busy = gr.update(interactive=True), gr.update(interactive=False)
    said, how, notes = "正在写…", "已写完。请“核对”，补上黄色的空。", list[str]()
    try:
        opened = await asyncio.to_thread(before)
        todo = [section_of(opened).id] if only else desk.unwritten(draft_of(opened))
        for nth, identifier in enumerate(todo):
            yield *await drawn(desk, opened, status(said)), busy, busy, idle
            work = partial(desk.write_one, draft_of(opened), identifier, mode)
            async with aclosing(turns(work, goes_on=nth > 0)) as events:
                async for event in events:
                    if isinstance(event, Place):
                        yield *told(status(said) + place_line(event)), busy, busy, idle
                    elif isinstance(event, Done):
                        opened = replace(opened, draft=event.value.draft)
                        notes += [event.value.note] if event.value.note else []
                        said = _how_far(opened)
    except Exception as error:  # the edge: the page must not hang
        how = str(ended(error))
    yield *await drawn(desk, opened, status("；".join([how, *notes]))), idle, idle, busy


def _how_far(opened: Opened) -> str:
    sections = draft_of(opened).sections
    return f"已写 {sum(s.state != '待写' for s in sections)} / {len(sections)} 个部分"


def ended(error: Exception) -> PolicyError:
    """What the page says when something did not come to its end."""
    if isinstance(error, Stopped):
        return PolicyError("已停止。写好的部分已保存。", "Stopped. What was written is saved.")
    if isinstance(error, Crowded):
        return PolicyError(
            f"{error}；稿子停在上一次保存的样子", f"{error.english}; the draft is as last saved"
        )
    if isinstance(error, PolicyError):
        return error
    ticket = ticketed("a change of a draft failed", error)
    return PolicyError(
        f"出了错，稿子停在上一次保存的样子，可以再试；日志编号 {ticket}",
        f"It failed; the draft is as last saved, try again. Number of the log: {ticket}",
    )


def guarded(change: Callable[[], Opened], before: Opened, said: str) -> tuple[Opened, str]:
    try:
        return change(), status(said) if said else ""
    except Exception as error:  # the edge: nothing is lost
        return before, problem(ended(error))
