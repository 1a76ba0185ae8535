"""Questions that nothing answered, and answers that somebody disliked, until somebody settles them."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from vectorstore.sqlite.database import Database

Reason = Literal["没有回答", "不满意"]
# 用语: a term was added; 文件: a document was asked for; 回答: somebody wrote one; 范围外: nothing
# is to be done.
Outcome = Literal["用语", "文件", "回答", "范围外"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
LONGEST_QUESTION, LONGEST_NOTE = 500, 500
_KEPT = 5000  # the oldest go first, settled ones before open ones
LOOKED_AT = 300  # open ones that a page groups: the newest


@dataclass(frozen=True, slots=True)
class Near:
    """The passage that came nearest to a question."""

    document_id: str
    title: str
    quote: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Gap:
    """One question as it was asked. `who` is the id of an account, '' unless the office wants to
    know."""

    id: int
    question: str
    reason: Reason
    why: str
    who: str
    at: str
    near: Near | None
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A document that should be found and taken in, and the questions that want it."""

    id: int
    what: str
    question: str
    gaps: tuple[int, ...]
    by: str
    at: str
    done: str


_COLUMNS = "id, question, reason, why, who, at, near, outcome"


class Gaps:
    """Keeps and settles them."""

    def __init__(
        self, database: Database, clock: Callable[[], str], *, keeps: bool, names: bool
    ) -> None:
        self._database = database
        self._clock = clock
        self.keeps = keeps
        self.names = names

    def add(
        self, question: str, reason: Reason, *, why: str = "", who: str = "",
        near: Near | None = None,
    ) -> None:  # fmt: skip
        if not self.keeps:
            return
        found = {} if near is None else _as_json(near)
        with self._database.transaction() as db:
            db.execute(
                "INSERT INTO gaps (question, reason, why, who, at, near) VALUES (?, ?, ?, ?, ?, ?)",
                (
                    question[:LONGEST_QUESTION],
                    reason,
                    why[:LONGEST_NOTE],
                    who if self.names else "",
                    self._clock(),
                    json.dumps(found, ensure_ascii=False),
                ),
            )
            db.execute(
                "DELETE FROM gaps WHERE id IN (SELECT id FROM gaps ORDER BY outcome != '' DESC, id "
                "LIMIT max(0, (SELECT count(*) FROM gaps) - ?))",
                (_KEPT,),
            )

    def open(self, limit: int = LOOKED_AT) -> list[Gap]:
        """Those that nobody settled, the newest first."""
        rows = self._database.rows(
            f"SELECT {_COLUMNS} FROM gaps WHERE outcome = '' ORDER BY id DESC LIMIT ?", (limit,)
        )
        return [_gap(row) for row in rows]

    def these(self, ids: Sequence[int]) -> list[Gap]:
        """Those of some ids that are still kept, in the order of being asked."""
        marks = ", ".join("?" for _ in ids)
        rows = self._database.rows(
            f"SELECT {_COLUMNS} FROM gaps WHERE id IN ({marks}) ORDER BY id", tuple(ids)
        )
        return [_gap(row) for row in rows]

    def settle(self, ids: Sequence[int], outcome: Outcome, by: str) -> None:
        with self._database.transaction() as db:
            db.executemany(
                "UPDATE gaps SET outcome = ?, settled = ?, by = ? WHERE id = ?",
                [(outcome, self._clock(), by, identifier) for identifier in ids],
            )

    def reopen(self, ids: Sequence[int]) -> None:
        """Those that were settled by an answer which is none."""
        with self._database.transaction() as db:
            db.executemany(
                "UPDATE gaps SET outcome = '', settled = '', by = '' WHERE id = ?",
                [(identifier,) for identifier in ids],
            )

    def outcomes(self) -> Mapping[str, int]:
        """How many were settled, by outcome."""
        rows = self._database.rows(
            "SELECT outcome, count(*) FROM gaps WHERE outcome != '' GROUP BY outcome"
        )
        return {str(row[0]): int(row[1]) for row in rows}

    def questions(self, limit: int) -> list[str]:
        """The last ones, settled or not, each once: what a preview is tried on."""
        rows = self._database.rows(
            "SELECT question FROM gaps GROUP BY question ORDER BY max(id) DESC LIMIT ?", (limit,)
        )
        return [str(row[0]) for row in rows]

    def forget(self, who: str) -> int:
        """Takes a person's name off all that they asked. Returns how many."""
        with self._database.transaction() as db:
            count = db.execute("UPDATE gaps SET who = '' WHERE who = ?", (who,)).rowcount
        self._database.overwrite()
        return int(count)

    # --- documents that are wanted --------------------------------------------------------

    def want(self, what: str, question: str, gaps: Sequence[int], by: str) -> None:
        with self._database.transaction() as db:
            db.execute(
                "INSERT INTO wanted (what, question, gaps, by, at) VALUES (?, ?, ?, ?, ?)",
                (what[:LONGEST_NOTE], question, json.dumps(list(gaps)), by, self._clock()),
            )

    def wanted(self) -> list[Wanted]:
        """Those that are not here yet first, then the last ones that came."""
        rows = self._database.rows(
            "SELECT id, what, question, gaps, by, at, done FROM wanted "
            "ORDER BY done != '', id DESC LIMIT 100"
        )
        return [Wanted(r[0], r[1], r[2], tuple(json.loads(r[3])), r[4], r[5], r[6]) for r in rows]

    def came(self, identifier: int) -> None:
        """The document is here, and answers."""
        with self._database.transaction() as db:
            db.execute("UPDATE wanted SET done = ? WHERE id = ?", (self._clock(), identifier))

    def unwant(self, identifier: int) -> None:
        with self._database.transaction() as db:
            db.execute("DELETE FROM wanted WHERE id = ?", (identifier,))


def _as_json(near: Near) -> dict[str, str | int]:
    return {
        "document_id": near.document_id, "title": near.title, "quote": near.quote[:300],
        "start": near.start, "end": near.end,
    }  # fmt: skip


def _gap(row: Sequence[object]) -> Gap:
    identifier, question, reason, why, who, at, near, outcome = row
    found = json.loads(str(near))
    return Gap(
        int(str(identifier)), str(question), "不满意" if reason == "不满意" else "没有回答",
        str(why), str(who), str(at), Near(**found) if found else None, str(outcome),
    )  # fmt: skip
