"""问答: the conversation, its sources, and the question box."""

import logging
import secrets
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import gradio as gr

from assistant.answer import Answer, Mode
from assistant.chat import Assistant
from assistant.corpus import Scope
from assistant.drafting.reports import conversation_report
from assistant.events import Stage
from assistant.pages.answers import Turn, conversation
from assistant.pages.labels import LABELS
from assistant.pages.library import facets
from assistant.pages.markup import both, element, join, text
from assistant.pages.received import SessionFiles
from assistant.pages.shell import bar, foot
from assistant.pages.users import owner_of
from assistant.quoting import Quoter
from vectorstore.errors import PolicyError
from vectorstore.regions import short_name

log = logging.getLogger(__name__)

_TICK = 0.08  # seconds between two pictures of a text that is being written
_CONTEXT = 60  # characters of the source shown before and after a quote


@dataclass
class Conversation:
    """What one browser tab has asked so far. Lives in the session's state."""

    turns: list[Turn] = field(default_factory=list)
    around: dict[tuple[int, int], tuple[str, str]] = field(default_factory=dict)

    def questions(self) -> list[str]:
        return [turn.question for turn in self.turns if not turn.error]


def build(page: gr.Blocks, assistant: Assistant, files: SessionFiles) -> None:
    """Adds 问答 to the Blocks that is being built."""
    state = gr.State(Conversation())
    gr.HTML(bar("/"))
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
    line = gr.HTML()

    running: dict[str, threading.Event] = {}  # one question at a time in each tab

    def respond(
        request: gr.Request, question: str, talk: Conversation, way: str, *chosen: list[str]
    ) -> Iterator[tuple[object, ...]]:
        stopped = running[str(request.session_hash)] = threading.Event()
        try:
            mode: Mode = "model" if way == "model" else "extractive"
            yield from _respond(assistant, question, talk, mode, stopped, _scope(*chosen))
        finally:
            stopped.set()
            running.pop(str(request.session_hash), None)

    def halt(request: gr.Request) -> None:
        if stopped := running.get(str(request.session_hash)):
            stopped.set()

    outputs = [view, state, box, send, stop]
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    gr.on(
        [box.submit, send.click],
        respond,
        [box, state, way, *filters],
        outputs,
        concurrency_limit=None,
        **quiet,
    )
    stop.click(halt, None, None, queue=False, **quiet)
    again.click(halt, None, None, queue=False, **quiet).then(
        lambda: (Conversation(), welcome(assistant), ""),
        None,
        [state, view, box],
        **quiet,
    )
    gr.on([f.input for f in filters], _chips, filters, chips, **quiet)
    chips.input(_unchipped, [chips, *filters], [*filters, chips], **quiet)

    def report(request: gr.Request, talk: Conversation) -> object:
        return _report(files, owner_of(request), talk)

    export.click(report, state, file, **quiet).then(
        None, None, None, js="() => setTimeout(() => document.querySelector('#file')?.click(), 100)"
    )

    page.load(
        lambda: (welcome(assistant), foot(assistant), *_offered(assistant)),
        None, [view, line, *filters], **quiet,
    )  # fmt: skip
    # Drawing examples may take seconds after the start; the page does not wait for them.
    page.load(lambda: examples(assistant), None, offers, concurrency_limit=None, **quiet)


# --- filters --------------------------------------------------------------------------------------


def _offered(assistant: Assistant) -> list[object]:
    return [gr.update(choices=found) for found in facets(assistant.corpus())]


def _scope(
    regions: list[str], issuers: list[str], kinds: list[str], years: list[str], statuses: list[str]
) -> Scope:
    chosen = (regions, issuers, years, kinds, statuses)
    return Scope(*(tuple(values or ()) for values in chosen))


def _chips(*chosen: list[str]) -> object:
    """The filters in force; unticking one removes it."""
    values = [value for values in chosen for value in values or ()]
    return gr.update(choices=values, value=values, visible=bool(values))


def _unchipped(kept: list[str], *chosen: list[str]) -> list[object]:
    left = [[value for value in values or () if value in kept] for values in chosen]
    return [*(gr.update(value=values) for values in left), _chips(*left)]


def _respond(
    assistant: Assistant,
    question: str,
    talk: Conversation,
    mode: Mode,
    stopped: threading.Event,
    scope: Scope,
) -> Iterator[tuple[object, ...]]:
    """Yields what the page shows while a question is answered."""
    question = question.strip()
    if not question:
        yield gr.skip(), talk, gr.skip(), gr.skip(), gr.skip()
        return
    turn = Turn(len(talk.turns) + 1, question, stage="检索")
    talk = replace(talk, turns=[*talk.turns, turn])
    idle, busy = gr.update(interactive=True), gr.update(interactive=False)
    yield conversation(talk.turns, talk.around), talk, "", busy, idle
    shown = 0.0
    try:
        for event in assistant.stream(talk.questions(), mode, stopped, scope):
            if isinstance(event, Answer):
                turn = replace(turn, answer=event)
                talk.around.update(_around(assistant, turn))
            elif isinstance(event, Stage):
                turn = replace(turn, stage=event.name)
            else:
                turn = replace(turn, draft=turn.draft + event.text)
                if time.monotonic() - shown < _TICK:
                    continue
            shown = time.monotonic()
            talk.turns[-1] = turn
            yield conversation(talk.turns, talk.around), talk, gr.skip(), busy, idle
        if turn.answer is None:
            talk.turns[-1] = replace(turn, error="已停止。问题已保留，可以修改后再问。")
    except PolicyError as error:
        talk.turns[-1] = replace(turn, error=str(error))
    except Exception:  # the edge: the page must not hang, the log has the rest
        ticket = secrets.token_hex(4)
        log.exception("[%s] a question could not be answered", ticket)
        talk.turns[-1] = replace(
            turn, error=f"回答时出错，问题已保留，可以再问一次；日志编号 {ticket}"
        )
    yield conversation(talk.turns, talk.around), talk, gr.skip(), idle, busy


def _report(files: SessionFiles, owner: str, talk: Conversation) -> object:
    """The conversation as a Word file; nothing when nothing was answered yet."""
    answers = [turn.answer for turn in talk.turns if turn.answer]
    if not answers:
        return gr.update(value=None)
    path = files.new(owner, "问答记录.docx")
    path.write_bytes(conversation_report(answers))
    return gr.update(value=str(path))


def _around(assistant: Assistant, turn: Turn) -> dict[tuple[int, int], tuple[str, str]]:
    """The text around each quote, for its card."""
    quoter = Quoter(assistant.index)
    found = {}
    for citation in turn.answer.citations if turn.answer else ():
        source = quoter.source(citation.document_id)
        before = source[max(0, citation.start - _CONTEXT) : citation.start].split("\n")[-1]
        after = source[citation.end : citation.end + _CONTEXT].split("\n")[0]
        found[turn.number, citation.mark] = (before.lstrip(), after.rstrip())
    return found


# --- the empty page ---------------------------------------------------------------------------


def examples(assistant: Assistant) -> str:
    """Questions drawn from the corpus that do have answers."""
    items = join(
        element(
            "li",
            element("button", text(question), type="button", class_="example", data_ask=question),
        )
        for question in assistant.examples()
    )
    return element("div", element("ul", items), class_="offers") if items else ""


def welcome(assistant: Assistant) -> str:
    """What the corpus holds."""
    documents = assistant.corpus().documents
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
