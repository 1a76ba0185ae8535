"""The catalogue as it was before there were migrations."""

from alembic import op

revision = "0001"
down_revision = None

TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE documents (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    sha256 TEXT NOT NULL,
    format TEXT NOT NULL,
    text TEXT NOT NULL,
    title TEXT NOT NULL,
    issuer TEXT, publisher TEXT, document_number TEXT,
    date_written TEXT, date_printed TEXT, date_published TEXT, date_effective TEXT,
    region TEXT NOT NULL, period TEXT, period_end INTEGER, status TEXT, kind TEXT,
    cites TEXT NOT NULL, fields TEXT NOT NULL,
    outline TEXT NOT NULL, page_starts TEXT NOT NULL,
    passages INTEGER NOT NULL,
    ingested_at TEXT NOT NULL
);
CREATE INDEX documents_number ON documents (document_number);
CREATE TABLE sources (
    path TEXT PRIMARY KEY,
    document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    size INTEGER NOT NULL,
    modified_ns INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX sources_document ON sources (document_id);
CREATE TABLE passages (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    start INTEGER NOT NULL, end INTEGER NOT NULL, page INTEGER,
    kind TEXT NOT NULL,
    heading_path TEXT NOT NULL, text TEXT NOT NULL, context TEXT NOT NULL, cells TEXT NOT NULL,
    embedding BLOB
);
CREATE INDEX passages_document ON passages (document_id, ordinal);
CREATE VIRTUAL TABLE words USING fts5 (title, path, body, content = '', tokenize = "unicode61 remove_diacritics 0 tokenchars '.%‰'");
CREATE VIRTUAL TABLE document_words USING fts5 (title, body, content = '', tokenize = "unicode61 remove_diacritics 0 tokenchars '.%‰'")
"""


def upgrade() -> None:
    for statement in TABLES.split(";"):
        op.execute(statement)
    op.execute("INSERT INTO meta VALUES ('schema_version', '1'), ('generation', '0')")
