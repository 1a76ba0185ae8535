"""How a document stands: its state on the day of the view with the words that prove it, and its
ties to other documents. The only place that asks the view's validity for it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, cast
from weakref import WeakKeyDictionary

from assistant.understand.corpus import corpus_of
from vectorstore.facts import Relation
from vectorstore.library import View
from vectorstore.models import DocumentSummary

ENDING = frozenset(("废止", "替代", "清理_废止", "清理_失效"))  # the other one is in force no more


class Quoted(Protocol):
    """What proves a state: a Fact or a Relation."""

    @property
    def document_id(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def quote(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Standing:
    """A state as it is shown, and what proves it; without proof it is the source's own word."""

    name: str
    proofs: tuple[Quoted, ...] = ()


@dataclass(frozen=True, slots=True)
class Tie:
    """A relation between two documents: `by` states it, `other` is the document that it leads
    to, None where the library does not hold it; then `title` and `number` say what is named."""

    type: str
    by: DocumentSummary
    relation: Relation | None
    other: DocumentSummary | None
    title: str | None
    number: str | None

    @property
    def dated(self) -> date | None:
        """The day from which it holds, or that of the document."""
        stated = self.relation.effective if self.relation else None
        return stated or (self.other.metadata.dated if self.other else None)


def standing(view: View, document: DocumentSummary) -> Standing:
    if (state_of := getattr(view, "state", None)) is None:
        return Standing(document.metadata.status_as_of(view.as_of))
    state = state_of(document.id)
    if state is None:
        return Standing(document.metadata.status_as_of(view.as_of))
    shown = tuple(p for p in state.proofs if p.document_id in view.ids)
    return Standing(state.name, shown)


_STATES: WeakKeyDictionary[View, dict[str, str]] = WeakKeyDictionary()


def states(view: View) -> dict[str, str]:
    """The state of each document of a view by its id; worked out once for each view."""
    if (known := _STATES.get(view)) is None:
        known = _STATES[view] = {d.id: standing(view, d).name for d in view.documents()}
    return known


def basis(view: View, document: DocumentSummary) -> list[Tie]:
    """What a document names as what it rests on, held or not."""
    relations = _asked(view, "rests_on", document.id)
    if relations:
        return [_tie(view, r) for r in relations if r.document_id == document.id]
    named = document.metadata.cites
    return [
        Tie("依据", document, None, _held(view, title, number, document.id), title, number)
        for title, number in named
    ]


def changes(view: View, document: DocumentSummary) -> list[Tie]:
    """What other documents do to this one, the earliest first; `other` is who does it."""
    found = []
    for relation in _asked(view, "acts_on", document.id):
        by = view.summary(relation.document_id)
        if by is not None and by.id != document.id:
            found.append(Tie(relation.type, by, relation, by, relation.title, relation.number))
    return sorted(found, key=lambda tie: (tie.dated or date.max, tie.by.id))


def own_acts(view: View, document: DocumentSummary) -> list[Tie]:
    """What a document does to others: repeals, replaces, extends, issues."""
    relations = _asked(view, "acts_of", document.id)
    return [_tie(view, r) for r in relations if r.type != "依据"]


def citing(view: View, document: DocumentSummary) -> list[DocumentSummary]:
    """Documents that name this one."""
    metadata = document.metadata
    ids = corpus_of(view).citing(metadata.title, metadata.document_number)
    found = [view.summary(i) for i in ids if i != document.id]
    return [d for d in found if d is not None]


def superseded(view: View, a: str, b: str) -> bool:
    """Whether one of two documents is repealed or replaced by the other."""
    return any(
        relation.type in ENDING and relation.document_id == other
        for one, other in ((a, b), (b, a))
        for relation in _asked(view, "acts_on", one)
    )


def _asked(view: View, what: str, document_id: str) -> Sequence[Relation]:
    validity = getattr(view, "validity", None)
    ask = getattr(validity, what, None)
    if ask is None:
        return ()
    return list(cast("Iterable[Any]", ask(document_id)))


def _tie(view: View, relation: Relation) -> Tie:
    by = view.summary(relation.document_id)
    assert by is not None  # the view's own document
    other = _held(view, relation.title, relation.number, relation.document_id)
    return Tie(relation.type, by, relation, other, relation.title, relation.number)


def _held(view: View, title: str | None, number: str | None, own: str) -> DocumentSummary | None:
    """The document so named, if the view shows it."""
    corpus = corpus_of(view)
    ids = corpus.with_number(number) if number else []
    ids = ids or (corpus.titled(title) if title else [])
    return next((d for i in ids if i != own and (d := view.summary(i))), None)
