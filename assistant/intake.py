"""What pages and calls need of the side that takes files in (ingest.uploads.Uploads)."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from vectorstore.corrections import Correction
from vectorstore.models import PUBLIC, Audience, DocumentSummary, Viewer
from vectorstore.pace import Pace


class UploadResult(Protocol):
    """What became of one upload (ingest.uploads.UploadResult)."""

    @property
    def path(self) -> str: ...
    @property
    def action(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def passages(self) -> int: ...
    @property
    def documents(self) -> tuple[DocumentSummary, ...]: ...
    @property
    def same_as(self) -> DocumentSummary | None: ...
    @property
    def namesake(self) -> DocumentSummary | None: ...
    @property
    def warning(self) -> str: ...
    @property
    def report(self) -> str: ...


class OnProgress(Protocol):
    """Is told how far an upload is, and how fast; `waits` while another import is at work."""

    def __call__(
        self, done: int, total: int, *, waits: bool = False, pace: Pace = Pace()
    ) -> None: ...


class Ingest(Protocol):
    """Takes files in, and changes what came in."""

    def __call__(
        self,
        paths: Sequence[Path],
        on_progress: OnProgress,
        *,
        audience: Audience = PUBLIC,
        viewer: Viewer,
    ) -> Sequence[UploadResult]:
        """Stores the files of `viewer` and takes them in for `audience`, however long another
        import takes."""

    def delete(self, document_id: str) -> Sequence[str]:
        """Deletes a document; the files of it that stay on disk. Raises PolicyError."""

    def correct(self, made: Sequence[Correction]) -> None:
        """Keeps what somebody corrected of one document. Raises PolicyError."""

    def notice(self, viewer: Viewer) -> str:
        """What became of uploads of theirs that were cut off before the program started, or ''."""
