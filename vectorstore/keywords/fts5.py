"""The keyword index in SQLite's FTS5, in the catalogue's file and its transactions.

FTS5, its functions and its vocabulary have no like in other databases, so the SQL stands here
as it is; nobody above the port sees it. The tables keep no text of their own (content = ''):
to take a row out, FTS5 must be told the same words that went in, and these are read from the
catalogue's rows both times.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from vectorstore.database.port import Connection, Database
from vectorstore.keywords.tokens import TOKENIZER, fts_literal, fts_phrases, fts_query, index_text

# Weights of title, heading path and body, chosen on the ncp questions.
PASSAGE_WEIGHTS = "2.0, 1.0, 1.0"
DOCUMENT_WEIGHTS = "2.0, 1.0"
FACT_WEIGHTS = "3.0, 1.0"  # subject and group; text, condition, organs, headings

# Bare headings stand apart: they are looked up, and must not count in a search.
WORD_COLUMNS = {
    "words": "title, path, body",
    "document_words": "title, body",
    "heading_words": "body",
    "fact_words": "subject, rest",
}
DEFINITIONS = tuple(
    f"CREATE VIRTUAL TABLE {table} USING fts5 ({columns}, content = '', tokenize = \"{TOKENIZER}\")"
    for table, columns in WORD_COLUMNS.items()
)


class Fts5Index:
    """KeywordIndex beside the catalogue's tables."""

    def __init__(self, database: Database):
        self._database = database

    # --- kept up with the catalogue -----------------------------------------------------------

    def add(self, document_id: str) -> None:
        self._change(document_id, "INSERT INTO {0} (rowid, {1}) VALUES ({2})")

    def remove(self, document_id: str) -> None:
        self._change(document_id, "INSERT INTO {0} ({0}, rowid, {1}) VALUES ('delete', {2})")

    def _change(self, document_id: str, statement: str) -> None:
        with self._database.transaction() as db:
            for table, values in words_of(db, document_id):
                marks = ", ".join("?" * len(values))
                db.execute(statement.format(table, WORD_COLUMNS[table], marks), values)

    def clear(self) -> None:
        with self._database.transaction() as db:
            for table in WORD_COLUMNS:
                db.execute(f"INSERT INTO {table} ({table}) VALUES ('delete-all')")

    # --- search -------------------------------------------------------------------------------

    def search(
        self, words: Sequence[str], limit: int, document_ids: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """The matches are ranked before they are joined to their passages, and the + keeps
        SQLite from asking the keyword index once for each row allowed."""
        if not words:
            return []
        allowed, values = _allowed("+rowid", document_ids)
        rows = self._database.rows(
            f"SELECT p.id, best.score FROM (SELECT rowid, -bm25(words, {PASSAGE_WEIGHTS}) AS score "
            f"FROM words WHERE words MATCH ? {allowed} ORDER BY score DESC, rowid LIMIT ?) best "
            "JOIN passages p ON p.number = best.rowid ORDER BY best.score DESC, best.rowid",
            [fts_query(words), *values, limit],
        )
        return [(row["id"], row["score"]) for row in rows]

    def scores(self, words: Sequence[str], passage_ids: Sequence[str]) -> dict[str, float]:
        if not words:
            return {}
        rows = self._database.rows(
            f"SELECT p.id, found.score FROM (SELECT rowid, -bm25(words, {PASSAGE_WEIGHTS}) AS score "
            "FROM words WHERE words MATCH ? AND +rowid IN (SELECT number FROM passages "
            "WHERE id IN (SELECT value FROM json_each(?)))) found "
            "JOIN passages p ON p.number = found.rowid",
            (fts_query(words), _list(passage_ids)),
        )
        return {row["id"]: row["score"] for row in rows}

    def document_scores(
        self, words: Sequence[str], document_ids: Sequence[str]
    ) -> dict[str, float]:
        if not words:
            return {}
        rows = self._database.rows(
            f"SELECT d.id, -bm25(document_words, {DOCUMENT_WEIGHTS}) AS score FROM document_words "
            "JOIN documents d ON d.number = document_words.rowid WHERE document_words MATCH ? "
            "AND d.id IN (SELECT value FROM json_each(?))",
            (fts_query(words), _list(document_ids)),
        )
        return {row["id"]: row["score"] for row in rows}

    def frequencies(self, words: Sequence[str]) -> dict[str, int]:
        with self._database.connection() as db:
            db.execute(
                "CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocabulary "
                "USING fts5vocab (main, words, row)"
            )
            rows = db.execute(
                "SELECT term, doc FROM temp.vocabulary "
                "WHERE term IN (SELECT value FROM json_each(?))",
                (_list(words),),
            )
            return {row["term"]: row["doc"] for row in rows}

    def facts(
        self,
        words: Sequence[str],
        limit: int,
        kinds: Sequence[str] = (),
        document_ids: Sequence[str] | None = None,
    ) -> list[tuple[int, float]]:
        if not words:
            return []
        allowed, values = "", []
        if kinds or document_ids is not None:
            of_kind = "kind IN (SELECT value FROM json_each(?))" if kinds else "1"
            of_documents = "document_id IN (SELECT value FROM json_each(?))"
            held = of_documents if document_ids is not None else "1"
            allowed = f"AND +rowid IN (SELECT number FROM facts WHERE {of_kind} AND {held})"
            values = [_list(v) for v in (kinds or None, document_ids) if v is not None]
        rows = self._database.rows(
            f"SELECT rowid, -bm25(fact_words, {FACT_WEIGHTS}) AS score FROM fact_words "
            f"WHERE fact_words MATCH ? {allowed} ORDER BY score DESC, rowid LIMIT ?",
            [fts_query(words), *values, limit],
        )
        return [(row["rowid"], row["score"]) for row in rows]

    # --- looking up ---------------------------------------------------------------------------

    def documents_with(
        self, text: str, document_ids: Sequence[str] | None = None
    ) -> list[str] | None:
        """Headings are looked up apart: the words of whole documents lack the bare ones."""
        if not (match := fts_literal(text)):
            return None
        allowed = "" if document_ids is None else "WHERE id IN (SELECT value FROM json_each(?))"
        rows = self._database.rows(
            "SELECT id FROM (SELECT d.id FROM (SELECT rowid FROM document_words WHERE "
            "document_words MATCH ?) f JOIN documents d ON d.number = f.rowid "
            "UNION SELECT p.document_id FROM (SELECT rowid FROM heading_words WHERE "
            f"heading_words MATCH ?) h JOIN passages p ON p.number = h.rowid) {allowed} ORDER BY id",
            [match, match, *([] if document_ids is None else [_list(document_ids)])],
        )
        return [row["id"] for row in rows]

    def candidates(
        self, text: str, document_ids: Sequence[str] | None = None
    ) -> list[tuple[str, str]] | None:
        if not (phrases := fts_phrases(text)):
            return None
        match = f"body : ({phrases})"
        allowed, values = _allowed("+rowid", document_ids)
        found = " UNION ALL ".join(
            f"SELECT rowid FROM {table} WHERE {table} MATCH ? {allowed}"
            for table in ("words", "heading_words")
        )
        rows = self._database.rows(
            f"SELECT p.document_id, p.id FROM ({found}) f JOIN passages p ON p.number = f.rowid "
            "ORDER BY p.document_id, p.ordinal",
            2 * [match, *values],
        )
        return [(row["document_id"], row["id"]) for row in rows]


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
        "SELECT number, heading_path, text, context, embedding IS NULL AS bare FROM passages "
        "WHERE document_id = ? ORDER BY ordinal",
        (document_id,),
    )
    for row in rows.fetchall():
        text = index_text(f"{row['text']}\n{row['context']}")
        if row["bare"]:
            yield "heading_words", (row["number"], text)
            continue
        body.append(text)
        path = index_text(" ".join(json.loads(row["heading_path"])))
        yield "words", (row["number"], title, path, text)
    yield "document_words", (document["number"], title, " ".join(body))
    if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'facts'").fetchone():
        return  # a backup of an older format
    facts = db.execute(
        'SELECT number, subject, "group", text, condition, organs, heading_path FROM facts '
        "WHERE document_id = ?",
        (document_id,),
    )
    for row in facts.fetchall():
        listed = (*json.loads(row["organs"]), *json.loads(row["heading_path"]))
        rest = " ".join((row["text"], row["condition"], *listed))
        named = index_text(f"{row['group']} {row['subject']}")
        yield "fact_words", (row["number"], named, index_text(rest))


def _allowed(column: str, document_ids: Sequence[str] | None) -> tuple[str, list[str]]:
    if document_ids is None:
        return "", []
    return (
        f"AND {column} IN (SELECT number FROM passages "
        "WHERE document_id IN (SELECT value FROM json_each(?)))",
        [_list(document_ids)],
    )


def _list(values: Sequence[str]) -> str:
    return json.dumps(list(values), ensure_ascii=False)
