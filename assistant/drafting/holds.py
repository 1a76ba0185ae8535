"""Who is at work on which section of a draft, and words that could not be saved into it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from assistant.drafting.models import Section
from assistant.labelling import Origin
from assistant.people.person import Person
from vectorstore.database.port import Database
from vectorstore.errors import PolicyError

LASTS = timedelta(minutes=2)  # after the last key


@dataclass(frozen=True, slots=True)
class Hold:
    """Somebody is at work on a section."""

    section: str
    person: str
    name: str
    since: datetime

    @property
    def sentence(self) -> str:
        began = self.since.astimezone().strftime("%H:%M")
        return f"{self.name or '另一位同事'}正在改这一部分（{began} 起）"


@dataclass(frozen=True, slots=True)
class Aside:
    """Words of a section that stand beside it: somebody else's were saved first."""

    section: str
    heading: str
    text: str
    at: str
    origin: Origin = ""


class SectionHeld(PolicyError):
    """Somebody else is at work on the section."""


class Holds:
    """Over the drafts' own file. Whether somebody may write is asked before (store.py)."""

    def __init__(self, database: Database, clock: Callable[[], datetime]):
        self._database = database
        self._clock = clock

    def take(self, draft_id: str, section: str, person: Person) -> Hold | None:
        """Holds a section, or goes on holding it; gives the hold of whoever was quicker."""
        now = self._clock()
        with self._database.transaction() as db:
            db.execute("DELETE FROM holds WHERE until <= ?", (now.isoformat(),))
            if other := self.others(draft_id, person).get(section):
                return other
            db.execute(
                "INSERT INTO holds VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (draft_id, section) DO "
                "UPDATE SET until = excluded.until",
                (draft_id, section, person.id, person.name, now.isoformat(), (now + LASTS).isoformat()),
            )  # fmt: skip
        return None

    def others(self, draft_id: str, person: Person) -> dict[str, Hold]:
        """What others hold now, by section."""
        rows = self._database.rows(
            "SELECT section, person, name, since FROM holds WHERE draft_id = ? AND person != ? "
            "AND until > ?",
            (draft_id, person.id, self._clock().isoformat()),
        )
        return {
            section: Hold(section, holder, name, datetime.fromisoformat(since))
            for section, holder, name, since in rows
        }

    def release(self, draft_id: str, person: Person) -> None:
        """Somebody is done with the draft, for now."""
        held = (draft_id, person.id)
        where = "WHERE draft_id = ? AND person = ?"
        if self._database.row(f"SELECT 1 FROM holds {where}", held):
            with self._database.transaction() as db:
                db.execute(f"DELETE FROM holds {where}", held)

    # --- words beside ---------------------------------------------------------------------

    def set_aside(self, draft_id: str, person: Person, sections: Sequence[Section]) -> None:
        at = self._clock().isoformat()
        with self._database.transaction() as db:
            db.executemany(
                "INSERT INTO asides VALUES (?, ?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (draft_id, section, person, at) DO UPDATE SET "
                "heading = excluded.heading, text = excluded.text, origin = excluded.origin",
                [(draft_id, s.id, person.id, at, s.heading, s.text, s.origin) for s in sections],
            )

    def asides(self, draft_id: str, person: Person) -> list[Aside]:
        """What of theirs stands beside a draft, the oldest first."""
        rows = self._database.rows(
            "SELECT section, heading, text, at, origin FROM asides WHERE draft_id = ? AND person = ? "
            "ORDER BY at",
            (draft_id, person.id),
        )
        return [Aside(*row) for row in rows]

    def drop_aside(self, draft_id: str, person: Person, aside: Aside) -> None:
        with self._database.transaction() as db:
            db.execute(
                "DELETE FROM asides WHERE draft_id = ? AND section = ? AND person = ? AND at = ?",
                (draft_id, aside.section, person.id, aside.at),
            )
