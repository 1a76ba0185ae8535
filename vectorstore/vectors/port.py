"""What the index asks of dense search."""

from collections.abc import Callable, Sequence
from typing import Protocol

from vectorstore.embedding.embedder import Matrix


class VectorStore(Protocol):
    """The nearest passages to a vector; derived from the vectors that the catalogue holds.

    Whatever the catalogue has committed is found, published or not: publishing only makes
    search quicker. What the catalogue no longer holds is not found.
    """

    on_damage: Callable[[], None]  # called, from any thread, when damage was just found

    def query(
        self, vector: Matrix, limit: int, allowed: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """(passage id, cosine) of at most `limit` passages near `vector` (one row, of length 1).

        Best first, equal cosines by id. The cosine is that of the catalogue's own vector, so the
        same passage has the same cosine wherever it was found. `allowed` names documents: only
        their passages are looked at, and `limit` of them are found when they have as many,
        however far away; an empty list finds nothing. How many documents may be named is not
        bounded, yet each costs time: for a restriction that most searches share (who may see
        what) a field of the stored vectors would be cheaper than a list of ids.

        An approximate store may miss a passage that is near, and choose any among equals where
        `limit` cuts them; it never invents one. Raises VectorsDamaged when it cannot answer,
        IndexIncompatible for a vector of another length.
        """
        ...

    def publish(self, *, fresh: bool = False) -> None:
        """Makes search quick again after changes, or everything anew. Under the writer's lock.

        What takes long goes on in a thread, without that lock; what was `fresh` asked for is
        done on return."""

    def settle(self) -> None:
        """Waits for what publishing left to a thread."""

    def is_current(self) -> bool:
        """Whether so little changed since that publishing again is not due."""
        ...

    def is_healthy(self) -> bool:
        """Whether what was published is as it was written, by what is quick to see."""
        ...

    def check_thoroughly(self) -> bool:
        """`is_healthy`, with everything read."""
        ...

    def verify(self) -> list[str]:
        """What is wrong, a sentence each, everything compared with the catalogue."""
        ...

    def stop(self) -> None:
        """Ends a publishing that another thread is at."""

    def close(self) -> None: ...
