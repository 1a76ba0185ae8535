"""Departments, which are a tree, and groups across them."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.people.person import Department
from vectorstore.database.port import Connection, Database, Row
from vectorstore.errors import PolicyError

LONGEST_NAME = 60
DEEPEST = 20  # levels of departments


class Refused(PolicyError):
    """It cannot be done so; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Group:
    """People that documents can be for, across departments."""

    id: str
    name: str
    members: frozenset[str] = frozenset()  # ids of persons


class Units:
    """The part of People that knows departments and groups."""

    def __init__(self, database: Database):
        self.database = database

    # --- departments ----------------------------------------------------------------------------

    def departments(self) -> list[Department]:
        """The tree: each after the one above it, those of one level by name."""
        rows = self.database.rows("SELECT id, name, parent FROM departments ORDER BY name")
        below: dict[str, list[Department]] = {}
        for row in rows:
            below.setdefault(row["parent"] or "", []).append(
                Department(row["id"], row["name"], row["parent"] or "")
            )
        found: list[Department] = []
        waiting = below.get("", [])[::-1]
        while waiting:
            found.append(waiting.pop())
            waiting += below.get(found[-1].id, [])[::-1]
        return found

    def above(self, identifier: str) -> tuple[str, ...]:
        """A department and all above it, by id."""
        rows = self.database.rows(
            "WITH RECURSIVE line (id, parent, step) AS ("
            " SELECT id, parent, 0 FROM departments WHERE id = ?"
            " UNION ALL SELECT d.id, d.parent, step + 1 FROM departments d JOIN line ON d.id = line.parent"
            " WHERE step < ?) SELECT id FROM line ORDER BY step",
            (identifier, DEEPEST),
        )
        return tuple(row["id"] for row in rows)

    def put_department(self, name: str, parent: str = "", identifier: str = "") -> Department:
        """A new department, or, with `identifier`, another name or place of one."""
        name = named(name)
        new = identifier or f"dept:{secrets.token_hex(6)}"
        with self.database.transaction() as db:
            if identifier:
                require_department(db, identifier)
            require_department(db, parent)
            line = self.above(parent) if parent else ()
            if new in line:
                raise Refused(f"“{name}”不能放到它自己下面")
            if len(line) >= DEEPEST:
                raise Refused(f"部门最多 {DEEPEST} 级")
            twin = db.execute(
                "SELECT 1 FROM departments WHERE name = ? AND coalesce(parent, '') = coalesce(?, '') AND id <> ?",
                (name, parent or None, new),
            ).fetchone()
            if twin:
                raise Refused(f"这一级已有“{name}”")
            db.execute(
                "INSERT INTO departments VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
                "name = excluded.name, parent = excluded.parent",
                (new, name, parent or None),
            )
        return Department(new, name, parent)

    def remove_department(self, identifier: str) -> None:
        """Only an empty one: whoever is in it would else lose what they see without a word."""
        with self.database.transaction() as db:
            require_department(db, identifier)
            if db.execute("SELECT 1 FROM accounts WHERE department = ?", (identifier,)).fetchone():
                raise Refused("这个部门还有人，请先把他们移到别的部门")
            if db.execute("SELECT 1 FROM departments WHERE parent = ?", (identifier,)).fetchone():
                raise Refused("这个部门还有下级部门，请先移走或删除它们")
            db.execute("DELETE FROM departments WHERE id = ?", (identifier,))

    # --- groups ---------------------------------------------------------------------------------

    def groups(self) -> list[Group]:
        """By name, with who is in them."""
        rows = self.database.rows("SELECT id, name FROM groups ORDER BY name")
        members = self.database.rows("SELECT group_id AS person, person AS it FROM members")
        inside = by_person(members)
        return [Group(r["id"], r["name"], frozenset(inside.get(r["id"], ()))) for r in rows]

    def put_group(
        self, name: str, members: Iterable[str] | None = None, identifier: str = ""
    ) -> Group:
        """A new group, or, with `identifier`, another name and, if they are given, other members."""
        name = named(name)
        new = identifier or f"group:{secrets.token_hex(6)}"
        with self.database.transaction() as db:
            twin = db.execute("SELECT id FROM groups WHERE name = ?", (name,)).fetchone()
            if twin and twin["id"] != new:
                raise Refused(f"已有群组“{name}”")
            if identifier and not _is_there(db, "groups", identifier):
                raise Refused("没有这个群组，可能已删除")
            db.execute(
                "INSERT INTO groups VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET name = excluded.name",
                (new, name),
            )
            if members is not None:
                db.execute("DELETE FROM members WHERE group_id = ?", (new,))
                for person in sorted(set(members)):
                    if not _is_there(db, "accounts", person):
                        raise Refused("名单里有已删除的账号，请刷新后再选")
                    db.execute("INSERT INTO members VALUES (?, ?)", (person, new))
            rows = db.execute("SELECT person FROM members WHERE group_id = ?", (new,)).fetchall()
        return Group(new, name, frozenset(row["person"] for row in rows))

    def set_groups(self, person: str, groups: Iterable[str]) -> None:
        """All groups of somebody. Of others nothing is read or written, so that nobody who is
        taken out of a group at the same time comes back."""
        with self.database.transaction() as db:
            if not _is_there(db, "accounts", person):
                raise Refused("没有这个账号，可能已删除")
            db.execute("DELETE FROM members WHERE person = ?", (person,))
            for group in sorted(set(groups)):
                if not _is_there(db, "groups", group):
                    raise Refused("其中一个群组可能已删除，请刷新后再选")
                db.execute("INSERT INTO members VALUES (?, ?)", (person, group))

    def remove_group(self, identifier: str) -> None:
        with self.database.transaction() as db:
            db.execute("DELETE FROM groups WHERE id = ?", (identifier,))


def named(name: str) -> str:
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise Refused(f"请给出名称，最长 {LONGEST_NAME} 个字")
    return name


def by_person(rows: Iterable[Row]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for person, value in rows:
        found.setdefault(person, set()).add(value)
    return found


def _is_there(db: Connection, table: str, identifier: str) -> bool:
    return bool(db.execute(f"SELECT 1 FROM {table} WHERE id = ?", (identifier,)).fetchone())


def require_department(db: Connection, identifier: str) -> None:
    if identifier and not _is_there(db, "departments", identifier):
        raise Refused("没有这个部门，可能已删除")
