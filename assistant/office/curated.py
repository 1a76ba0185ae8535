"""Answers that a person wrote and checked, with the places that they rest on."""

import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from assistant.office.sight import Sight, Told
from vectorstore.database.port import Database
from vectorstore.errors import PolicyError

LONGEST_TEXT = 4000
MOST = 1000
_COLUMNS = "question, text, sources, places, by, at, review, id"


@dataclass(frozen=True, slots=True)
class Source:
    """A passage that an answer rests on, as it was then: another text, and the answer is looked at
    again."""

    mark: int
    document_id: str
    sha256: str
    passage_id: str
    start: int
    end: int
    quote: str
    title: str
    path: str = ""  # of its file


@dataclass(frozen=True, slots=True)
class Curated:
    """`text` bears marks [1]; `places` are those that the question names. `review` says why the
    answer is not given until somebody has looked at it again."""

    question: str
    text: str
    sources: tuple[Source, ...]
    places: tuple[str, ...] = ()
    by: str = ""
    at: str = ""
    review: str = ""
    id: int = 0

    def is_for(self, sight: Sight) -> bool:
        """Whether somebody may read, replace and remove it: who sees all that it rests on."""
        return sight.admits(tuple(Told(s.document_id, s.path) for s in self.sources))


class CuratedAnswers:
    """Keeps them; all are read at once and kept until somebody changes one."""

    def __init__(self, database: Database, clock: Callable[[], str]):
        self._database = database
        self._clock = clock
        self._known: tuple[int, tuple[Curated, ...]] = (-1, ())
        self._lock = threading.Lock()

    def all(self) -> tuple[Curated, ...]:
        """The newest first, those to be looked at again too. For answering, which looks at the
        sources; pages show `seen`."""
        row = self._database.row("SELECT value FROM meta WHERE key = 'curated'")
        version = int(row[0]) if row else 0
        with self._lock:
            if version != self._known[0]:
                rows = self._database.rows(f"SELECT {_COLUMNS} FROM curated ORDER BY id DESC")
                self._known = (version, tuple(map(_curated, rows)))
            return self._known[1]

    def seen(self, sight: Sight) -> tuple[Curated, ...]:
        return tuple(answer for answer in self.all() if answer.is_for(sight))

    def put(self, answer: Curated, by: str, sight: Sight) -> None:
        """Keeps an answer in the place of a former one to the same question that its writer sees;
        one that they do not see stays beside it, for others."""
        places, sources = (
            json.dumps(value, ensure_ascii=False)
            for value in (answer.places, [asdict(s) for s in answer.sources])
        )
        kept = (answer.question, places, answer.text, sources, by, self._clock())
        with self._database.transaction() as db:
            rows = db.execute(
                f"SELECT {_COLUMNS} FROM curated WHERE question = ?", (answer.question,)
            )
            former = [c.id for c in map(_curated, rows.fetchall()) if c.is_for(sight)]
            db.executemany("DELETE FROM curated WHERE id = ?", [(i,) for i in former])
            (count,) = db.execute("SELECT count(*) FROM curated").fetchone()
            if count >= MOST:
                raise PolicyError(f"核定回答已满，最多 {MOST} 条；请先删去不用的。")
            db.execute(
                "INSERT INTO curated (question, places, text, sources, by, at) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                kept,
            )
            db.execute(
                "UPDATE meta SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) WHERE key = 'curated'"
            )

    def drop_to_review(self, identifier: int, why: str) -> None:
        """It is given no more until somebody has looked at it."""
        with self._database.transaction() as db:
            db.execute(
                "UPDATE curated SET review = ? WHERE id = ? AND review != ?", (why, identifier, why)
            )
            db.execute(
                "UPDATE meta SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) WHERE key = 'curated'"
            )

    def remove(self, identifier: int) -> None:
        with self._database.transaction() as db:
            db.execute("DELETE FROM curated WHERE id = ?", (identifier,))
            db.execute(
                "UPDATE meta SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) WHERE key = 'curated'"
            )


def _curated(row: Sequence[object]) -> Curated:
    question, text, sources, places, by, at, review, identifier = map(str, row)
    return Curated(
        question, text, tuple(Source(**s) for s in json.loads(sources)), tuple(json.loads(places)),
        by, at, review, int(identifier),
    )  # fmt: skip
