"""问答: the conversation, its sources, and the question box."""

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import date

import gradio as gr

from assistant.answers.answer import Answer, Mode
from assistant.chat import Assistant, Request
from assistant.events import Delta, Event, Progress, Stage, Stopped
from assistant.export.reports import conversation_report
from assistant.history.history import History
from assistant.pages.conversation import Turn, conversation
from assistant.pages.filters import chosen_filter, facets
from assistant.pages.history import panel
from assistant.pages.labels import LABELS
from assistant.pages.markup import both, element, join, text
from assistant.pages.noting import note_answer
from assistant.pages.received import SessionFiles
from assistant.pages.remembering import Remembered, remember
from assistant.pages.running import AT_ONCE, HEAVY, place_line, run, stops, ticketed
from assistant.pages.saved import notice_list
from assistant.pages.shell import bar, foot, problem
from assistant.pages.talk import Around, Conversation, around, reopened
from assistant.people.log import Who
from assistant.people.person import Person
from assistant.people.viewer import entry_of, owner_of, person_of, viewer_of, who_of
from assistant.queueing import Crowded, Done, Place, WaitingLine
from assistant.recording import Recording
from assistant.settings import DraftSettings
from vectorstore.errors import PolicyError
from vectorstore.language.regions import short_name
from vectorstore.library import View
from vectorstore.models import Viewer

_STOPPED = "已停止。问题已保留，可以修改后再问。"
_TICK = 0.08  # seconds between two pictures of a text that is being written
# Of the browser: the conversation that an address names.
_NAMED = "() => [new URLSearchParams(location.search).get('c') || '', null]"


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
    assistant = recorded.assistant
    state = gr.State(Conversation())
    gr.HTML(bar("/"), elem_id="bar")
    gr.HTML(panel(), elem_id="history")
    told = gr.HTML(elem_id="notices")
    view = gr.HTML(elem_id="conversation")
    offers = gr.HTML(elem_id="examples")  # hidden by the style sheet once something was asked
    with gr.Row(elem_id="ask"):
        box = gr.Textbox(
            placeholder=LABELS("placeholder"),
            label=LABELS("question"),
            show_label=False,
            container=False,
            lines=1,
            max_lines=6,
            max_length=assistant.settings.max_question,
            autofocus=True,
            scale=8,
            elem_id="question",
        )
        send = gr.Button(LABELS("send"), variant="primary", scale=0, elem_id="send")
        stop = gr.Button(LABELS("stop"), scale=0, elem_id="stop", interactive=False)
        again = gr.Button(LABELS("again"), scale=0, elem_id="again")
        export = gr.Button(LABELS("export"), scale=0, elem_id="export")
    file = gr.DownloadButton("Word", elem_id="file")  # hidden; pressed when it holds a file
    chips = gr.CheckboxGroup(
        [], label=LABELS("chips"), visible=False, elem_id="chips", show_label=True
    )
    with gr.Accordion(LABELS("filters"), open=False, elem_id="scope"), gr.Row():
        filters = [
            gr.Dropdown(
                [], label=LABELS(name), multiselect=True, elem_id=f"by-{name}", min_width=150
            )
            for name in ("region", "issuer", "kind", "year", "status")
        ]
    way = gr.Radio(
        [(LABELS("extract"), "extractive"), (LABELS("generate"), "model")],
        value=assistant.mode,
        label=LABELS("way"),
        info=LABELS("way_hint"),
        visible=assistant.model is not None,
        elem_id="way",
    )
    last = gr.HTML()
    # Set and pressed by history.js: the turn that is asked anew, the conversation to open.
    redo = gr.Textbox(visible="hidden", elem_id="redo")
    where = gr.Textbox(visible="hidden", elem_id="where")
    go = gr.Button("", visible="hidden", elem_id="go")

    async def respond(
        request: gr.Request, question: str, anew: str, talk: Conversation, way: str,
        *chosen: list[str],
    ) -> AsyncGenerator[tuple[object, ...], None]:  # fmt: skip
        if not (question := question.strip()):
            yield gr.skip(), talk, gr.skip(), gr.skip(), gr.skip()
            return
        mode: Mode = "model" if way == "model" else "extractive"
        instead_of = talk.standing(anew)
        settings = {"mode": mode, "reader": assistant.reader.name, "filters": list(chosen)}
        # At once, not in a thread: two questions sent together are of one conversation.
        remembered = remember(history, owner_of(request), talk, question, settings, instead_of)
        talk.turns = talk.as_seen(assistant.view(viewer_of(request)))
        turn = replace(talk.add(question, instead_of), stored=remembered.stored)
        talk.put(turn)
        who, viewer = who_of(request), viewer_of(request)
        person = person_of(request)
        work = _Work(recorded, who, viewer, talk, turn, mode, chosen, remembered, person)
        yield _shown(talk, box="")
        shown = 0.0
        try:
            async with aclosing(run(line, request, work)) as events:
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
            turn = replace(turn, error=_said(error))
        finally:  # whoever closed the page left no half turn behind
            turn = turn if turn.answer or turn.error else replace(turn, error=_STOPPED)
            talk.put(turn)
            if turn.error:
                remembered.failed(turn.error)
        yield _shown(talk)

    async def begin_again(request: gr.Request, talk: Conversation) -> None:
        talk.over = True
        await stops(line)(request)

    # Another question while one is at work is not lost: it waits behind it.
    gr.on([box.submit, send.click], respond, [box, redo, state, way, *filters],
          [view, state, box, stop, redo], trigger_mode="multiple", **HEAVY,
          ).then(_as_it_is, state, [view, stop], **AT_ONCE)  # fmt: skip
    stop.click(stops(line), None, None, **AT_ONCE)

    def emptied(request: gr.Request) -> tuple[object, ...]:
        shown = welcome(assistant.view(viewer_of(request)))
        return Conversation(), shown, "", gr.update(interactive=False)

    again.click(begin_again, state, None, **AT_ONCE).then(
        emptied,
        None,
        [state, view, box, stop],
        **AT_ONCE,
    )
    gr.on([f.input for f in filters], _chips, filters, chips, **HEAVY)
    chips.input(_unchipped, [chips, *filters], [*filters, chips], **HEAVY)

    def report(request: gr.Request, talk: Conversation) -> object:
        recorded.log.record(entry_of(request, "export", "conversation", answers=len(talk.turns)))
        turns = talk.as_seen(assistant.view(viewer_of(request)))
        return _report(files, owner_of(request), turns, labelling)

    export.click(report, state, file, **AT_ONCE).then(
        None, None, None, js="() => setTimeout(() => document.querySelector('#file')?.click(), 100)"
    )

    def opened(request: gr.Request, named: str, old: Conversation) -> tuple[object, ...]:
        """What is asked in the one left goes on, and is found in the list."""
        old.over = True
        seen = assistant.view(viewer_of(request))
        talk, shown = _opened(history, owner_of(request), named, seen)
        return talk, shown, gr.update(interactive=False), ""

    go.click(opened, [where, state], [state, view, stop, redo], **AT_ONCE)

    def arrive(request: gr.Request, named: str, old: Conversation) -> tuple[object, ...]:
        """Whoever was quicker and has asked already keeps what they asked."""
        viewer, owner = viewer_of(request), owner_of(request)
        seen = assistant.view(viewer)
        first = (gr.skip(), gr.skip()) if old.turns else _opened(history, owner, named, seen)
        return *first, notice_list(history, owner, seen), foot(assistant, viewer), *_offered(seen)

    page.load(arrive, [where, state], [state, view, told, last, *filters], js=_NAMED, **AT_ONCE)
    drawing = asyncio.Lock()

    async def offer(request: gr.Request) -> str:
        """Drawing examples may take seconds after the start; the page does not wait for them,
        and of many pages one draws and the others wait for it without a thread each."""
        async with drawing:
            return await asyncio.to_thread(examples, assistant, viewer_of(request))

    page.load(offer, None, offers, **AT_ONCE)


def _opened(history: History, owner: str, named: str, seen: View) -> tuple[Conversation, str]:
    """A stored conversation and its picture; an empty one where none is named or there."""
    if not named:
        return Conversation(), welcome(seen)
    try:
        talk = reopened(history.conversations.load(owner, named[:64]), seen)
    except PolicyError as error:  # NotThere, or the file cannot be read
        return Conversation(), problem(str(error)) + welcome(seen)
    return talk, conversation(talk.turns, talk.around, talk.id)


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


# --- a question -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Work:
    """Answers one turn, in a thread. What was asked before is read when it begins: questions
    that it waited for are answered by then."""

    recorded: Recording
    who: Who
    viewer: Viewer
    talk: Conversation
    turn: Turn
    mode: Mode
    chosen: tuple[list[str], ...]
    remembered: Remembered
    person: Person

    def __call__(self, progress: Progress) -> tuple[Answer, Around]:
        asked = Request(
            tuple(self.talk.questions(self.turn)),
            self.viewer,
            date.today(),
            chosen_filter(*(values or () for values in self.chosen)),
            self.mode,
            progress,
        )
        answer = self.recorded.ask(self.who, asked)
        view = self.recorded.assistant.view(self.viewer)
        note_answer(self.recorded.assistant, self.person, asked.turns, answer)
        self.remembered.answered(answer, view.generation)
        return answer, around(view, self.turn.number, answer)


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
        return str(error)
    ticket = ticketed("a question could not be answered", error)
    return f"回答时出错，问题已保留，可以再问一次；日志编号 {ticket}"


def _shown(talk: Conversation, box: object = None) -> tuple[object, ...]:
    """Values for the conversation, its state, the box, 停止, and the turn that is asked anew;
    nothing of one that is over."""
    if talk.over:
        return gr.skip(), gr.skip(), gr.skip(), gr.skip(), gr.skip()
    emptied = gr.skip() if box is None else box
    return _drawn(talk), talk, emptied, gr.update(interactive=talk.is_busy), emptied


def _drawn(talk: Conversation) -> str:
    """The conversation, and why it is not kept where it is not."""
    unsaved = problem(talk.unsaved) if talk.unsaved else ""
    return conversation(talk.turns, talk.around, talk.id) + unsaved


def _as_it_is(talk: Conversation) -> tuple[object, ...]:
    """Gradio ends an event by sending its last picture once more, and by then another event of
    the tab may have drawn a newer one: values for the conversation and 停止."""
    if not talk.crossed:
        return gr.skip(), gr.skip()
    talk.crossed = talk.is_busy
    return _drawn(talk), gr.update(interactive=talk.is_busy)


def _report(
    files: SessionFiles, owner: str, turns: Sequence[Turn], labelling: DraftSettings
) -> object:
    """The conversation as a Word file; nothing when nothing was answered yet."""
    answers = [turn.answer for turn in turns if turn.answer]
    if not answers:
        return gr.update(value=None)
    path = files.new(owner, "问答记录.docx")
    path.write_bytes(conversation_report(answers, labelling))
    return gr.update(value=str(path))


# --- the empty page ---------------------------------------------------------------------------


def examples(assistant: Assistant, viewer: Viewer) -> str:
    """Questions drawn from what somebody sees that do have answers."""
    items = join(
        element(
            "li",
            element("button", text(question), type="button", class_="example", data_ask=question),
        )
        for question in assistant.examples(viewer)
    )
    return element("div", element("ul", items), class_="offers") if items else ""


def welcome(view: View) -> str:
    """What the corpus holds."""
    documents = view.documents()
    if not documents:
        hint = both(
            "资料库还是空的。请到“文件库”上传文件，或在命令行运行 python -m ingest 文件夹。",
            "The corpus is empty. Upload documents in the library, or run python -m ingest FOLDER.",
        )
        return element(
            "div",
            element("h2", both("还没有文件", "No documents yet")) + element("p", hint),
            class_="welcome",
        )
    places = list(
        dict.fromkeys(short_name(d.metadata.region[-1]) for d in documents if d.metadata.region)
    )
    years = sorted(
        {
            day.year
            for d in documents
            for day in (d.metadata.date_written, d.metadata.date_published)
            if day
        }
    )
    span = f"{years[0]}—{years[-1]} 年" if len(years) > 1 else f"{years[0]} 年" if years else ""
    facts = "，".join(filter(None, (f"{len(documents)} 份文件", "、".join(places[:8]), span)))
    return element(
        "div",
        element("h2", both("问政策文件", "Ask the policy documents"))
        + element("p", both(f"资料库现有 {facts}。回答的每句话都注明出处，点编号看原文。",
                            f"{len(documents)} documents. Every sentence cites its passage; click a number to see it.")),
        class_="welcome",
    )  # fmt: skip
