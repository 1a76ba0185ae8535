"""The history of all who use the program: one file, two tables of contents."""

from pathlib import Path

from assistant.history.database import FILE, HistoryFile
from assistant.history.saved import SavedAnswers
from assistant.history.store import Conversations


class History:
    """`days` is how long a conversation is kept, 0 for ever."""

    def __init__(self, folder: Path, days: int = 0):
        self._file = HistoryFile(folder / FILE)
        self.conversations = Conversations(self._file, days)
        self.saved = SavedAnswers(self._file)

    def erase(self, person: str) -> tuple[int, int]:
        """Removes everything of a person's for good: (conversations, saved answers)."""
        return self.conversations.erase(person)

    def close(self) -> None:
        self._file.close()
