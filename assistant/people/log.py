"""The audit log as the rest of the program sees it: one call for each deed."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol

from vectorstore.errors import PolicyError
from vectorstore.models import DocumentSummary

Deed = Literal[
    "ask", "answer", "open document", "download", "search",
    "open draft", "open conversation", "open saved answers",
    "upload", "delete document", "change audience", "correct metadata", "keep document",
    "judge documents", "change class", "change collection",
    "write draft", "share draft", "delete draft", "export", "audit text", "give feedback",
    "share conversation", "change conversation", "delete conversation", "export conversation",
    "change saved answers",
    "log in", "log out", "failed log in", "locked out", "change password",
    "add person", "change person", "change roles", "change departments", "change groups",
    "change terms", "answer gap", "back up", "read log", "export log", "refused",
    "erase person", "prune log", "add key", "revoke key", "release key", "call",
]  # fmt: skip
Result = Literal["done", "refused", "failed"]
# Names of details that are what people ask; other texts are always kept, and can be erased.
QUESTIONS = frozenset({"question", "turns", "request", "words"})  # kept as the settings say


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody did something to something. `details` are plain JSON values; what of them stays
    when a person is erased, vectorstore/chain/parting.py says. They name no `name` and no
    `address`, which are of whoever did it: somebody else's are a `target_name`, a `login`."""

    who: str  # Person.id, or 'command line'
    name: str  # as people read it, '' where nobody is named
    address: str  # where from; '' for the command line
    deed: Deed
    on: str = ""  # id of the document, draft, person …
    result: Result = "done"
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody, as all their entries name them; `key` is the id of the key that they came with."""

    id: str
    name: str = ""
    address: str = ""
    key: str = ""

    def did(self, deed: Deed, on: str = "", result: Result = "done", **details: Any) -> Entry:
        if self.key:
            details = {**details, "key": self.key}
        return Entry(self.id, self.name, self.address, deed, on, result, details)


def compared(who: Who, old: DocumentSummary, new: DocumentSummary) -> Iterator[Entry]:
    """Two documents shown side by side: each is opened."""
    for one, other in ((old, new), (new, old)):
        about: dict[str, Any] = {"sha256": one.sha256, "what": "compared", "document": other.id}
        yield who.did("open document", one.id, **about)


class AuditLog(Protocol):
    """Where entries go. Raises PolicyError when one cannot be kept: what must be logged and is
    not, is not done."""

    def record(self, entry: Entry) -> None: ...


class NoLog:
    """Where nobody logs in and nobody asked for a log."""

    def record(self, entry: Entry) -> None:
        """Kept nowhere."""

    def tidy(self) -> None:
        """Nothing is kept."""

    def close(self) -> None:
        """Nothing is open."""


@contextmanager
def recorded(log: AuditLog, entry: Entry) -> Iterator[None]:
    """Around a deed. The entry comes first, for what cannot be logged is not done; a deed that
    then fails has a second one that says so."""
    log.record(entry)
    with failures_recorded(log, entry):
        yield


@contextmanager
def failures_recorded(log: AuditLog, entry: Entry) -> Iterator[None]:
    """The second half of `recorded`, for a deed whose entry is there already and that is done
    elsewhere, as in a thread of its own."""
    try:
        yield
    except BaseException as error:
        details = {**entry.details, "error": type(error).__name__}
        try:
            log.record(replace(entry, result="failed", details=details))
        except PolicyError as unkept:  # why the deed failed is what is to be told
            logging.getLogger(__name__).warning("%s", unkept)
        raise
