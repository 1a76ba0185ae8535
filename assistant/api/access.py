"""Which calls are open to whoever calls. Each is in the audit log, before it is answered."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from fastapi import Request

from assistant.people.keys import ACTION_OF, Key, Scope
from assistant.people.log import AuditLog, Result
from assistant.people.permissions import may
from assistant.people.person import Person
from assistant.people.viewer import entry_of, key_of, person_of
from vectorstore.errors import PolicyError
from vectorstore.files.labels import without_these


class NotOpen(PolicyError):
    """The key, or its owner, may not call this."""


def is_open(person: Person, key: Key | None, scope: Scope) -> bool:
    """Whether a key has a scope, and its owner may do what that opens."""
    return _refusal(person, key, scope) is None


def _refusal(person: Person, key: Key | None, scope: Scope) -> NotOpen | None:
    if key is not None and scope not in key.scopes:
        return NotOpen(
            f"这个密钥没有 {scope} 的范围。", f"This key does not have the scope {scope}."
        )
    if not may(person, ACTION_OF[scope]):
        return NotOpen(
            f"密钥的主人没有这项权限（{scope}），或权限还待确认。",
            f"The owner of this key may not do this ({scope}).",
        )
    return None


class Access:
    """The rights of calls, their entries in the log, and what callers are told of failures:
    nothing of where `folders` lie on the server."""

    def __init__(self, log: AuditLog, folders: Sequence[Path] = ()):
        self.log, self._folders = log, folders

    def said(self, error: PolicyError) -> tuple[str, str]:
        """The sentence in Chinese and English."""
        zh = self.without_folders(str(error))
        return zh, self.without_folders(error.english) or zh

    def without_folders(self, said: str) -> str:
        return without_these(said, self._folders)

    def require(self, request: Any, scope: Scope, call: str = "") -> Person:
        """Who calls (a Starlette request, or whatever has its `scope`), when their key has `scope`
        and they may do what it opens. `call` names what is called, as the log keeps it.

        Raises NotOpen; NotLogged where the log cannot be written, and then it is not to be done.
        """
        person = person_of(request)
        refused = _refusal(person, key_of(request), scope)
        result: Result = "refused" if refused else "done"
        self.log.record(entry_of(request, "call", call or scope, result, scopes=scope))
        if refused:
            raise refused
        return person

    def needs(self, scope: Scope) -> Callable[[Request], Person]:
        """`require` as a dependency of a route: `Depends(access.needs("ask"))`."""

        def required(request: Request) -> Person:
            route = request.scope.get("route")
            return self.require(request, scope, str(getattr(route, "name", "")))

        return required
