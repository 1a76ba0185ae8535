"""What users say of answers: 有用 or 无用, with a word why. Nothing leaves the machine."""

import json
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field, ValidationError

from assistant.office.gaps import Gaps
from assistant.office.sight import Sources
from vectorstore.database.port import Database
from vectorstore.errors import PolicyError

log = logging.getLogger(__name__)

TIMES, SECONDS = 20, 600.0  # one browser
_FULL = "意见簿已满，这一条没有记下；请告诉管理员"
ALL_TIMES = 600  # all browsers: cookies cost nothing to whoever makes them up


class Vote(BaseModel):
    """有用 or 无用, with a word why."""

    question: str = Field(max_length=20_000)
    mode: Literal["extractive", "model"]
    vote: Literal["up", "down"]
    why: str = Field("", max_length=500)
    turn: int = 0  # where the history keeps it


class TooOften(PolicyError):
    """Somebody votes faster than people do."""


class BoxFull(PolicyError):
    """The votes have reached their limit."""


class Votes:
    """Keeps the votes; a 无用 becomes a gap. Safe to use from several threads."""

    def __init__(
        self, database: Database, clock: Callable[[], str], gaps: Gaps, max_bytes: int
    ) -> None:
        self._database = database
        self._clock = clock
        self._gaps = gaps
        self.max_bytes = max_bytes
        self._recent: deque[tuple[float, str]] = deque()  # when and whose, of the last minutes
        self._lock = threading.Lock()

    def put(
        self, vote: Vote, owner: str, turns: Sequence[str] = (), sources: Sources = None
    ) -> None:
        """`turns` are what was said up to the question, `sources` what answered it, where that is
        known. Raises TooOften, BoxFull, DiskFull or ReadOnlyData, each with a sentence for the page."""
        with self._lock:
            self._count(owner)
            size = len((vote.question + vote.why).encode("utf-8", "replace"))
            if self.bytes() + size > self.max_bytes:
                raise BoxFull(
                    _FULL,
                    "The box for feedback is full and this was not kept; please tell your administrator",
                )
            # A browser's cookie is no name, and stays its secret.
            who = owner if owner.startswith("user:") else ""
            with self._database.transaction():
                self._keep(vote, self._clock())
                if vote.vote == "down":
                    asked = turns or (vote.question,)
                    self._gaps.add(asked, "不满意", why=vote.why, who=who, sources=sources)

    def bytes(self) -> int:
        """Of all that was said."""
        row = self._database.row(
            "SELECT coalesce(sum(length(hex(question)) + length(hex(why))), 0) / 2 FROM votes"
        )
        return int(row[0]) if row else 0

    def counts(self) -> tuple[int, int]:
        """How often 有用 and how often 无用."""
        rows = self._database.rows("SELECT vote, count(*) FROM votes GROUP BY vote")
        found = {str(row[0]): int(row[1]) for row in rows}
        return found.get("up", 0), found.get("down", 0)

    def take_in(self, file: Path) -> None:
        """The votes of a file from before there was a table: once, whatever happens to the file
        afterwards. Lines that cannot be read are left where they are."""
        if not file.is_file():
            return
        with self._database.transaction() as db:
            if db.execute("SELECT 1 FROM meta WHERE key = 'feedback'").fetchone():
                return
            kept = sum(self._from_line(line) for line in _lines(file))
            db.execute("INSERT INTO meta VALUES ('feedback', ?)", (str(kept),))
        log.info("%d votes taken in from %s", kept, file)

    def _from_line(self, line: str) -> bool:
        try:
            entry = json.loads(line)
            vote = Vote.model_validate(entry)
            self._keep(vote, str(entry.get("at", ""))[:40] or self._clock())
        except (ValueError, ValidationError, AttributeError):
            return False
        if vote.vote == "down":
            self._gaps.add((vote.question,), "不满意", why=vote.why)
        return True

    def _keep(self, vote: Vote, at: str) -> None:
        said = [s.encode("utf-8", "replace").decode() for s in (vote.question, vote.why)]
        with self._database.transaction() as db:
            db.execute(
                "INSERT INTO votes (question, mode, vote, why, at) VALUES (?, ?, ?, ?, ?)",
                (said[0], vote.mode, vote.vote, said[1], at),
            )

    def require(self, owner: str) -> None:
        """Raises TooOften or BoxFull where `put` would, for who notes a vote before it is kept."""
        with self._lock:
            self._require(owner)
        if self.bytes() >= self.max_bytes:
            raise BoxFull(
                _FULL,
                "The box for feedback is full and this was not kept; please tell your administrator",
            )

    def _count(self, owner: str) -> None:
        self._recent.append((self._require(owner), owner))

    def _require(self, owner: str) -> float:
        """What time it is, for who has not said too much."""
        now = time.monotonic()
        while self._recent and self._recent[0][0] < now - SECONDS:
            self._recent.popleft()
        own = sum(whose == owner for _, whose in self._recent)
        if own >= TIMES or len(self._recent) >= ALL_TIMES:
            raise TooOften(
                "意见提得太快了，请过几分钟再提",
                "Too much feedback at once; try again in a few minutes",
            )
        return now


def _lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8", errors="replace").splitlines()
