"""What people corrected of what was read of documents. No reference to the documents: a correction
outlives them, and counts again when they come back. What stands in a document's row is what counts;
its column by_hand tells what was read."""

from alembic import op

revision = "0007"
down_revision = "0006"

TABLE = """CREATE TABLE corrections (
    number INTEGER NOT NULL,
    document_id TEXT NOT NULL, field TEXT NOT NULL,
    value TEXT, read TEXT,
    reason TEXT NOT NULL, who TEXT NOT NULL, at TEXT NOT NULL,
    undone INTEGER NOT NULL,
    PRIMARY KEY (number)
)"""


def upgrade() -> None:
    op.execute(TABLE)
    op.execute("CREATE INDEX corrections_document ON corrections (document_id)")
    op.execute("ALTER TABLE documents ADD COLUMN by_hand TEXT")
    op.execute("UPDATE meta SET value = '7' WHERE key = 'schema_version'")
