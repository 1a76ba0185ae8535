"""The drafts as they were before there were migrations."""

from alembic import op

revision = "0001"
down_revision = None

TABLES = """
CREATE TABLE IF NOT EXISTS drafts (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, title TEXT NOT NULL, updated TEXT NOT NULL,
    version INTEGER NOT NULL, content TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS versions (
    draft_id TEXT NOT NULL REFERENCES drafts (id) ON DELETE CASCADE,
    number INTEGER NOT NULL, at TEXT NOT NULL, what TEXT NOT NULL, content TEXT NOT NULL,
    PRIMARY KEY (draft_id, number)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS drafts_owner ON drafts (owner, updated)
"""


def upgrade() -> None:
    for statement in TABLES.split(";"):
        op.execute(statement)
