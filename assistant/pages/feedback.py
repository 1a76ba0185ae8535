"""What users say of answers: a line each in the data folder; nothing leaves the machine."""

import json
import threading
import time
from collections import deque
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field

from vectorstore.errors import PolicyError
from vectorstore.files.lines import append_line

TIMES, SECONDS = 20, 600.0  # one browser
ALL_TIMES = 600  # all browsers: cookies cost nothing to whoever makes them up


class Feedback(BaseModel):
    """有用 or 无用, with a word why."""

    question: str = Field(max_length=20_000)
    mode: Literal["extractive", "model"]
    vote: Literal["up", "down"]
    why: str = Field("", max_length=500)


class TooOften(PolicyError):
    """Somebody votes faster than people do."""


class BoxFull(PolicyError):
    """The file has reached its limit."""


class FeedbackBox:
    """The file that holds the votes. Safe to use from several threads."""

    def __init__(self, file: Path, max_bytes: int) -> None:
        self.file = file
        self.max_bytes = max_bytes
        self._recent: deque[tuple[float, str]] = deque()  # when and whose, of the last minutes
        self._lock = threading.Lock()

    def put(self, vote: Feedback, owner: str) -> None:
        """Raises TooOften, BoxFull, DiskFull or ReadOnlyData, each with a sentence for the page."""
        entry = vote.model_dump() | {"at": datetime.now(UTC).isoformat(timespec="seconds")}
        line = json.dumps(entry, ensure_ascii=False)
        with self._lock:
            self._count(owner)
            size = self.file.stat().st_size if self.file.exists() else 0
            if size + len(line.encode("utf-8", "replace")) > self.max_bytes:
                raise BoxFull("意见簿已满，这一条没有记下；请告诉管理员")
            append_line(self.file, line)

    def _count(self, owner: str) -> None:
        now = time.monotonic()
        while self._recent and self._recent[0][0] < now - SECONDS:
            self._recent.popleft()
        own = sum(whose == owner for _, whose in self._recent)
        if own >= TIMES or len(self._recent) >= ALL_TIMES:
            raise TooOften("意见提得太快了，请过几分钟再提")
        self._recent.append((now, owner))
