"""/followed, 文件夹跟踪: how the followed folder is, and documents whose file was deleted there. They
go when somebody says so, and never by themselves."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

from fastapi import FastAPI, Form, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from assistant.chat import Assistant
from assistant.cite.citation import named
from assistant.intake import Ingest
from assistant.pages.markup import both, element, join, text
from assistant.pages.refusals import deny
from assistant.pages.shell import own_page, problem
from assistant.people.log import AuditLog, NoLog, recorded
from assistant.people.permissions import may
from assistant.people.viewer import entry_of, name_of, owner_of, person_of
from vectorstore.arrivals.arrivals import Arrivals
from vectorstore.arrivals.followed import NOTE, Followed, Missing, followed_of
from vectorstore.errors import PolicyError
from vectorstore.files.labels import shown_name
from vectorstore.files.members import file_of
from vectorstore.library import View
from vectorstore.models import DocumentSummary

TITLE = ("文件夹跟踪", "Followed folder")
_SAID = {
    "removed": ("已从资料库移除。", "Removed from the library."),
    "kept": ("已保留；以后不再提出。", "Kept; it will not be proposed again."),
}
_LISTED = 200
Field = Annotated[str, Form()]


@dataclass(frozen=True)
class _Deciding:
    """What is to be decided of, and the page that shows it."""

    assistant: Assistant
    seen_by: Callable[[Request], View]
    arrivals: Arrivals

    def proposed(self, request: Request) -> list[tuple[Missing, DocumentSummary]]:
        """What the request's person may decide of, as things stand now."""
        state = followed_of(self.arrivals.noted(NOTE))
        view, person, kept = (
            self.seen_by(request),
            person_of(request),
            self.arrivals.kept_without_file(),
        )
        return [
            (missing, document)
            for missing in (state.missing if state else ())
            if missing.path not in kept
            and (document := view.summary(missing.document_id))
            and may(person, "change documents", document.audience)
            and missing.path in document.source_paths
        ]

    def shown_to(self, request: Request) -> Followed | None:
        """How the folder is, for those for whom its files are."""
        state, person = followed_of(self.arrivals.noted(NOTE)), person_of(request)
        if state is None or person.is_alone:
            return state
        if state.audience is None or not person.viewer.admitted_by(state.audience):
            return None
        return replace(state, folder=Path(state.folder).name)

    def page(
        self, request: Request, said: str = "", error: str = "", status: int = 200
    ) -> HTMLResponse:
        if not may(person_of(request), "change documents"):
            deny(request.scope)
            raise HTTPException(404)
        body = _body(self.shown_to(request), self.proposed(request), said, error)
        return own_page(
            request, self.assistant, "/library", TITLE, body, looks="metadata.css", status=status
        )

    def required(self, request: Request, path: str) -> tuple[Missing, DocumentSummary]:
        found = next((pair for pair in self.proposed(request) if pair[0].path == path), None)
        if found is None:
            raise PolicyError("这一条已经处理过，或者文件不在待确认之列；请看下面现在的情况。")
        return found


def add_followed_routes(
    site: FastAPI,
    assistant: Assistant,
    seen_by: Callable[[Request], View],
    arrivals: Arrivals,
    ingest: Ingest,
    log: AuditLog = NoLog(),
) -> None:
    """The page, and its two deeds."""
    deciding = _Deciding(assistant, seen_by, arrivals)

    @site.get("/followed")
    def shown(request: Request, said: str = "") -> HTMLResponse:
        return deciding.page(request, said)

    @site.post("/followed/remove")
    def remove(request: Request, path: Field = "") -> Response:
        try:
            missing, document = deciding.required(request, path)
            if any(Path(file_of(path)).exists() for path in document.source_paths):
                raise PolicyError("这个文件又出现了，没有移除。")
            about: dict[str, Any] = {"title": document.metadata.title, "file": missing.path}
            with recorded(log, entry_of(request, "delete document", document.id, **about)):
                ingest.delete(document.id)
        except PolicyError as error:
            return deciding.page(request, error=str(error), status=400)
        return RedirectResponse("/followed?said=removed", 303)

    @site.post("/followed/keep")
    def keep(request: Request, path: Field = "") -> Response:
        try:
            missing, document = deciding.required(request, path)
            about: dict[str, Any] = {"title": document.metadata.title, "file": missing.path}
            with recorded(log, entry_of(request, "keep document", document.id, **about)):
                arrivals.keep_without_file(missing.path, owner_of(request), name_of(request) or "")
        except PolicyError as error:
            return deciding.page(request, error=str(error), status=400)
        return RedirectResponse("/followed?said=kept", 303)


def _body(
    state: Followed | None, found: list[tuple[Missing, DocumentSummary]], said: str, error: str
) -> str:
    note = both(
        "程序按设置跟踪服务器上的一个文件夹：放进去的文件静置一会儿后自动入库，移动、改名的按内容认出；"
        "删去的不会自动移除，在这里确认。",
        "A folder on the server is followed: files that lie still are taken in, moved ones are known "
        "by their content. What is deleted there is proposed here, and goes only when confirmed.",
    )  # fmt: skip
    links = element("a", both("入库报告", "What came in"), href="/imports")
    return (
        element("h1", both(*TITLE))
        + element("p", note, class_="note")
        + (element("p", both(*_SAID[said]), class_="done", role="status") if said in _SAID else "")
        + (problem(error) if error else "")
        + _state(state)
        + element("p", links)
        + element("h2", both(f"文件已不在的文档（{len(found)}）", f"Documents without their file ({len(found)})"))
        + (element("ul", join(_proposal(*pair, state) for pair in found[:_LISTED]), class_="proposed")
           or "")
        + ("" if found else element("p", both("没有待确认的。", "There is nothing to decide."), class_="note"))
    )  # fmt: skip


def _state(state: Followed | None) -> str:
    if state is None:
        off = both(
            "没有跟踪文件夹；由系统管理员设置 POLICY_WATCH_FOLDER。",
            "No folder is followed; POLICY_WATCH_FOLDER names one.",
        )
        return element("p", off, class_="note")
    at = state.at[:19].replace("T", " ")
    zh = f"{state.folder}：{state.files} 个文件，{state.waiting} 个还在变化；上次查看 {at}（UTC）"
    en = f"{state.folder}: {state.files} files, {state.waiting} still changing; last look {at} UTC"
    refused = join(element("li", text(line)) for line in state.refused)
    return (
        (problem(state.problem) if state.problem else element("p", both(zh, en)))
        + (element("details", element("summary", both("没有读取的", "Not read"))
                   + element("ul", refused)) if refused else "")
    )  # fmt: skip


def _proposal(missing: Missing, document: DocumentSummary, state: Followed | None) -> str:
    title = document.metadata.title
    link = element("a", text(named(title)), href=f"/documents/{document.id}")
    where = element("span", text(_within(missing.path, state)), class_="aside")
    path = element("input", type="hidden", name="path", value=missing.path)
    buttons = element("button", both("移除", "Remove"), type="submit", class_="tool",
                      aria_label=f"移除{named(title)}") + element(
        "button", both("保留", "Keep"), type="submit", class_="tool", formaction="/followed/keep",
        aria_label=f"保留{named(title)}",
    )  # fmt: skip
    form = element("form", path + buttons, method="post", action="/followed/remove")
    return element("li", element("div", link + where) + form)


def _within(path: str, state: Followed | None) -> str:
    """Where a file lay in the folder that is followed."""
    folder = f"{state.folder}/" if state else ""
    return path.removeprefix(folder) if folder and path.startswith(folder) else shown_name(path)
