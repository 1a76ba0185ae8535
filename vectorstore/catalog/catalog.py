"""The catalogue: documents, passages, embeddings and the keyword index in one SQLite file.

It is the system of record. A document is written in one transaction, so after a crash it is
either wholly in or wholly out; everything else (the Chroma files) is derived from it.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from vectorstore.catalog.rows import (
    METADATA_COLUMNS,
    batches,
    dump,
    metadata_of,
    metadata_values,
    passage_of,
    summary_of,
)
from vectorstore.catalog.schema import CATALOG
from vectorstore.embedding.embedder import Embedder, Matrix
from vectorstore.keywords.tokens import index_text
from vectorstore.models import Document, DocumentSummary, Heading, Passage
from vectorstore.sqlite.connecting import Connection
from vectorstore.sqlite.database import Database

# Weights of title, heading path and body, chosen on the ncp questions.
PASSAGE_WEIGHTS = "2.0, 1.0, 1.0"
DOCUMENT_WEIGHTS = "2.0, 1.0"

_SUMMARY_COLUMNS = ", ".join(
    f"d.{name}" for name in ("id", "sha256", "format", "passages", "ingested_at", *METADATA_COLUMNS)
)
_PASSAGE_COLUMNS = (
    "p.number, p.id, p.document_id, p.ordinal, p.start, p.end, p.page, p.kind, "
    "p.heading_path, p.text, p.context, p.cells"
)


WORD_COLUMNS = {"words": "title, path, body", "document_words": "title, body"}


@dataclass(frozen=True, slots=True)
class Source:
    """One file that a document was read from."""

    path: str
    document_id: str
    size: int
    modified_ns: int


class Catalog:
    """Typed access to the SQLite file; each operation takes a connection from a bounded pool."""

    def __init__(self, path: Path):
        self.path = path
        self.database = Database(path, CATALOG)

    @property
    def read_only(self) -> bool:
        return self.database.read_only

    def require_writable(self) -> None:
        self.database.require_writable()

    def transaction(self) -> AbstractContextManager[Connection]:
        """All or nothing; within a transaction of this thread, a part of it."""
        return self.database.transaction()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One state of the catalogue for all that is read inside."""
        with self.database.connection() as db:
            if db.in_transaction:
                yield db
                return
            db.execute("BEGIN")
            try:
                yield db
            finally:
                if db.in_transaction:
                    db.rollback()

    def close(self) -> None:
        self.database.close()

    # --- meta -----------------------------------------------------------------------------

    def get(self, key: str) -> str | None:
        row = self.database.row("SELECT value FROM meta WHERE key = ?", (key,))
        return row["value"] if row else None

    def set(self, key: str, value: str) -> None:
        with self.transaction() as db:
            self._set(db, key, value)

    @staticmethod
    def _set(db: Connection, key: str, value: str) -> None:
        db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    @property
    def generation(self) -> int:
        """Grows with every change of the documents."""
        return int(self.get("generation") or 0)

    def _bump(self, db: Connection) -> None:
        db.execute("UPDATE meta SET value = value + 1 WHERE key = 'generation'")

    # --- writing --------------------------------------------------------------------------

    def replace_document(
        self,
        document: Document,
        passages: Sequence[Passage],
        embeddings: Matrix,
        sources: Iterable[Source],
    ) -> None:
        """Writes a document with everything that belongs to it, in one transaction.

        `embeddings` has one row for each passage that is searched (Passage.is_searched).
        A document that lost its last source by this is removed in the same transaction.
        """
        with self.transaction() as db:
            held = db.execute("SELECT * FROM sources WHERE document_id = ?", (document.id,))
            others = [Source(*row) for row in held.fetchall()]
            self._delete(db, document.id)
            self._insert_document(db, document, len(passages))
            vectors = iter(embeddings.astype(np.float16))
            for passage in passages:
                vector = next(vectors).tobytes() if passage.is_searched else None
                self._insert_passage(db, passage, vector)
            self._change_words(db, document.id, "INSERT INTO {0} (rowid, {1}) VALUES ({2})")
            for source in (*others, *sources):
                self._insert_source(db, source)
            self._bump(db)

    def _insert_document(self, db: Connection, document: Document, passages: int) -> None:
        values = {
            "id": document.id,
            "sha256": document.sha256,
            "format": document.format,
            "text": document.text,
            "outline": dump([[h.level, h.text, h.start] for h in document.outline]),
            "page_starts": dump(document.page_starts),
            "passages": passages,
            "ingested_at": datetime.now(UTC).isoformat(timespec="seconds"),
            **metadata_values(document.metadata),
        }
        marks = ", ".join("?" * len(values))
        db.execute(
            f"INSERT INTO documents ({', '.join(values)}) VALUES ({marks})", [*values.values()]
        )

    @staticmethod
    def _insert_passage(db: Connection, passage: Passage, vector: bytes | None) -> None:
        db.execute(
            "INSERT INTO passages (id, document_id, ordinal, start, end, page, kind, "
            "heading_path, text, context, cells, embedding) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
            (
                passage.id, passage.document_id, passage.ordinal, passage.start, passage.end,
                passage.page, passage.kind, dump(passage.heading_path), passage.text,
                passage.context, dump([[c.header, c.start, c.end] for c in passage.cells]),
                vector,
            ),
        )  # fmt: skip

    @staticmethod
    def _change_words(db: Connection, document_id: str, statement: str) -> None:
        """Writes a document's words to the keyword index, or takes them out again.

        The index keeps no text of its own, so FTS5 must be told the same words both times.
        """
        for table, values in words_of(db, document_id):
            columns = WORD_COLUMNS[table]
            marks = ", ".join("?" * len(values))
            db.execute(statement.format(table, columns, marks), values)

    def rebuild_words(self) -> None:
        """Makes the keyword index anew from the stored passages."""
        with self.transaction() as db:
            for table in ("words", "document_words"):
                db.execute(f"INSERT INTO {table} ({table}) VALUES ('delete-all')")
            for row in db.execute("SELECT id FROM documents ORDER BY number").fetchall():
                self._change_words(db, row["id"], "INSERT INTO {0} (rowid, {1}) VALUES ({2})")
            self._bump(db)

    def embed_again(self, embedder: Embedder, on_progress: Callable[[int], None]) -> None:
        """Gives every passage the vector of another model, all or none."""
        with self.transaction() as db:
            ids = [row["id"] for row in db.execute("SELECT id FROM documents").fetchall()]
            for document_id in ids:
                (title,) = db.execute(
                    "SELECT title FROM documents WHERE id = ?", (document_id,)
                ).fetchone()
                passages = [p for p in self.passages_of(document_id) if p.is_searched]
                vectors = embedder.embed_passages([p.embedding_text(title) for p in passages])
                db.executemany(
                    "UPDATE passages SET embedding = ? WHERE id = ?",
                    [
                        (v.tobytes(), p.id)
                        for v, p in zip(vectors.astype(np.float16), passages, strict=True)
                    ],
                )
                on_progress(len(passages))
            self._set(db, "embedding_model", embedder.name)
            self._bump(db)

    def _insert_source(self, db: Connection, source: Source) -> None:
        before = db.execute(
            "SELECT document_id FROM sources WHERE path = ?", (source.path,)
        ).fetchone()
        db.execute(
            "INSERT OR REPLACE INTO sources VALUES (?, ?, ?, ?)",
            (source.path, source.document_id, source.size, source.modified_ns),
        )
        if before and before["document_id"] != source.document_id:
            self._delete_orphan(db, before["document_id"])

    def add_source(self, source: Source) -> None:
        """Notes that a file holds a document that the catalogue has already."""
        with self.transaction() as db:
            self._insert_source(db, source)
            self._bump(db)

    def remove_source(self, path: str) -> bool:
        """Forgets a file. True when its document went with it, as no other file holds it."""
        with self.transaction() as db:
            row = db.execute("SELECT document_id FROM sources WHERE path = ?", (path,)).fetchone()
            if row is None:
                return False
            db.execute("DELETE FROM sources WHERE path = ?", (path,))
            self._bump(db)
            return self._delete_orphan(db, row["document_id"])

    def delete_document(self, document_id: str) -> bool:
        with self.transaction() as db:
            self._bump(db)
            return self._delete(db, document_id)

    def _delete_orphan(self, db: Connection, document_id: str) -> bool:
        held = db.execute("SELECT 1 FROM sources WHERE document_id = ?", (document_id,)).fetchone()
        return False if held else self._delete(db, document_id)

    def _delete(self, db: Connection, document_id: str) -> bool:
        self._change_words(
            db, document_id, "INSERT INTO {0} ({0}, rowid, {1}) VALUES ('delete', {2})"
        )
        return db.execute("DELETE FROM documents WHERE id = ?", (document_id,)).rowcount > 0

    # --- documents ------------------------------------------------------------------------

    def documents(self) -> list[DocumentSummary]:
        """Summaries of all, in the order of their titles."""
        with self.database.connection() as db:
            rows = db.execute(
                f"SELECT {_SUMMARY_COLUMNS} FROM documents d ORDER BY d.title, d.id"
            ).fetchall()
            return [summary_of(row, self._paths(row["id"])) for row in rows]

    def summary(self, document_id: str) -> DocumentSummary | None:
        row = self.database.row(
            f"SELECT {_SUMMARY_COLUMNS} FROM documents d WHERE d.id = ?", (document_id,)
        )
        return summary_of(row, self._paths(document_id)) if row else None

    def document(self, document_id: str) -> Document | None:
        row = self.database.row("SELECT * FROM documents WHERE id = ?", (document_id,))
        if row is None:
            return None
        return Document(
            id=row["id"],
            sha256=row["sha256"],
            source_paths=self._paths(document_id),
            format=row["format"],
            text=row["text"],
            metadata=metadata_of(row),
            outline=tuple(Heading(*item) for item in json.loads(row["outline"])),
            page_starts=tuple(json.loads(row["page_starts"])),
        )

    def count_documents(self) -> int:
        return int(self.database.rows("SELECT count(*) FROM documents")[0][0])

    def _paths(self, document_id: str) -> tuple[str, ...]:
        rows = self.database.rows(
            "SELECT path FROM sources WHERE document_id = ? ORDER BY path", (document_id,)
        )
        return tuple(row["path"] for row in rows)

    def sources(self) -> dict[str, Source]:
        return {row["path"]: Source(*row) for row in self.database.rows("SELECT * FROM sources")}

    # --- passages -------------------------------------------------------------------------

    def passage(self, passage_id: str) -> Passage | None:
        found = self.passages_by_id([passage_id])
        return found.get(passage_id)

    def passages_by_id(self, ids: Sequence[str]) -> dict[str, Passage]:
        result = {}
        for part in batches(ids):
            marks = ", ".join("?" * len(part))
            sql = f"SELECT {_PASSAGE_COLUMNS} FROM passages p WHERE p.id IN ({marks})"
            for row in self.database.rows(sql, part):
                result[row["id"]] = passage_of(row)
        return result

    def passages_of(self, document_id: str) -> list[Passage]:
        rows = self.database.rows(
            f"SELECT {_PASSAGE_COLUMNS} FROM passages p WHERE p.document_id = ? ORDER BY p.ordinal",
            (document_id,),
        )
        return [passage_of(row) for row in rows]

    def embedded_ids(self) -> list[str]:
        rows = self.database.rows(
            "SELECT id FROM passages WHERE embedding IS NOT NULL ORDER BY number"
        )
        return [row["id"] for row in rows]

    def embeddings(self, ids: Sequence[str]) -> dict[str, np.ndarray[Any, np.dtype[np.float32]]]:
        """Unit vectors by passage id."""
        result = {}
        for part in batches(ids):
            marks = ", ".join("?" * len(part))
            sql = f"SELECT id, embedding FROM passages WHERE id IN ({marks}) AND embedding NOT NULL"
            for row in self.database.rows(sql, part):
                result[row["id"]] = np.frombuffer(row["embedding"], np.float16).astype(np.float32)
        return result

    def all_embeddings(
        self, after: int = 0, limit: int = 4000
    ) -> list[tuple[int, str, str, bytes]]:
        """A page of (number, passage id, document id, float16 vector)."""
        rows = self.database.rows(
            "SELECT number, id, document_id, embedding FROM passages "
            "WHERE embedding NOT NULL AND number > ? ORDER BY number LIMIT ?",
            (after, limit),
        )
        return [tuple(row) for row in rows]

    # --- keyword search -------------------------------------------------------------------

    def keyword_search(
        self, match: str, limit: int, document_ids: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """(passage id, BM25) of the best matches, higher is better.

        The matches are ranked before they are joined to their passages, and the + keeps SQLite
        from asking the keyword index once for each row allowed.
        """
        allowed, values = "", [match]
        if document_ids is not None:
            allowed = (
                "AND +rowid IN (SELECT number FROM passages "
                "WHERE document_id IN (SELECT value FROM json_each(?)))"
            )
            values.append(dump(list(document_ids)))
        rows = self.database.rows(
            f"SELECT p.id, best.score FROM (SELECT rowid, -bm25(words, {PASSAGE_WEIGHTS}) AS score "
            f"FROM words WHERE words MATCH ? {allowed} ORDER BY score DESC, rowid LIMIT ?) best "
            "JOIN passages p ON p.number = best.rowid ORDER BY best.score DESC, best.rowid",
            [*values, limit],
        )
        return [(row["id"], row["score"]) for row in rows]

    def keyword_scores(self, match: str, passage_ids: Sequence[str]) -> dict[str, float]:
        """BM25 of given passages; those that match no word are left out."""
        rows = self.database.rows(
            f"SELECT p.id, found.score FROM (SELECT rowid, -bm25(words, {PASSAGE_WEIGHTS}) AS score "
            "FROM words WHERE words MATCH ? AND +rowid IN (SELECT number FROM passages "
            "WHERE id IN (SELECT value FROM json_each(?)))) found "
            "JOIN passages p ON p.number = found.rowid",
            (match, dump(list(passage_ids))),
        )
        return {row["id"]: row["score"] for row in rows}

    def document_scores(self, match: str, document_ids: Sequence[str]) -> dict[str, float]:
        """BM25 of whole documents; those that match no word are left out."""
        rows = self.database.rows(
            f"SELECT d.id, -bm25(document_words, {DOCUMENT_WEIGHTS}) AS score FROM document_words "
            "JOIN documents d ON d.number = document_words.rowid WHERE document_words MATCH ? "
            "AND d.id IN (SELECT value FROM json_each(?))",
            (match, dump(list(document_ids))),
        )
        return {row["id"]: row["score"] for row in rows}

    def passage_frequency(self, words: Sequence[str]) -> dict[str, int]:
        """In how many passages each token occurs; absent tokens are left out."""
        with self.database.connection() as db:
            db.execute(
                "CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocabulary "
                "USING fts5vocab (main, words, row)"
            )
            rows = db.execute(
                "SELECT term, doc FROM temp.vocabulary "
                "WHERE term IN (SELECT value FROM json_each(?))",
                (dump(list(words)),),
            )
            return {row["term"]: row["doc"] for row in rows}

    def count_passages(self) -> int:
        return int(self.database.rows("SELECT coalesce(sum(passages), 0) FROM documents")[0][0])


def words_of(db: Connection, document_id: str) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """A document's rows of the keyword index: (table, (rowid, columns…))."""
    document = db.execute(
        "SELECT number, title, text FROM documents WHERE id = ?", (document_id,)
    ).fetchone()
    if document is None:
        return
    title = index_text(document["title"])
    body: list[str] = []
    rows = db.execute(
        "SELECT number, heading_path, text, context FROM passages "
        "WHERE document_id = ? AND embedding NOT NULL ORDER BY ordinal",
        (document_id,),
    )
    for row in rows.fetchall():
        path = index_text(" ".join(json.loads(row["heading_path"])))
        text = index_text(f"{row['text']}\n{row['context']}")
        body.append(text)
        yield "words", (row["number"], title, path, text)
    yield "document_words", (document["number"], title, " ".join(body))
