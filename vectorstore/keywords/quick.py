"""Keyword search over many passages: tantivy finds, FTS5's formula ranks.

FTS5 scores every passage that holds any word of a question: most of a large library, as some of
the words are frequent. Tantivy leaves out those that cannot come among the first. So the words of
passages stand a second time in an index of tantivy's, beside the catalogue and derived from it;
what it finds is scored by the formula and the statistics of FTS5, so that both rank alike.

The index in the catalogue stays, and is always right: it serves what is looked up (phrases,
headings, whole documents, facts), what a transaction sees of its own, and everything as long as
tantivy's index is not at the catalogue's last change. A thread brings it there. One process
writes it at a time (tantivy's own lock); the others find it grown.
"""

import json
import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from vectorstore.database.port import Connection, Database
from vectorstore.keywords import bm25
from vectorstore.keywords.following import EVERY_DOCUMENT, Position, WordLog
from vectorstore.keywords.fts5 import Fts5Index
from vectorstore.keywords.passages_index import (
    Found,
    IndexBroken,
    PassagesIndex,
    throw_away,
    writing,
)
from vectorstore.keywords.tokens import index_text

log = logging.getLogger(__name__)

_STATE = "state.json"
_MORE = 3  # times the limit are taken from tantivy, whose formula is not quite the same
_DEEPEST = 20_000  # hits looked through for those of the documents allowed
_NAMED = 200  # so few documents are looked for by name
_TELLS = 1e-3  # a word's weight
_SHARES = (2.0, 1.0, 1.0)  # of title, headings and body, as in FTS5


@dataclass(frozen=True, slots=True)
class State:
    """How far the folder is: right for the catalogue as of this change."""

    seq: int
    stamp: str
    tokens: int  # of all passages, for the mean

    @property
    def position(self) -> Position:
        return Position(self.seq, self.stamp)


class QuickIndex(Fts5Index):
    """KeywordIndex: searches of passages by tantivy where it is up to date."""

    def __init__(self, database: Database, folder: Path):
        super().__init__(database)
        self.folder = folder
        self._log = WordLog(database)
        self._lock = threading.Lock()
        self._open: tuple[State, PassagesIndex] | None = None
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()

    # --- search -------------------------------------------------------------------------------

    def search(
        self, words: Sequence[str], limit: int, document_ids: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        ready = self._ready() if words else None
        if ready is None:
            return super().search(words, limit, document_ids)
        state, index = ready
        try:
            weight = self._weights(index, words)
            found = self._candidates(index, words, weight, limit, document_ids)
            return self._ranked(state, index, words, weight, found)[:limit]
        except IndexBroken as error:
            self._broken(error)
            return super().search(words, limit, document_ids)

    def scores(self, words: Sequence[str], passage_ids: Sequence[str]) -> dict[str, float]:
        ready = self._ready() if words else None
        if ready is None:
            return super().scores(words, passage_ids)
        state, index = ready
        try:
            weight = self._weights(index, words)
            found = index.of(passage_ids)
            return dict(self._ranked(state, index, words, weight, found))
        except IndexBroken as error:
            self._broken(error)
            return super().scores(words, passage_ids)

    def frequencies(self, words: Sequence[str]) -> dict[str, int]:
        ready = self._ready()
        if ready is None:
            return super().frequencies(words)
        try:
            found = ready[1].frequencies(words)
        except IndexBroken as error:
            self._broken(error)
            return super().frequencies(words)
        return {word: count for word, count in found.items() if count}

    def _weights(self, index: PassagesIndex, words: Sequence[str]) -> dict[str, float]:
        return bm25.weights(words, index.frequencies(words), index.count)

    def _candidates(
        self,
        index: PassagesIndex,
        words: Sequence[str],
        weight: dict[str, float],
        limit: int,
        document_ids: Sequence[str] | None,
    ) -> list[Found]:
        """Those that may be among the first. Words that more than half of the passages hold bring
        nobody there, and are looked for only where the others do not find enough."""
        wanted = _MORE * limit
        telling = [w for w in words if weight[w] > _TELLS]
        if document_ids is not None and len(document_ids) <= _NAMED:
            return index.search(words, wanted, document_ids)
        allowed = None if document_ids is None else frozenset(document_ids)
        for asked in (telling, words):
            deep = wanted if allowed is None else 2 * wanted
            while asked:
                found = index.search(asked, deep)
                kept = [one for one in found if allowed is None or one.document_id in allowed]
                if len(kept) >= wanted:
                    return kept[:wanted]
                if len(found) < deep or deep >= _DEEPEST:
                    break
                deep = min(4 * deep, _DEEPEST)
        if len(found) < deep or document_ids is None:
            return kept
        return index.search(words, wanted, document_ids)

    @staticmethod
    def _ranked(
        state: State,
        index: PassagesIndex,
        words: Sequence[str],
        weight: dict[str, float],
        found: Sequence[Found],
    ) -> list[tuple[str, float]]:
        mean = state.tokens / index.count if index.count else 0.0
        scored = [
            (bm25.score(words, weight, one.columns, _SHARES, mean), one.number, one.passage_id)
            for one in found
        ]
        scored.sort(key=lambda one: (-one[0], one[1]))
        return [(passage, score) for score, _, passage in scored if score > 0]

    # --- up to date ---------------------------------------------------------------------------

    def _ready(self) -> tuple[State, PassagesIndex] | None:
        """None: tantivy's index is behind, and is being brought up."""
        position = self._log.position()
        if position is None:
            return None
        with self._lock:
            if self._open is None or self._open[0].position != position:
                self._look()
            if self._open is not None and self._open[0].position == position:
                return self._open
        self.bring_up_in_background()
        return None

    def _look(self) -> None:
        """What another process, or the thread, has made of it."""
        state = self._stored()
        if state is None:
            self._open = None
        elif self._open is None or self._open[0] != state:
            try:
                index = self._open[1] if self._open else PassagesIndex(self.folder)
                index.reload()
                self._open = (state, index)
            except IndexBroken as error:
                log.warning("%s；由目录库重建", error)
                self._open = None
                throw_away(self.folder)

    def _stored(self) -> State | None:
        try:
            return State(**json.loads((self.folder / _STATE).read_text()))
        except (OSError, ValueError, TypeError):
            return None

    def _broken(self, error: IndexBroken) -> None:
        """What cannot be used is made anew at the next question."""
        log.warning("%s；由目录库重建", error)
        with self._lock:
            self._open = None
        throw_away(self.folder)

    def bring_up_in_background(self) -> None:
        """Returns at once; does nothing while it is under way."""
        with self._lock:
            if self._stopping.is_set() or (self._thread and self._thread.is_alive()):
                return
            self._thread = threading.Thread(target=self._run, name="words", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        try:
            self.bring_up()
        except IndexBroken as error:
            self._broken(error)
        except Exception:  # an edge: nobody waits for this thread
            log.exception("检索词索引没有更新，稍后再试")

    def bring_up(self) -> bool:
        """Takes in what changed, everything where the folder is of another catalogue. Whether
        it is at the catalogue's last change now."""
        while not self._stopping.is_set():
            with self._moment() as db:
                if db is None:
                    return False
                position = self._log.position()
                stored = self._stored()
                if position is None or (stored and stored.position == position):
                    return position is not None
                if stored and not self._log.knows(stored.position):
                    stored = None
                changed = self._log.documents(stored.seq) if stored else [EVERY_DOCUMENT]
                if EVERY_DOCUMENT in changed:
                    stored = None
                if not self._take_in(db, position, stored, changed):
                    return False
        return False

    @contextmanager
    def _moment(self) -> Iterator[Connection | None]:
        """The catalogue at one moment, however long it is read. None: this thread is writing,
        and what it sees nobody else does yet."""
        with self._database.connection() as db:
            if db.in_transaction:
                yield None
                return
        with self._database.reading() as db:
            yield db

    def _take_in(
        self, db: Connection, position: Position, stored: State | None, changed: Sequence[str]
    ) -> bool:
        """Without a state: everything, into an empty index. False: another process is at it, or
        the program is closing."""
        tokens = stored.tokens if stored else 0
        if stored is None:
            (self.folder / _STATE).unlink(missing_ok=True)
            changed = [r["id"] for r in db.execute("SELECT id FROM documents ORDER BY number")]
        with writing(self.folder, anew=stored is None) as writer:
            if writer is None:
                return False
            for document_id in changed:
                if self._stopping.is_set():
                    return False
                if stored is not None:
                    tokens -= writer.remove(document_id)
                for number, passage_id, columns in _rows_of(db, document_id):
                    tokens += writer.add(number, passage_id, document_id, columns)
            writer.commit()
        state = State(position.seq, position.stamp, tokens)
        beside = self.folder / f"{_STATE}.new"
        beside.write_text(json.dumps(asdict(state)))
        beside.replace(self.folder / _STATE)
        return True

    def clear(self) -> None:
        with self._database.transaction():
            super().clear()
            self._log.note_all()

    def stop(self) -> None:
        self._stopping.set()
        with self._lock:
            thread = self._thread
        if thread:
            thread.join(30)


def _rows_of(db: Connection, document_id: str) -> Iterator[tuple[int, str, tuple[str, str, str]]]:
    """The passages of a document that are searched, as words_of in fts5.py gives them."""
    rows = db.execute(
        "SELECT p.number, p.id, d.title, p.heading_path, p.text, p.context FROM passages p "
        "JOIN documents d ON d.id = p.document_id "
        "WHERE p.document_id = ? AND p.embedding IS NOT NULL ORDER BY p.ordinal",
        (document_id,),
    )
    for row in rows.fetchall():
        path = index_text(" ".join(json.loads(row["heading_path"])))
        body = index_text(f"{row['text']}\n{row['context']}")
        yield row["number"], row["id"], (index_text(row["title"]), path, body)
