"""What the command does to the corpus, in the audit log."""

from collections.abc import Callable, Sequence
from pathlib import Path

from ingest.pipeline import FileResult
from vectorstore.chain.commanding import by_command, kept_chain
from vectorstore.chain.record import Record
from vectorstore.errors import PolicyError
from vectorstore.stores import Home


def recorded(
    home: Home, paths: Sequence[Path], work: Callable[[], list[FileResult]]
) -> list[FileResult]:
    """Does `work`, with an entry before it and one for each file that it changed. What cannot be
    logged is not done."""
    chain = kept_chain(home)
    if chain is None:
        return work()
    try:
        named = [str(path) for path in paths]
        try:
            chain.append(by_command("upload", "", "done", step="begun", paths=named))
        except PolicyError as error:
            raise PolicyError(f"审计日志没有记下，所以没有导入：{error}") from error
        results = work()
        chain.append(*(_entry(r) for r in results if r.action != "unchanged"))
        return results
    finally:
        chain.close()


def _entry(result: FileResult) -> Record:
    return by_command(
        "delete document" if result.action == "removed" else "upload",
        result="failed" if result.action == "failed" else "done",
        file=result.path,
        action=result.action,
        problem=result.reason,
        passages=result.passages,
    )


def noted(home: Home, step: str, where: Path) -> None:
    """One entry for a backup or a restore."""
    if chain := kept_chain(home):
        try:
            chain.append(by_command("back up", step, where=str(where)))
        finally:
            chain.close()
