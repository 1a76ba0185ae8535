"""What is wrong with a SQLite file of the data folder, in words; nothing is changed here."""

import logging
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from vectorstore.errors import CatalogDamaged, IndexLocked, PolicyError, disk_full, read_only
from vectorstore.sqlite.connecting import head_of

log = logging.getLogger(__name__)

MAGIC = b"SQLite format 3\x00"
# quick_check reads the whole file, 1.4 ms a MB measured: up to here a start waits 0.1 s for it.
CHECKED_BYTES = 64 * 2**20
_PAGE_1 = 65536  # how the header writes a page size of 64 KB
_CORRUPT = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_WRITING = {
    sqlite3.SQLITE_IOERR_WRITE,
    sqlite3.SQLITE_IOERR_FSYNC,
    sqlite3.SQLITE_IOERR_TRUNCATE,
    sqlite3.SQLITE_IOERR_SHMSIZE,
    sqlite3.SQLITE_IOERR_SHMMAP,
}


def file_damage(path: Path) -> str | None:
    """What the file's size and header show before SQLite opens it; None when nothing.

    A zero-length or missing file is no damage here: whether there was one before, the
    caller knows. A file that is open in this process was looked at when it was opened.
    """
    try:
        size = path.stat().st_size
        header = head_of(path, 100)
    except FileNotFoundError:
        return None
    except OSError as error:
        return f"打不开（{error.strerror}）"
    if size == 0 or header is None:
        return None
    if len(header) < 100 or not header.startswith(MAGIC):
        return "开头被改写，已不是数据库文件"
    page = int.from_bytes(header[16:18], "big")
    expected = int.from_bytes(header[28:32], "big") * (_PAGE_1 if page == 1 else page)
    if size < expected and not _log_bytes(path):  # the log may hold what the file lacks
        return f"被截断：应有 {expected:,} 字节，只有 {size:,} 字节"
    return None


def _log_bytes(path: Path) -> int:
    log_file = path.with_name(path.name + "-wal")
    return log_file.stat().st_size if log_file.exists() else 0


def content_damage(db: sqlite3.Connection, path: Path, tables: tuple[str, ...]) -> str | None:
    """What SQLite itself finds; of a large file only both ends of each table are read."""
    try:
        names = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
        if missing := [name for name in tables if name not in names]:
            return f"缺少表 {'、'.join(missing)}"
        if path.stat().st_size <= CHECKED_BYTES:
            found = [row[0] for row in db.execute("PRAGMA quick_check(5)")]
        else:
            # A keyword index keeps its words in a table of its own.
            found = [*_probe(db, [t + "_data" if t + "_data" in names else t for t in tables])]
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        found = [str(error)]
    if found == ["ok"]:
        return None
    log.error("%s: %s", path, "; ".join(found))
    return "有内容已损坏"


def _probe(db: sqlite3.Connection, tables: Sequence[str]) -> Iterator[str]:
    for table in tables:
        for order in ("ASC", "DESC"):
            db.execute(f"SELECT * FROM {table} ORDER BY 1 {order} LIMIT 1").fetchall()
    yield "ok"


def is_damage(error: sqlite3.Error) -> bool:
    code = getattr(error, "sqlite_errorcode", 0)
    return (
        code & 0xFF in _CORRUPT
        or code == sqlite3.SQLITE_IOERR_SHORT_READ
        or str(error).startswith("no such table")
    )


def damaged(label: str, path: Path, what: str, remedy: str) -> CatalogDamaged:
    return CatalogDamaged(f"{label} {path} {what}；没有改动它。{remedy}")


def sentence(error: sqlite3.Error, label: str, path: Path, remedy: str) -> PolicyError | None:
    """The PolicyError that says it to people; None for a mistake of the program itself."""
    code = getattr(error, "sqlite_errorcode", 0)
    kind = code & 0xFF
    if is_damage(error):
        log.error("%s: %s", path, error)
        return damaged(label, path, "读到了损坏的内容", remedy)
    if kind == sqlite3.SQLITE_FULL or code in _WRITING:
        return disk_full(path)
    if kind in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        return read_only(path.parent)
    if kind == sqlite3.SQLITE_CANTOPEN:
        return PolicyError(f"打不开{label} {path}；请检查这个文件夹是否存在、有没有读写权限")
    if kind in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return IndexLocked(f"{label} {path} 正被别的程序占用；请稍后再试")
    if kind == sqlite3.SQLITE_IOERR:
        return PolicyError(f"读写{label} {path} 时磁盘出错（{error}）；请检查磁盘后再试")
    return None
