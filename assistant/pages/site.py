"""The web site: pages, documents, health, and the headers that keep hostile text harmless."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from urllib.parse import quote

import gradio as gr
from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse
from fastapi.staticfiles import StaticFiles
from pydantic import BaseModel, Field

from assistant.drafting.export import Form, to_docx, to_markdown
from assistant.pages import audit, chat, drafting, library
from assistant.pages.document import ASSETS, document_page
from assistant.pages.labels import LABELS
from assistant.pages.markup import element, text
from assistant.pages.running import limits_off, stops
from assistant.pages.shell import NAME, VERSION
from assistant.pages.users import COOKIE, TEN_YEARS, new_cookie, owner_of
from assistant.queueing import WaitingLine
from assistant.services import Services
from assistant.settings import WebSettings
from vectorstore.errors import PolicyError

# Gradio needs inline scripts and styles; nothing may be loaded from or sent to elsewhere.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'self'; base-uri 'self'; object-src 'none'"
)
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXPORTED: dict[str, tuple[Form, str]] = {
    "review.docx": ("送审版", _WORD),
    "final.docx": ("定稿版", _WORD),
    "review.md": ("送审版", "text/markdown; charset=utf-8"),
}
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


class Feedback(BaseModel):
    """有用 or 无用, with a word why."""

    question: str = Field(max_length=20_000)
    mode: Literal["extractive", "model"]
    vote: Literal["up", "down"]
    why: str = Field("", max_length=500)


def build_site(
    services: Services, web: WebSettings, ingest: library.Ingest, read_file: audit.ReadFile
) -> FastAPI:
    """The whole site over one set of services. `ingest` takes uploaded files in, `read_file`
    gives the text of one."""
    site = FastAPI(title=NAME[1], version=VERSION, docs_url=None, redoc_url=None, openapi_url=None)

    @site.middleware("http")
    async def secure(
        request: Request, call_next: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        response = await call_next(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if cookie := new_cookie(request.cookies):
            response.set_cookie(COOKIE, cookie, max_age=TEN_YEARS, httponly=True, samesite="lax")
        return response

    _add_document_routes(site, services)
    _add_draft_routes(site, services)
    site.mount("/look", StaticFiles(directory=ASSETS))
    site.state.line = WaitingLine(web.concurrency, web.waiting, web.waiting_each)
    pages = build_pages(services, web, ingest, read_file, site.state.line)
    gr.mount_gradio_app(
        site,
        pages,
        path="/",
        server_name=web.host,
        css_paths=[ASSETS / "page.css"],
        head='<script src="/look/page.js" defer></script>',
        theme=theme(),
        i18n=LABELS,
        footer_links=[],
        show_error=False,
        ssr_mode=False,
        enable_monitoring=False,
        run_history=False,
        mcp_server=False,
        pwa=False,
        allowed_paths=[],
        max_file_size=services.index.settings.max_file_mb * 2**20,
    )
    return site


def _add_document_routes(site: FastAPI, services: Services) -> None:
    @site.get("/healthz")
    def health() -> JSONResponse:
        documents = services.index.catalog.count_documents()
        current = services.index.vectors.is_current()
        return JSONResponse({"status": "ok" if current else "indexing", "documents": documents})

    @site.get("/documents/{document_id}")
    def document(document_id: str, start: int = -1, end: int = -1) -> HTMLResponse:
        found = services.index.document(document_id)
        summary = services.index.catalog.summary(document_id)
        if found is None or summary is None:
            return HTMLResponse(
                _gone("没有这份文件：它可能已被更新或移除，请回到问答页重新提问。"), status_code=404
            )
        return HTMLResponse(document_page(found, summary, start, end))

    @site.get("/originals/{document_id}")
    def original(document_id: str) -> Response:
        """The file that a document was read from; only files of the catalogue are served."""
        summary = services.index.catalog.summary(document_id)
        for name in summary.source_paths if summary else ():
            file = Path(name)
            if file.is_file():
                return FileResponse(file, filename=file.name, media_type="application/octet-stream")
        return HTMLResponse(_gone("原文件已不在原来的位置；全文仍可打开。"), status_code=404)

    @site.post("/feedback")
    def feedback(vote: Feedback) -> Response:
        """What users say of answers, a line each in the data folder; nothing leaves the machine."""
        line = vote.model_dump() | {"at": datetime.now(UTC).isoformat(timespec="seconds")}
        file = services.index.settings.data_dir / "feedback.jsonl"
        with file.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(line, ensure_ascii=False) + "\n")
        return Response(status_code=204)


def _add_draft_routes(site: FastAPI, services: Services) -> None:
    @site.get("/drafts/{draft_id}/{name}")
    def export(request: Request, draft_id: str, name: str) -> Response:
        """A draft of this browser's own as a file."""
        if name not in EXPORTED:
            return HTMLResponse(_gone("没有这种导出格式。"), status_code=404)
        desk = services.desk
        try:
            draft = desk.store.load(draft_id, owner_of(request))
        except PolicyError as error:
            return HTMLResponse(_gone(str(error)), status_code=404)
        form, kind = EXPORTED[name]
        if name.endswith(".docx"):
            content = to_docx(draft, form, desk.settings)
        else:
            content = to_markdown(draft, form, desk.settings).encode()
        file = quote(f"{draft.title[:60]}（{form}）.{name.rpartition('.')[2]}")
        disposition = {"Content-Disposition": f"attachment; filename*=UTF-8''{file}"}
        return Response(content, media_type=kind, headers=disposition)


def _gone(sentence: str) -> str:
    return f'<!doctype html><meta charset="utf-8">{element("p", text(sentence))}'


def build_pages(
    services: Services,
    web: WebSettings,
    ingest: library.Ingest,
    read_file: audit.ReadFile,
    line: WaitingLine,
) -> gr.Blocks:
    with gr.Blocks(title=NAME[0], analytics_enabled=False, fill_width=True,
                   delete_cache=(3600, 86400)) as pages:  # fmt: skip
        chat.build(pages, services.assistant, line)
        pages.unload(stops(line))
    with pages.route("文件库", "/library", show_in_navbar=False) as shelf:
        uploads = services.index.settings.data_dir.resolve() / "files"
        library.build(shelf, services.assistant, ingest, uploads)
    with pages.route("起草", "/draft", show_in_navbar=False) as desk:
        drafting.build(desk, services.desk, line)
    with pages.route("核对", "/audit", show_in_navbar=False) as checked:
        audit.build(checked, services.assistant, read_file, line)
    limits_off(pages, line, web.concurrency)
    return pages


def theme() -> gr.themes.Base:
    """Local fonts only; one accent colour."""
    return gr.themes.Base(
        primary_hue=gr.themes.Color(
            "#e7eef9",
            "#d3e0f4",
            "#aac5ea",
            "#7da5dd",
            "#4f83cb",
            "#1c56a6",
            "#1c56a6",
            "#17488b",
            "#123a70",
            "#0e2d57",
            "#0a2140",
        ),
        font=[
            "Source Han Sans SC",
            "Noto Sans CJK SC",
            "PingFang SC",
            "Microsoft YaHei",
            "sans-serif",
        ],
        font_mono=["monospace"],
    )
