"""Backups of a data folder: the catalogue, the other SQLite files, the uploaded files.

A backup is consistent while the program runs and while files are taken in: uploads are stored
before the catalogue names them, so files copied before and after the catalogue's snapshot hold
all that the snapshot names. Vectors are not kept; they are made again from the catalogue.
"""

import hashlib
import json
import logging
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from vectorstore import VERSION
from vectorstore.errors import CatalogDamaged, PolicyError, disk_errors
from vectorstore.files.members import MEMBER
from vectorstore.sqlite.connecting import Connection, reading
from vectorstore.sqlite.damage import sentence
from vectorstore.sqlite.migrating import stored_version, write_snapshot
from vectorstore.stores import CATALOG, DRAFTS, LABELS, Home

log = logging.getLogger(__name__)

FILES = "files"
FEEDBACK = "feedback.jsonl"
MANIFEST = "manifest.json"
FORMAT = 1
# The SQLite files that lie beside the catalogue, each if it is there; what is in them belongs to
# other rooms, and is copied as it is.
BESIDE = tuple(name for name in LABELS if name != CATALOG)
_ROUNDS = 5  # of copying, while somebody deletes files
_NO_REMEDY = "请换一份备份，或运行 python -m ingest verify 查看哪里坏了"


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of a backup."""

    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. `missing` are uploads that the catalogue names and nobody has."""

    made: str
    data_dir: str
    library: str
    formats: Mapping[str, int]
    counts: Mapping[str, int]
    files: Mapping[str, Entry]
    missing: tuple[str, ...] = ()
    program: str = VERSION
    format: int = FORMAT


@dataclass
class _Copying:
    """Files copied so far, with the size and time that they had then."""

    entries: dict[str, Entry] = field(default_factory=dict)
    seen: dict[str, tuple[int, int]] = field(default_factory=dict)


def create_backup(home: Home | Path, into: Path) -> tuple[Path, Manifest]:
    """Writes a new dated folder below `into`; incomplete ones never bear its name. Stores in
    PostgreSQL are written as files first, as of one moment: a backup is the same everywhere.

    Raises PolicyError when there is nothing to keep, the catalogue is damaged or the disk full.
    """
    home = home if isinstance(home, Home) else Home(home)
    data = home.folder.resolve()
    if not home.url and not (data / CATALOG).is_file():
        raise PolicyError(f"{data} 里没有目录库 {CATALOG}，没有可备份的内容")
    if into.resolve().is_relative_to(data / FILES):
        raise PolicyError(f"备份不能放在 {data / FILES} 里；请另选一个文件夹")
    with disk_errors(into):
        into.mkdir(parents=True, exist_ok=True)
        name = dated(into, "policy-backup")
        partial = into / f".{name}.part"
        partial.mkdir(mode=0o700)
        try:
            with _as_files(home, into) as held:
                manifest = _fill(data, held, partial)
            _flush(partial)
            return partial.rename(into / name), manifest
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise


@contextmanager
def _as_files(home: Home, into: Path) -> Iterator[Path]:
    """The folder that holds the stores as files."""
    if not home.url:
        yield home.folder.resolve()
        return
    from vectorstore.moving.back import move_out

    with tempfile.TemporaryDirectory(dir=into, prefix=".policy-stores-") as scratch:
        move_out(Home(Path(scratch).resolve(), home.url))
        yield Path(scratch).resolve()


def _fill(data: Path, held: Path, folder: Path) -> Manifest:
    """`held` is where the stores lie as files, mostly `data` itself."""
    copying = _Copying()
    missing: set[str] | None = None
    for _ in range(_ROUNDS):
        _copy_files(data / FILES, folder, copying)
        _snapshot(held, folder, CATALOG)
        _copy_files(data / FILES, folder, copying)
        before, missing = missing, _missing(folder / CATALOG, data, copying)
        if not missing or missing == before:  # else deleted meanwhile: look again
            break
    entries = {**copying.entries, CATALOG: _entry(folder / CATALOG)}
    if (data / FEEDBACK).is_file():  # of a program from before the votes had a table
        shutil.copyfile(data / FEEDBACK, folder / FEEDBACK)
        entries[FEEDBACK] = _entry(folder / FEEDBACK)
    for name in BESIDE:
        if (held / name).is_file():
            _snapshot(held, folder, name)
            entries[name] = _entry(folder / name)
    with _opened(folder / CATALOG) as db:
        library = db.execute("SELECT value FROM meta WHERE key = 'library'").fetchone()
    manifest = Manifest(
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        data_dir=str(data),
        library=library[0] if library else "",
        formats={n: _format(folder / n) for n in LABELS if n in entries},
        counts=_counts(folder, len(copying.entries)),
        files=entries,
        missing=tuple(sorted(missing or ())),
    )
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1)
    (folder / MANIFEST).write_text(text, encoding="utf-8", errors="surrogateescape")
    return manifest


def _snapshot(data: Path, folder: Path, name: str) -> None:
    """A copy that is sound, or a sentence: a damaged file copied page by page stays damaged."""
    (folder / name).unlink(missing_ok=True)
    with _opened(data / name) as db:
        write_snapshot(db, folder / name)
    if found := integrity(folder / name):
        log.error("%s: %s", data / name, "; ".join(found))
        raise CatalogDamaged(
            f"{LABELS[name]} {data / name} 已损坏，没有做备份；以前的备份都没有动。{_NO_REMEDY}"
        )


@contextmanager
def _opened(path: Path) -> Iterator[Connection]:
    try:
        with reading(path) as db:
            yield db
    except sqlite3.Error as error:
        said = sentence(error, LABELS[path.name], path, _NO_REMEDY)
        if said is None:
            raise
        raise said from error


def integrity(path: Path) -> list[str]:
    """What SQLite finds wrong in the file, with its foreign keys; empty when nothing."""
    with _opened(path) as db:
        found = [row[0] for row in db.execute("PRAGMA integrity_check(20)")]
        broken = db.execute("PRAGMA foreign_key_check").fetchall()
    return [*(line for line in found if line != "ok"), *(f"外键 {tuple(row)}" for row in broken)]


def _copy_files(files: Path, folder: Path, copying: _Copying) -> None:
    """Copies what is new or changed since the last round. Links are not followed."""
    for path in sorted(files.rglob("*")):
        try:
            stat = path.lstat()
            if path.is_symlink() or not path.is_file():
                continue
            name = f"{FILES}/{path.relative_to(files).as_posix()}"
            if copying.seen.get(name) == (stat.st_size, stat.st_mtime_ns):
                continue
            copy = folder / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, copy)
        except FileNotFoundError:  # deleted meanwhile
            continue
        copying.seen[name] = (stat.st_size, stat.st_mtime_ns)
        copying.entries[name] = _entry(copy)


def uploads(db: Connection, data: Path) -> Iterator[tuple[str, str, str]]:
    """(name below the data folder, document id, sha256) of each uploaded file that is named."""
    root = str(data / FILES) + os.sep
    rows = db.execute(
        "SELECT path, document_id, sha256 FROM sources JOIN documents d ON d.id = document_id"
    )
    for path, document, digest in rows:
        if path.startswith(root):
            yield f"{FILES}/{path.removeprefix(root)}", document, digest


def _missing(catalog: Path, data: Path, copying: _Copying) -> set[str]:
    with _opened(catalog) as db:
        names = {name for name, _, _ in uploads(db, data)}
    return {n for n in names if not {n, n.split(MEMBER, 1)[0]} & copying.entries.keys()}


def _entry(path: Path) -> Entry:
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return Entry(path.stat().st_size, digest)


def _format(path: Path) -> int:
    with _opened(path) as db:
        return stored_version(db)


def _counts(folder: Path, files: int) -> dict[str, int]:
    counts = {"files": files}
    for name, tables in ((CATALOG, ("documents", "passages")), (DRAFTS, ("drafts", "versions"))):
        if (folder / name).exists():
            with _opened(folder / name) as db:
                for table in tables:
                    counts[table] = db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    return counts


def _flush(folder: Path) -> None:
    """Onto the disk before the folder gets its name."""
    for path in (*folder.rglob("*"), folder):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def dated(folder: Path, name: str) -> str:
    """A name that is free; two within one second get numbers."""
    dated = f"{name}-{datetime.now().strftime('%Y%m%d-%H%M%S')}"
    number = 1
    found = dated
    while (folder / found).exists() or (folder / f".{found}.part").exists():
        number += 1
        found = f"{dated}-{number}"
    return found


def find_backup(folder: Path) -> Path:
    """`folder` itself when it is a backup, else the newest one in it. Raises PolicyError."""
    if (folder / MANIFEST).is_file():
        return folder
    if not folder.is_dir():
        raise PolicyError(f"没有文件夹 {folder}")
    found = sorted(folder.glob(f"policy-backup-*/{MANIFEST}"), key=lambda p: read(p.parent).made)
    if not found:
        raise PolicyError(f"{folder} 里没有完整的备份（没有 {MANIFEST}）")
    return found[-1].parent


def read(folder: Path) -> Manifest:
    """The manifest of a backup. Raises PolicyError when it cannot be used."""
    path = folder / MANIFEST
    try:
        value = json.loads(path.read_text(encoding="utf-8", errors="surrogateescape"))
        if value["format"] > FORMAT:
            raise PolicyError(f"备份 {folder} 由更新的版本写成；请升级程序")
        entries = {name: Entry(**entry) for name, entry in value.pop("files").items()}
        if any(Path(name).is_absolute() or ".." in Path(name).parts for name in entries):
            raise PolicyError(f"备份清单 {path} 里有指向备份之外的文件名，不能使用")
        return Manifest(files=entries, missing=tuple(value.pop("missing")), **value)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PolicyError(f"备份清单 {path} 读不了；{_NO_REMEDY}") from error


def faults(folder: Path, manifest: Manifest) -> list[str]:
    """Files of a backup that are not as they were written."""
    found = []
    for name, entry in manifest.files.items():
        path = folder / name
        if not path.is_file():
            found.append(f"缺少 {name}")
        elif path.stat().st_size != entry.bytes or _entry(path) != entry:
            found.append(f"{name} 与清单不符")
    return found
