"""Who a browser belongs to: the name somebody logged in with, or a cookie of its own."""

import re
import secrets
from collections.abc import Mapping
from typing import Any

from assistant.drafting.models import LOCAL_USER

COOKIE = "policy_user"
TEN_YEARS = 10 * 365 * 24 * 3600
_VALUE = re.compile(r"[0-9a-f]{32}")


def new_cookie(cookies: Mapping[str, str]) -> str | None:
    """A value for a browser that has none yet; nobody can guess it."""
    return None if _VALUE.fullmatch(cookies.get(COOKIE, "")) else secrets.token_hex(16)


def owner_of(request: Any) -> str:
    """The owner of what this request reads or writes (a Starlette or a Gradio request)."""
    name = getattr(request, "username", None)
    if name:
        return f"user:{name}"
    value = request.cookies.get(COOKIE, "")
    return f"browser:{value}" if _VALUE.fullmatch(value) else LOCAL_USER
