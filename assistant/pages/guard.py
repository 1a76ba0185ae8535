"""What every request passes before anything reads it: whose page sent it, and how large it is.

A page of another website that is open in a user's browser can send requests here: under a name
of its own that it lets point to this machine (DNS rebinding), or across sites with a form. The
Host header betrays the first, Sec-Fetch-Site or Origin the second; no browser lets a page
forge them. Whoever sends neither is no browser (curl, a script) and carries nobody's cookie.

Plain ASGI, so that nothing that streams is held back.
"""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.pages.refusals import FORBIDDEN, Refused
from assistant.people.viewer import COOKIE, is_call, new_cookie, set_cookie

log = logging.getLogger(__name__)

UPLOAD = "/gradio_api/upload"
UPLOADS = (UPLOAD, "/api/v1/documents")
# What pages of our own may do: nothing is loaded from or sent to elsewhere, and what is no script
# of ours never runs.
STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'none'; frame-ancestors 'self'; "
    "base-uri 'none'"
)
# Of pages with a form: it may send itself to this site.
WITH_FORM = {
    "Content-Security-Policy": STRICT.replace("form-action 'none'", "form-action 'self'"),
}
_READS = ("GET", "HEAD", "OPTIONS")
# Names that mean the browser's own machine, whatever a name server says: no foreign page can
# have them. Any port, for tunnels (ssh -L 9000:localhost:7860).
_LOCAL = ("127.0.0.1", "localhost", "[::1]")
_HOST = re.compile(r"(?P<name>[A-Za-z0-9._-]++|\[[0-9A-Fa-f:.]++\])(?P<port>:[0-9]{1,5})?")


@dataclass(frozen=True)
class Rules:
    """What the guard lets through."""

    hosts: tuple[str, ...]  # names under which the site is reached, besides its own address
    body: int  # bytes of a request's body
    upload: int  # bytes of a request that uploads files
    headers: Mapping[str, str]  # set on every answer


class Guard:
    """Middleware for the whole site."""

    def __init__(self, app: ASGIApp, rules: Rules, refused: Refused | None = None) -> None:
        self.app = app
        self.rules = rules
        self.refused = refused

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self.rules.upload if scope["path"] in UPLOADS else self.rules.body
        if refused := refusal(scope, self.rules.hosts, limit):
            status, sentence = refused
            log.info("refused %r %r (%d)", scope["method"], scope["path"][:200], status)
            if self.refused and status == FORBIDDEN:
                await self.refused.note(scope, "cross-site")
            answer = PlainTextResponse(sentence + "\n", status, {"Connection": "close"})
            await answer(scope, receive, with_headers(send, self.rules.headers))
            return
        if is_call(scope["path"]):  # programs get no cookie
            sending = with_headers(send, self.rules.headers)
            await self.app(scope, _at_most(receive, limit), sending)
            return
        scope, cookie = _with_cookie(scope)
        send = with_headers(send, self.rules.headers, cookie)
        await self.app(scope, _at_most(receive, limit), send)


def refusal(scope: Scope, hosts: tuple[str, ...], limit: int) -> tuple[int, str] | None:
    """Status and sentence for a request that must not be served."""
    headers = Headers(scope=scope)
    host = headers.get("host", "")
    if not _is_own(host, (scope.get("server") or ("",))[0], hosts):
        return 421, (
            f"本服务没有“{host[:100]}”这个地址。如果它是本服务的正式地址，请管理员把它写进设置 POLICY_WEB_HOSTS。\n"
            "This host name is not allowed; see POLICY_WEB_HOSTS."
        )
    if not _has_key(scope["path"], headers) and _is_foreign(scope["method"], headers, host, hosts):
        return 403, "这个请求来自别的网站，已拒绝。\nCross-site request refused."
    if _length(headers) > limit:
        return 413, too_large(limit)
    return None


def too_large(limit: int) -> str:
    return f"发送的内容超过上限（{limit // 2**20} MB）。\nRequest body too large."


def _has_key(path: str, headers: Headers) -> bool:
    """Whether a program calls with a key. No browser adds that header by itself: a page of another
    website would have to ask first whether it may (CORS), and hears no."""
    return is_call(path) and headers.get("authorization", "")[:7].lower() == "bearer "


def _is_own(host: str, address: str, hosts: tuple[str, ...]) -> bool:
    """`address` is the one at which this very connection came in."""
    match = _HOST.fullmatch(host)
    if not match:
        return False
    name = match["name"].lower()
    bound = f"[{address}]" if ":" in address else address
    return name in (*_LOCAL, bound) or name in hosts or host.lower() in hosts


def _is_foreign(method: str, headers: Headers, host: str, hosts: tuple[str, ...]) -> bool:
    """Whether a page of another origin sent this. Links to a page are welcome; whatever else
    another site loads or sends is not."""
    site = headers.get("sec-fetch-site")  # only sent over https or to the own machine
    origin = headers.get("origin")
    if method in _READS:
        is_link = (headers.get("sec-fetch-mode"), headers.get("sec-fetch-dest")) == (
            "navigate",
            "document",
        )
        return site in ("cross-site", "same-site") and not is_link
    if site is not None:
        return site != "same-origin"
    if origin is None:
        return False
    try:
        sender = urlsplit(origin).netloc.lower()  # empty for "null"
    except ValueError:
        return True
    return not sender or (sender != host.lower() and sender not in hosts)


def _length(headers: Headers) -> int:
    length = headers.get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() and len(length) < 20 else 0


def _at_most(receive: Receive, limit: int) -> Receive:
    """Bodies sent in chunks do not say how long they are."""
    size = 0

    async def counted() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > limit:
            raise HTTPException(413, too_large(limit), {"Connection": "close"})
        return message

    return counted


def _with_cookie(scope: Scope) -> tuple[Scope, str]:
    """The request with the cookie that its answer sets, so that already the first request of a
    browser is its own; and the Set-Cookie header, empty when there is nothing to set."""
    value = new_cookie(HTTPConnection(scope).cookies)
    if value is None:
        return scope, ""
    kept = [
        part
        for name, header in scope["headers"]
        if name == b"cookie"
        for part in header.split(b";")
        if part.strip().partition(b"=")[0] != COOKIE.encode()
    ]
    cookies = b"; ".join([*(part.strip() for part in kept), f"{COOKIE}={value}".encode()])
    others = [(name, header) for name, header in scope["headers"] if name != b"cookie"]
    return (
        {**scope, "headers": [*others, (b"cookie", cookies)]},
        set_cookie(value, scope.get("scheme") == "https"),
    )


def with_headers(send: Send, headers: Mapping[str, str], cookie: str = "") -> Send:
    """`headers` are set where the answer has none of the name."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer = MutableHeaders(scope=message)
            for name, value in headers.items():
                answer.setdefault(name, value)
            if cookie:
                answer.append("set-cookie", cookie)
        await send(message)

    return sending
