"""office.sqlite3: what it holds. A change here is also a step in migrations/versions/, and a test
compares the two."""

from pathlib import Path

from vectorstore import stores
from vectorstore.stores import Store

TABLES = """
CREATE TABLE terms (
    id INTEGER PRIMARY KEY, wording TEXT NOT NULL, term TEXT NOT NULL,
    by TEXT NOT NULL, at TEXT NOT NULL, UNIQUE (wording, term)
);
CREATE TABLE renamed (
    id INTEGER PRIMARY KEY, old TEXT NOT NULL, new TEXT NOT NULL, since TEXT NOT NULL,
    until TEXT NOT NULL, by TEXT NOT NULL, at TEXT NOT NULL, UNIQUE (old, new)
);
CREATE TABLE votes (
    id INTEGER PRIMARY KEY, question TEXT NOT NULL, mode TEXT NOT NULL, vote TEXT NOT NULL,
    why TEXT NOT NULL, at TEXT NOT NULL
);
CREATE TABLE gaps (
    id INTEGER PRIMARY KEY, question TEXT NOT NULL, reason TEXT NOT NULL, why TEXT NOT NULL,
    who TEXT NOT NULL, at TEXT NOT NULL, near TEXT NOT NULL,
    outcome TEXT NOT NULL DEFAULT '', settled TEXT NOT NULL DEFAULT '',
    by TEXT NOT NULL DEFAULT '', before TEXT NOT NULL DEFAULT '[]',
    sources TEXT NOT NULL DEFAULT ''
);
CREATE INDEX gaps_open ON gaps (outcome, at);
CREATE TABLE wanted (
    id INTEGER PRIMARY KEY, what TEXT NOT NULL, question TEXT NOT NULL, gaps TEXT NOT NULL,
    by TEXT NOT NULL, at TEXT NOT NULL, done TEXT NOT NULL DEFAULT '',
    sources TEXT NOT NULL DEFAULT ''
);
CREATE TABLE curated (
    id INTEGER PRIMARY KEY, question TEXT NOT NULL, places TEXT NOT NULL,
    text TEXT NOT NULL, sources TEXT NOT NULL, by TEXT NOT NULL, at TEXT NOT NULL,
    review TEXT NOT NULL DEFAULT ''
);
CREATE INDEX curated_question ON curated (question);
CREATE TABLE counts (
    day TEXT NOT NULL, department TEXT NOT NULL, what TEXT NOT NULL, document TEXT NOT NULL,
    n INTEGER NOT NULL, PRIMARY KEY (day, department, what, document)
) WITHOUT ROWID;
CREATE TABLE collections (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, owner TEXT NOT NULL, owner_name TEXT NOT NULL,
    shown TEXT NOT NULL, department TEXT NOT NULL, at TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE collected (
    collection TEXT NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
    document TEXT NOT NULL, path TEXT NOT NULL, at TEXT NOT NULL,
    PRIMARY KEY (collection, document)
) WITHOUT ROWID;
CREATE TABLE classes (
    document TEXT PRIMARY KEY, path TEXT NOT NULL, class TEXT NOT NULL, at TEXT NOT NULL
) WITHOUT ROWID;
"""
OFFICE = Store(
    label=stores.LABELS[stores.OFFICE],
    schema=TABLES + stores.meta(3) + ";\nINSERT INTO meta VALUES ('terms', '0'), ('curated', '0')",
    version=3,
    migrations=Path(__file__).parent / "migrations",
    tables=("terms", "gaps", "curated"),
    remedy=stores.REMEDY,
    pragmas=("secure_delete = ON",),  # what was taken away is not left in the file
)
