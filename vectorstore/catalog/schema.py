"""The tables of the catalogue, as queries name them and as a new file gets them.

A change here is also a step in migrations/versions/; a test compares what both make.
"""

from pathlib import Path

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable, ExecutableDDLElement

from vectorstore import stores
from vectorstore.catalog.noting import NOTES
from vectorstore.keywords.fts5 import DEFINITIONS
from vectorstore.stores import Store

SCHEMA_VERSION = 7

_tables = MetaData()
# Times of files are counted in nanoseconds; SQLite has one kind of whole number.
_WHOLE = BigInteger().with_variant(Integer(), "sqlite")


def _text(name: str, *, null: bool = False) -> Column[str]:
    return Column(name, Text, nullable=null)


def _number(name: str, *, null: bool = False) -> Column[int]:
    return Column(name, _WHOLE, nullable=null)


def _owner() -> Column[str]:
    return Column(
        "document_id", Text, ForeignKey("documents.id", ondelete="CASCADE"), nullable=False
    )


meta = Table(
    "meta",
    _tables,
    Column("key", Text, primary_key=True),
    _text("value"),
    sqlite_with_rowid=False,
)
documents = Table(
    "documents",
    _tables,
    Column("number", _WHOLE, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    _text("sha256"),
    _text("format"),
    _text("text"),
    _text("title"),
    *(_text(name, null=True) for name in ("issuer", "publisher", "document_number")),
    *(
        _text(f"date_{name}", null=True)
        for name in ("written", "printed", "published", "effective")
    ),
    _text("region"),
    _text("period", null=True),
    _number("period_end", null=True),
    _text("status", null=True),
    _text("kind", null=True),
    *(_text(name) for name in ("cites", "fields", "outline", "page_starts")),  # JSON
    _number("passages"),
    _text("ingested_at"),
    _text("by_hand", null=True),  # JSON; what of the above people put in, and what was read
    Index("documents_number", "document_number"),
)
sources = Table(
    "sources",
    _tables,
    Column("path", Text, primary_key=True),
    _owner(),
    _number("size"),
    _number("modified_ns"),
    Index("sources_document", "document_id"),
    sqlite_with_rowid=False,
)
passages = Table(
    "passages",
    _tables,
    Column("number", _WHOLE, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    _owner(),
    _number("ordinal"),
    _number("start"),
    _number("end"),
    _number("page", null=True),
    *(_text(name) for name in ("kind", "heading_path", "text", "context", "cells")),
    Column("embedding", LargeBinary),  # float16; none: not searched
    Index("passages_document", "document_id", "ordinal"),
)


_span = ("start", "end")
facts = Table(  # vectorstore/facts.py says what a column means
    "facts",
    _tables,
    Column("number", _WHOLE, primary_key=True),
    _owner(),
    _text("kind"),
    *map(_number, _span),
    *(_text(name) for name in ("quote", "subject", "group", "place", "level")),
    *(Column(name, Float) for name in ("value", "high")),
    *(_text(name) for name in ("unit", "text", "comparator")),
    *(_number(name, null=True) for name in ("year", "base_year")),
    *(_text(name) for name in ("condition", "role", "organs")),  # organs: JSON
    *(_text(name, null=True) for name in ("since", "until")),
    *(_text(name) for name in ("heading_path", "passage_id")),
    Index("facts_document", "document_id", "start"),
    Index("facts_kind", "kind", "year"),
)
relations = Table(
    "relations",
    _tables,
    Column("row", _WHOLE, primary_key=True),
    _owner(),
    _text("type"),
    *map(_number, _span),
    _text("quote"),
    *(_text(name, null=True) for name in ("title", "number", "issuer")),
    _text("articles"),  # JSON
    *(_text(name, null=True) for name in ("effective", "until")),
    _text("passage_id"),
    Index("relations_document", "document_id", "start"),
)
decisions = Table(  # vectorstore/decisions.py; these outlive the documents
    "decisions",
    _tables,
    Column("older", Text, primary_key=True),
    Column("newer", Text, primary_key=True),
    *(_text(n) for n in ("verdict", "reason", "who", "day", "older_title", "newer_title")),
)
audiences = Table(  # models.Audience; no row: for everybody. These outlive the documents
    "audiences",
    _tables,
    Column("document_id", Text, primary_key=True),
    *(_text(name) for name in ("audience", "of")),  # of: JSON
    *map(_number, ("may_quote", "may_download")),
)
corrections = Table(  # vectorstore/corrections.py; appended to, and these outlive the documents
    "corrections",
    _tables,
    Column("number", _WHOLE, primary_key=True),
    *map(_text, ("document_id", "field")),
    *(_text(name, null=True) for name in ("value", "read")),
    *map(_text, ("reason", "who", "at")),
    _number("undone"),
    Index("corrections_document", "document_id"),
)


def _definitions() -> str:
    """What makes the tables in a new SQLite file; the keyword index lies beside them."""
    statements: list[ExecutableDDLElement] = []
    for table in _tables.sorted_tables:
        indexes = sorted(table.indexes, key=lambda index: str(index.name))
        statements += [CreateTable(table), *map(CreateIndex, indexes)]
    dialect = sqlite.dialect()
    made = [str(statement.compile(dialect=dialect)).strip() for statement in statements]
    first = (
        f"INSERT INTO meta VALUES ('schema_version', '{SCHEMA_VERSION}'), ('generation', '0'), "
        "('library', lower(hex(randomblob(16))))"
    )
    return ";\n".join([*made, *DEFINITIONS, first])


CATALOG = Store(
    label=stores.LABELS[stores.CATALOG],
    schema=_definitions(),
    version=SCHEMA_VERSION,
    migrations=Path(__file__).parent / "migrations",
    # Those of the first version, which every later one has too.
    tables=("meta", "documents", "sources", "passages", "words", "document_words"),
    remedy="有备份时运行 python -m ingest restore 备份目录 --force；没有备份时运行 "
    "python -m ingest --rebuild 原来的文件夹（连同数据目录里的 files），"
    "坏的目录库会留在一旁，文件重新读取",
    traces=("vectors/*", "files/*"),
    pragmas=("synchronous = NORMAL", "cache_size = -65536"),
    postgres=NOTES,
)
