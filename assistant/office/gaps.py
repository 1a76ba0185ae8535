"""Questions that nothing answered, and answers that somebody disliked, until somebody settles them."""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal, get_args

from assistant.office.sight import Sight, Sources, as_json, every, from_json
from vectorstore.database.port import Database

Reason = Literal["没有回答", "不满意"]
# 用语: a term was added; 文件: a document was asked for; 回答: somebody wrote one; 范围外: nothing
# is to be done.
Outcome = Literal["用语", "文件", "回答", "范围外"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
LONGEST_QUESTION, LONGEST_NOTE = 500, 500
_BEFORE = 3  # questions that one may lean on
_KEPT = 5000  # the oldest go first, settled ones before open ones
_LISTED = 100  # documents that are wanted
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
    """One question in the words in which it was asked: what it means, and what names were meant,
    is worked out for whoever looks at it from what they see. `before` are those asked before it.

    `who` is the id of an account, '' unless the office wants to know; `sources` are the documents
    that came near to it or answered it.
    """

    id: int
    question: str
    reason: Reason
    why: str
    who: str
    at: str
    near: Near | None
    outcome: str = ""
    before: tuple[str, ...] = ()
    sources: Sources = None

    @property
    def turns(self) -> tuple[str, ...]:
        """What was said up to it, as the assistant is asked."""
        return (*self.before, self.question)

    @property
    def said(self) -> str:
        """In one line."""
        return in_one_line(self.turns)


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
    sources: Sources = None


_COLUMNS = "id, question, reason, why, who, at, near, outcome, before, sources"


def in_one_line(turns: Sequence[str]) -> str:
    """Questions that were asked one after another."""
    return " → ".join(turns)


class Gaps:
    """Keeps and settles them. Whoever looks for some is given those that they may see."""

    def __init__(
        self, database: Database, clock: Callable[[], str], *, keeps: bool, names: bool
    ) -> None:
        self._database = database
        self._clock = clock
        self.keeps = keeps
        self.names = names

    def add(
        self, turns: Sequence[str], reason: Reason, *, why: str = "", who: str = "",
        near: Near | None = None, sources: Sources = None,
    ) -> None:  # fmt: skip
        """Keeps the last of `turns`; `sources` are the documents that it may tell of."""
        if not self.keeps:
            return
        found = {} if near is None else _near_json(near)
        *before, question = (turn[:LONGEST_QUESTION] for turn in turns)
        with self._database.transaction() as db:
            db.execute(
                "INSERT INTO gaps (question, reason, why, who, at, near, before, sources) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    question,
                    reason,
                    why[:LONGEST_NOTE],
                    who if self.names else "",
                    self._clock(),
                    json.dumps(found, ensure_ascii=False),
                    json.dumps(before[-_BEFORE:], ensure_ascii=False),
                    as_json(sources),
                ),
            )
            (count,) = db.execute("SELECT count(*) FROM gaps").fetchone()
            db.execute(
                "DELETE FROM gaps WHERE id IN "
                "(SELECT id FROM gaps ORDER BY outcome != '' DESC, id LIMIT ?)",
                (max(0, count - _KEPT),),
            )

    def open(self, sight: Sight, limit: int = LOOKED_AT) -> list[Gap]:
        """Those that nobody settled, the newest first."""
        rows = self._database.rows(
            f"SELECT {_COLUMNS} FROM gaps WHERE outcome = '' ORDER BY id DESC"
        )
        return list(islice(filter(lambda gap: sight.admits(gap.sources), map(_gap, rows)), limit))

    def these(self, ids: Sequence[int], sight: Sight) -> list[Gap]:
        """Those of some ids that are still kept, in the order of being asked."""
        marks = ", ".join("?" for _ in ids)
        rows = self._database.rows(
            f"SELECT {_COLUMNS} FROM gaps WHERE id IN ({marks}) ORDER BY id", tuple(ids)
        )
        return [gap for gap in map(_gap, rows) if sight.admits(gap.sources)]

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

    def outcomes(self, sight: Sight) -> Mapping[str, int]:
        """How many were settled, by outcome."""
        rows = self._database.rows("SELECT outcome, sources FROM gaps WHERE outcome != ''")
        seen = Counter(str(row[0]) for row in rows if sight.admits(from_json(row[1])))
        return dict(sorted(seen.items()))

    def questions(self, sight: Sight, limit: int) -> list[tuple[str, ...]]:
        """The last ones with what was said before, settled or not, each once: what a preview is
        tried on."""
        rows = self._database.rows(f"SELECT {_COLUMNS} FROM gaps ORDER BY id DESC")
        seen = (gap.turns for gap in map(_gap, rows) if sight.admits(gap.sources))
        return list(dict.fromkeys(seen))[:limit]

    def forget(self, who: str) -> int:
        """Takes a person's name off all that they asked. Returns how many."""
        with self._database.transaction() as db:
            count = db.execute("UPDATE gaps SET who = '' WHERE who = ?", (who,)).rowcount
        self._database.overwrite()
        return int(count)

    # --- documents that are wanted --------------------------------------------------------

    def want(self, what: str, gaps: Sequence[Gap], by: str) -> None:
        """It may tell of what its questions may tell of."""
        ids = json.dumps([gap.id for gap in gaps])
        sources = as_json(every(gap.sources for gap in gaps))
        with self._database.transaction() as db:
            db.execute(
                "INSERT INTO wanted (what, question, gaps, by, at, sources) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (what[:LONGEST_NOTE], gaps[0].said, ids, by, self._clock(), sources),
            )

    def wanted(self, sight: Sight) -> list[Wanted]:
        """Those that are not here yet first, then the last ones that came."""
        rows = self._database.rows(
            "SELECT id, what, question, gaps, by, at, done, sources FROM wanted "
            "ORDER BY done != '', id DESC"
        )
        seen = (wanted for wanted in map(_wanted, rows) if sight.admits(wanted.sources))
        return list(islice(seen, _LISTED))

    def waiting(self) -> frozenset[int]:
        """The questions of all that is wanted and not here yet."""
        rows = self._database.rows("SELECT gaps FROM wanted WHERE done = ''")
        return frozenset(identifier for row in rows for identifier in json.loads(row[0]))

    def came(self, identifier: int) -> None:
        """The document is here, and answers."""
        with self._database.transaction() as db:
            db.execute("UPDATE wanted SET done = ? WHERE id = ?", (self._clock(), identifier))

    def unwant(self, identifier: int) -> None:
        with self._database.transaction() as db:
            db.execute("DELETE FROM wanted WHERE id = ?", (identifier,))


def _near_json(near: Near) -> dict[str, str | int]:
    return {
        "document_id": near.document_id, "title": near.title, "quote": near.quote[:300],
        "start": near.start, "end": near.end,
    }  # fmt: skip


def _gap(row: Sequence[object]) -> Gap:
    identifier, question, reason, why, who, at, near, outcome, before, sources = map(str, row)
    found = json.loads(near)
    return Gap(
        int(identifier), question, "不满意" if reason == "不满意" else "没有回答", why, who, at,
        Near(**found) if found else None, outcome, tuple(json.loads(before)), from_json(sources),
    )  # fmt: skip


def _wanted(row: Sequence[object]) -> Wanted:
    identifier, what, question, gaps, by, at, done, sources = map(str, row)
    known = tuple(json.loads(gaps))
    return Wanted(int(identifier), what, question, known, by, at, done, from_json(sources))
