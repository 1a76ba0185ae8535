"""The catalogue gets a name of its own: a lost or foreign file is noticed by it."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute("INSERT INTO meta VALUES ('library', lower(hex(randomblob(16))))")
    op.execute("UPDATE meta SET value = '2' WHERE key = 'schema_version'")
