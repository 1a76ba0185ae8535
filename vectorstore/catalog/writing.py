"""How rows of the catalogue are written; the caller has begun a transaction."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, Integer, Text, bindparam, cast, delete, insert, select, update

from vectorstore.catalog.port import Follower, Source, Vector
from vectorstore.catalog.rows import (
    audience_of,
    audience_values,
    correction_values,
    decision_values,
    document_values,
    fact_values,
    metadata_values,
    passage_values,
    relation_values,
    source_of,
    stored,
)
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
from vectorstore.corrections import Correction
from vectorstore.decisions import Decision
from vectorstore.embedding.embedder import Matrix
from vectorstore.facts import Stated
from vectorstore.models import PUBLIC, Audience, Document, Metadata, Passage

_SOURCES_OF = select(sources).where(sources.c.document_id == bindparam("id"))
_HOLDER = select(sources.c.document_id).where(sources.c.path == bindparam("path"))
_FORGET = delete(sources).where(sources.c.path == bindparam("path"))
_AUDIENCE = select(audiences).where(audiences.c.document_id == bindparam("id"))
_DELETE = delete(documents).where(documents.c.id == bindparam("id"))
_EMBED = (
    update(passages).where(passages.c.id == bindparam("passage")).values(embedding=bindparam("own"))
)
_BUMP = (
    update(meta)
    .where(meta.c.key == "generation")
    .values(value=cast(cast(meta.c.value, Integer) + 1, Text))
)


def replace_document(
    db: Connection,
    followers: Sequence[Follower],
    document: Document,
    own: Sequence[Passage],
    embeddings: Matrix,
    files: Iterable[Source],
    stated: Stated,
) -> None:
    held = [source_of(row) for row in db.execute(_SOURCES_OF, {"id": document.id})]
    remove_document(db, followers, document.id)
    db.execute(insert(documents), document_values(document, len(own)))
    searched = [passage.id for passage in own if passage.is_searched]
    vectors = dict(zip(searched, embeddings, strict=True))
    if own:
        db.execute(insert(passages), [passage_values(p, vectors.get(p.id)) for p in own])
    _insert_stated(db, stated)
    for follower in followers:
        follower.add(document.id)
    for source in (*held, *files):
        put_source(db, followers, source)
    bump(db)


def replace_stated(
    db: Connection,
    followers: Sequence[Follower],
    document_id: str,
    stated: Stated,
    metadata: Metadata | None = None,
) -> None:
    """With `metadata`, these as well: what follows the catalogue knows the title."""
    for follower in followers:
        follower.remove(document_id)
    if metadata is not None:
        own = documents.c.id == document_id
        db.execute(update(documents).where(own).values(metadata_values(metadata)))
    for table in (facts, relations):
        db.execute(delete(table).where(table.c.document_id == document_id))
    _insert_stated(db, stated)
    for follower in followers:
        follower.add(document_id)
    bump(db)


def _insert_stated(db: Connection, stated: Stated) -> None:
    if stated.facts:
        db.execute(insert(facts), [fact_values(fact) for fact in stated.facts])
    if stated.relations:
        db.execute(insert(relations), [relation_values(r) for r in stated.relations])


def replace_embeddings(db: Connection, vectors: dict[str, Vector]) -> None:
    if vectors:
        db.execute(_EMBED, [{"passage": i, "own": stored(v)} for i, v in vectors.items()])
    bump(db)


def put_source(db: Connection, followers: Sequence[Follower], source: Source) -> None:
    """A file that held another document holds this one now."""
    before = db.execute(_HOLDER, {"path": source.path}).scalar()
    db.execute(_FORGET, {"path": source.path})
    db.execute(
        insert(sources),
        {
            "path": source.path,
            "document_id": source.document_id,
            "size": source.size,
            "modified_ns": source.modified_ns,
        },
    )
    if before is not None and before != source.document_id:
        _remove_orphan(db, followers, before)


def remove_source(db: Connection, followers: Sequence[Follower], path: str) -> bool:
    """Whether its document went with it."""
    holder = db.execute(_HOLDER, {"path": path}).scalar()
    if holder is None:
        return False
    db.execute(_FORGET, {"path": path})
    bump(db)
    return _remove_orphan(db, followers, holder)


def _remove_orphan(db: Connection, followers: Sequence[Follower], document_id: str) -> bool:
    if db.execute(_SOURCES_OF, {"id": document_id}).first() is not None:
        return False
    return remove_document(db, followers, document_id)


def remove_document(db: Connection, followers: Sequence[Follower], document_id: str) -> bool:
    """With its passages and sources; whether there was one."""
    for follower in followers:
        follower.remove(document_id)
    return db.execute(_DELETE, {"id": document_id}).rowcount > 0


def put_decision(db: Connection, decision: Decision) -> None:
    """In the place of what was decided of the pair before."""
    remove_decision(db, decision.older, decision.newer)
    db.execute(insert(decisions), decision_values(decision))


def remove_decision(db: Connection, older: str, newer: str) -> bool:
    """Whether there was one."""
    bump(db)
    own = (decisions.c.older == older, decisions.c.newer == newer)
    return db.execute(delete(decisions).where(*own)).rowcount > 0


def put_corrections(db: Connection, made: Sequence[Correction]) -> None:
    """After those of before."""
    if made:
        db.execute(insert(corrections), [correction_values(c) for c in made])
        bump(db)


def put_audience(db: Connection, document_id: str, audience: Audience) -> bool:
    """Whether it is another one than before."""
    row = db.execute(_AUDIENCE, {"id": document_id}).first()
    if (audience_of(row) if row else PUBLIC) == audience:
        return False
    db.execute(delete(audiences).where(audiences.c.document_id == document_id))
    if audience != PUBLIC:
        db.execute(insert(audiences), audience_values(document_id, audience))
    bump(db)
    return True


def put_note(db: Connection, key: str, value: str) -> None:
    db.execute(delete(meta).where(meta.c.key == key))
    db.execute(insert(meta), {"key": key, "value": value})


def bump(db: Connection) -> None:
    """The generation grows."""
    db.execute(_BUMP)
