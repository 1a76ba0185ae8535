"""PolicyIndex: documents, passages and search over them. Whoever only reads holds a View of it
(vectorstore/library.py)."""

import heapq
import logging
import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from filelock import Timeout

from vectorstore import fusion
from vectorstore.catalog.port import Source
from vectorstore.corrections import Correction
from vectorstore.decisions import Decision
from vectorstore.embedding.embedder import Embedder, Matrix
from vectorstore.errors import IndexIncompatible, IndexLocked, VectorsDamaged
from vectorstore.facts import Fact, FactFilter, FactName, Relation, Stated
from vectorstore.keywords.tokens import query_tokens, tokens
from vectorstore.models import (
    Audience,
    Document,
    DocumentSummary,
    Metadata,
    Passage,
    Query,
    SearchHit,
)
from vectorstore.opening import Stores, file_lock, open_stores
from vectorstore.settings import IndexSettings
from vectorstore.vectors.exact import cosine
from vectorstore.vectors.healing import Healer

log = logging.getLogger(__name__)

# Each search contributes so many candidates; more changed no figure on the ncp questions.
CANDIDATES = 100
PROBED = 10  # passages in which the question's words are counted


class PolicyIndex:
    """Documents and passages, and hybrid search over them.

    Readers may be many, in several processes; a change needs `writing()`, which one process
    holds at a time. Without `stores`, those that the settings name are opened.
    """

    def __init__(self, settings: IndexSettings, embedder: Embedder, stores: Stores | None = None):
        self.settings = settings
        self.embedder = embedder
        opened = stores or open_stores(settings)
        self.catalog, self.keywords, self.vectors = opened.catalog, opened.keywords, opened.vectors
        self._healer = Healer(self._check, self._mend)
        self.vectors.on_damage = self._healer.start
        self._lock = opened.lock or file_lock(settings)

    def close(self) -> None:
        self.vectors.stop()
        self._healer.close()
        self.vectors.close()
        self.catalog.close()

    # --- state ----------------------------------------------------------------------------

    def require_same_model(self) -> None:
        """Raises IndexIncompatible when the index was built with another embedding model."""
        stored = self.catalog.get("embedding_model")
        if stored and stored != self.embedder.name:
            raise IndexIncompatible(
                f"索引是用向量模型“{stored}”建的，现在设置的是“{self.embedder.name}”；"
                "请改回 POLICY_EMBEDDING_MODEL，或运行 python -m ingest --rebuild 重建"
            )

    def repair(self) -> bool:
        """Publishes the vectors anew when they are damaged or too far behind the catalogue.

        Returns whether anything had to be done. Another writer at work is left alone: it
        publishes itself.
        """
        if self._is_whole():
            return False
        try:
            with self.writing(timeout=0):
                return not self._is_whole()
        except IndexLocked:
            return False

    def check_in_background(self) -> None:
        """Reads all of the vectors' files in a thread, which mends what it finds damaged."""
        self._healer.start()

    def _is_whole(self) -> bool:
        return self.vectors.is_current() and self.vectors.is_healthy()

    def _check(self) -> bool:
        """For the healer's thread: reads every file of the vectors."""
        return self.vectors.check_thoroughly() and self.vectors.is_current()

    def _mend(self) -> bool:
        """For the healer's thread: whether the vectors are whole now."""
        self.repair()
        return self._is_whole()

    # --- writing --------------------------------------------------------------------------

    @contextmanager
    def writing(self, timeout: float = 10) -> Iterator[None]:
        """Holds the writer's lock; on leaving, what was written becomes searchable.

        Raises IndexLocked when another process holds it for longer than `timeout` seconds.
        """
        self.catalog.require_writable()
        try:
            self._lock.acquire(timeout=timeout)
        except Timeout:
            raise IndexLocked(
                f"另一个进程正在写 {self.settings.data_dir}；请等它结束后再试"
            ) from None
        try:
            if self.catalog.get("embedding_model") is None:
                self.catalog.set("embedding_model", self.embedder.name)
            yield
            self.publish()
        finally:
            self._lock.release()

    def publish(self, *, fresh: bool = False) -> None:
        """Makes what was written so far searchable. Only inside `writing()`."""
        self.vectors.publish(fresh=fresh)

    def settle(self) -> None:
        """Waits for what a change left to threads: a command ends when all is searched quickly."""
        self.vectors.settle()

    def rebuild(self, on_progress: Callable[[int], None] = lambda _: None) -> None:
        """Makes all that is derived anew: keyword index and vectors. Takes the lock itself.

        Nothing is embedded again, unless the embedding model was changed.
        """
        with self.writing():
            if self.catalog.get("embedding_model") != self.embedder.name:
                self._embed_again(on_progress)
            self._rebuild_keywords()
            self.publish(fresh=True)

    def _embed_again(self, on_progress: Callable[[int], None]) -> None:
        """Gives every passage the vector of another model, all or none."""
        with self.catalog.transaction():
            for document in self.catalog.documents():
                vectors = self._embedded(document.id, document.metadata.title)
                self.catalog.replace_embeddings(vectors)
                on_progress(len(vectors))
            self.catalog.set("embedding_model", self.embedder.name)

    def _embedded(self, document_id: str, title: str) -> dict[str, Matrix]:
        """By id of the passage; those of one document are all under its title."""
        passages = [p for p in self.passages_of(document_id) if p.is_searched]
        vectors = self.embedder.embed_passages([p.embedding_text(title) for p in passages])
        return dict(zip((p.id for p in passages), vectors, strict=True))

    def _rebuild_keywords(self) -> None:
        with self.catalog.transaction():
            self.keywords.clear()
            for document_id in sorted(self.catalog.document_ids()):
                self.keywords.add(document_id)
            self.catalog.touch()

    def replace_document(
        self,
        document: Document,
        passages: Sequence[Passage],
        embeddings: Matrix,
        sources: Iterable[Source],
        stated: Stated = Stated(),
    ) -> None:
        self.catalog.replace_document(document, passages, embeddings, sources, stated)

    def replace_stated(self, document_id: str, stated: Stated) -> None:
        self.catalog.replace_stated(document_id, stated)

    def correct(
        self, document: Document, metadata: Metadata, made: Sequence[Correction], stated: Stated
    ) -> None:
        """Keeps what people corrected of a document and gives it the metadata, facts and
        relations that follow, all or nothing. A title stands in front of every passage that is
        embedded: with another one they are embedded again, before anything is written."""
        vectors = {}
        if metadata.title != document.metadata.title:
            vectors = self._embedded(document.id, metadata.title)
        with self.catalog.transaction():
            self.catalog.put_corrections(made)
            self.catalog.replace_metadata(document.id, metadata, stated)
            self.catalog.replace_embeddings(vectors)

    def add_source(self, source: Source) -> None:
        self.catalog.add_source(source)

    def remove_source(self, path: str) -> bool:
        return self.catalog.remove_source(path)

    def delete_document(self, document_id: str) -> bool:
        return self.catalog.delete_document(document_id)

    def put_decision(self, decision: Decision) -> None:
        self.catalog.put_decision(decision)

    def remove_decision(self, older: str, newer: str) -> bool:
        return self.catalog.remove_decision(older, newer)

    def put_audience(self, document_id: str, audience: Audience) -> bool:
        return self.catalog.put_audience(document_id, audience)

    # --- reading --------------------------------------------------------------------------

    def documents(self) -> list[DocumentSummary]:
        return self.catalog.documents()

    def document(self, document_id: str) -> Document | None:
        return self.catalog.document(document_id)

    def passages(self, ids: Sequence[str]) -> dict[str, Passage]:
        return self.catalog.passages_by_id(ids)

    def passages_of(self, document_id: str) -> list[Passage]:
        return self.catalog.passages_of(document_id)

    def facts(
        self, where: FactFilter = FactFilter(), *, limit: int | None = None, offset: int = 0
    ) -> list[Fact]:
        return self.catalog.facts(where, limit=limit, offset=offset)

    def count_facts(self, where: FactFilter = FactFilter()) -> int:
        return self.catalog.count_facts(where)

    def fact_names(self, where: FactFilter = FactFilter(), limit: int = 100) -> list[FactName]:
        return self.catalog.fact_names(where, limit)

    def facts_about(
        self, words: Sequence[str], where: FactFilter = FactFilter(), limit: int = 500
    ) -> list[Fact]:
        """Facts that hold any of the tokens, those that hold the rarest and most of them first;
        of `where`, kinds and documents restrict."""
        ids = None if where.document_ids is None else sorted(where.document_ids)
        found = self.keywords.facts(words, limit, where.kinds, ids)
        facts = self.catalog.facts_by_number([number for number, _ in found])
        return [facts[number] for number, _ in found if number in facts]

    def relations(self) -> list[Relation]:
        return self.catalog.relations()

    def decisions(self) -> list[Decision]:
        return self.catalog.decisions()

    def corrections(self, document_ids: Sequence[str]) -> list[Correction]:
        return self.catalog.corrections(document_ids)

    def candidates(self, text: str, document_ids: Sequence[str]) -> dict[str, list[str]]:
        """Which passages to read for those that hold `text`: their ids, by document, in the
        order of the text. All that hold it once both are folded, and few that do not; nothing
        is loaded. Every passage when the words tell nothing of `text` (no two neighbouring Han
        characters: "5G").
        """
        found = self.keywords.candidates(text, document_ids)
        if found is None:
            found = self.catalog.passage_ids(document_ids)
        by_document: dict[str, list[str]] = {}
        for document_id, passage_id in found:
            by_document.setdefault(document_id, []).append(passage_id)
        return by_document

    def documents_with(
        self, texts: Sequence[str], document_ids: Collection[str] | None = None
    ) -> list[str]:
        """Documents that hold each of `texts`, wherever in them (KeywordIndex.documents_with):
        those that are most about their words first. Texts without a letter hold nothing back."""
        allowed = None if document_ids is None else sorted(document_ids)
        sets = [self.keywords.documents_with(text, allowed) for text in texts]
        known = [set(found) for found in sets if found is not None]
        held = sorted(set.intersection(*known)) if known else []
        about = self.keywords.document_scores(tokens(" ".join(texts)), held)
        return sorted(held, key=lambda i: (-about.get(i, 0.0), i))

    def token_weights(self, words: Sequence[str], *, only_known: bool = False) -> dict[str, float]:
        """How much each token says: the inverse passage frequency of BM25, at least 0.

        With `only_known`, tokens that occur nowhere are left out.
        """
        total = self.catalog.count_passages()
        counts = self.keywords.frequencies(words)
        return {
            w: max(0.0, math.log(1 + (total - n + 0.5) / (n + 0.5)))
            for w in words
            for n in (counts.get(w, 0),)
            if n or not only_known
        }

    def search(
        self, query: Query | str, limit: int = 10, documents: Collection[str] | None = None
    ) -> list[SearchHit]:
        """The best passages for a query, dense and keyword search fused, best first.

        Both searches look at the same `documents` (ids; None stands for all). Ties keep the order
        of ids, so the same question over the same index always gives the same list.
        """
        if documents is not None and not documents:
            return []
        if isinstance(query, str):
            query = Query(query, query)
        allowed = None if documents is None else sorted(documents)
        words = query_tokens(query.text)
        added = [t for t in dict.fromkeys(tokens(" ".join(query.added))) if t not in words]
        vector = self.embedder.embed_query(query.meaning)
        dense = self._dense_search(vector, allowed)
        keyword = dict(self.keywords.search(words, CANDIDATES, allowed))
        also = dict(self.keywords.search(added, CANDIDATES, allowed))
        ids = sorted({*dense, *keyword, *also})
        passages = self.catalog.passages_by_id(ids)
        ids = [i for i in ids if i in passages]  # deleted since the vectors were published
        self._complete_dense(ids, vector, dense)
        self._complete_words(ids, words, keyword)
        self._complete_words(ids, added, also)
        document_of = {i: passages[i].document_id for i in ids}
        about = self.keywords.document_scores(words, sorted(set(document_of.values())))
        known = self._share_known(words, keyword, passages)
        scores = fusion.convex(
            fusion.with_added(keyword, also), {i: dense[i] for i in ids}, about, document_of, known
        )
        best = sorted(ids, key=lambda i: (-scores[i], i))[:limit]
        summaries = self.catalog.summaries(sorted({document_of[i] for i in best}))
        return [
            SearchHit(passages[i], summary, scores[i], dense[i], keyword.get(i, 0.0))
            for i in best
            if (summary := summaries.get(document_of[i]))
        ]

    def _dense_search(self, vector: Matrix, allowed: Sequence[str] | None) -> dict[str, float]:
        try:
            return dict(self.vectors.query(vector, CANDIDATES, allowed))
        except VectorsDamaged as error:  # being mended; what the words find is still right
            log.warning("%s", error)
            return {}

    def _complete_dense(self, ids: Sequence[str], vector: Matrix, dense: dict[str, float]) -> None:
        """Gives each candidate that only words found its cosine."""
        unseen = [i for i in ids if i not in dense]
        for passage, stored in self.catalog.embeddings(unseen).items():
            dense[passage] = cosine(stored, vector[0])

    def _complete_words(
        self, ids: Sequence[str], words: Sequence[str], keyword: dict[str, float]
    ) -> None:
        """Gives each candidate that these words did not find its BM25."""
        unmatched = [i for i in ids if i not in keyword]
        if unmatched:
            keyword.update(self.keywords.scores(words, unmatched))

    def _share_known(
        self, words: Sequence[str], keyword: dict[str, float], passages: Mapping[str, Passage]
    ) -> float:
        """The largest share of the question's weight that one passage holds, in [0, 1]; looked
        for in those that match its words best."""
        weights = self.token_weights(words)
        total = sum(weights.values())
        best = heapq.nlargest(PROBED, (i for i in keyword if i in passages), keyword.__getitem__)
        held = (
            {*tokens(passages[i].text), *tokens(" ".join(passages[i].heading_path))} for i in best
        )
        return max(
            (sum(w for word, w in weights.items() if word in found) for found in held), default=0.0
        ) / (total or 1.0)


def open_index(settings: IndexSettings, embedder: Embedder) -> PolicyIndex:
    """The index of a data folder. Raises PolicyError when it cannot be used."""
    return PolicyIndex(settings, embedder, open_stores(settings))
