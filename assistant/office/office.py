"""One file for all that an office tells and is told; small desks over it."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np

from assistant.office.collecting import Classes, Collections
from assistant.office.counts import Counts
from assistant.office.curated import CuratedAnswers
from assistant.office.gaps import Gaps
from assistant.office.schema import OFFICE
from assistant.office.term_store import TermStore
from assistant.office.votes import Votes
from vectorstore.database.opening import open_database
from vectorstore.stores import Place, beside

# Texts → unit vectors, one row each.
Vector = np.ndarray[Any, np.dtype[np.float32]]
Embed = Callable[[Sequence[str]], Vector]
_REMEMBERED = 2000  # vectors of questions, 384 figures each


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


class Office:
    """The desks of office.sqlite3. Safe to use from several threads and processes.

    `embed` tells how alike questions are; `names_askers` keeps with a question without an answer
    who asked it; `keeps_questions` off keeps no such question at all.
    """

    def __init__(
        self,
        place: Place,
        embed: Embed,
        *,
        keeps_questions: bool = True,
        names_askers: bool = False,
        max_vote_bytes: int = 20 * 2**20,
        clock: Callable[[], str] = now,
    ):
        self._database = open_database(place, OFFICE)
        self.embed = embed
        self._vectors: dict[str, Vector] = {}
        self.terms = TermStore(self._database, clock)
        self.gaps = Gaps(self._database, clock, keeps=keeps_questions, names=names_askers)
        self.votes = Votes(self._database, clock, self.gaps, max_vote_bytes)
        self.curated = CuratedAnswers(self._database, clock)
        self.counts = Counts(self._database, clock)
        self.collections = Collections(self._database, clock)
        self.classes = Classes(self._database, clock)
        if not self._database.read_only:
            self.votes.take_in(beside(place, "feedback.jsonl"))

    def embedded(self, questions: Sequence[str]) -> Vector:
        """Unit vectors of questions, one row each; each question is embedded once."""
        known = self._vectors
        if new := [q for q in dict.fromkeys(questions) if q not in known]:
            fresh = dict(zip(new, self.embed(new), strict=True))
            known = fresh if len(known) + len(new) > _REMEMBERED else {**known, **fresh}
            self._vectors = known
        missing = [q for q in questions if q not in known]
        return np.stack([known[q] for q in questions]) if not missing else self.embed(questions)

    def close(self) -> None:
        self._database.close()
