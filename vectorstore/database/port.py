"""What the stores ask of a database, whatever holds it.

Statements are SQL that SQLite and PostgreSQL both read, values marked by ? and always bound:
ON CONFLICT and not INSERT OR, RETURNING and not the last row's number, figures compared as
figures (`disabled = 1`). `instr`, `hex`, `json_each`, `json_extract` and `json_valid` are there
in both; see vectorstore/postgres/making.py.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from vectorstore.stores import Store

Row = Any  # its values by number and by name; iterates over the values


class Cursor(Protocol):
    """What a statement found, or how many rows it changed."""

    @property
    def rowcount(self) -> int: ...

    def fetchone(self) -> Row: ...

    def fetchall(self) -> list[Row]: ...

    def __iter__(self) -> Iterator[Row]: ...


class Connection(Protocol):
    """One operation's connection."""

    core: Any  # its SQLAlchemy side

    @property
    def in_transaction(self) -> bool: ...

    def execute(self, sql: str, values: Sequence[Any] = ..., /) -> Cursor: ...

    def executemany(self, sql: str, values: Iterable[Sequence[Any]], /) -> Cursor: ...


class Database(Protocol):
    """A bounded pool of connections to one store; one is taken for each operation.

    Any method raises CatalogDamaged, IndexIncompatible, DiskFull, ReadOnlyData or another
    PolicyError whose text is for people.
    """

    store: Store

    @property
    def read_only(self) -> bool: ...

    def connection(self) -> AbstractContextManager[Connection]:
        """For one operation; within another one of this thread, the same one."""
        ...

    def transaction(self) -> AbstractContextManager[Connection]:
        """All or nothing; within a transaction of this thread, a part of it. One writer at a
        time in each store: what is read inside stays so until its end."""
        ...

    def reading(self) -> AbstractContextManager[Connection]:
        """One state of the store for all that this thread reads inside."""
        ...

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Row]: ...

    def row(self, sql: str, values: Sequence[Any] = ()) -> Row | None: ...

    def overwrite(self) -> None:
        """After deleting what must not be found again."""

    def require_writable(self) -> None:
        """Raises ReadOnlyData where nothing can be written."""

    def close(self) -> None: ...
