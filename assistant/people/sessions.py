"""Who is logged in, and who has tried too often.

A session is a random token in a cookie; kept is only its SHA-256, so that whoever reads the file
(or a backup) cannot come in with it.
"""

import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from assistant.people.units import Refused
from vectorstore.database.port import Database
from vectorstore.errors import PolicyError

_TOUCHED = (
    60  # seconds between notes of when somebody was last seen: a write for each request is slow
)
LIMIT_LOGIN = 5  # failures until a login waits
# An office may stand behind one address: twenty people mistyping once must not shut it out.
LIMIT_ADDRESS = 20
_FIRST, _LONGEST = 60, 3600  # seconds; each further failure doubles the wait
_FORGOTTEN = 24 * 3600  # seconds after which failures count no more
_MOST = 50  # sessions of one person; the oldest go


@dataclass(frozen=True, slots=True)
class Session:
    """One browser of somebody's; times in seconds since 1970."""

    id: str
    person: str
    created: int
    seen: int
    address: str
    browser: str


class Sessions:
    """`idle` and `life` are the seconds after which a session ends without use, and in any case."""

    def __init__(self, database: Database, idle: float, life: float, now: Callable[[], float]):
        self._database, self._idle, self._life, self._now = database, idle, life, now

    def begin(self, person: str, address: str, browser: str, kept: str | None = None) -> str:
        """A new token: never one that a browser brought along. `kept` is the hash that a password
        was compared with: looking takes a moment, in which the account may have been shut or its
        password changed. Raises Refused then."""
        token, now = secrets.token_hex(32), int(self._now())
        with self._database.transaction() as db:
            row = db.execute(
                "SELECT password FROM accounts WHERE id = ? AND disabled = 0", (person,)
            ).fetchone()
            if row is None or kept not in (None, row["password"]):
                raise Refused(
                    "账号或密码刚被改动，请重新登录",
                    "The account or password was just changed; please log in again",
                )
            db.execute(
                "DELETE FROM sessions WHERE seen < ? OR created < ?",
                (now - self._idle, now - self._life),
            )
            db.execute(
                "DELETE FROM sessions WHERE person = ? AND id NOT IN (SELECT id FROM sessions "
                "WHERE person = ? ORDER BY seen DESC LIMIT ?)",
                (person, person, _MOST - 1),
            )
            db.execute(
                "INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?)",
                (session_id(token), person, now, now, address[:80], browser[:300]),
            )
        return token

    def find(self, token: str) -> Session | None:
        """The living session of a token, which is now in use."""
        row = self._database.row("SELECT * FROM sessions WHERE id = ?", (session_id(token),))
        session = Session(*row) if row else None
        now = int(self._now())
        if session is None or not self._lives(session, now):
            return None
        if now - session.seen >= _TOUCHED and not self._database.read_only:
            with self._database.transaction() as db:
                db.execute("UPDATE sessions SET seen = ? WHERE id = ?", (now, session.id))
        return session

    def of(self, person: str) -> list[Session]:
        """The living sessions of somebody, the latest first."""
        rows = self._database.rows(
            "SELECT * FROM sessions WHERE person = ? ORDER BY seen DESC", (person,)
        )
        now = int(self._now())
        return [session for session in (Session(*row) for row in rows) if self._lives(session, now)]

    def end(self, person: str, identifier: str) -> bool:
        """Ends one session of this person; False when it is none of theirs."""
        with self._database.transaction() as db:
            ended = db.execute(
                "DELETE FROM sessions WHERE id = ? AND person = ?", (identifier, person)
            )
            return bool(ended.rowcount)

    def end_all(self, person: str, but: str = "") -> None:
        """Ends all sessions of somebody, `but` this one."""
        with self._database.transaction() as db:
            db.execute("DELETE FROM sessions WHERE person = ? AND id <> ?", (person, but))

    def _lives(self, session: Session, now: int) -> bool:
        return now - session.seen < self._idle and now - session.created < self._life


class TooManyTries(PolicyError):
    """Says until when to wait."""

    def __init__(self, until: float):
        at = time.strftime("%H:%M", time.localtime(until + 59))  # the minute that has begun by then
        super().__init__(
            f"登录失败次数太多，为防猜密码已暂停；请在 {at} 以后再试",
            f"Too many failed logins; please try again after {at}",
        )


class Tries:
    """Failed logins, by login and by address. A try counts as failed before the password is
    looked at: a thousand at the same moment are a thousand, not one."""

    def __init__(self, database: Database, now: Callable[[], float]):
        self._database, self._now = database, now

    def begin(self, login: str, address: str) -> bool:
        """Counts a try; whether it is one after which, if it fails, the next must wait. Raises
        TooManyTries when this one must."""
        now = int(self._now())
        with self._database.transaction() as db:
            db.execute("DELETE FROM failures WHERE latest < ?", (now - _FORGOTTEN,))
            found = {}
            for tried, limit in _tried(login, address):
                row = db.execute(
                    "SELECT count, until FROM failures WHERE tried = ?", (tried,)
                ).fetchone()
                count, until = (row["count"], row["until"]) if row else (0, 0)
                if until > now:
                    raise TooManyTries(until)
                found[tried] = (count + 1, limit)
            for tried, (count, limit) in found.items():
                wait = min(_LONGEST, _FIRST * 2 ** min(20, count - limit)) if count >= limit else 0
                db.execute(
                    "INSERT INTO failures VALUES (?, ?, ?, ?) ON CONFLICT (tried) DO UPDATE SET "
                    "count = excluded.count, latest = excluded.latest, until = excluded.until",
                    (tried, count, now, now + wait),
                )
        return any(count >= limit for count, limit in found.values())

    def succeeded(self, login: str, address: str) -> None:
        """The login's failures are forgotten; the address loses only this try, or whoever has an
        account could try others' passwords for ever."""
        (by_login, _), (by_address, limit) = _tried(login, address)
        with self._database.transaction() as db:
            db.execute("DELETE FROM failures WHERE tried = ?", (by_login,))
            db.execute(
                "UPDATE failures SET count = count - 1, until = CASE WHEN count <= ? THEN 0 "
                "ELSE until END WHERE tried = ?",
                (limit, by_address),
            )

    def forget(self, login: str) -> None:
        """Of an administrator who set a new password, say."""
        with self._database.transaction() as db:
            db.execute("DELETE FROM failures WHERE tried = ?", (_tried(login, "")[0][0],))


def session_id(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _tried(login: str, address: str) -> tuple[tuple[str, int], tuple[str, int]]:
    """What is counted, with its limit. Of the login a hash: people type passwords there."""
    digest = hashlib.sha256(login.encode("utf-8", "replace")).hexdigest()
    return (f"login:{digest}", LIMIT_LOGIN), (f"address:{address}", LIMIT_ADDRESS)
