"""What PostgreSQL says, in words for people."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import errors
from sqlalchemy import exc

from vectorstore.errors import CatalogDamaged, DiskFull, IndexLocked, PolicyError, ReadOnlyData
from vectorstore.stores import Store

log = logging.getLogger(__name__)

_FULL = (errors.DiskFull, errors.OutOfMemory)
_READ_ONLY = (errors.ReadOnlySqlTransaction, errors.InsufficientPrivilege)
_BUSY = (errors.LockNotAvailable, errors.DeadlockDetected, errors.TooManyConnections)
_DAMAGED = (errors.DataCorrupted, errors.IndexCorrupted, errors.UndefinedTable)


@contextmanager
def sentences(store: Store) -> Iterator[None]:
    """Errors of the database become PolicyErrors; mistakes of the program itself stay."""
    try:
        yield
    except exc.TimeoutError as error:
        raise IndexLocked(f"{store.label}正忙，没有空闲的数据库连接；请稍后再试") from error
    except (psycopg.Error, exc.DBAPIError) as error:
        cause = error.orig if isinstance(error, exc.DBAPIError) else error
        said = sentence(cause, store.label)
        if said is None:
            raise
        raise said from error


@contextmanager
def said_plainly(label: str) -> Iterator[None]:
    """The same for what belongs to no one store."""
    try:
        yield
    except (psycopg.Error, exc.DBAPIError) as error:
        cause = error.orig if isinstance(error, exc.DBAPIError) else error
        if (said := sentence(cause, label)) is None:
            raise
        raise said from error


def sentence(error: BaseException | None, label: str) -> PolicyError | None:
    """None for a mistake of the program itself. The log has what the database said."""
    said = _sentence(error, label)
    if said:
        log.error("%s: %s", label, error)
    return said


def _sentence(error: BaseException | None, label: str) -> PolicyError | None:
    if isinstance(error, _FULL):
        return DiskFull(
            f"数据库服务器的磁盘或内存已满，{label}写不进去；已写入的都在。腾出空间后再做一次",
            "The database server has no room left. What was written is kept",
        )
    if isinstance(error, _READ_ONLY):
        return ReadOnlyData(
            f"{label}在数据库里只能读、不能写（{_said(error)}）；请给数据库账号写权限",
            "The database can be read and not written",
        )
    if isinstance(error, _BUSY):
        return IndexLocked(f"{label}正被别的程序占用；请稍后再试")
    if isinstance(error, _DAMAGED):
        return CatalogDamaged(
            f"{label}在数据库里不完整（{_said(error)}）；没有改动它。请用数据库自己的备份恢复"
        )
    if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        # Who asked a question need not know where the database lies, nor as whom it is entered.
        return PolicyError(
            f"连不上数据库，{label}暂时不能用（原因在日志里）；恢复后不用重启就能接着用",
            "The database cannot be reached; it is used again as soon as it is back",
        )
    return None


def _said(error: BaseException) -> str:
    """The first line, which names no password."""
    return str(error).strip().partition("\n")[0]
