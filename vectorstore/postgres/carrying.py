"""Many rows at once, in and out of PostgreSQL."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Column, Table
from sqlalchemy.types import BigInteger, Double, LargeBinary

from vectorstore.postgres.connecting import Connection

_PAGE = 2000  # rows that are read ahead


def columns_of(table: Table) -> list[Column[Any]]:
    """Those that are written; what is computed follows from them."""
    return [column for column in table.columns if column.computed is None]


def kinds_of(table: Table) -> list[type]:
    """What Python calls the values of each column."""
    known: tuple[tuple[Any, type], ...] = (
        (BigInteger, int), (Double, float), (LargeBinary, bytes),
    )  # fmt: skip
    return [
        next((kind for type_, kind in known if isinstance(column.type, type_)), str)
        for column in columns_of(table)
    ]


def _names(names: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))


def carry_in(db: Connection, schema: str, table: Table, rows: Iterable[Sequence[Any]]) -> None:
    """Writes rows as they are, by COPY."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(schema, table.name), _names(c.name for c in columns_of(table))
    )
    with db.raw.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def rows_of(db: Connection, schema: str, table: Table) -> Iterator[tuple[Any, ...]]:
    """All rows in the order of their keys, a page at a time; in a transaction of the caller's."""
    statement = sql.SQL("SELECT {} FROM {} ORDER BY {}").format(
        _names(c.name for c in columns_of(table)),
        sql.Identifier(schema, table.name),
        _names(order_of(table)),
    )
    with psycopg.ServerCursor(db.raw, "carried") as cursor:
        cursor.itersize = _PAGE
        cursor.execute(statement)
        yield from cursor


def order_of(table: Table) -> list[str]:
    """The key; of a table without one, all columns."""
    return [c.name for c in table.primary_key.columns] or [c.name for c in columns_of(table)]
