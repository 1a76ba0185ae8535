"""How a document stands to others: what it rests on and does, what is done to it, who cites it."""

from dataclasses import dataclass
from datetime import date

from assistant.understand.corpus import corpus_of
from vectorstore.facts import Relation, RelationType
from vectorstore.library import View
from vectorstore.models import DocumentSummary
from vectorstore.validity import ACTS, REPEALS

ENDING: tuple[RelationType, ...] = (*REPEALS, "清理_失效")  # the other one is in force no more
_CHANGING: tuple[RelationType, ...] = (*ACTS, "更正")


@dataclass(frozen=True, slots=True)
class Link:
    """A relation, and the document at its other end; None where the library does not hold what
    is named. `day` is the one from which it holds, or that of the other document."""

    relation: Relation
    other: DocumentSummary | None
    day: date | None = None


def basis(view: View, document: DocumentSummary) -> list[Link]:
    """What a document names as what it rests on, held or not, the earliest first."""
    return _dated(_own(view, document, acting=False))


def own_acts(view: View, document: DocumentSummary) -> list[Link]:
    """What a document does to others: repeals, replaces, extends."""
    return _own(view, document, acting=True)


def _own(view: View, document: DocumentSummary, *, acting: bool) -> list[Link]:
    """One link for each that is named, where it is named first."""
    found: dict[tuple[object, ...], Link] = {}
    for tie in view.validity.rests_on(document.id):
        relation = tie.relation
        if (relation.type in _CHANGING) != acting or tie.document_ids == (document.id,):
            continue
        other = next((d for i in tie.document_ids if (d := view.summary(i))), None)
        named = other.id if other else (relation.title, relation.number)
        day = relation.effective if acting else (other.metadata.dated if other else None)
        found.setdefault((relation.type, named), Link(relation, other, day))
    return list(found.values())


def changes(view: View, document: DocumentSummary) -> list[Link]:
    """What other documents do to this one, the earliest first."""
    found = [
        Link(act.relation, by, act.since)
        for act in view.validity.acts_on(document.id)
        if act.relation.type in _CHANGING and (by := view.summary(act.document_id))
    ]
    return _dated(found)


def citing(view: View, document: DocumentSummary) -> list[DocumentSummary]:
    """Documents that rest on this one or name it, and do nothing to it; the earliest first. What
    is older means an earlier edition by the name."""
    metadata = document.metadata
    acts = view.validity.acts_on(document.id)
    acting = {act.document_id for act in acts if act.relation.type in _CHANGING}
    acting |= {c.decision.newer for c in view.validity.confirmed_on(document.id)}
    resting = (act.document_id for act in acts)
    naming = corpus_of(view).citing(metadata.title, metadata.document_number)
    found = {
        i: d
        for i in (*resting, *naming)
        if i not in acting and i != document.id and (d := view.summary(i))
    }
    known = (d for d in found.values() if not (d.metadata.dated and metadata.dated)
             or d.metadata.dated >= metadata.dated)  # fmt: skip
    return sorted(known, key=lambda d: (d.metadata.dated or date.max, d.id))


def superseded(view: View, a: str, b: str) -> bool:
    """Whether one of two documents is repealed or replaced by the other, as it says itself or
    somebody confirmed."""
    validity = view.validity
    return any(
        c.decision.newer == other and c.decision.verdict != "修订"
        for one, other in ((a, b), (b, a))
        for c in validity.confirmed_on(one)
    ) or any(
        act.document_id == other and act.relation.type in ENDING
        for one, other in ((a, b), (b, a))
        for act in validity.acts_on(one)
    )


def _dated(links: list[Link]) -> list[Link]:
    return sorted(links, key=lambda link: link.day or date.max)
