"""/compare: two documents chosen by title, set side by side (compared.py)."""

import secrets
from asyncio import to_thread
from collections.abc import Callable, Sequence
from typing import TypeVar
from urllib.parse import urlencode

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from assistant.chat import Assistant
from assistant.export.revision import revision_table
from assistant.export.word import WORD
from assistant.pages.compared import comparison_html
from assistant.pages.guard import WITH_FORM
from assistant.pages.markup import both, element, join, text
from assistant.pages.plain import hint, pick
from assistant.pages.running import in_line
from assistant.pages.shell import bar, foot, gone, plain_page, problem
from assistant.people.languages import is_english
from assistant.people.log import AuditLog, NoLog, compared, recorded
from assistant.people.viewer import entry_of, person_of, viewer_of, who_of
from assistant.queueing import Crowded, WaitingLine
from assistant.revision.choosing import (
    Unclear,
    compared_in,
    editions,
    find_document,
    suggested,
)
from assistant.sending import as_download
from assistant.understand.corpus import date_of
from vectorstore.errors import PolicyError
from vectorstore.files.labels import shown_name
from vectorstore.library import View
from vectorstore.models import DocumentSummary

T = TypeVar("T")

_OFFERED = 12  # documents below a box in which somebody types
_EDITIONS = 5
_LONGEST = 200  # characters of what somebody types
_SIDES = (("old", "原文件", "Old document"), ("new", "新文件", "New document"))
Chosen = dict[str, DocumentSummary]  # by side


def add_routes(
    site: FastAPI, assistant: Assistant, line: WaitingLine, log: AuditLog = NoLog()
) -> None:
    """Adds the page, what its boxes offer, and the Word file."""

    def view_of(request: Request) -> View:
        return assistant.view(viewer_of(request)).quotable  # all of it is shown side by side

    async def waited(request: Request, work: Callable[[], T]) -> T:
        return await in_line(line, request, f"compare-{secrets.token_hex(8)}", work)

    @site.get("/compare")
    async def page(
        request: Request, old: str = "", new: str = "", old_id: str = "", new_id: str = ""
    ) -> Response:
        said = {"old": (old, old_id), "new": (new, new_id)}

        def opened(before: DocumentSummary, after: DocumentSummary) -> None:
            for entry in compared(who_of(request), before, after):
                log.record(entry)

        def made() -> str:
            top, last = bar("/compare", person_of(request)), foot(assistant, viewer_of(request))
            return _page(view_of(request), said, top, last, opened, is_english(request))

        shown = await waited(request, made)
        return HTMLResponse(shown, headers=WITH_FORM)

    @site.get("/compare/documents")
    def documents(request: Request, q: str = "") -> JSONResponse:
        found = suggested(view_of(request), q[:_LONGEST], _OFFERED)
        return JSONResponse([{"id": d.id, "title": d.metadata.title, "about": _about(d)} for d in found])  # fmt: skip

    @site.get("/compare/table.docx")
    async def table(request: Request, old_id: str, new_id: str, every: bool = False) -> Response:
        view = await to_thread(view_of, request)
        before, after = view.summary(old_id), view.summary(new_id)
        if before is None or after is None:
            return gone(
                "其中一份文件可能已被更新或移除，请回到对照页重新选择。",
                english="One of the documents may have been updated or removed; choose again.",
            )
        entry = entry_of(request, "export", new_id, old=old_id, every=every)

        def written() -> bytes:
            with recorded(log, entry):
                return revision_table(compared_in(view, before, after), every_row=every)

        try:
            content = await waited(request, written)
        except PolicyError as error:
            return gone(error, 503 if isinstance(error, Crowded) else 400)
        return as_download(content, f"{after.metadata.title[:60]}（修订对照表）.docx", WORD)


def _page(
    view: View, said: dict[str, tuple[str, str]], top: str, last: str,
    opened: Callable[[DocumentSummary, DocumentSummary], None], english: bool,
) -> str:  # fmt: skip
    """The whole page. What is unclear is said beside its box, with the documents it may mean.
    `opened` is told of each document whose text is shown, and of the one beside it."""
    chosen: Chosen = {}
    unclear: dict[str, Unclear] = {}
    for side, (words, document_id) in said.items():
        try:
            if found := _meant(view, words, document_id):
                chosen[side] = found
        except Unclear as error:
            unclear[side] = error
    result = ""
    if len(chosen) == 2:
        try:
            old, new = chosen["old"], chosen["new"]
            opened(old, new)
            result = comparison_html(compared_in(view, old, new))
        except PolicyError as error:
            result = problem(error)
    elif len(chosen) == 1 and not unclear:
        result = _editions(view, chosen)
    elif not chosen and not unclear:
        result = element("p", _HINT, class_="note")
    body = (
        top
        + element("h1", both("修订对照", "Compare two documents"))
        + _form(said, chosen, unclear)
        + result
        + last
    )
    title = pick(english, "修订对照", "Comparison")
    if len(chosen) == 2:
        title += pick(english, "：", ": ") + chosen["new"].metadata.title
    return plain_page(title, body, class_="document-page compare-page",
                      looks="page.css compare.css", script="plain.js compare.js", english=english)  # fmt: skip


_HINT = both(
    "选两份已入库的文件，例如一部规章修订前后的两个文本：逐条列出新增、删去、修改、移动的条款，"
    "标出改动的文字和数字，并可下载 Word 对照表。",
    "Choose two documents of the library, such as a regulation before and after an amendment.",
)


def _meant(view: View, words: str, document_id: str) -> DocumentSummary | None:
    """The document of one side; None where nothing was said. An id counts as long as nobody
    wrote another title over that of its document. Raises Unclear."""
    words = words.strip()
    found = view.summary(document_id) if document_id else None
    if found and words in ("", found.metadata.title):
        return found
    if document_id and not words:
        raise Unclear("这份文件可能已被更新或移除，请重新选择")
    return find_document(view, words) if words else None


def _form(said: dict[str, tuple[str, str]], chosen: Chosen, unclear: dict[str, Unclear]) -> str:
    boxes = [
        _box(side, zh, en, said[side][0], chosen.get(side))
        + _unclear(side, unclear.get(side), said, chosen)
        for side, zh, en in _SIDES
    ]
    swap = element("button", both("⇄ 对调", "⇄ Swap"), type="button", class_="tool", id="swap")
    send = element("button", both("对照", "Compare"), type="submit", class_="send")
    fields = join(element("div", box, class_="chooser") for box in boxes)
    return element("form", fields + element("div", swap + send, class_="send-row"),
                   method="get", action="/compare", class_="choose", role="search")  # fmt: skip


def _box(side: str, zh: str, en: str, words: str, document: DocumentSummary | None) -> str:
    """A box that offers documents while somebody types (compare.js); without scripts a title,
    a number or an id can be typed in full."""
    shown = document.metadata.title if document else words[:_LONGEST]
    return (
        element("label", both(zh, en), for_=side)
        + element("input", id=side, name=side, type="text", value=shown, role="combobox",
                  autocomplete="off", spellcheck="false", maxlength=_LONGEST,
                  **hint("标题或文号中的几个字", "words of a title or number"),
                  aria_expanded="false", aria_autocomplete="list", aria_controls=f"{side}-list")
        + element("input", type="hidden", name=f"{side}_id", value=document.id if document else "")
        + element("ul", id=f"{side}-list", role="listbox", hidden=True, class_="offered")
        + element("p", text(_about(document)) + " " + _open(document) if document else "", class_="about")
    )  # fmt: skip


def _unclear(
    side: str, error: Unclear | None, said: dict[str, tuple[str, str]], chosen: Chosen
) -> str:
    if error is None:
        return ""
    return problem(error.short) + _links(side, error.candidates[:_OFFERED], said, chosen)


def _links(
    side: str,
    documents: Sequence[DocumentSummary],
    said: dict[str, tuple[str, str]],
    chosen: Chosen,
) -> str:
    """Each leads to this page with the document on one side and the other side as it is."""
    other = "new" if side == "old" else "old"
    kept = {f"{other}_id": chosen[other].id} if other in chosen else {other: said[other][0]}
    items = [
        element(
            "li",
            element("a", text(d.metadata.title), href=f"/compare?{urlencode({f'{side}_id': d.id, **kept})}")
            + element("span", text(_about(d)), class_="about"),
        )
        for d in documents
    ]  # fmt: skip
    return element("ul", join(items), class_="meant", lang="zh-CN") if items else ""


def _editions(view: View, chosen: Chosen) -> str:
    """What the one document that was chosen is most likely to be compared with."""
    side, document = next(iter(chosen.items()))
    found = editions(view, document, _EDITIONS)
    if not found:
        return element("p", both("再选另一份文件。", "Now choose the other one."), class_="note")
    other = "new" if side == "old" else "old"
    said = {"old": ("", ""), "new": ("", "")}
    label = both("标题相近的文件：", "Documents of a like title:")
    return element("p", label, class_="note") + _links(other, found, said, chosen)


def _open(document: DocumentSummary) -> str:
    return element("a", both("打开原文", "open"), href=f"/documents/{document.id}")


def _about(document: DocumentSummary) -> str:
    """What tells documents of one title apart, at last the name of the file."""
    metadata = document.metadata
    file = shown_name(document.source_paths[0]) if document.source_paths else ""
    known = (metadata.document_number, metadata.issuer, date_of(document), file)
    return " · ".join(part for part in known if part)
