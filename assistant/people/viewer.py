"""Who uses the program: the name somebody logged in with, or a cookie of their browser's own;
and what they see."""

import re
import secrets
from collections.abc import Mapping
from typing import Any

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
    """The owner of what this request reads or writes (a Starlette or a Gradio request).

    Every request that came through the guard has a cookie. Without one the owner is somebody
    new: never the user of the command line, whose drafts would else be everybody's.
    """
    if name := name_of(request):
        return f"user:{name}"
    value = request.cookies.get(COOKIE, "")
    return f"browser:{value if _VALUE.fullmatch(value) else secrets.token_hex(16)}"


def name_of(request: Any) -> str | None:
    """The name somebody logged in with. A browser's cookie is no name, and stays its secret."""
    return getattr(request, "username", None) or None


LOCAL_USER = "local"  # who works on a machine that nobody logs in to
LOCAL = Viewer(LOCAL_USER)


def viewer_of(request: Any) -> Viewer:
    """Who looks at the corpus with this request. As long as nobody logs in, all see all of it."""
    return Viewer(owner_of(request))
