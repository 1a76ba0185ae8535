"""问答: the conversation, its sources, and the question box."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import date

import gradio as gr

from assistant.answers.answer import Answer, Mode
from assistant.chat import Assistant, Request
from assistant.cite.quote import Quoter
from assistant.events import Delta, Event, Progress, Stage, Stopped
from assistant.export.reports import conversation_report
from assistant.pages.conversation import Turn, conversation
from assistant.pages.filters import chosen_filter, facets
from assistant.pages.labels import LABELS
from assistant.pages.markup import both, element, join, text
from assistant.pages.noting import note_answer
from assistant.pages.received import SessionFiles
from assistant.pages.running import AT_ONCE, HEAVY, place_line, run, stops, ticketed
from assistant.pages.shell import bar, foot
from assistant.people.person import Person
from assistant.people.viewer import owner_of, person_of, viewer_of
from assistant.queueing import Crowded, Done, Place, WaitingLine
from vectorstore.errors import PolicyError
from vectorstore.language.regions import short_name
from vectorstore.library import View
from vectorstore.models import Viewer

Around = dict[tuple[int, int], tuple[str, str]]

_STOPPED = "已停止。问题已保留，可以修改后再问。"
_TICK = 0.08  # seconds between two pictures of a text that is being written
_CONTEXT = 60  # characters of the source shown before and after a quote


@dataclass
class Conversation:
    """What one browser tab has asked so far. Lives in the session's state, where questions that
    are asked while others wait all work on the same one."""

    turns: list[Turn] = field(default_factory=list)
    around: Around = field(default_factory=dict)
    over: bool = False  # another has begun in its place
    crossed: bool = False  # a question was asked while another was at work

    def add(self, question: str) -> Turn:
        self.crossed = self.crossed or self.is_busy
        turn = Turn(len(self.turns) + 1, question, stage="检索")
        self.turns.append(turn)
        return turn

    def put(self, turn: Turn) -> None:
        self.turns[turn.number - 1] = turn

    def questions(self, turn: Turn) -> list[str]:
        """What was asked, up to `turn`."""
        before = self.turns[: turn.number - 1]
        return [*(t.question for t in before if not t.error), turn.question]

    @property
    def is_busy(self) -> bool:
        return any(turn.answer is None and not turn.error for turn in self.turns)


def build(page: gr.Blocks, assistant: Assistant, files: SessionFiles, line: WaitingLine) -> None:
    """Adds 问答 to the Blocks that is being built."""
    state = gr.State(Conversation())
    gr.HTML(bar("/"), elem_id="bar")
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

    async def respond(
        request: gr.Request, question: str, talk: Conversation, way: str, *chosen: list[str]
    ) -> AsyncGenerator[tuple[object, ...], None]:
        if not (question := question.strip()):
            yield gr.skip(), talk, gr.skip(), gr.skip()
            return
        turn = talk.add(question)
        mode: Mode = "model" if way == "model" else "extractive"
        work = _Work(assistant, viewer_of(request), talk, turn, mode, chosen, person_of(request))
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
            talk.put(turn if turn.answer or turn.error else replace(turn, error=_STOPPED))
        yield _shown(talk)

    async def begin_again(request: gr.Request, talk: Conversation) -> None:
        talk.over = True
        await stops(line)(request)

    # Another question while one is at work is not lost: it waits behind it.
    gr.on([box.submit, send.click], respond, [box, state, way, *filters], [view, state, box, stop],
          trigger_mode="multiple", **HEAVY).then(_as_it_is, state, [view, stop], **AT_ONCE)  # fmt: skip
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
        return _report(files, owner_of(request), talk)

    export.click(report, state, file, **AT_ONCE).then(
        None, None, None, js="() => setTimeout(() => document.querySelector('#file')?.click(), 100)"
    )

    def arrive(request: gr.Request) -> tuple[object, ...]:
        viewer = viewer_of(request)
        seen = assistant.view(viewer)
        return welcome(seen), foot(assistant, viewer), *_offered(seen)

    page.load(arrive, None, [view, last, *filters], **AT_ONCE)
    drawing = asyncio.Lock()

    async def offer(request: gr.Request) -> str:
        """Drawing examples may take seconds after the start; the page does not wait for them,
        and of many pages one draws and the others wait for it without a thread each."""
        async with drawing:
            return await asyncio.to_thread(examples, assistant, viewer_of(request))

    page.load(offer, None, offers, **AT_ONCE)


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

    assistant: Assistant
    viewer: Viewer
    talk: Conversation
    turn: Turn
    mode: Mode
    chosen: tuple[list[str], ...]
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
        answer = self.assistant.chain.invoke(asked)
        note_answer(self.assistant, self.person, answer)
        return answer, _around(self.assistant.view(self.viewer), self.turn.number, answer)


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
    """Values for the conversation, its state, the box and 停止; nothing of one that is over."""
    if talk.over:
        return gr.skip(), gr.skip(), gr.skip(), gr.skip()
    return (
        conversation(talk.turns, talk.around),
        talk,
        gr.skip() if box is None else box,
        gr.update(interactive=talk.is_busy),
    )


def _as_it_is(talk: Conversation) -> tuple[object, ...]:
    """Gradio ends an event by sending its last picture once more, and by then another event of
    the tab may have drawn a newer one: values for the conversation and 停止."""
    if not talk.crossed:
        return gr.skip(), gr.skip()
    talk.crossed = talk.is_busy
    return conversation(talk.turns, talk.around), gr.update(interactive=talk.is_busy)


def _report(files: SessionFiles, owner: str, talk: Conversation) -> object:
    """The conversation as a Word file; nothing when nothing was answered yet."""
    answers = [turn.answer for turn in talk.turns if turn.answer]
    if not answers:
        return gr.update(value=None)
    path = files.new(owner, "问答记录.docx")
    path.write_bytes(conversation_report(answers))
    return gr.update(value=str(path))


def _around(view: View, number: int, answer: Answer) -> Around:
    """The text around each quote of an answer, for its card."""
    quoter = Quoter(view)
    found = {}
    for citation in answer.citations:
        source = quoter.source(citation.document_id)
        before = source[max(0, citation.start - _CONTEXT) : citation.start].split("\n")[-1]
        after = source[citation.end : citation.end + _CONTEXT].split("\n")[0]
        found[number, citation.mark] = (before.lstrip(), after.rstrip())
    return found


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
