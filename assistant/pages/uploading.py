"""文件库: uploads as they are taken in, and what became of each."""

import queue
import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import gradio as gr

from assistant.failing import ticketed
from assistant.intake import Ingest, UploadResult
from assistant.pages.allowed import may_open
from assistant.pages.markup import both, element, join, text
from assistant.pages.report_rows import Row, report_table
from assistant.pages.shell import problem
from assistant.people.person import Person
from vectorstore.errors import PolicyError
from vectorstore.models import Audience, Viewer
from vectorstore.pace import Pace


@dataclass(frozen=True, slots=True)
class _Step:
    """How far an upload is."""

    done: int
    total: int
    waits: bool
    pace: Pace = Pace()


def upload(
    paths: list[str] | None,
    ingest: Ingest,
    audience: Audience,
    viewer: Viewer,
    noted: AbstractContextManager[None],
) -> Iterator[tuple[object, object]]:
    """Takes files in within `noted`, telling how far it is; a row for each file at the end."""
    if not paths:
        yield gr.skip(), gr.skip()
        return
    events: queue.Queue[_Step | Sequence[UploadResult] | Exception] = queue.Queue()
    files = [Path(path) for path in paths]

    def tell(done: int, total: int, *, waits: bool = False, pace: Pace = Pace()) -> None:
        events.put(_Step(done, total, waits, pace))

    def work() -> None:
        try:
            with noted:
                results = ingest(files, tell, audience=audience, viewer=viewer)
            events.put(results)
        except Exception as error:  # handed to the page
            events.put(error)

    threading.Thread(target=work, daemon=True, name="upload").start()
    event: _Step | Sequence[UploadResult] | Exception = _Step(0, len(files), False)
    while isinstance(event, _Step):
        yield _working(event), gr.skip()
        event = events.get()
    yield _outcome(event), gr.update(value=None)


def _working(step: _Step) -> str:
    if step.waits:
        words = both(
            "正在等另一项导入完成；文件已保存，轮到时自动入库",
            "Waiting for another import; your files are kept and will follow",
        )
        return element("p", words + " " + element("progress"), role="status")
    bar_ = element("progress", "", max=step.total, value=step.done)
    zh, en = (f"（{said}）" if said else "" for said in step.pace.said)
    words = both(
        f"正在入库：{step.done} / {step.total}{zh}", f"Ingesting: {step.done} / {step.total}{en}"
    )
    return element("p", words + " " + bar_, role="status")


def news(sentence: str, person: Person | None = None) -> str:
    """What somebody should know when they come, and where to go on from here."""
    told = element("p", text(sentence), class_="note", role="status") if sentence else ""
    return told + (_ways(person) if person else "")


_WAYS = (
    ("/imports", "入库报告", "What came in"),
    ("/metadata", "改正过的文件信息", "Corrected metadata"),
    ("/followed", "文件夹跟踪", "Followed folder"),
)


def _ways(person: Person) -> str:
    links = (
        element("a", both(zh, en), class_="tool", href=path)
        for path, zh, en in _WAYS
        if may_open(person, path)
    )
    return element("p", join(links), class_="tools")


def _outcome(event: Sequence[UploadResult] | Exception) -> str:
    if isinstance(event, PolicyError):
        return problem(str(event))
    if isinstance(event, Exception):
        ticket = ticketed("an upload failed", event)
        return problem(f"入库时出错，日志编号 {ticket}；已入库的文件不受影响，没入库的稍后自动补入")
    rows = [
        Row(
            PurePosixPath(r.path).name, r.action, r.documents, r.passages, r.same_as, r.namesake,
            r.warning,
        )
        for r in event
    ]  # fmt: skip
    report = next((r.report for r in event if r.report), "")
    kept = both("这份报告已保存，可随时再看", "This report is kept")
    link = element("a", kept, href=f"/imports/{report}", target="_blank")
    return report_table(rows) + (element("p", link, class_="note") if report else "")
