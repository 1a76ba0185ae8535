"""Sections are stored as structures. What is there is read as it is, and written anew when
somebody saves; the number keeps older programs, which know only text, from reading these."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.execute("UPDATE meta SET value = '3' WHERE key = 'schema_version'")
