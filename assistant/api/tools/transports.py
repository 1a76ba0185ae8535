"""The MCP server over HTTP, as a part of the site, and over standard input, for whoever sits at
this machine."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
from fastapi import FastAPI
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPASGIApp, StreamableHTTPSessionManager
from starlette.routing import Route

from assistant.api.access import Access
from assistant.api.tools.deeds import Caller
from assistant.api.tools.server import build_server
from assistant.api.tools.sessions import Sessions
from assistant.people.audit_log import at_terminal
from assistant.people.keys import Scope as KeyScope
from assistant.people.viewer import HOME, key_of, person_of, who_of
from assistant.queueing import WaitingLine
from assistant.services import Services

PATH = "/mcp"
_IDLE, _SESSIONS = 600.0, 1000  # seconds without a message, and how many there may be


def add_tools(
    site: FastAPI, services: Services, line: WaitingLine, access: Access, most_bytes: int,
    most_sessions: int,
) -> None:  # fmt: skip
    """Serves the tools at /mcp. Host, origin, size and key are looked at before, with all that
    reaches the site. Who calls is whoever sent the very message, whatever began the session: a
    session is there so that calls can be cancelled, and belongs to one key, which has at most
    `most_sessions`."""

    def caller_of(request: Any) -> Caller:
        def allow(scope: KeyScope, call: str) -> None:
            access.require(request, scope, call)

        return Caller(person_of(request), key_of(request), who_of(request), allow)

    manager = StreamableHTTPSessionManager(
        build_server(services, line, caller_of, access.said),
        max_request_body_size=most_bytes,
        session_idle_timeout=_IDLE,
        max_sessions=_SESSIONS,
    )
    sessions = Sessions(StreamableHTTPASGIApp(manager), access, most_sessions)
    site.router.routes.append(Route(PATH, endpoint=sessions))
    before = site.router.lifespan_context

    @asynccontextmanager
    async def lifespan(app: Any) -> AsyncIterator[Any]:
        async with manager.run(), before(app) as state:
            yield state

    site.router.lifespan_context = lifespan


def serve_on_stdin(services: Services, at_once: int) -> None:
    """Serves the tools until standard input ends. Who calls is who started it."""
    who = at_terminal()

    def allow(scope: KeyScope, call: str) -> None:
        services.log.record(who.did("call", call, scopes=scope))

    caller = Caller(HOME, None, who, allow)

    async def serve() -> None:
        line = WaitingLine(at_once, 100, 100)
        access = Access(services.log)  # whoever sits here knows where things lie
        server = build_server(services, line, lambda _: caller, access.said)
        async with stdio_server() as (incoming, outgoing):
            await server.run(incoming, outgoing, server.create_initialization_options())

    anyio.run(serve)
