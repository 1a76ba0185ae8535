"""The drafts get a format number, and a name by which a lost or foreign file is noticed."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute("CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID")
    op.execute(
        "INSERT INTO meta VALUES ('schema_version', '2'), ('library', lower(hex(randomblob(16))))"
    )
