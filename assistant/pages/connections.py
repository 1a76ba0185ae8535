"""Connections that send nothing must not keep others out.

uvicorn waits for ever for a request that is never finished. Here the head of a request must be
there within some seconds, its body must not stop for longer, and when too many connections are
open, the one that has kept us waiting longest goes.
"""

import asyncio
import resource
import time
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

MOST = 1000  # connections; a page needs two to six
HEAD_BYTES = 32 * 1024
_FILES = 8192


class PatientProtocol(H11Protocol):  # type: ignore[misc]
    """HTTP/1.1 with limits on waiting. `patience` in seconds."""

    patience = 15.0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._timer: asyncio.TimerHandle | None = None
        self.waiting_since = 0.0  # 0: nothing is owed to us

    def connection_made(self, transport: asyncio.Transport) -> None:
        super().connection_made(transport)
        self._start_waiting()
        if len(self.connections) > MOST:
            waiting = [c for c in self.connections if c.waiting_since]
            min(waiting, key=lambda c: c.waiting_since).transport.abort()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        state = self.conn.their_state
        if state is h11.IDLE:  # part of a head; more bytes do not buy more time
            if self._timer is None:
                self._start_waiting()
        elif state is h11.SEND_BODY:  # a large file takes its time, so each part starts anew
            since = self.waiting_since or time.monotonic()
            self._stop_waiting()
            self._start_waiting(since)
        else:
            self._stop_waiting()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def _start_waiting(self, since: float = 0.0) -> None:
        self.waiting_since = since or time.monotonic()
        self._timer = self.loop.call_later(self.patience, self._give_up)

    def _stop_waiting(self) -> None:
        self.waiting_since = 0.0
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _give_up(self) -> None:
        if self.flow.read_paused:  # it is we who do not read
            self._timer = self.loop.call_later(self.patience, self._give_up)
        else:
            self.transport.abort()


def patient(seconds: float) -> type[PatientProtocol]:
    """The protocol for uvicorn, which takes a class."""
    return type("Protocol", (PatientProtocol,), {"patience": seconds})


def allow_open_files() -> None:
    """Often 1,024 files are allowed, and more when asked for; every connection is one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES if hard == resource.RLIM_INFINITY else min(_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
