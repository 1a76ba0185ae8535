"""What the history holds, as frozen values."""

from dataclasses import dataclass, field

from assistant.answers.answer import Answer
from vectorstore.errors import PolicyError

LONGEST_TITLE = 80
LONGEST_NOTE = 500
LONGEST_TAG = 20
MOST_TAGS = 10


class NotThere(PolicyError):
    """What is asked for is not there, or is somebody else's: nobody is told which."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A conversation as a list shows it. Times are UTC in ISO 8601; `shared` is the random part
    of its link, '' while it is for nobody; `deleted` '' unless it lies in the bin."""

    id: str
    owner: str
    title: str
    created: str
    updated: str
    shared: str = ""
    deleted: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A document that an answer rests on, as it stood then."""

    id: str
    path: str
    title: str
    number: str
    state: str


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it was stored. `answer` is None where this program cannot read it any more:
    then `text` is all that there is."""

    answer: Answer | None
    text: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class StoredTurn:
    """A question and what became of it. Neither `kept` nor `error`: it was never finished.

    `id` is its own for ever, `number` its place. `replaced` is the id of the turn that was asked
    in its place, 0 while it stands.
    """

    id: int
    number: int
    question: str
    asked: str
    kept: Kept | None = None
    error: str = ""
    replaced: int = 0


@dataclass(frozen=True, slots=True)
class StoredConversation:
    """A conversation with all its turns in order, those that were asked anew among them."""

    about: Listed
    turns: tuple[StoredTurn, ...] = ()

    @property
    def standing(self) -> tuple[StoredTurn, ...]:
        """Without those that others were asked in place of."""
        return tuple(turn for turn in self.turns if not turn.replaced)

    def earlier(self, turn: StoredTurn) -> tuple[StoredTurn, ...]:
        """What stood where `turn` was asked anew, however often."""
        found = [t for t in self.turns if t.replaced == turn.id]
        return tuple(t for own in found for t in (*self.earlier(own), own))


@dataclass(frozen=True, slots=True)
class SavedAnswer:
    """A copy of an answer: it stays when its conversation goes. `dismissed` are notices about its
    sources that its owner has put away."""

    id: str
    owner: str
    question: str
    kept: Kept
    saved: str
    conversation: str = ""
    tags: tuple[str, ...] = ()
    note: str = ""
    dismissed: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Resting:
    """What a saved answer rests on, without the answer."""

    id: str
    question: str
    sources: tuple[Source, ...]
    dismissed: frozenset[str] = field(default_factory=frozenset)
