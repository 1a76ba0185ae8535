"""Uploads from the page to the index: stored first, then taken in, whatever happens between.

What a crash cut off is taken in at the next start; what failed because a server was away, as
soon as it is back. Only a file that could not be read, or whose
document was deleted, leaves the store again.

For whom a document is, is decided once: an upload of content that is held, or was, neither widens
nor narrows that, and whoever sends it is told of no document that they do not see. They get the
sentence RECEIVED, for content, title and name alike. (That it is not 已入库 tells somebody who
has the very bytes that they are held; nobody else can ask, and what is in them they know.)
"""

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Literal, Protocol

from ingest.correcting import correct
from ingest.pipeline import FileResult, Progress, ingest, same_content
from vectorstore.arrivals.arrivals import Arrivals, Arrived
from vectorstore.corrections import Correction
from vectorstore.errors import IndexLocked, PolicyError
from vectorstore.files.labels import label_of, same_label
from vectorstore.files.members import file_of
from vectorstore.files.uploads import Batch, Upload, UploadStore
from vectorstore.index import PolicyIndex
from vectorstore.models import EVERYTHING, PUBLIC, Audience, DocumentSummary, Viewer
from vectorstore.pace import Pace

log = logging.getLogger(__name__)

PATIENCE = 1.0  # seconds, after which people are told what they wait for
# A file that ends the whole program when it is taken in must not do so at every start.
MAX_ATTEMPTS = 3
# Seconds between two tries to take in what failed while the program runs.
_FIRST, _LONGEST = 5.0, 600.0
RECEIVED = "已收到，由资料管理员处理"
# Of what is found in the store and nobody knows for whom it was: only whoever sees all sees it.
NOBODY = Audience("个人")
_NAMED = 3  # files named in a sentence; more are counted


@dataclass(frozen=True, slots=True)
class UploadResult:
    """What became of one upload. `path` ends in its label; `reason` is for the user, `warning` the
    part of it that no document explains. `documents` are what the viewer sees of what it holds,
    `same_as` one that was held before with the same content, `namesake` one of the same name
    or title that says something else; `report` is the id under which this is kept, '' where it is not."""

    path: str
    action: Literal["added", "same", "received", "failed"]
    reason: str = ""
    passages: int = 0
    documents: tuple[DocumentSummary, ...] = ()
    same_as: DocumentSummary | None = None
    namesake: DocumentSummary | None = None
    warning: str = ""
    report: str = ""


class OnProgress(Protocol):
    """Is told how far it is, and how fast; `waits` while another import holds the index."""

    def __call__(
        self, done: int, total: int, *, waits: bool = False, pace: Pace = Pace()
    ) -> None: ...


def _silent(done: int, total: int, *, waits: bool = False, pace: Pace = Pace()) -> None:
    """For what nobody watches."""


class Uploads:
    """What the page needs: taking files in, deleting documents, and news of a crash."""

    def __init__(
        self, index: PolicyIndex, strays: Audience = PUBLIC, arrivals: Arrivals | None = None
    ):
        """`strays`: for whom uploads are whose catalogue was lost; NOBODY where people log in.
        `arrivals` keeps what became of each."""
        self.index = index
        self._arrivals = arrivals
        self.store = UploadStore(index.settings.data_dir.resolve() / "files")
        self._strays = strays
        # What was cut off, by who sent it and its batch.
        self._late: dict[tuple[str, str], list[UploadResult]] = {}
        self._trouble = ""
        self._guard = threading.Lock()
        self._again: threading.Thread | None = None

    def __call__(
        self,
        paths: Sequence[Path],
        on_progress: OnProgress,
        *,
        audience: Audience = PUBLIC,
        viewer: Viewer,
    ) -> list[UploadResult]:
        """Stores the files of `viewer` and takes them in for `audience`, waiting as long as
        another import takes.

        Raises PolicyError when they could not be stored; when they could not be taken in, that
        is tried again until they are.
        """
        with self.store.receive(paths, audience, viewer.id) as batch:
            try:
                return self._take_in(batch, on_progress, viewer)
            except Exception as error:
                self._try_again()
                if not isinstance(error, PolicyError):
                    raise
                raise PolicyError(f"{error}（上传的文件已保存，稍后自动补入库）") from error

    def delete(self, document_id: str) -> list[str]:
        """Deletes a document and its stored uploads; the files of it that stay on disk.

        Raises PolicyError when it is not there or the index is being written.
        """
        with self.index.writing(timeout=5):
            summary = self.index.catalog.summary(document_id)
            if summary is None:
                raise PolicyError("这份文件已经不在库中。")
            files = {Path(file_of(name)) for name in summary.source_paths}
            with self.store.removal(files) as batch:
                self.index.delete_document(document_id)
                self.store.settle(batch, self._referred)
        return [str(file) for file in sorted(files) if file.exists()]

    def correct(self, made: Sequence[Correction]) -> None:
        """Keeps what somebody corrected of one document. Raises PolicyError as `delete` does."""
        correct(self.index, made)

    # --- one batch ------------------------------------------------------------------------

    def _take_in(self, batch: Batch, on_progress: OnProgress, viewer: Viewer) -> list[UploadResult]:
        paths = dict.fromkeys(self.store.folder / f.path for f in batch.files if not f.error)
        begun = time.monotonic()
        taken = self._ingest_when_free(list(paths), on_progress, batch.audience)
        results = {r.path: r for r in taken}
        uploads = list(self._results(batch.files, results, viewer))
        self.store.settle(batch, self._referred)
        return self._kept(uploads, batch, time.monotonic() - begun)

    def _kept(
        self, uploads: list[UploadResult], batch: Batch, seconds: float
    ) -> list[UploadResult]:
        """With the id of their report. A report that cannot be kept takes nothing back."""
        if self._arrivals is None:
            return uploads
        rows = [
            Arrived(
                label_of(u.path), u.action, u.warning, tuple(d.id for d in u.documents),
                u.passages, u.same_as.id if u.same_as else "", u.namesake.id if u.namesake else "",
            )
            for u in uploads
        ]  # fmt: skip
        try:
            report = self._arrivals.keep(
                rows, by=batch.by, way="upload", audience=batch.audience, seconds=seconds
            )
        except PolicyError as error:
            log.warning("a report was not kept: %s", error)
            return uploads
        return [replace(u, report=report) for u in uploads]

    def _ingest_when_free(
        self, paths: list[Path], on_progress: OnProgress, audience: Audience
    ) -> list[FileResult]:
        def tell(progress: Progress) -> None:
            on_progress(progress.files, progress.total, pace=progress.pace)

        while paths:
            try:
                return ingest(
                    self.index, paths, on_progress=tell, patience=PATIENCE, audience=audience
                )
            except IndexLocked:
                on_progress(0, len(paths), waits=True)
        return []

    def _results(
        self, files: Iterable[Upload], results: dict[str, FileResult], viewer: Viewer
    ) -> Iterator[UploadResult]:
        """In the order of the upload. The second of two same files is the one held already."""
        library = _Names(self.index, viewer)
        seen: set[str] = set()
        for file in files:
            path = str(self.store.folder / file.path)
            result = results.get(path)
            if file.error or result is None:
                why = file.error or "没有入库"
                yield UploadResult(file.label, "failed", why, warning=why)
            elif result.action == "failed":
                yield UploadResult(path, "failed", result.reason, warning=result.reason)
            elif not library.shows(path):
                yield UploadResult(path, "received", RECEIVED, warning=RECEIVED)
            else:
                known = result.action == "unchanged" or result.same_as or path in seen
                yield library.told(path, file.label, result, known=bool(known))
            seen.add(path)

    def _referred(self) -> set[str]:
        return {file_of(name) for name in self.index.catalog.sources()}

    # --- after a crash ----------------------------------------------------------------------

    def recover(self) -> None:
        """Takes in what a crash cut off, and finishes deletions. Never raises."""
        self._late, self._trouble = {}, ""
        try:
            self._finish_all()
            self._late["", ""] = self._take_in_strays()
        except Exception as error:  # the edge: the site runs on without them
            self._trouble = f"上次中断的上传{_later(error)}"
            self._try_again()
        if notice := self.notice(EVERYTHING):
            log.warning("%s", notice)

    def notice(self, viewer: Viewer) -> str:
        """What somebody should know of uploads that a crash had cut off, or '': of all where
        nobody logs in, else of their own."""
        late = [*self._late.items()]
        mine = [r for (by, _), found in late if viewer.sees_all or by == viewer.id for r in found]
        return self._trouble or recovered(mine)

    def _try_again(self) -> None:
        """In a thread of its own, until nothing is left. Returns at once."""
        with self._guard:
            if self._again is None or not self._again.is_alive():
                self._again = threading.Thread(target=self._retry, daemon=True, name="late uploads")
                self._again.start()

    def _retry(self) -> None:
        pause = _FIRST
        while True:
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST)
            try:
                if self._finish_all():
                    self._trouble = ""
                    return
            except Exception as error:  # the edge: nobody waits for this thread
                _later(error)

    def _finish_all(self) -> bool:
        """Whether no batch failed in a way that may pass."""
        passed = True
        for batch in self.store.unfinished():
            self._late[batch.by, batch.folder.name], ended = self._finish(batch)
            passed = passed and ended
        return passed

    def _finish(self, batch: Batch) -> tuple[list[UploadResult], bool]:
        """What became of its files, and whether that is all that will."""
        with batch:
            if batch.removal:
                self.store.settle(batch, self._referred)
                return [], True
            if batch.attempts >= MAX_ATTEMPTS:
                why = f"{MAX_ATTEMPTS} 次补入库都中断，不再重试；文件留在数据目录的 files 里"
                return [UploadResult(file.label, "failed", why) for file in batch.files], True
            self.store.place(batch)
            batch.attempts += 1
            batch.write()
            try:
                return self._take_in(batch, _silent, EVERYTHING), True
            except Exception as error:  # the edge: one batch must not stop the others
                batch.attempts -= 1  # it did not end the program
                batch.write()
                self._try_again()
                why = _later(error)
                return [UploadResult(file.label, "failed", why) for file in batch.files], False

    def _take_in_strays(self) -> list[UploadResult]:
        """Stored uploads that the catalogue does not know; what fails of them stays."""
        paths = [path for path in self.store.strays(self._referred) if path.is_file()]
        return [
            UploadResult(
                r.path, "failed" if r.action == "failed" else "added", r.reason, r.passages
            )
            for r in self._ingest_when_free(paths, _silent, self._strays)
        ]


def _later(error: Exception) -> str:
    known = isinstance(error, PolicyError)
    log.error("uploads could not be taken in yet: %s", error, exc_info=None if known else error)
    return f"还没能补入库（{error if known else '原因见日志'}）；稍后自动再试"


class _Names:
    """Which files of the library bear which names, as of one moment and for one viewer."""

    def __init__(self, index: PolicyIndex, viewer: Viewer):
        self._index = index
        self._viewer = viewer
        self._held: dict[str, list[str]] = defaultdict(list)  # file → ids of its documents
        self._named: dict[str, list[str]] = defaultdict(list)  # name → files
        for name, source in index.catalog.sources().items():
            path = file_of(name)
            if path not in self._held:
                self._named[same_label(label_of(path))].append(path)
            self._held[path].append(source.document_id)

    def _documents(self, path: str) -> tuple[DocumentSummary, ...]:
        """What the viewer sees of a file's documents."""
        held = self._index.catalog.summaries(self._held[path])
        found = (held[i] for i in self._held[path] if i in held)
        return tuple(d for d in found if self._viewer.sees(d))

    def shows(self, path: str) -> bool:
        return bool(self._documents(path))

    def told(self, path: str, label: str, result: FileResult, *, known: bool) -> UploadResult:
        """What became of a file that was read; `known`: its content was here before."""
        documents = self._documents(path)
        other = self._namesake(path, label) or (None if known else self._titled_alike(documents))
        warning = "" if known or result.same_as else result.reason
        said = [same_content(documents[0].metadata.title) if known else result.reason]
        if other:
            said.append(f"库中另有同名文件《{other.metadata.title}》（另一份内容），两份都保留")
        return UploadResult(
            path,
            "same" if known else "added",
            "；".join(filter(None, said)),
            0 if known else result.passages,
            documents,
            documents[0] if known else None,
            other,
            warning,
        )

    def _titled_alike(self, documents: Sequence[DocumentSummary]) -> DocumentSummary | None:
        """Another document that bears the title of one of them, whatever its file is called."""
        own = {d.id for d in documents}
        for document in documents:
            for other in self._titled.get(document.metadata.title, ()):
                if other.id not in own and self._viewer.sees(other):
                    return other
        return None

    @cached_property
    def _titled(self) -> dict[str, list[DocumentSummary]]:
        """All documents by their titles."""
        titled = defaultdict[str, list[DocumentSummary]](list)
        for document in self._index.catalog.documents():
            titled[document.metadata.title].append(document)
        return titled

    def _namesake(self, path: str, label: str) -> DocumentSummary | None:
        """A document of a file of the same name that holds something else."""
        own = set(self._held[path])
        for other in self._named[same_label(label)]:
            if own.isdisjoint(self._held[other]) and (found := self._documents(other)):
                return found[0]
        return None


def recovered(results: Sequence[UploadResult]) -> str:
    """One sentence on what was cut off, '' when nothing was."""
    failed = [r for r in results if r.action == "failed"]
    parts = []
    if count := len(results) - len(failed):
        parts.append(f"上次中断的 {count} 份上传已补入库")
    if failed:
        named = "、".join(f"{label_of(r.path)}（{r.reason}）" for r in failed[:_NAMED])
        more = "等" if len(failed) > _NAMED else ""
        parts.append(f"上次中断的 {len(failed)} 份上传没有入库：{named}{more}")
    return "；".join(parts)
