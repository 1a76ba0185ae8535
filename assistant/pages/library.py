"""文件库: the documents of the corpus, uploading, looking closer, deleting."""

from collections.abc import Iterator, Sequence
from typing import Any

import gradio as gr

from assistant.chat import Assistant
from assistant.pages import audiences as whose
from assistant.pages.audiences import Audiences
from assistant.pages.filters import chosen_filter, facets
from assistant.pages.labels import LABELS
from assistant.pages.markup import both, element, join, text
from assistant.pages.received import SessionFiles
from assistant.pages.shell import bar, foot, problem
from assistant.pages.uploading import Ingest, news, upload
from assistant.people.log import recorded
from assistant.people.permissions import may
from assistant.people.viewer import entry_of, owner_of, person_of, viewer_of
from assistant.understand.corpus import date_of
from vectorstore.errors import PolicyError
from vectorstore.files.labels import shown_path
from vectorstore.language.text import fold
from vectorstore.library import View
from vectorstore.models import DocumentSummary

COLUMNS = ["标题", "发文字号", "发文机关", "日期", "地区", "文种", "状态", "段落"]
WIDTHS = ("34%", "13%", "15%", "9%", "9%", "8%", "8%", "4%")
# Where people log in, a column more: for whom a document is.
AUDIENCE = "可见范围"
WIDTHS_OF_MORE = ("28%", "12%", "13%", "9%", "8%", "7%", "8%", "9%", "6%")
SHOWN = 300  # rows; filters narrow down to the rest
_LONGEST_WORDS = 200  # characters of what somebody looks for in titles
ALL = "全部"
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
_NO_UPLOADS = "您没有上传文件的权限；需要时请联系资料管理员。"


def build(
    page: gr.Blocks,
    assistant: Assistant,
    ingest: Ingest,
    received: SessionFiles,
    audiences: Audiences,
) -> None:
    """Adds 文件库 to the Blocks that is being built."""
    gr.HTML(bar("/library"), elem_id="bar")
    chosen = gr.State("")
    with gr.Row(elem_id="filters"):
        words = gr.Textbox(label=LABELS("search"), placeholder=LABELS("search_hint"), scale=3)
        others = [
            gr.Dropdown([ALL], value=ALL, label=LABELS(name), scale=1)
            for name in ("region", "issuer", "kind", "year", "status")
        ]
    count = gr.HTML()
    rows = gr.Dataframe(
        headers=COLUMNS,
        datatype=["str"] * 7 + ["number"],
        interactive=False,
        wrap=True,
        max_height=460,
        show_label=False,
        elem_id="documents",
        column_widths=list(WIDTHS),
    )
    shown = gr.State([])  # ids of the rows, in their order
    detail = gr.HTML(elem_id="detail")
    own = whose.controls()
    with gr.Row(elem_id="delete-row"):
        delete = gr.Button(LABELS("delete"), interactive=False, elem_id="delete", scale=0)
        confirm = gr.Button(
            LABELS("confirm"), variant="stop", visible=False, elem_id="confirm", scale=0
        )
        keep = gr.Button(LABELS("keep"), visible=False, elem_id="keep", scale=0)
    with gr.Accordion(LABELS("upload"), open=True, elem_id="uploading") as uploading:
        audience = gr.Dropdown(
            [], label=LABELS("audience"), visible=False, elem_id="upload-audience"
        )
        files = gr.File(label=LABELS("drop"), file_count="multiple", elem_id="upload", height=140)
        report = gr.HTML(elem_id="report")
    line = gr.HTML()

    filters = [words, *others]
    listing = [rows, shown, count]

    def seen_by(request: gr.Request) -> View:
        return assistant.view(viewer_of(request))

    def listed(request: gr.Request, *values: Any) -> tuple[object, list[str], str]:
        more = None if person_of(request).is_alone else audiences
        return list_documents(seen_by(request), *values, audiences=more)

    def reload(request: gr.Request, *values: Any) -> tuple[object, ...]:
        found, ids, line = listed(request, *values)
        viewer = viewer_of(request)
        return found, ids, news(ingest.notice(viewer)) + line, foot(assistant, viewer)

    def offered(request: gr.Request) -> tuple[object, ...]:
        return choices(seen_by(request))

    page.load(offered, None, others, queue=False, **_QUIET)
    page.load(reload, filters, [*listing, line], queue=False, **_QUIET)
    gr.on(
        [c.change for c in filters], listed, filters, listing, trigger_mode="always_last", **_QUIET
    )
    again = (reload, filters, [*listing, line])
    closer = [chosen, detail, delete, confirm, keep, *own.shown]
    _wire_closer(assistant, audiences, ingest, rows, shown, closer, own, again)

    offering = (offered, None, others)
    upload_parts = (uploading, audience, files, report)
    _wire_uploads(page, audiences, ingest, received, upload_parts, again, offering)


def _wire_uploads(
    page: gr.Blocks,
    audiences: Audiences,
    ingest: Ingest,
    received: SessionFiles,
    parts: tuple[Any, ...],
    again: tuple[Any, ...],
    offering: tuple[Any, ...],
) -> None:
    """Uploads, for whoever may; `again` draws the list anew, `offering` what its filters offer."""
    uploading, audience, files, report = parts

    def ready(request: gr.Request) -> tuple[object, object]:
        """Who may upload, and for whom: nothing to choose where nobody logs in."""
        person = person_of(request)
        usual = whose.key(audiences.of_upload(person, None))
        return (
            gr.update(visible=may(person, "add documents")),
            gr.update(visible=False)
            if person.is_alone
            else gr.update(visible=True, choices=audiences.choices(person), value=usual),
        )

    def take_in(
        request: gr.Request, paths: list[str] | None, chosen: str | None
    ) -> Iterator[tuple[object, object]]:
        person = person_of(request)
        try:
            received.check(owner_of(request), paths or ())
            if not may(person, "add documents"):
                raise PolicyError(_NO_UPLOADS)
            for_whom = audiences.of_upload(person, chosen)
        except PolicyError as error:
            yield problem(str(error)), gr.update(value=None)
            return
        told = audiences.names.of(for_whom)
        entry = entry_of(request, "upload", files=len(paths or ()), audience=told)
        noted = recorded(audiences.log, entry)
        yield from upload(paths, ingest, for_whom, person.viewer, noted)

    page.load(ready, None, [uploading, audience], queue=False, **_QUIET)
    files.upload(take_in, [files, audience], [report, files], **_QUIET).then(*again, **_QUIET).then(
        *offering, **_QUIET
    )


def _wire_closer(
    assistant: Assistant,
    audiences: Audiences,
    ingest: Ingest,
    rows: gr.Dataframe,
    shown: gr.State,
    closer: list[Any],
    own: whose.Controls,
    again: tuple[Any, Any, Any],
) -> None:
    """What is done with the document that was chosen; `closer` is all that shows it."""
    chosen, detail, delete, confirm, keep, *_ = closer

    def card(request: gr.Request, identifier: str, message: str = "") -> tuple[object, ...]:
        view, person = assistant.view(viewer_of(request)), person_of(request)
        document = view.summary(identifier)
        may_delete = document is not None and whose.may_change(person, document)
        return (
            identifier,
            message + describe(view, identifier, None if person.is_alone else audiences),
            gr.update(interactive=may_delete),
            *_asked(False),
            *whose.shown(audiences, person, document),
        )

    def look(request: gr.Request, event: gr.SelectData, ids: list[str]) -> tuple[object, ...]:
        return card(request, ids[event.index[0]] if event.index[0] < len(ids) else "")

    def ask_first(request: gr.Request, identifier: str) -> tuple[object, ...]:
        return _question(assistant.view(viewer_of(request)), identifier), *_asked(True)

    def remove(request: gr.Request, identifier: str) -> tuple[object, ...]:
        view = assistant.view(viewer_of(request))
        return card(request, "", deleted(view, audiences, ingest, request, identifier))

    def save(
        request: gr.Request, identifier: str, who: str, allowed: list[str]
    ) -> tuple[object, ...]:
        view = assistant.view(viewer_of(request))
        try:
            whose.change(assistant.library, audiences, view, request, identifier, who, allowed)
            message = _note(both("可见范围已改，从现在起生效。", "Changed; it counts from now on."))
        except PolicyError as error:
            message = problem(str(error))
        return card(request, identifier, message)

    rows.select(look, [shown], closer, **_QUIET)
    delete.click(ask_first, chosen, [detail, confirm, keep], **_QUIET)
    keep.click(card, chosen, closer, **_QUIET)
    confirm.click(remove, chosen, closer, **_QUIET).then(*again, **_QUIET)
    own.save.click(save, [chosen, own.who, own.allowed], closer, **_QUIET).then(*again, **_QUIET)


def _asked(asked: bool) -> tuple[object, object]:
    return gr.update(visible=asked), gr.update(visible=asked)


# --- the table --------------------------------------------------------------------------------


def choices(view: View) -> tuple[object, ...]:
    """What the filters offer: the values that occur."""
    return tuple(gr.update(choices=[ALL, *found], value=ALL) for found in facets(view))


def list_documents(
    view: View,
    words: str,
    region: str,
    issuer: str,
    kind: str,
    year: str,
    status: str,
    *,
    audiences: Audiences | None = None,
) -> tuple[object, list[str], str]:
    """Rows, their ids and the count line; for whom each is where `audiences` can say it."""
    key = fold((words or "")[:_LONGEST_WORDS])
    where = chosen_filter(*([v] if v not in (None, "", ALL) else [] for v in
                            (region, issuer, kind, year, status)))  # fmt: skip
    found = [
        d
        for d in view.documents(where)
        if not key or key in fold(f"{d.metadata.title}{d.metadata.document_number or ''}")
    ]
    rows = [_row(d) for d in found[:SHOWN]]
    table = gr.update(value=rows)
    if audiences:
        called = {a: audiences.names.of(a) for a in {d.audience for d in found[:SHOWN]}}
        rows = [
            [*row[:-1], called[d.audience], row[-1]] for row, d in zip(rows, found, strict=False)
        ]
        headers = [*COLUMNS[:-1], AUDIENCE, COLUMNS[-1]]
        value = {"headers": headers, "data": rows}
        table = gr.update(value=value, column_widths=list(WIDTHS_OF_MORE))
    more = f"，列出前 {SHOWN} 份，请用筛选缩小范围" if len(found) > SHOWN else ""
    more_en = f", the first {SHOWN} shown" if more else ""
    line = both(f"{len(found)} 份文件{more}", f"{len(found)} documents{more_en}")
    return (
        table,
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


def describe(view: View, identifier: str, audiences: Audiences | None = None) -> str:
    """A document's card: files, copies, links to its text and to the original file, and for whom
    it is where `audiences` can say it."""
    summary = view.summary(identifier)
    if summary is None:
        return ""
    copies = [d for d in view.reprints(identifier) if d.id != identifier]
    cited = [d for d in view.documents() if _cites(d, summary)]
    links = element(
        "a",
        both("打开全文（元数据与出处）", "Open text and metadata"),
        class_="tool open",
        href=f"/documents/{identifier}",
        target="_blank",
    )
    if summary.audience.may_download:
        links += element("a", both("下载原文件", "Download file"), class_="tool", href=f"/originals/{identifier}")  # fmt: skip
    parts = [element("h3", text(summary.metadata.title)), element("div", links, class_="tools")]
    if audiences:
        badge = audiences.badge(summary.audience)
        parts.append(element("p", both("可见范围：", "For: ") + badge, class_="note"))
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


def deleted(
    view: View, audiences: Audiences, ingest: Ingest, request: gr.Request, identifier: str
) -> str:
    """Deletes a document, once that is in the log; what became of it."""
    try:
        document = whose.authorised(view, request, identifier)
        title = document.metadata.title
        with recorded(audiences.log, entry_of(request, "delete document", identifier, title=title)):
            stay = ingest.delete(document.id)
    except PolicyError as error:
        return problem(str(error))
    kept = f"文件仍在 {stay[0]}，再次导入该文件夹会重新入库。" if stay else ""
    return _note(text(f"已删除《{document.metadata.title}》。{kept}"))


def _note(content: str) -> str:
    return element("p", content, class_="note", role="status")
