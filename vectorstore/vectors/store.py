"""Dense search: vectors published in an immutable folder, and those that changed since.

The catalogue holds every vector. The base, a folder of Chroma's, is derived from it so that
many can be searched quickly; it is never written once it is published, because Chroma's files
tear in a crash and a second process reads them stale. Documents that changed after the base
was built are searched exactly, from the catalogue, and what the base says of them is ignored.
So a change needs no work here until changes are a good part of the base; then a new base is
made aside, and the row of the catalogue that names the base is changed. A killed writer leaves
an orphan that the next one removes.

Damage: what a start or a question finds by the files' sizes and times, by a checksum where
these differ, by an error of Chroma's, or by a hit that the catalogue does not confirm, is noted
in the catalogue for every process. Until a new base is there, small libraries are searched
exactly, and large ones raise VectorsDamaged.
"""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from vectorstore.catalog.sql import SqlCatalog
from vectorstore.embedding.embedder import Matrix
from vectorstore.errors import IndexIncompatible, VectorsDamaged
from vectorstore.vectors.chroma import SMALLEST, Base, BaseDamaged
from vectorstore.vectors.exact import OTHER_MODEL, Exact, best, cosine, from_rows
from vectorstore.vectors.manifest import FolderCheck
from vectorstore.vectors.publishing import EXACT_MOST, INLINE_MOST, Published, Publisher, State
from vectorstore.vectors.recent import Recent

log = logging.getLogger(__name__)

# Passages that are compared one by one (8 MB, read in some 50 ms), at most this share of all;
# documents whose passages are counted for that.
_FEW, _FEW_SHARE, _FEW_DOCUMENTS = 10_000, 0.1, 2000
_MORE = 1.5  # times what an even spread of the allowed would need
# Of large bases so many times as many: a walk for more misses fewer. Of the nearest 100 of 150,000
# it finds 98.7 % when it is asked for 100, 99.7 % for 400, which takes 3 ms longer.
_WIDE = 4
_MOST = 4000  # a graph is walked for so many; more is slower than to filter
_SAME = 0.02  # cosines nearer than this are equal but for rounding (float16, bfloat16)


class ChromaFolders:
    """VectorStore: the published vectors below `folder`, and how new ones are published."""

    def __init__(self, folder: Path, catalog: SqlCatalog):
        self.catalog = catalog
        self.state = State(folder, catalog)
        self.publisher = Publisher(self.state)
        self.on_damage: Callable[[], None] = lambda: None
        self._lock = threading.Lock()
        self._base: Base | None = None
        self._held: Published | None = None  # of which `_base` is the base
        self._opening: threading.Thread | None = None
        self._recent = Recent(self.state.log)

    # --- reading --------------------------------------------------------------------------

    def query(
        self, vector: Matrix, limit: int, allowed: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """VectorsDamaged: there are too many passages to do without a base."""
        if allowed is not None and not allowed:
            return []
        among = None if allowed is None else frozenset(allowed)
        published = self.state.published()
        for _ in range(3):  # a base may be replaced twice while it is being opened
            if published is None or not published.folder:
                break
            if not self.state.is_usable(published):
                self.on_damage()
                break
            try:
                return best(self._with_base(published, vector, limit, among), limit)
            except BaseDamaged as error:
                if self._leave(published):
                    continue
                before, published = published, self.state.published()
                if published == before:
                    self._report(before, str(error))
        with self.catalog.reading():
            if self.catalog.count_passages() > EXACT_MOST:
                self.on_damage()
                raise VectorsDamaged("向量索引损坏或尚未建好，正在重建；暂时只能按字词检索")
            everything = self._exact(self.state.published(), vector, with_base=False)
            return best(everything.nearest(vector, limit, among), limit)

    def _with_base(
        self, published: Published, vector: Matrix, limit: int, allowed: frozenset[str] | None
    ) -> list[tuple[str, float]]:
        with self.catalog.reading():
            if self.state.published() != published:
                raise BaseDamaged("已有新的向量目录")
            serving = self._serving(published)
            with self._opened(serving) as base:
                fresh = self._exact(serving, vector, with_base=True)
                hits = fresh.nearest(vector, limit, allowed)
                if base.manifest.dimension == vector.shape[1]:
                    return hits + self._from_base(base, fresh.changed, vector, limit, allowed)
                if fresh.dimension is None:
                    raise IndexIncompatible(OTHER_MODEL)
                return hits  # all was embedded again, and no new base is made yet

    def _from_base(
        self,
        base: Base,
        changed: frozenset[str],
        vector: Matrix,
        limit: int,
        allowed: frozenset[str] | None,
    ) -> list[tuple[str, float]]:
        """What the base says of documents that did not change, confirmed by the catalogue.

        Of few documents it need not be asked. Of many, more is asked for than is needed, and
        what is not allowed is left out here: a filter of Chroma's costs more the more it allows.
        """
        count = base.manifest.count
        names = None if allowed is None else sorted(allowed - changed)
        if names is not None and self._are_few(names, count):
            return from_rows(0, self.state.log.rows_of(names)).nearest(vector, limit, None)
        most = count if names is None else min(_MOST, count)
        wanted = self._first(count, limit, changed, names)
        if names is not None and wanted > _WIDE * most:  # of the most, too few would be left
            return self._filtered(base, names, vector, limit)
        wanted = min(wanted, most)
        while wanted:
            found = base.nearest(vector, wanted)
            if 2 * len(found) < wanted:  # a few nodes of a graph may be out of reach, not half
                raise BaseDamaged(f"向量目录只给出 {len(found)} 条，应有 {wanted} 条")
            documents = ((hit, document_of(hit[0])) for hit in found)
            hits = [
                hit for hit, document in documents
                if document not in changed and (allowed is None or document in allowed)
            ]  # fmt: skip
            if len(hits) >= limit or wanted == count:
                return self._confirmed(hits[:limit], vector)
            if wanted == most:
                break
            wanted = min(4 * wanted, most)
        return self._filtered(base, names or (), vector, limit)

    def _are_few(self, names: Sequence[str], count: int) -> bool:
        """Whether comparing all passages of these documents is quicker than to look for them."""
        if len(names) > _FEW_DOCUMENTS:
            return False
        return self.state.log.weight_of(names) <= min(_FEW, _FEW_SHARE * count)

    def _first(
        self, count: int, limit: int, changed: frozenset[str], names: Sequence[str] | None
    ) -> int:
        """How many to ask for, so that `limit` are left and, of a large base, few are missed."""
        wide = _WIDE if count > INLINE_MOST else 1
        if names is None:
            return limit * max(wide, 2 if changed else 1)
        return int(max(wide, _MORE) * limit * self.catalog.count_documents() / len(names))

    def _filtered(
        self, base: Base, names: Sequence[str], vector: Matrix, limit: int
    ) -> list[tuple[str, float]]:
        hits = base.nearest(vector, limit, names) if names else []
        if names and not hits and self.state.log.holds_any(names):
            raise BaseDamaged("向量目录找不到它应有的文件")
        return self._confirmed(best(hits, limit), vector)

    def _confirmed(self, hits: list[tuple[str, float]], vector: Matrix) -> list[tuple[str, float]]:
        """The same hits with the catalogue's cosines. Raises BaseDamaged when it disagrees."""
        stored = self.catalog.embeddings([name for name, _ in hits])
        confirmed = []
        for name, found in hits:
            if name not in stored:
                raise BaseDamaged(f"向量目录给出目录库里没有的段落 {name}")
            exact = cosine(stored[name], vector[0])
            if abs(exact - found) > _SAME:
                raise BaseDamaged(f"段落 {name} 的向量与目录库不同")
            confirmed.append((name, exact))
        return confirmed

    def _exact(self, published: Published | None, vector: Matrix, *, with_base: bool) -> Exact:
        """What changed since the base was built; without a base, all there is."""
        after = published.seq if with_base and published else None
        return self._recent.since(published.token if published else "", after, vector)

    def _serving(self, published: Published) -> Published:
        """The one that is open, as long as the log tells what changed since and a new one is
        large: that is opened aside, and nobody waits for it."""
        with self._lock:
            held = self._held
            if held is None or held.token == published.token or published.count <= INLINE_MOST:
                return published
            if not published.kept_since <= held.seq <= published.seq:
                return published
            if self._opening is None or not self._opening.is_alive():
                self._opening = threading.Thread(
                    target=self._exchange, args=(published,), name="opening", daemon=True
                )
                self._opening.start()
            return held

    def _exchange(self, published: Published) -> None:
        """Opens a base and reads it as a question does, then puts it in the place of the other."""
        try:
            base = Base(FolderCheck(self.state.folder / published.folder, published.token))
            length = base.manifest.dimension
            base.nearest(np.full((1, length), length**-0.5, np.float32), 1)
        except BaseDamaged as error:
            if self.state.published() == published:
                self._report(published, str(error))
            return
        except Exception:  # an edge: nobody waits for this thread; the next question opens it
            log.exception("新的向量目录没有打开")
            self._leave(published)
            return
        with self._lock:
            self._retire()
            self._base, self._held = base, published

    def _leave(self, published: Published) -> bool:
        """Closes an older base than this one, if that is open; whether it was."""
        with self._lock:
            older = self._held is not None and self._held.token != published.token
            if older:
                self._retire()
            return older

    @contextmanager
    def _opened(self, published: Published) -> Iterator[Base]:
        """The base, opened when it is another than before, and looked at each time."""
        with self._lock:
            if self._base is None or self._base.manifest.token != published.token:
                self._retire()
                self._base = Base(self.state.check_of(published))
                self._held = published
            using = self._base.using()
            base = using.__enter__()
        try:
            if problems := base.check.problems():
                raise BaseDamaged(problems[0])
            yield base
        finally:
            using.__exit__(None, None, None)

    def _retire(self) -> None:
        if self._base:
            self._base.retire()
            self._base = self._held = None

    def stop(self) -> None:
        """Ends a publishing that another thread is at."""
        self.publisher.stopping.set()

    def settle(self) -> None:
        """Waits until a base that is being made beside everybody is there."""
        self.publisher.settle()

    def close(self) -> None:
        self.settle()
        if (opening := self._opening) is not None:
            opening.join()
        with self._lock:
            self._retire()
        self._recent.forget()

    # --- state ----------------------------------------------------------------------------

    def is_current(self) -> bool:
        """Whether so little changed since the base was built that no new one is due."""
        return self.state.is_current()

    def is_healthy(self) -> bool:
        """Whether the published files are those that were written: see State."""
        return self.state.is_healthy()

    def check_thoroughly(self) -> bool:
        """`is_healthy` with every file read; notes what it finds for all processes."""
        published = self.state.published()
        if published is None or not published.folder:
            return True
        if problems := self.state.check_of(published).problems(thorough=True):
            if self.state.published() == published:
                self._report(published, problems[0])
            return False
        return self.state.is_usable(published)

    def _report(self, published: Published, sentence: str) -> None:
        log.warning("向量索引损坏，将由目录库重建：%s", sentence)
        self.state.note_damage(published)
        with self._lock:
            if self._base and self._base.manifest.token == published.token:
                self._retire()
        self.on_damage()

    def verify(self) -> list[str]:
        """What is wrong with the vectors, a sentence each: every file is read, and every
        record of the base is compared with the catalogue."""
        with self.catalog.reading():
            published = self.state.published()
            if published is None or not published.folder:
                return ["向量索引还没有建立"] if self.state.log.holds(SMALLEST) else []
            problems = self.state.check_of(published).problems(thorough=True)
            if problems:
                return problems
            try:
                with self._opened(published) as base:
                    problems = list(self._differences(base, published.seq))
            except BaseDamaged as error:
                problems = [str(error)]
            if not problems and not self.state.is_usable(published):
                problems = ["检索时发现向量索引损坏，还没有重建"]
            return problems

    def _differences(self, base: Base, seq: int) -> Iterator[str]:
        changed = self.state.log.documents(seq)
        found = strange = other = 0
        for ids, vectors in base.everything():
            stored = self.catalog.embeddings([i for i in ids if document_of(i) not in changed])
            for name, vector in zip(ids, vectors, strict=True):
                if document_of(name) in changed:
                    continue
                strange += name not in stored
                found += name in stored
                if name in stored:
                    other += not _is_same(vector, stored[name])
        missing = self.state.log.rows_unchanged(seq) - found
        for count, sentence in (
            (missing, "目录库里有 {} 个段落在向量索引中找不到"),
            (strange, "向量索引里有 {} 个段落是目录库没有的"),
            (other, "向量索引里有 {} 个段落的向量与目录库不同"),
        ):
            if count:
                yield sentence.format(count)

    def publish(self, *, fresh: bool = False) -> None:
        """Makes a new base if one is due; see Publisher. The caller holds the writer's lock."""
        self.publisher.publish(fresh=fresh)


def document_of(passage_id: str) -> str:
    return passage_id.rsplit("-", 1)[0]


def _is_same(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether two vectors point the same way; Chroma may have changed the length."""
    lengths = float(np.linalg.norm(one) * np.linalg.norm(other))
    return lengths == 0 or float(one @ other) / lengths > 1 - _SAME
