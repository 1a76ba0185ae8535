"""The index of tantivy's that is brought up before each question, and says who answered."""

from vectorstore.keywords.passages_index import PassagesIndex
from vectorstore.keywords.quick import QuickIndex, State


class Prompt(QuickIndex):
    """Brought up at once wherever the thread would be started."""

    served = 0

    def bring_up_in_background(self) -> None:
        self.bring_up()

    def _ready(self) -> tuple[State, PassagesIndex] | None:
        found = super()._ready() or super()._ready()
        self.served += found is not None
        return found
