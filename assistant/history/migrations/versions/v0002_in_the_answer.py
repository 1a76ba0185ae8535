"""An answer itself says how it was made and from which state of the index."""

from alembic import op

revision = "0002"
down_revision = "0001"

STEPS = """
ALTER TABLE turns DROP COLUMN settings;
ALTER TABLE turns DROP COLUMN generation;
UPDATE meta SET value = '2' WHERE key = 'schema_version'
"""


def upgrade() -> None:
    for statement in STEPS.split(";"):
        op.execute(statement)
