"""What documents state, as rows, with a keyword index of their own. They are read from the
documents that are already here by the next ingest, or by --rebuild."""

from alembic import op

revision = "0004"
down_revision = "0003"

TABLES = """
CREATE TABLE facts (
    number INTEGER NOT NULL PRIMARY KEY,
    document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, quote TEXT NOT NULL,
    subject TEXT NOT NULL, "group" TEXT NOT NULL, place TEXT NOT NULL, level TEXT NOT NULL,
    value FLOAT, high FLOAT,
    unit TEXT NOT NULL, text TEXT NOT NULL, comparator TEXT NOT NULL,
    year INTEGER, base_year INTEGER,
    condition TEXT NOT NULL, role TEXT NOT NULL, organs TEXT NOT NULL,
    since TEXT, until TEXT,
    heading_path TEXT NOT NULL, passage_id TEXT NOT NULL
);
CREATE INDEX facts_document ON facts (document_id, start);
CREATE INDEX facts_kind ON facts (kind, year);
CREATE TABLE relations (
    "row" INTEGER NOT NULL PRIMARY KEY,
    document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    type TEXT NOT NULL,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, quote TEXT NOT NULL,
    title TEXT, number TEXT, issuer TEXT,
    articles TEXT NOT NULL, effective TEXT, until TEXT, passage_id TEXT NOT NULL
);
CREATE INDEX relations_document ON relations (document_id, start);
CREATE VIRTUAL TABLE fact_words USING fts5 (subject, rest, content = '', tokenize = "unicode61 remove_diacritics 0 tokenchars '.%‰'")
"""


def upgrade() -> None:
    for statement in TABLES.split(";"):
        op.execute(statement)
    op.execute("UPDATE meta SET value = '4' WHERE key = 'schema_version'")
