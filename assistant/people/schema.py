"""What people.sqlite3 holds: who may come in, what they are, and who is in."""

from pathlib import Path

from vectorstore import stores
from vectorstore.stores import Store

# A change here is also a step in migrations/versions/, and a test compares the two. Times are
# seconds since 1970: they are compared, and shown only as a day and an hour.
_SCHEMA = """
CREATE TABLE departments (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, parent TEXT REFERENCES departments (id)
) WITHOUT ROWID;
CREATE TABLE accounts (
    id TEXT PRIMARY KEY, login TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
    department TEXT REFERENCES departments (id), password TEXT NOT NULL, source TEXT NOT NULL,
    disabled INTEGER NOT NULL, must_change INTEGER NOT NULL, created INTEGER NOT NULL,
    held INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE roles (
    person TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE, role TEXT NOT NULL,
    PRIMARY KEY (person, role)
) WITHOUT ROWID;
CREATE TABLE groups (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE) WITHOUT ROWID;
CREATE TABLE members (
    person TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    group_id TEXT NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    PRIMARY KEY (person, group_id)
) WITHOUT ROWID;
CREATE TABLE sessions (
    id TEXT PRIMARY KEY, person TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    created INTEGER NOT NULL, seen INTEGER NOT NULL, address TEXT NOT NULL, browser TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE failures (
    tried TEXT PRIMARY KEY, count INTEGER NOT NULL, latest INTEGER NOT NULL, until INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX sessions_person ON sessions (person);
CREATE TABLE keys (
    id TEXT PRIMARY KEY, hash TEXT NOT NULL,
    person TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE, name TEXT NOT NULL,
    scopes TEXT NOT NULL, per_minute INTEGER NOT NULL, created INTEGER NOT NULL,
    expires INTEGER NOT NULL, used INTEGER NOT NULL, revoked INTEGER NOT NULL,
    vouched TEXT
) WITHOUT ROWID;
CREATE INDEX keys_person ON keys (person);
"""
PEOPLE = Store(
    label=stores.LABELS[stores.PEOPLE],
    schema=_SCHEMA + stores.meta(4),
    version=4,
    migrations=Path(__file__).parent / "migrations",
    tables=("accounts", "departments", "roles", "sessions"),
    remedy="有备份时运行 python -m ingest restore 备份目录 --force；没有备份时把它和同名的 .id "
    "移到别处，再用 python -m assistant people add 重新建立账号",
    pragmas=("secure_delete = ON",),  # who was erased is not left in the file
)
