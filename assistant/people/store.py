"""Accounts, in a SQLite file with departments, groups (units.py) and sessions (sessions.py).

Nobody is asked here whether they may: pages and commands ask `permissions.may` first, and note
the deed. What must hold whoever asks is kept here: that a tree stays a tree, that an office with
三员 keeps them apart, that somebody is left who can set up accounts and grant rights.
"""

import re
import secrets
import time
import unicodedata
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from assistant.people.keys import Keys
from assistant.people.person import APART, ROLES, Person, Role, rights_of
from assistant.people.schema import PEOPLE
from assistant.people.sessions import Sessions, Tries
from assistant.people.units import Refused, Units, by_person, named, require_department
from vectorstore.database.opening import open_database
from vectorstore.database.port import Connection, Row
from vectorstore.stores import Place

# A service is a program of the office: it never logs in, and comes with a key.
Source = Literal["local", "oidc", "proxy", "service"]
NEEDED: tuple[Role, ...] = ("系统管理", "安全管理")  # without them nobody can put anything right
_LONGEST_TYPED = 200  # characters of a login as somebody types it
_LOGIN = re.compile(r"[\w.@+-]{1,80}")
_SELECT = "SELECT id, login, name, department, source, disabled, must_change, held, password <> '' AS has_password, created FROM accounts"


@dataclass(frozen=True, slots=True)
class Account:
    """An account as the pages for administrators show it."""

    id: str
    login: str
    name: str
    department: str  # id, '' without one
    source: Source  # where they log in
    roles: frozenset[Role]
    groups: frozenset[str]  # ids
    is_disabled: bool
    must_change: bool  # the password is another person's choice, and good for one login
    # Its rights rest: somebody who has not got them chose its password, and may know it.
    is_held: bool
    has_password: bool
    created: int  # seconds since 1970


class People(Units):
    """The accounts of an office. Raises Refused for what cannot be, PolicyError when the file
    cannot be used. `separate`: 三员 are never in one hand; `idle` and `life` are the seconds
    after which a session ends without use, and in any case."""

    def __init__(
        self,
        place: Place,
        *,
        separate: bool = False,
        idle: float = 3600,
        life: float = 12 * 3600,
        now: Callable[[], float] = time.time,
    ):
        super().__init__(open_database(place, PEOPLE))
        self.separate = separate
        self.now = now
        self.sessions = Sessions(self.database, idle, life, now)
        self.tries = Tries(self.database, now)
        self.keys = Keys(self.database, now)
        if isinstance(place, Path):
            with suppress(OSError):  # another user's file, or a read-only disk
                place.chmod(0o600)

    def close(self) -> None:
        self.database.close()

    # --- who there is ---------------------------------------------------------------------------

    def person(self, identifier: str) -> Person | None:
        """Somebody who may come in; None for whom there is not and whom an administrator shut
        out."""
        account = self.account(identifier)
        return None if account is None or account.is_disabled else self.as_person(account)

    def as_person(self, account: Account) -> Person:
        """Who comes in with an account. With one that is held they have no rights, and see what
        is for all."""
        if account.is_held:
            return Person(account.id, account.login, account.name)
        return self._with_rights(account)

    def rights(self, account: Account) -> frozenset[str]:
        """All that an account gives, held or not (person.rights_of)."""
        return rights_of(self._with_rights(account))

    def _with_rights(self, account: Account) -> Person:
        line = self.above(account.department) if account.department else ()
        return Person(account.id, account.login, account.name, line, account.roles, account.groups)

    def account(self, identifier: str) -> Account | None:
        return next(iter(self._accounts("WHERE id = ?", identifier)), None)

    def by_login(self, login: str) -> Account | None:
        return next(iter(self._accounts("WHERE login = ?", plain_login(login))), None)

    def people(self) -> list[Account]:
        """Everybody, by login."""
        return self._accounts("ORDER BY login")

    def _accounts(self, where: str, *values: str) -> list[Account]:
        with self.database.connection() as db:
            rows = db.execute(f"{_SELECT} {where}", values).fetchall()
            some = " WHERE person = ?" if len(rows) == 1 else ""
            which = (rows[0]["id"],) if some else ()
            roles = by_person(db.execute(f"SELECT person, role FROM roles{some}", which))
            groups = by_person(db.execute(f"SELECT person, group_id FROM members{some}", which))
        return [_account(row, roles, groups) for row in rows]

    # --- accounts -------------------------------------------------------------------------------

    def add(
        self,
        login: str,
        name: str = "",
        *,
        department: str = "",
        roles: Iterable[str] = ("查阅",),
        source: Source = "local",
        password: str = "",
        held: bool = False,
        identifier: str = "",
    ) -> Account:
        """A new account. `password` is the hash of one (passwords.hashed); it has to be changed at
        the first login. `held`: its rights rest until `release`. `identifier` is one of
        `new_identifier`, for what was said of it before."""
        login, name = plain_login(login), named(name or login)
        if not _LOGIN.fullmatch(login):
            raise Refused("登录名由字母、数字、汉字和 . _ - @ + 组成，最长 80 个字符")
        wanted = self._checked(roles, source)
        identifier = identifier or new_identifier()
        with self.database.transaction() as db:
            if db.execute("SELECT 1 FROM accounts WHERE login = ?", (login,)).fetchone():
                raise Refused(f"已有登录名为“{login}”的账号")
            require_department(db, department)
            db.execute(
                "INSERT INTO accounts VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?, ?)",
                (identifier, login, name, department or None, password, source, bool(password),
                 int(self.now()), held),
            )  # fmt: skip
            _put_roles(db, identifier, wanted)
        return self._known(identifier)

    def change(
        self, identifier: str, *, name: str | None = None, department: str | None = None
    ) -> Account:
        """Another name or department ('' for none)."""
        with self.database.transaction() as db:
            account = self._known(identifier)
            new_name = account.name if name is None else named(name)
            new_department = account.department if department is None else department
            require_department(db, new_department)
            db.execute(
                "UPDATE accounts SET name = ?, department = ? WHERE id = ?",
                (new_name, new_department or None, identifier),
            )
        return self._known(identifier)

    def set_roles(self, identifier: str, roles: Iterable[str]) -> Account:
        """All roles of somebody; when they change, all their sessions end."""
        with self.database.transaction() as db:
            account = self._known(identifier)
            wanted = self._checked(roles, account.source)
            if account.roles != wanted:
                self._require_left(db, account, wanted)
                _put_roles(db, identifier, wanted)
                db.execute("DELETE FROM sessions WHERE person = ?", (identifier,))
        return self._known(identifier)

    def disable(self, identifier: str) -> Account:
        """Nobody comes in with this account any more, and whoever is in is out."""
        with self.database.transaction() as db:
            self._require_left(db, self._known(identifier), frozenset())
            db.execute("UPDATE accounts SET disabled = 1 WHERE id = ?", (identifier,))
            db.execute("DELETE FROM sessions WHERE person = ?", (identifier,))
        return self._known(identifier)

    def enable(self, identifier: str) -> Account:
        with self.database.transaction() as db:
            self._known(identifier)
            db.execute("UPDATE accounts SET disabled = 0 WHERE id = ?", (identifier,))
        return self._known(identifier)

    def remove(self, identifier: str) -> None:
        """Forgets an account: its name, roles, sessions, failed logins."""
        with self.database.transaction() as db:
            account = self._known(identifier)
            self._require_left(db, account, frozenset())
            self.tries.forget(account.login)
            db.execute("DELETE FROM accounts WHERE id = ?", (identifier,))
        self.database.overwrite()

    def require_dispensable(self, identifier: str) -> None:
        """Raises Refused for the last one who can come in with a needed role."""
        with self.database.connection() as db:
            self._require_left(db, self._known(identifier), frozenset())

    def password_of(self, identifier: str) -> str:
        """The hash, '' without one."""
        row = self.database.row("SELECT password FROM accounts WHERE id = ?", (identifier,))
        return str(row[0]) if row else ""

    def set_password(
        self, identifier: str, hashed: str, *, must_change: bool, held: bool = False,
        instead_of: str | None = None,
    ) -> None:  # fmt: skip
        """Puts a hash in the place of another; all sessions end. `held`: the account's rights rest
        until `release`. With `instead_of` only in the place of that one."""
        with self.database.transaction() as db:
            account = self._known(identifier)
            if instead_of not in (None, self.password_of(identifier)):
                raise Refused("密码刚被别人改过，没有修改")
            if held:
                self._require_left(db, account, frozenset())
            db.execute(
                "UPDATE accounts SET password = ?, must_change = ?, "
                "held = CASE WHEN held = 1 OR ? = 1 THEN 1 ELSE 0 END WHERE id = ?",
                (hashed, must_change, held, identifier),
            )
            db.execute("DELETE FROM sessions WHERE person = ?", (identifier,))

    def release(self, identifier: str) -> Account:
        """The rights of an account that was held count again: only when its owner has chosen a
        password that nobody else knows."""
        with self.database.transaction() as db:
            if self._known(identifier).must_change:
                raise Refused("本人还没有登录改过密码，改过之后才能确认")
            db.execute("UPDATE accounts SET held = 0 WHERE id = ?", (identifier,))
        return self._known(identifier)

    def hash_again(self, identifier: str, old: str, new: str) -> None:
        """The same password with stronger parameters, unless it was changed meanwhile."""
        with self.database.transaction() as db:
            db.execute(
                "UPDATE accounts SET password = ? WHERE id = ? AND password = ?",
                (new, identifier, old),
            )

    def _known(self, identifier: str) -> Account:
        account = self.account(identifier)
        if account is None:
            raise Refused("没有这个账号，可能已删除")
        return account

    def _checked(self, roles: Iterable[str], source: Source) -> frozenset[Role]:
        given = frozenset(roles)
        wanted = frozenset(role for role in ROLES if role in given)
        if unknown := given - wanted:
            raise Refused(f"没有“{'、'.join(sorted(unknown))}”这个角色；角色有：{'、'.join(ROLES)}")
        apart = [role for role in ROLES if role in wanted & APART]
        if source == "service" and apart:  # it cannot put anything right: nobody can log in as it
            raise Refused(f"服务账号不能有{'、'.join(apart)}的角色")
        if self.separate and len(apart) > 1:
            raise Refused(
                f"本单位三员分立（POLICY_WEB_SEPARATE）：{'、'.join(apart)}不能由一人兼任"
            )
        return wanted

    def _require_left(self, db: Connection, account: Account, wanted: frozenset[Role]) -> None:
        """Refuses to take a needed role from the last one who can come in with it."""
        for role in NEEDED:
            if account.is_disabled or account.is_held or role not in account.roles - wanted:
                continue
            others = db.execute(
                "SELECT 1 FROM roles JOIN accounts ON accounts.id = person "
                "WHERE role = ? AND person <> ? AND disabled = 0 AND held = 0 LIMIT 1",
                (role, account.id),
            ).fetchone()
            if not others:
                raise Refused(
                    f"“{account.name}”是最后一个能用的{role}，先给别人这个角色，再收回或停用"
                )


def new_identifier() -> str:
    """For an account; never given again, so that nobody inherits drafts with a name."""
    return f"user:{secrets.token_hex(8)}"


def plain_login(login: str) -> str:
    """One spelling for each: ZhangSan and zhangsan are one account. What is too long for a login
    is none, not the login that it begins with; sorting its marks would take minutes."""
    if len(login) > _LONGEST_TYPED:
        return ""
    return "".join(unicodedata.normalize("NFKC", login).split()).casefold()


def _account(row: Row, roles: dict[str, set[str]], groups: dict[str, set[str]]) -> Account:
    return Account(
        id=row["id"],
        login=row["login"],
        name=row["name"],
        department=row["department"] or "",
        source=row["source"],
        roles=frozenset(role for role in ROLES if role in roles.get(row["id"], ())),
        groups=frozenset(groups.get(row["id"], ())),
        is_disabled=bool(row["disabled"]),
        must_change=bool(row["must_change"]),
        is_held=bool(row["held"]),
        has_password=bool(row["has_password"]),
        created=row["created"],
    )


def _put_roles(db: Connection, identifier: str, roles: Iterable[Role]) -> None:
    db.execute("DELETE FROM roles WHERE person = ?", (identifier,))
    for role in sorted(roles):
        db.execute("INSERT INTO roles VALUES (?, ?)", (identifier, role))
