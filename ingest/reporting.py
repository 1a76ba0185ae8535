"""What became of files that a command or a followed folder brought, as a report keeps it."""

from collections.abc import Sequence
from pathlib import PurePosixPath

from ingest.pipeline import FileResult
from vectorstore.arrivals.arrivals import Arrived


def arrived(results: Sequence[FileResult]) -> list[Arrived]:
    """One row for each file that brought something or could not be read."""
    return [
        Arrived(
            label=PurePosixPath(r.path).name,
            action="same" if r.same_as else r.action,
            reason="" if r.same_as else r.reason,
            documents=r.ids,
            passages=0 if r.same_as else r.passages,
            same_as=r.ids[0] if r.same_as and r.ids else "",
        )
        for r in results
        if r.action != "unchanged"
    ]
