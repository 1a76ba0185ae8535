"""What a published folder of vectors must look like, and whether it still does.

Chroma writes to a folder that it merely opens, in two places of `chroma.sqlite3`: the counters
in the file's header, and the table `acquire_write`, which grows by a row. The file is vacuumed
before it is described, so that this growth lies behind the pages that are described; the
header's counters and the table's first page are left out. The other files stay as they were
written, once Chroma has written them at all: it does so at `sync_threshold` records, and
makes fewer anew, with other bytes, each time the folder is opened.
"""

import hashlib
import json
import os
import stat
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

NAME = "manifest.json"
DATABASE = "chroma.sqlite3"
_CHUNK = 1 << 20
# Change counter to free pages, and "version valid for": see the SQLite file format, 1.3.
_COUNTERS = ((24, 40), (92, 100))

Signature = tuple[int, int, int]  # size, modification time in ns, inode


@dataclass(frozen=True, slots=True)
class File:
    size: int
    modified_ns: int
    digest: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """`pages` of the database are described, but for page `lock_page`."""

    token: str  # tells this folder from any other of the same name
    count: int
    dimension: int
    deleted: int  # records taken out since the graph was built afresh
    page_size: int
    pages: int
    lock_page: int
    files: dict[str, File]

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """Raises OSError, ValueError, KeyError or TypeError for a file that is none."""
        values: dict[str, Any] = json.loads((folder / NAME).read_text())
        files = {name: File(**file) for name, file in values.pop("files").items()}
        return cls(files=files, **values)


def describe(folder: Path, *, count: int, dimension: int, deleted: int, lock_page: int) -> Manifest:
    """Writes the manifest of a folder that nobody has open, and all of it to the disk."""
    database = folder / DATABASE
    with database.open("rb") as stream:
        size = int.from_bytes(stream.read(18)[16:18], "big")
        page_size = 65536 if size == 1 else size
    pages = database.stat().st_size // page_size
    paths = [p for p in sorted(folder.rglob("*")) if p.is_file() and p.name != NAME]
    files = {}
    for path in paths:
        is_database = path == database
        digest = _digest(path, (page_size, pages, lock_page) if is_database else None)
        at = path.stat()
        files[path.relative_to(folder).as_posix()] = File(at.st_size, at.st_mtime_ns, digest)
        _sync(path)
    manifest = Manifest(
        uuid.uuid4().hex, count, dimension, deleted, page_size, pages, lock_page, files
    )
    (folder / NAME).write_text(json.dumps(asdict(manifest)))
    for path in (folder / NAME, *{p.parent for p in paths}, folder, folder.parent):
        _sync(path)
    return manifest


class FolderCheck:
    """Says what is wrong with a folder; what was found right is not read again until touched."""

    def __init__(self, folder: Path, token: str):
        self.folder = folder
        self.token = token
        self.manifest: Manifest | None = None
        self._right: dict[str, Signature] = {}

    def problems(self, *, thorough: bool = False) -> list[str]:
        """Sentences, none for a folder that is as it was written.

        Files of the right size and time are believed, unless `thorough`.
        """
        if self.manifest is None:
            try:
                self.manifest = Manifest.read(self.folder)
            except FileNotFoundError:
                return [f"向量目录 {self.folder.name} 不见了，或缺少清单 {NAME}"]
            except (OSError, ValueError, KeyError, TypeError):
                return [f"向量目录 {self.folder.name} 的清单 {NAME} 读不出来"]
        if self.manifest.token != self.token:
            return [f"向量目录 {self.folder.name} 的清单 {NAME} 属于另一个目录"]
        found = (self._problem(name, thorough) for name in self.manifest.files)
        problems = [sentence for sentence in found if sentence]
        if not (self.folder / NAME).is_file():
            problems.append(f"向量目录 {self.folder.name} 缺少清单 {NAME}")
        return problems

    def _problem(self, name: str, thorough: bool) -> str | None:
        assert self.manifest is not None
        file = self.manifest.files[name]
        path = self.folder / name
        is_database = name == DATABASE
        try:
            at = path.stat()
            if not stat.S_ISREG(at.st_mode):
                return f"向量文件 {path} 不是普通文件"
            if at.st_size < file.size or (at.st_size > file.size and not is_database):
                return f"向量文件 {path} 的大小不对：{at.st_size}，应为 {file.size}"
            seen = (at.st_size, at.st_mtime_ns, at.st_ino)
            untouched = at.st_mtime_ns == file.modified_ns and not is_database
            if not thorough and (untouched or self._right.get(name) == seen):
                return None
            m = self.manifest
            pages = (m.page_size, m.pages, m.lock_page) if is_database else None
            if _digest(path, pages) != file.digest:
                return f"向量文件 {path} 的内容与写成时不同"
        except FileNotFoundError:
            return f"向量文件 {path} 不见了"
        except OSError as error:
            return f"向量文件 {path} 读不出来：{error.strerror}"
        self._right[name] = seen
        return None


def _digest(path: Path, database: tuple[int, int, int] | None) -> str:
    """Of a whole file, or of a database given as (page size, pages, page left out)."""
    with path.open("rb") as stream:
        if database is None:
            return hashlib.file_digest(stream, "blake2b").hexdigest()
        page_size, pages, left_out = database
        digest = hashlib.blake2b()
        first = bytearray(stream.read(page_size))
        for start, end in _COUNTERS:
            first[start:end] = bytes(end - start)
        digest.update(first)
        for start, end in ((1, left_out), (left_out + 1, pages)):
            stream.seek(start * page_size)
            left = max(0, end - start) * page_size
            while left > 0 and (part := stream.read(min(left, _CHUNK))):
                digest.update(part)
                left -= len(part)
        return digest.hexdigest()


def _sync(path: Path) -> None:
    """To the disk: the row that names the folder must not outlive a power cut that tore it."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
