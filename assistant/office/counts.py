"""How much the program is used, in numbers: by day, department and document, never a text and
never a person."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from vectorstore.database.port import Database

_KEPT_DAYS = 400


@dataclass(frozen=True, slots=True)
class Use:
    """Questions asked, and those among them that nothing answered; of a day or a department."""

    name: str
    times: int
    refused: int

    @property
    def share(self) -> int:
        """Without an answer, in percent."""
        return round(100 * self.refused / self.times) if self.times else 0


class Counts:
    """Adds up what happens."""

    def __init__(self, database: Database, clock: Callable[[], str]):
        self._database = database
        self._clock = clock

    def asked(self, department: str, *, refused: bool, documents: Sequence[str]) -> None:
        """One question of somebody of a department, and the documents that its answer cites."""
        day = self._clock()[:10]
        rows = [(day, department, "asked", "")]
        rows += [(day, department, "refused", "")] if refused else []
        rows += [(day, department, "cited", document) for document in dict.fromkeys(documents)]
        with self._database.transaction() as db:
            db.executemany(
                "INSERT INTO counts VALUES (?, ?, ?, ?, 1) "
                "ON CONFLICT (day, department, what, document) DO UPDATE SET n = counts.n + 1",
                rows,
            )
            first = date.fromisoformat(day) - timedelta(days=_KEPT_DAYS)
            db.execute("DELETE FROM counts WHERE day < ?", (first.isoformat(),))

    def by_day(self, limit: int = 30) -> list[Use]:
        """The last days with any question, the newest first."""
        return self._use("day", "ORDER BY day DESC LIMIT ?", limit)

    def by_department(self, limit: int = 50) -> list[Use]:
        """By id, '' for those who belong to none; most questions first."""
        return self._use("department", "ORDER BY 2 DESC LIMIT ?", limit)

    def _use(self, column: str, order: str, limit: int) -> list[Use]:
        rows = self._database.rows(
            f"SELECT {column}, sum(CASE what WHEN 'asked' THEN n ELSE 0 END), "
            "sum(CASE what WHEN 'refused' THEN n ELSE 0 END) FROM counts "
            f"WHERE document = '' GROUP BY 1 {order}",
            (limit,),
        )
        return [Use(str(row[0]), int(row[1]), int(row[2])) for row in rows]

    def by_document(self) -> list[tuple[str, int]]:
        """Documents by how many answers cite them, the most cited first."""
        rows = self._database.rows(
            "SELECT document, sum(n) FROM counts WHERE what = 'cited' GROUP BY document "
            "ORDER BY 2 DESC"
        )
        return [(str(row[0]), int(row[1])) for row in rows]

    @property
    def total(self) -> Use:
        found = self._use("''", "LIMIT ?", 1)
        return found[0] if found else Use("", 0, 0)
