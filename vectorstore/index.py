"""PolicyIndex: documents, passages and search over them. Whoever only reads holds a View of it
(vectorstore/library.py)."""

import logging
import math
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager

from filelock import FileLock, Timeout

from vectorstore import fusion
from vectorstore.catalog.catalog import Catalog, Source
from vectorstore.embedding.embedder import Embedder, Matrix
from vectorstore.errors import IndexIncompatible, IndexLocked, VectorsDamaged
from vectorstore.keywords.tokens import fts_query, query_tokens
from vectorstore.models import Document, DocumentSummary, Passage, SearchHit
from vectorstore.settings import IndexSettings
from vectorstore.vectors.exact import cosine
from vectorstore.vectors.healing import Healer
from vectorstore.vectors.read_only import ExactVectors
from vectorstore.vectors.store import VectorStore

log = logging.getLogger(__name__)

# Each search contributes so many candidates; more changed no figure on the ncp questions.
CANDIDATES = 100


class PolicyIndex:
    """Documents and passages, and hybrid search over them.

    Readers may be many, in several processes; a change needs `writing()`, which one process
    holds at a time.
    """

    def __init__(self, settings: IndexSettings, embedder: Embedder):
        self.settings = settings
        self.embedder = embedder
        self.catalog = Catalog(settings.data_dir / "catalog.sqlite3")
        kind = ExactVectors if self.catalog.read_only else VectorStore
        self.vectors = kind(settings.data_dir / "vectors", self.catalog)
        self._healer = Healer(self._check, self._mend)
        self.vectors.on_damage = self._healer.start
        self._lock = FileLock(settings.data_dir / "writer.lock")

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

    def rebuild(self, on_progress: Callable[[int], None] = lambda _: None) -> None:
        """Makes all that is derived anew: keyword index and vectors. Takes the lock itself.

        Nothing is embedded again, unless the embedding model was changed.
        """
        with self.writing():
            if self.catalog.get("embedding_model") != self.embedder.name:
                self.catalog.embed_again(self.embedder, on_progress)
            self.catalog.rebuild_words()
            self.publish(fresh=True)

    def replace_document(
        self,
        document: Document,
        passages: Sequence[Passage],
        embeddings: Matrix,
        sources: Iterable[Source],
    ) -> None:
        self.catalog.replace_document(document, passages, embeddings, sources)

    def add_source(self, source: Source) -> None:
        self.catalog.add_source(source)

    def remove_source(self, path: str) -> bool:
        return self.catalog.remove_source(path)

    def delete_document(self, document_id: str) -> bool:
        return self.catalog.delete_document(document_id)

    # --- reading --------------------------------------------------------------------------

    def documents(self) -> list[DocumentSummary]:
        return self.catalog.documents()

    def document(self, document_id: str) -> Document | None:
        return self.catalog.document(document_id)

    def passages(self, ids: Sequence[str]) -> dict[str, Passage]:
        return self.catalog.passages_by_id(ids)

    def passages_of(self, document_id: str) -> list[Passage]:
        return self.catalog.passages_of(document_id)

    def token_weights(self, words: Sequence[str], *, only_known: bool = False) -> dict[str, float]:
        """How much each token says: the inverse passage frequency of BM25, at least 0.

        With `only_known`, tokens that occur nowhere are left out.
        """
        total = self.catalog.count_passages()
        counts = self.catalog.passage_frequency(words)
        return {
            w: max(0.0, math.log(1 + (total - n + 0.5) / (n + 0.5)))
            for w in words
            for n in (counts.get(w, 0),)
            if n or not only_known
        }

    def search(
        self, question: str, limit: int = 10, documents: Collection[str] | None = None
    ) -> list[SearchHit]:
        """The best passages for a question, dense and keyword search fused, best first.

        Both searches look at the same `documents` (ids; None stands for all). Ties keep the order of ids, so the same question
        over the same index always gives the same list.
        """
        if documents is not None and not documents:
            return []
        allowed = None if documents is None else sorted(documents)
        match = fts_query(query_tokens(question))
        vector = self.embedder.embed_query(question)
        dense = self._dense_search(vector, allowed)
        keyword = dict(self.catalog.keyword_search(match, CANDIDATES, allowed)) if match else {}
        ids = sorted({*dense, *keyword})
        passages = self.catalog.passages_by_id(ids)
        ids = [i for i in ids if i in passages]  # deleted since the vectors were published
        self._complete(ids, vector, match, dense, keyword)
        document_of = {i: passages[i].document_id for i in ids}
        found = sorted(set(document_of.values()))
        about = self.catalog.document_scores(match, found) if match else {}
        scores = fusion.convex(keyword, {i: dense[i] for i in ids}, about, document_of)
        best = sorted(ids, key=lambda i: (-scores[i], i))[:limit]
        summaries = {d: self.catalog.summary(d) for d in {document_of[i] for i in best}}
        return [
            SearchHit(passages[i], summary, scores[i], dense[i], keyword.get(i, 0.0))
            for i in best
            if (summary := summaries[document_of[i]])
        ]

    def _dense_search(self, vector: Matrix, allowed: Sequence[str] | None) -> dict[str, float]:
        try:
            return dict(self.vectors.query(vector, CANDIDATES, allowed))
        except VectorsDamaged as error:  # being mended; what the words find is still right
            log.warning("%s", error)
            return {}

    def _complete(
        self,
        ids: Sequence[str],
        vector: Matrix,
        match: str,
        dense: dict[str, float],
        keyword: dict[str, float],
    ) -> None:
        """Gives each candidate the score of the search that did not find it."""
        unseen = [i for i in ids if i not in dense]
        for passage, stored in self.catalog.embeddings(unseen).items():
            dense[passage] = cosine(stored, vector[0])
        unmatched = [i for i in ids if i not in keyword]
        if match and unmatched:
            keyword.update(self.catalog.keyword_scores(match, unmatched))
