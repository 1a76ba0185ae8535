"""What machines that look after this one ask: is it alive, can it answer, how much does it do.

`/healthz` says that the process serves; `/readyz` whether a question would be answered now, for a
load balancer; `/metrics` counts and times, for the addresses of POLICY_WEB_MONITORS alone.
"""

import ipaddress
import shutil
from collections.abc import Sequence

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.meters import CONTENT_TYPE, Meters
from assistant.pages.shell import gone
from assistant.people.permissions import may
from assistant.people.viewer import is_call, person_of, viewer_of
from assistant.queueing import WaitingLine
from assistant.services import Services
from assistant.state import held, readiness

_ASKED_BY_MACHINES = ("/healthz", "/readyz", "/metrics")


def add_monitor_routes(
    site: FastAPI, services: Services, monitors: Sequence[str], line: WaitingLine
) -> None:
    """The three addresses."""
    meters, folder = services.meters, services.library.settings.data_dir
    meters.watch("policy_waiting", "Requests in the waiting line", lambda: line.waiting)
    meters.watch("policy_working", "Threads at work", lambda: line.working)
    meters.watch("policy_documents", "Documents in the library", lambda: held(services)[0])
    meters.watch("policy_passages", "Passages in the library", lambda: held(services)[1])
    meters.watch("policy_ready", "1 when questions are answered", lambda: not readiness(services))
    meters.watch("policy_disk_free_bytes", "Free where the data lie",
                 lambda: shutil.disk_usage(folder).free)  # fmt: skip
    networks = [ipaddress.ip_network(name) for name in monitors]

    @site.get("/healthz")
    def health(request: Request) -> JSONResponse:
        status = "ok" if services.library.is_current else "indexing"
        if not may(person_of(request), "ask"):  # whoever has not logged in
            return JSONResponse({"status": status})
        view = services.assistant.view(viewer_of(request))
        return JSONResponse({"status": status, "documents": len(view.documents())})

    @site.get("/readyz")
    def ready() -> JSONResponse:
        if missing := readiness(services):
            return JSONResponse({"status": "not ready", "missing": missing}, 503)
        return JSONResponse({"status": "ready"})

    @site.get("/metrics")
    def metrics(request: Request) -> Response:
        address = request.client.host if request.client else ""
        if not _is_among(address, networks):
            return gone("没有这个页面。", english="There is no such page.")
        return Response(meters.text(), media_type=CONTENT_TYPE)


class Counted:
    """Middleware around all others: each request is counted once, when its answer begins."""

    def __init__(self, app: ASGIApp, meters: Meters) -> None:
        self.app, self.meters = app, meters

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        part = part_of(scope["path"])

        async def counting(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.meters.requested(part, message["status"])
            await send(message)

        await self.app(scope, receive, counting)


def part_of(path: str) -> str:
    """Which part of the site an address belongs to: few names, whatever is asked for."""
    if is_call(path):
        return "api"
    if path in _ASKED_BY_MACHINES:
        return "monitors"
    if path.startswith("/gradio_api/"):
        return "gradio"
    return "assets" if path.startswith("/look/") else "pages"


def _is_among(
    address: str, networks: Sequence[ipaddress.IPv4Network | ipaddress.IPv6Network]
) -> bool:
    try:
        return any(ipaddress.ip_address(address) in network for network in networks)
    except ValueError:
        return False
