"""Keyword index and vectors that follow a catalogue in PostgreSQL."""

from collections.abc import Callable, Sequence

from filelock import FileLock

from vectorstore.embedding.embedder import Matrix
from vectorstore.keywords.port import KeywordIndex
from vectorstore.replica.keeping import Keeper
from vectorstore.replica.replica import Replica
from vectorstore.vectors.port import VectorStore


class FollowingKeywords:
    """KeywordIndex of the copy: what the catalogue has committed is found."""

    def __init__(self, replica: Replica):
        self._replica = replica

    @property
    def _now(self) -> KeywordIndex:
        self._replica.follow()
        return self._replica.keywords

    def add(self, document_id: str) -> None:
        """The copy follows by itself."""

    def remove(self, document_id: str) -> None:
        """The copy follows by itself."""

    def clear(self) -> None:
        self._replica.forget()

    def search(
        self, words: Sequence[str], limit: int, document_ids: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        return self._now.search(words, limit, document_ids)

    def scores(self, words: Sequence[str], passage_ids: Sequence[str]) -> dict[str, float]:
        return self._now.scores(words, passage_ids)

    def document_scores(
        self, words: Sequence[str], document_ids: Sequence[str]
    ) -> dict[str, float]:
        return self._now.document_scores(words, document_ids)

    def frequencies(self, words: Sequence[str]) -> dict[str, int]:
        return self._now.frequencies(words)

    def facts(
        self,
        words: Sequence[str],
        limit: int,
        kinds: Sequence[str] = (),
        document_ids: Sequence[str] | None = None,
    ) -> list[tuple[int, float]]:
        return self._now.facts(words, limit, kinds, document_ids)

    def documents_with(
        self, text: str, document_ids: Sequence[str] | None = None
    ) -> list[str] | None:
        return self._now.documents_with(text, document_ids)

    def candidates(
        self, text: str, document_ids: Sequence[str] | None = None
    ) -> list[tuple[str, str]] | None:
        return self._now.candidates(text, document_ids)


class FollowingVectors:
    """VectorStore over the copy; published under a lock of this server's own."""

    def __init__(self, replica: Replica, vectors: VectorStore, lock: FileLock):
        self._replica, self._vectors, self._lock = replica, vectors, lock
        self._keeper = Keeper(self._keep_up)

    def wake(self) -> None:
        """The catalogue has changed: follows in the background, and publishes when it is due."""
        self._keeper.wake()

    def _keep_up(self) -> None:
        if not self.is_current():
            self.publish()

    @property
    def on_damage(self) -> Callable[[], None]:
        return self._vectors.on_damage

    @on_damage.setter
    def on_damage(self, do: Callable[[], None]) -> None:
        self._vectors.on_damage = do

    @property
    def _now(self) -> VectorStore:
        self._replica.follow()
        return self._vectors

    def query(
        self, vector: Matrix, limit: int, allowed: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        return self._now.query(vector, limit, allowed)

    def publish(self, *, fresh: bool = False) -> None:
        """The lock is held until what is left to a thread is done too: other processes of
        this machine make bases in the same folder."""
        with self._lock:
            self._now.publish(fresh=fresh)
            self._vectors.settle()

    def settle(self) -> None:
        self._vectors.settle()

    def is_current(self) -> bool:
        return self._now.is_current()

    def is_healthy(self) -> bool:
        return self._vectors.is_healthy()

    def check_thoroughly(self) -> bool:
        return self._vectors.check_thoroughly()

    def verify(self) -> list[str]:
        return self._now.verify()

    def stop(self) -> None:
        self._vectors.stop()

    def close(self) -> None:
        self._keeper.close()
        self._vectors.close()
        self._replica.close()
