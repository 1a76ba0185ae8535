"""Mends what is damaged, in a thread of its own, one at a time."""

import logging
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)

_FIRST, _LONGEST = 1.0, 60.0  # seconds between two tries while another process writes
_PAUSE, _LONGEST_PAUSE = 10.0, 3600.0  # seconds before what was mended is mended again


class Healer:
    """`check` and `mend` return whether all is whole; `mend` is called until it is, as another
    process may be writing.

    What breaks again at once would be mended for ever, so each mending waits longer than
    the one before.
    """

    def __init__(self, check: Callable[[], bool], mend: Callable[[], bool]):
        self._check = check
        self._mend = mend
        self._stop = threading.Event()
        self._guard = threading.Lock()
        self._thread: threading.Thread | None = None
        self._pause = 0.0

    def start(self) -> None:
        """Returns at once; does nothing while a mending is under way."""
        with self._guard:
            if self._stop.is_set() or (self._thread and self._thread.is_alive()):
                return
            self._thread = threading.Thread(target=self._run, name="healer", daemon=True)
            self._thread.start()

    def close(self) -> None:
        self._stop.set()
        with self._guard:
            thread, self._thread = self._thread, None
        if thread:
            thread.join(30)

    def _run(self) -> None:
        if self._is_whole(self._check):
            return
        wait, delay = self._pause, _FIRST
        while not self._stop.wait(wait) and not self._is_whole(self._mend):
            wait, delay = delay, min(2 * delay, _LONGEST)
        self._pause = min(max(_PAUSE, 2 * self._pause), _LONGEST_PAUSE)

    @staticmethod
    def _is_whole(work: Callable[[], bool]) -> bool:
        try:
            return work()
        except Exception:  # an edge: nobody waits for this thread
            log.exception("索引没有修好，稍后再试")
            return False
