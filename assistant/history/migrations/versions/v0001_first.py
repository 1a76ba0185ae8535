"""The first format."""

from alembic import op

revision = "0001"
down_revision = None

TABLES = """
CREATE TABLE conversations (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, title TEXT NOT NULL, created TEXT NOT NULL,
    updated TEXT NOT NULL, shared TEXT NOT NULL DEFAULT '', deleted TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE TABLE turns (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    number INTEGER NOT NULL, question TEXT NOT NULL, settings TEXT NOT NULL, asked TEXT NOT NULL,
    answered TEXT NOT NULL DEFAULT '', answer TEXT NOT NULL DEFAULT '',
    text TEXT NOT NULL DEFAULT '', sources TEXT NOT NULL DEFAULT '',
    error TEXT NOT NULL DEFAULT '', generation INTEGER NOT NULL DEFAULT -1,
    replaced INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE saved (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, conversation TEXT NOT NULL, question TEXT NOT NULL,
    answer TEXT NOT NULL, text TEXT NOT NULL, sources TEXT NOT NULL, tags TEXT NOT NULL,
    note TEXT NOT NULL, saved TEXT NOT NULL, dismissed TEXT NOT NULL, deleted TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX conversations_owner ON conversations (owner, updated);
CREATE INDEX conversations_shared ON conversations (shared);
CREATE INDEX turns_conversation ON turns (conversation, number);
CREATE INDEX saved_owner ON saved (owner, saved);
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO meta VALUES ('schema_version', '1'), ('library', lower(hex(randomblob(16))))
"""


def upgrade() -> None:
    for statement in TABLES.split(";"):
        op.execute(statement)
