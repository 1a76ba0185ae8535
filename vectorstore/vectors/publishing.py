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
from dataclasses import asdict, dataclass
from pathlib import Path

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


@dataclass(frozen=True, slots=True)
class Published:
    """The row of the catalogue: which folder holds the documents as of change `seq`."""

    folder: str  # empty: too few passages for one
    token: str
    seq: int
    count: int


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

    def publish(self, new: Path | None, manifest: Manifest | None, seq: int) -> None:
        """Without a folder, all is searched exactly."""
        token = manifest.token if manifest else uuid.uuid4().hex
        count = manifest.count if manifest else 0
        published = Published(new.name if new else "", token, seq, count)
        self.log.publish(CURRENT, json.dumps(asdict(published)), forget_until=seq)


class Publisher:
    """Makes new bases. Whoever calls it holds the writer's lock."""

    def __init__(self, state: State):
        self.state = state
        self.folder = state.folder
        self.catalog = state.catalog
        self.stopping = threading.Event()

    def publish(self, *, fresh: bool = False) -> None:
        """Makes a new base if one is due: the old one is damaged, or too much has changed.

        Vectors come from the catalogue; nothing is embedded again. `fresh` builds the base
        anew instead of changing a copy. When the folder cannot be written, search goes on as
        before and the next change tries again; with `fresh`, which somebody asked for, this
        raises VectorsDamaged.
        """
        with self.catalog.reading():
            published, seq = self.state.published(), self.state.log.position()
            enough = self.state.log.holds(SMALLEST)
        old = self.folder / published.folder if published and published.folder else None
        healthy = self.state.is_healthy()
        if not fresh and healthy and self.state.is_current():
            self._remove_old(keep={old})
            return
        new = self.folder / f"v{seq:08d}-{uuid.uuid4().hex[:8]}" if enough else None
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            manifest = None
            if new and published and old and healthy and not fresh:
                manifest = self._patched(published, new)
            if new and manifest is None:
                manifest = build(new, self._all_rows(), self.stopping.is_set)
            self.state.publish(new, manifest, seq)
            self._remove_old(keep={new, old if healthy else None})
        except BuildStopped:
            log.info("程序退出，向量索引下次再建")
            self._remove_old(keep={old})
        except (OSError, BaseDamaged) as error:
            self._remove_old(keep={old})
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
            with self.catalog.reading():
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

    def _remove_old(self, keep: set[Path | None]) -> None:
        """The folder before the current one stays: a reader may be about to open it."""
        for path in self.folder.glob("*/"):
            if path.is_dir() and path not in keep:
                shutil.rmtree(path, ignore_errors=True)
