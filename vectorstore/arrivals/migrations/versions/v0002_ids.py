"""Reports are opened by an id that says nothing of how many there are."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute("ALTER TABLE reports ADD COLUMN id TEXT NOT NULL DEFAULT ''")
    op.execute("UPDATE reports SET id = lower(hex(randomblob(8)))")
    op.execute("CREATE UNIQUE INDEX reports_id ON reports (id)")
