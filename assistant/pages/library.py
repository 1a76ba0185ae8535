"""文件库: the documents of the corpus, uploading, looking closer, deleting."""

import logging
import queue
import secrets
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

import gradio as gr

from assistant.chat import Assistant
from assistant.pages.filters import chosen_filter, facets
from assistant.pages.labels import LABELS
from assistant.pages.markup import both, element, join, text
from assistant.pages.received import SessionFiles
from assistant.pages.shell import bar, foot, problem
from assistant.people.viewer import owner_of, viewer_of
from assistant.understand.corpus import date_of
from vectorstore.errors import PolicyError
from vectorstore.files.labels import shown_path
from vectorstore.language.text import fold
from vectorstore.library import View
from vectorstore.models import DocumentSummary

log = logging.getLogger(__name__)

COLUMNS = ["标题", "发文字号", "发文机关", "日期", "地区", "文种", "状态", "段落"]
SHOWN = 300  # rows; filters narrow down to the rest
ALL = "全部"
ACTIONS = {
    "added": ("已入库", "added"),
    "same": ("已在库中", "already held"),
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

    def __call__(self, paths: Sequence[Path], on_progress: OnProgress) -> Sequence[UploadResult]:
        """Stores files and takes them in, however long another import takes."""

    def delete(self, document_id: str) -> Sequence[str]:
        """Deletes a document; the files of it that stay on disk. Raises PolicyError."""

    def notice(self) -> str:
        """What became of uploads that were cut off before the program started, or ''."""


def build(page: gr.Blocks, assistant: Assistant, ingest: Ingest, received: SessionFiles) -> None:
    """Adds 文件库 to the Blocks that is being built."""
    gr.HTML(bar("/library"), elem_id="bar")
    chosen = gr.State("")
    with gr.Row(elem_id="filters"):
        words = gr.Textbox(label=LABELS("search"), placeholder=LABELS("search_hint"), scale=3)
        region = gr.Dropdown([ALL], value=ALL, label=LABELS("region"), scale=1)
        issuer = gr.Dropdown([ALL], value=ALL, label=LABELS("issuer"), scale=1)
        kind = gr.Dropdown([ALL], value=ALL, label=LABELS("kind"), scale=1)
        year = gr.Dropdown([ALL], value=ALL, label=LABELS("year"), scale=1)
        status = gr.Dropdown([ALL], value=ALL, label=LABELS("status"), scale=1)
    count = gr.HTML()
    rows = gr.Dataframe(
        headers=COLUMNS,
        datatype=["str"] * 7 + ["number"],
        interactive=False,
        wrap=True,
        max_height=460,
        show_label=False,
        elem_id="documents",
        column_widths=["34%", "13%", "15%", "9%", "9%", "8%", "8%", "4%"],
    )
    shown = gr.State([])  # ids of the rows, in their order
    detail = gr.HTML(elem_id="detail")
    with gr.Row(elem_id="delete-row"):
        delete = gr.Button(LABELS("delete"), interactive=False, elem_id="delete", scale=0)
        confirm = gr.Button(
            LABELS("confirm"), variant="stop", visible=False, elem_id="confirm", scale=0
        )
        keep = gr.Button(LABELS("keep"), visible=False, elem_id="keep", scale=0)
    with gr.Accordion(LABELS("upload"), open=True):
        files = gr.File(label=LABELS("drop"), file_count="multiple", elem_id="upload", height=140)
        report = gr.HTML(elem_id="report")
    line = gr.HTML()

    filters = [words, region, issuer, kind, year, status]
    listing = [rows, shown, count]
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}

    def seen_by(request: gr.Request) -> View:
        return assistant.view(viewer_of(request))

    def listed(request: gr.Request, *values: Any) -> tuple[object, list[str], str]:
        return list_documents(seen_by(request), *values)

    def reload(request: gr.Request, *values: Any) -> tuple[object, ...]:
        found, ids, line = listed(request, *values)
        return found, ids, _news(ingest.notice()) + line, foot(assistant, viewer_of(request))

    def offered(request: gr.Request) -> tuple[object, ...]:
        return choices(seen_by(request))

    page.load(offered, None, filters[1:], queue=False, **quiet)
    page.load(reload, filters, [*listing, line], queue=False, **quiet)
    gr.on(
        [c.change for c in filters], listed, filters, listing, trigger_mode="always_last", **quiet
    )

    def look(request: gr.Request, event: gr.SelectData, ids: list[str]) -> tuple[object, ...]:
        identifier = ids[event.index[0]] if event.index[0] < len(ids) else ""
        return (
            identifier,
            describe(seen_by(request), identifier),
            gr.update(interactive=bool(identifier)),
            *_asked(False),
        )

    rows.select(look, [shown], [chosen, detail, delete, confirm, keep], **quiet)

    def ask_first(request: gr.Request, identifier: str) -> tuple[object, ...]:
        return _question(seen_by(request), identifier), *_asked(True)

    def let_be(request: gr.Request, identifier: str) -> tuple[object, ...]:
        return describe(seen_by(request), identifier), *_asked(False)

    def remove(request: gr.Request, identifier: str) -> tuple[object, ...]:
        said = _delete(seen_by(request), ingest, identifier)
        return said, "", gr.update(interactive=False), *_asked(False)

    delete.click(ask_first, chosen, [detail, confirm, keep], **quiet)
    keep.click(let_be, chosen, [detail, confirm, keep], **quiet)
    confirm.click(
        remove, chosen, [detail, chosen, delete, confirm, keep], **quiet,
    ).then(reload, filters, [*listing, line], **quiet)  # fmt: skip

    def take_in(request: gr.Request, paths: list[str] | None) -> Iterator[tuple[object, object]]:
        try:
            received.check(owner_of(request), paths or ())
        except PolicyError as error:
            yield problem(str(error)), gr.update(value=None)
            return
        yield from _upload(paths, ingest)

    files.upload(take_in, files, [report, files], **quiet).then(
        reload, filters, [*listing, line], **quiet
    ).then(offered, None, filters[1:], **quiet)


def _asked(asked: bool) -> tuple[object, object]:
    return gr.update(visible=asked), gr.update(visible=asked)


# --- the table --------------------------------------------------------------------------------


def choices(view: View) -> tuple[object, ...]:
    """What the filters offer: the values that occur."""
    return tuple(gr.update(choices=[ALL, *found], value=ALL) for found in facets(view))


def list_documents(
    view: View, words: str, region: str, issuer: str, kind: str, year: str, status: str
) -> tuple[object, list[str], str]:
    """Rows, their ids and the count line."""
    key = fold(words or "")
    where = chosen_filter(*([v] if v not in (None, "", ALL) else [] for v in
                            (region, issuer, kind, year, status)))  # fmt: skip
    found = [
        d
        for d in view.documents(where)
        if not key or key in fold(f"{d.metadata.title}{d.metadata.document_number or ''}")
    ]
    rows = [_row(d) for d in found[:SHOWN]]
    more = f"，列出前 {SHOWN} 份，请用筛选缩小范围" if len(found) > SHOWN else ""
    more_en = f", the first {SHOWN} shown" if more else ""
    line = both(f"{len(found)} 份文件{more}", f"{len(found)} documents{more_en}")
    return (
        gr.update(value=rows),
        [d.id for d in found[:SHOWN]],
        element("p", line, class_="note", role="status"),
    )


def _row(document: DocumentSummary) -> list[object]:
    m = document.metadata
    return [
        m.title, m.document_number or "未载明", m.issuer or "未载明", date_of(document) or "未载明",
        " ".join(m.region) or "未载明", m.kind or "未载明", document.state, document.passages,
    ]  # fmt: skip


# --- one document -----------------------------------------------------------------------------


def describe(view: View, identifier: str) -> str:
    """A document's card: files, copies, links to its text and to the original file."""
    summary = view.summary(identifier)
    if summary is None:
        return ""
    copies = [d for d in view.reprints(identifier) if d.id != identifier]
    cited = [d for d in view.documents() if _cites(d, summary)]
    links = element(
        "a", both("打开全文（元数据与出处）", "Open text and metadata"), class_="tool open",
        href=f"/documents/{identifier}", target="_blank",
    ) + element("a", both("下载原文件", "Download file"), class_="tool", href=f"/originals/{identifier}")  # fmt: skip
    parts = [element("h3", text(summary.metadata.title)), element("div", links, class_="tools")]
    parts.append(
        element(
            "p",
            both("文件：", "Files: ") + text("；".join(map(shown_path, summary.source_paths))),
            class_="note",
        )
    )
    if copies:
        parts.append(_related("同一文号的其他版本：", "Reprints: ", copies))
    if cited:
        parts.append(_related("引用它的文件：", "Cited by: ", cited))
    return element("div", join(parts), class_="card")


def _cites(document: DocumentSummary, other: DocumentSummary) -> bool:
    number = other.metadata.document_number
    return document.id != other.id and any(
        (number and n == number) or (t and fold(t) == fold(other.metadata.title))
        for t, n in document.metadata.cites
    )


def _related(zh: str, en: str, documents: Sequence[DocumentSummary]) -> str:
    links = join(
        element(
            "li",
            element(
                "a",
                text(d.metadata.title),
                href=f"/documents/{d.id}",
                class_="open",
                target="_blank",
            ),
        )
        for d in documents[:20]
    )
    return element("p", both(zh, en)) + element("ul", links)


def _question(view: View, identifier: str) -> str:
    """Before deleting: what goes, and what stays."""
    summary = view.summary(identifier)
    if summary is None:
        return ""
    return problem(
        f"要从资料库删除《{summary.metadata.title}》吗？它的 {summary.passages} 个段落和向量会一起删除，"
        "引用它的回答将打不开原文。磁盘上导入时的文件不动，上传的副本会删除。"
    )


def _delete(view: View, ingest: Ingest, identifier: str) -> str:
    summary = view.summary(identifier)
    if summary is None:
        return problem("这份文件已经不在库中。")
    try:
        stay = ingest.delete(identifier)
    except PolicyError as error:
        return problem(str(error))
    kept = f"文件仍在 {stay[0]}，再次导入该文件夹会重新入库。" if stay else ""
    return element(
        "p", text(f"已删除《{summary.metadata.title}》。{kept}"), class_="note", role="status"
    )


# --- uploading --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Step:
    """How far an upload is."""

    done: int
    total: int
    waits: bool


def _upload(paths: list[str] | None, ingest: Ingest) -> Iterator[tuple[object, object]]:
    """Takes files in, telling how far it is; a row for each file at the end."""
    if not paths:
        yield gr.skip(), gr.skip()
        return
    events: queue.Queue[_Step | Sequence[UploadResult] | Exception] = queue.Queue()
    files = [Path(path) for path in paths]

    def tell(done: int, total: int, *, waits: bool = False) -> None:
        events.put(_Step(done, total, waits))

    def work() -> None:
        try:
            events.put(ingest(files, tell))
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


def _news(sentence: str) -> str:
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
