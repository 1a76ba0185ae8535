"""Accounts whose rights rest until somebody who grants rights confirms them."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute("ALTER TABLE accounts ADD COLUMN held INTEGER NOT NULL DEFAULT 0")
