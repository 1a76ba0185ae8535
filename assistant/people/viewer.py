"""Who uses the program: the name somebody logged in with, or a cookie of their browser's own;
and what they see."""

import re
import secrets
from collections.abc import Mapping
from typing import Any

from assistant.people.keys import Key
from assistant.people.log import Deed, Entry, Result, Who
from assistant.people.person import Person, alone
from vectorstore.models import Viewer

COOKIE = "policy_user"
TEN_YEARS = 10 * 365 * 24 * 3600
_VALUE = re.compile(r"[0-9a-f]{32}")


def new_cookie(cookies: Mapping[str, str]) -> str | None:
    """A value for a browser that has none yet; nobody can guess it."""
    return None if _VALUE.fullmatch(cookies.get(COOKIE, "")) else secrets.token_hex(16)


def set_cookie(value: str, is_https: bool) -> str:
    """The Set-Cookie header. Lax, not Strict: whoever follows a link from a mail would else
    arrive without the cookie, get a new one, and lose sight of the drafts of the old one."""
    parts = [f"{COOKIE}={value}", "Path=/", f"Max-Age={TEN_YEARS}", "HttpOnly", "SameSite=Lax"]
    return "; ".join([*parts, "Secure"] if is_https else parts)


def owner_of(request: Any) -> str:
    """The owner of what this request reads or writes (a Starlette or a Gradio request)."""
    return person_of(request).id


def person_of(request: Any) -> Person:
    """Who sent a request: whom pages/identity.py found out, or else, where nobody logs in, the
    browser's cookie.

    Every request that came through the guard has a cookie. Without one it is somebody new: never
    the user of the command line, whose drafts would else be everybody's.
    """
    inner = getattr(request, "request", None) or request  # Gradio wraps Starlette's
    person: Person | None = inner.scope.get(PERSON)
    if person is not None:
        return person
    value = inner.cookies.get(COOKIE, "")
    return alone(f"browser:{value if _VALUE.fullmatch(value) else secrets.token_hex(16)}")


def name_of(request: Any) -> str | None:
    """The name somebody logged in with. A browser's cookie is no name, and stays its secret."""
    return person_of(request).name or None


PERSON = "policy.person"  # keys of a request's scope: who sent it,
KEY = "policy.key"  # and the key that a program came with
_CALLED = frozenset({"api", "v1", "mcp"})  # first parts of paths that programs call
LOCAL_USER = "local"  # who works on a machine that nobody logs in to
HOME = alone(LOCAL_USER)
LOCAL = HOME.viewer
# Programs on a machine that nobody logs in to. Not whoever sits at it: their drafts are theirs.
PROGRAM = alone("program")


def viewer_of(request: Any) -> Viewer:
    """Who looks at the corpus with this request. As long as nobody logs in, all see all of it."""
    return person_of(request).viewer


def is_call(path: str) -> bool:
    """Whether an address is one that programs call, with a key and never with a cookie."""
    return path.strip("/").split("/", 1)[0] in _CALLED


def key_of(request: Any) -> Key | None:
    """The key that a program came with."""
    inner = getattr(request, "request", None) or request
    found: Key | None = inner.scope.get(KEY)
    return found


def address_of(request: Any) -> str:
    """Where a request came from, as the server (or the proxy that it trusts) says."""
    client = (getattr(request, "request", None) or request).scope.get("client")
    return str(client[0]) if client else ""


def entry_of(
    request: Any, deed: Deed, on: str = "", result: Result = "done", **details: Any
) -> Entry:
    """What the audit log keeps of a request."""
    return who_of(request).did(deed, on, result, **details)


def who_of(request: Any) -> Who:
    """Who sent a request and where from, as the audit log names them."""
    person, key = person_of(request), key_of(request)
    name = person.name or person.login
    return Who(person.id, name, address_of(request), key.id if key else "")
