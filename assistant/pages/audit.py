"""核对: a text that somebody wrote, each title, number, quotation and figure with its verdict."""

import hashlib
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import gradio as gr

from assistant.audit.audit import MAX_CHARACTERS, Claim, audit, summary
from assistant.audit.organs import known_organs
from assistant.chat import Assistant
from assistant.cite.citation import reference
from assistant.events import Progress, Stage, Stopped
from assistant.export.reports import audit_report
from assistant.pages.cards import document_url
from assistant.pages.labels import LABELS
from assistant.pages.markup import both, element, join, text
from assistant.pages.received import SessionFiles
from assistant.pages.running import AT_ONCE, HEAVY, place_line, run, stops, ticketed
from assistant.pages.shell import bar, foot, problem
from assistant.people.log import AuditLog, Entry, recorded
from assistant.people.viewer import entry_of, owner_of, viewer_of
from assistant.proofreading.proofread import mended, proofread
from assistant.proofreading.rule import Slip
from assistant.queueing import Crowded, Done, Place, WaitingLine
from vectorstore.errors import PolicyError
from vectorstore.language.text import squeeze

ReadFile = Callable[[Path], str]

SIGNS = {
    "相符": ("✓", "good"),
    "不符": ("✗", "bad"),
    "已失效": ("!", "caution"),
    "未收录": ("?", "plain"),
}


@dataclass(frozen=True, slots=True)
class Read:
    """A text that was proofread, and its slips as they stand in it now."""

    text: str = ""
    slips: tuple[Slip, ...] = ()


@dataclass(frozen=True, slots=True)
class Desk:
    """What a text is checked with."""

    assistant: Assistant
    read_file: ReadFile
    files: SessionFiles
    line: WaitingLine
    log: AuditLog

    def check(
        self, request: gr.Request, pasted: str, path: str | None, progress: Progress
    ) -> tuple[str, str, Read]:
        """The result as HTML, the path of the report, and the text with its slips."""
        owner = owner_of(request)
        body = pasted
        if path and not pasted.strip():
            body = self.read_file(self.files.check(owner, [path])[0])
        with recorded(self.log, _entry(request, body, path)):
            evidence = self.assistant.evidence(self.assistant.view(viewer_of(request)), progress)
            claims = audit(body, evidence)
            found = Read(body, proofread(body, known_organs(evidence)))
            saved = self.files.new(owner, "文稿核对报告.docx")
            saved.write_bytes(audit_report(body, claims, found.slips))
        return result_html(body, claims), str(saved), found

    async def checked(
        self, request: gr.Request, pasted: str, path: str | None
    ) -> AsyncGenerator[tuple[object, ...], None]:
        """Values for the result, the two buttons, the report and what was proofread, as they come."""
        yield _busy(element("p", both("正在核对…", "Checking…"), role="status"))
        work = partial(self.check, request, pasted, path)
        try:
            async with aclosing(run(self.line, request, work)) as events:
                async for event in events:
                    if isinstance(event, Done):
                        shown, saved, found = event.value
                        file = gr.update(value=saved, visible=True)
                        yield *_idle(shown), file, *shown_slips(found), found
                    elif isinstance(event, Place):
                        yield _busy(place_line(event))
                    elif isinstance(event, Stage) and event.name.startswith("核对"):
                        yield _busy(element("p", text(f"正在{event.name}"), role="status"))
        except Exception as error:  # the edge: the page must not hang
            none = Read()
            yield *_idle(problem(_said(error))), gr.update(visible=False), *shown_slips(none), none


def build(page: gr.Blocks, desk: Desk) -> None:
    """Adds 核对 to the Blocks that is being built."""
    gr.HTML(bar("/audit"), elem_id="bar")
    box = gr.Textbox(label=LABELS("paste"), placeholder=LABELS("paste_hint"), lines=8,
                     max_lines=20, max_length=MAX_CHARACTERS, elem_id="paste")  # fmt: skip
    file = gr.File(label=LABELS("audit_file"), height=140, elem_id="audit-file")
    with gr.Row():
        start = gr.Button(LABELS("audit"), variant="primary", scale=0, elem_id="audit")
        stop = gr.Button(LABELS("stop"), scale=0, elem_id="stop", interactive=False)
        report = gr.DownloadButton(LABELS("report"), visible=False, scale=0, elem_id="report")
    result = gr.HTML(elem_id="result")
    proof = gr.HTML(elem_id="proof")
    slips = gr.CheckboxGroup(label=LABELS("mend"), visible=False, elem_id="slips")
    all_slips = gr.Button(LABELS("mend_all"), visible=False, scale=0, elem_id="mend-all")
    read = gr.State(Read())
    last = gr.HTML()

    async def check(
        request: gr.Request, pasted: str, path: str | None
    ) -> AsyncGenerator[tuple[object, ...], None]:
        async with aclosing(desk.checked(request, pasted, path)) as shown:
            async for values in shown:
                yield values

    def arrive(request: gr.Request) -> str:
        return foot(desk.assistant, viewer_of(request))

    listed = [proof, slips, all_slips, read]
    start.click(check, [box, file], [result, start, stop, report, *listed], **HEAVY)
    slips.input(_mend, [read, slips], [box, *listed], **AT_ONCE)
    all_slips.click(_mend_all, [read], [box, *listed], **AT_ONCE)
    stop.click(stops(desk.line), None, None, **AT_ONCE)
    page.load(arrive, None, last, **AT_ONCE)


def _mend(now: Read, chosen: Sequence[int]) -> tuple[object, ...]:
    """The text with what was clicked put right, and what is left."""
    text, left = mended(now.text, now.slips, frozenset(chosen))
    after = Read(text, left)
    return text, *shown_slips(after), after


def _mend_all(now: Read) -> tuple[object, ...]:
    return _mend(now, range(len(now.slips)))


def _entry(request: gr.Request, body: str, path: str | None) -> Entry:
    """Which text is checked: its name and fingerprint, never what stands in it."""
    print_ = hashlib.sha256(body.encode("utf-8", "replace")).hexdigest()
    name = Path(path).name if path else ""
    return entry_of(request, "audit text", file=name, sha256=print_, characters=len(body))


def _busy(shown: str) -> tuple[object, ...]:
    """Values for the result, the two buttons, the report and what was proofread."""
    idle, busy = gr.update(interactive=True), gr.update(interactive=False)
    hidden = gr.update(visible=False)
    return shown, busy, idle, hidden, "", hidden, hidden, Read()


def _idle(shown: str) -> tuple[object, ...]:
    return shown, gr.update(interactive=True), gr.update(interactive=False)


def _said(error: Exception) -> PolicyError:
    """What the page says in place of a result."""
    if isinstance(error, Stopped):
        return PolicyError("已停止。文字已保留。", "Stopped. The text is kept.")
    if isinstance(error, Crowded):
        return PolicyError(f"{error}；文字已保留", f"{error.english}; the text is kept")
    if isinstance(error, PolicyError):
        return error
    ticket = ticketed("an audit failed", error)
    return PolicyError(
        f"核对时出错，文字已保留，可以再试；日志编号 {ticket}",
        f"Checking failed; the text is kept, try again. Number of the log: {ticket}",
    )


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


_MOST_SLIPS = 200  # that a page lists at a time


def shown_slips(read: Read) -> tuple[object, ...]:
    """Values for the account of the slips, the list of those with a repair, and 全部改正."""
    if not read.text:
        return "", gr.update(visible=False), gr.update(visible=False)
    choices = [(_choice(slip), n) for n, slip in enumerate(read.slips) if slip.right is not None]
    has = bool(choices)
    listed = gr.update(choices=choices[:_MOST_SLIPS], value=[], visible=has)
    return proof_html(read, len(choices)), listed, gr.update(visible=has)


def _choice(slip: Slip) -> str:
    right = slip.right or "（删去）"
    wrong = slip.wrong if slip.wrong.strip() else "（空格）"
    return f"{wrong[:40]} → {right[:40]}　{slip.rule}：{slip.why}"


def proof_html(read: Read, with_repair: int) -> str:
    """How many slips there are, and those that only whoever wrote the text can put right."""
    count = len(read.slips)
    said = (
        f"文字校对：{count} 处，其中 {with_repair} 处可以一键改正。"
        if count
        else "文字校对：没有需要改的地方。"
    )
    if with_repair > _MOST_SLIPS:
        said += f"先列出 {_MOST_SLIPS} 处，改正后列出其余。"
    asked = [slip for slip in read.slips if slip.right is None]
    items = [
        element("li", element("h3", text(slip.wrong[:60]))
                + element("p", text(f"{slip.rule}：{slip.why}；请人工确认"), class_="facts"), class_="card")
        for slip in asked[:_MOST_SLIPS]
    ]  # fmt: skip
    cards = element("ol", join(items), class_="cards") if items else ""
    return element("p", text(said), class_="note", role="status") + cards


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
    parts = [head, element("p", verdict + " " + text(claim.advice), class_="facts")]
    if source := claim.source:
        parts.append(element("p", text(reference(source)), class_="path"))
        parts.append(element("blockquote", element("mark", text(squeeze(source.quote)))))
        link = element("a", both("打开原文", "Open document"), class_="tool open",
                       href=document_url(source), target="_blank")  # fmt: skip
        parts.append(element("div", link, class_="tools"))
    return element("li", join(parts), class_="card")
