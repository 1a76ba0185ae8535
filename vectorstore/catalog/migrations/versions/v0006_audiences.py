"""For whom documents are. No reference to the documents: a document that comes back is for those
for whom it was. No row: for everybody."""

from alembic import op

revision = "0006"
down_revision = "0005"

TABLE = """CREATE TABLE audiences (
    document_id TEXT NOT NULL,
    audience TEXT NOT NULL, "of" TEXT NOT NULL,
    may_quote INTEGER NOT NULL, may_download INTEGER NOT NULL,
    PRIMARY KEY (document_id)
)"""


def upgrade() -> None:
    op.execute(TABLE)
    op.execute("UPDATE meta SET value = '6' WHERE key = 'schema_version'")
