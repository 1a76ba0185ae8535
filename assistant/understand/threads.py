"""What a conversation has been about: its thread of turns, their scope and their subject."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.understand.asking import COMPARING
from assistant.understand.corpus import Corpus, label
from assistant.understand.kinds import Kind
from assistant.understand.learned import NOTHING, Alike, Sense
from assistant.understand.question import Question
from assistant.understand.wording import ASKING
from vectorstore.language.text import search_copy
from vectorstore.models import SearchFilter

A_MATTER = 4  # characters: shorter ones lean on what was said before
SHORT_TURN = 16
Told = Callable[[Question], Sequence[str]]


class Support(Protocol):
    """How much of some words stands where a text is found: a follow-up is tried out on the
    corpus."""

    def __call__(self, text: str, words: str, where: SearchFilter = ...) -> float: ...


@dataclass(frozen=True, slots=True)
class Heard:
    """A turn as it is heard before it stands alone: what the model of questions makes of it,
    and how the corpus answers to a wording (None: it is not asked). `told` gives the items that
    answer an earlier question."""

    sense: Sense = NOTHING
    alike: Alike | None = None
    support: Support | None = None
    told: Told | None = None


def thread_of(before: Sequence[Question]) -> Sequence[Question]:
    """The turns since the last one that was complete in itself, small talk left out."""
    turns = [q for q in before if q.kind is not Kind.CHAT] or list(before)
    first = max((i for i, q in enumerate(turns) if not q.is_completed), default=0)
    return turns[first:]


def scope_text(last: Question, corpus: Corpus) -> str:
    """The places of a question, or its one document, as a follow-up names them."""
    if last.places:
        return "、".join(place.text for place in last.places)
    if len(last.named) == 1:
        return label(corpus.by_id[last.named[0]])
    return ""


def subject_of(thread: Sequence[Question]) -> str:
    """What the thread is about: the matter of the last turn that names one at some length."""
    named = (q.matter.replace(" ", "") for q in reversed(thread) if q.is_marked)
    return next((m for m in named if A_MATTER <= len(m) <= SHORT_TURN // 2), "")


def statement(question: Question) -> str:
    """A question as a noun phrase: without question words and differences."""
    text = COMPARING.remove_from(search_copy(question.standalone))
    first = text.replace("?", "？").partition("？")[0]
    return trim("".join(ASKING.sub("", first).split()))


def trim(text: str) -> str:
    """Without what joins it to something in front or behind."""
    return text.lstrip("、和与及,，市省区县的").rstrip("，,、：:是的为有")


def join(statement: str, ask: str) -> str:
    return f"{statement}{ask}" if statement else ask


_MARKS = "？?！!。"


def only_goes_on(turn: str) -> bool:
    """Whether a turn asks nothing by itself: 那省级基地呢."""
    asked = set(ASKING.findall(search_copy(turn).strip()))
    return "呢" in asked and asked <= {"呢", *_MARKS}
