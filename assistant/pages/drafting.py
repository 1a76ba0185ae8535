"""起草: outline, text and sources of a draft, side by side. Every change is saved at once."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import Any

import gradio as gr

from assistant.answers.answer import Mode
from assistant.drafting.check import findings_of
from assistant.drafting.desk import DraftingDesk
from assistant.drafting.models import Draft, Section, Version
from assistant.drafting.sources import Found
from assistant.events import Stopped
from assistant.pages.drafts import draft_html, export_links, findings_line, source_cards
from assistant.pages.labels import LABELS
from assistant.pages.markup import element, text
from assistant.pages.running import AT_ONCE, HEAVY, place_line, run, stops, ticketed
from assistant.pages.shell import bar, foot, problem
from assistant.people.viewer import owner_of, viewer_of
from assistant.queueing import Crowded, Done, Place, WaitingLine
from vectorstore.errors import PolicyError
from vectorstore.language.text import squeeze


@dataclass(frozen=True)
class Opened:
    """What one browser tab has open."""

    draft: Draft | None = None
    section: str = ""
    candidates: tuple[Found, ...] = ()


@dataclass(frozen=True)
class Parts:
    """The components that show what is open, and those that change it."""

    state: gr.State
    view: gr.HTML
    outline: gr.Radio
    heading: gr.Textbox
    body: gr.Textbox
    cards: gr.HTML
    choice: gr.Radio
    versions: gr.Dropdown
    exports: gr.HTML
    message: gr.HTML

    @property
    def shown(self) -> list[Any]:
        return list(vars(self).values())


_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


def build(page: gr.Blocks, desk: DraftingDesk, line: WaitingLine) -> None:
    """Adds 起草 to the Blocks that is being built."""
    gr.HTML(bar("/draft"), elem_id="bar")
    wish, unit, place, begin = _request_row()
    with gr.Row(elem_id="draft-row"):
        drafts = gr.Dropdown([], label=LABELS("reopen"), elem_id="drafts")
        versions = gr.Dropdown([], label=LABELS("versions"), elem_id="versions")
        restore = _button("restore")
    way = gr.Radio(
        [(LABELS("extract"), "extractive"), (LABELS("generate"), "model")],
        value=desk.assistant.mode, label=LABELS("way"), visible=desk.assistant.model is not None,
    )  # fmt: skip
    message = gr.HTML(elem_id="message")
    with gr.Row(elem_id="desk"):
        with gr.Column(scale=2, min_width=220, elem_id="outline"):
            outline = gr.Radio([], label=LABELS("outline"), elem_id="sections")
            with gr.Row(elem_id="order"):
                up, down, remove = _button("up"), _button("down"), _button("remove")
            new = gr.Textbox(label=LABELS("new_section"), elem_id="new-section")
            add = _button("add")
        with gr.Column(scale=5, min_width=360):
            with gr.Row(elem_id="tools"):
                write, rewrite = _button("write", variant="primary"), _button("rewrite")
                check, stop = _button("check"), _button("stop", interactive=False)
            exports = gr.HTML()
            view = gr.HTML(elem_id="draft")
            with gr.Accordion(LABELS("edit"), open=True, elem_id="editor"):
                heading = gr.Textbox(label=LABELS("heading"), elem_id="heading")
                body = gr.Textbox(label=LABELS("body"), lines=8, max_lines=24, elem_id="body")
                save = _button("save")
        with gr.Column(scale=3, min_width=280, elem_id="sources"):
            cards = gr.HTML()
            with gr.Accordion(LABELS("candidates"), open=False):
                choice = gr.Radio([], label=LABELS("candidates_hint"), elem_id="candidates")
                with gr.Row():
                    insert, pin, drop = _button("insert"), _button("pin"), _button("drop_source")
    last = gr.HTML()
    parts = Parts(gr.State(Opened()), view, outline, heading, body, cards, choice, versions,
                  exports, message)  # fmt: skip

    _wire_opening(page, desk, parts, (wish, unit, place, begin), drafts, last, line)
    _wire_writing(desk, parts, way, (write, rewrite, stop), line)
    on = _changes(desk, parts, line)
    on(restore.click, lambda d, o, n: _opened(d, d.restore(_draft(o), _version(n))), versions,
       said="已恢复，作为新的一版保存。")  # fmt: skip
    on(outline.input, _select, outline)
    on(up.click, lambda d, o: _moved(d, o, -1))
    on(down.click, lambda d, o: _moved(d, o, +1))
    on(remove.click, _removed, said="已删除；可以从“版本”恢复。")
    on(add.click, _added, new, said="已增加。")
    on(save.click, lambda d, o: o, said="已保存。改过的句子请再“核对”。")
    on(check.click, _checked, heavy=True)
    on(insert.click, _inserted, choice, said="引文已插入这一部分的末尾。")
    on(pin.click, _pinned, choice, said="重写这一部分时先用这一段。")
    on(drop.click, _dropped, choice, said="重写这一部分时不再用这一段。")


def _button(name: str, **options: Any) -> gr.Button:
    identifier = {"drop_source": "drop"}.get(name, name)
    return gr.Button(LABELS(name), scale=0, min_width=70, elem_id=identifier, **options)


def _request_row() -> tuple[gr.Textbox, gr.Textbox, gr.Textbox, gr.Button]:
    with gr.Row(elem_id="request-row"):
        wish = gr.Textbox(label=LABELS("request"), placeholder=LABELS("request_hint"), lines=2,
                          scale=4, min_width=300, elem_id="request")  # fmt: skip
        unit = gr.Textbox(
            label=LABELS("unit"), placeholder="××县科协", min_width=140, elem_id="unit"
        )
        place = gr.Textbox(label=LABELS("own_region"), placeholder="××省××市", min_width=140)
        return wish, unit, place, _button("begin", variant="primary")


def _changes(desk: DraftingDesk, parts: Parts, line: WaitingLine) -> Callable[..., Any]:
    """Wires what changes a draft. What was typed is saved first, whatever is pressed."""

    def on(
        trigger: Callable[..., Any],
        change: Callable[..., Opened],
        *inputs: Any,
        said: str = "",
        heavy: bool = False,
    ) -> Any:
        """`change(desk, opened, *values)` gives what is open afterwards, on the desk of whoever
        asks for it; a heavy one takes its turn."""

        def act(
            request: gr.Request, opened: Opened, heading: str, body: str, *values: Any
        ) -> tuple[object, ...]:
            own = desk.seen_by(viewer_of(request))

            def changed() -> Opened:
                return change(own, _typed(own, opened, heading, body), *values)

            return _show(own, *_guarded(changed, opened, said))

        async def act_in_turn(
            request: gr.Request, *values: Any
        ) -> AsyncGenerator[tuple[object, ...], None]:
            async with aclosing(_in_turn(line, request, partial(act, request, *values))) as steps:
                async for shown in steps:
                    yield shown

        typed = [parts.state, parts.heading, parts.body]
        if heavy:
            return trigger(act_in_turn, [*typed, *inputs], parts.shown, **HEAVY)
        return trigger(act, [*typed, *inputs], parts.shown, **_QUIET)

    return on


def _wire_opening(
    page: gr.Blocks,
    desk: DraftingDesk,
    parts: Parts,
    asked: tuple[gr.Textbox, gr.Textbox, gr.Textbox, gr.Button],
    drafts: gr.Dropdown,
    last: gr.HTML,
    line: WaitingLine,
) -> None:
    """A new draft, one that was saved before, and the empty page."""

    async def start(
        request: gr.Request, opened: Opened, wanted: str, unit: str, region: str
    ) -> AsyncGenerator[tuple[object, ...], None]:
        own = desk.seen_by(viewer_of(request))

        def change() -> Opened:
            draft = own.begin(wanted, owner_of(request), unit=unit.strip(), region=region.strip())
            return _opened(own, draft)

        said = "提纲已列出。可以修改，然后“写全文”。"
        steps = _in_turn(line, request, lambda: _show(own, *_guarded(change, opened, said)))
        async with aclosing(steps):
            async for shown in steps:
                yield shown

    def titles(request: gr.Request) -> object:
        return _titles(desk, request)

    def reopen(request: gr.Request, opened: Opened, identifier: str) -> tuple[object, ...]:
        own = desk.seen_by(viewer_of(request))

        def change() -> Opened:
            return _opened(own, own.store.load(identifier, owner_of(request)))

        return _show(own, *_guarded(change, opened, ""))

    def arrive(request: gr.Request) -> tuple[object, ...]:
        return (
            _titles(desk, request),
            foot(desk.assistant, viewer_of(request)),
            draft_html(None, ""),
        )

    *wanted, begin = asked
    begin.click(start, [parts.state, *wanted], parts.shown, **HEAVY).then(
        titles, None, drafts, **AT_ONCE
    )
    drafts.input(reopen, [parts.state, drafts], parts.shown, **_QUIET)
    page.load(arrive, None, [drafts, last, parts.view], **AT_ONCE)


def _wire_writing(
    desk: DraftingDesk,
    parts: Parts,
    way: gr.Radio,
    buttons: tuple[gr.Button, gr.Button, gr.Button],
    line: WaitingLine,
) -> None:
    """Writing shows each section when it is there, and can be stopped."""
    write, rewrite, stop = buttons

    async def go(
        request: gr.Request, opened: Opened, heading: str, body: str, way: str, only: str
    ) -> AsyncGenerator[tuple[object, ...], None]:
        own = desk.seen_by(viewer_of(request))
        saved = partial(_typed, own, opened, heading, body)
        turns = partial(run, line, request, to_the_end=True)
        mode: Mode = "model" if way == "model" else "extractive"
        async with aclosing(_writing(own, opened, saved, turns, mode, bool(only))) as steps:
            async for shown in steps:
                yield shown

    for button, only in ((write, ""), (rewrite, "this")):
        button.click(
            go, [parts.state, parts.heading, parts.body, way, gr.State(only)],
            [*parts.shown, write, rewrite, stop], **HEAVY,
        )  # fmt: skip
    stop.click(stops(line), None, None, **AT_ONCE)


async def _in_turn(
    line: WaitingLine, request: gr.Request, work: Callable[[], tuple[object, ...]]
) -> AsyncGenerator[tuple[object, ...], None]:
    """Values for Parts.shown while a change waits for its turn, and when it is made."""
    try:
        async with aclosing(run(line, request, lambda _: work())) as events:
            async for event in events:
                if isinstance(event, Place):
                    yield _told(place_line(event))
                elif isinstance(event, Done):
                    yield event.value
    except (Stopped, PolicyError) as error:
        yield _told(problem(_ended(error)))


# --- what a person does ---------------------------------------------------------------------------


def _opened(desk: DraftingDesk, draft: Draft) -> Opened:
    return _select(desk, Opened(draft), draft.sections[0].id if draft.sections else "")


def _draft(opened: Opened) -> Draft:
    if opened.draft is None:
        raise PolicyError("请先写明要起草什么并“列提纲”，或打开已有的稿子")
    return opened.draft


def _section(opened: Opened) -> Section:
    draft = _draft(opened)
    found = next((s for s in draft.sections if s.id == opened.section), None)
    if found is None:
        raise PolicyError("请先在提纲里选一个部分")
    return found


def _select(desk: DraftingDesk, opened: Opened, identifier: str) -> Opened:
    candidates = tuple(desk.candidates(_draft(opened), identifier)) if identifier else ()
    return replace(opened, section=identifier, candidates=candidates)


def _moved(desk: DraftingDesk, opened: Opened, by: int) -> Opened:
    draft = desk.move_section(_draft(opened), _section(opened).id, by)
    return replace(opened, draft=draft)


def _removed(desk: DraftingDesk, opened: Opened) -> Opened:
    draft = desk.remove_section(_draft(opened), _section(opened).id)
    return _opened(desk, draft)


def _added(desk: DraftingDesk, opened: Opened, title: str) -> Opened:
    draft = desk.add_section(_draft(opened), title, opened.section or None)
    known = {s.id for s in _draft(opened).sections}
    new = next(s.id for s in draft.sections if s.id not in known)
    return _select(desk, replace(opened, draft=draft), new)


def _typed(desk: DraftingDesk, opened: Opened, heading: str, body: str) -> Opened:
    """What is open, with what was typed into the editor saved."""
    if opened.draft is None or not opened.section:
        return opened
    section = _section(opened)
    draft = desk.edit(opened.draft, section.id, heading=heading, text=body)
    if draft is opened.draft:
        return opened
    return replace(opened, draft=draft)


def _checked(desk: DraftingDesk, opened: Opened) -> Opened:
    draft, _ = desk.check(_draft(opened))
    return replace(opened, draft=draft)


def _candidate(opened: Opened, at: int | None) -> Found:
    if at is None or not 0 <= at < len(opened.candidates):
        raise PolicyError("请先选一条可用的出处")
    return opened.candidates[at]


def _inserted(desk: DraftingDesk, opened: Opened, at: int | None) -> Opened:
    found = _candidate(opened, at)
    return replace(opened, draft=desk.insert(_draft(opened), _section(opened).id, found))


def _pinned(desk: DraftingDesk, opened: Opened, at: int | None) -> Opened:
    passage = _candidate(opened, at).hit.passage.id
    return replace(opened, draft=desk.pin(_draft(opened), _section(opened).id, passage))


def _dropped(desk: DraftingDesk, opened: Opened, at: int | None) -> Opened:
    passage = _candidate(opened, at).hit.passage.id
    draft = desk.drop(_draft(opened), _section(opened).id, passage)
    return _select(desk, replace(opened, draft=draft), opened.section)


def _version(number: int | None) -> Version:
    if number is None:
        raise PolicyError("请先选一个版本")
    return Version(number, "", "")


async def _writing(
    desk: DraftingDesk,
    opened: Opened,
    saved: Callable[[], Opened],
    turns: Callable[..., AsyncGenerator[Any, None]],
    mode: Mode,
    only: bool,
) -> AsyncGenerator[tuple[object, ...], None]:
    """What the page shows while sections are written; each waits for its own turn, so that a
    long draft keeps nobody out, and is saved when it is there. `saved` gives what is open once
    what was typed is saved; `turns` is WaitingLine.run for this page."""
    idle, busy = gr.update(interactive=True), gr.update(interactive=False)
    said, ended, notes = "正在写…", "已写完。请“核对”，补上黄色的空。", list[str]()
    try:
        opened = await asyncio.to_thread(saved)
        todo = [_section(opened).id] if only else desk.unwritten(_draft(opened))
        for nth, identifier in enumerate(todo):
            yield *await _drawn(desk, opened, _status(said)), busy, busy, idle
            work = partial(desk.write_one, _draft(opened), identifier, mode)
            async with aclosing(turns(work, goes_on=nth > 0)) as events:
                async for event in events:
                    if isinstance(event, Place):
                        yield *_told(_status(said) + place_line(event)), busy, busy, idle
                    elif isinstance(event, Done):
                        opened = replace(opened, draft=event.value.draft)
                        notes += [event.value.note] if event.value.note else []
                        said = _how_far(opened)
    except Exception as error:  # the edge: the page must not hang
        ended = _ended(error)
    yield *await _drawn(desk, opened, _status("；".join([ended, *notes]))), idle, idle, busy


def _how_far(opened: Opened) -> str:
    sections = _draft(opened).sections
    return f"已写 {sum(s.state != '待写' for s in sections)} / {len(sections)} 个部分"


def _ended(error: Exception) -> str:
    """What the page says when something did not come to its end."""
    if isinstance(error, Stopped):
        return "已停止。写好的部分已保存。"
    if isinstance(error, Crowded):
        return f"{error}；稿子停在上一次保存的样子"
    if isinstance(error, PolicyError):
        return str(error)
    ticket = ticketed("a change of a draft failed", error)
    return f"出了错，稿子停在上一次保存的样子，可以再试；日志编号 {ticket}"


# --- what the page shows --------------------------------------------------------------------------


def _guarded(change: Callable[[], Opened], before: Opened, said: str) -> tuple[Opened, str]:
    try:
        return change(), _status(said) if said else ""
    except Exception as error:  # the edge: nothing is lost
        return before, problem(_ended(error))


def _status(sentence: str) -> str:
    return element("p", text(sentence), class_="note", role="status")


def _show(desk: DraftingDesk, opened: Opened, message: str) -> tuple[object, ...]:
    """Values for Parts.shown."""
    draft = opened.draft
    if draft is None:
        empty = gr.update(choices=[], value=None)
        return (opened, draft_html(None, ""), empty, "", "", "", empty, empty, "", message)
    section = next((s for s in draft.sections if s.id == opened.section), None)
    line = findings_line(findings) if (findings := findings_of(draft)) else ""
    return (
        opened,
        draft_html(draft, opened.section),
        gr.update(choices=_outline(draft), value=section.id if section else None),
        section.heading if section else "",
        section.text if section else "",
        source_cards(draft, section),
        gr.update(choices=_choices(opened.candidates), value=None),
        gr.update(choices=_versions(desk, draft), value=None),
        export_links(draft),
        message + line,
    )


async def _drawn(desk: DraftingDesk, opened: Opened, message: str) -> tuple[object, ...]:
    """`_show` off the event loop: it reads the versions."""
    return await asyncio.to_thread(_show, desk, opened, message)


def _told(message: str) -> tuple[object, ...]:
    """Values for Parts.shown where only the message, the last of them, changes."""
    return (*(gr.skip() for _ in fields(Parts)[1:]), message)


def _outline(draft: Draft) -> list[tuple[str, str]]:
    return [
        (f"{'　' * (s.level - 1)}{s.heading or '（开头）'} · {s.state}", s.id)
        for s in draft.sections
    ]


def _choices(candidates: Sequence[Found]) -> list[tuple[str, int]]:
    return [
        (f"{squeeze(found.text)[:90]}（《{found.hit.document.metadata.title}》）", i)
        for i, found in enumerate(candidates)
    ]


def _versions(desk: DraftingDesk, draft: Draft) -> list[tuple[str, int]]:
    return [
        (f"第 {v.number} 版 · {v.at[:16].replace('T', ' ')} · {v.what}", v.number)
        for v in desk.store.versions(draft.id, draft.owner)
    ]


def _titles(desk: DraftingDesk, request: gr.Request) -> object:
    found = desk.store.titles(owner_of(request))
    choices = [(f"{title} · {at[:16].replace('T', ' ')}", i) for i, title, at in found]
    return gr.update(choices=choices, value=None)
