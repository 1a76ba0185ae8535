"""The words of passages in an index of tantivy's. The only file that names it.

Tokens are those of `tokens.py`; tantivy only parts them at spaces. One row is one passage: its
title stands twice among the words that are searched, as it counts twice, and the three columns are
kept as they are, for FTS5's formula.
"""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tantivy

_HEAP = 64 * 2**20  # bytes that wait to be written
_COLUMNS = 3


class IndexBroken(Exception):
    """The folder cannot be used; the text is a sentence for the log."""


@dataclass(frozen=True, slots=True)
class Found:
    """A passage as it was indexed: tokens of its title, its headings and its text."""

    number: int
    passage_id: str
    document_id: str
    columns: tuple[list[str], ...]


class PassagesIndex:
    """Opened to read; sees what was there at the last `reload`."""

    def __init__(self, folder: Path):
        with _broken(folder):
            self._index = tantivy.Index.open(str(folder))
            self._index.config_reader("manual")
        self.folder = folder
        self._searcher = self._index.searcher()
        self._held: dict[str, int] = {}

    def reload(self) -> None:
        with _broken(self.folder):
            self._index.reload()
            self._searcher = self._index.searcher()
            self._held = {}

    @property
    def count(self) -> int:
        return int(self._searcher.num_docs)

    def frequencies(self, words: Sequence[str]) -> dict[str, int]:
        """In how many passages each stands; counted once, as nothing changes until `reload`."""
        held, searcher = self._held, self._searcher
        with _broken(self.folder):
            for word in words:
                if word not in held:
                    found = searcher.search(self._term(word), limit=1, count=True)
                    held[word] = int(found.count)
            return {word: held[word] for word in words}

    def search(
        self, words: Sequence[str], limit: int, document_ids: Sequence[str] | None = None
    ) -> list[Found]:
        """By tantivy's BM25, which is near FTS5's."""
        any_word = tantivy.Query.boolean_query(
            [(tantivy.Occur.Should, self._term(word)) for word in dict.fromkeys(words)]
        )
        if document_ids is not None:
            any_word = tantivy.Query.boolean_query(
                [
                    (tantivy.Occur.Must, any_word),
                    (tantivy.Occur.Must, self._among("document", document_ids)),
                ]
            )
        return self._found(any_word, limit)

    def of(self, passage_ids: Sequence[str]) -> list[Found]:
        return self._found(self._among("passage", passage_ids), len(passage_ids))

    def _found(self, query: Any, limit: int) -> list[Found]:
        if limit < 1:
            return []
        with _broken(self.folder):
            searcher = self._searcher
            hits = searcher.search(query, limit=limit, count=False).hits
            return [_read(searcher.doc(address)) for _, address in hits]

    def _term(self, word: str) -> Any:
        return tantivy.Query.term_query(self._index.schema, "words", word, "freq")

    def _among(self, field: str, values: Sequence[str]) -> Any:
        asked = tantivy.Query.term_set_query(self._index.schema, field, list(values))
        return tantivy.Query.const_score_query(asked, 0.0)


class Writer:
    """Rows go in and out at `commit`, all or none."""

    def __init__(self, folder: Path, index: Any, writer: Any):
        self.folder = folder
        self._index, self._writer = index, writer
        self._searcher = index.searcher()

    def add(
        self, number: int, passage_id: str, document_id: str, columns: tuple[str, str, str]
    ) -> int:
        """How many tokens."""
        title, path, body = columns
        length = sum(len(column.split()) for column in columns)
        with _broken(self.folder):
            row = tantivy.Document()
            row.add_unsigned("number", number)
            row.add_unsigned("length", length)
            row.add_text("passage", passage_id)
            row.add_text("document", document_id)
            row.add_text("words", f"{title} {title} {path} {body}")
            row.add_bytes("columns", "\n".join(columns).encode())
            self._writer.add_document(row)
        return length

    def remove(self, document_id: str) -> int:
        """How many tokens went; 0 for a document that is not there."""
        with _broken(self.folder):
            own = tantivy.Query.term_query(self._index.schema, "document", document_id, "basic")
            there = self._searcher.search(own, limit=1_000_000, count=False).hits
            gone = sum(self._searcher.doc(address)["length"][0] for _, address in there)
            self._writer.delete_documents_by_term("document", document_id)
        return int(gone)

    def commit(self) -> None:
        with _broken(self.folder):
            self._writer.commit()


@contextmanager
def writing(folder: Path, *, anew: bool) -> Iterator[Writer | None]:
    """None: another process is at it. `anew`: into an empty folder."""
    with _broken(folder):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        index = tantivy.Index(_schema(), path=str(folder), reuse=True)
        try:
            writer = index.writer(_HEAP, 1)
        except ValueError as error:
            if "lock" in str(error).lower():
                yield None
                return
            raise
        if anew:
            writer.delete_all_documents()
    try:
        yield Writer(folder, index, writer)
    finally:
        with _broken(folder):
            writer.rollback()
            writer.wait_merging_threads()


def throw_away(folder: Path) -> None:
    """Whoever has it open goes on reading what it had."""
    shutil.rmtree(folder, ignore_errors=True)


def _schema() -> Any:
    made = tantivy.SchemaBuilder()
    made.add_unsigned_field("number", stored=True)
    made.add_unsigned_field("length", stored=True)
    made.add_text_field("passage", stored=True, tokenizer_name="raw", index_option="basic")
    made.add_text_field("document", stored=True, tokenizer_name="raw", index_option="basic")
    made.add_text_field("words", tokenizer_name="whitespace", index_option="freq")
    made.add_bytes_field("columns", stored=True)
    return made.build()


def _read(row: Any) -> Found:
    columns = bytes(row["columns"][0]).decode().split("\n")
    if len(columns) != _COLUMNS:
        raise IndexBroken("检索词索引的一行读不懂")
    return Found(
        row["number"][0],
        row["passage"][0],
        row["document"][0],
        tuple(column.split(" ") if column else [] for column in columns),
    )


@contextmanager
def _broken(folder: Path) -> Iterator[None]:
    """Tantivy's errors of every kind, a panic too, which Python sees as a BaseException."""
    try:
        yield
    except (IndexBroken, GeneratorExit):
        raise
    except OSError:
        raise
    except BaseException as error:
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise IndexBroken(f"检索词索引 {folder.name} 用不了：{error}") from error
        raise
