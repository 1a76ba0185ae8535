"""The library, and a view of it: what somebody may see, narrowed down, on a given day.

Everything that answers, lists, drafts or checks holds a View and nothing else. What a view does
not show does not exist: no list, search, text or count that it gives knows of it.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from hashlib import blake2b
from typing import TypeVar

from vectorstore.corrections import Correction
from vectorstore.decisions import Decision
from vectorstore.embedding.embedder import Embedder
from vectorstore.facts import Fact, FactFilter, FactName, Relation
from vectorstore.index import PolicyIndex
from vectorstore.models import (
    PUBLIC,
    Audience,
    Document,
    DocumentSummary,
    Passage,
    Query,
    SearchFilter,
    SearchHit,
    Viewer,
)
from vectorstore.proposals import Proposal, proposals
from vectorstore.settings import IndexSettings
from vectorstore.sight import Sight, sight_of
from vectorstore.validity import State, Validity
from vectorstore.widening import Widened

_PATIENCE = 2.0  # seconds for the writer's lock: somebody waits before a page
# A view is a list of references. In an office of hundreds nearly all see what their department
# sees; the oldest goes first, so that nobody's view pushes out everybody's.
_KEPT_VIEWS = 256
_KEPT_VIEWERS = 4096
K = TypeVar("K")
V = TypeVar("V")


class View:
    """The documents that somebody sees, as of one state of the index. Never changes, so that
    many may share it.

    `as_of` is the day on which what is in force is judged; `is_narrowed` says that the user
    chose to look at some documents only. `sees_all`: nothing is kept from them, and what a
    document that is gone said is no secret.

    What may not be quoted is listed and can be read, and is neither found nor stated: searches,
    facts and candidates pass it over. `quotable` is the view for all that quotes (answers,
    drafts, audits, comparisons): it has no such document at all.
    """

    def __init__(
        self,
        index: PolicyIndex,
        seen: "_Seen",
        scope: SearchFilter,
        *,
        for_quotes: bool = False,
    ):
        self.generation = seen.generation
        self.as_of = seen.as_of
        self.sees_all = seen.sees_all
        self.is_narrowed = bool(scope)
        self._index = index
        self._seen = seen
        self._scope = scope
        self._for_quotes = for_quotes
        shown = (d for d in seen.documents if scope.admits(d))
        self._shown = tuple(d for d in shown if d.audience.may_quote or not for_quotes)
        self._by_id = {document.id: document for document in self._shown}
        self._found = frozenset(d.id for d in self._shown if d.audience.may_quote)
        # Whatever comes in while this view lasts belongs to the next one, but for those from
        # whom nothing is kept it does no harm, and an index searches all of it faster.
        self._is_whole = self.sees_all and len(self._found) == seen.of

    @cached_property
    def ids(self) -> frozenset[str]:
        return frozenset(self._by_id)

    @cached_property
    def quotable(self) -> "View":
        """Without the documents that may not be quoted; this one where there are none."""
        if self._for_quotes or all(d.audience.may_quote for d in self._seen.documents):
            return self  # also of those out of scope: some are quoted (source)
        return View(self._index, self._seen, self._scope, for_quotes=True)

    @property
    def edition(self) -> int:
        """A number that changes when what the viewer may see does, and by nothing else: the index's
        generation tells of documents that are kept from them."""
        return self._seen.edition

    @cached_property
    def sight(self) -> Sight:
        """All that the viewer may see and quote, in scope or not."""
        return sight_of(d for d in self._seen.documents if d.audience.may_quote)

    # --- what is in force -----------------------------------------------------------------

    @property
    def validity(self) -> Validity:
        """Of all documents that the viewer may see, in scope or not: what repeals a document
        does so also where nobody looks for it."""
        return self._seen.validity

    @cached_property
    def relations(self) -> tuple[Relation, ...]:
        """What the documents of the view do to others and take from them."""
        return tuple(tie.relation for i in self._by_id for tie in self.validity.rests_on(i))

    def state(self, document_id: str) -> State | None:
        """What a document of the view is on its day, with what says so."""
        if document_id not in self._by_id:
            return None
        return self.validity.in_force(document_id, self.as_of)

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """What people decided of documents that the viewer may see, the latest first; where a
        document is gone, only whoever sees the whole library is told."""
        return self._seen.decisions

    @cached_property
    def proposals(self) -> tuple[Proposal, ...]:
        """Pairs of the view that somebody should decide."""
        return proposals(self._shown, self.validity, self.decisions)

    def known(self, document_id: str) -> DocumentSummary | None:
        """One that the viewer may see, in scope or not."""
        found = self._seen.by_id.get(document_id)
        return None if found and self._for_quotes and not found.audience.may_quote else found

    # --- documents ------------------------------------------------------------------------

    def documents(self, where: SearchFilter = SearchFilter()) -> tuple[DocumentSummary, ...]:
        """Summaries in the order of their titles."""
        if not where:
            return self._shown
        return tuple(d for d in self._shown if where.admits(d))

    def summary(self, document_id: str) -> DocumentSummary | None:
        return self._by_id.get(document_id)

    def document(self, document_id: str) -> Document | None:
        return self._index.document(document_id) if document_id in self._by_id else None

    def source(self, document_id: str) -> str:
        """The text of one that the viewer may see, in scope or not: what repeals a document is
        quoted wherever it stands. '' for any other."""
        document = self._index.document(document_id) if self.known(document_id) else None
        return document.text if document else ""

    def corrections(self, document_ids: Sequence[str]) -> list[Correction]:
        """What people corrected of documents of the view, in the order in which they did."""
        return self._index.corrections([i for i in document_ids if i in self._by_id])

    def reprints(self, document_id: str) -> list[DocumentSummary]:
        """All copies of a document that bear its number, the issuer's own copy first."""
        own = self.summary(document_id)
        if own is None or own.metadata.document_number is None:
            return [own] if own else []
        number = own.metadata.document_number
        copies = [d for d in self._shown if d.metadata.document_number == number]
        return sorted(copies, key=lambda d: (not d.metadata.is_own_copy(), d.ingested_at, d.id))

    # --- passages -------------------------------------------------------------------------

    def passage(self, passage_id: str) -> Passage | None:
        return self.passages([passage_id]).get(passage_id)

    def passages(self, ids: Sequence[str]) -> dict[str, Passage]:
        found = self._index.passages(ids)
        return {i: passage for i, passage in found.items() if passage.document_id in self._by_id}

    def passages_of(self, document_id: str) -> list[Passage]:
        return self._index.passages_of(document_id) if document_id in self._by_id else []

    def candidates(self, text: str, document_ids: Sequence[str]) -> dict[str, list[str]]:
        """Ids of the passages that may hold `text`, by document (PolicyIndex.candidates)."""
        return self._index.candidates(text, [i for i in document_ids if i in self._found])

    def search(
        self, query: Query | str, limit: int = 10, where: SearchFilter = SearchFilter()
    ) -> list[SearchHit]:
        """The best passages for a query, the best first (PolicyIndex.search)."""
        ids = None
        if where or not self._is_whole:
            ids = {d.id for d in self.documents(where) if d.id in self._found}
        hits = self._index.search(query, limit, ids)
        # What came in since this view was taken belongs to the next one.
        known = self._by_id
        return [
            replace(hit, document=known[hit.document.id])
            for hit in hits
            if hit.document.id in self._found
        ]

    def documents_with(
        self, texts: Sequence[str], where: SearchFilter = SearchFilter()
    ) -> list[str]:
        """Ids of documents that hold each of `texts`, those most about them first
        (PolicyIndex.documents_with)."""
        ids = [d.id for d in self.documents(where) if d.id in self._found]
        found = self._index.documents_with(texts, None if self._is_whole and not where else ids)
        return [i for i in found if i in self._found]

    # --- what the documents state ---------------------------------------------------------

    def facts(
        self, where: FactFilter = FactFilter(), *, limit: int | None = None, offset: int = 0
    ) -> list[Fact]:
        """In the order of document ids and of the text."""
        return self._index.facts(self._within(where), limit=limit, offset=offset)

    def count_facts(self, where: FactFilter = FactFilter()) -> int:
        return self._index.count_facts(self._within(where))

    def fact_names(self, where: FactFilter = FactFilter(), limit: int = 100) -> list[FactName]:
        """What these facts are called, the names that most documents use first."""
        return self._index.fact_names(self._within(where), limit)

    def facts_about(
        self, words: Sequence[str], where: FactFilter = FactFilter(), limit: int = 500
    ) -> list[Fact]:
        """The best matches first (PolicyIndex.facts_about)."""
        found = self._index.facts_about(words, self._within(where), limit)
        return [fact for fact in found if fact.document_id in self._found]

    def _within(self, where: FactFilter) -> FactFilter:
        """`where` for the documents of this view only."""
        if where.document_ids is None:
            return where if self._is_whole else replace(where, document_ids=self._found)
        return replace(where, document_ids=where.document_ids & self._found)

    def token_weights(self, words: Sequence[str], *, only_known: bool = False) -> dict[str, float]:
        """How much each token says (PolicyIndex.token_weights). How rare it is, is counted over
        the whole index: that orders what the view shows, and is never shown itself."""
        return self._index.token_weights(words, only_known=only_known)


@dataclass(frozen=True)
class _Seen:
    """What somebody may see, with the states of one day. `of` counts all documents there are."""

    generation: int
    as_of: date
    sees_all: bool
    of: int
    documents: tuple[DocumentSummary, ...]
    validity: Validity
    decisions: tuple[Decision, ...]

    @cached_property
    def by_id(self) -> dict[str, DocumentSummary]:
        return {document.id: document for document in self.documents}

    @cached_property
    def edition(self) -> int:
        said = repr((self.documents, self.decisions)).encode(errors="surrogatepass")
        return int.from_bytes(blake2b(said, digest_size=6).digest())  # JSON's numbers hold it


_Sight = tuple[bool, frozenset[str]]  # whether all that will come is seen too, and what is now


@dataclass
class _State:
    """The documents of one generation of the index, and the views of them taken so far: by what
    is seen, so that all who see the same share a view and what is worked out for it."""

    generation: int = -1
    documents: tuple[DocumentSummary, ...] = ()
    views: OrderedDict[tuple[_Sight, SearchFilter, date], View] = field(default_factory=OrderedDict)
    seen: OrderedDict[tuple[_Sight, date], _Seen] = field(default_factory=OrderedDict)
    sights: OrderedDict[Viewer, _Sight] = field(default_factory=OrderedDict)
    _same: dict[_Sight, _Sight] = field(default_factory=dict)
    _stated: tuple[list[Fact], list[Relation]] | None = None

    def view(self, index: PolicyIndex, viewer: Viewer, scope: SearchFilter, as_of: date) -> View:
        sight = _kept(self.sights, viewer.sight, _KEPT_VIEWERS, lambda: self._sight(viewer))

        def made() -> View:
            seen = _kept(
                self.seen, (sight, as_of), _KEPT_VIEWS, lambda: self._seen(index, sight, as_of)
            )
            return View(index, seen, scope)

        return _kept(self.views, (sight, scope, as_of), _KEPT_VIEWS, made)

    def _sight(self, viewer: Viewer) -> _Sight:
        found = viewer.sees_all, frozenset(d.id for d in self.documents if viewer.sees(d))
        return self._same.setdefault(found, found)

    def _seen(self, index: PolicyIndex, sight: _Sight, as_of: date) -> _Seen:
        sees_all, ids = sight
        decisions = tuple(d for d in index.decisions() if sees_all or ids.issuperset(d.pair))
        if self._stated is None:
            self._stated = index.facts(FactFilter(("validity",))), index.relations()
        documents = [d for d in self.documents if d.id in ids]
        own = [d for d in documents if d.audience.kind == "个人"]
        known: dict[str, DocumentSummary] = {}
        if own and not sees_all:  # theirs beside what others see too
            shared = False, ids.difference(d.id for d in own)
            base = _kept(
                self.seen, (shared, as_of), _KEPT_VIEWS, lambda: self._seen(index, shared, as_of)
            )
            order = {d.id: at for at, d in enumerate(documents)}
            widened = Widened(base.validity, order, own, *self._stated, decisions)
            known = {i: d for i, d in base.by_id.items() if i not in widened.changed}
            validity: Validity = widened
        else:
            validity = Validity(documents, *self._stated, decisions)
        stated = tuple(
            known.get(d.id) or replace(d, state=validity.in_force(d.id, as_of).name)
            for d in documents
        )
        count = len(self.documents)
        return _Seen(self.generation, as_of, sees_all, count, stated, validity, decisions)


def _kept(held: OrderedDict[K, V], key: K, most: int, make: Callable[[], V]) -> V:
    """What is held under a key, made where it is not; what was not asked for longest goes."""
    if key not in held:
        held[key] = make()
        if len(held) > most:
            held.popitem(last=False)
    held.move_to_end(key)
    return held[key]


class Library:
    """The corpus. `index` is for those who write it and who look after it; all others ask for a
    view."""

    def __init__(self, index: PolicyIndex):
        self.index = index
        self._state = _State()
        self._lock = threading.Lock()

    @property
    def settings(self) -> IndexSettings:
        return self.index.settings

    def close(self) -> None:
        self.index.close()

    def seen_by(self, viewer: Viewer, scope: SearchFilter = SearchFilter(), *, as_of: date) -> View:
        """What `viewer` may see of the documents that `scope` admits, as of the newest state.

        The same view is given again while the index stays as it is: what is worked out from
        its documents is worked out once.
        """
        with self._lock:
            self._renew()
            return self._state.view(self.index, viewer, scope, as_of)

    def _renew(self) -> None:
        generation = self.index.catalog.generation
        if generation != self._state.generation:
            self._state = _State(generation, tuple(self.index.documents()))

    def decide(self, decision: Decision) -> None:
        """Keeps what somebody decided. Raises IndexLocked while another process writes."""
        with self.index.writing(_PATIENCE):
            self.index.put_decision(decision)

    def undo(self, older: str, newer: str) -> bool:
        """Forgets it; whether anything was decided. Raises IndexLocked as above."""
        with self.index.writing(_PATIENCE):
            return self.index.remove_decision(older, newer)

    def admit(self, document_id: str, audience: Audience) -> bool:
        """Says for whom a document is from now on; whether that is a change. Raises IndexLocked
        as above."""
        with self.index.writing(_PATIENCE):
            return self.index.put_audience(document_id, audience)

    def audience(self, document_id: str) -> Audience:
        """For whom a document is, or was when it went."""
        return self.index.catalog.audiences([document_id]).get(document_id, PUBLIC)

    def token_weights(self, words: Sequence[str]) -> dict[str, float]:
        """How much each token says, for readers that serve all viewers."""
        return self.index.token_weights(words)

    @property
    def is_current(self) -> bool:
        """Whether search knows all that is in the catalogue."""
        return self.index.vectors.is_current()


def open_library(settings: IndexSettings, embedder: Embedder) -> Library:
    """Opens the corpus; mends its vectors when they are damaged, and checks them thoroughly in
    the background.

    Raises PolicyError for an index that cannot be used, or was built with another embedder.
    """
    index = PolicyIndex(settings, embedder)
    index.require_same_model()
    index.repair()
    index.check_in_background()
    return Library(index)
