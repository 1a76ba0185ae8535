"""A folder for what one run of the app needs for a while: uploads under way, reports.

Each run has its own below `data/tmp/` and holds a lock on it, so that a second app over the
same data folder leaves it alone; what a killed run left is removed by the next one.
"""

import contextlib
import logging
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from filelock import FileLock, Timeout

log = logging.getLogger(__name__)

DAY = 24 * 3600.0


@contextlib.contextmanager
def run_folder(data: Path) -> Iterator[Path]:
    """An empty folder, removed on leaving. Lies in the system's own folder for temporary files
    where nothing can be written to `data`."""
    place = data.resolve() / "tmp"
    try:
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        with FileLock(place / ".lock", timeout=60):  # nobody starts while somebody sweeps
            sweep_dead(place)
            folder = Path(tempfile.mkdtemp(prefix="run-", dir=place))
            lock = FileLock(_lock_of(folder), timeout=0)
            lock.acquire()
    except OSError:
        with tempfile.TemporaryDirectory(prefix="policy-", ignore_cleanup_errors=True) as folder_:
            yield Path(folder_).resolve()
        return
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        lock.release()
        _lock_of(folder).unlink(missing_ok=True)


def sweep_dead(place: Path) -> None:
    """Removes the folders whose run has ended, and locks without a folder."""
    for folder in [entry for entry in place.iterdir() if entry.is_dir()]:
        try:
            with FileLock(_lock_of(folder), timeout=0):
                if folder.is_symlink():
                    folder.unlink()
                else:
                    shutil.rmtree(folder, ignore_errors=True)
        except Timeout:
            continue
    for lock in place.glob("*.lock"):
        if lock.name != ".lock" and not lock.with_suffix("").exists():
            lock.unlink(missing_ok=True)


def _lock_of(folder: Path) -> Path:
    return folder.with_name(folder.name + ".lock")


def sweep_old(folder: Path, seconds: float = DAY) -> None:
    """Removes files of more than this age, and folders that are empty then."""
    before = time.time() - seconds
    for path in sorted(folder.rglob("*"), reverse=True):
        with contextlib.suppress(OSError):  # somebody else's removal, or a folder in use
            if path.is_dir() and not path.is_symlink():
                if path.lstat().st_mtime < before:
                    path.rmdir()
            elif path.lstat().st_mtime < before:
                path.unlink()


@contextlib.contextmanager
def every(seconds: float, act: Callable[[], None]) -> Iterator[None]:
    """Runs `act` in the background, at once and then every so often, whatever it raises."""
    ended = threading.Event()

    def work() -> None:
        while not ended.is_set():
            try:
                act()
            except Exception:  # the edge: it is tried again the next time
                log.exception("tidying failed")
            ended.wait(seconds)

    threading.Thread(target=work, daemon=True, name="sweeper").start()
    try:
        yield
    finally:
        ended.set()
