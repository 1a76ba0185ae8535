"""Erasing what is kept of a person, on their request: every store that keeps something gives one
of these."""

from typing import Protocol


class Eraser(Protocol):
    """Takes away what one store keeps of a person, by id, or their name off it, and says of how
    many things; `by` is the id of whoever does it. Raises PolicyError when it cannot."""

    def __call__(self, person: str, by: str) -> int: ...
