"""Requests that were refused for want of a right, in the audit log: whoever tries shall be seen.

Whatever refuses says so with `deny`; the entry is made here, off the event loop, when the answer
goes out. Gradio's functions run when their request is long answered: they use `note_now`.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import MutableMapping
from typing import Any

import anyio
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.people.log import AuditLog
from assistant.people.viewer import entry_of
from vectorstore.errors import PolicyError

log = logging.getLogger(__name__)

MOST, SECONDS = 300, 600.0  # entries, for strangers cannot be let fill a disk
FORBIDDEN = 403
_DENIED = "policy.denied"  # key of a request's scope: why it was refused
NO_ENTRY = ""  # it is no matter of rights, or has an entry of its own


def deny(scope: MutableMapping[str, Any], why: str = "not allowed") -> None:
    """Marks a request as refused, whatever its answer looks like."""
    scope[_DENIED] = why


class Refused:
    """Notes what was refused. Of a flood the first ones are kept, and how many were not."""

    def __init__(self, kept: AuditLog) -> None:
        self._log = kept
        self._recent: deque[float] = deque()
        self._left_out = 0
        self._lock = threading.Lock()

    async def note(self, scope: Scope, why: str) -> None:
        await anyio.to_thread.run_sync(self._note, scope, why)

    def note_now(self, request: Any, page: str) -> None:
        """Of a function of one of Gradio's pages, in its thread."""
        self._kept(request, page, {"cause": "not allowed"})

    def _note(self, scope: Scope, why: str) -> None:
        details = {"method": scope["method"], "cause": why}
        self._kept(HTTPConnection(scope), scope["path"][:200], details)

    def _kept(self, request: Any, on: str, details: dict[str, Any]) -> None:
        if (left_out := self._counted()) is None:
            return
        if left_out:
            details = {**details, "left_out": left_out}
        entry = entry_of(request, "refused", on, "refused", **details)
        try:
            self._log.record(entry)
        except PolicyError as error:  # it is refused all the same
            log.warning("%s", error)

    def _counted(self) -> int | None:
        """How many were left out since the last one that was kept; None to leave this one out."""
        now = time.monotonic()
        with self._lock:
            while self._recent and self._recent[0] < now - SECONDS:
                self._recent.popleft()
            if len(self._recent) >= MOST:
                self._left_out += 1
                return None
            self._recent.append(now)
            left_out, self._left_out = self._left_out, 0
            return left_out


class Refusals:
    """Middleware around the one that knows who sends a request: what was denied has an entry, and
    answers 403."""

    def __init__(self, app: ASGIApp, refused: Refused) -> None:
        self.app = app
        self.refused = refused

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                usual = "not allowed" if message["status"] == FORBIDDEN else NO_ENTRY
                if why := scope.get(_DENIED, usual):
                    await self.refused.note(scope, why)
            await send(message)

        await self.app(scope, receive, noting if scope["type"] == "http" else send)
