"""Keeps the copy up with the catalogue, in a thread of its own, so that no question waits for it."""

import logging
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)


class Keeper:
    """Does `work` after each `wake`; what comes meanwhile is done once more, not once for each."""

    def __init__(self, work: Callable[[], None]):
        self._work = work
        self._woken = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="replica", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Returns at once."""
        self._woken.set()

    def close(self) -> None:
        self._stop.set()
        self._woken.set()
        self._thread.join(30)

    def _run(self) -> None:
        while True:
            self._woken.wait()
            self._woken.clear()
            if self._stop.is_set():
                return
            try:
                self._work()
            except Exception:  # an edge: nobody waits for this thread
                log.exception("本机的检索副本没有跟上，下次改动时再试")
