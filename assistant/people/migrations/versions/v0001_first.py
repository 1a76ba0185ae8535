"""The accounts as they were first."""

from alembic import op

revision = "0001"
down_revision = None

TABLES = """
CREATE TABLE departments (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, parent TEXT REFERENCES departments (id)
) WITHOUT ROWID;
CREATE TABLE accounts (
    id TEXT PRIMARY KEY, login TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
    department TEXT REFERENCES departments (id), password TEXT NOT NULL, source TEXT NOT NULL,
    disabled INTEGER NOT NULL, must_change INTEGER NOT NULL, created INTEGER NOT NULL
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
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO meta VALUES ('schema_version', '1'), ('library', lower(hex(randomblob(16))))
"""


def upgrade() -> None:
    for statement in TABLES.split(";"):
        op.execute(statement)
