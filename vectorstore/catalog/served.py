"""The catalogue in PostgreSQL, where other app servers may change it at any time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from vectorstore.catalog.sql import SqlCatalog
from vectorstore.postgres.database import PostgresDatabase
from vectorstore.postgres.listening import Listener
from vectorstore.stores import Remote


class ServedCatalog(SqlCatalog):
    """Knows the generation without asking as long as it hears of every change (LISTEN), asks
    where it does not, and after each change of its own."""

    database: PostgresDatabase

    def __init__(self, remote: Remote):
        super().__init__(remote)
        self.on_change: Callable[[], None] = lambda: None
        self._own = 0  # changes of this process
        self._known: tuple[int, int, int] | None = None  # (heard, own, generation)
        self._listener = Listener(remote, lambda: self.on_change())

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        try:
            with super().transaction() as db:
                yield db
        finally:
            self._own += 1

    @property
    def is_busy(self) -> bool:
        """Whether this thread is inside a transaction, or reads one state."""
        return self.database.is_busy

    @property
    def generation(self) -> int:
        heard, own, known = self._listener.heard, self._own, self._known
        if heard is None or self.is_busy:
            return super().generation
        if known and known[:2] == (heard, own):
            return known[2]
        found = super().generation
        self._known = (heard, own, found)
        return found

    def close(self) -> None:
        self._listener.close()
        super().close()
