"""文件库: uploads as they are taken in, and what became of each."""

import logging
import queue
import secrets
import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Protocol

import gradio as gr

from assistant.pages.markup import both, element, join, text
from assistant.pages.shell import problem
from vectorstore.corrections import Correction
from vectorstore.errors import PolicyError
from vectorstore.models import PUBLIC, Audience, Viewer

log = logging.getLogger(__name__)

ACTIONS = {
    "added": ("已入库", "added"),
    "same": ("已在库中", "already held"),
    "received": ("已收到", "received"),
    "failed": ("失败", "failed"),
}


class UploadResult(Protocol):
    """What became of one upload (ingest.uploads.UploadResult)."""

    @property
    def path(self) -> str: ...
    @property
    def action(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def passages(self) -> int: ...


class OnProgress(Protocol):
    """Is told how far an upload is; `waits` while another import is at work."""

    def __call__(self, done: int, total: int, *, waits: bool = False) -> None: ...


class Ingest(Protocol):
    """What the page needs of the other side (ingest.uploads.Uploads)."""

    def __call__(
        self,
        paths: Sequence[Path],
        on_progress: OnProgress,
        *,
        audience: Audience = PUBLIC,
        viewer: Viewer,
    ) -> Sequence[UploadResult]:
        """Stores the files of `viewer` and takes them in for `audience`, however long another
        import takes."""

    def delete(self, document_id: str) -> Sequence[str]:
        """Deletes a document; the files of it that stay on disk. Raises PolicyError."""

    def correct(self, made: Sequence[Correction]) -> None:
        """Keeps what somebody corrected of one document. Raises PolicyError."""

    def notice(self, viewer: Viewer) -> str:
        """What became of uploads of theirs that were cut off before the program started, or ''."""


@dataclass(frozen=True, slots=True)
class _Step:
    """How far an upload is."""

    done: int
    total: int
    waits: bool


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

    def tell(done: int, total: int, *, waits: bool = False) -> None:
        events.put(_Step(done, total, waits))

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
    words = both(f"正在入库：{step.done} / {step.total}", f"Ingesting: {step.done} / {step.total}")
    return element("p", words + " " + bar_, role="status")


def news(sentence: str) -> str:
    return element("p", text(sentence), class_="note", role="status") if sentence else ""


def _outcome(event: Sequence[UploadResult] | Exception) -> str:
    if isinstance(event, PolicyError):
        return problem(str(event))
    if isinstance(event, Exception):
        ticket = secrets.token_hex(4)
        log.error("[%s] an upload failed", ticket, exc_info=event)
        return problem(
            f"入库时出错，日志编号 {ticket}；已入库的文件不受影响，没入库的下次启动时补入"
        )
    items = join(
        element(
            "tr",
            element("td", text(PurePosixPath(result.path).name))
            + element("td", both(*ACTIONS[result.action]))
            + element("td", text(_said_of(result))),
            class_=result.action,
        )
        for result in event
    )
    head = element("tr", join(element("th", both(*label)) for label in
                              (("文件", "File"), ("结果", "Result"), ("说明", "Note"))))  # fmt: skip
    return element(
        "div",
        element("table", element("thead", head) + element("tbody", items)),
        class_="table-wrap",
    )


def _said_of(result: UploadResult) -> str:
    passages = f"{result.passages} 段" if result.passages else ""
    return "；".join(filter(None, (passages, result.reason)))
