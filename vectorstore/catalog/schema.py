"""The tables of the catalogue. A change here is also a step in migrations/versions/, and a test
compares the two."""

from pathlib import Path

from vectorstore.keywords.tokens import TOKENIZER
from vectorstore.sqlite.database import Store

SCHEMA_VERSION = 2

_SCHEMA = """
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
CREATE VIRTUAL TABLE words USING fts5 (title, path, body, content = '', tokenize = "{tokenizer}");
CREATE VIRTUAL TABLE document_words USING fts5 (title, body, content = '', tokenize = "{tokenizer}");
INSERT INTO meta VALUES ('schema_version', '{version}'), ('generation', '0'),
    ('library', lower(hex(randomblob(16))))
"""

CATALOG = Store(
    label="目录库",
    schema=_SCHEMA.format(tokenizer=TOKENIZER, version=SCHEMA_VERSION),
    version=SCHEMA_VERSION,
    migrations=Path(__file__).parent / "migrations",
    tables=("meta", "documents", "sources", "passages", "words", "document_words"),
    remedy="有备份时运行 python -m ingest restore 备份目录 --force；没有备份时运行 "
    "python -m ingest --rebuild 原来的文件夹（连同数据目录里的 files），"
    "坏的目录库会留在一旁，文件重新读取",
    traces=("vectors/*", "files/*"),
    pragmas=("synchronous = NORMAL", "cache_size = -65536"),
)
