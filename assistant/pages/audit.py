"""核对: a text that somebody wrote, each title, number, quotation and figure with its verdict."""

import logging
import queue
import secrets
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.chat import Assistant
from assistant.drafting.audit import MAX_CHARACTERS, Claim, audit, summary
from assistant.drafting.reports import audit_report
from assistant.events import Event, Progress, Stage
from assistant.pages.answers import document_url, reference
from assistant.pages.labels import LABELS
from assistant.pages.markup import both, element, join, text
from assistant.pages.received import SessionFiles
from assistant.pages.shell import bar, foot, problem
from assistant.pages.users import owner_of
from vectorstore.errors import PolicyError
from vectorstore.text import squeeze

log = logging.getLogger(__name__)

ReadFile = Callable[[Path], str]

SIGNS = {
    "相符": ("✓", "good"),
    "不符": ("✗", "bad"),
    "已届满": ("!", "caution"),
    "未收录": ("?", "plain"),
}
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


def build(page: gr.Blocks, assistant: Assistant, read_file: ReadFile, files: SessionFiles) -> None:
    """Adds 核对 to the Blocks that is being built. `read_file` gives a document's text."""
    gr.HTML(bar("/audit"))
    box = gr.Textbox(label=LABELS("paste"), placeholder=LABELS("paste_hint"), lines=8,
                     max_lines=20, max_length=MAX_CHARACTERS, elem_id="paste")  # fmt: skip
    file = gr.File(label=LABELS("audit_file"), height=110, elem_id="audit-file")
    with gr.Row():
        start = gr.Button(LABELS("audit"), variant="primary", scale=0, elem_id="audit")
        report = gr.DownloadButton(LABELS("report"), visible=False, scale=0, elem_id="report")
    result = gr.HTML(elem_id="result")
    line = gr.HTML()

    def run(request: gr.Request, pasted: str, path: str | None) -> Iterator[tuple[object, object]]:
        owner = owner_of(request)

        def body() -> str:
            if pasted.strip() or not path:
                return pasted
            return read_file(files.check(owner, [path])[0])

        def saved(report: bytes) -> str:
            file = files.new(owner, "文稿核对报告.docx")
            file.write_bytes(report)
            return str(file)

        yield from _audit(assistant, body, saved)

    start.click(run, [box, file], [result, report], concurrency_limit=None, **_QUIET)
    page.load(lambda: foot(assistant), None, line, **_QUIET)


def _audit(
    assistant: Assistant, read: Callable[[], str], save: Callable[[bytes], str]
) -> Iterator[tuple[object, object]]:
    """Yields how far it is, then the claims and where the report was saved."""
    hidden = gr.update(visible=False)
    events: queue.Queue[Event | list[Claim] | Exception] = queue.Queue()
    body: list[str] = []

    def work() -> None:
        try:
            body.append(read())
            events.put(audit(body[0], assistant.evidence(Progress(events.put))))
        except Exception as error:  # handed to the page
            events.put(error)

    threading.Thread(target=work, daemon=True, name="audit").start()
    yield element("p", both("正在核对…", "Checking…"), role="status"), hidden
    while True:
        event = events.get()
        if isinstance(event, Stage):
            if event.name.startswith("核对"):
                yield element("p", text(f"正在{event.name}"), role="status"), hidden
            continue
        if isinstance(event, PolicyError):
            yield problem(str(event)), hidden
        elif isinstance(event, Exception):
            ticket = secrets.token_hex(4)
            log.error("[%s] an audit failed", ticket, exc_info=event)
            yield problem(f"核对时出错，文字已保留，可以再试；日志编号 {ticket}"), hidden
        elif isinstance(event, list):
            file = save(audit_report(body[0], event))
            yield result_html(body[0], event), gr.update(value=file, visible=True)
        return


def result_html(body: str, claims: Sequence[Claim]) -> str:
    """Counts, the text with its claims marked, and the doubtful ones with their passages."""
    faults = [claim for claim in claims if claim.is_fault]
    counts = element(
        "p", text(summary(claims)), class_="problem" if faults else "note", role="status"
    )
    listed = element("ol", join(map(_claim, faults)), class_="cards") if faults else ""
    return element(
        "div",
        counts
        + element("div", element("div", _marked(body, claims), class_="text")
                  + element("aside", listed, class_="sources open", aria_label="存疑之处"), class_="pair"),
        class_="audited",
    )  # fmt: skip


def _marked(body: str, claims: Sequence[Claim]) -> str:
    parts, at = [], 0
    for number, claim in enumerate(sorted(claims, key=lambda c: (c.start, -c.end))):
        if claim.start < at:
            continue
        sign, tone = SIGNS[claim.verdict]
        parts.append(text(body[at : claim.start]))
        parts.append(
            element("span", text(body[claim.start : claim.end])
                    + element("sup", text(sign), aria_hidden="true"),
                    class_=f"claim {tone}", title=f"{claim.verdict}：{claim.message}",
                    tabindex="0", id=f"claim-{number}")
        )  # fmt: skip
        at = claim.end
    return element("div", join(parts) + text(body[at:]), class_="audit-text")


def _claim(claim: Claim) -> str:
    sign, tone = SIGNS[claim.verdict]
    head = element("h3", element("span", text(sign), class_="number", aria_hidden="true")
                   + text(claim.text[:60]))  # fmt: skip
    verdict = element("span", text(f"{claim.kind} · {claim.verdict}"), class_=f"state {tone}")
    parts = [head, element("p", verdict + " " + text(claim.message), class_="facts")]
    if source := claim.source:
        parts.append(element("p", text(reference(source)), class_="path"))
        parts.append(element("blockquote", element("mark", text(squeeze(source.quote)))))
        link = element("a", both("打开原文", "Open document"), class_="tool open",
                       href=document_url(source), target="_blank")  # fmt: skip
        parts.append(element("div", link, class_="tools"))
    return element("li", join(parts), class_="card")
