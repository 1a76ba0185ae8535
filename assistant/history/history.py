"""The history of all who use the program: one file, two tables of contents."""

from pathlib import Path

from assistant.history.database import HistoryFile, days_ago
from assistant.history.saved import SavedAnswers
from assistant.history.store import Conversations
from vectorstore import stores
from vectorstore.stores import Home, place


class History:
    """`days` is how long a conversation is kept, 0 for ever."""

    def __init__(self, home: Home | Path, days: int = 0):
        self._file = HistoryFile(place(home, stores.HISTORY))
        self._days = days
        self.conversations = Conversations(self._file)
        self.saved = SavedAnswers(self._file)

    def erase(self, person: str) -> tuple[int, int]:
        """Removes everything of a person's for good: (conversations, saved answers)."""
        if not self._file.is_there:
            return 0, 0
        with self._file.database.transaction() as db:
            conversations, saved = (
                int(db.execute(f"DELETE FROM {table} WHERE owner = ?", (person,)).rowcount)
                for table in ("conversations", "saved")
            )
        self._file.database.overwrite()
        return conversations, saved

    def tidy(self) -> None:
        """Removes for good what lay long enough in the bin, and what is older than is kept."""
        if not self._file.is_there or self._file.database.read_only:
            return
        self._file.empty_bin()
        if self._days:
            with self._file.database.transaction() as db:
                db.execute("DELETE FROM conversations WHERE updated < ?", (days_ago(self._days),))

    def close(self) -> None:
        self._file.close()
