"""Whether a data folder or a backup holds what it should. Reads only."""

import hashlib
import json
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from vectorstore.backups import backup
from vectorstore.backups.backup import BESIDE, MANIFEST
from vectorstore.catalog.schema import SCHEMA_VERSION
from vectorstore.catalog.sql import SqlCatalog
from vectorstore.errors import PolicyError
from vectorstore.files.members import MEMBER
from vectorstore.keywords.fts5 import DEFINITIONS, WORD_COLUMNS, words_of
from vectorstore.language.text import squeeze
from vectorstore.models import NOT_SEARCHED
from vectorstore.sqlite.connecting import Connection, reading
from vectorstore.sqlite.migrating import stored_version
from vectorstore.stores import CATALOG, DRAFTS, LABELS
from vectorstore.vectors.store import ChromaFolders

_NAMED = 3  # examples in a line of the report
_WORDS = {"words": "段落", "document_words": "文件", "heading_words": "标题", "fact_words": "事实"}


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the report."""

    name: str
    ok: bool
    detail: str


def verify(folder: Path) -> list[Check]:
    """Checks a data folder, or a backup (a folder with a manifest, or the newest below it).

    Raises PolicyError when there is nothing to check.
    """
    if not (folder / CATALOG).exists() and not (folder / "vectors").exists():
        folder = backup.find_backup(folder)
    checks: list[Check] = []
    root = folder
    is_backup = (folder / MANIFEST).is_file()
    if is_backup:
        manifest = backup.read(folder)
        root = Path(manifest.data_dir)
        found = backup.faults(folder, manifest)
        count = len(manifest.files)
        checks.append(_check("清单与校验和", found, f"{count} 个文件，写于 {manifest.made}"))
    checks += _database(folder / CATALOG, lambda db: _catalog(db, folder, root.resolve()))
    sound = checks[-1].name != LABELS[CATALOG]
    if not is_backup and sound:
        checks.append(_vectors(folder))
    for name in BESIDE:
        if (folder / name).exists():
            checks += _database(folder / name, _drafts if name == DRAFTS else _nothing)
    return checks


def _nothing(db: Connection) -> Iterator[Check]:
    """SQLite's own check is all that is known here of a file of another room."""
    return iter(())


def _check(name: str, faults: list[str], fine: str) -> Check:
    if not faults:
        return Check(name, True, fine)
    more = f" 等 {len(faults)} 处" if len(faults) > _NAMED else ""
    return Check(name, False, "；".join(faults[:_NAMED]) + more)


def _database(path: Path, inside: Callable[[Connection], Iterator[Check]]) -> Iterator[Check]:
    """Integrity first; when that fails, a closer look would only stumble."""
    label = LABELS[path.name]
    if not path.is_file() or not path.stat().st_size:
        yield Check(label, False, "不见了或是空文件")
        return
    try:
        if found := backup.integrity(path):
            yield _check(label, found, "")
            return
        with reading(path) as db:
            checks = list(inside(db))
            version = stored_version(db)
    except (PolicyError, sqlite3.Error) as error:
        yield Check(label, False, str(error))
        return
    yield Check(f"{label}完整性", True, f"格式 {version}，{path.stat().st_size:,} 字节")
    yield from checks


def _catalog(db: Connection, folder: Path, root: Path) -> Iterator[Check]:
    documents, passages = (
        db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        for table in ("documents", "passages")
    )
    yield _check("段落与原文", [*_spans(db)], f"{documents} 份文件，{passages} 段")
    yield _check("关键词索引", [*_words(db)], "与段落一致")
    files = list(backup.uploads(db, root))
    yield _check("上传的文件", [*_uploads(files, folder)], f"{len(files)} 个")


def _spans(db: Connection) -> Iterator[str]:
    """Passages that are no span of their document, or have no vector that fits."""
    sizes = db.execute(
        "SELECT count(DISTINCT length(embedding)) FROM passages WHERE embedding NOT NULL"
    ).fetchone()[0]
    if sizes > 1:
        yield "向量的维数不一"
    for number, text, count in db.execute("SELECT id, text, passages FROM documents").fetchall():
        rows = db.execute(
            "SELECT id, start, end, text, kind, embedding IS NULL FROM passages "
            "WHERE document_id = ?",
            (number,),
        ).fetchall()
        if len(rows) != count:
            yield f"文件 {number} 应有 {count} 段，实有 {len(rows)} 段"
        for passage, start, end, own, kind, bare in rows:
            if squeeze(text[start:end]) != squeeze(own):
                yield f"段落 {passage} 与原文不符"
            if bare and kind not in NOT_SEARCHED:
                yield f"段落 {passage} 没有向量"


def _words(db: Connection) -> Iterator[str]:
    """Compares the keyword index with one made anew: every word's counts, every row's lengths.

    The index keeps no text, so FTS5's own check knows nothing of the passages.
    """
    with tempfile.TemporaryDirectory(prefix="policy-") as scratch:
        fresh = sqlite3.connect(Path(scratch, "words.sqlite3"), isolation_level=None)
        try:
            fresh.execute("PRAGMA synchronous = OFF")
            fresh.execute("PRAGMA journal_mode = OFF")
            fresh.execute("BEGIN")
            for definition in DEFINITIONS:
                fresh.execute(definition)
            for (document,) in db.execute("SELECT id FROM documents").fetchall():
                for table, values in words_of(db, document):
                    marks = ", ".join("?" * len(values))
                    fresh.execute(
                        f"INSERT INTO {table} (rowid, {WORD_COLUMNS[table]}) VALUES ({marks})",
                        values,
                    )
            tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
            for table, label in _WORDS.items():
                if table not in tables:  # of an older format
                    continue
                if difference := _difference(db, fresh, table):
                    yield f"{label}的索引{difference}；运行 python -m ingest --rebuild 重建"
        finally:
            fresh.close()


def _difference(db: sqlite3.Connection, fresh: sqlite3.Connection, table: str) -> str | None:
    sizes = f"SELECT id, sz FROM {table}_docsize ORDER BY id"
    if not _same(db.execute(sizes), fresh.execute(sizes)):
        return "缺少或多出条目"
    for one in (db, fresh):
        one.execute(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.{table}_terms "
            f"USING fts5vocab (main, {table}, row)"
        )
    terms = f"SELECT term, doc, cnt FROM temp.{table}_terms"
    return None if _same(db.execute(terms), fresh.execute(terms)) else "与段落的字词不符"


def _same(one: sqlite3.Cursor, other: sqlite3.Cursor) -> bool:
    done = object()
    while True:
        left, right = next(one, done), next(other, done)
        if left is done or right is done:
            return left is right
        if tuple(left) != tuple(right):  # type: ignore[arg-type]
            return False


def _uploads(files: list[tuple[str, str, str]], folder: Path) -> Iterator[str]:
    """Uploaded files that are gone, or not what was taken in."""
    for name, _, digest in files:
        if (folder / name).is_file():
            with (folder / name).open("rb") as stream:
                if hashlib.file_digest(stream, "sha256").hexdigest() != digest:
                    yield f"{name} 的内容已不是入库时的"
        elif not (folder / name.split(MEMBER, 1)[0]).is_file():
            yield f"缺少 {name}"


def _drafts(db: Connection) -> Iterator[Check]:
    faults = []
    counts = {}
    for table, key in (("drafts", "id"), ("versions", "draft_id")):
        counts[table] = 0
        for identifier, content in db.execute(f"SELECT {key}, content FROM {table}"):
            counts[table] += 1
            try:
                if json.loads(content)["id"] != identifier:
                    faults.append(f"稿件 {identifier} 的内容不是它自己的")
            except (ValueError, KeyError, TypeError):
                faults.append(f"稿件 {identifier} 的内容读不了")
    yield _check("稿件", faults, f"{counts['drafts']} 份，{counts['versions']} 个版本")


def _vectors(folder: Path) -> Check:
    name = "向量"
    with reading(folder / CATALOG) as db:
        if (version := stored_version(db)) != SCHEMA_VERSION:
            return Check(name, True, f"格式 {version} 的目录库升级后再检查")
    catalog = SqlCatalog(folder / CATALOG)
    try:
        if catalog.read_only:
            return Check(name, True, "目录只读，用目录库里的向量")
        store = ChromaFolders(folder / "vectors", catalog)
        try:
            if not store.is_current():
                return _behind(folder, catalog.embedded_ids() == [])
            return _check(name, store.verify(), "与目录库一致")
        finally:
            store.close()
    finally:
        catalog.close()


def _behind(folder: Path, empty: bool) -> Check:
    """Vectors lag behind while files are taken in; otherwise the next start catches up."""
    if empty:
        return Check("向量", True, "库是空的")
    try:
        with FileLock(folder / "writer.lock").acquire(timeout=0):
            return Check(
                "向量", False, "落后于目录库；启动程序或运行 python -m ingest --rebuild 补上"
            )
    except Timeout:
        return Check("向量", True, "正在导入，结束后更新")
