"""What people say about a draft beside its text: on a section or a sentence, who, when, and
whether it is settled. Comments are no part of a version: restoring one takes none away."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from assistant.people.person import Person
from vectorstore.database.port import Database
from vectorstore.errors import PolicyError

MAX_COMMENT = 2000
MAX_QUOTE = 500
MAX_COMMENTS = 500  # of one draft
_COLUMNS = "id, section, quote, text, person, name, at, resolved, resolver_name"


@dataclass(frozen=True, slots=True)
class Comment:
    """`quote` is the sentence that it is about, '' where it is about the section; `resolved`
    when it was settled, '' while it is open."""

    id: str
    section: str
    quote: str
    text: str
    person: str
    name: str
    at: str
    resolved: str
    resolver: str

    @property
    def is_open(self) -> bool:
        return not self.resolved


class Comments:
    """Over the drafts' own file. Whether somebody may see the draft is asked before (store.py)."""

    def __init__(self, database: Database, clock: Callable[[], datetime]):
        self._database = database
        self._clock = clock

    def of(self, draft_id: str) -> list[Comment]:
        """All of a draft, the oldest first."""
        rows = self._database.rows(
            f"SELECT {_COLUMNS} FROM comments WHERE draft_id = ? ORDER BY at, id", (draft_id,)
        )
        return [Comment(*row) for row in rows]

    def add(self, draft_id: str, person: Person, section: str, quote: str, said: str) -> None:
        """Raises PolicyError for one that says nothing or too much."""
        said = said.strip()
        if not said or len(said) > MAX_COMMENT:
            raise PolicyError(
                f"请写批注，最多 {MAX_COMMENT} 字",
                f"Write a comment, at most {MAX_COMMENT} characters",
            )
        if len(self.of(draft_id)) >= MAX_COMMENTS:
            raise PolicyError(
                f"这份稿子的批注已有 {MAX_COMMENTS} 条，请先删去已解决的",
                f"There are {MAX_COMMENTS} comments already; remove settled ones first",
            )
        with self._database.transaction() as db:
            db.execute(
                "INSERT INTO comments (id, draft_id, section, quote, text, person, name, at) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (secrets.token_hex(8), draft_id, section, quote[:MAX_QUOTE], said, person.id,
                 person.name, self._clock().isoformat()),
            )  # fmt: skip

    def settle(self, draft_id: str, comment: str, person: Person, *, is_settled: bool) -> None:
        at = self._clock().isoformat() if is_settled else ""
        by = (person.id, person.name) if is_settled else ("", "")
        with self._database.transaction() as db:
            db.execute(
                "UPDATE comments SET resolved = ?, resolver = ?, resolver_name = ? "
                "WHERE draft_id = ? AND id = ?",
                (at, *by, draft_id, comment),
            )

    def remove(self, draft_id: str, comment: str, person: Person) -> None:
        """One's own; of others nothing happens."""
        with self._database.transaction() as db:
            db.execute(
                "DELETE FROM comments WHERE draft_id = ? AND id = ? AND person = ?",
                (draft_id, comment, person.id),
            )
