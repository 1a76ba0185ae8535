"""Backups as the page sees them: one at a time, in the background."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from vectorstore.errors import PolicyError

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Backup:
    """One that lies there."""

    path: Path
    made: str
    bytes: int
    documents: int
    program: str


@dataclass(frozen=True)
class Tools:
    """What makes, lists and checks them. `verify` gives what is wrong, nothing when all is well."""

    folder: Path
    make: Callable[[], Path]
    listed: Callable[[], list[Backup]]
    verify: Callable[[Path], list[str]]


class BackupDesk:
    """Runs at most one backup or check at a time, in a thread; what came of it can be asked."""

    def __init__(self, tools: Tools):
        self.tools = tools
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self.doing = ""
        self.said: tuple[bool, str] | None = None  # whether the last one went well, and what of it

    def start(self, done: Callable[[bool, str], None]) -> bool:
        """Begins a backup; False while something runs. `done` hears what came of it."""
        return self._run("正在备份", self._make, done)

    def check(self, name: str, done: Callable[[bool, str], None]) -> bool:
        """Begins to check one of those that are listed."""
        found = next((b.path for b in self.tools.listed() if b.path.name == name), None)
        if found is None:
            raise PolicyError("没有这份备份，可能已被移走。")
        return self._run(f"正在检查 {name}", lambda: self._verify(found), done)

    def wait(self, seconds: float) -> None:
        """For whoever must know that it is over: the program's end, tests."""
        if thread := self._thread:
            thread.join(seconds)

    def _make(self) -> tuple[bool, str]:
        path = self.tools.make()
        wrong = self.tools.verify(path)
        if wrong:
            return False, f"{path.name} 已写成，但检查没有通过：{'；'.join(wrong[:3])}"
        return True, f"{path.name} 已写成，检查通过"

    def _verify(self, path: Path) -> tuple[bool, str]:
        wrong = self.tools.verify(path)
        if wrong:
            return False, f"{path.name} 检查没有通过：{'；'.join(wrong[:3])}"
        return True, f"{path.name} 检查通过"

    def _run(
        self, what: str, work: Callable[[], tuple[bool, str]], done: Callable[[bool, str], None]
    ) -> bool:
        with self._lock:
            if self.doing:
                return False
            self.doing = what

        def go() -> None:
            try:
                self.said = work()
            except PolicyError as error:
                self.said = (False, str(error))
            except Exception:  # the edge of a thread: the page says it, the log has the rest
                log.exception("a backup failed")
                self.said = (False, "出错了，没有完成；日志里有原因")
            finally:
                self.doing = ""
            try:
                done(*self.said)
            except PolicyError as error:
                log.warning("a backup was not noted: %s", error)

        self._thread = threading.Thread(target=go, daemon=True, name="backup")
        self._thread.start()
        return True
