"""Requests that were refused for want of a right, in the audit log: whoever tries shall be seen."""

import logging
import threading
import time
from collections import deque
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


class Refused:
    """Notes what was refused. Of a flood the first ones are kept, and how many were not."""

    def __init__(self, kept: AuditLog) -> None:
        self._log = kept
        self._recent: deque[float] = deque()
        self._left_out = 0
        self._lock = threading.Lock()

    async def note(self, scope: Scope, why: str) -> None:
        await anyio.to_thread.run_sync(self._note, scope, why)

    def _note(self, scope: Scope, why: str) -> None:
        if (left_out := self._counted()) is None:
            return
        details: dict[str, Any] = {"method": scope["method"], "cause": why}
        if left_out:
            details["left_out"] = left_out
        entry = entry_of(
            HTTPConnection(scope), "refused", scope["path"][:200], "refused", **details
        )
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
    """Middleware inside the one that knows who sends a request: answers 403 have an entry."""

    def __init__(self, app: ASGIApp, refused: Refused) -> None:
        self.app = app
        self.refused = refused

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == FORBIDDEN:
                await self.refused.note(scope, "not allowed")
            await send(message)

        await self.app(scope, receive, noting if scope["type"] == "http" else send)
