"""What an answer says, before marks are set."""

from dataclasses import dataclass

from assistant.cite.quote import Quote


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of an answer, or one cell of a table, with its quotes."""

    text: str
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A comparison: a header, and one row of cells for each document."""

    header: tuple[str, ...]
    rows: tuple[tuple[Statement, ...], ...]


@dataclass(frozen=True, slots=True)
class Content:
    """What an answer says, before marks are set.

    `near` are quotes offered when nothing answers (相近的内容); `notes` say what the user should
    know of the answer as a whole and are not statements about a document.
    """

    statements: tuple[Statement, ...] = ()
    table: Table | None = None
    refused: bool = False
    reason: str = ""
    near: tuple[Quote, ...] = ()
    notes: tuple[str, ...] = ()
