"""Comments on a draft's sections and sentences. Own material and lengths are stored within the
draft; the number keeps older programs, which know neither, from reading these."""

from alembic import op

revision = "0005"
down_revision = "0004"

STEPS = """
CREATE TABLE comments (
    id TEXT PRIMARY KEY, draft_id TEXT NOT NULL REFERENCES drafts (id) ON DELETE CASCADE,
    section TEXT NOT NULL, quote TEXT NOT NULL, text TEXT NOT NULL,
    person TEXT NOT NULL, name TEXT NOT NULL, at TEXT NOT NULL,
    resolved TEXT NOT NULL DEFAULT '', resolver TEXT NOT NULL DEFAULT '',
    resolver_name TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE INDEX comments_draft ON comments (draft_id, at);
UPDATE meta SET value = '5' WHERE key = 'schema_version'
"""


def upgrade() -> None:
    for statement in STEPS.split(";"):
        op.execute(statement)
