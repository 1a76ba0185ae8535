"""Dense search on a server of vectors, with the catalogue's say in everything.

The server holds a collection of records that is derived from the catalogue; the row of the
catalogue that names it says up to which change it is right. Documents that changed since are
searched exactly, from the catalogue, and what the server says of them is ignored: so a change is
found at once, a writer may change the collection while others read, and one that was killed
half-way does no harm. Every record that the server gives is held against the catalogue's own
vector: a stranger's record, or one that is not of the documents that were asked for, is no hit.

Few documents (those of a small department) are compared one by one from the catalogue, which is
exact and needs no server. Of many, more is asked for than is needed, and what is not allowed is
left out here: servers lose a part of the nearest when they filter. Only where that does not give
enough does the server filter.

A server that fails is not waited for twice (Patience). Meanwhile small libraries are searched
exactly, and large ones by words (VectorsDamaged); whatever was changed is published when it
answers again.
"""

import json
import logging
import socket
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from hashlib import blake2b
from pathlib import Path

import numpy as np

from vectorstore.catalog.changes import ChangeLog, Row
from vectorstore.catalog.sql import SqlCatalog
from vectorstore.embedding.embedder import Matrix
from vectorstore.errors import IndexIncompatible, VectorsDamaged
from vectorstore.vectors.engine import CollectionGone, Engine, EngineFailed, Patience
from vectorstore.vectors.exact import OTHER_MODEL, Exact, best, cosine, from_rows
from vectorstore.vectors.publishing import CURRENT, DAMAGED, EXACT_MOST
from vectorstore.vectors.recent import Recent

log = logging.getLogger(__name__)

_SAME = 0.02  # cosines nearer than this are equal but for rounding
_FEW = 10_000  # passages that are compared one by one: 8 MB, read in some 50 ms
_MORE = 1.5  # times what an even spread of the allowed would need
_DUE = 2000  # changed passages after which a start publishes by itself
_PAGE = 1000  # records sent at a time: 2 MB


@dataclass(frozen=True, slots=True)
class Served:
    """The row of the catalogue: which collection holds the documents as of change `seq`."""

    place: str
    collection: str
    seq: int
    count: int
    dimension: int


Wrong = list[tuple[Served, str]]


class _Stopped(Exception):
    """The program is closing."""


class ServedVectors:
    """VectorStore on an Engine. `folder` is where this catalogue's own files lie."""

    def __init__(self, catalog: SqlCatalog, engine: Engine, folder: Path):
        self.catalog = catalog
        self.folder = folder
        self.engine = engine
        self.on_damage: Callable[[], None] = lambda: None
        self.patience = Patience()
        self._log = ChangeLog(catalog, CURRENT)
        self._recent = Recent(self._log)
        self._stopping = threading.Event()

    # --- state ----------------------------------------------------------------------------

    def served(self) -> Served | None:
        """None: nothing is published on this server."""
        text = self.catalog.get(CURRENT)
        try:
            found = Served(**json.loads(text)) if text else None
        except (ValueError, TypeError):  # vectors in folders: another setting
            return None
        return found if found and found.place == self.engine.place else None

    def is_current(self) -> bool:
        with self.catalog.reading():
            served = self.served()
            if served is None:
                return not self._log.holds(1)
            return self._log.weight(served.seq) <= _DUE

    def is_healthy(self) -> bool:
        """As far as the last answer of the server tells; it is not asked."""
        served = self.served()
        return not self.patience.said and (served is None or not self._is_bad(served))

    def check_thoroughly(self) -> bool:
        served = self.served()
        if served is None:
            return True
        try:
            held = self.patience.ask(lambda: self.engine.count(served.collection), now=True)
        except CollectionGone as error:
            self._report(served, str(error))
            return False
        except EngineFailed as error:
            log.warning("%s", error)
            return False
        if held != served.count and self.served() == served:
            self._report(served, f"{self.engine.place} 有 {held} 条记录，应为 {served.count}")
        return not self._is_bad(served)

    def _is_bad(self, served: Served) -> bool:
        return self.catalog.get(DAMAGED) == served.collection

    def _report(self, served: Served, sentence: str) -> None:
        log.warning("向量服务的内容不对，将由目录库重建：%s", sentence)
        self._log.note(DAMAGED, served.collection)
        self.on_damage()

    # --- reading --------------------------------------------------------------------------

    def query(
        self, vector: Matrix, limit: int, allowed: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        if allowed is not None and not allowed:
            return []
        wrong: Wrong = []
        try:
            return self._query(vector, limit, allowed, wrong)
        finally:  # noted when nothing is being read any more: it is written
            for found, sentence in wrong[:1]:
                self._report(found, sentence)

    def _query(
        self, vector: Matrix, limit: int, allowed: Sequence[str] | None, wrong: Wrong
    ) -> list[tuple[str, float]]:
        with self.catalog.reading():
            if allowed is not None and self._log.weight_of(allowed) <= _FEW:
                few = self._right(from_rows(0, self._log.rows_of(allowed)), vector)
                return best(few.nearest(vector, limit, None), limit)
            served = self.served()
            if served is None or self._is_bad(served):
                self.on_damage()
                return self._without(vector, limit, allowed, "向量服务上还没有建好索引，正在建立")
            among = None if allowed is None else frozenset(allowed)
            recent = self._recent.since(served.collection, served.seq, vector)
            hits = recent.nearest(vector, limit, among)
            if served.dimension != vector.shape[1]:
                if recent.dimension is None:
                    raise IndexIncompatible(OTHER_MODEL)
                return best(hits, limit)  # all was embedded again, and is not yet published
            try:
                hits += self._from_server(served, recent.changed, vector, limit, among, wrong)
            except CollectionGone as error:
                wrong.append((served, str(error)))
                return self._without(vector, limit, allowed, "向量服务上的索引不见了，正在重建")
            except EngineFailed as error:
                self.on_damage()
                return self._without(vector, limit, allowed, str(error))
            return best(hits, limit)

    @staticmethod
    def _right(found: Exact, vector: Matrix) -> Exact:
        if found.dimension not in (None, vector.shape[1]):
            raise IndexIncompatible(OTHER_MODEL)
        return found

    def _without(
        self, vector: Matrix, limit: int, allowed: Sequence[str] | None, why: str
    ) -> list[tuple[str, float]]:
        """One by one, where there are not too many."""
        if self.catalog.count_passages() > EXACT_MOST:
            raise VectorsDamaged(f"{why}；暂时只能按字词检索")
        among = None if allowed is None else frozenset(allowed)
        return best(self._recent.since("", None, vector).nearest(vector, limit, among), limit)

    def _from_server(
        self,
        served: Served,
        changed: frozenset[str],
        vector: Matrix,
        limit: int,
        among: frozenset[str] | None,
        wrong: Wrong,
    ) -> list[tuple[str, float]]:
        """What the server says of documents that did not change, confirmed by the catalogue."""

        def is_asked(hit: tuple[str, float]) -> bool:
            document = document_of(hit[0])
            return document not in changed and (among is None or document in among)

        most = min(self.engine.most, served.count)
        wanted = min(most, self._first(served, limit, changed, among))
        while True:
            found = self._nearest(served, vector, wanted)
            if 2 * len(found) < wanted:  # a few may be out of an index's reach, not half
                wrong.append((served, f"只给出 {len(found)} 条，应有 {wanted} 条"))
            hits = [hit for hit in found if is_asked(hit)]
            if len(hits) >= limit or wanted == most:
                break
            wanted = min(4 * wanted, most)
        if among is not None and len(hits) < limit and most < served.count:
            names = sorted(among - changed)
            hits = best(
                [h for h in self._nearest(served, vector, limit, names) if is_asked(h)], limit
            )
        return self._confirmed(served, hits[:limit], vector, wrong)

    def _first(
        self, served: Served, limit: int, changed: frozenset[str], among: frozenset[str] | None
    ) -> int:
        """How many to ask for, so that `limit` are left."""
        if among is None:
            return 2 * limit if changed else limit
        share = self._log.weight_of(sorted(among)) / max(1, served.count)
        return max(limit, int(_MORE * limit / max(share, 1e-6)))

    def _nearest(
        self, served: Served, vector: Matrix, limit: int, names: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        return self.patience.ask(
            lambda: self.engine.nearest(served.collection, vector, limit, names)
        )

    def _confirmed(
        self, served: Served, hits: list[tuple[str, float]], vector: Matrix, wrong: Wrong
    ) -> list[tuple[str, float]]:
        """With the catalogue's cosines, and without what it does not know or knows otherwise."""
        stored = self.catalog.embeddings([name for name, _ in hits])
        confirmed = []
        for name, found in hits:
            exact = cosine(stored[name], vector[0]) if name in stored else -2.0
            if abs(exact - found) <= _SAME:
                confirmed.append((name, exact))
        if len(confirmed) < len(hits):
            wrong.append((served, f"{len(hits) - len(confirmed)} 条记录与目录库不同"))
        return confirmed

    # --- publishing -----------------------------------------------------------------------

    def publish(self, *, fresh: bool = False) -> None:
        """Takes what changed to the server. When it cannot be reached, search goes on as before
        and the next change, or the healer, tries again; with `fresh` this raises VectorsDamaged."""
        self.catalog.require_writable()
        served = self.served()
        with self.catalog.reading():
            seq = self._log.position()
            changes = served is None or seq > served.seq
        try:
            if fresh or served is None or self._is_bad(served):
                self.patience.ask(lambda: self._build(served, seq), now=True)
            elif changes or self.patience.said:
                self._bring_up(served, seq, fresh)
        except _Stopped:
            log.info("程序退出，向量服务下次再更新")
        except EngineFailed as error:
            log.warning("向量服务没有更新：%s", error)
            if fresh:
                raise VectorsDamaged(f"{error}；请检查向量服务后再试") from error

    def _bring_up(self, served: Served, seq: int, now: bool) -> None:
        try:
            self.patience.ask(lambda: self._change(served, seq), now=True)
        except CollectionGone:
            self.patience.ask(lambda: self._build(served, seq), now=True)

    def _build(self, before: Served | None, seq: int) -> None:
        """A collection of its own, named in the catalogue when it holds everything."""
        prefix = self._prefix()
        kept = before.collection if before and not self._is_bad(before) else ""
        for old in self.engine.names(prefix):
            if old != kept:  # a killed writer's
                self.engine.drop(old)
        if not self._log.holds(1):
            self._name(None, seq)
            return
        name = prefix + uuid.uuid4().hex[:12]
        dimension = added = 0
        for page in self._pages():
            if not dimension:
                dimension = len(page[0][2]) // 2
                self.engine.create(name, dimension)
            self._add(name, page)
            added += len(page)
        self._require(name, added)
        self._name(Served(self.engine.place, name, seq, added, dimension), seq)

    def _prefix(self) -> str:
        """Of this catalogue's collections. Each place where one lies has its own: another server
        of the office, or a copy on a machine for trying, must not throw away what this one uses.
        """
        place = f"{socket.gethostname()} {self.folder.resolve()}"
        return f"policy_{blake2b(place.encode(), digest_size=8).hexdigest()}_"

    def _change(self, served: Served, seq: int) -> None:
        with self.catalog.reading():
            changed = sorted(self._log.documents(served.seq))
            rows = self._log.rows(served.seq)
            count = self._log.rows_unchanged(seq)
        if rows and len(rows[0][2]) // 2 != served.dimension:
            self._build(served, seq)  # of another model
            return
        if changed:
            self.engine.remove(served.collection, changed)
        for at in range(0, len(rows), _PAGE):
            self._add(served.collection, rows[at : at + _PAGE])
        if self.engine.count(served.collection) != count:
            self._build(served, seq)
            return
        now = Served(served.place, served.collection, seq, count, served.dimension)
        self._name(now, seq)

    def _add(self, collection: str, rows: Sequence[Row]) -> None:
        if self._stopping.is_set():
            raise _Stopped
        self.engine.add(collection, rows)

    def _require(self, collection: str, count: int) -> None:
        if (held := self.engine.count(collection)) != count:
            raise EngineFailed(f"{self.engine.place} 收了 {held} 条记录，应为 {count}")

    def _name(self, served: Served | None, seq: int) -> None:
        text = json.dumps(asdict(served)) if served else ""
        self._log.publish(CURRENT, text, forget_until=seq if served else 0)

    def _pages(self) -> Iterator[list[Row]]:
        """Read at one moment, however long the server takes."""
        with self.catalog.reading():
            after = 0
            while rows := self.catalog.all_embeddings(after, _PAGE):
                yield [row[1:] for row in rows]
                after = rows[-1][0]

    # --- checking -------------------------------------------------------------------------

    def verify(self) -> list[str]:
        with self.catalog.reading():
            served = self.served()
            if served is None:
                return ["向量服务上还没有建立索引"] if self._log.holds(1) else []
            try:
                return list(self._differences(served))
            except EngineFailed as error:
                return [str(error)]

    def _differences(self, served: Served) -> Iterator[str]:
        changed = self._log.documents(served.seq)
        found = strange = other = 0
        for ids, vectors in self.engine.everything(served.collection):
            own = [i for i in ids if document_of(i) not in changed]
            stored = self.catalog.embeddings(own)
            by_id = dict(zip(ids, vectors, strict=True))
            strange += len(own) - len(stored)
            found += len(stored)
            other += sum(not _is_same(by_id[i], stored[i]) for i in stored)
        missing = self._log.rows_unchanged(served.seq) - found
        for count, sentence in (
            (missing, "目录库里有 {} 个段落在向量服务上找不到"),
            (strange, "向量服务上有 {} 个段落是目录库没有的"),
            (other, "向量服务上有 {} 个段落的向量与目录库不同"),
        ):
            if count:
                yield sentence.format(count)

    def settle(self) -> None:
        """Publishing leaves nothing."""

    def stop(self) -> None:
        self._stopping.set()

    def close(self) -> None:
        self._recent.forget()
        self.engine.close()


def document_of(passage_id: str) -> str:
    return passage_id.rsplit("-", 1)[0]


def _is_same(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether two vectors point the same way; a server may have changed the length."""
    lengths = float(np.linalg.norm(one) * np.linalg.norm(other))
    return lengths == 0 or float(one @ other) / lengths > 1 - _SAME
