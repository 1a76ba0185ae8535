"""What people decided of pairs of documents. No reference to the documents: a decision outlives
them, and counts again when they come back."""

from alembic import op

revision = "0005"
down_revision = "0004"

TABLE = """CREATE TABLE decisions (
    older TEXT NOT NULL, newer TEXT NOT NULL,
    verdict TEXT NOT NULL, reason TEXT NOT NULL, who TEXT NOT NULL, day TEXT NOT NULL,
    older_title TEXT NOT NULL, newer_title TEXT NOT NULL,
    PRIMARY KEY (older, newer)
)"""


def upgrade() -> None:
    op.execute(TABLE)
    op.execute("UPDATE meta SET value = '5' WHERE key = 'schema_version'")
