"""Each answer keeps which documents its asker saw; of earlier ones it is not known."""

from alembic import op

revision = "0003"
down_revision = "0002"

STEPS = """
ALTER TABLE turns ADD COLUMN sight INTEGER NOT NULL DEFAULT 0;
ALTER TABLE saved ADD COLUMN sight INTEGER NOT NULL DEFAULT 0;
CREATE TABLE documents (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL, name TEXT NOT NULL, UNIQUE (id, name)
);
CREATE TABLE sights (
    id INTEGER PRIMARY KEY AUTOINCREMENT, mark TEXT NOT NULL UNIQUE, bits BLOB NOT NULL
);
CREATE INDEX turns_sight ON turns (sight);
CREATE INDEX saved_sight ON saved (sight);
UPDATE meta SET value = '3' WHERE key = 'schema_version'
"""


def upgrade() -> None:
    for statement in STEPS.split(";"):
        op.execute(statement)
