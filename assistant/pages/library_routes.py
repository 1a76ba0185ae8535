"""/library/…: the list of 文件库 as markup, its deeds, and the list as a file. The page around it is
Gradio's (pages/library.py); library.js asks for what stands here."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import FastAPI, Form, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from assistant.export.sheets import csv_table, table_sheet
from assistant.intake import Ingest
from assistant.pages.audiences import Audiences, may_change
from assistant.pages.library_card import describe
from assistant.pages.library_deeds import Deeds
from assistant.pages.library_found import hits
from assistant.pages.library_list import COLUMNS, Found, Shelf, Wanted, listing
from assistant.pages.library_questions import Asked, question
from assistant.pages.library_shown import Looks, shelf_body, table_body
from assistant.pages.refusals import deny
from assistant.pages.shell import gone, problem
from assistant.people.languages import is_english
from assistant.people.log import recorded
from assistant.people.permissions import may
from assistant.people.viewer import entry_of, person_of, viewer_of
from assistant.sending import as_download
from assistant.services import Services
from assistant.understand.corpus import date_of
from vectorstore.errors import PolicyError
from vectorstore.files.labels import shown_name
from vectorstore.models import DocumentSummary

MOST_CHOSEN = 500  # documents of one deed
_MOST_ROWS = 20_000  # of a file
_PATIENCE = 20  # seconds that one waits for the workbooks of others
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_NO_STORE = {"Cache-Control": "no-store", "Vary": "Accept-Language, Cookie"}
_WIDTHS = {"title": 48, "number": 22, "issuer": 24, "region": 20, "audience": 20}
_DEEDS = (
    ("collect", "放入资料夹…", "Put into collection…"),
    ("move", "可见范围…", "For whom…"),
    ("class", "分类…", "Class…"),
    ("delete", "删除…", "Delete…"),
)
Ids = Annotated[list[str], Form()]
Field = Annotated[str, Form()]


@dataclass(frozen=True)
class Desk:
    """What all routes need: who asks, what they see, and what they are shown of it."""

    services: Services
    audiences: Audiences

    def shelf(self, request: Request) -> Shelf:
        person = person_of(request)
        if not may(person, "ask"):
            deny(request.scope)
            raise HTTPException(404)
        view = self.services.assistant.view(viewer_of(request))
        return Shelf.of(view, person, self.services.office)

    def looks(self, request: Request) -> Looks:
        person, called = person_of(request), self.audiences.names.of
        known: dict[object, str] = {}

        def of(document: DocumentSummary) -> str:
            if document.audience not in known:
                known[document.audience] = called(document.audience)
            return known[document.audience]

        return Looks(
            is_english(request), may(person, "change documents"), of, not person.is_alone,
            may(person, "add documents"),
        )  # fmt: skip

    def asked(self, request: Request, ids: Sequence[str], collection: str) -> Asked:
        shelf = self.shelf(request)
        if len(ids) > MOST_CHOSEN:
            raise PolicyError(f"一次最多选 {MOST_CHOSEN} 份文件")
        chosen = tuple(shelf.by_id[i] for i in dict.fromkeys(ids) if i in shelf.by_id)
        held = shelf.collection(collection)
        return Asked(shelf, person_of(request), self.audiences, chosen, held, is_english(request))

    def deeds_of(
        self, request: Request, shelf: Shelf, identifier: str
    ) -> list[tuple[str, str, str]]:
        document, person = shelf.by_id.get(identifier), person_of(request)
        if document is None:
            return []
        shown = {"collect"} if shelf.office else set()
        if may_change(person, document):
            shown |= {"delete"} | ({"class"} if shelf.office else set())
            shown |= set() if person.is_alone else {"move"}
        return [deed for deed in _DEEDS if deed[0] in shown]


def add_library_routes(
    site: FastAPI, services: Services, ingest: Ingest, audiences: Audiences
) -> None:
    desk = Desk(services, audiences)
    deeds = Deeds(services.library, ingest, audiences, services.office)

    @site.get("/library/rows")
    def rows(request: Request, part: str = "") -> HTMLResponse:
        """The list; with part=list only what changes while one sorts and turns pages."""
        wanted, shelf, looks = (
            Wanted.of(request.query_params),
            desk.shelf(request),
            desk.looks(request),
        )
        try:
            if wanted.terms and wanted.page == 1:
                services.log.record(entry_of(request, "search", question=wanted.q))
            found = listing(shelf, wanted, looks.called)
        except PolicyError as error:
            return HTMLResponse(problem(str(error)), headers=_NO_STORE)
        ids = [d.id for d in found.shown if d.id in found.by_text]
        marked = hits(shelf.view, ids, wanted.terms) if ids else {}
        made = table_body if part == "list" else shelf_body
        return HTMLResponse(made(shelf, found, marked, looks), headers=_NO_STORE)

    @site.get("/library/card/{document_id}")
    def card(request: Request, document_id: str) -> HTMLResponse:
        shelf = desk.shelf(request)
        shown = describe(
            shelf.view, document_id, None if person_of(request).is_alone else audiences,
            desk.deeds_of(request, shelf, document_id),
        )  # fmt: skip
        return HTMLResponse(shown or problem("这份文件已经不在库中。"), headers=_NO_STORE)

    @site.post("/library/ask/{deed}")
    def ask(request: Request, deed: str, ids: Ids = [], collection: Field = "") -> HTMLResponse:  # noqa: B006
        try:
            return HTMLResponse(
                question(deed, desk.asked(request, ids, collection)), headers=_NO_STORE
            )
        except PolicyError as error:
            return HTMLResponse(problem(str(error)), 400, headers=_NO_STORE)

    @site.post("/library/do/{deed}")
    async def do(request: Request, deed: str) -> JSONResponse:
        return await _done(request, deed, desk, deeds)

    _add_files(site, desk)


async def _done(request: Request, deed: str, desk: Desk, deeds: Deeds) -> JSONResponse:
    """The form of a deed; ids of those chosen come beside its own fields."""
    from starlette.concurrency import run_in_threadpool

    async with request.form(max_fields=MOST_CHOSEN + 20) as form:
        ids = [str(value) for value in form.getlist("ids")]
        typed = {name: str(value)[:400] for name, value in form.items() if name != "ids"}

    def work() -> JSONResponse:
        try:
            asked = desk.asked(request, ids, typed.get("collection", ""))
            return JSONResponse(deeds.do(deed, request, asked, typed).as_json())
        except PolicyError as error:
            return JSONResponse(
                {"done": 0, "problems": [str(error)], "said": [], "go": "", "into": ""}, 400
            )

    return await run_in_threadpool(work)


# --- the list as a file ---------------------------------------------------------------------------


def _add_files(site: FastAPI, desk: Desk) -> None:
    writing = threading.Lock()  # one file at a time: a large one takes seconds of a core
    log = desk.services.log

    def written(request: Request, kind: str, pick: Callable[[Shelf, Looks], Found]) -> Response:
        if kind not in ("xlsx", "csv"):
            raise HTTPException(404)
        shelf, looks = desk.shelf(request), desk.looks(request)
        if not writing.acquire(timeout=_PATIENCE):
            return gone("正在为别人导出表格，请稍后再试。", 503)
        try:
            found = pick(shelf, looks)
            entry = entry_of(
                request, "export", "library", kind=kind, count=len(found.documents),
                filters={**found.wanted.filters, "q": found.wanted.q},
            )  # fmt: skip
            with recorded(log, entry):
                content = list_file(kind, shelf, found.documents[:_MOST_ROWS], looks)
        except PolicyError as error:
            return gone(str(error))
        finally:
            writing.release()
        media = _EXCEL if kind == "xlsx" else "text/csv; charset=utf-8"
        return as_download(content, f"文件清单.{kind}", media)

    @site.get("/library/list.{kind}")
    def listed(request: Request, kind: str) -> Response:
        wanted = Wanted.of(request.query_params)
        return written(request, kind, lambda shelf, looks: listing(shelf, wanted, looks.called))

    @site.post("/library/list.{kind}")
    def chosen(request: Request, kind: str, ids: Ids = []) -> Response:  # noqa: B006
        """Those chosen, in the order in which they were sent."""

        def pick(shelf: Shelf, _: Looks) -> Found:
            own = dict.fromkeys(ids[:MOST_CHOSEN])
            return Found(Wanted(), tuple(shelf.by_id[i] for i in own if i in shelf.by_id))

        return written(request, kind, pick)


def list_file(kind: str, shelf: Shelf, documents: Sequence[DocumentSummary], looks: Looks) -> bytes:
    """The columns of the list, and where each document lies."""
    columns = looks.columns(shelf)
    heads = [(COLUMNS[c][0], _WIDTHS.get(c, 12)) for c in columns] + [("文件", 40)]
    rows = []
    for d in documents:
        m = d.metadata
        values: dict[str, object] = {
            "title": m.title, "number": m.document_number or "未载明", "issuer": m.issuer or "未载明",
            "date": date_of(d) or "未载明", "region": " ".join(m.region) or "未载明",
            "kind": m.kind or "未载明", "class": shelf.classes.get(d.id, ""), "state": d.state,
            "audience": looks.called(d), "passages": d.passages, "added": d.ingested_at[:10],
        }  # fmt: skip
        rows.append([*(values[c] for c in columns), "；".join(_names(d))])
    return table_sheet("文件清单", heads, rows) if kind == "xlsx" else csv_table(heads, rows)


def _names(document: DocumentSummary) -> list[str]:
    """Names of its files; where they lie is the server's own business."""
    return [shown_name(path) for path in document.source_paths]
