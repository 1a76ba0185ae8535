"""Drafts belong to people and departments: shares, a bin, who saved a version, who is at work on
a section, and words that stand beside it."""

from alembic import op

revision = "0004"
down_revision = "0003"

STEPS = """
ALTER TABLE drafts ADD COLUMN department TEXT NOT NULL DEFAULT '';
ALTER TABLE drafts ADD COLUMN deleted TEXT NOT NULL DEFAULT '';
ALTER TABLE versions ADD COLUMN who TEXT NOT NULL DEFAULT '';
ALTER TABLE versions ADD COLUMN name TEXT NOT NULL DEFAULT '';
CREATE TABLE shares (
    draft_id TEXT NOT NULL REFERENCES drafts (id) ON DELETE CASCADE,
    kind TEXT NOT NULL, whom TEXT NOT NULL, power TEXT NOT NULL, name TEXT NOT NULL,
    PRIMARY KEY (draft_id, kind, whom)
) WITHOUT ROWID;
CREATE TABLE holds (
    draft_id TEXT NOT NULL REFERENCES drafts (id) ON DELETE CASCADE,
    section TEXT NOT NULL, person TEXT NOT NULL, name TEXT NOT NULL, since TEXT NOT NULL,
    until TEXT NOT NULL, PRIMARY KEY (draft_id, section)
) WITHOUT ROWID;
CREATE TABLE asides (
    draft_id TEXT NOT NULL REFERENCES drafts (id) ON DELETE CASCADE,
    section TEXT NOT NULL, person TEXT NOT NULL, at TEXT NOT NULL, heading TEXT NOT NULL,
    text TEXT NOT NULL, origin TEXT NOT NULL, PRIMARY KEY (draft_id, section, person, at)
) WITHOUT ROWID;
CREATE INDEX drafts_department ON drafts (department);
CREATE INDEX shares_whom ON shares (kind, whom);
UPDATE meta SET value = '4' WHERE key = 'schema_version'
"""


def upgrade() -> None:
    for statement in STEPS.split(";"):
        op.execute(statement)
