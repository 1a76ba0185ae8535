"""A conversation as one browser tab has it open, and how it comes back from the history."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from secrets import token_hex

from assistant.answers.answer import Answer
from assistant.cite.quote import Quoter
from assistant.history.covering import covered, shown
from assistant.history.models import StoredConversation, StoredTurn
from assistant.pages.conversation import Turn
from assistant.pages.limits import is_freed
from vectorstore.library import View

Around = dict[tuple[int, int], tuple[str, str]]

_CONTEXT = 60  # characters of the source shown before and after a quote
_APART = 1_000_000  # numbers of earlier turns begin here: those of the page must differ
UNFINISHED = (
    "这一问还没有回答：可能仍在进行（过一会儿再打开就能看到），也可能中途断了。"
    "问题已保留，可以重新回答。"
)


@dataclass
class Conversation:
    """What one browser tab has asked so far. Lives in the session's state, where questions that
    are asked while others wait all work on the same one."""

    turns: list[Turn] = field(default_factory=list)
    around: Around = field(default_factory=dict)
    over: bool = False  # another has begun in its place
    # Questions of which the browser has not said yet that it has seen their end, and whether one
    # of them was asked before another's end.
    open: int = 0
    crossed: bool = False
    fresh: set[int] = field(default_factory=set)  # turns that the browser may not have as they are
    changes: int = 0  # of turns: the later of two pictures of one is known by it
    key: str = field(default_factory=lambda: token_hex(4))  # of its pictures
    id: str = ""  # in the history; '' before the first question
    unsaved: str = ""  # why the last turn is not in the history
    has_gaps: bool = False  # a turn of it is not in the history, or in that of another
    # Held while a question is written down: those of one tab are, one after the other.
    beginning: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False, compare=False)

    def standing(self, named: str) -> int:
        """The stored turn that a browser names, 0 where none of that name stands here, or where
        something is still being answered."""
        known = {str(turn.stored): turn.stored for turn in self.turns}
        return 0 if self.is_busy else known.get(named, 0)

    def add(self, question: str, instead_of: int = 0) -> Turn:
        """The next turn; `instead_of` a stored one, that and all behind it go behind this."""
        if self.is_busy:
            self.crossed = True
        else:
            # Of what came before, the end of the last one may be on its way. Not more: programs
            # that ask as a page does need not say what they have seen.
            self.fresh.intersection_update({len(self.turns)} if self.open > 1 else ())
        at = next((i for i, t in enumerate(self.turns) if instead_of and t.stored == instead_of),
                  len(self.turns))  # fmt: skip
        replaced, self.turns = self.turns[at:], self.turns[:at]
        turn = Turn(at + 1, question, stage="检索", earlier=tuple(self._set_apart(replaced)))
        self.turns.append(turn)
        return turn

    def _set_apart(self, turns: list[Turn]) -> Iterator[Turn]:
        for turn in turns:
            number = _APART + turn.stored
            for (of, mark), words in list(self.around.items()):
                if of == turn.number:
                    self.around[number, mark] = words
                    del self.around[of, mark]
            yield from turn.earlier
            yield replace(turn, number=number, earlier=(), is_fixed=True)

    def put(self, turn: Turn) -> None:
        self.changes += 1
        self.turns[turn.number - 1] = replace(turn, change=self.changes)
        self.fresh.add(turn.number)

    def questions(self, turn: Turn) -> list[str]:
        """What was asked, up to `turn`; where one was freed of a limit, from there on, so that
        what was said before does not bring the limit back."""
        asked: list[str] = []
        answers: list[Answer] = []
        for before in self.turns[: turn.number - 1]:
            if is_freed(before.question, answers):
                asked = []
            asked += [] if before.error else [before.question]
            answers += [before.answer] if before.answer else []
        return [*([] if is_freed(turn.question, answers) else asked), turn.question]

    @property
    def is_busy(self) -> bool:
        return any(turn.answer is None and not turn.error for turn in self.turns)

    def cover(self, before: Sequence[Turn], seen: Sequence[Turn]) -> None:
        """Turns as they were found to be seen now. What has happened to one meanwhile counts:
        it was answered just now."""
        for old, new in zip(before, seen, strict=True):
            if old != new and self.turns[old.number - 1] is old:
                self.put(new)

    def lacks(self, why: str) -> None:
        """A turn could not be kept."""
        self.unsaved, self.has_gaps = why, True


def as_seen(turns: Sequence[Turn], view: View) -> list[Turn]:
    """Turns as far as the viewer sees their sources now."""
    return [_seen(turn, view) for turn in turns]


def _seen(turn: Turn, view: View) -> Turn:
    turn = replace(turn, earlier=tuple(_seen(earlier, view) for earlier in turn.earlier))
    if turn.answer is None:
        return turn
    found = covered(turn.answer, view, is_owner=True)
    hidden = turn.hidden + found.hidden
    return replace(turn, answer=found.answer, told={**turn.told, **found.told}, hidden=hidden)


def reopened(stored: StoredConversation, view: View, *, is_owner: bool = True) -> Conversation:
    """A stored conversation for whoever sees `view`; of a colleague's the earlier turns, which
    were put aside, are not shown."""
    talk = Conversation(id=stored.about.id if is_owner else "")
    for number, turn in enumerate(stored.standing, 1):
        made = _turn(turn, number, view, is_owner)
        if is_owner:
            before = (
                replace(_turn(t, _APART + t.id, view, True), is_fixed=True)
                for t in stored.earlier(turn)
            )
            made = replace(made, earlier=tuple(before))
        talk.turns.append(made)
    for made in (t for turn in talk.turns for t in (turn, *turn.earlier)):
        if made.answer:
            talk.around.update(around(view, made.number, made.answer))
    return talk


def _turn(stored: StoredTurn, number: int, view: View, is_owner: bool) -> Turn:
    turn = Turn(number, stored.question, stored=stored.id if is_owner else 0, is_fixed=not is_owner)
    if stored.kept is None:
        return replace(turn, error=stored.error or UNFINISHED)
    found = shown(stored.question, stored.kept, view, is_owner=is_owner)
    return replace(turn, answer=found.answer, told=found.told, hidden=found.hidden)


def around(view: View, number: int, answer: Answer) -> Around:
    """The text around each quote of an answer, for its card."""
    quoter = Quoter(view)
    found = {}
    for citation in answer.citations:
        source = quoter.source(citation.document_id)
        before = source[max(0, citation.start - _CONTEXT) : citation.start].split("\n")[-1]
        after = source[citation.end : citation.end + _CONTEXT].split("\n")[0]
        found[number, citation.mark] = (before.lstrip(), after.rstrip())
    return found
