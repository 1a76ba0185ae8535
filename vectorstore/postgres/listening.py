"""Hears of changes that other app servers make, by LISTEN; where it cannot, it asks.

What was heard last stays true as long as the connection lives, and a connection that is silent
is tried every few seconds: so nobody goes by an old number for longer than that.
"""

import logging
import threading
from collections.abc import Callable
from typing import Any

import psycopg

from vectorstore.postgres.connecting import address_of
from vectorstore.stores import Remote

log = logging.getLogger(__name__)

CHANNEL = "policy"
_LOOK = 0.5  # seconds that one look lasts
_TRIED = 10  # looks after which a connection is tried, lest it is dead and silent
_FIRST, _LONGEST = 1.0, 30.0  # seconds between two tries to connect


class Listener:
    """A thread with a connection of its own. `heard` counts what came for this schema; it is
    None while nothing can be heard. `on_change` is called from the thread, and must not last."""

    def __init__(self, remote: Remote, on_change: Callable[[], None]):
        self._remote = remote
        self._on_change = on_change
        self._stop = threading.Event()
        self._count = 0
        self.heard: int | None = None
        self._thread = threading.Thread(target=self._run, name="listener", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        self._thread.join(10 * _LOOK)

    def _run(self) -> None:
        pause = _FIRST
        while not self._stop.is_set():
            try:
                with self._connected() as db:
                    pause = _FIRST
                    self._tell()  # whatever happened while nothing was heard
                    self._listen(db)
            except psycopg.Error as error:
                log.warning("不能等候数据库的通知，改为询问：%s", str(error).partition("\n")[0])
            finally:
                self.heard = None
            self._stop.wait(pause)
            pause = min(2 * pause, _LONGEST)

    def _connected(self) -> "psycopg.Connection[Any]":
        address = address_of(self._remote.url).set(drivername="postgresql")
        db = psycopg.connect(
            address.render_as_string(hide_password=False), autocommit=True, connect_timeout=10
        )
        db.execute(f"LISTEN {CHANNEL}")
        return db

    def _listen(self, db: "psycopg.Connection[Any]") -> None:
        looks = 0
        while not self._stop.is_set():
            for notice in db.notifies(timeout=_LOOK, stop_after=100):
                if notice.payload.partition(" ")[0] == self._remote.schema:
                    self._tell()
            looks += 1
            if looks % _TRIED == 0:
                db.execute("SELECT 1")

    def _tell(self) -> None:
        self._count += 1
        self.heard = self._count
        self._on_change()
