"""Passwords: which are good enough, and how they are kept (argon2id, never the password)."""

import secrets
import threading
import unicodedata
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from vectorstore.errors import PolicyError

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST = 10
LONGEST = 200  # characters as typed, and in one form; a megabyte of password is an attack
# Each takes 64 MiB for a moment: a hundred tries at once must not take the machine's memory.
_at_once = threading.BoundedSemaphore(2)
# What people choose first where ten characters are asked for; compared without case, and
# without the digits and signs at either end.
_COMMON = frozenset(
    [
        "password",
        "passwords",
        "passw0rd",
        "p@ssw0rd",
        "p@ssword",
        "pa$$word",
        "administrator",
        "admin",
        "qwertyuiop",
        "qwerty",
        "asdfghjkl",
        "zxcvbnm",
        "qazwsxedc",
        "qazwsx",
        "welcome",
        "letmein",
        "iloveyou",
        "woaini",
        "woaizhongguo",
        "zhongguo",
        "abcdefghij",
        "abcdefg",
        "abcabc",
        "aaaaaaaaaa",
        "aaaaa",
        "system",
        "manager",
        "guest",
        "default",
        "changeme",
        "test",
        "testtest",
        "mima",
        "guanliyuan",
        "一二三四五六七八九十",
        "我爱你我爱你",
        "密码",
    ]
)
_DIGITS_AND_SIGNS = "0123456789!@#$%^&*()_+-=.,?~ "


class WeakPassword(PolicyError):
    """The sentence says what is wanted."""


def require_good(password: str, *others: str) -> None:
    """Raises WeakPassword. `others` are the login and the name, which everybody knows."""
    typed, password = password, _plain(password)
    if len(password) < SHORTEST:
        raise WeakPassword(
            f"密码至少 {SHORTEST} 个字符", f"A password has at least {SHORTEST} characters"
        )
    if max(len(typed), len(password)) > LONGEST:
        raise WeakPassword(
            f"密码最长 {LONGEST} 个字符", f"A password has at most {LONGEST} characters"
        )
    folded = password.casefold()
    told = [o for o in map(_plain, others) if len(o) > (2 if o.isascii() else 1)]
    if any(other.casefold() in folded for other in told):
        raise WeakPassword(
            "密码里不能有登录名或姓名", "A password must not hold your login or name"
        )
    core = folded.strip(_DIGITS_AND_SIGNS)
    if len(set(folded)) < 5 or core in _COMMON or _is_run(folded):
        raise WeakPassword(
            "这个密码太常见，容易被猜到；可以用几个不相干的词连起来",
            "This password is too common; join a few unrelated words",
        )
    if not core and len(password) < 14:
        raise WeakPassword(
            "只有数字和符号的密码至少 14 个字符；或者加上字母、汉字",
            "A password of digits and signs alone has at least 14 characters; or add letters",
        )


def hashed(password: str) -> str:
    """For keeping."""
    with _at_once:
        return _hasher().hash(_plain(password))


def matches(kept: str, password: str) -> bool:
    """Whether a password is the one that was kept. Works as long where nothing is kept, so that
    the time does not tell which logins there are."""
    from argon2.exceptions import InvalidHashError, VerificationError

    with _at_once:
        try:
            is_right = _hasher().verify(kept or _nobodys(), _plain(password)[: LONGEST + 1])
        except (VerificationError, InvalidHashError):
            return False
    return bool(kept) and is_right


def is_outdated(kept: str) -> bool:
    """Whether it was kept with weaker parameters than today's."""
    return _hasher().check_needs_rehash(kept)


@cache
def _hasher() -> "PasswordHasher":
    """The second recommendation of RFC 9106 (64 MiB, three rounds, four lanes). Loaded when
    somebody logs in."""
    from argon2 import PasswordHasher

    return PasswordHasher()


@cache
def _nobodys() -> str:
    return _hasher().hash(secrets.token_hex(16))


def _plain(password: str) -> str:
    """One form, whichever keyboard it was typed on. Cut before: sorting the marks of a long one
    takes minutes. require_good takes none that is cut."""
    return unicodedata.normalize("NFKC", password[: LONGEST + 1])


def _is_run(folded: str) -> bool:
    """1234567890, abcdefghijk, 0987654321."""
    steps = {ord(b) - ord(a) for a, b in pairwise(folded)}
    return steps <= {1, -9} or steps <= {-1, 9}
