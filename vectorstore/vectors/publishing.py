"""What is published, and how a new base is made.

Chroma's folder is made aside and named in the catalogue when it is whole, so that a killed
writer leaves an orphan that the next one removes.
"""

import json
import logging
import shutil
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from vectorstore.catalog.changes import ChangeLog, Row
from vectorstore.catalog.sql import SqlCatalog
from vectorstore.errors import VectorsDamaged
from vectorstore.vectors.chroma import SMALLEST, BaseDamaged, BuildStopped, build, patch
from vectorstore.vectors.manifest import FolderCheck, Manifest

log = logging.getLogger(__name__)

CURRENT = "vectors"  # keys in the catalogue's meta table
DAMAGED = "vectors_damaged"
# Changed passages that are searched exactly before a new base is made: a share of the base,
# not so few that small libraries copy often, not so many that a question takes long (50,000
# vectors of 384 numbers: 75 MB, some 15 ms).
_SHARE, _LEAST, EXACT_MOST = 0.1, 2000, 50_000
# Up to so many passages a base is made while the writer waits; larger ones beside everybody.
INLINE_MOST = 20_000
WAIT = 600  # seconds: for another one's base, by somebody who asked for a fresh one


@dataclass(frozen=True, slots=True)
class Published:
    """The row of the catalogue: which folder holds the documents as of change `seq`."""

    folder: str  # empty: too few passages for one
    token: str
    seq: int
    count: int
    kept: int | None = None  # the log still tells what changed since; None: since `seq`

    @property
    def kept_since(self) -> int:
        return self.seq if self.kept is None else self.kept


class State:
    """What the catalogue says is published, and whether the files agree."""

    def __init__(self, folder: Path, catalog: SqlCatalog):
        self.folder = folder
        self.catalog = catalog
        self.log = ChangeLog(catalog, CURRENT)
        self._check: FolderCheck | None = None
        self._bad = ""

    def published(self) -> Published | None:
        text = self.catalog.get(CURRENT)
        try:
            return Published(**json.loads(text)) if text else None
        except (ValueError, TypeError):
            return None

    def check_of(self, published: Published) -> FolderCheck:
        check = self._check
        if check is None or check.token != published.token:
            check = self._check = FolderCheck(self.folder / published.folder, published.token)
        return check

    def is_usable(self, published: Published) -> bool:
        """Whether there is a base of which no process has found that it is damaged."""
        known = {self._bad, self.catalog.get(DAMAGED)}
        return bool(published.folder) and published.token not in known

    def is_current(self) -> bool:
        """Whether so little changed since the base was built that no new one is due."""
        with self.catalog.reading():
            published = self.published()
            if published is None or not published.folder:
                return not self.log.holds(SMALLEST)
            due = min(max(_LEAST, _SHARE * published.count), EXACT_MOST)
            return self.log.weight(published.seq) <= due

    def is_healthy(self) -> bool:
        """Whether the published files are those that were written, as far as sizes and times
        tell; files of another time are read."""
        published = self.published()
        if published is None or not published.folder:
            return True
        return self.is_usable(published) and not self.check_of(published).problems()

    def note_damage(self, published: Published) -> None:
        """For every process, until something else is published."""
        self._bad = published.token
        self.log.note(DAMAGED, published.token)

    def publish(
        self, new: Path | None, manifest: Manifest | None, seq: int, before: Published | None
    ) -> None:
        """In the place of `before`; what changed since that one stays in the log, for readers
        who have it open. Without a folder, all is searched exactly.

        Raises Overtaken when something else is published by now.
        """
        token = manifest.token if manifest else uuid.uuid4().hex
        count = manifest.count if manifest else 0
        kept = before.seq if before and before.folder and new else seq
        published = Published(new.name if new else "", token, seq, count, kept)
        with self.catalog.transaction():
            if self.published() != before:
                raise Overtaken
            self.log.publish(CURRENT, json.dumps(asdict(published)), forget_until=kept)


class Overtaken(Exception):
    """Another process has published meanwhile."""


class Publisher:
    """Makes new bases: small ones for a writer who waits, large ones in a thread, beside readers
    and writers."""

    def __init__(self, state: State):
        self.state = state
        self.folder = state.folder
        self.catalog = state.catalog
        self.stopping = threading.Event()
        self._guard = threading.Lock()
        self._thread: threading.Thread | None = None

    def publish(self, *, fresh: bool = False) -> None:
        """Makes a new base if one is due: the old one is damaged, or too much has changed. The
        caller holds the writer's lock.

        Vectors come from the catalogue; nothing is embedded again. `fresh` builds the base
        anew instead of changing a copy. When the folder cannot be written, search goes on as
        before and the next change tries again; with `fresh`, which somebody asked for, this
        raises VectorsDamaged.
        """
        published = self.state.published()
        old = self._folder_of(published)
        if not fresh and self.state.is_healthy() and self.state.is_current():
            self._remove_old(keep={old})
        elif not fresh and self.catalog.count_passages() > INLINE_MOST:
            self._compact_in_background()
        else:
            with self._alone(WAIT if fresh else 0) as alone:
                if alone:
                    self._make(fresh=fresh)

    def _compact_in_background(self) -> None:
        """Returns at once; does nothing while it is under way."""
        with self._guard:
            if self.stopping.is_set() or (self._thread and self._thread.is_alive()):
                return
            self._thread = threading.Thread(target=self._compact, name="vectors", daemon=True)
            self._thread.start()

    def _compact(self) -> None:
        try:
            with self._alone(0) as alone:
                if alone and not (self.state.is_healthy() and self.state.is_current()):
                    self._make(fresh=False)
        except Exception:  # an edge: nobody waits for this thread, and the next change tries again
            log.exception("向量索引没有更新，稍后再试")

    def settle(self) -> None:
        """Waits for the thread."""
        with self._guard:
            thread = self._thread
        if thread:
            thread.join()

    def _make(self, *, fresh: bool) -> None:
        """Everything is read at one moment; what changes after it is in the log."""
        new: Path | None = None
        old = self._folder_of(self.state.published())
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with self.catalog.reading():
                published, seq = self.state.published(), self.state.log.position()
                healthy, old = self.state.is_healthy(), self._folder_of(published)
                manifest = None
                if self.state.log.holds(SMALLEST):
                    new = self.folder / f"v{seq:08d}-{uuid.uuid4().hex[:8]}"
                    if published and old and healthy and not fresh:
                        manifest = self._patched(published, new)
                    if manifest is None:
                        manifest = build(new, self._all_rows(), self.stopping.is_set)
            self.state.publish(new, manifest, seq, published)
            self._clear(keep={new, old if healthy else None})
        except BuildStopped:
            log.info("程序退出，向量索引下次再建")
            self._clear(keep={old})
        except Overtaken:
            self._clear(keep={self._folder_of(self.state.published())})
        except (OSError, BaseDamaged) as error:
            self._clear(keep={old})
            log.warning("向量索引写不进 %s：%s", self.folder, error)
            if fresh:
                raise VectorsDamaged(
                    f"向量索引写不进 {self.folder}：{error}；请检查磁盘空间和权限后再试"
                ) from error

    def _patched(self, published: Published, new: Path) -> Manifest | None:
        """None: build anew."""
        old = self.state.check_of(published)
        try:
            if old.problems(thorough=True):
                return None
            changed = self.state.log.documents(published.seq)
            rows = self.state.log.rows(published.seq)
            manifest = patch(old, new, changed, rows, self.stopping.is_set)
        except BaseDamaged as error:
            log.warning("%s", error)
            manifest = None
        if manifest is None:
            shutil.rmtree(new, ignore_errors=True)
        return manifest

    def _all_rows(self) -> Iterator[Row]:
        after = 0
        while rows := self.catalog.all_embeddings(after):
            yield from (row[1:] for row in rows)
            after = rows[-1][0]

    def _folder_of(self, published: Published | None) -> Path | None:
        return self.folder / published.folder if published and published.folder else None

    @contextmanager
    def _alone(self, wait: float) -> Iterator[bool]:
        """Whether no other thread or process is making a base, or comes to it within `wait`
        seconds. A lock of its own: the writer's is not held while a large one is made."""
        lock = FileLock(self.folder.with_name(f"{self.folder.name}-making.lock"))
        try:
            lock.acquire(timeout=wait)
        except (Timeout, OSError):
            yield False
            return
        try:
            yield True
        finally:
            lock.release()

    def _remove_old(self, keep: set[Path | None]) -> None:
        """What a killed maker left; not what another one is making."""
        if any(path not in keep for path in self._folders()):
            with self._alone(0) as alone:
                if alone:
                    self._clear({*keep, self._folder_of(self.state.published())})

    def _clear(self, keep: set[Path | None]) -> None:
        """The folder before the current one stays: a reader may be about to open it."""
        for path in self._folders():
            if path not in keep:
                shutil.rmtree(path, ignore_errors=True)

    def _folders(self) -> list[Path]:
        return [path for path in self.folder.glob("*/") if path.is_dir()]
