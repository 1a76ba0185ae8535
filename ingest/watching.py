"""A folder on the server that is followed: what is put there is taken in once it lies still.

The folder is looked at again and again rather than asked to report: shared drives do not report.
A file that moved is known by its content. What a person deleted there is not deleted here: its
documents are proposed, and somebody decides.
"""

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from ingest.audience import audience_of
from ingest.parse.document import printable
from ingest.pipeline import FileResult, find_files, ingest
from ingest.recording import recorded
from ingest.reporting import arrived
from vectorstore.arrivals.arrivals import Arrivals
from vectorstore.arrivals.followed import NOTE, Followed, Missing
from vectorstore.errors import IndexLocked, PolicyError
from vectorstore.files.members import file_of
from vectorstore.index import PolicyIndex
from vectorstore.models import Audience
from vectorstore.settings import WatchSettings

log = logging.getLogger(__name__)

Signature = tuple[int, int]  # size, time of change
_NAMED = 20  # things that cannot be read which the state names


@dataclass
class Follower:
    """Looks at one folder; `look` is one round. Of several programs over one data folder one
    follows."""

    index: PolicyIndex
    arrivals: Arrivals
    settings: WatchSettings
    clock: Callable[[], float] = time.monotonic
    _seen: dict[Path, tuple[Signature, float]] = field(default_factory=dict)
    _failed: dict[Path, Signature] = field(default_factory=dict)
    _gone: dict[str, float] = field(default_factory=dict)  # path → since when

    def look(self) -> None:
        """Never raises: what went wrong is in the state that pages show."""
        folder = self.settings.folder
        if folder is None:
            return
        try:
            with FileLock(self.index.settings.data_dir / "watch.lock", timeout=0):
                state = self._round(folder)
        except Timeout:
            return  # another program follows
        except IndexLocked:
            return  # another import is at work; the next round comes soon
        except PolicyError as error:
            state = Followed(str(folder), problem=str(error))
        except Exception:  # the edge: the site runs on
            log.exception("the followed folder could not be looked at")
            state = Followed(str(folder), problem="查看文件夹时出错，原因见日志；稍后再试")
        self._tell(state)

    def _tell(self, state: Followed) -> None:
        at = datetime.now(UTC).isoformat(timespec="seconds")
        try:
            told = replace(state, at=at, audience=self._audience())
            self.arrivals.note(NOTE, asdict(told))
        except PolicyError as error:
            log.warning("the state of the followed folder was not kept: %s", error)

    def _audience(self) -> Audience | None:
        """For whom the folder is; nobody knows where the setting cannot be read."""
        with suppress(PolicyError):
            return audience_of(self.settings.audience)
        return None

    # --- one round ------------------------------------------------------------------------

    def _round(self, given: Path) -> Followed:
        root = checked(given, self.index.settings.data_dir)
        files, refused = find_files([root])
        told = tuple(f"{_within(root, r.path)}：{r.reason}" for r in refused[:_NAMED])
        state = Followed(str(root), files=len(files), refused=told)
        known = self._known()
        if not files and any(Path(path).is_relative_to(root) for path in known):
            return replace(
                state, problem="文件夹是空的，而库里有从它导入的文件；可能没有挂载，没有提出移除"
            )
        still, waiting = self._settled(files)
        fresh = [path for path in still if self._is_fresh(path, known)]
        if fresh:
            self._take_in(fresh)
        missing = () if waiting else self._missing(root)
        return replace(state, waiting=waiting, missing=missing)

    def _settled(self, files: list[Path]) -> tuple[list[Path], int]:
        """Files that lay still for the quiet period, and how many did not yet."""
        now, quiet = self.clock(), self.settings.quiet
        seen: dict[Path, tuple[Signature, float]] = {}
        for path in files:
            try:
                found = path.stat()
            except OSError:
                continue  # gone meanwhile
            signature = (found.st_size, found.st_mtime_ns)
            before = self._seen.get(path)
            seen[path] = before if before and before[0] == signature else (signature, now)
        self._seen = seen
        still = [path for path, (_, since) in seen.items() if now - since >= quiet]
        return still, len(seen) - len(still)

    def _known(self) -> dict[str, Signature]:
        sources = self.index.catalog.sources().values()
        return {file_of(s.path): (s.size, s.modified_ns) for s in sources}

    def _is_fresh(self, path: Path, known: dict[str, Signature]) -> bool:
        signature = self._seen[path][0]
        return known.get(printable(str(path))) != signature and self._failed.get(path) != signature

    def _take_in(self, paths: list[Path]) -> None:
        settings, audience = self.index.settings, audience_of(self.settings.audience)
        begun = time.monotonic()
        results: list[FileResult] = recorded(
            settings.home,
            paths,
            lambda: ingest(self.index, paths, patience=1, audience=audience),
        )
        for result in results:
            if result.action == "failed":  # not again before it changes
                path = Path(result.path)
                self._failed[path] = self._seen.get(path, ((0, 0), 0.0))[0]
        if rows := arrived(results):
            took = time.monotonic() - begun
            self.arrivals.keep(rows, by="", way="watch", audience=audience, seconds=took)

    def _missing(self, root: Path) -> tuple[Missing, ...]:
        """Documents of which no file is left. Of one that moved, the old place is forgotten."""
        now, found = self.clock(), []
        held: dict[str, list[str]] = {}
        for source in self.index.catalog.sources().values():
            held.setdefault(source.document_id, []).append(source.path)
        gone = {p: i for i, paths in held.items() for p in paths if _is_gone(p, root)}
        self._gone = {path: self._gone.get(path, now) for path in gone}
        kept = self.arrivals.kept_without_file()
        for path, document_id in gone.items():
            if now - self._gone[path] < self.settings.quiet or path in kept:
                continue
            if any(Path(file_of(other)).is_file() for other in held[document_id]):
                with self.index.writing(timeout=1):
                    self.index.remove_source(path)
            else:
                found.append(Missing(path, document_id))
        return tuple(found)


def checked(given: Path, data: Path) -> Path:
    """The folder itself. Raises PolicyError where it cannot be followed."""
    if given.is_symlink():
        raise PolicyError(f"跟踪的文件夹 {given} 是符号链接；请写它指向的文件夹")
    if not given.is_dir():
        raise PolicyError(f"跟踪的文件夹 {given} 打不开；可能没有挂载，没有提出移除")
    root, own = given.resolve(), data.resolve()
    if root.is_relative_to(own) or own.is_relative_to(root):
        raise PolicyError(f"跟踪的文件夹 {given} 与数据目录重叠；请换一个文件夹")
    return root


def _within(root: Path, path: str) -> str:
    """A path as it is called below the folder."""
    return path.removeprefix(f"{root}/")


def _is_gone(source_path: str, root: Path) -> bool:
    path = Path(file_of(source_path))
    return path.is_relative_to(root) and not path.exists()
