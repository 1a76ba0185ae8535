"""Drafts and their versions, in a SQLite file of their own: losing the index loses no draft."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from assistant.drafting.access import WRITES, Ownership, Permission, Share, permission
from assistant.drafting.comments import Comments
from assistant.drafting.holds import Hold, Holds
from assistant.drafting.leaving import Leaving
from assistant.drafting.merging import merged
from assistant.drafting.models import Draft, Version, from_json, to_json
from assistant.people.person import Person
from vectorstore import stores
from vectorstore.database.opening import open_database
from vectorstore.database.port import Connection, Row
from vectorstore.errors import PolicyError
from vectorstore.stores import Place, Store

# A change here is also a step in migrations/versions/, and a test compares the two.
_SCHEMA = """
CREATE TABLE drafts (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, title TEXT NOT NULL, updated TEXT NOT NULL,
    version INTEGER NOT NULL, content TEXT NOT NULL,
    department TEXT NOT NULL DEFAULT '', deleted TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE TABLE versions (
    draft_id TEXT NOT NULL REFERENCES drafts (id) ON DELETE CASCADE,
    number INTEGER NOT NULL, at TEXT NOT NULL, what TEXT NOT NULL, content TEXT NOT NULL,
    who TEXT NOT NULL DEFAULT '', name TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (draft_id, number)
) WITHOUT ROWID;
CREATE TABLE shares (
    draft_id TEXT NOT NULL REFERENCES drafts (id) ON DELETE CASCADE,
    kind TEXT NOT NULL, whom TEXT NOT NULL, power TEXT NOT NULL, name TEXT NOT NULL,
    PRIMARY KEY (draft_id, kind, whom)
) WITHOUT ROWID;
CREATE TABLE holds (
    draft_id TEXT NOT NULL REFERENCES drafts (id) ON DELETE CASCADE,
    section TEXT NOT NULL, person TEXT NOT NULL, name TEXT NOT NULL, since TEXT NOT NULL,
    until TEXT NOT NULL, PRIMARY KEY (draft_id, section)
) WITHOUT ROWID;
CREATE TABLE asides (
    draft_id TEXT NOT NULL REFERENCES drafts (id) ON DELETE CASCADE,
    section TEXT NOT NULL, person TEXT NOT NULL, at TEXT NOT NULL, heading TEXT NOT NULL,
    text TEXT NOT NULL, origin TEXT NOT NULL, PRIMARY KEY (draft_id, section, person, at)
) WITHOUT ROWID;
CREATE TABLE comments (
    id TEXT PRIMARY KEY, draft_id TEXT NOT NULL REFERENCES drafts (id) ON DELETE CASCADE,
    section TEXT NOT NULL, quote TEXT NOT NULL, text TEXT NOT NULL,
    person TEXT NOT NULL, name TEXT NOT NULL, at TEXT NOT NULL,
    resolved TEXT NOT NULL DEFAULT '', resolver TEXT NOT NULL DEFAULT '',
    resolver_name TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE INDEX comments_draft ON comments (draft_id, at);
CREATE INDEX drafts_owner ON drafts (owner, updated);
CREATE INDEX drafts_department ON drafts (department);
CREATE INDEX shares_whom ON shares (kind, whom);
"""
DRAFTS = Store(
    label=stores.LABELS[stores.DRAFTS],
    schema=_SCHEMA + stores.meta(5),
    version=5,
    migrations=Path(__file__).parent / "migrations",
    tables=("drafts", "versions"),
    remedy=stores.REMEDY,
    pragmas=("secure_delete = ON",),  # what was forgotten is not left in the file
)
KEPT_VERSIONS = 200
BIN_DAYS = 30
_GONE = "没有这份稿子，可能已删除"  # the same for one that somebody may not see
_ROW = "SELECT owner, department, deleted, version, content FROM drafts WHERE id = ?"
_LISTED = """
SELECT d.id, d.title, d.updated, d.owner, d.department, d.deleted, v.who, v.name
FROM drafts d LEFT JOIN versions v ON v.draft_id = d.id AND v.number = d.version
WHERE d.owner = ? OR (d.department != '' AND d.department = ?) OR d.id IN (
    SELECT draft_id FROM shares WHERE (kind = 'person' AND whom = ?)
    OR (kind = 'department' AND whom IN (SELECT value FROM json_each(?))))
ORDER BY d.updated DESC, d.id
"""
Shelf = Literal["own", "department", "shared", "bin"]


class DraftChanged(PolicyError):
    """The draft has changed so much since it was opened that nothing can be brought together."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A draft in somebody's list. `who` and `name` are of whoever saved it last, '' in drafts
    that are older than that."""

    id: str
    title: str
    updated: str
    owner: str
    department: str
    deleted: str
    who: str
    name: str
    permission: Permission

    @property
    def shelf(self) -> Shelf:
        if self.deleted:
            return "bin"
        if self.permission == "owner":
            return "own"
        return "department" if self.department and self.permission == "write" else "shared"


def _now() -> datetime:
    return datetime.now(UTC)


class DraftStore:
    """Each save is one transaction, and one version. Whoever may not see a draft is told what
    they would be told of one that there is not."""

    def __init__(
        self, place: Place, bin_days: int = BIN_DAYS, clock: Callable[[], datetime] = _now
    ):
        self._database = open_database(place, DRAFTS)
        self._clock = clock
        self.bin_days = bin_days
        self.holds = Holds(self._database, clock)
        self.comments = Comments(self._database, clock)
        self.leaving = Leaving(self._database)

    def close(self) -> None:
        self._database.close()

    # --- a draft --------------------------------------------------------------------------

    def save(self, draft: Draft, what: str, person: Person) -> Draft:
        """Writes the next version: the present one with what `draft` changed of the version that
        it was opened as. Sections that somebody else changed as well, or holds, are set aside
        for `person` (Holds.asides). Raises PolicyError."""
        with self._database.transaction() as db:
            row = db.execute(_ROW, (draft.id,)).fetchone()
            if row is None:
                if draft.owner != person.id or draft.version:
                    raise PolicyError(_GONE, "There is no such draft; it may have been deleted")
                return self._write(db, draft, what, person)
            self.require_write(draft.id, person)
            base, theirs = self._since(db, draft, row)
            held = self.holds.others(draft.id, person)
            whole, aside = merged(base, draft, theirs, held)
            if aside:
                self.holds.set_aside(draft.id, person, aside)
            if whole == theirs and aside:
                return theirs
            return self._write(db, whole, what, person)

    def _since(self, db: Connection, draft: Draft, row: Row) -> tuple[Draft, Draft]:
        """The version that `draft` was opened as, and the present one."""
        theirs = _read(row["content"], row)
        if draft.version == theirs.version:
            return theirs, theirs
        old = db.execute(
            "SELECT content FROM versions WHERE draft_id = ? AND number = ?",
            (draft.id, draft.version),
        ).fetchone()
        if old is None:
            raise DraftChanged(
                "这份稿子打开后又存过很多版，合并不了；请重新打开后再改，刚才的修改没有保存"
            )
        return _read(old[0], row), theirs

    def _write(self, db: Connection, draft: Draft, what: str, person: Person) -> Draft:
        now = self._clock().isoformat(timespec="seconds")
        saved = replace(draft, version=draft.version + 1)
        content = json.dumps(to_json(saved), ensure_ascii=False)
        db.execute(
            "INSERT INTO drafts (id, owner, title, updated, version, content) "
            "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET title = excluded.title, "
            "updated = excluded.updated, version = excluded.version, content = excluded.content",
            (saved.id, saved.owner, saved.title, now, saved.version, content),
        )
        db.execute(
            "INSERT INTO versions VALUES (?, ?, ?, ?, ?, ?, ?)",
            (saved.id, saved.version, now, what, content, person.id, person.name),
        )
        db.execute(
            "DELETE FROM versions WHERE draft_id = ? AND number <= ?",
            (saved.id, saved.version - KEPT_VERSIONS),
        )
        return saved

    def load(self, draft_id: str, person: Person, number: int | None = None) -> Draft:
        """A draft as it is, or as it was in version `number`. Raises PolicyError."""
        row = self._seen(draft_id, person)
        if number is None:
            return _read(row["content"], row)
        old = self._database.row(
            "SELECT content FROM versions WHERE draft_id = ? AND number = ?", (draft_id, number)
        )
        if old is None:
            raise PolicyError(f"没有第 {number} 版", f"There is no version {number}")
        return replace(_read(old[0], row), version=row["version"])

    def versions(self, draft_id: str, person: Person) -> list[Version]:
        """The latest first."""
        self._seen(draft_id, person)
        rows = self._database.rows(
            "SELECT number, at, what, name FROM versions WHERE draft_id = ? ORDER BY number DESC",
            (draft_id,),
        )
        return [Version(*row) for row in rows]

    def hold(self, draft_id: str, section: str, person: Person) -> Hold | None:
        """Somebody is typing in a section; gives the hold of whoever was quicker."""
        self._require(draft_id, self._row(draft_id), person, WRITES)
        return self.holds.take(draft_id, section, person)

    # --- lists and rights -----------------------------------------------------------------

    def listed(self, person: Person) -> list[Listed]:
        """Everything of theirs, and the bin of what they own; the latest first."""
        self.purge()
        departments = json.dumps(person.departments)
        rows = self._database.rows(_LISTED, (person.id, person.department, person.id, departments))
        shares = self._shares([row["id"] for row in rows])
        found = []
        for row in rows:
            ownership = Ownership(row["owner"], row["department"], tuple(shares.get(row["id"], ())))
            right = permission(person, ownership)
            if right == "owner" or (right != "none" and not row["deleted"]):
                values = {key: row[key] or "" for key in row.keys()}  # noqa: SIM118
                found.append(Listed(**values, permission=right))
        return found

    def permission(self, draft_id: str, person: Person) -> Permission:
        row = self._row(draft_id)
        return "none" if row is None else self._permission(draft_id, row, person)

    def ownership(self, draft_id: str, person: Person) -> Ownership:
        """Whose a draft is, for whoever may see it."""
        row = self._seen(draft_id, person)
        shares = tuple(self._shares([draft_id]).get(draft_id, ()))
        return Ownership(row["owner"], row["department"], shares)

    def require_write(self, draft_id: str, person: Person) -> None:
        """Raises PolicyError for whoever may not change a draft."""
        row = self._row(draft_id)
        self._require(draft_id, row, person)
        if self.permission(draft_id, person) not in WRITES:
            raise PolicyError(
                "这份稿子只给您看，没有保存；要改请让起草人给您修改的权限",
                "You may only read this draft; nothing was saved. Ask its author for the right to change it",
            )

    def latest(self, draft_id: str, person: Person) -> tuple[int, str]:
        """The present version, and the name of whoever saved it."""
        number = self._seen(draft_id, person)["version"]
        row = self._database.row(
            "SELECT name FROM versions WHERE draft_id = ? AND number = ?", (draft_id, number)
        )
        return number, row["name"] if row else ""

    def _row(self, draft_id: str) -> Row | None:
        return self._database.row(_ROW, (draft_id,))

    def _seen(self, draft_id: str, person: Person) -> Row:
        row = self._row(draft_id)
        self._require(draft_id, row, person)
        assert row is not None
        return row

    def _require(
        self, draft_id: str, row: Row | None, person: Person,
        among: Sequence[Permission] = ("owner", "write", "read"),
    ) -> None:  # fmt: skip
        if row is None or self._permission(draft_id, row, person) not in among:
            raise PolicyError(_GONE, "There is no such draft; it may have been deleted")

    def _permission(self, draft_id: str, row: Row, person: Person) -> Permission:
        if row["deleted"]:
            return "none"
        shares = tuple(self._shares([draft_id]).get(draft_id, ()))
        return permission(person, Ownership(row["owner"], row["department"], shares))

    def _shares(self, ids: Sequence[str]) -> dict[str, list[Share]]:
        found: dict[str, list[Share]] = {}
        for draft_id, *share in self._database.rows(
            "SELECT draft_id, kind, whom, power, name FROM shares "
            "WHERE draft_id IN (SELECT value FROM json_each(?)) ORDER BY kind, name, whom",
            (json.dumps(ids),),
        ):
            found.setdefault(draft_id, []).append(Share(*share))
        return found

    # --- what only the owner does ---------------------------------------------------------

    def share(self, draft_id: str, person: Person, share: Share) -> None:
        """Gives a draft to somebody, or another right than they had."""
        self._require(draft_id, self._row(draft_id), person, ("owner",))
        with self._database.transaction() as db:
            db.execute(
                "INSERT INTO shares VALUES (?, ?, ?, ?, ?) ON CONFLICT (draft_id, kind, whom) "
                "DO UPDATE SET power = excluded.power, name = excluded.name",
                (draft_id, share.kind, share.to, share.right, share.name),
            )

    def unshare(self, draft_id: str, person: Person, kind: str, to: str) -> None:
        self._require(draft_id, self._row(draft_id), person, ("owner",))
        with self._database.transaction() as db:
            db.execute(
                "DELETE FROM shares WHERE draft_id = ? AND kind = ? AND whom = ?",
                (draft_id, kind, to),
            )

    def move(
        self, draft_id: str, person: Person, *, owner: str | None = None,
        department: str | None = None,
    ) -> None:  # fmt: skip
        """To another owner, into a department, or ('') out of it."""
        self._require(draft_id, self._row(draft_id), person, ("owner",))
        with self._database.transaction() as db:
            if department is not None:
                db.execute("UPDATE drafts SET department = ? WHERE id = ?", (department, draft_id))
            if owner is not None:
                db.execute("UPDATE drafts SET owner = ? WHERE id = ?", (owner, draft_id))

    def delete(self, draft_id: str, person: Person) -> None:
        """Into the bin, where only its owner finds it."""
        self._require(draft_id, self._row(draft_id), person, ("owner",))
        self._mark_deleted(draft_id, self._clock().isoformat(timespec="seconds"))

    def restore(self, draft_id: str, person: Person) -> None:
        """Out of the bin."""
        self.purge()
        row = self._row(draft_id)
        if row is None or row["owner"] != person.id:
            raise PolicyError(_GONE, "There is no such draft; it may have been deleted")
        self._mark_deleted(draft_id, "")

    def _mark_deleted(self, draft_id: str, at: str) -> None:
        with self._database.transaction() as db:
            db.execute("UPDATE drafts SET deleted = ? WHERE id = ?", (at, draft_id))

    def purge(self) -> None:
        """What has been in the bin for its time goes, with its versions."""
        ended = (self._clock() - timedelta(days=self.bin_days)).isoformat(timespec="seconds")
        over = ("SELECT 1 FROM drafts WHERE deleted != '' AND deleted <= ?", (ended,))
        if not self._database.read_only and self._database.row(*over):
            with self._database.transaction() as db:
                db.execute("DELETE FROM drafts WHERE deleted != '' AND deleted <= ?", (ended,))


def _read(content: str, row: Row) -> Draft:
    """A stored draft; whose it is says the row, since it may have been moved."""
    return replace(from_json(json.loads(content)), owner=row["owner"])
