"""Answers given before, for whoever asks the same and sees the same.

Everything that an answer rests on is in the key: the view (one state of the index, one day, one
set of documents, one scope), the office's terms and the answers that it approved. What is read
in, corrected, hidden, repealed or approved since makes another key, so nothing ever has to be
taken out for being wrong. Only quoted answers are kept: what a model writes may be asked for
again to get another wording.
"""

import threading
import time
import weakref
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace

from assistant.answers.answer import Answer
from assistant.chat import Assistant, Request
from assistant.office.curated import Curated
from vectorstore.library import View


@dataclass(frozen=True, slots=True)
class _Key:
    view: (
        "weakref.ref[View]"  # equal while the view lives; one that is gone is equal to nothing new
    )
    turns: tuple[str, ...]
    terms: int
    approved: tuple[Curated, ...]


class Remembered:
    """The last `most` answers of one program, whoever asked; 0 keeps none."""

    def __init__(self, assistant: Assistant, most: int):
        self._assistant, self._most = assistant, most
        self._answers: OrderedDict[_Key, Answer] = OrderedDict()
        self._lock = threading.Lock()

    def answer(self, request: Request, answered: Callable[[Request], Answer]) -> Answer:
        """The one given before, or what `answered` makes of the request."""
        mode = request.mode or self._assistant.mode
        if not self._most or mode != "extractive" or not self._assistant.library.is_current:
            return answered(request)
        began = time.perf_counter()
        key = self._key(request)
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
                known = self._answers[key]
                spent = round(1000 * (time.perf_counter() - began), 1)
                return replace(known, timings_ms={"retrieve": 0.0, "answer": spent, "total": spent})
        made = answered(request)
        # Something was read in while it was made: it may be of either state.
        if self._assistant.library.is_current and self._key(request) == key:
            with self._lock:
                self._answers[key] = made
                if len(self._answers) > self._most:
                    self._answers.popitem(last=False)
        return made

    def _key(self, request: Request) -> _Key:
        office = self._assistant.office
        view = self._assistant.view(request.viewer, request.scope, request.as_of)
        return _Key(
            weakref.ref(view),
            request.turns,
            office.terms.now().version if office else 0,
            office.curated.all() if office else (),
        )
