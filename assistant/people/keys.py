"""Keys with which programs come in: each is somebody's, does part of what its owner may, and ends.

A key is 256 random bits. Nobody can guess or enumerate these, so one SHA-256 keeps them as safe
as argon2id keeps passwords (which people choose, and which are few), and a request costs no 64 MiB
of memory. What is kept opens nothing: whoever reads the file or a backup cannot come in with it.
The prefix lets scanners of secrets, and people, see what it is; the id within says which row.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from typing import Literal, get_args

from assistant.people.permissions import Action
from assistant.people.person import Person, rights_of
from assistant.people.units import Refused
from vectorstore.database.port import Connection, Database, Row

Scope = Literal["ask", "search", "read", "upload", "delete", "draft", "audit"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
# What the owner of a key must be allowed for what a scope opens: a key adds no right.
ACTION_OF: dict[Scope, Action] = {
    "ask": "ask",
    "search": "ask",
    "read": "ask",
    "upload": "add documents",
    "delete": "change documents",
    "draft": "draft",
    "audit": "draft",
}
PREFIX = "pca_"
DAY = 24 * 3600
LONGEST_NAME = 60
MOST_PER_MINUTE = 6000
MOST_KEYS = 20  # living ones of one person
_TOUCHED = 60  # seconds between notes of when a key was last used


@dataclass(frozen=True, slots=True)
class Key:
    """A key without its secret; times in seconds since 1970, 0 for never."""

    id: str
    person: str
    name: str
    scopes: frozenset[Scope]
    per_minute: int
    created: int
    expires: int
    used: int = 0
    revoked: int = 0
    # What of its owner's rights (person.rights_of) it may use at most; None for all of them, of
    # today and later. A service gains rights that whoever made its key has not got, and they know
    # the key: these rest until somebody who grants rights says that the key may have them.
    vouched: frozenset[str] | None = None

    def waiting(self, rights: Collection[str]) -> frozenset[str]:
        """Which of the rights that its owner has now wait for that."""
        return frozenset() if self.vouched is None else frozenset(rights) - self.vouched


class Keys:
    """The keys of an office; `now` in seconds since 1970."""

    def __init__(self, database: Database, now: Callable[[], float]):
        self._database, self._now = database, now

    def add(
        self, person: str, name: str, scopes: Iterable[str], *, days: int, per_minute: int,
        vouched: Collection[str] | None = None, identifier: str = "",
    ) -> tuple[Key, str]:  # fmt: skip
        """A new key and its secret, which is never shown again. `vouched`: see Key; `identifier`
        is one of `new_key_id`, for what was said of it before. Raises Refused."""
        key = Key(
            identifier or new_key_id(), person, _named(name), checked(scopes),
            _between(per_minute, MOST_PER_MINUTE, "每分钟的次数"), int(self._now()),
            int(self._now()) + _between(days, 36_500, "有效天数") * DAY,
            vouched=None if vouched is None else frozenset(vouched),
        )  # fmt: skip
        secret = f"{PREFIX}{key.id.removeprefix('key:')}_{secrets.token_urlsafe(32)}"
        with self._database.transaction() as db:
            if not db.execute("SELECT 1 FROM accounts WHERE id = ?", (person,)).fetchone():
                raise Refused("没有这个账号，可能已删除")
            if len(self._living(db, person)) >= MOST_KEYS:
                raise Refused(f"一个账号最多有 {MOST_KEYS} 个能用的密钥，请先吊销不用的")
            db.execute(
                "INSERT INTO keys VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?)",
                (key.id, hashed(secret), person, key.name, " ".join(sorted(key.scopes)),
                 key.per_minute, key.created, key.expires, _listed(key.vouched)),
            )  # fmt: skip
        return key, secret

    def find(self, secret: str) -> Key | None:
        """The living key of a secret, which is now in use; None for any other text."""
        identifier = key_id_of(secret)
        row = self._database.row("SELECT * FROM keys WHERE id = ?", (identifier,))
        if row is None or not hmac.compare_digest(row["hash"], hashed(secret)):
            return None
        key, now = _key(row), int(self._now())
        if not self.lives(key):
            return None
        if now - key.used >= _TOUCHED and not self._database.read_only:
            with self._database.transaction() as db:
                db.execute("UPDATE keys SET used = ? WHERE id = ?", (now, key.id))
        return key

    def lives(self, key: Key) -> bool:
        return not key.revoked and self._now() < key.expires

    def known(self, identifier: str) -> Key | None:
        row = self._database.row("SELECT * FROM keys WHERE id = ?", (identifier,))
        return _key(row) if row else None

    def of(self, person: str) -> list[Key]:
        """All of somebody's, the newest first; revoked and expired ones too."""
        rows = self._database.rows(
            "SELECT * FROM keys WHERE person = ? ORDER BY created DESC, id", (person,)
        )
        return [_key(row) for row in rows]

    def revoke(self, identifier: str) -> None:
        """From now on it opens nothing. It stays in the list, so that people see what there was."""
        self._change("UPDATE keys SET revoked = ? WHERE id = ?", int(self._now()), identifier)

    def release(self, identifier: str, rights: Collection[str]) -> None:
        """Somebody who grants rights says that whoever made it may have these."""
        self._change("UPDATE keys SET vouched = ? WHERE id = ?", _listed(rights), identifier)

    def _change(self, statement: str, value: int | str | None, identifier: str) -> None:
        with self._database.transaction() as db:
            if not db.execute(statement, (value, identifier)).rowcount:
                raise Refused("没有这个密钥，可能已随账号删除")

    def _living(self, db: Connection, person: str) -> list[Row]:
        return db.execute(
            "SELECT 1 FROM keys WHERE person = ? AND revoked = 0 AND expires > ?",
            (person, int(self._now())),
        ).fetchall()


def within(person: Person, key: Key) -> Person:
    """Whoever comes in with a key of theirs: what they may now, as far as the key may."""
    if not key.waiting(rights_of(person)):
        return person
    return replace(
        person,
        roles=frozenset(r for r in person.roles if f"role {r}" in (key.vouched or ())),
        departments=tuple(
            d for d in person.departments if f"department {d}" in (key.vouched or ())
        ),
        groups=frozenset(g for g in person.groups if f"group {g}" in (key.vouched or ())),
    )


def new_key_id() -> str:
    return f"key:{secrets.token_hex(6)}"


def key_id_of(secret: str) -> str:
    """The id that stands in a key, whether or not there is such a one."""
    return f"key:{secret.removeprefix(PREFIX)[:12]}" if secret.startswith(PREFIX) else ""


def hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def checked(scopes: Iterable[str]) -> frozenset[Scope]:
    given = frozenset(scopes)
    wanted = frozenset(scope for scope in SCOPES if scope in given)
    if unknown := sorted(given - wanted):
        raise Refused(f"没有“{'、'.join(unknown)[:60]}”这个范围；范围有：{'、'.join(SCOPES)}")
    if not wanted:
        raise Refused("请至少选一个范围")
    return wanted


def _listed(rights: Collection[str] | None) -> str | None:
    return None if rights is None else json.dumps(sorted(rights), ensure_ascii=False)


def _named(name: str) -> str:
    kept = " ".join(name.split())
    if not kept or len(kept) > LONGEST_NAME or not kept.isprintable():
        raise Refused(f"请给密钥起个名字，说明给谁用，最长 {LONGEST_NAME} 个字符")
    return kept


def _between(value: int, most: int, what: str) -> int:
    if not 1 <= value <= most:
        raise Refused(f"{what}要在 1 到 {most} 之间")
    return value


def _key(row: Row) -> Key:
    return Key(
        row["id"], row["person"], row["name"], checked(row["scopes"].split()), row["per_minute"],
        row["created"], row["expires"], row["used"], row["revoked"],
        None if row["vouched"] is None else frozenset(json.loads(row["vouched"])),
    )  # fmt: skip
