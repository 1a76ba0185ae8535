"""Which calls are open to whoever calls. Each is in the audit log, before it is answered."""

from collections.abc import Callable
from typing import Any

from fastapi import Request

from assistant.people.keys import ACTION_OF, Key, Scope
from assistant.people.log import AuditLog
from assistant.people.permissions import may
from assistant.people.person import Person
from assistant.people.viewer import entry_of, key_of, person_of
from vectorstore.errors import PolicyError


class NotOpen(PolicyError):
    """The key, or its owner, may not call this."""


def is_open(person: Person, key: Key | None, scope: Scope) -> bool:
    """Whether a key has a scope, and its owner may do what that opens."""
    return (key is None or scope in key.scopes) and may(person, ACTION_OF[scope])


class Access:
    """The rights of calls, and their entries in the log."""

    def __init__(self, log: AuditLog):
        self.log = log

    def require(self, request: Any, scope: Scope, call: str = "") -> Person:
        """Who calls (a Starlette request, or whatever has its `scope`), when their key has `scope`
        and they may do what it opens. `call` names what is called, as the log keeps it.

        Raises NotOpen; NotLogged where the log cannot be written, and then it is not to be done.
        """
        person, key = person_of(request), key_of(request)
        self.log.record(entry_of(request, "call", call or scope, scopes=scope))
        if key is not None and scope not in key.scopes:
            raise NotOpen(
                f"这个密钥没有 {scope} 的范围。", f"This key does not have the scope {scope}."
            )
        if not may(person, ACTION_OF[scope]):
            raise NotOpen(
                f"密钥的主人没有这项权限（{scope}），或权限还待确认。",
                f"The owner of this key may not do this ({scope}).",
            )
        return person

    def needs(self, scope: Scope) -> Callable[[Request], Person]:
        """`require` as a dependency of a route: `Depends(access.needs("ask"))`."""

        def required(request: Request) -> Person:
            route = request.scope.get("route")
            return self.require(request, scope, str(getattr(route, "name", "")))

        return required
