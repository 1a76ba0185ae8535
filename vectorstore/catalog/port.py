"""What the index asks of a catalogue, whatever database holds it."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from vectorstore.corrections import Correction
from vectorstore.decisions import Decision
from vectorstore.embedding.embedder import Matrix
from vectorstore.facts import Fact, FactFilter, FactName, Relation, Stated
from vectorstore.models import Audience, Document, DocumentSummary, Metadata, Passage

Vector = np.ndarray[Any, np.dtype[np.float32]]


@dataclass(frozen=True, slots=True)
class Source:
    """One file that a document was read from."""

    path: str
    document_id: str
    size: int
    modified_ns: int


class Follower(Protocol):
    """What is derived from the catalogue and changes with it, in the same transaction."""

    def add(self, document_id: str) -> None:
        """The document's rows were just written."""

    def remove(self, document_id: str) -> None:
        """The document's rows are about to go; there may be none."""


class Catalog(Protocol):
    """Documents, passages and their vectors: the system of record.

    A document is written in one transaction, so after a crash it is either wholly in or wholly
    out. Any method raises a PolicyError whose text is for people when the database is damaged,
    full, or may not be written.
    """

    followers: list[Follower]

    @property
    def read_only(self) -> bool: ...

    @property
    def generation(self) -> int:
        """Grows with every change of the documents."""
        ...

    def require_writable(self) -> None:
        """Raises ReadOnlyData where nothing can be written."""

    def transaction(self) -> AbstractContextManager[object]:
        """All or nothing; within a transaction of this thread, a part of it."""
        ...

    def reading(self) -> AbstractContextManager[object]:
        """One state of the catalogue for all that this thread reads inside."""
        ...

    def close(self) -> None: ...

    # --- notes, by key ------------------------------------------------------------------------

    def get(self, key: str) -> str | None: ...

    def set(self, key: str, value: str) -> None: ...

    # --- writing ------------------------------------------------------------------------------

    def replace_document(
        self,
        document: Document,
        passages: Sequence[Passage],
        embeddings: Matrix,
        sources: Iterable[Source],
        stated: Stated = Stated(),
    ) -> None:
        """Writes a document with everything that belongs to it, in one transaction.

        `embeddings` has one row for each passage that is searched (kind other than heading).
        The document keeps the sources it had; another one that lost its last source by this is
        removed in the same transaction.
        """

    def replace_stated(self, document_id: str, stated: Stated) -> None:
        """Gives a document other facts and relations, in one transaction."""

    def replace_metadata(self, document_id: str, metadata: Metadata, stated: Stated) -> None:
        """Gives a document other metadata, and the facts and relations that follow from these,
        in one transaction."""

    def replace_embeddings(self, vectors: dict[str, Vector]) -> None:
        """Gives passages, by id, other vectors."""

    def add_source(self, source: Source) -> None:
        """Notes that a file holds a document that the catalogue has already."""

    def remove_source(self, path: str) -> bool:
        """Forgets a file. True when its document went with it, as no other file holds it."""
        ...

    def delete_document(self, document_id: str) -> bool:
        """Whether there was one."""
        ...

    def put_decision(self, decision: Decision) -> None:
        """Notes what was decided of a pair, in the place of what was decided before."""

    def remove_decision(self, older: str, newer: str) -> bool:
        """Whether anything had been decided of this pair."""
        ...

    def put_audience(self, document_id: str, audience: Audience) -> bool:
        """Notes for whom a document is, be it here or not; whether that is another audience than
        before. It stays when the document is written again or goes: one that comes back is for
        those for whom it was."""
        ...

    def put_corrections(self, made: Sequence[Correction]) -> None:
        """Notes what people corrected, after all that was noted before. It stays when documents
        are written again or go; it changes no document by itself."""

    def touch(self) -> None:
        """What is derived was made anew: the generation grows."""

    # --- documents ----------------------------------------------------------------------------

    def documents(self) -> list[DocumentSummary]:
        """Summaries of all, in the order of their titles, then ids; one query."""
        ...

    def summaries(self, document_ids: Sequence[str]) -> dict[str, DocumentSummary]:
        """Those that exist, by id; one query."""
        ...

    def summary(self, document_id: str) -> DocumentSummary | None: ...

    def document(self, document_id: str) -> Document | None: ...

    def audiences(self, document_ids: Sequence[str]) -> dict[str, Audience]:
        """Those that are not PUBLIC, by document, also of documents that are gone."""
        ...

    def corrections(self, document_ids: Sequence[str] | None = None) -> list[Correction]:
        """In the order in which they were made, also of documents that are gone; of all
        documents, or of some."""
        ...

    def document_ids(self) -> list[str]:
        """In no order that means anything."""
        ...

    def count_documents(self) -> int: ...

    def sources(self) -> dict[str, Source]:
        """By path."""
        ...

    # --- passages -----------------------------------------------------------------------------

    def passage(self, passage_id: str) -> Passage | None: ...

    def passages_by_id(self, ids: Sequence[str]) -> dict[str, Passage]:
        """Those that exist."""
        ...

    def passages_of(self, document_id: str) -> list[Passage]:
        """In the order of the text, bare headings too."""
        ...

    def passage_ids(self, document_ids: Sequence[str] | None = None) -> list[tuple[str, str]]:
        """(document id, passage id), in the order of document ids and of the text."""
        ...

    def count_passages(self) -> int: ...

    # --- what documents state -----------------------------------------------------------------

    def facts(
        self, where: FactFilter = FactFilter(), *, limit: int | None = None, offset: int = 0
    ) -> list[Fact]:
        """In the order of document ids and of the text."""
        ...

    def count_facts(self, where: FactFilter = FactFilter()) -> int: ...

    def fact_names(self, where: FactFilter = FactFilter(), limit: int = 100) -> list[FactName]:
        """What these facts are called, the names that most documents use first."""
        ...

    def facts_by_number(self, numbers: Sequence[int]) -> dict[int, Fact]:
        """Those that exist; numbers are those of the keyword index."""
        ...

    def relations(self) -> list[Relation]:
        """Of all documents, in the order of their ids and of the text."""
        ...

    def decisions(self) -> list[Decision]:
        """All, the latest first; also those whose documents are gone."""
        ...

    # --- vectors ------------------------------------------------------------------------------

    def embedded_ids(self) -> list[str]:
        """Ids of the passages that are searched, in the order they were written."""
        ...

    def embeddings(self, ids: Sequence[str]) -> dict[str, Vector]:
        """Unit vectors by passage id, kept in half precision."""
        ...

    def all_embeddings(
        self, after: int = 0, limit: int = 4000
    ) -> list[tuple[int, str, str, bytes]]:
        """A page of (number, passage id, document id, float16 vector), by number."""
        ...
