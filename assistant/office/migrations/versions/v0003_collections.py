"""Collections of documents, and the office's own classes of documents."""

from alembic import op

revision = "0003"
down_revision = "0002"

STEPS = """
CREATE TABLE collections (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, owner TEXT NOT NULL, owner_name TEXT NOT NULL,
    shown TEXT NOT NULL, department TEXT NOT NULL, at TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE collected (
    collection TEXT NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
    document TEXT NOT NULL, path TEXT NOT NULL, at TEXT NOT NULL,
    PRIMARY KEY (collection, document)
) WITHOUT ROWID;
CREATE TABLE classes (
    document TEXT PRIMARY KEY, path TEXT NOT NULL, class TEXT NOT NULL, at TEXT NOT NULL
) WITHOUT ROWID;
UPDATE meta SET value = '3' WHERE key = 'schema_version'
"""


def upgrade() -> None:
    for statement in STEPS.split(";"):
        op.execute(statement)
