"""What becomes of the drafts of somebody who leaves: handed over to somebody else, or forgotten."""

from assistant.people.permissions import may
from assistant.people.person import Person
from vectorstore.database.port import Database
from vectorstore.errors import PolicyError

# Of theirs, and nobody else can open it: neither a department's nor shared, or in the bin, which
# only its owner sees.
_ONLY_THEIRS = """owner = ? AND (deleted != '' OR (department = ''
    AND id NOT IN (SELECT draft_id FROM shares)))"""


class Leaving:
    """Over the drafts' own file. Nobody reads a draft here."""

    def __init__(self, database: Database):
        self._database = database

    def count(self, person: str) -> int:
        """How many drafts somebody owns, those in the bin too."""
        row = self._database.row("SELECT count(*) FROM drafts WHERE owner = ?", (person,))
        return int(row[0]) if row else 0

    def hand_over(self, person: Person, left: str, to: str) -> int:
        """All drafts of somebody who has left, to somebody else, unread by whoever does it; how
        many they are. Raises PolicyError for who may not set up people."""
        if not may(person, "set up people"):
            raise PolicyError("只有系统管理能把一个人的稿子转给别人")
        with self._database.transaction() as db:
            return int(
                db.execute("UPDATE drafts SET owner = ? WHERE owner = ?", (to, left)).rowcount
            )

    def forget(self, person: str) -> int:
        """Deletes for good the drafts that only they can open, and what waits beside the others
        for them; takes their name off versions, shares, comments and sections. What others can open stays
        with those. Gives the number of drafts that are gone."""
        with self._database.transaction() as db:
            for table in ("asides", "holds"):
                db.execute(f"DELETE FROM {table} WHERE person = ?", (person,))
            db.execute("DELETE FROM shares WHERE kind = 'person' AND whom = ?", (person,))
            gone = int(db.execute(f"DELETE FROM drafts WHERE {_ONLY_THEIRS}", (person,)).rowcount)
            db.execute("UPDATE versions SET who = '', name = '' WHERE who = ?", (person,))
            db.execute("UPDATE comments SET person = '', name = '' WHERE person = ?", (person,))
            db.execute(
                "UPDATE comments SET resolver = '', resolver_name = '' WHERE resolver = ?",
                (person,),
            )
        self._database.overwrite()
        return gone
