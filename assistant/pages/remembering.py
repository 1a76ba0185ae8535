"""Writes what a tab asks into the history, question first; where that fails the page says so, and
the question is answered all the same."""

from dataclasses import dataclass

from assistant.answers.answer import Answer
from assistant.history.history import History
from assistant.history.models import NotThere
from assistant.history.store import Begun
from assistant.pages.talk import Conversation
from vectorstore.errors import PolicyError


@dataclass(frozen=True)
class Remembered:
    """One turn's way into the history; `begun` is None where it is kept nowhere."""

    history: History
    talk: Conversation
    begun: Begun | None

    def answered(self, answer: Answer) -> None:
        if self.begun is None:
            return
        try:
            self.history.conversations.answered(self.begun, answer)
        except PolicyError as error:
            self.talk.lacks(_unsaved(error))

    def failed(self, sentence: str) -> None:
        if self.begun is None:
            return
        try:
            self.history.conversations.failed(self.begun, sentence)
        except PolicyError as error:
            self.talk.lacks(_unsaved(error))

    @property
    def stored(self) -> int:
        return self.begun.turn if self.begun else 0


def remember(
    history: History, owner: str, talk: Conversation, question: str, instead_of: int = 0
) -> Remembered:
    """Writes the question down. A conversation that was deleted meanwhile begins anew."""
    try:
        try:
            begun = history.conversations.ask(owner, talk.id, question, instead_of)
        except NotThere:
            begun = history.conversations.ask(owner, "", question)
            talk.has_gaps = bool(talk.turns)  # what was asked before is in the deleted one
    except PolicyError as error:
        talk.lacks(_unsaved(error))
        return Remembered(history, talk, None)
    talk.id, talk.unsaved = begun.conversation, ""
    return Remembered(history, talk, begun)


def _unsaved(error: PolicyError) -> str:
    return f"这一问没有存进历史记录：{error}"
