"""收藏: copies of answers that somebody wants to find again, with tags and a note."""

import json
import secrets
from collections import Counter
from collections.abc import Sequence
from typing import Any

from assistant.history.database import HistoryFile, now
from assistant.history.models import (
    LONGEST_NOTE,
    LONGEST_TAG,
    MOST_TAGS,
    NotThere,
    Resting,
    SavedAnswer,
)
from assistant.history.storing import kept_from, sources_from
from vectorstore.files.surrogates import whole

_COLUMNS = (
    "id, owner, conversation, question, answer, text, sources, tags, note, saved, dismissed, sight"
)


class SavedAnswers:
    """Only their owner sees them; another person's raises NotThere."""

    def __init__(self, file: HistoryFile):
        self._file = file

    def keep(self, owner: str, conversation: str, turn: int) -> str:
        """Copies the answer of a turn of one's own; the id of the copy. The same answer is kept
        once."""
        with self._file.database.transaction() as db:
            row = db.execute(
                "SELECT question, answer, text, sources, sight FROM turns "
                "JOIN conversations ON conversations.id = conversation "
                "WHERE turns.id = ? AND conversation = ? AND owner = ? AND deleted = '' "
                "AND answered != ''",
                (turn, conversation, owner),
            ).fetchone()
            if row is None:
                raise NotThere(
                    "没有这条回答，可能已删除", "There is no such answer; it may have been deleted"
                )
            known = db.execute(
                "SELECT id FROM saved WHERE owner = ? AND question = ? AND answer = ? "
                "AND deleted = ''",
                (owner, row[0], row[1]),
            ).fetchone()
            if known:
                return str(known[0])
            identifier = secrets.token_hex(8)
            db.execute(
                f"INSERT INTO saved ({_COLUMNS}, deleted) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, '[]', '', ?, '[]', ?, '')",
                (identifier, owner, conversation, *row[:4], now(), row[4]),
            )
        return identifier

    def of(self, owner: str, tag: str = "") -> list[SavedAnswer]:
        """The latest first. Words are looked for by whoever shows them, in what may be shown."""
        rows = self._file.database.rows(
            f"SELECT {_COLUMNS} FROM saved WHERE owner = ? AND deleted = '' ORDER BY saved DESC",
            (owner,),
        )
        return [self._saved(row) for row in rows if not tag or tag in json.loads(row[7])]

    def resting(self, owner: str) -> list[Resting]:
        """What all of them rest on, the latest first; no answer is read for it."""
        rows = self._file.database.rows(
            "SELECT id, question, sources, dismissed FROM saved "
            "WHERE owner = ? AND deleted = '' ORDER BY saved DESC",
            (owner,),
        )
        return [
            Resting(identifier, question, sources_from(sources), frozenset(json.loads(dismissed)))
            for identifier, question, sources, dismissed in rows
        ]

    def tags(self, owner: str) -> list[tuple[str, int]]:
        """Each with the number of answers that bear it, in the order of their names."""
        rows = self._file.database.rows(
            "SELECT tags FROM saved WHERE owner = ? AND deleted = ''", (owner,)
        )
        return sorted(Counter(tag for (tags,) in rows for tag in json.loads(tags)).items())

    def load(self, owner: str, identifier: str) -> SavedAnswer:
        row = self._file.database.row(
            f"SELECT {_COLUMNS} FROM saved WHERE id = ? AND owner = ? AND deleted = ''",
            (identifier, owner),
        )
        if row is None:
            raise NotThere(
                "没有这条收藏，可能已删除",
                "There is no such saved answer; it may have been deleted",
            )
        return self._saved(row)

    def require(self, owner: str, identifier: str, *, in_bin: bool = False) -> None:
        """Raises NotThere unless it is theirs, and in the bin or not."""
        row = self._file.database.row(
            "SELECT 1 FROM saved WHERE id = ? AND owner = ? AND (deleted != '') = ?",
            (identifier, owner, in_bin),
        )
        if row is None:
            raise NotThere(
                "没有这条收藏，可能已删除",
                "There is no such saved answer; it may have been deleted",
            )

    def describe(self, owner: str, identifier: str, tags: Sequence[str], note: str) -> None:
        """Sets tags and note; what is too long is cut."""
        named = dict.fromkeys(" ".join(whole(tag).split())[:LONGEST_TAG] for tag in tags)
        kept = [tag for tag in named if tag][:MOST_TAGS]
        text = whole(note).strip()[:LONGEST_NOTE]
        with self._file.database.transaction() as db:
            self.load(owner, identifier)
            db.execute(
                "UPDATE saved SET tags = ?, note = ? WHERE id = ?",
                (json.dumps(kept, ensure_ascii=False), text, identifier),
            )

    def dismiss(self, owner: str, identifier: str, notice: str) -> None:
        """A notice about a source is not shown again."""
        with self._file.database.transaction() as db:
            known = self.load(owner, identifier).dismissed
            stored = json.dumps(sorted({*known, notice[:200]}), ensure_ascii=False)
            db.execute("UPDATE saved SET dismissed = ? WHERE id = ?", (stored, identifier))

    def delete(self, owner: str, identifier: str) -> None:
        with self._file.database.transaction() as db:
            self.load(owner, identifier)
            db.execute("UPDATE saved SET deleted = ? WHERE id = ?", (now(), identifier))

    def restore(self, owner: str, identifier: str) -> None:
        self._file.empty_bin()
        with self._file.database.transaction() as db:
            changed = db.execute(
                "UPDATE saved SET deleted = '' WHERE id = ? AND owner = ? AND deleted != ''",
                (identifier, owner),
            ).rowcount
            if not changed:
                raise NotThere(
                    "没有这条收藏，可能已彻底删除",
                    "There is no such saved answer; it may have been deleted for good",
                )

    def _saved(self, row: Sequence[Any]) -> SavedAnswer:
        identifier, owner, conversation, question, answer, text, sources = row[:7]
        kept = kept_from(answer, text, sources, self._file.sights.of(row[11]))
        return SavedAnswer(
            identifier, owner, question, kept, row[9], conversation, tuple(json.loads(row[7])),
            row[8], frozenset(json.loads(row[10])),
        )  # fmt: skip
