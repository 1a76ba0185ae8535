"""The few errors that a caller treats differently. Their text is shown to people as it is."""

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class PolicyError(Exception):
    """Something the user can act on: what was given, what was expected, what to do. `english` is
    the same sentence for those who read the pages in English, '' where there is none."""

    def __init__(self, said: object = "", english: str = "") -> None:
        super().__init__(said)
        self.english = english


class IndexLocked(PolicyError):
    """Another process is writing to the data folder."""


class IndexIncompatible(PolicyError):
    """The data folder was written by a newer program or with another embedding model."""


class VectorsDamaged(PolicyError):
    """Dense search cannot answer now; keyword search can, and the vectors are made again."""


class FileRejected(PolicyError):
    """One file cannot be ingested; the others go on."""


class CatalogDamaged(PolicyError):
    """The catalogue or the drafts are damaged, cut off or gone. Nothing was changed in them."""


class DiskFull(PolicyError):
    """No room to write. What was written before stays."""


class ReadOnlyData(PolicyError):
    """The data folder can be searched, not changed."""


FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_READ_ONLY = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
_LITTLE = 256 * 2**10  # bytes: SQLite and Chroma need more than that for any change
_STEPS = 8  # of a chain of causes; longer ones do not occur


def disk_full(where: Path | str) -> DiskFull:
    return DiskFull(
        f"磁盘已满，写不进 {where}；已写入的都在。腾出空间后再做一次，会从停下的地方接着做",
        "The disk is full. What was written is kept; free some room and do it again",
    )


def read_only(where: Path | str) -> ReadOnlyData:
    return ReadOnlyData(
        f"{where} 只能读、不能写：可以检索和提问；要改动请先取得写权限",
        "The data can be read and not written: asking works, changing does not",
    )


def disk_error(error: BaseException, folder: Path) -> PolicyError | None:
    """The sentence for an error that comes from the disk, whatever library raised it.

    Libraries wrap the operating system's error, or say no more than that writing failed;
    then the free room below `folder` tells.
    """
    cause: BaseException | None = error
    for _ in range(_STEPS):
        if isinstance(cause, OSError) and cause.errno in FULL:
            return disk_full(cause.filename or folder)
        if isinstance(cause, OSError) and cause.errno in _READ_ONLY:
            return read_only(cause.filename or folder)
        if cause is None:
            break
        cause = cause.__cause__ or cause.__context__
    text = str(error).lower()
    if any(said in text for said in ("disk is full", "no space left", "disk full")):
        return disk_full(folder)
    return disk_full(folder) if _free_bytes(folder) < _LITTLE else None


def _free_bytes(folder: Path) -> int:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return _LITTLE  # not known: no reason to speak of the disk


@contextmanager
def disk_errors(folder: Path) -> Iterator[None]:
    """A full disk or a folder without the right to write becomes a PolicyError."""
    try:
        yield
    except OSError as error:
        if (said := disk_error(error, folder)) is None:
            raise
        raise said from error
