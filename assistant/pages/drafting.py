"""起草: outline, text and sources of a draft, side by side. Every change is saved at once."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractContextManager, aclosing
from dataclasses import dataclass
from functools import partial
from typing import Any

import gradio as gr

from assistant.answers.answer import Mode
from assistant.drafting.desk import DraftingDesk
from assistant.drafting.models import Draft
from assistant.events import Stopped
from assistant.pages import draft_changes as changes
from assistant.pages.draft_changes import draft_of, ended, guarded, opened_draft, typed
from assistant.pages.draft_shown import Opened, Parts, show, titles, told
from assistant.pages.drafts import draft_html, list_link
from assistant.pages.labels import LABELS
from assistant.pages.refusals import Refused
from assistant.pages.running import AT_ONCE, HEAVY, place_line, run, stops
from assistant.pages.shell import bar, foot, problem
from assistant.people.log import AuditLog, recorded
from assistant.people.permissions import may
from assistant.people.viewer import entry_of, person_of, viewer_of
from assistant.queueing import Done, Place, WaitingLine
from vectorstore.errors import PolicyError

_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
_NO_RIGHT = "您没有起草的权限；需要时请联系系统管理员。"


@dataclass(frozen=True, slots=True)
class Desks:
    """The desk of each who asks; each version that they save is in the log first."""

    desk: DraftingDesk
    log: AuditLog
    refused: Refused

    def of(self, request: gr.Request) -> DraftingDesk | None:
        """None for who may not draft, and it is noted."""
        person = person_of(request)
        if may(person, "draft"):
            return self.desk.seen_by(person, around=partial(self._recorded, request))
        self.refused.note_now(request, "/draft")
        return None

    def _recorded(self, request: gr.Request, draft: Draft) -> AbstractContextManager[None]:
        """`since` is the version that is changed; others may have saved more."""
        return recorded(self.log, entry_of(request, "write draft", draft.id, since=draft.version))


def build(page: gr.Blocks, desks: Desks, line: WaitingLine) -> None:
    """Adds 起草 to the Blocks that is being built."""
    desk = desks.desk
    gr.HTML(bar("/draft"), elem_id="bar")
    wish, unit, place, begin = _request_row()
    with gr.Row(elem_id="draft-row"):
        drafts = gr.Dropdown([], label=LABELS("reopen"), elem_id="drafts")
        versions = gr.Dropdown([], label=LABELS("versions"), elem_id="versions")
        restore = _button("restore")
    gr.HTML(list_link())
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
                refresh = _button("refresh")
            exports = gr.HTML()
            beside = gr.HTML(elem_id="beside")
            with gr.Row(visible=False, elem_id="words-beside") as words_beside:
                take, put_away = _button("take_over"), _button("put_away")
            view = gr.HTML(elem_id="draft")
            heading, body, save = _editor()
        with gr.Column(scale=3, min_width=280, elem_id="sources"):
            cards = gr.HTML()
            with gr.Accordion(LABELS("candidates"), open=False):
                choice = gr.Radio([], label=LABELS("candidates_hint"), elem_id="candidates")
                with gr.Row():
                    insert, pin, drop = _button("insert"), _button("pin"), _button("drop_source")
    last = gr.HTML()
    parts = Parts(gr.State(Opened()), view, outline, heading, body, beside, words_beside, cards,
                  choice, versions, exports, message)  # fmt: skip

    _wire_opening(page, desks, parts, (wish, unit, place, begin), drafts, last, line)
    _wire_writing(desks, parts, way, (write, rewrite, stop), line)
    on = _changes(desks, parts, line)
    on(restore.click, _restored, versions, said="已恢复，作为新的一版保存。")
    on(outline.input, changes.select, outline)
    on(up.click, lambda d, o: changes.moved(d, o, -1))
    on(down.click, lambda d, o: changes.moved(d, o, +1))
    on(remove.click, changes.removed, said="已删除；可以从“版本”恢复。")
    on(add.click, changes.added, new, said="已增加。")
    on(save.click, changes.saved, said="已保存。改过的句子请再“核对”。")
    on(refresh.click, changes.refreshed)
    on(take.click, changes.taken_over, said="已采用您的文字；原来的文字可以从“版本”找回。")
    on(put_away.click, changes.put_away)
    on(check.click, changes.checked, heavy=True)
    on(insert.click, changes.inserted, choice, said="引文已插入这一部分的末尾。")
    on(pin.click, changes.pinned, choice, said="重写这一部分时先用这一段。")
    on(drop.click, changes.dropped, choice, said="重写这一部分时不再用这一段。")


def _restored(desk: DraftingDesk, opened: Opened, number: int | None) -> Opened:
    return opened_draft(desk, desk.restore(draft_of(opened), changes.version_of(number)))


def _button(name: str, **options: Any) -> gr.Button:
    identifier = {"drop_source": "drop"}.get(name, name.replace("_", "-"))
    return gr.Button(LABELS(name), scale=0, min_width=70, elem_id=identifier, **options)


def _request_row() -> tuple[gr.Textbox, gr.Textbox, gr.Textbox, gr.Button]:
    with gr.Row(elem_id="request-row"):
        wish = gr.Textbox(label=LABELS("request"), placeholder=LABELS("request_hint"), lines=2,
                          scale=4, min_width=300, elem_id="request")  # fmt: skip
        unit = gr.Textbox(
            label=LABELS("unit"), placeholder=LABELS("unit_hint"), min_width=140, elem_id="unit"
        )
        place = gr.Textbox(
            label=LABELS("own_region"), placeholder=LABELS("region_hint"), min_width=140
        )
        return wish, unit, place, _button("begin", variant="primary")


def _editor() -> tuple[gr.Textbox, gr.Textbox, gr.Button]:
    """What the section that is being edited is held in. It is not seen: words are typed where
    they stand in the text, and put in here (desk.js)."""
    with gr.Column(elem_id="editor"):
        heading = gr.Textbox(label=LABELS("heading"), elem_id="heading")
        body = gr.Textbox(label=LABELS("body"), lines=8, elem_id="body")
        save = _button("save")
    return heading, body, save


def _not_allowed() -> tuple[object, ...]:
    return told(problem(_NO_RIGHT))


def _changes(desks: Desks, parts: Parts, line: WaitingLine) -> Callable[..., Any]:
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
            own = desks.of(request)
            if own is None:
                return _not_allowed()

            def changed() -> Opened:
                return change(own, typed(own, opened, heading, body), *values)

            return show(own, *guarded(changed, opened, said))

        async def act_in_turn(
            request: gr.Request, *values: Any
        ) -> AsyncGenerator[tuple[object, ...], None]:
            async with aclosing(_in_turn(line, request, partial(act, request, *values))) as steps:
                async for shown in steps:
                    yield shown

        entered = [parts.state, parts.heading, parts.body]
        if heavy:
            return trigger(act_in_turn, [*entered, *inputs], parts.shown, **HEAVY)
        return trigger(act, [*entered, *inputs], parts.shown, **_QUIET)

    return on


def _wire_opening(
    page: gr.Blocks,
    desks: Desks,
    parts: Parts,
    asked: tuple[gr.Textbox, gr.Textbox, gr.Textbox, gr.Button],
    drafts: gr.Dropdown,
    last: gr.HTML,
    line: WaitingLine,
) -> None:
    """A new draft, one that was saved before, and the empty page."""

    async def start(request: gr.Request, *values: Any) -> AsyncGenerator[tuple[object, ...], None]:
        async with aclosing(
            _in_turn(line, request, partial(_begun, desks, request, *values))
        ) as steps:
            async for shown in steps:
                yield shown

    def reopen(
        request: gr.Request, opened: Opened, identifier: str, section: str = ""
    ) -> tuple[object, ...]:
        own = desks.of(request)
        if own is None:
            return _not_allowed()

        def reopened() -> Opened:
            draft = own.open(identifier)
            desks.log.record(entry_of(request, "open draft", draft.id, version=draft.version))
            found = opened_draft(own, draft)
            return changes.select(own, found, section) if section else found

        return show(own, *guarded(reopened, opened, ""))

    def arrive(request: gr.Request) -> tuple[object, ...]:
        """A draft that the address names is opened, at the section that it names."""
        own, wanted = desks.of(request), str(request.query_params.get("draft", ""))
        section = str(request.query_params.get("section", ""))[:40]
        found = titles(own.store.listed(own.person) if own else [])
        at_foot = foot(desks.desk.assistant, viewer_of(request))
        shown = told("")
        if own is None:
            shown = _not_allowed()
        elif wanted:
            shown = reopen(request, Opened(), wanted, section)
        view = shown[1] if wanted and own else draft_html(None, "")
        return (found, at_foot, shown[0], view, *shown[2:])

    def listed(request: gr.Request) -> object:
        own = desks.of(request)
        return titles(own.store.listed(own.person) if own else [])

    *wanted, begin = asked
    begin.click(start, [parts.state, *wanted], parts.shown, **HEAVY).then(
        listed, None, drafts, **AT_ONCE
    )
    drafts.input(reopen, [parts.state, drafts], parts.shown, **_QUIET)
    page.load(arrive, None, [drafts, last, *parts.shown], **AT_ONCE)


def _begun(
    desks: Desks,
    request: gr.Request,
    opened: Opened,
    wanted: str,
    unit: str,
    region: str,
) -> tuple[object, ...]:
    """A new draft with its outline, shown."""
    own = desks.of(request)
    if own is None:
        return _not_allowed()

    def change() -> Opened:
        draft = own.begin(wanted, unit=unit.strip(), region=region.strip())
        return opened_draft(own, draft)

    said = "提纲已列出。可以修改，然后“写全文”。"
    return show(own, *guarded(change, opened, said))


def _wire_writing(
    desks: Desks,
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
        own = await asyncio.to_thread(desks.of, request)
        if own is None:
            yield (*_not_allowed(), gr.skip(), gr.skip(), gr.skip())
            return
        before = partial(typed, own, opened, heading, body)
        turns = partial(run, line, request, to_the_end=True)
        mode: Mode = "model" if way == "model" else "extractive"
        steps = changes.writing(own, opened, before, turns, mode, bool(only))
        async with aclosing(steps):
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
                    yield told(place_line(event))
                elif isinstance(event, Done):
                    yield event.value
    except (Stopped, PolicyError) as error:
        yield told(problem(ended(error)))
