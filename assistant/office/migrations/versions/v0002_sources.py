"""Questions and wanted documents know which documents they may tell of, and questions what was
asked before them; several may answer one question, each for those who see its sources."""

from alembic import op

revision = "0002"
down_revision = "0001"

STEPS = """
ALTER TABLE gaps ADD COLUMN before TEXT NOT NULL DEFAULT '[]';
ALTER TABLE gaps ADD COLUMN sources TEXT NOT NULL DEFAULT '';
ALTER TABLE wanted ADD COLUMN sources TEXT NOT NULL DEFAULT '';
ALTER TABLE curated RENAME TO former;
CREATE TABLE curated (
    id INTEGER PRIMARY KEY, question TEXT NOT NULL, places TEXT NOT NULL,
    text TEXT NOT NULL, sources TEXT NOT NULL, by TEXT NOT NULL, at TEXT NOT NULL,
    review TEXT NOT NULL DEFAULT ''
);
INSERT INTO curated SELECT id, question, places, text, sources, by, at, review FROM former;
DROP TABLE former;
CREATE INDEX curated_question ON curated (question);
UPDATE meta SET value = '2' WHERE key = 'schema_version'
"""


def upgrade() -> None:
    for statement in STEPS.split(";"):
        op.execute(statement)
