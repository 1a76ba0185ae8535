"""Connections to PostgreSQL that read the stores' SQL: marks as ?, rows by number and by name."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

import psycopg
from psycopg.adapt import Dumper
from psycopg.pq import TransactionStatus
from psycopg.types.string import StrDumperUnknown
from sqlalchemy import Connection as Core
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url

from vectorstore.errors import PolicyError
from vectorstore.stores import Remote

WAIT = 60  # seconds: for a connection, and for another process to end its transaction
_CONNECTING = 10  # seconds
_IDLE, _MOST = 4, 16  # connections of one store: kept open, and in all


class Row(tuple[Any, ...]):
    """A row by number and by name."""

    names: dict[str, int]

    def __getitem__(self, key: Any) -> Any:
        return super().__getitem__(self.names[key] if isinstance(key, str) else key)

    def keys(self) -> list[str]:
        return list(self.names)


def _named(cursor: Any) -> Any:
    return _row_of(tuple(column.name for column in cursor.description or ()))


@lru_cache(maxsize=512)
def _row_of(columns: tuple[str, ...]) -> type[Row]:
    return type("Row", (Row,), {"names": {name: n for n, name in enumerate(columns)}})


class _Text(StrDumperUnknown):
    """PostgreSQL holds no NUL in a text, SQLite does; one character takes the place of one, so
    that places in the text stay right."""

    def dump(self, obj: str) -> Any:
        return super().dump(obj.replace("\0", "\ufffd"))


class _Truth(Dumper):
    """SQLite keeps what is true as 1."""

    def dump(self, obj: bool) -> bytes:
        return b"1" if obj else b"0"


class Connection:
    """One operation's connection; `core` is its SQLAlchemy side. Each statement stands alone
    until BEGIN is sent: when a transaction begins and ends is decided by the caller."""

    def __init__(self, core: Core):
        self.core = core
        self.raw: psycopg.Connection[Any] = core.connection.driver_connection  # type: ignore[assignment]

    @property
    def in_transaction(self) -> bool:
        return self.raw.info.transaction_status not in (
            TransactionStatus.IDLE,
            TransactionStatus.UNKNOWN,
        )

    @property
    def is_broken(self) -> bool:
        return self.raw.closed

    def execute(self, sql: str, values: Sequence[Any] = (), /) -> "Cursor":
        cursor = psycopg.ClientCursor(self.raw, row_factory=_named)
        if values:
            cursor.execute(_marked(sql), values)  # type: ignore[arg-type]
        else:
            cursor.execute(sql)  # type: ignore[arg-type]
        return Cursor(cursor)

    def executemany(self, sql: str, values: Iterable[Sequence[Any]], /) -> "Cursor":
        cursor = psycopg.ClientCursor(self.raw, row_factory=_named)
        cursor.executemany(_marked(sql), values)  # type: ignore[arg-type]
        return Cursor(cursor)

    def commit(self) -> None:
        """PostgreSQL answers COMMIT with ROLLBACK when a statement inside had failed."""
        if (done := self.raw.execute("COMMIT").statusmessage) != "COMMIT":
            raise psycopg.errors.InFailedSqlTransaction(f"COMMIT: {done}")

    def rollback(self) -> None:
        if not self.raw.closed:
            self.raw.execute("ROLLBACK")

    def close(self) -> None:
        if self.raw.closed:
            self.core.invalidate()
        self.core.close()


class Cursor:
    """What a statement found; nothing where it finds nothing."""

    def __init__(self, cursor: Any):
        self._cursor = cursor

    @property
    def rowcount(self) -> int:
        return int(self._cursor.rowcount)

    def fetchone(self) -> Any:
        return self._cursor.fetchone() if self._cursor.description else None

    def fetchall(self) -> list[Any]:
        return list(self._cursor.fetchall()) if self._cursor.description else []

    def __iter__(self) -> Iterator[Any]:
        return iter(self.fetchall())


@lru_cache(maxsize=2048)
def _marked(sql: str) -> str:
    """psycopg's marks for ?, outside of quoted texts."""
    parts = sql.replace("%", "%%").split("'")
    return "'".join(p if n % 2 else p.replace("?", "%s") for n, p in enumerate(parts))


def address_of(url: str) -> URL:
    """The address as psycopg is told it. Raises PolicyError."""
    try:
        address = make_url(url)
    except Exception as error:  # SQLAlchemy's own, and ValueError of a port
        raise PolicyError("POLICY_DATABASE_URL 不是数据库地址；写法见 docs/settings.md") from error
    if address.get_backend_name() != "postgresql" or not address.database:
        raise PolicyError(
            "POLICY_DATABASE_URL 要写成 postgresql+psycopg://用户:密码@主机:端口/数据库"
        )
    return address.set(drivername="postgresql+psycopg")


def engine_of(remote: Remote, *, idle: int = _IDLE, most: int = _MOST) -> Engine:
    """A pool of connections that look into one schema; a dead one is replaced when it is taken."""
    address = address_of(remote.url)
    given = address.query.get("options", "")  # the address may set options of its own
    engine = create_engine(
        address,
        isolation_level="AUTOCOMMIT",
        pool_size=idle,
        max_overflow=most - idle,
        pool_timeout=WAIT,
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": _CONNECTING,
            "application_name": "policy",
            "client_encoding": "utf8",
            "options": f"{given} -csearch_path={remote.schema} -ctimezone=UTC".strip(),
        },
    )

    @event.listens_for(engine, "connect")
    def prepare(raw: Any, record: Any) -> None:
        raw.adapters.register_dumper(str, _Text)
        raw.adapters.register_dumper(bool, _Truth)

    return engine


def connected(remote: Remote) -> Connection:
    """A connection of its own, outside any pool."""
    engine = engine_of(remote, idle=1, most=1)
    return _Alone(engine)


class _Alone(Connection):
    def __init__(self, engine: Engine):
        self._engine = engine
        super().__init__(engine.connect())

    def close(self) -> None:
        super().close()
        self._engine.dispose()
