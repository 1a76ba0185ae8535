"""What is known of the folder that is followed, as its follower notes it and pages show it."""

from dataclasses import dataclass
from typing import Any

NOTE = "followed"  # key of Arrivals.note


@dataclass(frozen=True, slots=True)
class Missing:
    """A document whose last file is gone: somebody decides whether it goes too."""

    path: str
    document_id: str


@dataclass(frozen=True, slots=True)
class Followed:
    """One look at the folder: files in it, those that do not lie still yet, and what is wrong."""

    folder: str
    at: str = ""
    files: int = 0
    waiting: int = 0
    problem: str = ""
    refused: tuple[str, ...] = ()
    missing: tuple[Missing, ...] = ()


def followed_of(noted: Any) -> Followed | None:
    """None where no folder was looked at yet."""
    if not noted:
        return None
    missing = tuple(Missing(**m) for m in noted["missing"])
    return Followed(**{**noted, "refused": tuple(noted["refused"]), "missing": missing})
