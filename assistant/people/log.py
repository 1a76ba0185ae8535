"""The audit log as the rest of the program sees it: one call for each deed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

Deed = Literal[
    "ask", "answer", "open document", "download", "search",
    "upload", "delete document", "change metadata", "change audience", "judge documents",
    "write draft", "share draft", "delete draft", "export",
    "share conversation", "delete conversation", "export conversation",
    "log in", "log out", "failed log in", "locked out", "change password",
    "add person", "change person", "change roles", "change departments", "change groups",
    "change terms", "answer gap", "back up", "read log", "export log", "refused",
    "erase person", "prune log",
]  # fmt: skip
Result = Literal["done", "refused", "failed"]


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody did something to something. `details` are plain JSON values."""

    who: str  # Person.id, or 'command line'
    name: str  # as people read it, '' where nobody is named
    address: str  # where from; '' for the command line
    deed: Deed
    on: str = ""  # id of the document, draft, person …
    result: Result = "done"
    details: Mapping[str, Any] = field(default_factory=dict)


class AuditLog(Protocol):
    """Where entries go. Raises PolicyError when one cannot be kept: what must be logged and is
    not, is not done."""

    def record(self, entry: Entry) -> None: ...


class NoLog:
    """Where nobody logs in and nobody asked for a log."""

    def record(self, entry: Entry) -> None:
        """Kept nowhere."""
