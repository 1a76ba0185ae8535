"""What a server of vectors must be able to do, and how long it is waited for.

An engine keeps records (passage id, document id, vector) in named collections. It may be gone,
slow or in foreign hands: each call ends in bounded time, and nothing it says is believed before
the catalogue confirms it (served.py).
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar

from vectorstore.catalog.changes import Row
from vectorstore.embedding.embedder import Matrix

_FIRST, _LONGEST = 1.0, 30.0  # seconds for which a server that failed is not asked again

T = TypeVar("T")


class EngineFailed(Exception):
    """The server cannot be reached, or answers with an error; the text is for people."""


class CollectionGone(EngineFailed):
    """The server is there, and does not hold the collection."""


class Engine(Protocol):
    """Any method raises EngineFailed."""

    place: str  # where the server is, as it may be shown and kept: without keys
    most: int  # records that one search may ask for

    def create(self, collection: str, dimension: int) -> None:
        """An empty one, for cosines."""

    def drop(self, collection: str) -> None:
        """Nothing happens when there is none."""

    def names(self, prefix: str) -> list[str]:
        """Collections whose names begin so."""
        ...

    def add(self, collection: str, rows: Sequence[Row]) -> None:
        """No record of these ids may be there yet."""

    def remove(self, collection: str, document_ids: Sequence[str]) -> None:
        """All records of these documents."""

    def count(self, collection: str) -> int:
        """Records, counted after all that was written."""
        ...

    def nearest(
        self, collection: str, vector: Matrix, limit: int, document_ids: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """(passage id, cosine), best first within each part of a long list of documents."""
        ...

    def everything(self, collection: str) -> Iterator[tuple[list[str], Matrix]]:
        """All records, a page at a time."""
        ...

    def close(self) -> None: ...


class Patience:
    """Lets no question wait for a server that has just failed another one.

    After a failure nobody asks for a while, longer each time; then one caller tries, and the
    others go on without until that one has an answer.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self._clock = clock
        self._lock = threading.Lock()
        self._until = 0.0
        self._pause = 0.0
        self.said = ""  # what went wrong last; empty while all is well

    def ask(self, call: Callable[[], T], *, now: bool = False) -> T:
        """`now`: also within the pause. Raises EngineFailed."""
        self._enter(now)
        try:
            answer = call()
        except CollectionGone:
            self._settle("")
            raise
        except EngineFailed as error:
            self._settle(str(error))
            raise
        self._settle("")
        return answer

    def _enter(self, now: bool) -> None:
        with self._lock:
            if not self.said or now:
                return
            at = self._clock()
            if at < self._until:
                raise EngineFailed(self.said)
            self._until = at + self._pause  # this one tries; the others need not wait with it

    def _settle(self, said: str) -> None:
        with self._lock:
            self._pause = min(max(_FIRST, 2 * self._pause), _LONGEST) if said else 0.0
            self._until = self._clock() + self._pause
            self.said = said
