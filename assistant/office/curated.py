"""Answers that a person wrote and checked, with the places that they rest on."""

import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from vectorstore.errors import PolicyError
from vectorstore.sqlite.database import Database

LONGEST_TEXT = 4000
MOST = 1000


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


class CuratedAnswers:
    """Keeps them; all are read at once and kept until somebody changes one."""

    def __init__(self, database: Database, clock: Callable[[], str]):
        self._database = database
        self._clock = clock
        self._known: tuple[int, tuple[Curated, ...]] = (-1, ())
        self._lock = threading.Lock()

    def all(self) -> tuple[Curated, ...]:
        """The newest first, those to be looked at again too."""
        row = self._database.row("SELECT value FROM meta WHERE key = 'curated'")
        version = int(row[0]) if row else 0
        with self._lock:
            if version != self._known[0]:
                rows = self._database.rows(
                    "SELECT question, text, sources, places, by, at, review, id FROM curated "
                    "ORDER BY id DESC"
                )
                self._known = (version, tuple(map(_curated, rows)))
            return self._known[1]

    def put(self, answer: Curated, by: str) -> None:
        """Keeps an answer in the place of a former one to the same question."""
        with self._database.transaction() as db:
            (count,) = db.execute("SELECT count(*) FROM curated").fetchone()
            if count >= MOST:
                raise PolicyError(f"已有 {count} 条核定回答，最多 {MOST} 条；请先删去不用的。")
            sources = json.dumps([asdict(s) for s in answer.sources], ensure_ascii=False)
            db.execute(
                "INSERT INTO curated (question, places, text, sources, by, at) "
                "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (question) DO UPDATE SET "
                "places = excluded.places, text = excluded.text, sources = excluded.sources, "
                "by = excluded.by, at = excluded.at, review = ''",
                (
                    answer.question,
                    json.dumps(answer.places, ensure_ascii=False),
                    answer.text,
                    sources,
                    by,
                    self._clock(),
                ),
            )
            db.execute("UPDATE meta SET value = value + 1 WHERE key = 'curated'")

    def drop_to_review(self, identifier: int, why: str) -> None:
        """It is given no more until somebody has looked at it."""
        with self._database.transaction() as db:
            db.execute(
                "UPDATE curated SET review = ? WHERE id = ? AND review != ?", (why, identifier, why)
            )
            db.execute("UPDATE meta SET value = value + 1 WHERE key = 'curated'")

    def remove(self, identifier: int) -> None:
        with self._database.transaction() as db:
            db.execute("DELETE FROM curated WHERE id = ?", (identifier,))
            db.execute("UPDATE meta SET value = value + 1 WHERE key = 'curated'")


def _curated(row: Sequence[object]) -> Curated:
    question, text, sources, places, by, at, review, identifier = map(str, row)
    return Curated(
        question, text, tuple(Source(**s) for s in json.loads(sources)), tuple(json.loads(places)),
        by, at, review, int(identifier),
    )  # fmt: skip
