"""Puts a backup in the place of a data folder's contents; what was there is kept aside."""

import os
import shutil
import sqlite3
import time
from collections.abc import Iterable
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from filelock import FileLock, Timeout

from vectorstore.backups import backup
from vectorstore.backups.backup import BESIDE, FEEDBACK, FILES, Manifest
from vectorstore.catalog.schema import CATALOG as CATALOG_STORE
from vectorstore.catalog.schema import SCHEMA_VERSION, decisions
from vectorstore.chain.chain import ERASED
from vectorstore.errors import IndexIncompatible, IndexLocked, PolicyError, disk_errors
from vectorstore.sqlite.database import Database
from vectorstore.stores import CATALOG, LABELS, LOG, PEOPLE

_VECTORS = "vectors"
_ENDINGS = ("", "-wal", "-shm")
_MARKER = ".id"


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored, and where the former contents are (None: there were none). `erased` are
    the ids of people whose data were erased after the backup was made, and are back with it."""

    backup: Path
    manifest: Manifest
    aside: Path | None
    erased: tuple[str, ...] = ()


def restore_backup(source: Path, data: Path, *, force: bool = False) -> Restored:
    """Restores the backup `source`, or the newest one in it.

    Nothing is touched before the backup was copied beside and found sound. A kill in between
    leaves a folder without catalogue but with its marker, which no command takes for an empty
    library; restoring again helps. Raises PolicyError.
    """
    folder = backup.find_backup(source)
    manifest = backup.read(folder)
    if manifest.formats.get(CATALOG, 0) > SCHEMA_VERSION:
        raise IndexIncompatible(f"备份 {folder} 由更新的版本写成；请升级程序")
    with disk_errors(data):
        data.mkdir(parents=True, exist_ok=True)
        lock = FileLock(data / "writer.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise IndexLocked(f"另一个进程正在写 {data}；请等它结束后再恢复") from None
        try:
            return _restore(folder, manifest, data.resolve(), force)
        finally:
            lock.release()


def _restore(folder: Path, manifest: Manifest, data: Path, force: bool) -> Restored:
    held = _held(data)
    if held and not force:
        names = "、".join(path.name for path in held[:4])
        raise PolicyError(
            f"{data} 里已有内容（{names}），没有恢复。确实要换成备份的内容，请加 --force；"
            "现有内容会移到旁边留着"
        )
    staging = data / ".restoring"
    shutil.rmtree(staging, ignore_errors=True)  # of a restore that was killed; we hold the lock
    try:
        _stage(folder, manifest, staging, data)
        erased = _erased(data / LOG) - _erased(staging / LOG)
        _let_nobody_in(staging / PEOPLE, erased)
        aside = data / backup.dated(data, "before-restore") if held else None
        _exchange(staging, held, aside, data, manifest)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return Restored(folder, manifest, aside, tuple(sorted(erased)))


def _held(data: Path) -> list[Path]:
    """What a restore would replace. The marker of the catalogue stays until the end."""
    names = [
        *(CATALOG + ending for ending in _ENDINGS),
        *(name + ending for name in BESIDE for ending in (*_ENDINGS, _MARKER)),
        FILES, FEEDBACK, _VECTORS,
    ]  # fmt: skip
    present = [data / name for name in names if (data / name).exists()]
    return [p for p in present if not p.is_dir() or next(p.iterdir(), None) is not None]


def _stage(folder: Path, manifest: Manifest, staging: Path, data: Path) -> None:
    for name in manifest.files:
        copy = staging / name
        copy.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            shutil.copy2(folder / name, copy)
        except FileNotFoundError:
            raise PolicyError(f"备份 {folder} 不完整：缺少 {name}；没有恢复") from None
    if found := backup.faults(staging, manifest):
        raise PolicyError(f"备份 {folder} 已损坏（{found[0]}）；没有恢复，请换一份备份")
    for name in (CATALOG, *(n for n in BESIDE if n in manifest.files)):
        if name not in manifest.files or backup.integrity(staging / name):
            raise PolicyError(f"备份 {folder} 里的{LABELS[name]}已损坏；没有恢复，请换一份备份")
    _relocate(staging / CATALOG, Path(manifest.data_dir) / FILES, data / FILES)


def _relocate(catalog: Path, old: Path, new: Path) -> None:
    """Uploaded files lie below the data folder: their paths follow it to where it is now."""
    if old == new:
        return
    start = str(old) + os.sep
    db = sqlite3.connect(catalog)
    with db:
        db.execute(
            "UPDATE sources SET path = ? || substr(path, ?) WHERE substr(path, 1, ?) = ?",
            (str(new) + os.sep, len(start) + 1, len(start), start),
        )
    db.close()


def _erased(log: Path) -> set[str]:
    """Ids of people whose data were erased, as a log of audits says; none where there is none."""
    address = f"{log.resolve().as_uri()}?mode=ro"
    with suppress(sqlite3.Error), closing(sqlite3.connect(address, uri=True)) as db:
        rows = db.execute("SELECT object FROM entries WHERE deed = ?", (ERASED,))
        return {str(row[0]) for row in rows}
    return set()


def _let_nobody_in(people: Path, erased: Iterable[str]) -> None:
    """Sessions that ended since the backup would live again, and so would keys that were revoked
    and accounts of people who were erased: those stay shut until they are erased once more."""
    if not people.exists():
        return
    try:
        with closing(sqlite3.connect(people)) as db, db:
            db.execute("DELETE FROM sessions")
            if db.execute("SELECT 1 FROM sqlite_master WHERE name = 'keys'").fetchone():
                db.execute("UPDATE keys SET revoked = ? WHERE NOT revoked", (int(time.time()),))
            db.executemany("UPDATE accounts SET disabled = 1 WHERE id = ?", [(i,) for i in erased])
    except sqlite3.Error:
        label = LABELS[PEOPLE]
        raise PolicyError(f"备份里的{label}打不开；没有恢复，请换一份备份") from None


def _exchange(
    staging: Path, held: list[Path], aside: Path | None, data: Path, manifest: Manifest
) -> None:
    """The catalogue goes first and comes last; meanwhile its marker says that there is one."""
    marker = data / (CATALOG + _MARKER)
    if not marker.exists():
        marker.write_text("restoring\n")
    if aside:
        aside.mkdir(mode=0o700)
        for path in held:
            path.rename(aside / path.name)
    for name in (FILES, FEEDBACK, *BESIDE):
        if (staging / name).exists():
            if (data / name).is_dir():
                (data / name).rmdir()  # an empty one
            (staging / name).rename(data / name)
    if manifest.library:
        marker.write_text(manifest.library + "\n")
        (staging / CATALOG).rename(data / CATALOG)
    else:  # of the first format: it gets its name when it is opened
        (staging / CATALOG).rename(data / CATALOG)
        marker.unlink()


def set_aside(data: Path) -> Path:
    """Moves a damaged catalogue out of the way and begins a new one. Returns where it lies.

    Files and drafts stay: the files are taken in again by who calls this.
    """
    aside = data / backup.dated(data, "damaged")
    with disk_errors(data):
        lock = FileLock(data / "writer.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise IndexLocked(f"另一个进程正在写 {data}；请等它结束后再试") from None
        try:
            aside.mkdir(mode=0o700)
            names = (*(CATALOG + ending for ending in (*_ENDINGS, _MARKER)), _VECTORS)
            for name in names:
                if (data / name).exists():
                    (data / name).rename(aside / name)
            Database(data / CATALOG, replace(CATALOG_STORE, traces=())).close()
            _keep_decisions(aside / CATALOG, data / CATALOG)
        finally:
            lock.release()
    return aside


def _keep_decisions(damaged: Path, fresh: Path) -> None:
    """What people decided stands in no file that could be read again: it goes along, as far as
    the damaged catalogue still gives it."""
    names = ", ".join(f'"{column.name}"' for column in decisions.columns)
    marks = ", ".join("?" for _ in decisions.columns)
    rows: list[tuple[str, ...]] = []
    address = f"{damaged.resolve().as_uri()}?mode=ro"
    with suppress(sqlite3.Error), closing(sqlite3.connect(address, uri=True)) as old:
        for row in old.execute(f"SELECT {names} FROM decisions"):
            rows.append(row)  # what comes before the damage is kept
    with closing(sqlite3.connect(fresh)) as new, new:
        new.executemany(f"INSERT INTO decisions ({names}) VALUES ({marks})", rows)
