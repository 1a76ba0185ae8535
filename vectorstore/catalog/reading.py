"""Queries of the catalogue, built once; values are bound when they run."""

from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select

from vectorstore.catalog.conditions import among, among_values
from vectorstore.catalog.rows import AUDIENCE_COLUMNS, METADATA_COLUMNS
from vectorstore.catalog.schema import (
    audiences,
    corrections,
    decisions,
    documents,
    facts,
    meta,
    passages,
    relations,
    sources,
)
from vectorstore.facts import FactFilter

NOTE = select(meta.c.value).where(meta.c.key == bindparam("key"))

# --- documents --------------------------------------------------------------------------------

_SUMMARY = ("id", "sha256", "format", "passages", "ingested_at", *METADATA_COLUMNS)
_AUDIENCE = tuple(audiences.c[name] for name in AUDIENCE_COLUMNS)
# A row for each path, so that all paths come with one query.
SUMMARIES = (
    select(*(documents.c[name] for name in _SUMMARY), sources.c.path, *_AUDIENCE)
    .select_from(
        documents.outerjoin(sources).outerjoin(audiences, audiences.c.document_id == documents.c.id)
    )
    .order_by(documents.c.title, documents.c.id, sources.c.path)
)
SUMMARIES_BY_ID = SUMMARIES.where(among(documents.c.id, "ids"))
DOCUMENT = select(documents).where(documents.c.id == bindparam("id"))
PATHS = (
    select(sources.c.path).where(sources.c.document_id == bindparam("id")).order_by(sources.c.path)
)
ALL_SOURCES = select(sources)
DOCUMENT_IDS = select(documents.c.id)
AUDIENCES = select(audiences).where(among(audiences.c.document_id, "ids"))
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

# --- what documents state ---------------------------------------------------------------------

FACTS_BY_NUMBER = select(facts).where(among(facts.c.number, "ids"))
FACT_NAME = facts.c.group + facts.c.subject
RELATIONS = select(relations).order_by(relations.c.document_id, relations.c.start)
DECISIONS = select(decisions).order_by(
    decisions.c.day.desc(), decisions.c.older_title, decisions.c.older, decisions.c.newer
)
CORRECTIONS = select(corrections).order_by(corrections.c.number)
CORRECTIONS_OF = CORRECTIONS.where(among(corrections.c.document_id, "ids"))


def facts_where(where: FactFilter) -> Select[Any]:
    """In the order of document ids and of the text."""
    f = facts.c
    query = select(facts).order_by(f.document_id, f.start, f.end, f.number)
    if where.kinds:
        query = query.where(f.kind.in_(where.kinds))
    if where.roles:
        query = query.where(f.role.in_(where.roles))
    if where.years:
        query = query.where(f.year.in_(where.years))
    if where.organs:
        query = query.where(or_(*(f.organs.contains(o, autoescape=True) for o in where.organs)))
    if where.text:
        said = (f.subject, f.group, f.text)
        query = query.where(or_(*(c.contains(where.text, autoescape=True) for c in said)))
    if where.name:
        query = query.where(FACT_NAME.contains(where.name, autoescape=True))
    if where.names:
        query = query.where(FACT_NAME.in_(where.names))
    if where.places:
        named = (f.place.contains(p, autoescape=True) for p in where.places)
        query = query.where(or_(*named, _is_of(where.local_ids)))
    if where.document_ids is not None:
        query = query.where(_is_of(where.document_ids))
    return query


def _is_of(document_ids: frozenset[str]) -> ColumnElement[bool]:
    return among_values(facts.c.document_id, sorted(document_ids))


def fact_names(where: FactFilter, limit: int) -> Select[Any]:
    """Names of the facts, those that most documents state first."""
    found = facts_where(where).order_by(None).subquery()
    name = (found.c.group + found.c.subject).label("name")
    documents_ = func.count(found.c.document_id.distinct()).label("documents")
    query = select(name, documents_, func.count().label("facts")).where(name != "")
    return query.group_by(name).order_by(documents_.desc(), func.count().desc(), name).limit(limit)


def count_of(query: Select[Any]) -> Select[Any]:
    return select(func.count()).select_from(query.order_by(None).subquery())


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
