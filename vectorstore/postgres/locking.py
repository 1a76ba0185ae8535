"""The writer's lock of a catalogue that several app servers share: an advisory lock of
PostgreSQL's, which ends with the connection that holds it, so that a killed writer leaves none."""

import threading
import time
from contextlib import suppress

import psycopg
from filelock import Timeout

from vectorstore.postgres.connecting import Connection, connected
from vectorstore.postgres.making import key_of
from vectorstore.postgres.saying import sentence
from vectorstore.stores import LABELS, Remote

_PAUSE = 0.1  # seconds between two tries


class AdvisoryLock:
    """Like a FileLock: a thread may take it several times, others wait."""

    def __init__(self, remote: Remote, what: str):
        self._remote = remote
        self._key = key_of(f"{remote.schema} {what}")
        self._mine = threading.local()

    def acquire(self, timeout: float = -1) -> None:
        """Raises Timeout when another holds it for longer than `timeout` seconds; below 0 it waits
        for ever. Raises PolicyError when the database cannot be reached."""
        depth: int = getattr(self._mine, "depth", 0)
        if not depth:
            self._mine.db = self._taken(timeout)
        self._mine.depth = depth + 1

    def _taken(self, timeout: float) -> Connection:
        try:
            db = connected(self._remote)
        except Exception as error:  # SQLAlchemy's wrapping, or the driver's own
            said = sentence(getattr(error, "orig", error), next(iter(LABELS.values())))
            raise said or error from error
        end = time.monotonic() + timeout
        try:
            while not db.execute(f"SELECT pg_try_advisory_lock({self._key})").fetchone()[0]:
                if timeout >= 0 and time.monotonic() >= end:
                    raise Timeout(self._remote.schema)
                time.sleep(_PAUSE)
        except BaseException:
            db.close()
            raise
        return db

    def release(self) -> None:
        self._mine.depth -= 1
        if not self._mine.depth:
            with suppress(psycopg.Error):  # a connection that broke holds nothing any more
                self._mine.db.execute(f"SELECT pg_advisory_unlock({self._key})")
            self._mine.db.close()
            self._mine.db = None
