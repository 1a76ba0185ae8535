"""Files that go in and out through the browser, and whose they are.

Gradio hands a file over as a path that the browser names. A path is believed only when this
very browser uploaded a file to it in this run, or a report was written to it for this browser.
"""

import os
import secrets
import stat
import threading
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from assistant.pages.scratch import sweep_old
from vectorstore.errors import PolicyError


class NotReceived(PolicyError):
    """A path that this browser did not upload."""


class SessionFiles:
    """The files of one run below `root`. Safe to use from several threads."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self._owners: dict[str, set[str]] = defaultdict(set)
        self._lock = threading.Lock()

    def note(self, owner: str, paths: Iterable[str]) -> None:
        """Remembers that `owner` uploaded `paths`."""
        with self._lock:
            for path in paths:
                self._owners[path].add(owner)

    def belongs(self, owner: str, path: str) -> bool:
        with self._lock:
            return owner in self._owners.get(path, ())

    def check(self, owner: str, paths: Iterable[str]) -> list[Path]:
        """The paths, each a regular file below `root` that `owner` uploaded.

        Raises NotReceived with a sentence for the page.
        """
        found = [Path(path) for path in paths]
        for path in found:
            if not (self.belongs(owner, str(path)) and _is_plain_file(path, self.root)):
                raise NotReceived(
                    f"“{path.name[:60]}”不是从这个浏览器上传的文件，或已被清理，请重新上传"
                )
        return found

    def folder(self) -> Path:
        """A new one, for files that come in otherwise than through Gradio."""
        path = self.root / f"sent-{secrets.token_hex(16)}"
        path.mkdir(mode=0o700)
        return path

    def new(self, owner: str, name: str) -> Path:
        """A place for a file that is made for `owner` to download."""
        folder = self.root / f"made-{secrets.token_hex(16)}"
        folder.mkdir(mode=0o700)
        path = folder / name
        self.note(owner, [str(path)])
        return path

    def tidy(self) -> None:
        """Removes files older than a day, and forgets those that are gone."""
        sweep_old(self.root)
        with self._lock:
            for path in [path for path in self._owners if not os.path.lexists(path)]:
                del self._owners[path]


def _is_plain_file(path: Path, root: Path) -> bool:
    """Neither a link nor a pipe or device, and really below `root`."""
    try:
        return stat.S_ISREG(path.lstat().st_mode) and path.resolve(strict=True).is_relative_to(root)
    except OSError:
        return False
