"""问答: the conversation, its sources, and the question box."""

import asyncio
from dataclasses import dataclass, field

import gradio as gr

from assistant.chat import Assistant
from assistant.export.conversation import Exchange, as_file
from assistant.history.covering import Shown
from assistant.history.history import History
from assistant.pages.asking import Asking, ended, redrawn
from assistant.pages.drawing import opened, whole
from assistant.pages.filters import facets
from assistant.pages.history import panel
from assistant.pages.labels import LABELS
from assistant.pages.markup import both, element
from assistant.pages.received import SessionFiles
from assistant.pages.running import AT_ONCE, HEAVY, stops
from assistant.pages.saved import notice_list
from assistant.pages.scoping import offer_collections
from assistant.pages.shell import bar, foot, problem
from assistant.pages.talk import Conversation, as_seen, reopened
from assistant.pages.welcome import examples, welcome
from assistant.people.viewer import entry_of, owner_of, viewer_of
from assistant.queueing import WaitingLine
from assistant.recording import Recording
from assistant.settings import DraftSettings
from vectorstore.errors import PolicyError
from vectorstore.library import View

# In the browser: the conversation that an address names.
_NAMED = "() => [new URLSearchParams(location.search).get('c') || '', null]"
# In the browser (chat.js): what was sent leaves the box at once, so that nothing that is typed
# meanwhile is lost; and what is drawn is put into the conversation.
_SENT = "(...given) => { window.chat?.sent(given[0]); return given; }"
_DRAW = """const draw = () => { (window.drawn ??= []).push(props.value); window.chat?.draw(); };
draw();
watch("value", draw);"""
# In the browser: fetches a file from its address, or else presses the button that holds it.
_FETCH = """(address, said) => {
  if (said) return;
  if (address) Object.assign(document.createElement('a'), {href: address, download: ''}).click();
  else setTimeout(() => document.querySelector('#file')?.click(), 100);
}"""
_UNTITLED = "问答记录"
_FILTERS = ("region", "issuer", "kind", "year", "status")
_NOTHING = (
    "这个对话里还没有回答，没有可以导出的内容：先问一个问题，或从左边打开以前的对话。",
    "Nothing to export yet: ask a question first, or open a conversation from the list.",
)


def build(
    page: gr.Blocks,
    recorded: Recording,
    history: History,
    files: SessionFiles,
    line: WaitingLine,
    labelling: DraftSettings,
) -> None:
    """Adds 问答 to the Blocks that is being built; what is asked and answered is `recorded`, and
    kept in the `history`. `labelling` says how files are labelled."""
    parts = _parts(recorded.assistant)
    showing = Showing(recorded, history, files, line, labelling)
    _on_asking(parts, Asking(recorded, history, line))
    _on_moving(page, parts, showing)
    offer_collections(page, recorded.assistant, parts.filters[-1], parts.chips)


# --- what the page is made of ---------------------------------------------------------------------


@dataclass(frozen=True)
class _Parts:
    """The components that something happens to."""

    state: gr.State
    told: gr.HTML
    drawn: gr.HTML  # what chat.js puts into the conversation
    offers: gr.HTML
    box: gr.Textbox
    send: gr.Button
    stop: gr.Button
    again: gr.Button
    export: gr.Button
    file: gr.DownloadButton
    said: gr.HTML  # why there is no file
    chips: gr.CheckboxGroup
    unfilter: gr.Button
    filters: list[gr.Dropdown]
    way: gr.Radio
    last: gr.HTML
    # Set and pressed by history.js: the turn that is asked anew, the conversation to open.
    redo: gr.Textbox
    where: gr.Textbox
    go: gr.Button
    address: gr.Textbox  # of the conversation as a file
    within: gr.Textbox  # the document that is asked within (reader.js), else empty
    redraw: gr.Button  # pressed by chat.js when it lacks a turn


def _parts(assistant: Assistant) -> _Parts:
    """In their order on the page, which is that of the lines."""
    gr.HTML(bar("/"), elem_id="bar")
    gr.HTML(panel(), elem_id="history")
    told = gr.HTML(elem_id="notices")
    # What it is given never becomes a part of the page by itself: chat.js puts it in its place.
    drawn = gr.HTML(
        html_template=element("div", "", id="talk"), js_on_load=_DRAW, elem_id="conversation"
    )
    offers = gr.HTML(elem_id="examples")  # hidden by the style sheet once something was asked
    with gr.Row(elem_id="ask"):
        box = _box(assistant.settings.max_question)
        send = gr.Button(LABELS("send"), variant="primary", scale=0, elem_id="send")
        stop = gr.Button(LABELS("stop"), scale=0, elem_id="stop", interactive=False)
        again = gr.Button(LABELS("again"), scale=0, elem_id="again")
        export = gr.Button(LABELS("export"), scale=0, elem_id="export")
    file = gr.DownloadButton("Word", elem_id="file")  # hidden; pressed when it holds a file
    said = gr.HTML(elem_id="export-said")
    chips = gr.CheckboxGroup(
        [], label=LABELS("chips"), visible=False, elem_id="chips", show_label=True
    )
    with gr.Accordion(LABELS("filters"), open=False, elem_id="scope"), gr.Row():
        filters = [
            gr.Dropdown(
                [], label=LABELS(name), multiselect=True, elem_id=f"by-{name}", min_width=150
            )
            for name in _FILTERS
        ]
        filters.append(
            gr.Dropdown([], label=LABELS("collection"), multiselect=True, visible=False,
                        elem_id="by-collection", min_width=150)
        )  # fmt: skip
    way = gr.Radio(
        [(LABELS("extract"), "extractive"), (LABELS("generate"), "model")],
        value=assistant.mode,
        label=LABELS("way"),
        info=LABELS("way_hint"),
        visible=assistant.model is not None,
        elem_id="way",
    )
    last = gr.HTML()
    redo, where, address, within = (
        gr.Textbox(visible="hidden", elem_id=name)
        for name in ("redo", "where", "address", "within")
    )
    go, unfilter, redraw = (
        gr.Button("", visible="hidden", elem_id=name) for name in ("go", "unfilter", "redraw")
    )
    state = gr.State(Conversation())
    return _Parts(
        state, told, drawn, offers, box, send, stop, again, export, file, said, chips, unfilter,
        filters, way, last, redo, where, go, address, within, redraw,
    )  # fmt: skip


def _box(longest: int) -> gr.Textbox:
    return gr.Textbox(
        placeholder=LABELS("placeholder"),
        label=LABELS("question"),
        show_label=False,
        container=False,
        lines=1,
        max_lines=6,
        max_length=longest,
        autofocus=True,
        scale=8,
        elem_id="question",
    )


# --- what happens on it ---------------------------------------------------------------------------


def _on_asking(parts: _Parts, asking: Asking) -> None:
    filters, chips = parts.filters, parts.chips
    # Another question while one is at work is not lost: it waits behind it.
    gr.on(
        [parts.box.submit, parts.send.click],
        asking.respond,
        [parts.box, parts.redo, parts.state, parts.way, *filters, parts.within],
        [parts.drawn, parts.state, parts.stop],
        trigger_mode="multiple",
        js=_SENT,
        **HEAVY,
    ).then(ended, parts.state, [parts.drawn, parts.stop], **AT_ONCE)
    parts.redraw.click(redrawn, parts.state, parts.drawn, **AT_ONCE)
    parts.stop.click(stops(asking.line), None, None, **AT_ONCE)
    gr.on([f.input for f in filters], _chips, filters, chips, **HEAVY)
    chips.input(_unchipped, [chips, *filters], [*filters, chips], **HEAVY)
    parts.unfilter.click(_unfiltered, None, [*filters, chips], **AT_ONCE)


def _on_moving(page: gr.Blocks, parts: _Parts, showing: "Showing") -> None:
    state, drawn, where = parts.state, parts.drawn, parts.where
    parts.again.click(showing.begin_again, state, None, **AT_ONCE).then(
        showing.emptied, None, [state, drawn, parts.box, parts.stop], **AT_ONCE
    )
    fetched = [parts.file, parts.address, parts.said]
    parts.export.click(showing.report, state, fetched, **AT_ONCE).then(
        None, [parts.address, parts.said], None, js=_FETCH
    )
    opened = [state, drawn, parts.stop, parts.redo, parts.said]
    parts.go.click(showing.opened, [where, state], opened, **AT_ONCE)
    # scoping.py fills the last filter
    arrived = [state, drawn, parts.told, parts.last, *parts.filters[:-1]]
    page.load(showing.arrive, [where, state], arrived, js=_NAMED, **AT_ONCE)
    page.load(showing.offer, None, parts.offers, **AT_ONCE)


@dataclass(frozen=True)
class Showing:
    """What the page shows but for answers: an empty one, one of the list, a file."""

    recorded: Recording
    history: History
    files: SessionFiles
    line: WaitingLine
    labelling: DraftSettings
    drawing: asyncio.Lock = field(default_factory=asyncio.Lock)

    def view(self, request: gr.Request) -> View:
        return self.recorded.assistant.view(viewer_of(request))

    async def begin_again(self, request: gr.Request, talk: Conversation) -> None:
        talk.over = True
        await stops(self.line)(request)

    def emptied(self, request: gr.Request) -> tuple[object, ...]:
        talk = Conversation()
        picture = whole(welcome(self.view(request)), talk)
        return talk, picture, "", gr.update(interactive=False)

    def opened(self, request: gr.Request, named: str, old: Conversation) -> tuple[object, ...]:
        """What is asked in the one left goes on, and is found in the list."""
        old.over = True
        talk, shown = self._opened(request, named, self.view(request))
        return talk, shown, gr.update(interactive=False), "", ""

    def arrive(self, request: gr.Request, named: str, old: Conversation) -> tuple[object, ...]:
        """Whoever was quicker and has asked already keeps what they asked."""
        owner, seen = owner_of(request), self.view(request)
        first = (gr.skip(), gr.skip()) if old.turns else self._opened(request, named, seen)
        last = foot(self.recorded.assistant, viewer_of(request))
        return *first, notice_list(self.history, owner, seen), last, *_offered(seen)

    def _opened(self, request: gr.Request, named: str, seen: View) -> tuple[Conversation, str]:
        """A stored conversation and its picture; an empty one where none is named or there."""
        empty = Conversation()
        if not named:
            return empty, whole(welcome(seen), empty)
        try:
            stored = self.history.conversations.load(owner_of(request), named[:64])
            self.recorded.log.record(entry_of(request, "open conversation", stored.about.id))
        except PolicyError as error:  # NotThere, or the file cannot be read
            return empty, whole(problem(error) + welcome(seen), empty)
        talk = reopened(stored, seen)
        return talk, opened(talk)

    async def offer(self, request: gr.Request) -> str:
        """Drawing examples may take seconds after the start; the page does not wait for them,
        and of many pages one draws and the others wait for it without a thread each."""
        async with self.drawing:
            return await asyncio.to_thread(examples, self.recorded.assistant, viewer_of(request))

    def report(self, request: gr.Request, talk: Conversation) -> tuple[object, str, str]:
        """The address of the conversation as a Word file; where the history does not hold all
        of it, such a file itself. A sentence when nothing was answered yet."""
        if not any(turn.answer for turn in talk.turns):
            nothing = element("p", both(*_NOTHING), class_="note", role="status")
            return gr.update(value=None), "", nothing
        if self._holds(owner_of(request), talk):
            return gr.update(value=None), f"/conversations/{talk.id}/export.docx", ""
        entry = entry_of(request, "export conversation", talk.id, kind="docx")
        self.recorded.log.record(entry)
        told = [
            Exchange(turn.question, "", Shown(turn.answer, turn.told, turn.hidden))
            for turn in as_seen(talk.turns, self.view(request))
            if turn.answer
        ]
        path = self.files.new(owner_of(request), f"{_UNTITLED}.docx")
        path.write_bytes(as_file("docx", _UNTITLED, told, self.labelling))
        return gr.update(value=str(path)), "", ""

    def _holds(self, owner: str, talk: Conversation) -> bool:
        if not talk.id or talk.has_gaps:
            return False
        try:
            self.history.conversations.require(owner, talk.id)
        except PolicyError:  # deleted meanwhile, or the file cannot be read
            return False
        return True


# --- filters --------------------------------------------------------------------------------------


def _offered(view: View) -> list[object]:
    return [gr.update(choices=found) for found in facets(view)]


def _chips(*chosen: list[str]) -> object:
    """The filters in force; unticking one removes it."""
    values = [value for values in chosen for value in values or ()]
    return gr.update(choices=values, value=values, visible=bool(values))


def _unchipped(kept: list[str], *chosen: list[str]) -> list[object]:
    left = [[value for value in values or () if value in kept] for values in chosen]
    return [*(gr.update(value=values) for values in left), _chips(*left)]


def _unfiltered() -> list[object]:
    return [*(gr.update(value=[]) for _ in (*_FILTERS, "collection")), _chips()]
