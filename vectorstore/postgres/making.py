"""The tables of a store in PostgreSQL, derived from what makes its SQLite file.

One description serves both: the script is run in memory, looked at, and made again with the
other's types. Texts are compared byte by byte as SQLite does (COLLATE "C"), so that lists have
the same order wherever they lie, and whatever the database's own language is.
"""

import hashlib
import sqlite3
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
    event,
    text,
)
from sqlalchemy.types import Float, Integer, TypeEngine

from vectorstore.errors import IndexIncompatible
from vectorstore.postgres.connecting import Connection
from vectorstore.sqlite.connecting import Connection as File
from vectorstore.sqlite.core import core
from vectorstore.sqlite.database import statements
from vectorstore.sqlite.migrating import run_steps
from vectorstore.stores import Store

# What the stores' SQL calls, and PostgreSQL calls otherwise or not at all.
_FUNCTIONS = (
    """CREATE FUNCTION instr(text, text) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT strpos($1, $2)'""",
    """CREATE FUNCTION hex(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$SELECT upper(encode(convert_to($1, 'UTF8'), 'hex'))$$""",
    """CREATE FUNCTION hex(bytea) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$SELECT upper(encode($1, 'hex'))$$""",
    """CREATE FUNCTION randomblob(integer) RETURNS bytea LANGUAGE sql VOLATILE
    AS 'SELECT substring(uuid_send(gen_random_uuid()) FROM 1 FOR $1)'""",
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
    make_tables(db, schema, tables, store.schema, store.version)
    for table in tables.sorted_tables:
        if held := rows[table.name]:
            db.core.execute(table.insert(), held)
    finish(db, store)


def make_tables(db: Connection, schema: str, tables: MetaData, script: str, version: int) -> None:
    """`script` is kept: it makes the SQLite file again when somebody moves back."""
    db.execute(f'CREATE SCHEMA IF NOT EXISTS "{schema}"')
    for function in _FUNCTIONS:
        db.execute(function)
    tables.create_all(db.core, checkfirst=False)
    db.execute("CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY)")
    db.execute("INSERT INTO alembic_version VALUES (?)", [f"{version:04d}"])
    db.execute("CREATE TABLE made_from (script text NOT NULL, is_finished boolean NOT NULL)")
    db.execute("INSERT INTO made_from VALUES (?, 'f')", [script])


def finish(db: Connection, store: Store) -> None:
    """Makes the triggers, last: they watch over what people do, not over what is carried in."""
    if store.postgres:
        db.execute(store.postgres)
    db.execute("UPDATE made_from SET script = ?, is_finished = 't'", [store.schema])


def is_finished(db: Connection) -> bool:
    (found,) = db.execute("SELECT is_finished FROM made_from").fetchone()
    return bool(found)


def migrate(db: Connection, store: Store) -> None:
    """Runs the steps that are due, in a transaction of the caller's. They are written for SQLite,
    and read here with the other's types."""

    def read(
        connection: Any, cursor: Any, statement: str, values: Any, context: Any, many: bool
    ) -> tuple[str, Any]:
        return adapted(statement), values

    event.listen(db.core, "before_cursor_execute", read, retval=True)
    try:
        run_steps(db.core, store.migrations)
    finally:
        event.remove(db.core, "before_cursor_execute", read)
    db.execute("UPDATE made_from SET script = ?", [store.schema])


_WORDS = (
    (" WITHOUT ROWID", ""),
    ("INTEGER PRIMARY KEY AUTOINCREMENT", "INTEGER PRIMARY KEY"),
    ("INTEGER PRIMARY KEY", "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY"),
    (" INTEGER", " BIGINT"),
    (" TEXT", ' TEXT COLLATE "C"'),
    (" BLOB", " BYTEA"),
    (" REAL", " DOUBLE PRECISION"),
)


def adapted(statement: str) -> str:
    """A statement that makes or widens a table, with PostgreSQL's types; others as they are."""
    if statement.lstrip().startswith(("CREATE TABLE", "ALTER TABLE")):
        for word, other in _WORDS:
            statement = statement.replace(word, other)
    return statement


def require_known(stored: int, store: Store) -> None:
    if stored > store.version:
        raise IndexIncompatible(
            f"数据库里的{store.label}由更新的版本写成（格式 {stored}，本程序支持到 "
            f"{store.version}）；请升级程序"
        )


# --- deriving -------------------------------------------------------------------------------------


def _derived(store: Store) -> tuple[MetaData, dict[str, list[dict[str, Any]]]]:
    """The tables of a fresh store, and the rows that it begins with."""
    db = sqlite3.connect(":memory:", isolation_level=None, factory=File)
    for statement in statements(store.schema):
        db.execute(statement)
    db.row_factory = sqlite3.Row
    tables = tables_in(db)
    rows = {name: [dict(r) for r in db.execute(f"SELECT * FROM {name}")] for name in tables.tables}
    db.close()
    return tables, rows


def tables_in(db: File) -> MetaData:
    """The tables of a SQLite file as PostgreSQL is to have them, without keyword indexes, which
    are derived, and Alembic's own."""
    virtual = [
        name
        for (name,) in db.execute(
            "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%'"
        )
    ]
    found = MetaData()
    found.reflect(core(db), only=lambda name, _: is_own(name, virtual))
    for table in found.tables.values():
        _adapt(table)
        _complete(table, db)
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
        if column.computed is not None:
            column.computed.persisted = True  # PostgreSQL 15 knows no others
    keys = list(table.primary_key.columns)
    for key in keys:
        key.nullable = False
    if len(keys) == 1 and isinstance(keys[0].type, BigInteger) and not keys[0].foreign_keys:
        _numbered(keys[0])


def _complete(table: Table, db: File) -> None:
    """What SQLAlchemy does not read out of short forms: what happens to a row whose owner goes,
    where the key stands beside a column, and how a column is computed (`AS`)."""
    for name, deed in db.execute(
        f"SELECT \"from\", on_delete FROM pragma_foreign_key_list('{table.name}')"
    ):
        for key in table.columns[name].foreign_keys:
            if key.constraint and deed != "NO ACTION":
                key.constraint.ondelete = deed
    (script,) = db.execute("SELECT sql FROM sqlite_master WHERE name = ?", [table.name]).fetchone()
    for column in table.columns:
        if column.computed is not None:
            column.computed.sqltext = text(expression_of(column.name, script))


def expression_of(column: str, script: str) -> str:
    """What a column is computed from.

    >>> expression_of("b", "CREATE TABLE t (a TEXT, b TEXT AS (f(a) || ')') VIRTUAL)")
    "f(a) || ')'"
    """
    _, _, rest = " ".join(script.split()).partition(f" {column} TEXT AS (")
    depth, quoted = 1, False
    for at, character in enumerate(rest):
        quoted ^= character == "'"
        depth += 0 if quoted else {"(": 1, ")": -1}.get(character, 0)
        if not depth:
            return rest[:at]
    raise ValueError(column)


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


def continue_numbers(db: Connection, tables: MetaData, used: dict[str, int]) -> None:
    """After rows were carried in with their numbers: the next one is higher, also than those that
    were `used` in a table and are gone."""
    for table in tables.sorted_tables:
        for column in table.primary_key.columns:
            if column.identity is not None:
                db.core.execute(
                    text(
                        f"SELECT setval(pg_get_serial_sequence('{table.name}', '{column.name}'), "
                        f'greatest(coalesce((SELECT max("{column.name}") FROM "{table.name}"), 0), '
                        f"{used.get(table.name, 0)}) + 1, false)"
                    )
                )


def given_numbers(db: Connection, tables: MetaData) -> list[tuple[str, int]]:
    """The highest number that each table ever gave."""
    found = []
    for table in tables.sorted_tables:
        for column in table.primary_key.columns:
            if column.identity is not None:
                ((sequence,),) = db.execute(
                    f"SELECT pg_get_serial_sequence('{table.name}', '{column.name}')"
                )
                ((last,),) = db.execute(
                    f"SELECT last_value - CASE WHEN is_called THEN 0 ELSE 1 END FROM {sequence}"
                )
                found.append((table.name, int(last)))
    return found
