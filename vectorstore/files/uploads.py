"""The files that people uploaded: kept by content, each under the names it was given.

    files/<sha256>/通知.txt            a stored upload; the folder is its content, the name a label
    files/.pending/<batch>/            uploads on their way, or files about to be removed
        journal.json                   written first: what the batch is about
        0, 1, …                        contents being received
        lock                           held while the process that began the batch lives

Two documents of one name lie in two folders, so no upload can replace another; one content under
two names lies in one. Nothing is removed but by a batch whose journal says so, and a batch that
its process did not finish is found by its lock at the next start. Files that an earlier version
stored as files/NAME stay where they are.
"""

import hashlib
import json
import logging
import os
import re
import secrets
import shutil
import stat
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Any

from filelock import FileLock, Timeout

from vectorstore.errors import PolicyError
from vectorstore.files.labels import label_of
from vectorstore.models import PUBLIC, Audience

log = logging.getLogger(__name__)

_BLOCK = 2**20
_DIGEST = re.compile(r"[0-9a-f]{64}")
INCOMPLETE = "上传中断，没有收完整；请重新上传"


@dataclass(frozen=True, slots=True)
class Upload:
    """One file of a batch. `path` lies below the store's folder and is '' until the content is
    received whole; `error` says why a file is not kept."""

    label: str
    path: str = ""
    error: str = ""


@dataclass
class Batch:
    """Files that come in, or go, together. Closed without being settled, it is found again.

    `audience` is for whom what comes in shall be, `by` who sent it; both outlive a crash.
    """

    folder: Path
    lock: FileLock = field(repr=False)
    files: tuple[Upload, ...] = ()
    removal: bool = False
    attempts: int = 0
    audience: Audience = PUBLIC
    by: str = ""

    def write(self) -> None:
        """Makes the journal durable."""
        record = {
            "removal": self.removal,
            "attempts": self.attempts,
            "audience": asdict(self.audience),
            "by": self.by,
            "files": [asdict(file) for file in self.files],
        }
        fresh = self.folder / "journal.new"
        with fresh.open("w", encoding="utf-8") as stream:
            json.dump(record, stream, ensure_ascii=False)
            _flush(stream.fileno(), stream.flush)
        fresh.replace(self.folder / "journal.json")
        _sync_folder(self.folder)

    def part(self, number: int) -> Path:
        return self.folder / str(number)

    def __enter__(self) -> "Batch":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.lock.release()


class UploadStore:
    """Stored uploads below `folder`. Safe for several threads and processes."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._pending = folder / ".pending"

    # --- coming in ------------------------------------------------------------------------

    def receive(self, paths: Sequence[Path], audience: Audience = PUBLIC, by: str = "") -> Batch:
        """Copies files in and puts them in their places; what cannot be read bears its error.

        Raises PolicyError when nothing could be kept; then nothing of it stays.
        """
        with _sentence("上传的文件没有保存"):
            files = [Upload(label_of(path.name)) for path in paths]
            batch = self._begin(files, audience=audience, by=by)
        try:
            with _sentence("上传的文件没有保存"):
                batch.files = tuple(
                    self._copy(path, batch.part(number), file.label)
                    for number, (path, file) in enumerate(zip(paths, batch.files, strict=True))
                )
                batch.write()
        except BaseException:
            with batch:
                shutil.rmtree(batch.folder, ignore_errors=True)
            raise
        self.place(batch)
        return batch

    def place(self, batch: Batch) -> None:
        """Moves received contents to where they stay. May be repeated after a crash."""
        with self._locked():
            batch.files = tuple(
                self._place(batch.part(number), file) for number, file in enumerate(batch.files)
            )

    def _place(self, part: Path, file: Upload) -> Upload:
        if file.error or not file.path:
            return file if file.error else replace(file, error=INCOMPLETE)
        target = self.folder / file.path
        try:
            if part.exists():
                _move(part, target)
        except OSError as error:
            return replace(file, error=f"文件没有保存（{error.strerror}）")
        return file if target.is_file() else replace(file, error=INCOMPLETE)

    def _copy(self, source: Path, part: Path, label: str) -> Upload:
        """Receives one content. Read-only: nobody has a reason to change it."""
        digest = hashlib.sha256()
        try:
            with source.open("rb") as coming, part.open("wb") as kept:
                while block := coming.read(_BLOCK):
                    digest.update(block)
                    kept.write(block)
                _flush(kept.fileno(), kept.flush)
            part.chmod(0o444)
        except OSError as error:
            part.unlink(missing_ok=True)
            return Upload(label, error=f"文件没有保存（{error.strerror}）；请检查磁盘空间和权限")
        name = digest.hexdigest()
        as_before = _has_content(self.folder / label, part.stat().st_size, name)
        return Upload(label, label if as_before else f"{name}/{label}")

    # --- going ----------------------------------------------------------------------------

    def owns(self, path: Path) -> bool:
        """Whether a file lies where this store puts its files, by its name alone."""
        above = path.parent
        return above == self.folder or (
            above.parent == self.folder and bool(_DIGEST.fullmatch(above.name))
        )

    def removal(self, paths: Collection[Path]) -> Batch:
        """Announces that files of this store go, before the catalogue forgets them."""
        files = [
            Upload(path.name, path.relative_to(self.folder).as_posix())
            for path in sorted(paths)
            if self.owns(path)
        ]
        with _sentence("没有删除"):
            return self._begin(files, removal=True)

    def settle(self, batch: Batch, referred: Callable[[], Collection[str]]) -> None:
        """Ends a batch: its files that no source refers to, and nobody waits for, are removed.

        `referred` gives the files that the catalogue refers to at that moment.
        """
        with batch, self._locked():
            kept = {*referred(), *self._awaited(but=batch.folder)}
            for file in batch.files:
                if file.path and str(self.folder / file.path) not in kept:
                    self._remove(self.folder / file.path)
            shutil.rmtree(batch.folder)

    def _remove(self, path: Path) -> None:
        if not self.owns(path) or path.parent.is_symlink():
            return
        try:
            if stat.S_ISREG(path.lstat().st_mode):
                path.unlink()
            if path.parent != self.folder and not any(path.parent.iterdir()):
                path.parent.rmdir()
        except FileNotFoundError:
            return
        except OSError as error:
            log.warning("%r stays: %s", str(path), error)

    # --- after a crash ----------------------------------------------------------------------

    def unfinished(self) -> list[Batch]:
        """Batches whose process has gone, oldest first; the caller holds and closes them."""
        if not self._pending.is_dir():
            return []
        with self._locked():
            return [b for folder in self._batches() if (b := self._adopt(folder))]

    def strays(self, referred: Callable[[], Collection[str]]) -> list[Path]:
        """Stored uploads that no source refers to and no batch is about: the catalogue was lost
        or is older than they are."""
        if not self.folder.is_dir():
            return []
        with self._locked():
            kept = {*referred(), *self._awaited(removals=True)}
            return [path for path in self._stored() if str(path) not in kept]

    def _stored(self) -> Iterator[Path]:
        for folder in sorted(self.folder.iterdir()):
            if _DIGEST.fullmatch(folder.name) and folder.is_dir() and not folder.is_symlink():
                yield from (p for p in sorted(folder.iterdir()) if stat.S_ISREG(p.lstat().st_mode))

    def _awaited(self, *, but: Path | None = None, removals: bool = False) -> Iterator[str]:
        """Files that other batches are about."""
        for folder in self._batches():
            record = _journal(folder) if folder != but else None
            if record and (removals or not record["removal"]):
                yield from (str(self.folder / f["path"]) for f in record["files"] if f["path"])

    def _adopt(self, folder: Path) -> Batch | None:
        lock = FileLock(folder / "lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return None  # its process lives
        record = _journal(folder)
        if record is None:  # killed before it began
            shutil.rmtree(folder, ignore_errors=True)
            lock.release()
            return None
        files = tuple(Upload(**file) for file in record["files"])
        # An earlier version wrote neither; all that it took in was for everybody.
        said = record.get("audience", {})
        audience = Audience(**{**said, "of": tuple(said.get("of", ()))})
        removal, attempts = record["removal"], record["attempts"]
        return Batch(folder, lock, files, removal, attempts, audience, record.get("by", ""))

    # --- batches --------------------------------------------------------------------------

    def _begin(
        self,
        files: Sequence[Upload],
        *,
        removal: bool = False,
        audience: Audience = PUBLIC,
        by: str = "",
    ) -> Batch:
        with self._locked():
            folder = self._pending / f"{time.time_ns():020d}-{secrets.token_hex(4)}"
            folder.mkdir(mode=0o700)
            lock = FileLock(folder / "lock")
            batch = Batch(folder, lock, tuple(files), removal, audience=audience, by=by)
            batch.lock.acquire(timeout=0)
            try:
                batch.write()
                _sync_folder(self._pending)
            except BaseException:
                with batch:
                    shutil.rmtree(folder, ignore_errors=True)
                raise
            return batch

    def _batches(self) -> list[Path]:
        return sorted(path for path in self._pending.iterdir() if path.is_dir())

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """For the moments in which files are put in place, counted or removed."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._pending.mkdir(exist_ok=True, mode=0o700)
        with FileLock(self._pending / "lock"):
            yield


def _journal(folder: Path) -> dict[str, Any] | None:
    try:
        record: dict[str, Any] = json.loads((folder / "journal.json").read_text(encoding="utf-8"))
        return record
    except FileNotFoundError:
        return None


def _move(part: Path, target: Path) -> None:
    """A content that is there already stays, so that its time does not change."""
    target.parent.mkdir(mode=0o700, exist_ok=True)
    if target.is_file() and target.stat().st_size == part.stat().st_size:
        part.unlink()
        return
    part.replace(target)
    _sync_folder(target.parent)
    _sync_folder(target.parent.parent)


def _has_content(path: Path, size: int, digest: str) -> bool:
    """Whether a file that an earlier version stored under its own name is this very upload."""
    if not path.is_file() or path.stat().st_size != size:
        return False
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() == digest


def _flush(descriptor: int, flush: Callable[[], None]) -> None:
    flush()
    os.fsync(descriptor)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _sentence(what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise PolicyError(
            f"{what}：数据目录写不了（{error.strerror}）；请检查磁盘空间和权限"
        ) from error
