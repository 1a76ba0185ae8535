"""Documents that lie in a container (a ZIP): how a source's path names them, and its file on disk."""

from pathlib import Path

MEMBER = "!"  # in a source's path: between a container and what it holds


def file_of(source_path: str) -> str:
    """The file on disk that a source path means; members of containers follow a mark.

    The mark may also stand in a file's own name (紧急!.txt), which only the disk can tell.
    """
    parts = source_path.split(MEMBER)
    if len(parts) == 1:
        return source_path
    names = (MEMBER.join(parts[: count + 1]) for count in range(1, len(parts)))
    return next((name for name in (parts[0], *names) if Path(name).is_file()), parts[0])
