"""Times of drafts as people read them."""

from datetime import datetime


def when(stored: str) -> str:
    """A stored time as the clock on the wall here showed it."""
    return datetime.fromisoformat(stored).astimezone().strftime("%Y-%m-%d %H:%M")
