"""Queries of the catalogue, built once; values are bound when they run."""

from sqlalchemy import bindparam, func, select

from vectorstore.catalog.conditions import among
from vectorstore.catalog.rows import METADATA_COLUMNS
from vectorstore.catalog.schema import documents, meta, passages, sources

NOTE = select(meta.c.value).where(meta.c.key == bindparam("key"))

# --- documents --------------------------------------------------------------------------------

_SUMMARY = ("id", "sha256", "format", "passages", "ingested_at", *METADATA_COLUMNS)
# A row for each path, so that all paths come with one query.
SUMMARIES = (
    select(*(documents.c[name] for name in _SUMMARY), sources.c.path)
    .select_from(documents.outerjoin(sources))
    .order_by(documents.c.title, documents.c.id, sources.c.path)
)
SUMMARIES_BY_ID = SUMMARIES.where(among(documents.c.id, "ids"))
DOCUMENT = select(documents).where(documents.c.id == bindparam("id"))
PATHS = (
    select(sources.c.path).where(sources.c.document_id == bindparam("id")).order_by(sources.c.path)
)
ALL_SOURCES = select(sources)
DOCUMENT_IDS = select(documents.c.id)
COUNT_DOCUMENTS = select(func.count()).select_from(documents)


# --- passages ---------------------------------------------------------------------------------

_PASSAGES = select(*(column for column in passages.c if column.name not in ("number", "embedding")))
PASSAGES_BY_ID = _PASSAGES.where(among(passages.c.id, "ids"))
PASSAGES_OF = _PASSAGES.where(passages.c.document_id == bindparam("id")).order_by(
    passages.c.ordinal
)
PASSAGE_IDS = select(passages.c.document_id, passages.c.id).order_by(
    passages.c.document_id, passages.c.ordinal
)
PASSAGE_IDS_OF = PASSAGE_IDS.where(among(passages.c.document_id, "ids"))
COUNT_PASSAGES = select(func.coalesce(func.sum(documents.c.passages), 0))

# --- vectors ----------------------------------------------------------------------------------

_IS_SEARCHED = passages.c.embedding.is_not(None)
EMBEDDED_IDS = select(passages.c.id).where(_IS_SEARCHED).order_by(passages.c.number)
EMBEDDINGS = select(passages.c.id, passages.c.embedding).where(
    among(passages.c.id, "ids"), _IS_SEARCHED
)
EMBEDDINGS_AFTER = (
    select(passages.c.number, passages.c.id, passages.c.document_id, passages.c.embedding)
    .where(_IS_SEARCHED, passages.c.number > bindparam("after"))
    .order_by(passages.c.number)
    .limit(bindparam("most"))
)
