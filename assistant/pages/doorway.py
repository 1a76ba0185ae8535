"""What of Gradio is open: what the pages use, and files only to whom they belong.

Gradio brings some sixty addresses; these pages use about a dozen. The others are closed,
whatever they do today or in the next version.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from gradio_client.utils import is_file_obj_with_meta
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.pages.allowed import may_open
from assistant.pages.guard import UPLOAD, with_headers
from assistant.pages.received import NotReceived, SessionFiles
from assistant.pages.refusals import deny
from assistant.people.person import Person
from assistant.people.viewer import owner_of, person_of

FILE = "/gradio_api/file="
CALLS = ("/gradio_api/queue/join", "/gradio_api/run/predict")
_READ = re.compile(
    r"/(?:theme\.css|favicon\.ico|(?:assets|static)/.++"
    r"|gradio_api/(?:queue/data|upload_progress|app_id|heartbeat/[A-Za-z0-9_-]++))"
)
_SENT = (*CALLS, UPLOAD, "/gradio_api/cancel", "/gradio_api/reset")


class Doorway:
    """Middleware for the mounted Gradio app. `pages` are the paths of its pages, which are
    sent with `headers`; `functions` says on which of them a function is, by its number."""

    def __init__(
        self,
        app: ASGIApp,
        pages: tuple[str, ...],
        headers: Mapping[str, str],
        files: SessionFiles,
        functions: Mapping[int, str],
    ) -> None:
        self.app = app
        self.pages = pages
        self.functions = functions
        self.headers = headers
        self.files = files

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path, owner = scope["path"], owner_of(HTTPConnection(scope))
        if not self._is_open(scope["method"], path, owner):
            await _refused(404, "没有这个地址。")(scope, receive, send)
        elif path in CALLS:
            await self._call(scope, receive, send, owner)
        elif path == UPLOAD:
            await self.app(_uncompressed(scope), receive, self._noting(send, owner))
        elif path in self.pages:
            await self.app(scope, receive, with_headers(send, self.headers))
        else:
            await self.app(scope, receive, send)

    def _is_open(self, method: str, path: str, owner: str) -> bool:
        if method == "POST":
            return path in _SENT
        if method not in ("GET", "HEAD"):
            return False
        if path.startswith(FILE):
            return self.files.belongs(owner, path.removeprefix(FILE))
        return path in self.pages or _READ.fullmatch(path) is not None

    async def _call(self, scope: Scope, receive: Receive, send: Send, owner: str) -> None:
        """Lets a call of a page's function through once the files it names are known. Gradio
        would fetch an address given as a path, in any field; so all of them are looked at."""
        try:
            body = await _body(receive)
            called = json.loads(body)
            named = list(_paths(called))
        except HTTPException as error:  # too large; raised where the guard counts
            await _refused(error.status_code, error.detail)(scope, receive, send)
            return
        except (ValueError, RecursionError):
            await _refused(400, "读不懂这个请求。")(scope, receive, send)
            return
        if not self._may_call(person_of(HTTPConnection(scope)), called):
            deny(scope)
            await _refused(404, "没有这个地址。")(scope, receive, send)
            return
        try:
            self.files.check(owner, named)
        except NotReceived as error:
            await _refused(403, str(error))(scope, receive, send)
            return
        await self.app(scope, _replayed(body, receive), send)

    def _may_call(self, person: Person, called: Any) -> bool:
        """Whoever may not open a page may not call its functions either: the browser names them
        by number, whatever page it shows."""
        if person.is_alone:
            return True
        number = called.get("fn_index") if isinstance(called, dict) else None
        page = self.functions.get(number) if isinstance(number, int) else None
        return page is not None and may_open(person, page)

    def _noting(self, send: Send, owner: str) -> Send:
        """Remembers what Gradio says it stored, before the browser learns of it."""
        status, parts = 0, bytearray()

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                parts.extend(message.get("body", b""))
                if status == 200 and not message.get("more_body"):
                    self.files.note(owner, json.loads(parts))
            await send(message)

        return noting


def _refused(status: int, sentence: str) -> JSONResponse:
    # Gradio's client shows "detail" to the user.
    return JSONResponse({"detail": sentence}, status)


def _paths(value: Any) -> Iterator[str]:
    """The paths of all file values in a request, by Gradio's own test for one."""
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            try:
                if is_file_obj_with_meta(value):
                    yield value["path"]
            except AttributeError:
                raise ValueError("meta is no object") from None
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)


async def _body(receive: Receive) -> bytes:
    """The whole body; the guard bounds it."""
    parts, more = bytearray(), True
    while more:
        message = await receive()
        parts.extend(message.get("body", b""))
        more = message["type"] == "http.request" and message.get("more_body", False)
    return bytes(parts)


def _replayed(body: bytes, receive: Receive) -> Receive:
    is_given = False

    async def again() -> Message:
        nonlocal is_given
        if is_given:
            return await receive()
        is_given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def _uncompressed(scope: Scope) -> Scope:
    """The answer to an upload is read here, so it must come as it is."""
    headers = Headers(scope=scope).mutablecopy()
    del headers["accept-encoding"]
    return {**scope, "headers": headers.raw}
