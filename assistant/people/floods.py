"""How much of one kind the audit log takes: nobody fills it, and a flood is still seen in it.

Of what is refused, and of the same thing opened again and again, the first ones are kept and the
others counted; the count is an entry when the window is over. Everything else is either kept or,
where one person does more than people can, not done.
"""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from assistant.people.log import Deed, Entry
from vectorstore.chain.commanding import COMMAND_LINE
from vectorstore.errors import PolicyError

SECONDS = 600.0  # of a window, which begins with its first entry
AGAIN = 5  # how often one person opens one thing; the rest is counted
REFUSED = 100  # refusals of one person
STRANGERS = 300  # refusals of all whom nobody knows, for addresses and cookies cost nothing
MOST = 1000  # of anything else by one person
_MOST_KEYS = 50_000  # windows that are open at once
_LOOK = 30.0  # seconds after which windows are looked through

_OPENED = frozenset[Deed](
    {"open document", "open draft", "open conversation", "open saved answers"}
)
_TRIED = frozenset[Deed]({"refused", "failed log in", "locked out"})
# The second entry of what was let in before, what needs no page, and calls, which the rate of
# their key limits.
_ALWAYS = frozenset[Deed]({"answer", "erase person", "prune log", "call"})
Key = tuple[str, ...]


class TooMuch(PolicyError):
    """Somebody does more than the log takes."""


@dataclass(slots=True)
class _Window:
    began: float
    count: int = 0
    left_out: int = 0
    last: Entry | None = None  # of those that were left out


class Floods:
    """Counts. Safe for several threads; each process counts for itself."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._windows: dict[Key, _Window] = {}
        self._over: list[Entry] = []
        self._looked = now()
        self._lock = threading.Lock()

    def admits(self, entry: Entry) -> bool:
        """Whether an entry is kept; else it is counted. Raises TooMuch for what is not to be
        done."""
        if entry.who == COMMAND_LINE or entry.deed in _ALWAYS or entry.result == "failed":
            return True
        with self._lock:
            if entry.deed in _TRIED or entry.result == "refused":
                return all(self._counted(entry, *limit) for limit in _limits_of_refusals(entry))
            whose = _whose(entry)
            if self._of(("all", whose)).count >= MOST:
                raise TooMuch(f"{int(SECONDS / 60)} 分钟内做得太多了，请过几分钟再做")
            if entry.deed in _OPENED and not self._counted(
                entry, (entry.deed, whose, entry.on), AGAIN
            ):
                return False
            self._of(("all", whose)).count += 1
            return True

    def ended(self, everything: bool) -> Iterator[Entry]:
        """What was counted in windows that are over (`everything`: in all), once: the last one left
        out of each, with their number."""
        with self._lock:
            if everything or self._now() - self._looked > _LOOK:
                self._end(everything=everything)
            over, self._over = self._over, []
        yield from over

    def _counted(self, entry: Entry, key: Key, most: int) -> bool:
        window = self._of(key)
        if window.count < most:
            window.count += 1
            return True
        window.left_out += 1 + int(entry.details.get("left_out", 0))
        window.last = entry
        return False

    def _of(self, key: Key) -> _Window:
        window = self._windows.get(key)
        if window is None or self._now() - window.began > SECONDS:
            if len(self._windows) >= _MOST_KEYS:
                self._end(everything=True)
            if window is not None:
                self._close(window)
            window = self._windows[key] = _Window(self._now())
        return window

    def _end(self, *, everything: bool) -> None:
        now = self._looked = self._now()
        for key, window in list(self._windows.items()):
            if everything or now - window.began > SECONDS:
                self._close(window)
                del self._windows[key]

    def _close(self, window: _Window) -> None:
        if window.last is None:
            return
        details = {**window.last.details, "left_out": window.left_out}
        self._over.append(replace(window.last, details=details))
        window.last = None


def _is_known(entry: Entry) -> bool:
    return entry.who.startswith("user:")


def _whose(entry: Entry) -> str:
    """A person; else an address, for a browser has as many cookies as it likes."""
    return entry.who if _is_known(entry) else f"from {entry.address}"


def _limits_of_refusals(entry: Entry) -> Iterator[tuple[Key, int]]:
    """Somebody's own come first: a stranger's flood hides nobody who is known."""
    yield (("refused", _whose(entry)), REFUSED)
    if not _is_known(entry):
        yield (("refused", "strangers"), STRANGERS)
