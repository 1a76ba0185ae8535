"""The office's terms as they are kept: each change makes a new version, which every process sees
at its next question."""

import threading
from collections.abc import Callable, Sequence
from datetime import date

from assistant.office.terms import (
    MOST_ORGANS,
    MOST_TERMS,
    BadTerm,
    Renamed,
    Term,
    Terms,
    refuse_contradiction,
    refuse_many_names,
)
from vectorstore.database.port import Connection, Database


class TermStore:
    """Reads all terms at once and keeps them for as long as their version stands."""

    def __init__(self, database: Database, clock: Callable[[], str]):
        self._database = database
        self._clock = clock
        self._known = Terms(-1)
        self._lock = threading.Lock()

    def now(self) -> Terms:
        """The terms in force; the same value until somebody changes them."""
        row = self._database.row("SELECT value FROM meta WHERE key = 'terms'")
        version = int(row[0]) if row else 0
        with self._lock:
            if version != self._known.version:
                self._known = self._read()
            return self._known

    def _read(self) -> Terms:
        with self._database.connection() as db:
            # The version first: what is changed in between is read again at the next question.
            (version,) = db.execute("SELECT value FROM meta WHERE key = 'terms'").fetchone()
            terms = db.execute("SELECT wording, term, id, by, at FROM terms ORDER BY term, wording")
            rows = terms.fetchall()
            organs = _organs(db)
        return Terms(int(version), tuple(Term(*row) for row in rows), organs)

    def add(self, terms: Sequence[Term], by: str) -> None:
        """Those that are there already stay as they are. Raises BadTerm."""
        refuse_contradiction(terms, self.now())
        with self._database.transaction() as db:
            (count,) = db.execute("SELECT count(*) FROM terms").fetchone()
            if count + len(terms) > MOST_TERMS:
                raise BadTerm(f"已有 {count} 条用语，最多 {MOST_TERMS} 条；请先删去不用的。")
            db.executemany(
                "INSERT INTO terms (wording, term, by, at) VALUES (?, ?, ?, ?) "
                "ON CONFLICT DO NOTHING",
                [(t.wording, t.term, by, self._clock()) for t in terms],
            )
            _changed(db)

    def change(self, identifier: int, term: Term, by: str) -> None:
        """Raises BadTerm when it is gone, or as it would be is there already."""
        refuse_contradiction([term], self.now().without(term=identifier))
        with self._database.transaction() as db:
            same = db.execute(
                "SELECT 1 FROM terms WHERE wording = ? AND term = ? AND id != ?",
                (term.wording, term.term, identifier),
            ).fetchone()
            if same:
                raise BadTerm("已有同样的一条，没有保存。")
            done = db.execute(
                "UPDATE terms SET wording = ?, term = ?, by = ?, at = ? WHERE id = ?",
                (term.wording, term.term, by, self._clock(), identifier),
            ).rowcount
            if not done:
                raise BadTerm("这一条可能已被别人删去，没有保存。")
            _changed(db)

    def remove(self, identifier: int) -> Term | None:
        """What it was; None when it is gone already."""
        with self._database.transaction() as db:
            row = db.execute(
                "DELETE FROM terms WHERE id = ? RETURNING wording, term", (identifier,)
            ).fetchone()
            if row is None:
                return None
            _changed(db)
        return Term(*row)

    def add_renamed(self, renamed: Renamed, by: str, instead_of: int = 0) -> None:
        """Raises BadTerm."""
        with self._database.transaction() as db:
            db.execute("DELETE FROM renamed WHERE id = ?", (instead_of,))
            (count,) = db.execute("SELECT count(*) FROM renamed").fetchone()
            if count >= MOST_ORGANS:
                raise BadTerm(f"已有 {count} 条机关更名，最多 {MOST_ORGANS} 条；请先删去不用的。")
            if db.execute(
                "SELECT 1 FROM renamed WHERE old = ? AND new = ?", (renamed.old, renamed.new)
            ).fetchone():
                raise BadTerm("已有同样的一条，没有保存。")
            refuse_many_names(renamed, _organs(db))
            until = renamed.until.isoformat() if renamed.until else ""
            db.execute(
                "INSERT INTO renamed (old, new, since, until, by, at) VALUES (?, ?, ?, ?, ?, ?)",
                (renamed.old, renamed.new, renamed.since.isoformat(), until, by, self._clock()),
            )
            _changed(db)

    def remove_renamed(self, identifier: int) -> Renamed | None:
        """What it was; None when it is gone already."""
        with self._database.transaction() as db:
            row = db.execute(
                "DELETE FROM renamed WHERE id = ? RETURNING old, new, since, until, id, by, at",
                (identifier,),
            ).fetchone()
            if row is None:
                return None
            _changed(db)
        return _renamed(row)


def _organs(db: Connection) -> tuple[Renamed, ...]:
    rows = db.execute("SELECT old, new, since, until, id, by, at FROM renamed ORDER BY since, old")
    return tuple(map(_renamed, rows.fetchall()))


def _renamed(row: Sequence[object]) -> Renamed:
    old, new, since, until, *rest = row
    last = date.fromisoformat(str(until)) if until else None
    return Renamed(str(old), str(new), date.fromisoformat(str(since)), last, *rest)  # type: ignore[arg-type]


def _changed(db: Connection) -> None:
    db.execute(
        "UPDATE meta SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) WHERE key = 'terms'"
    )
