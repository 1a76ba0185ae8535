"""The tables of a store in PostgreSQL, derived from what makes its SQLite file.

One description serves both: the script is run in memory, looked at, and made again with the
other's types. Texts are compared byte by byte as SQLite does (COLLATE "C"), so that lists have
the same order wherever they lie, and whatever the database's own language is.
"""

import hashlib
import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    Identity,
    LargeBinary,
    MetaData,
    Table,
    Text,
    create_engine,
    text,
)
from sqlalchemy.pool import StaticPool
from sqlalchemy.types import Float, Integer, TypeEngine

from vectorstore.errors import IndexIncompatible
from vectorstore.postgres.connecting import Connection
from vectorstore.sqlite.database import statements
from vectorstore.sqlite.migrating import run_steps
from vectorstore.stores import Store

# What the stores' SQL calls, and PostgreSQL calls otherwise or not at all.
_FUNCTIONS = (
    """CREATE FUNCTION instr(text, text) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT strpos($1, $2)'""",
    """CREATE FUNCTION hex(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$SELECT upper(encode(convert_to($1, 'UTF8'), 'hex'))$$""",
    """CREATE FUNCTION json_each(text) RETURNS TABLE (value text)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT json_array_elements_text($1::json)'""",
    """CREATE FUNCTION json_valid(text) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE AS $$
    BEGIN PERFORM $1::json; RETURN $1 IS NOT NULL; EXCEPTION WHEN others THEN RETURN false; END
    $$""",
    """CREATE FUNCTION json_extract(text, text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE AS $$
    BEGIN RETURN $1::json ->> substr($2, 3); EXCEPTION WHEN others THEN RETURN NULL; END
    $$""",
)


def key_of(schema: str) -> int:
    """The number under which PostgreSQL knows a schema's locks."""
    digest = hashlib.blake2b(schema.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def is_made(db: Connection, schema: str) -> bool:
    (found,) = db.execute("SELECT to_regclass(?)", [f'"{schema}".meta']).fetchone()
    return found is not None


def stored_version(db: Connection) -> int:
    (version,) = db.execute("SELECT max(version_num) FROM alembic_version").fetchone()
    return int(version)


def make(db: Connection, schema: str, store: Store) -> None:
    """Makes a store that is not there; in a transaction of the caller's."""
    tables, rows = _derived(store)
    make_tables(db, schema, tables)
    for table in tables.sorted_tables:
        if held := rows[table.name]:
            db.core.execute(table.insert(), held)
    stamp(db, store.version)
    finish(db, store)


def make_tables(db: Connection, schema: str, tables: MetaData) -> None:
    db.execute(f'CREATE SCHEMA IF NOT EXISTS "{schema}"')
    for function in _FUNCTIONS:
        db.execute(function)
    tables.create_all(db.core, checkfirst=False)
    db.execute("CREATE TABLE IF NOT EXISTS alembic_version (version_num varchar(32) PRIMARY KEY)")


def stamp(db: Connection, version: int) -> None:
    db.execute("INSERT INTO alembic_version VALUES (?)", [f"{version:04d}"])


def finish(db: Connection, store: Store) -> None:
    """Makes the triggers, last: they watch over what people do, not over what is carried in."""
    if store.postgres:
        db.execute(store.postgres)
    db.execute("INSERT INTO meta VALUES ('finished', '1')")


def is_finished(db: Connection) -> bool:
    return db.execute("SELECT 1 FROM meta WHERE key = 'finished'").fetchone() is not None


def migrate(db: Connection, folder: Path) -> None:
    """Runs the steps that are due, in a transaction of the caller's."""
    run_steps(db.core, folder)


def require_known(stored: int, store: Store) -> None:
    if stored > store.version:
        raise IndexIncompatible(
            f"数据库里的{store.label}由更新的版本写成（格式 {stored}，本程序支持到 "
            f"{store.version}）；请升级程序"
        )


# --- deriving -------------------------------------------------------------------------------------


def _derived(store: Store) -> tuple[MetaData, dict[str, list[dict[str, Any]]]]:
    """The tables of a fresh store, and the rows that it begins with."""
    db = sqlite3.connect(":memory:", isolation_level=None)
    for statement in statements(store.schema):
        db.execute(statement)
    db.row_factory = sqlite3.Row
    tables = tables_in(db)
    rows = {name: [dict(r) for r in db.execute(f"SELECT * FROM {name}")] for name in tables.tables}
    db.close()
    return tables, rows


def tables_in(db: sqlite3.Connection) -> MetaData:
    """The tables of a SQLite file as PostgreSQL is to have them, without keyword indexes, which
    are derived, and Alembic's own."""
    engine = create_engine(
        "sqlite://", creator=lambda: db, poolclass=StaticPool, pool_reset_on_return=None
    )
    virtual = [
        name
        for (name,) in db.execute(
            "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%'"
        )
    ]
    found = MetaData()
    with engine.connect() as connection:
        found.reflect(connection, only=lambda name, _: is_own(name, virtual))
    for table in found.tables.values():
        _adapt(table)
    return found


LOCAL = ("alembic_version", "vector_changes")  # Alembic's own; what a SQLite file notes of vectors


def is_own(table: str, virtual: list[str]) -> bool:
    """Whether a table holds what people and files said, and not an index made of it."""
    return table not in LOCAL and not any(
        table == name or table.startswith(f"{name}_") for name in virtual
    )


def _adapt(table: Table) -> None:
    for column in table.columns:
        column.type = _type_of(column.type)
    keys = list(table.primary_key.columns)
    for key in keys:
        key.nullable = False
    if len(keys) == 1 and isinstance(keys[0].type, BigInteger) and not keys[0].foreign_keys:
        _numbered(keys[0])


def _numbered(column: Column[Any]) -> None:
    """A number that grows and is never used again."""
    identity = Identity(always=False)
    identity._set_parent(column)


_TYPES: tuple[tuple[type[TypeEngine[Any]], TypeEngine[Any]], ...] = (
    (Integer, BigInteger()),
    (Float, Double()),
    (LargeBinary, LargeBinary()),
)


def _type_of(type_: TypeEngine[Any]) -> TypeEngine[Any]:
    found = (made for kind, made in _TYPES if isinstance(type_, kind))
    return next(found, Text(collation="C"))


def continue_numbers(db: Connection, tables: MetaData) -> None:
    """After rows were carried in with their numbers: the next one is higher."""
    for table in tables.sorted_tables:
        for column in table.primary_key.columns:
            if column.identity is not None:
                db.core.execute(
                    text(
                        f"SELECT setval(pg_get_serial_sequence('{table.name}', '{column.name}'), "
                        f'coalesce((SELECT max("{column.name}") FROM "{table.name}"), 0) + 1, false)'
                    )
                )
