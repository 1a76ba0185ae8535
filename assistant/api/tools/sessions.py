"""Sessions of the Model Context Protocol: whose each is, and how many one key may have.

A session costs memory until it is ended or lies idle. One key that begins them without end would
leave no room for others: when it has as many as it may, the one it used longest ago ends.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import anyio
from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from mcp.server.auth.provider import AccessToken
from mcp_types import INVALID_REQUEST, ErrorData, JSONRPCError
from mcp_types.version import HANDSHAKE_PROTOCOL_VERSIONS
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.api.access import Access
from assistant.api.problems import status_of, waiting
from assistant.people.viewer import entry_of, key_of, person_of
from assistant.queueing import Crowded
from vectorstore.errors import PolicyError

_SESSION = "mcp-session-id"
_VERSION = "mcp-protocol-version"
_FULL = "这个密钥的会话都在用，不能再开。All sessions of this key are at work."


@dataclass(slots=True)
class _Open:
    """A session; `at_work` counts its requests that are not answered yet."""

    id: str = ""  # '' until it is begun
    at_work: int = 1


@dataclass
class Sessions:
    """Around the server, on its event loop: tells it whose a session is, as it compares owners
    (the key's, or the person's). At most `most` of one owner."""

    app: ASGIApp
    access: Access
    most: int
    # Those of each owner, the one used longest ago first. One that ended by itself stays until it
    # is found out to be gone.
    _own: dict[str, list[_Open]] = field(default_factory=dict)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers, owner = Headers(scope=scope), _owner_of(scope)
        token = AccessToken(token="", client_id=owner, scopes=[])
        scope = {**scope, "user": AuthenticatedUser(token)}
        if _begins(scope["method"], headers):
            await self._begin(owner, scope, receive, send)
            return
        known = self._known(owner, headers.get(_SESSION, ""))
        if known is None or scope["method"] == "GET":  # a stream that stays open is no work
            await self.app(scope, receive, send)
            return
        with self._working(owner, known):
            await self.app(scope, receive, send)
        if scope["method"] == "DELETE":
            self._forget(owner, known)

    async def _begin(self, owner: str, scope: Scope, receive: Receive, send: Send) -> None:
        begun = _Open()
        try:
            await self._noted(scope, "begin session")
            ended = self._room(owner, begun)
            if ended:
                await self._end(ended, scope)
        except PolicyError as error:
            await _refusal(error, self.access)(scope, receive, send)
            return

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] < 400:
                begun.id = MutableHeaders(scope=message).get(_SESSION, "")
            await send(message)

        try:
            await self.app(scope, receive, watched)
        finally:
            begun.at_work -= 1
            if not begun.id:
                self._forget(owner, begun)

    def _room(self, owner: str, begun: _Open) -> _Open | None:
        """Puts a new one among the owner's, in the place of the idle one used longest ago where
        there are enough. Raises Crowded where all are at work."""
        own = self._own.setdefault(owner, [])
        ended = None
        if len(own) >= self.most:
            ended = next((each for each in own if not each.at_work), None)
            if ended is None:
                raise Crowded(_FULL)
            own.remove(ended)
        own.append(begun)
        return ended

    async def _end(self, ended: _Open, scope: Scope) -> None:
        """As its client would end it."""
        await self._noted(scope, "end session", cause="most")
        headers = [(_SESSION.encode(), ended.id.encode())]

        async def nothing() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def unheard(_: Message) -> None:
            """Whoever has it hears at their next call that it is gone."""

        await self.app({**scope, "method": "DELETE", "headers": headers}, nothing, unheard)

    async def _noted(self, scope: Scope, call: str, cause: str = "") -> None:
        details: dict[str, Any] = {"cause": cause} if cause else {}
        entry = entry_of(Request(scope), "call", call, **details)
        await anyio.to_thread.run_sync(self.access.log.record, entry)

    # --- what there is ------------------------------------------------------------------------

    def _known(self, owner: str, session: str) -> _Open | None:
        own = self._own.get(owner, ()) if session else ()
        return next((each for each in own if each.id == session), None)

    @contextmanager
    def _working(self, owner: str, session: _Open) -> Iterator[None]:
        own = self._own[owner]
        own.remove(session)
        own.append(session)
        session.at_work += 1
        try:
            yield
        finally:
            session.at_work -= 1

    def _forget(self, owner: str, session: _Open) -> None:
        own = [each for each in self._own.get(owner, ()) if each is not session]
        self._own[owner] = own
        if not own:
            del self._own[owner]


def _owner_of(scope: Scope) -> str:
    request = Request(scope)
    key = key_of(request)
    return key.id if key else person_of(request).id


def _begins(method: str, headers: Headers) -> bool:
    """Whether a request asks for a session. Clients of later versions have none."""
    version = headers.get(_VERSION)
    has_handshake = version is None or version in HANDSHAKE_PROTOCOL_VERSIONS
    return method == "POST" and _SESSION not in headers and has_handshake


def _refusal(error: PolicyError, access: Access) -> Response:
    why = ErrorData(code=INVALID_REQUEST, message=access.said(error)[0])
    said = JSONRPCError(jsonrpc="2.0", id=None, error=why)
    content, status = said.model_dump_json(by_alias=True, exclude_unset=True), status_of(error)
    return Response(content, status, waiting(status), media_type="application/json")
