"""Reports of what came in, one row for each file; kept to be read later.

A report names documents by their ids: what is read of them, and whether somebody may see them, is
asked of a view when the report is read.
"""

import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from vectorstore import stores
from vectorstore.arrivals.schema import ARRIVALS
from vectorstore.database.opening import exists, open_database
from vectorstore.database.port import Database, Row
from vectorstore.models import PUBLIC, Audience
from vectorstore.stores import Home, place

Way = Literal["upload", "command", "watch"]
KEPT = 2000  # reports; older ones go


@dataclass(frozen=True, slots=True)
class Arrived:
    """One file. `documents` are the ids of those that it holds; `same_as` is the one that was
    held already with the very same content, `namesake` one that came under the same name and says
    something else; '' for none."""

    label: str
    action: str  # added | updated | same | unchanged | received | removed | failed
    reason: str = ""
    documents: tuple[str, ...] = ()
    passages: int = 0
    same_as: str = ""
    namesake: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What came in together. `number` counts those of everybody, and is shown to nobody: `id` names
    a report. `by` is who sent it, by id, '' for the program itself; `audience` for whom new
    documents were to be."""

    number: int
    id: str
    by: str
    at: str
    way: Way
    audience: Audience
    seconds: float


class Arrivals:
    """The file is opened when the first thing comes in, or somebody asks. Safe to use from
    several threads and processes."""

    def __init__(self, home: Home | Path):
        self.place = place(home, stores.ARRIVALS)

    @cached_property
    def database(self) -> Database:
        return open_database(self.place, ARRIVALS)

    @property
    def is_there(self) -> bool:
        """Whether anything came in yet."""
        return exists(self.place)

    def close(self) -> None:
        if "database" in self.__dict__:
            self.database.close()

    # --- reports --------------------------------------------------------------------------

    def keep(
        self,
        files: Sequence[Arrived],
        *,
        by: str,
        way: Way,
        audience: Audience = PUBLIC,
        seconds: float = 0.0,
    ) -> str:
        """The id of the report."""
        identifier = secrets.token_hex(8)
        told = json.dumps(asdict(audience), ensure_ascii=False)
        with self.database.transaction() as db:
            ((number,),) = db.execute(
                "INSERT INTO reports (by, at, way, audience, seconds, id) "
                "VALUES (?, ?, ?, ?, ?, ?) RETURNING number",
                (by, _now(), way, told, seconds, identifier),
            )
            db.executemany(
                "INSERT INTO arrived VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [(number, at, *_values(file)) for at, file in enumerate(files)],
            )
            db.execute("DELETE FROM reports WHERE number <= ?", (number - KEPT,))
        return identifier

    def reports(self, by: str | None = None, limit: int = 100, before: int = 0) -> list[Report]:
        """The latest first; of everybody, or of one person; those before a number."""
        rows = self.database.rows(
            "SELECT * FROM reports WHERE (? IS NULL OR by = ?) AND (? = 0 OR number < ?) "
            "ORDER BY number DESC LIMIT ?",
            (by, by, before, before, limit),
        )
        return [self._report(row) for row in rows]

    def report(self, identifier: str) -> Report | None:
        row = self.database.row("SELECT * FROM reports WHERE id = ?", (identifier,))
        return self._report(row) if row else None

    def files(self, number: int) -> list[Arrived]:
        rows = self.database.rows(
            "SELECT * FROM arrived WHERE report = ? ORDER BY ordinal", (number,)
        )
        return [_arrived(row) for row in rows]

    def forget(self, person: str) -> int:
        """Takes somebody's name off their reports and decisions; how many reports."""
        with self.database.transaction() as db:
            db.execute("UPDATE kept SET by = '', name = '' WHERE by = ?", (person,))
            return db.execute("UPDATE reports SET by = '' WHERE by = ?", (person,)).rowcount

    def _report(self, row: Row) -> Report:
        said = json.loads(row["audience"])
        return Report(
            row["number"],
            row["id"],
            row["by"],
            row["at"],
            row["way"],
            Audience(**{**said, "of": tuple(said["of"])}),
            row["seconds"],
        )

    # --- files that are gone, and stay documents -------------------------------------------

    def keep_without_file(self, path: str, by: str, name: str) -> None:
        """Somebody decided that what a file held stays though the file is gone."""
        with self.database.transaction() as db:
            db.execute(
                "INSERT INTO kept VALUES (?, ?, ?, ?) ON CONFLICT (path) DO UPDATE SET "
                "by = excluded.by, name = excluded.name, at = excluded.at",
                (path, by, name, _now()),
            )

    def kept_without_file(self) -> set[str]:
        return {row["path"] for row in self.database.rows("SELECT path FROM kept")}

    # --- notes ----------------------------------------------------------------------------

    def note(self, key: str, value: Any) -> None:
        said = json.dumps(value, ensure_ascii=False)
        with self.database.transaction() as db:
            db.execute(
                "INSERT INTO notes VALUES (?, ?) "
                "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                (key, said),
            )

    def noted(self, key: str) -> Any:
        """None where nothing was."""
        row = self.database.row("SELECT value FROM notes WHERE key = ?", (key,))
        return json.loads(row["value"]) if row else None


def _values(file: Arrived) -> tuple[Any, ...]:
    return (
        file.label, file.action, file.reason, json.dumps(file.documents), file.passages,
        file.same_as, file.namesake,
    )  # fmt: skip


def _arrived(row: Row) -> Arrived:
    return Arrived(
        row["label"], row["action"], row["reason"], tuple(json.loads(row["documents"])),
        row["passages"], row["same_as"], row["namesake"],
    )  # fmt: skip


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
