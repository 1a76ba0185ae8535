"""One entry, before it is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Record:
    """What is to be kept: plain JSON values. `personal` is what may be erased; so is whatever of
    `on` and `details` chain/parting.py does not leave in the chain."""

    who: str
    deed: str
    on: str = ""
    result: str = "done"
    details: Mapping[str, Any] = field(default_factory=dict)
    personal: Mapping[str, Any] = field(default_factory=dict)
