"""What is in force among many documents and a few more, without working it all out again.

In an office everybody has documents of their own beside those of their department. Worked out
from nothing, states take seconds for ten thousand documents; a few more documents change them
only where somebody names these, where they name others, and where people decided.
"""

from collections.abc import Iterable, Mapping, Sequence

from vectorstore.decisions import Decision
from vectorstore.facts import Fact, Relation
from vectorstore.models import DocumentSummary
from vectorstore.naming import names_of
from vectorstore.validity import Validity, named


class Widened(Validity):
    """The same as Validity of all documents together. `order` tells where each of them stands;
    facts and relations of others than `documents` are passed over; `decisions` are of all.

    `changed` are the documents whose states may be others than in `base`.
    """

    def __init__(
        self,
        base: Validity,
        order: Mapping[str, int],
        documents: Sequence[DocumentSummary],
        facts: Iterable[Fact],
        relations: Iterable[Relation],
        decisions: Iterable[Decision],
    ):
        own = Validity(documents, facts, relations)  # sorts what belongs to which
        self._documents = {**base._documents, **own._documents}
        self._facts = {**base._facts, **own._facts}
        self._own = {**base._own, **own._own}
        more = [named(d, own._facts[d.id], own._own[d.id]) for d in documents]
        self._names = base._names.and_also(more, order)
        naming = {i for n in more for key in names_of(n) for i in base.mentions.get(key, ())}
        again = (*sorted(naming), *own._documents)
        self._ties = {**base._ties, **{i: self._tied(i) for i in again}}
        self._acts = {**base._acts, **{i: [] for i in own._documents}}
        before = {t for i in naming for tie in base._ties[i] for t in tie.document_ids}
        for target in before:
            kept = [act for act in self._acts[target] if act.document_id not in naming]
            self._acts[target] = kept
        self.changed = {*own._documents, *before, *base.dependent, *own.dependent}
        for i in again:
            for tie in self._ties[i]:
                for target in tie.document_ids:
                    self._acts[target] = [*self._acts[target], self._act(tie.relation)]
                    self.changed.add(target)
        self._confirmed = {}
        for decision in decisions:
            self._confirm(decision)
        self.changed |= {
            i
            for i in {*base._confirmed, *self._confirmed}
            if base._confirmed.get(i) != self._confirmed.get(i)
        }
