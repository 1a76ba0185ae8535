"""What an answer says, before marks are set."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.cite.citation import Citation
from assistant.cite.quote import Quote
from assistant.cite.structure import Table
from vectorstore.language.numbering import unnumbered


@dataclass(frozen=True, slots=True)
class Statement:
    """What one place says, in one sentence or several, or one cell of a table, with its quotes.

    `answer` is the stretch of the first quote that answers; the rest gives it its meaning.
    """

    text: str
    quotes: tuple[Quote, ...] = ()
    answer: Quote | None = None


Said = tuple[Statement | Table[Statement], ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Nothing answers: what was looked for, and the sources that come nearest (相近的内容)."""

    reason: str
    near: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """A word to the user that states nothing of any document: a greeting is no refusal."""

    text: str


@dataclass(frozen=True, slots=True)
class Content:
    """What is said to a question, or that nothing can be. `notes` say what the user should know
    of the answer as a whole and are not statements about a document."""

    said: Said | Refusal | Reply
    notes: tuple[str, ...] = ()

    @property
    def statements(self) -> tuple[Statement, ...]:
        """The statements outside tables."""
        said = self.said if isinstance(self.said, tuple) else ()
        return tuple(part for part in said if isinstance(part, Statement))

    @property
    def is_prose(self) -> bool:
        """Whether it is made of statements alone."""
        return bool(self.statements) and self.statements == self.said


def refused(reason: str, near: Sequence[Citation] = ()) -> Content:
    return Content(Refusal(reason, tuple(near)))


def table(header: Sequence[str], rows: Iterable[Sequence[Statement]]) -> Table[Statement]:
    """A header, and one row of cells for each document."""
    return Table(tuple(map(Statement, header)), tuple(tuple(row) for row in rows))


_NAME = 30  # characters of an item's name


def items_of(content: Content) -> list[str]:
    """The names of the items that an answer lists, without their numbers; [] where it is no
    list."""
    names = (unnumbered(statement.text.strip()) for statement in content.statements)
    heads = [re.split("[：:。；\n]", name, maxsplit=1)[0].strip() for name in names]
    return heads if len(heads) > 1 and all(len(head) <= _NAME for head in heads) else []
