"""What is known of the folder that is followed, as its follower notes it and pages show it."""

from dataclasses import dataclass
from typing import Any

from vectorstore.models import Audience

NOTE = "followed"  # key of Arrivals.note


@dataclass(frozen=True, slots=True)
class Missing:
    """A document whose last file is gone: somebody decides whether it goes too."""

    path: str
    document_id: str


@dataclass(frozen=True, slots=True)
class Followed:
    """One look at the folder: files in it, those that do not lie still yet, and what is wrong.
    `audience` is for whom its files are, and so for whom all of this is; None as long as nobody
    noted it."""

    folder: str
    at: str = ""
    files: int = 0
    waiting: int = 0
    problem: str = ""
    refused: tuple[str, ...] = ()
    missing: tuple[Missing, ...] = ()
    audience: Audience | None = None


def followed_of(noted: Any) -> Followed | None:
    """None where no folder was looked at yet."""
    if not noted:
        return None
    missing = tuple(Missing(**m) for m in noted["missing"])
    said = noted.get("audience")
    audience = Audience(**{**said, "of": tuple(said["of"])}) if said else None
    held = {"refused": tuple(noted["refused"]), "missing": missing, "audience": audience}
    return Followed(**{**noted, **held})
