"""Addresses of documents: their pages, pictures of these, the files they were read from.

What the viewer does not see is answered like what there is not. A narrowed search does not count
here: whoever follows a link wants that document.
"""

from asyncio import to_thread
from dataclasses import dataclass

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from assistant.pages.document import Original, document_page
from assistant.pages.pictures import Pictures, kind_of
from assistant.pages.places import Place, sought
from assistant.pages.shell import OWN_HEADERS, bar, gone
from assistant.pages.side import add_side_route
from assistant.pages.standing import standing_section
from assistant.people.languages import is_english
from assistant.people.viewer import entry_of, person_of, viewer_of
from assistant.sending import as_download
from assistant.services import Services
from vectorstore.errors import FileRejected, PolicyError
from vectorstore.files.originals import as_read
from vectorstore.files.pages import Drawn
from vectorstore.library import View
from vectorstore.models import Document, DocumentSummary

GONE = "没有这份文件：它可能已被更新或移除，请回到问答页重新提问。"
_NO_STORE = {"Cache-Control": "no-store"}  # who may see it may change


@dataclass(frozen=True)
class _Reading:
    """What is shown of documents to whoever asks; `pictures` draws printed pages, without it
    documents are shown as text."""

    services: Services
    pictures: Pictures | None

    def view_of(self, request: Request) -> View:
        return self.services.assistant.view(viewer_of(request))

    def about(self, request: Request, document_id: str) -> DocumentSummary | None:
        return self.view_of(request).summary(document_id)

    def opened(
        self, request: Request, document_id: str, start: int
    ) -> tuple[Document, DocumentSummary] | None:
        """The deed is logged before anything of the document is given."""
        view = self.view_of(request)
        found, summary = view.document(document_id), view.summary(document_id)
        if found is None or summary is None:
            return None
        self.services.log.record(
            entry_of(request, "open document", document_id, sha256=summary.sha256, start=start)
        )
        return found, summary

    async def drawn(
        self, request: Request, found: Document, summary: DocumentSummary, place: Place
    ) -> tuple[Drawn | None, str]:
        """The printed pages where these are asked for, or why they cannot be shown."""
        if not place.as_pages:
            return None, ""
        if self.pictures is None or not is_drawable(summary):
            return None, "这份文件没有版面图"
        try:
            return await self.pictures.layout(request, summary, sought(found, place)), ""
        except PolicyError as error:  # the text is there all the same
            return None, str(error)

    def page(
        self, request: Request, found: Document, summary: DocumentSummary, place: Place,
        drawn: Drawn | None, unseen: str,
    ) -> str:  # fmt: skip
        view = self.view_of(request)
        passages = view.passages_of(found.id)
        can_draw = self.pictures is not None and is_drawable(summary)
        original = Original(found, summary, passages, place, drawn, unseen, can_draw)
        top = bar("/documents", person_of(request))
        ties = standing_section(view, summary)
        return document_page(original, top, ties, english=is_english(request))


def add_document_routes(
    site: FastAPI, services: Services, pictures: Pictures | None = None
) -> None:
    """`pictures` draws printed pages; without, documents are shown as text."""
    reading = _Reading(services, pictures)
    add_side_route(site, services.assistant)

    @site.get("/documents/{document_id}")
    async def document(
        request: Request, document_id: str, start: int = -1, end: int = -1,
        marks: str = "", view: str = "",
    ) -> HTMLResponse:  # fmt: skip
        found = await to_thread(reading.opened, request, document_id, start)
        if found is None:
            return gone(GONE)
        place = Place.of(found[0], start, end, marks, view)
        drawn, unseen = await reading.drawn(request, *found, place)
        page = await to_thread(reading.page, request, *found, place, drawn, unseen)
        return HTMLResponse(page, headers=OWN_HEADERS)

    @site.get("/documents/{document_id}/about")
    def named(request: Request, document_id: str) -> JSONResponse:
        """What 问答 calls a document that a question is to be asked within."""
        summary = reading.about(request, document_id)
        if summary is None or not summary.audience.may_quote:
            return JSONResponse({"said": GONE}, 404)
        return JSONResponse({"title": summary.metadata.title}, headers=_NO_STORE)

    _add_files(site, reading)


def _add_files(site: FastAPI, reading: _Reading) -> None:
    """Pictures of printed pages, and the files that documents were read from."""
    services, pictures = reading.services, reading.pictures

    @site.get("/documents/{document_id}/pages/{page}")
    async def picture(request: Request, document_id: str, page: int) -> Response:
        summary = await to_thread(reading.about, request, document_id)
        if summary is None or pictures is None or not (is_drawable(summary) and 0 < page < 10_000):
            return gone(GONE)
        entry = entry_of(
            request, "open document", document_id, sha256=summary.sha256, what="page", page=page
        )
        await to_thread(services.log.record, entry)
        try:
            drawn = await pictures.picture(request, summary, page)
        except FileRejected as error:
            return gone(str(error))
        return Response(drawn, media_type=kind_of(drawn), headers=_NO_STORE)

    @site.get("/originals/{document_id}")
    def original(request: Request, document_id: str) -> Response:
        """The file that a document was read from, while it still holds what was read."""
        summary = reading.about(request, document_id)
        most = services.library.settings.max_file_mb * 2**20
        found = as_read(summary, most) if summary and summary.audience.may_download else None
        if found is None:
            return gone("原文件已不在原来的位置，或入库后改动过；全文仍可打开。")
        name, content = found
        services.log.record(entry_of(request, "download", document_id, file=name))
        return as_download(content, name)


def is_drawable(summary: DocumentSummary) -> bool:
    """A picture of a page is as good as the file: who may not have that is shown the text."""
    return summary.format == "pdf" and summary.audience.may_download
