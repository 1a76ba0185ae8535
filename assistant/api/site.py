"""/api/v1: an application of its own inside the site, with its document and its errors."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse

from assistant.api.access import Access
from assistant.api.asking import add_asking
from assistant.api.calls import Calls
from assistant.api.checking import add_checking
from assistant.api.documents import add_documents, add_facts
from assistant.api.drafts import add_drafts
from assistant.api.feed import add_feeds
from assistant.api.problems import MEDIA, TITLES, add_problems
from assistant.api.schemas import HealthOut, ProblemOut, VersionOut
from assistant.api.uploads import add_uploads
from assistant.intake import Ingest
from assistant.people.permissions import may
from assistant.people.person import Person
from assistant.people.viewer import person_of
from assistant.queueing import WaitingLine
from assistant.services import Services
from vectorstore import VERSION
from vectorstore.models import Audience

ROOT = "/api/v1"
NAME = "政策文件助手"
_ERRORS = (400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503)
_OPEN = ("/health", "/version")
_ABOUT = "程序调用的接口；用法和例子见 docs/api.md。请求带 Authorization: Bearer pca_…。"


def build_api(
    services: Services,
    line: WaitingLine,
    ingest: Ingest,
    access: Access,
    audience_of: Callable[[Person], Audience],
    scratch: Callable[[], Path],
) -> FastAPI:
    """The application; see `Calls` for what it is given."""
    api = FastAPI(
        title=NAME, version=VERSION, description=_ABOUT, docs_url=None, redoc_url=None,
        openapi_url="/openapi.json", redirect_slashes=False, root_path_in_servers=False,
    )  # fmt: skip
    calls = Calls(services, line, access, ingest, audience_of, scratch)
    router = APIRouter()
    add_asking(router, calls)
    add_documents(router, calls)
    add_uploads(router, calls)
    add_facts(router, calls)
    add_checking(router, calls)
    add_drafts(router, calls)
    add_feeds(router, calls)
    _add_health(router, calls)
    api.include_router(router)
    add_problems(api, access)
    api.openapi = lambda: _described(api)  # type: ignore[method-assign]
    return api


def _add_health(router: APIRouter, calls: Calls) -> None:
    def known(request: Request) -> Person | None:
        """Whoever calls with a key that may read; else nobody, who hears only that it runs."""
        person = person_of(request)
        return person if may(person, "ask") else None

    @router.get("/health", name="health", summary="是否在运行", response_model=HealthOut, tags=["系统"])  # fmt: skip
    def health(request: Request, person: Annotated[Person | None, Depends(known)]) -> Response:
        status = "ok" if calls.services.library.is_current else "indexing"
        documents = len(calls.view(request).documents()) if person else None
        return JSONResponse({"status": status, "documents": documents})

    @router.get(
        "/version", name="version", summary="版本", response_model=VersionOut, tags=["系统"]
    )
    def version(request: Request, person: Annotated[Person | None, Depends(known)]) -> Response:
        generation = calls.view(request).edition if person else None
        return JSONResponse({"version": VERSION, "api": "v1", "generation": generation})


def _described(api: FastAPI) -> dict[str, Any]:
    """The OpenAPI document: FastAPI's, with the errors that each call can answer and the key."""
    if api.openapi_schema:
        return api.openapi_schema
    said = get_openapi(
        title=api.title, version=api.version, description=api.description, routes=api.routes
    )
    said["servers"] = [{"url": ROOT}]
    schemas = said["components"]["schemas"]
    schemas["ProblemOut"] = ProblemOut.model_json_schema()
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    problem = {"$ref": "#/components/schemas/ProblemOut"}
    said["components"]["responses"] = {
        f"Problem{status}": {
            "description": " · ".join(TITLES[status]),
            "content": {MEDIA: {"schema": problem}},
        }
        for status in _ERRORS
    }
    said["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
    for path, methods in said["paths"].items():
        for operation in methods.values():
            operation["security"] = [{"key": []}, {}] if path in _OPEN else [{"key": []}]
            for status in _ERRORS:
                ref = {"$ref": f"#/components/responses/Problem{status}"}
                operation["responses"][str(status)] = ref
            operation["responses"] |= _not_modified(operation)
            for said_of in operation["responses"].values():
                if said_of.get("description") == "Successful Response":
                    said_of["description"] = "成功 · OK"
    api.openapi_schema = said
    return said


def _not_modified(operation: dict[str, Any]) -> dict[str, Any]:
    """What can be asked for with If-None-Match."""
    names = (
        "documents_list",
        "documents_get",
        "documents_text",
        "documents_passages",
        "facts",
        "feed",
    )
    is_tagged = any(operation["operationId"].startswith(f"{name}_") for name in names)
    return {"304": {"description": "没有变化 · Not modified"}} if is_tagged else {}
