"""Reads many files at once, and survives a file that crashes or stalls its reader."""

import logging
import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from ingest.prepare import PreparedFile, Recipe, prepare_file

log = logging.getLogger(__name__)

TIME_LIMIT = 600  # seconds for one file; OCR of a long scan takes minutes
_SAFE = (".txt", ".md", ".markdown", ".html", ".htm", ".shtml", ".csv")
_FEW = 24
_IN_FLIGHT = 4  # files per worker: memory stays flat however long the list is


def prepare_files(paths: Sequence[Path], recipe: Recipe) -> Iterator[PreparedFile]:
    """Prepared files, in the order given.

    A few plain text files are read right here; starting workers would take longer. Formats
    whose readers are foreign code always go to a worker process.
    """
    if len(paths) <= _FEW and all(path.suffix.lower() in _SAFE for path in paths):
        for path in paths:
            yield prepare_file(path, recipe)
        return
    yield from _in_workers(paths, recipe)


def _in_workers(paths: Sequence[Path], recipe: Recipe) -> Iterator[PreparedFile]:
    workers = min(len(os.sched_getaffinity(0)), len(paths))
    waiting = deque(paths)
    running: deque[tuple[Path, Future[PreparedFile]]] = deque()
    pool = _pool(workers)
    try:
        while waiting or running:
            while waiting and len(running) < workers * _IN_FLIGHT:
                path = waiting.popleft()
                running.append((path, pool.submit(prepare_file, path, recipe)))
            path, future = running.popleft()
            try:
                yield future.result(timeout=TIME_LIMIT)
            except (BrokenProcessPool, TimeoutError):
                # Which file broke the pool is not known: each one in flight gets a worker
                # of its own now.
                _kill(pool)
                for suspect in (path, *(p for p, _ in running)):
                    yield _alone(suspect, recipe)
                running.clear()
                pool = _pool(workers)
    finally:
        _kill(pool)


def _alone(path: Path, recipe: Recipe) -> PreparedFile:
    pool = _pool(1)
    try:
        return pool.submit(prepare_file, path, recipe).result(timeout=TIME_LIMIT)
    except BrokenProcessPool:
        log.error("the reader of %r crashed", str(path))
        return PreparedFile(str(path), 0, 0, error="读取程序崩溃（文件可能已损坏），已跳过")
    except TimeoutError:
        return PreparedFile(
            str(path), 0, 0, error=f"读取超过 {TIME_LIMIT // 60} 分钟，已跳过；请拆分文件后再导入"
        )
    finally:
        _kill(pool)


def _pool(workers: int) -> ProcessPoolExecutor:
    # spawn, not fork: a forked child of a process that has opened Chroma hangs.
    return ProcessPoolExecutor(
        workers,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_end_with_parent,
    )


def _end_with_parent() -> None:
    """In a worker: a parent that is ended by a signal cannot end its workers any more."""

    def watch() -> None:
        if parent := multiprocessing.parent_process():
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _kill(pool: ProcessPoolExecutor) -> None:
    processes = list((pool._processes or {}).values())
    pool.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        process.kill()
