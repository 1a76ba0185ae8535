"""Answers given before, for whoever asks the same and sees the same.

Everything that an answer rests on is in the key: the question as it was understood, the view (one
state of the index, one day, one set of documents, one scope), the office's terms and the answers
that it approved. What is read in, corrected, hidden, repealed or approved since makes another key,
so nothing ever has to be taken out for being wrong.
"""

import threading
import weakref
from collections import OrderedDict
from dataclasses import dataclass

from assistant.answers.answer import Answer
from assistant.office.curated import Curated
from assistant.understand.question import Question
from vectorstore.library import View


@dataclass(frozen=True, slots=True)
class Asked:
    """What must be the same. `turns` count only where the asker's own filter is in force: what it
    shuts out is looked for by them."""

    view: "weakref.ref[View]"  # equal to another only while both are of one view that lives
    question: Question
    terms: int
    approved: tuple[Curated, ...]
    turns: tuple[str, ...] = ()


def reference(view: View) -> "weakref.ref[View]":
    """One that can be looked up when the view is gone: documents came in meanwhile. A reference
    keeps its hash only if that was asked for while the view lived."""
    found = weakref.ref(view)
    hash(found)
    return found


class Remembered:
    """The last `most` answers, whoever asked; 0 keeps none. Safe to use from several threads."""

    def __init__(self, most: int):
        self._most = most
        self._answers: OrderedDict[Asked, Answer] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, asked: Asked) -> Answer | None:
        with self._lock:
            if asked in self._answers:
                self._answers.move_to_end(asked)
            return self._answers.get(asked)

    def keep(self, asked: Asked, answer: Answer) -> None:
        with self._lock:
            self._answers[asked] = answer
            while len(self._answers) > self._most:
                self._answers.popitem(last=False)
