"""Who sends a request, where people log in: found once, inside the guard, for whatever answers.

Without a session only the login itself is open. A page leads there; whatever a script calls gets
a status and a sentence, Gradio's calls and streams too. Plain ASGI, like the guard.
"""

import ipaddress
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

import anyio
from fastapi import FastAPI
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.pages.allowed import first_page, may_open
from assistant.pages.guard import with_headers
from assistant.pages.refusals import NO_ENTRY, deny
from assistant.pages.shell import gone
from assistant.people.door import Door, Outside
from assistant.people.person import NOBODY, Person
from assistant.people.sessions import session_id
from assistant.people.store import People
from assistant.people.viewer import PERSON, address_of, is_call
from assistant.settings import WebSettings
from vectorstore.errors import PolicyError

SESSION = "policy.session"  # keys of a request's scope: the session's id,
REFUSED = "policy.refused"  # why a proxy's word was not taken,
PEER = "policy.peer"  # and who is at the other end of the line, be it a proxy
_COOKIE = "policy_session"
# What monitors ask decides for itself what it says to whom.
_OPEN = ("/login", "/healthz", "/readyz", "/metrics", "/favicon.ico")
_BELOW = ("/login/", "/look/")
# All that somebody can do whose password is another person's choice.
_FIRST = ("/account", "/account/password", "/logout")
_LOOK = 10  # seconds after which a stream looks whether somebody is still in
_KEPT = {"Cache-Control": "no-store"}  # nothing of somebody's pages stays in a shared browser


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who a request is from. `person` is None where nobody is known."""

    person: Person | None = None
    session: str = ""
    must_change: bool = False
    refused: str = ""


Finder = Callable[[Scope], Visitor]


class Identity:
    """Middleware for the whole site."""

    def __init__(self, app: ASGIApp, finder: Finder) -> None:
        self.app, self.finder = app, finder
        # Of its own: answers that take long must not keep people from being recognised.
        self._threads: anyio.CapacityLimiter | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope["path"]
        if path.startswith("/look/") or is_call(path):  # programs: callers.py
            await self.app(scope, receive, send)
            return
        send = with_headers(send, _KEPT)
        try:
            visitor = await self._found(scope)
        except PolicyError as error:
            await JSONResponse({"detail": str(error)}, 503)(scope, receive, send)
            return
        scope[PERSON] = visitor.person or NOBODY
        scope[SESSION], scope[REFUSED] = visitor.session, visitor.refused
        if answer := self._refusal(scope, visitor):
            await answer(scope, receive, send)
        else:
            await self.app(scope, receive, self._while_in(scope, visitor, send))

    async def _found(self, scope: Scope) -> Visitor:
        self._threads = self._threads or anyio.CapacityLimiter(4)
        return await anyio.to_thread.run_sync(self.finder, scope, limiter=self._threads)

    def _while_in(self, scope: Scope, visitor: Visitor, send: Send) -> Send:
        """A stream may go on for hours: it ends soon after its session. Not the heartbeat, which
        tells nothing, and with which Gradio would forget a conversation that goes on after the
        next login."""
        if scope["path"].startswith("/gradio_api/heartbeat/") or visitor.person is None:
            return send

        async def is_in() -> bool:
            return (await self._found(scope)).person is not None

        return while_in(send, is_in)

    def _refusal(self, scope: Scope, visitor: Visitor) -> Response | None:
        path, method, is_page = scope["path"], scope["method"], _is_page(scope)
        if path in _OPEN or path.startswith(_BELOW):
            return None
        if visitor.person is None:
            if is_page:
                return RedirectResponse("/login" + _next(scope), 303)
            return _said(401, visitor.refused or "登录已结束或还没有登录，请重新登录。")
        if visitor.must_change and path not in _FIRST:
            if is_page:
                return RedirectResponse("/account", 303)
            deny(scope, NO_ENTRY)
            return _said(403, "请先修改密码。")
        if may_open(visitor.person, path, method):
            return None
        if is_page and path == "/":  # where everybody arrives
            return RedirectResponse(first_page(visitor.person), 303)
        deny(scope)
        if is_page:
            return gone("没有这个页面。", english="There is no such page.")
        return _said(404, "没有这个地址。")


def while_in(send: Send, is_in: Callable[[], Awaitable[bool]]) -> Send:
    """Looks now and then whether somebody still is who they were, and ends what is sent if not."""
    looked, is_over = time.monotonic(), False

    async def sending(message: Message) -> None:
        nonlocal looked, is_over
        is_body = message["type"] == "http.response.body"
        if is_body and not is_over and time.monotonic() - looked > _LOOK:
            looked = time.monotonic()
            is_over = not await is_in()
            if is_over:
                await send({"type": "http.response.body", "body": b""})
        if not is_over:
            await send(message)

    return sending


def _said(status: int, sentence: str) -> JSONResponse:
    # Gradio's client shows "detail" to the user.
    return JSONResponse({"detail": sentence}, status)


def _is_page(scope: Scope) -> bool:
    """Whether a browser wants to show what comes."""
    accept = Headers(scope=scope).get("accept", "")
    return scope["method"] in ("GET", "HEAD") and "text/html" in accept


def _next(scope: Scope) -> str:
    query = scope.get("query_string", b"").decode("latin-1")
    address = scope["path"] + (f"?{query}" if query else "")
    return "" if address == "/" or len(address) > 1000 else f"?next={quote(address, safe='/')}"


# --- sessions -----------------------------------------------------------------------------------


def cookie_name(scope: Mapping[str, Any]) -> str:
    """`__Host-` keeps neighbours of the domain from setting it; browsers take it over https only."""
    return f"__Host-{_COOKIE}" if scope.get("scheme") == "https" else _COOKIE


def session_cookie(scope: Mapping[str, Any], token: str) -> str:
    """The Set-Cookie header; with '' it is taken away. Without an age it goes with the browser's
    window, and Lax for the reason of people/viewer.py."""
    parts = [f"{cookie_name(scope)}={token}", "Path=/", "HttpOnly", "SameSite=Lax"]
    parts += ["Secure"] if scope.get("scheme") == "https" else []
    return "; ".join(parts if token else [*parts, "Max-Age=0"])


def by_session(people: People) -> Finder:
    """Whoever logged in here."""

    def find(scope: Scope) -> Visitor:
        token = HTTPConnection(scope).cookies.get(cookie_name(scope), "")
        session = people.sessions.find(token) if token else None
        account = people.account(session.person) if session else None
        if session is None or account is None or account.is_disabled:
            return Visitor()
        return Visitor(people.as_person(account), session_id(token), account.must_change)

    return find


# --- a proxy that knows people --------------------------------------------------------------------


class NotedPeer:
    """Middleware around everything: keeps who is at the other end of the line, before headers
    that a proxy adds say whom it speaks for."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope[PEER] = str((scope.get("client") or ("",))[0])
        await self.app(scope, receive, send)


def by_proxy(door: Door, web: WebSettings) -> Finder:
    """Whoever a proxy names that is believed; what others send in its headers is nothing."""
    networks = [ipaddress.ip_network(name) for name in web.proxy_addresses]
    noted: dict[tuple[str, str], float] = {}

    def is_believed(peer: str) -> bool:
        try:
            return any(ipaddress.ip_address(peer) in network for network in networks)
        except ValueError:
            return False

    def is_news(login: str, address: str) -> bool:
        """There are no sessions, so coming back after a while counts as logging in."""
        now, key = time.monotonic(), (login, address)
        if now - noted.get(key, -1e9) < web.idle_minutes * 60:
            return False
        if len(noted) > 10_000:
            noted.clear()
        noted[key] = now
        return True

    def find(scope: Scope) -> Visitor:
        peer = scope.get(PEER) or str((scope.get("client") or ("",))[0])
        if not is_believed(peer):
            return Visitor(refused="请从单位的统一入口打开。")
        outside = Outside(
            *(
                one_header(scope, name)
                for name in (web.proxy_login, web.proxy_name, web.proxy_department)
            )
        )
        address = address_of(HTTPConnection(scope))
        if not outside.login:
            return Visitor(refused="统一入口没有说明是谁，请重新登录。")
        try:
            account = door.known(
                outside,
                "proxy",
                address,
                may_add=web.new_people,
                is_news=is_news(outside.login, address),
            )
        except PolicyError as error:
            return Visitor(refused=str(error))
        return Visitor(door.people.as_person(account))

    return find


def one_header(scope: Scope, name: str) -> str:
    """A header's one value; two of a name are none: one of them may be the browser's own."""
    found = [value for key, value in scope["headers"] if key == name.lower().encode()]
    if len(found) != 1:
        return ""
    try:
        return unquote(found[0].decode("utf-8")).strip()
    except UnicodeDecodeError:
        return str(found[0].decode("latin-1")).strip()


def add_identity(site: FastAPI, door: Door, web: WebSettings) -> None:
    """Puts the middleware around a site; what is added after it stands further out."""
    finder = by_proxy(door, web) if web.login == "proxy" else by_session(door.people)
    site.add_middleware(Identity, finder=finder)
