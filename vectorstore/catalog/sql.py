"""The catalogue in a database, by SQLAlchemy's expressions.

How it is opened, shared and found damaged is decided in vectorstore/sqlite/ and postgres/.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Row, Select

from vectorstore.catalog import reading, writing
from vectorstore.catalog.conditions import packed
from vectorstore.catalog.port import Follower, Source, Vector
from vectorstore.catalog.rows import (
    audience_of,
    correction_of,
    decision_of,
    document_of,
    fact_of,
    passage_of,
    relation_of,
    source_of,
    summaries_of,
    vector_of,
)
from vectorstore.catalog.schema import CATALOG
from vectorstore.corrections import Correction
from vectorstore.database.expressions import core, plain_errors
from vectorstore.database.opening import open_database
from vectorstore.decisions import Decision
from vectorstore.embedding.embedder import Matrix
from vectorstore.facts import Fact, FactFilter, FactName, Relation, Stated
from vectorstore.models import Audience, Document, DocumentSummary, Metadata, Passage
from vectorstore.stores import Place, Store


class SqlCatalog:
    """Catalog; each operation takes a connection from a bounded pool."""

    def __init__(self, place: Place, store: Store = CATALOG):
        self.database = open_database(place, store)
        self.followers: list[Follower] = []
        self._counted: tuple[int, int] | None = None  # (generation, passages)

    @property
    def read_only(self) -> bool:
        return self.database.read_only

    def require_writable(self) -> None:
        self.database.require_writable()

    def close(self) -> None:
        self.database.close()

    # --- connections ----------------------------------------------------------------------

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        with self.database.connection() as db, plain_errors():
            yield core(db)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        with self.database.transaction() as db, plain_errors():
            yield core(db)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with self.database.reading() as db, plain_errors():
            yield core(db)

    def _rows(self, query: Select[Any], **values: Any) -> Sequence[Row[Any]]:
        with self.connection() as db:
            return db.execute(query, values).all()

    def _value(self, query: Select[Any], **values: Any) -> Any:
        with self.connection() as db:
            return db.execute(query, values).scalar()

    # --- notes ----------------------------------------------------------------------------

    def get(self, key: str) -> str | None:
        value: str | None = self._value(reading.NOTE, key=key)
        return value

    def set(self, key: str, value: str) -> None:
        with self.transaction() as db:
            writing.put_note(db, key, value)

    @property
    def generation(self) -> int:
        return int(self.get("generation") or 0)

    # --- writing --------------------------------------------------------------------------

    def replace_document(
        self,
        document: Document,
        passages: Sequence[Passage],
        embeddings: Matrix,
        sources: Iterable[Source],
        stated: Stated = Stated(),
    ) -> None:
        with self.transaction() as db:
            writing.replace_document(
                db, self.followers, document, passages, embeddings, sources, stated
            )

    def replace_stated(self, document_id: str, stated: Stated) -> None:
        with self.transaction() as db:
            writing.replace_stated(db, self.followers, document_id, stated)

    def replace_metadata(self, document_id: str, metadata: Metadata, stated: Stated) -> None:
        with self.transaction() as db:
            writing.replace_stated(db, self.followers, document_id, stated, metadata)

    def replace_embeddings(self, vectors: dict[str, Vector]) -> None:
        with self.transaction() as db:
            writing.replace_embeddings(db, vectors)

    def add_source(self, source: Source) -> None:
        with self.transaction() as db:
            writing.put_source(db, self.followers, source)
            writing.bump(db)

    def remove_source(self, path: str) -> bool:
        with self.transaction() as db:
            return writing.remove_source(db, self.followers, path)

    def delete_document(self, document_id: str) -> bool:
        with self.transaction() as db:
            writing.bump(db)
            return writing.remove_document(db, self.followers, document_id)

    def put_decision(self, decision: Decision) -> None:
        with self.transaction() as db:
            writing.put_decision(db, decision)

    def remove_decision(self, older: str, newer: str) -> bool:
        with self.transaction() as db:
            return writing.remove_decision(db, older, newer)

    def put_audience(self, document_id: str, audience: Audience) -> bool:
        with self.transaction() as db:
            return writing.put_audience(db, document_id, audience)

    def put_corrections(self, made: Sequence[Correction]) -> None:
        with self.transaction() as db:
            writing.put_corrections(db, made)

    def touch(self) -> None:
        with self.transaction() as db:
            writing.bump(db)

    # --- documents ------------------------------------------------------------------------

    def documents(self) -> list[DocumentSummary]:
        return list(summaries_of(self._rows(reading.SUMMARIES)))

    def summaries(self, document_ids: Sequence[str]) -> dict[str, DocumentSummary]:
        rows = self._rows(reading.SUMMARIES_BY_ID, ids=packed(document_ids))
        return {summary.id: summary for summary in summaries_of(rows)}

    def summary(self, document_id: str) -> DocumentSummary | None:
        return self.summaries([document_id]).get(document_id)

    def document(self, document_id: str) -> Document | None:
        with self.connection() as db:
            row = db.execute(reading.DOCUMENT, {"id": document_id}).first()
            paths = db.execute(reading.PATHS, {"id": document_id}).scalars().all()
        return document_of(row, tuple(paths)) if row else None

    def audiences(self, document_ids: Sequence[str]) -> dict[str, Audience]:
        rows = self._rows(reading.AUDIENCES, ids=packed(document_ids))
        return {row.document_id: audience_of(row) for row in rows}

    def corrections(self, document_ids: Sequence[str] | None = None) -> list[Correction]:
        if document_ids is None:
            rows = self._rows(reading.CORRECTIONS)
        else:
            rows = self._rows(reading.CORRECTIONS_OF, ids=packed(document_ids))
        return [correction_of(row) for row in rows]

    def document_ids(self) -> list[str]:
        return [row.id for row in self._rows(reading.DOCUMENT_IDS)]

    def count_documents(self) -> int:
        return int(self._value(reading.COUNT_DOCUMENTS))

    def sources(self) -> dict[str, Source]:
        return {row.path: source_of(row) for row in self._rows(reading.ALL_SOURCES)}

    # --- passages -------------------------------------------------------------------------

    def passage(self, passage_id: str) -> Passage | None:
        return self.passages_by_id([passage_id]).get(passage_id)

    def passages_by_id(self, ids: Sequence[str]) -> dict[str, Passage]:
        rows = self._rows(reading.PASSAGES_BY_ID, ids=packed(ids))
        return {row.id: passage_of(row) for row in rows}

    def passages_of(self, document_id: str) -> list[Passage]:
        return [passage_of(row) for row in self._rows(reading.PASSAGES_OF, id=document_id)]

    def passage_ids(self, document_ids: Sequence[str] | None = None) -> list[tuple[str, str]]:
        if document_ids is None:
            rows = self._rows(reading.PASSAGE_IDS)
        else:
            rows = self._rows(reading.PASSAGE_IDS_OF, ids=packed(document_ids))
        return [(row.document_id, row.id) for row in rows]

    def count_passages(self) -> int:
        """Each question asks; to add up those of a million takes longer than the rest of its
        search. What a transaction sees may yet be undone, and is not kept."""
        with self.database.connection() as db:
            if db.in_transaction:
                return int(self._value(reading.COUNT_PASSAGES))
        generation, counted = self.generation, self._counted
        if counted is None or counted[0] != generation:
            counted = generation, int(self._value(reading.COUNT_PASSAGES))
            self._counted = counted
        return counted[1]

    # --- what documents state -------------------------------------------------------------

    def facts(
        self, where: FactFilter = FactFilter(), *, limit: int | None = None, offset: int = 0
    ) -> list[Fact]:
        query = reading.facts_where(where).limit(limit).offset(offset or None)
        return [fact_of(row) for row in self._rows(query)]

    def count_facts(self, where: FactFilter = FactFilter()) -> int:
        return int(self._value(reading.count_of(reading.facts_where(where))))

    def fact_names(self, where: FactFilter = FactFilter(), limit: int = 100) -> list[FactName]:
        rows = self._rows(reading.fact_names(where, limit))
        return [FactName(row.name, row.documents, row.facts) for row in rows]

    def facts_by_number(self, numbers: Sequence[int]) -> dict[int, Fact]:
        rows = self._rows(reading.FACTS_BY_NUMBER, ids=packed(numbers))
        return {row.number: fact_of(row) for row in rows}

    def relations(self) -> list[Relation]:
        return [relation_of(row) for row in self._rows(reading.RELATIONS)]

    def decisions(self) -> list[Decision]:
        return [decision_of(row) for row in self._rows(reading.DECISIONS)]

    # --- vectors --------------------------------------------------------------------------

    def embedded_ids(self) -> list[str]:
        return [row.id for row in self._rows(reading.EMBEDDED_IDS)]

    def embeddings(self, ids: Sequence[str]) -> dict[str, Vector]:
        rows = self._rows(reading.EMBEDDINGS, ids=packed(ids))
        return {row.id: vector_of(row.embedding) for row in rows}

    def all_embeddings(
        self, after: int = 0, limit: int = 4000
    ) -> list[tuple[int, str, str, bytes]]:
        rows = self._rows(reading.EMBEDDINGS_AFTER, after=after, most=limit)
        return [(row.number, row.id, row.document_id, row.embedding) for row in rows]
