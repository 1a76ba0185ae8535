"""arrivals.sqlite3: what it holds. A change here is also a step in migrations/versions/."""

from pathlib import Path

from vectorstore import stores
from vectorstore.stores import Store

_SCHEMA = f"""
CREATE TABLE reports (
    number INTEGER PRIMARY KEY AUTOINCREMENT, by TEXT NOT NULL, at TEXT NOT NULL,
    way TEXT NOT NULL, audience TEXT NOT NULL, seconds REAL NOT NULL,
    id TEXT NOT NULL DEFAULT ''
);
CREATE TABLE arrived (
    report INTEGER NOT NULL REFERENCES reports (number) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL, label TEXT NOT NULL, action TEXT NOT NULL, reason TEXT NOT NULL,
    documents TEXT NOT NULL, passages INTEGER NOT NULL,
    same_as TEXT NOT NULL, namesake TEXT NOT NULL, PRIMARY KEY (report, ordinal)
) WITHOUT ROWID;
CREATE TABLE kept (
    path TEXT PRIMARY KEY, by TEXT NOT NULL, name TEXT NOT NULL, at TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE notes (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX reports_by ON reports (by, number);
CREATE UNIQUE INDEX reports_id ON reports (id);
{stores.meta(2)}"""
ARRIVALS = Store(
    label=stores.LABELS[stores.ARRIVALS],
    schema=_SCHEMA,
    version=2,
    migrations=Path(__file__).parent / "migrations",
    tables=("reports", "arrived", "kept", "notes"),
    remedy=stores.REMEDY,
    pragmas=("secure_delete = ON",),  # what was erased is not left in the file
)
