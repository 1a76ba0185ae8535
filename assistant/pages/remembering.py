"""Writes what a tab asks into the history, question first; where that fails the page says so, and
the question is answered all the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

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

    def answered(self, answer: Answer, generation: int) -> None:
        if self.begun is None:
            return
        try:
            self.history.conversations.answered(self.begun, answer, generation)
        except PolicyError as error:
            self.talk.unsaved = _unsaved(error)

    def failed(self, sentence: str) -> None:
        if self.begun is None:
            return
        try:
            self.history.conversations.failed(self.begun, sentence)
        except PolicyError as error:
            self.talk.unsaved = _unsaved(error)

    @property
    def stored(self) -> int:
        return self.begun.turn if self.begun else 0


def remember(
    history: History,
    owner: str,
    talk: Conversation,
    question: str,
    settings: Mapping[str, Any],
    instead_of: int,
) -> Remembered:
    """Writes the question down. A conversation that was deleted meanwhile begins anew."""
    try:
        try:
            begun = history.conversations.ask(owner, talk.id, question, settings, instead_of)
        except NotThere:
            begun = history.conversations.ask(owner, "", question, settings)
    except PolicyError as error:
        talk.unsaved = _unsaved(error)
        return Remembered(history, talk, None)
    talk.id, talk.unsaved = begun.conversation, ""
    return Remembered(history, talk, begun)


def _unsaved(error: PolicyError) -> str:
    return f"这一问没有存进历史记录：{error}"
