"""A rule of the written language as a value, with the examples that say what it is for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

# A text in which something is found, or the text and what is found first in it.
Example = str | tuple[str, str]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression with texts in which it is found (`yes`) and not found (`no`).

    In a larger rule it stands as one part: `rf"由{ORGAN}牵头"`. One test runs the examples of
    every value of this kind that the package holds (tests/vectorstore/language).
    """

    source: str
    yes: tuple[Example, ...] = ()
    no: tuple[str, ...] = ()
    why: str = ""
    flags: int = 0
    compiled: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "compiled", re.compile(self.source, self.flags))

    def __str__(self) -> str:
        return f"(?:{self.source})"

    def search(self, text: str, *span: int) -> re.Match[str] | None:
        return self.compiled.search(text, *span)

    def match(self, text: str, *span: int) -> re.Match[str] | None:
        return self.compiled.match(text, *span)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        return self.compiled.fullmatch(text)

    def finditer(self, text: str, *span: int) -> Iterator[re.Match[str]]:
        return self.compiled.finditer(text, *span)

    def findall(self, text: str) -> list[str]:
        """The stretches that are found, as a whole, whatever groups the pattern has."""
        return [match[0] for match in self.compiled.finditer(text)]

    def remove_from(self, text: str, by: str = "") -> str:
        """`text` with `by` in place of all that is found."""
        return self.compiled.sub(lambda _: by, text)
