"""From files to the index. The only place that knows the order of steps.

Files are read and cut by worker processes, embedded in batches across files, and written one
document to a transaction, so a kill at any moment leaves each document whole or absent.
"""

import logging
import os
import stat
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import numpy as np

from ingest.correcting import as_people_corrected
from ingest.facts.refreshing import refresh
from ingest.parse import NOT_REGULAR
from ingest.parse.document import printable
from ingest.parse.kinds import EXTENSIONS
from ingest.parse.limits import read_limits
from ingest.prepare import PreparedDocument, PreparedFile, Recipe
from ingest.workers import prepare_files
from vectorstore.catalog.port import Source
from vectorstore.corrections import Correction
from vectorstore.embedding.embedder import Matrix, release_memory
from vectorstore.errors import PolicyError
from vectorstore.files.members import file_of
from vectorstore.index import PolicyIndex
from vectorstore.models import PUBLIC, Audience
from vectorstore.pace import Pace, Watch

log = logging.getLogger(__name__)

Action = Literal["added", "updated", "unchanged", "removed", "failed"]
EMBED_BATCH = 128  # passages: enough to sort by length, little enough to show progress
PUBLISH_EVERY = 20_000  # passages: a long run becomes searchable step by step


@dataclass(frozen=True, slots=True)
class FileResult:
    """What became of one file. `reason` is a sentence for the user, '' when all went well;
    `same_as` is the title of the document that was held already, under another name. `ids` are
    those of the documents that it holds."""

    path: str
    action: Action
    reason: str = ""
    documents: int = 0
    passages: int = 0
    same_as: str = ""
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: files done of all, passages embedded, how fast, and what is left."""

    files: int
    total: int
    passages: int
    pace: Pace = Pace()


def ingest(
    index: PolicyIndex,
    paths: Sequence[Path],
    *,
    prune: bool = False,
    reread: bool = False,
    on_progress: Callable[[Progress], None] = lambda _: None,
    patience: float = 10,
    audience: Audience | None = None,
    readmit: bool = False,
) -> list[FileResult]:
    """Brings the index up to date with `paths` (files or folders); one result for each file.

    `prune` removes documents whose files below `paths` are gone; `reread` takes unchanged
    files in again. `audience` is for whom documents are that nobody decided of yet: one that is
    held, was held, or is a file's newer version, stays for those for whom it was. With `readmit`
    all documents of the files are for its kind and `of`. Raises PolicyError when a path does not exist, and IndexLocked when somebody
    else writes for longer than `patience` seconds.
    """
    index.require_same_model()
    files, unreadable = find_files(paths)
    with index.writing(timeout=patience):
        refresh(index)
        run = _Run(index, len(files), on_progress, reread, audience or PUBLIC, readmit)
        for result in unreadable:
            run.finish(result)
        changed = [path for path in files if reread or not run.is_unchanged(path)]
        run.watch = Watch({printable(str(path)): _size(path) for path in changed})
        recipe = Recipe(
            index.embedder.count_tokens,
            index.settings.passage_tokens,
            index.settings.max_file_mb * 2**20,
            read_limits(index.settings),
        )
        for prepared in prepare_files(changed, recipe):
            run.accept(prepared)
        run.flush()
        if prune:
            run.prune(paths, files)
    return sorted(run.results, key=lambda result: result.path)


@dataclass
class _Run:
    """The state of one run: what waits to be embedded, and what became of each file."""

    index: PolicyIndex
    total: int
    on_progress: Callable[[Progress], None]
    reread: bool
    audience: Audience = PUBLIC
    readmit: bool = False
    results: list[FileResult] = field(default_factory=list)
    passages: int = 0
    unpublished: int = 0
    waiting: list[PreparedFile] = field(default_factory=list)
    watch: Watch = field(default_factory=lambda: Watch({}))

    def __post_init__(self) -> None:
        self.held = {d.id: d.metadata.title for d in self.index.documents()}
        self.known: dict[str, list[Source]] = {}
        for source in self.index.catalog.sources().values():
            self.known.setdefault(file_of(source.path), []).append(source)

    def finish(self, result: FileResult) -> None:
        self.results.append(result)
        self.watch.finished(result.path)
        self._tell()

    def _tell(self) -> None:
        pace = self.watch.pace
        self.on_progress(Progress(len(self.results), self.total, self.passages, pace))

    def is_unchanged(self, path: Path) -> bool:
        """By size and modification time; when these differ, the content decides later."""
        held = self.known.get(printable(str(path)), [])
        try:
            stat = path.stat()
        except OSError:
            return False
        same = held and all(
            (s.size, s.modified_ns) == (stat.st_size, stat.st_mtime_ns) for s in held
        )
        if same:
            self._readmit(source.document_id for source in held)
            ids = tuple(source.document_id for source in held)
            self.finish(FileResult(printable(str(path)), "unchanged", documents=len(held), ids=ids))
        return bool(same)

    def accept(self, prepared: PreparedFile) -> None:
        if prepared.error:
            kept = "；库中保留原来的版本" if self.known.get(printable(prepared.path)) else ""
            self.finish(FileResult(prepared.path, "failed", prepared.error + kept))
            return
        self.waiting.append(prepared)
        if sum(len(d.passages) for f in self.waiting for d in self.fresh(f)) >= EMBED_BATCH:
            self.flush()

    def flush(self) -> None:
        """Embeds what waits, in one batch across files, and writes it."""
        if not self.waiting:
            return
        new = {d.document.id: d for f in self.waiting for d in self.fresh(f)}
        kept = {i: self._as_corrected(item) for i, item in new.items()}
        first = {d.document.id: f.path for f in reversed(self.waiting) for d in self.fresh(f)}
        texts = [text for item, _ in kept.values() for text in item.embedding_texts()]
        place = {text: i for i, text in enumerate(dict.fromkeys(texts))}  # equal rows of a table
        vectors = self._embedded(list(place))[[place[t] for t in texts]]
        release_memory()
        at = 0
        for item, taken in kept.values():
            count = sum(passage.is_searched for passage in item.passages)
            sources = self._sources(item)
            with self.index.catalog.transaction():  # never public before it is what it shall be
                self._admit(item.document.id, sources)
                self.index.catalog.put_corrections(taken)
                self.index.replace_document(
                    item.document, item.passages, vectors[at : at + count], sources, item.stated
                )
            self.held[item.document.id] = item.document.metadata.title
            at += count
        for prepared in self.waiting:
            self._finish_file(prepared, {i for i, path in first.items() if path == prepared.path})
        self.waiting.clear()
        self.unpublished += len(texts)
        if self.unpublished >= PUBLISH_EVERY:
            self.index.publish()
            self.unpublished = 0

    def _embedded(self, texts: list[str]) -> Matrix:
        """Part by part, so that one long document shows how far it is."""
        files = tuple(prepared.path for prepared in self.waiting)
        parts = []
        for at in range(0, max(len(texts), 1), EMBED_BATCH):
            part = texts[at : at + EMBED_BATCH]
            parts.append(self.index.embedder.embed_passages(part))
            done = at + len(part)
            self.watch.embedded(len(part), done / (len(texts) or 1), files)
            if done < len(texts):
                self._tell()
        return np.concatenate(parts)

    def _admit(self, document_id: str, sources: Sequence[Source]) -> None:
        """Says for whom a document is, before anybody can see it. A newer version is for those
        for whom the older one was: its id is another, as its content is."""
        catalog = self.index.catalog
        self._readmit([document_id])
        if self.readmit or document_id in self.held or catalog.audiences([document_id]):
            return  # decided before
        paths = {source.path for source in sources}
        files = {file_of(path) for path in paths}
        before = [s for file in files for s in self.known.get(file, ())]
        own = [s.document_id for s in before if s.path in paths] or [s.document_id for s in before]
        older = catalog.audiences(own)
        inherited = next((older[i] for i in own if i in older), PUBLIC if own else self.audience)
        self.index.put_audience(document_id, inherited)

    def _as_corrected(self, item: PreparedDocument) -> tuple[PreparedDocument, list[Correction]]:
        """With what people corrected of it, or of the version before it."""
        paths = [source.path for source in self._sources(item)]
        held = {s.path: s.document_id for p in paths for s in self.known.get(file_of(p), ())}
        before = [held[path] for path in paths if path in held]
        return as_people_corrected(self.index.catalog, item, before)

    def _readmit(self, document_ids: Iterable[str]) -> None:
        ids = list(document_ids) if self.readmit else []
        known = self.index.catalog.audiences(ids) if ids else {}
        for i in ids:
            kept = known.get(i, PUBLIC)  # may_quote, may_download
            now = replace(kept, kind=self.audience.kind, of=self.audience.of)
            self.index.put_audience(i, now)

    def fresh(self, prepared: PreparedFile) -> list[PreparedDocument]:
        """Its documents that the index does not hold yet: the same content under another name
        is neither embedded nor stored again."""
        return [d for d in prepared.documents if self.reread or d.document.id not in self.held]

    def _sources(self, item: PreparedDocument) -> list[Source]:
        """The files among those that wait which hold this very document."""
        return [
            Source(path, d.document.id, prepared.size, prepared.modified_ns)
            for prepared in self.waiting
            for d in prepared.documents
            if d.document.id == item.document.id
            for path in d.document.source_paths
        ]

    def _finish_file(self, prepared: PreparedFile, brought: Collection[str]) -> None:
        """Notes which documents the file holds; what it held before and holds no more goes.

        `brought` are the documents that the index holds since this file.
        """
        known = self.known.get(printable(prepared.path), [])
        before = {source.document_id for source in known}
        after = {item.document.id for item in prepared.documents}
        now = {path for item in prepared.documents for path in item.document.source_paths}
        for item in prepared.documents:
            for path in item.document.source_paths:
                source = Source(path, item.document.id, prepared.size, prepared.modified_ns)
                if source not in known and item.document.id in self.held:
                    self.index.add_source(source)
        self._readmit(after)
        for source in known:
            if source.path not in now and not prepared.lost(source.path):
                self.index.remove_source(source.path)
        action: Action = "unchanged" if before == after else "updated" if before else "added"
        passages = sum(len(item.passages) for item in prepared.documents)
        self.passages += passages
        same = action == "added" and after and not self.reread and not brought
        title = self.held[prepared.documents[0].document.id] if same else ""
        said = (same_content(title) if same else "", prepared.warning)
        reason = "；".join(filter(None, said))
        ids = tuple(item.document.id for item in prepared.documents)
        self.finish(FileResult(prepared.path, action, reason, len(after), passages, title, ids))

    def prune(self, paths: Sequence[Path], files: Sequence[Path]) -> None:
        """A file that is there is never taken for gone, though its folder's name or its own
        keeps it from being found (no known extension, an unprintable name)."""
        roots = [printable(str(path.resolve())) for path in paths]
        present = {printable(str(path)) for path in files}
        for name, sources in self.known.items():
            below = any(name == root or name.startswith(root + os.sep) for root in roots)
            if below and name not in present and not Path(name).is_file():
                for source in sources:
                    self.index.remove_source(source.path)
                self.finish(FileResult(name, "removed", documents=len(sources)))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def same_content(title: str) -> str:
    """Says that a file was not stored again."""
    return f"内容与已入库的《{title}》相同，未重复入库"


def find_files(paths: Sequence[Path]) -> tuple[list[Path], list[FileResult]]:
    """Files below `paths` whose format is read, each once, and what cannot be read.

    A file named directly is always taken, through links too. Hidden files and Office's lock
    files are skipped. In a folder nothing is taken but its regular files: a link that leads out
    would bring in what was never put there, and a pipe would be waited for for ever.
    """
    found: dict[Path, None] = {}
    refused: list[FileResult] = []

    def refuse(path: Path, reason: str) -> None:
        refused.append(FileResult(printable(str(path)), "failed", reason))

    for path in paths:
        try:
            mode = path.stat().st_mode
        except FileNotFoundError:
            raise PolicyError(f"找不到 {path}；请给出存在的文件或文件夹") from None
        except (OSError, ValueError) as error:
            refuse(path, _unreadable(error))
            continue
        root = path.resolve()
        if stat.S_ISDIR(mode):
            for file in _walk(root, refuse):
                if (real := _regular(file, root, refuse)) is not None:
                    found[real] = None
        elif stat.S_ISREG(mode):
            found[root] = None
        else:
            refuse(path, NOT_REGULAR)
    return list(found), refused


def _walk(root: Path, refuse: Callable[[Path, str], None]) -> Iterator[Path]:
    """What lies below a folder and bears the name of a format that is read."""

    def closed(error: OSError) -> None:
        refuse(Path(error.filename), f"文件夹打不开（{error.strerror}）")

    for folder, folders, names in os.walk(root, onerror=closed):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in folders:
            if Path(folder, name).is_symlink():
                refuse(Path(folder, name), "是指向文件夹的符号链接，没有读取；请直接导入那个文件夹")
        for name in sorted(names):
            hidden = name.startswith((".", "~$"))
            if not hidden and name.lower().endswith(tuple(EXTENSIONS)):
                yield Path(folder, name)


def _regular(path: Path, root: Path, refuse: Callable[[Path, str], None]) -> Path | None:
    """The regular file that `path` is, or leads to within `root`; else None, with a reason."""
    try:
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            path, link = path.resolve(strict=True), path
            if not path.is_relative_to(root):
                refuse(link, "是指向文件夹之外的符号链接，没有读取；请直接导入它指向的文件")
                return None
            mode = path.stat().st_mode
    except (OSError, RuntimeError) as error:  # RuntimeError: links that lead in a circle
        refuse(path, _unreadable(error))
        return None
    if not stat.S_ISREG(mode):
        refuse(path, NOT_REGULAR)
        return None
    return path


def _unreadable(error: Exception) -> str:
    reason = getattr(error, "strerror", None) or "链接失效"
    return f"文件读不了（{reason}）；请检查路径和权限"
