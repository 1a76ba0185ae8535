"""The web site: pages, documents, health, and the headers that keep hostile text harmless."""

import gradio as gr
from fastapi import FastAPI, Request, Response
from fastapi.responses import PlainTextResponse
from fastapi.staticfiles import StaticFiles
from gradio.route_utils import CustomCORSMiddleware
from gradio.routes import App as GradioApp
from starlette.routing import Mount

from assistant.api.access import Access
from assistant.api.completions import add_completion_routes
from assistant.api.site import ROOT, build_api
from assistant.api.tools.transports import add_tools
from assistant.intake import Ingest
from assistant.noting import disliked
from assistant.office.votes import BoxFull, TooOften, Vote
from assistant.pages import audit, chat, compare, drafting, library
from assistant.pages.admin.routes import add_admin_routes
from assistant.pages.audiences import Audiences
from assistant.pages.bars import own_bar
from assistant.pages.callers import Callers, by_key, by_no_key, by_nothing
from assistant.pages.document import ASSETS
from assistant.pages.documents import add_document_routes
from assistant.pages.doorway import Doorway
from assistant.pages.draft_lists import directory_of
from assistant.pages.draft_own import Reader
from assistant.pages.draft_routes import add_draft_routes
from assistant.pages.failing import all_in_words
from assistant.pages.first_picture import put_first_picture
from assistant.pages.followed import add_followed_routes
from assistant.pages.guard import STRICT, WITH_FORM, Guard, Rules
from assistant.pages.help import add_help_routes
from assistant.pages.history import add_history_routes
from assistant.pages.identity import add_identity
from assistant.pages.indicators import add_fact_routes
from assistant.pages.interface import add_interface_page
from assistant.pages.labels import LABELS
from assistant.pages.library_routes import add_library_routes
from assistant.pages.log import add_log_routes
from assistant.pages.login import add_login_routes
from assistant.pages.metadata import add_metadata_routes
from assistant.pages.monitoring import Counted, add_monitor_routes
from assistant.pages.oidc import add_oidc_routes
from assistant.pages.pictures import Pictures
from assistant.pages.proposals import add_proposal_routes
from assistant.pages.received import SessionFiles
from assistant.pages.refusals import Refusals, Refused
from assistant.pages.reports import add_report_routes
from assistant.pages.running import limits_off, stops
from assistant.pages.saved import add_saved_routes
from assistant.pages.shared import add_shared_routes
from assistant.pages.shell import NAME, VERSION, gone
from assistant.people.audiences import Names, usual
from assistant.people.door import Door
from assistant.people.log import recorded
from assistant.people.person import Person
from assistant.people.viewer import entry_of, owner_of, viewer_of
from assistant.queueing import WaitingLine
from assistant.services import Services
from assistant.settings import ApiSettings, WebSettings
from vectorstore.errors import PolicyError
from vectorstore.files.pages import Draw
from vectorstore.library import View
from vectorstore.models import Audience
from vectorstore.settings import load_settings

# Gradio's pages need more: their scripts and styles stand in the page, and gr.HTML compiles its
# template with `new Function` (see docs/security.md).
_GRADIO = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'self'; base-uri 'self'; object-src 'none'"
)
_LOOKS = ("history", "library", "reader", "chat", "desk")
_SCRIPTS = ("shell", "reader", "page", "chat", "history", "library", "desk")
# What Gradio's pages load besides page.css; common.js and shell.css come before (first_picture.py).
_HEAD = "".join(
    [f'<link rel="stylesheet" href="/look/{name}.css">' for name in _LOOKS]
    + [f'<script src="/look/{name}.js" defer></script>' for name in _SCRIPTS]
)
HEADERS = {
    "Content-Security-Policy": STRICT,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def build_site(
    services: Services,
    web: WebSettings,
    ingest: Ingest,
    read_file: audit.ReadFile,
    files: SessionFiles,
    draw: Draw | None = None,
) -> FastAPI:
    """The whole site over one set of services. `ingest` takes uploaded files in, `read_file`
    gives the text of one, `draw` pictures of one's pages; `files` lie in the folder that Gradio
    was told to use."""
    site = FastAPI(title=NAME[1], version=VERSION, docs_url=None, redoc_url=None, openapi_url=None)
    refused = Refused(services.log)
    _add_guards(site, services, web, refused)

    @site.exception_handler(PolicyError)
    def say(_: Request, error: PolicyError) -> Response:
        return gone(error, 503)

    def seen_by(request: Request) -> View:
        return services.assistant.view(viewer_of(request))

    add_document_routes(site, services, Pictures(files.root / "pages", draw) if draw else None)
    add_fact_routes(site, services.assistant, seen_by, services.log)
    add_proposal_routes(site, services.assistant, seen_by, services.log)
    add_metadata_routes(site, services.assistant, seen_by, ingest, services.log)
    add_followed_routes(site, services.assistant, seen_by, services.arrivals, ingest, services.log)
    names = Names(services.people)
    add_report_routes(site, services.assistant, seen_by, services.arrivals, names)
    add_log_routes(site, services.assistant, services.log)
    own_files = Reader(read_file, files.folder)
    add_draft_routes(site, services, directory_of(services.people), own_files)
    add_history_routes(site, services)
    add_saved_routes(site, services)
    add_shared_routes(site, services)
    _add_feedback_route(site, services)
    site.state.line = WaitingLine(web.concurrency, web.waiting, web.waiting_each)
    add_monitor_routes(site, services, web.monitors, site.state.line)
    compare.add_routes(site, services.assistant, site.state.line, services.log)
    access = Access(services.log, (services.library.settings.data_dir, files.root))
    add_completion_routes(site, services, site.state.line, access)
    sessions = load_settings(ApiSettings).sessions
    add_tools(site, services, site.state.line, access, web.request_mb * 2**20, sessions)
    add_admin_routes(site, services, site.state.line)
    _add_api(site, services, web, ingest, files, access)
    site.mount("/look", StaticFiles(directory=ASSETS))
    add_help_routes(site, services.assistant)
    audiences = Audiences(Names(services.people), services.log, web.audience)
    add_library_routes(site, services, ingest, audiences)
    pages = build_pages(
        services, audiences, web, ingest, read_file, files, site.state.line, refused
    )
    _mount(site, pages, web.host, services.library.settings.max_file_mb * 2**20)
    _close(site, pages, files)
    return site


def _mount(site: FastAPI, pages: gr.Blocks, host: str, most: int) -> None:
    """Gradio's pages on the site; files of at most so many bytes come in."""
    put_first_picture()
    gr.mount_gradio_app(
        site,
        pages,
        path="/",
        server_name=host,
        css_paths=[ASSETS / "page.css"],
        head=_HEAD,
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
        max_file_size=most,
    )


def _add_api(
    site: FastAPI, services: Services, web: WebSettings, ingest: Ingest, files: SessionFiles,
    access: Access,
) -> None:  # fmt: skip
    """What programs call, and the page that describes it."""

    def audience_of(person: Person) -> Audience:
        return usual(person, web.audience)

    line = site.state.line
    api = build_api(services, line, ingest, access, audience_of, files.folder)
    add_interface_page(site, api)
    site.mount(ROOT, api)


def _add_guards(site: FastAPI, services: Services, web: WebSettings, refused: Refused) -> None:
    """What each request passes, the last one first, and the pages that let people in."""
    accounts = services.callers or services.people
    is_home = web.is_local and not services.people
    finder = by_nothing if is_home else by_key(accounts) if accounts else by_no_key
    site.add_middleware(Callers, finder=finder)
    if services.people:
        door = Door(services.people, services.log)
        add_login_routes(site, door, web)
        if web.login == "oidc":
            add_oidc_routes(site, door, web)
        add_identity(site, door, web)
    site.add_middleware(Refusals, refused=refused)  # what Identity refuses counts too
    rules = rules_of(web, services.library.settings.max_file_mb)
    site.add_middleware(Guard, rules=rules, refused=refused)
    site.add_middleware(Counted, meters=services.meters)


def rules_of(web: WebSettings, max_file_mb: int) -> Rules:
    upload = max(web.upload_mb, max_file_mb) * 2**20 + 2**20  # the form around the files
    headers = HEADERS
    if web.lists_people:  # 退出 is a form on each page; without Origin it would count as foreign
        headers = HEADERS | WITH_FORM | {"Referrer-Policy": "same-origin"}
    return Rules(hosts=web.hosts, body=web.request_mb * 2**20, upload=upload, headers=headers)


def _close(site: FastAPI, pages: gr.Blocks, files: SessionFiles) -> None:
    """Shuts what Gradio leaves open when it is mounted."""
    # Only launch() sets this; while it is unset Gradio does not look at the paths that a
    # browser names as its files.
    pages.has_launched = True
    mounted = [route.app for route in site.routes if isinstance(route, Mount)]
    paths = tuple(f"/{page}" for page, *_ in pages.pages)
    functions = {number: f"/{function.page}" for number, function in pages.fns.items()}
    for app in mounted:
        if not isinstance(app, GradioApp):
            continue
        # It answers any Origin with that Origin, cookies allowed, unless the host is local.
        app.user_middleware = [m for m in app.user_middleware if m.cls is not CustomCORSMiddleware]
        app.add_middleware(
            Doorway,
            pages=paths,
            headers={"Content-Security-Policy": _GRADIO},
            files=files,
            functions=functions,
        )


def _add_feedback_route(site: FastAPI, services: Services) -> None:
    if services.office is None:
        return
    votes = services.office.votes

    @site.post("/feedback")
    def feedback(request: Request, vote: Vote) -> Response:
        entry = entry_of(request, "give feedback", **vote.model_dump(exclude={"turn"}))
        try:
            votes.require(owner_of(request))  # before the entry: nobody fills the log with votes
            with recorded(services.log, entry):
                own = (owner_of(request), viewer_of(request))
                asked = disliked(services.assistant, services.history, *own, vote.turn)
                votes.put(vote, own[0], *asked)
        except TooOften as error:
            return PlainTextResponse(str(error), 429)
        except BoxFull as error:
            return PlainTextResponse(str(error), 507)
        return Response(status_code=204)


def build_pages(
    services: Services,
    audiences: Audiences,
    web: WebSettings,
    ingest: Ingest,
    read_file: audit.ReadFile,
    files: SessionFiles,
    line: WaitingLine,
    refused: Refused,
) -> gr.Blocks:
    logs_in = services.people is not None
    with gr.Blocks(title=NAME[0], analytics_enabled=False, fill_width=True) as pages:
        chat.build(pages, services.recording, services.history, files, line, services.desk.settings)
        own_bar(pages, "/", logs_in=logs_in)
        pages.unload(stops(line))
    with pages.route("文件库", "/library", show_in_navbar=False) as shelf:
        library.build(shelf, services.assistant, ingest, files, audiences)
        own_bar(shelf, "/library", logs_in=logs_in)
    with pages.route("起草", "/draft", show_in_navbar=False) as desk:
        drafting.build(desk, drafting.Desks(services.desk, services.log, refused), line)
        own_bar(desk, "/draft", logs_in=logs_in)
    with pages.route("核对", "/audit", show_in_navbar=False) as checked:
        audits = audit.Desk(services.assistant, read_file, files, line, services.log)
        audit.build(checked, audits)
        own_bar(checked, "/audit", logs_in=logs_in)
    all_in_words(pages)
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
