"""A process that reads files, one after the other, under limits that the system enforces.

Started by ingest/workers.py, with whom it speaks through the socket it is given. It loads the parsers and the tokenizer, and nothing that maps gigabytes:
neither torch nor Chroma nor the module that the program was started with.
"""

import contextlib
import logging
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from ingest.parse import leaves, limits, parse_leaf
from ingest.parse.kinds import Leaf, Problem
from ingest.parse.limits import MAX_CHARACTERS, MEMBER_SECONDS, Limits, Meter, Stage, stage_of
from ingest.prepare import PreparedDocument, Recipe, failure, open_source, prepare_leaf
from vectorstore.errors import FileRejected
from vectorstore.files.pages import Asked, Drawn

MAX_WRITTEN = 512 * 2**20  # bytes of one file that a reader may write (LibreOffice's scratch)
OUT_OF_MEMORY = 86  # exit status: there was not even enough for a message
_MEMBER_SHARE = 2 / 3  # of a file's time: what one member of a container may take of it


@dataclass(frozen=True, slots=True)
class Job:
    """A file to be read: prepared by `recipe`, or its text alone without one.

    `start` is the first document of a container that is wanted, `seconds` the processor time
    that is left for the file.
    """

    path: Path
    limits: Limits
    seconds: float
    max_bytes: int
    recipe: Recipe | None = None
    start: int = 0
    asked: Asked | None = None  # a picture of its pages, instead of its text


@dataclass(frozen=True, slots=True)
class Began:
    """The worker turns to a document: its place among those of the file, and its name."""

    number: int
    name: str


@dataclass(frozen=True, slots=True)
class Done:
    """The file was read to its end. `error` when it could not be opened at all."""

    size: int = 0
    modified_ns: int = 0
    error: str = ""
    is_tired: bool = False  # holds much memory, or lacked some: better replaced


Result = PreparedDocument | str | Problem | Drawn
Message = Stage | Began | Result | Done


def main(number: int) -> None:
    connection = Connection(number)
    _confine()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    while True:
        try:
            job: Job | Callable[[], Any] = connection.recv()
        except (EOFError, OSError):
            # Nothing runs that would have to be ended; raised in a finalizer, the exit would
            # only print a traceback.
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            return
        if isinstance(job, Job):
            connection.send(_read(job, connection.send))
        else:
            job()  # something to load ahead of the first file


def _confine() -> None:
    """Limits that are the same for all files, and manners."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_WRITTEN, resource.RLIM_INFINITY))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    os.nice(5)  # whoever asks a question meanwhile goes first
    with contextlib.suppress(OSError):  # memory runs out: this process goes, not the web app
        Path("/proc/self/oom_score_adj").write_text("600")
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    for name in ("pdfminer", "pdfplumber"):
        logging.getLogger(name).setLevel(logging.ERROR)


def _end_with_parent() -> None:
    """The other end of stdin is held by the parent, however it ends."""
    with contextlib.suppress(OSError):
        os.read(0, 1)
    os.kill(os.getpid(), signal.SIGTERM)  # what this process started is ended as well
    time.sleep(2)
    os._exit(1)


def _read(job: Job, send: Callable[[Message], None]) -> Done:
    limits.limit_memory(job.limits.memory_mb)
    meter = Meter(job.limits, send)
    limits.arm(meter)
    try:
        meter.start(stage_of("读取", job.seconds))
        source = open_source(job.path, job.max_bytes)
        for result in _results(job, source.content, meter, send):
            send(result)
        return Done(source.size, source.modified_ns, is_tired=_is_tired(job.limits))
    except FileRejected as error:
        return Done(error=str(error), is_tired=_is_tired(job.limits))
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except Exception:  # the edge: one broken file must not stop the others
        return Done(error=failure(str(job.path)), is_tired=True)
    finally:
        limits.arm(None)


def _results(
    job: Job, content: bytes, meter: Meter, send: Callable[[Message], None]
) -> Iterator[Result]:
    """One for each document in the file, from `job.start` on; or what was asked of its pages."""
    if job.asked:
        from ingest.parse.pictures import draw

        yield draw(job.path.name, content, job.asked)
        return
    characters = 0
    for number, leaf in enumerate(leaves(job.path.name, content)):
        if number < job.start:
            continue
        if isinstance(leaf, Problem):
            yield leaf
            continue
        send(Began(number, leaf.name))
        with _allowance(job, leaf, meter):
            result = _result(job, leaf)
        characters += _length(result)
        if leaf.name and characters > MAX_CHARACTERS:
            yield Problem(
                "",
                f"文字共超过 {MAX_CHARACTERS // 10_000} 万字；从 {leaf.name} 起没有读取，请分批导入",
            )
            return
        yield result


@contextlib.contextmanager
def _allowance(job: Job, leaf: Leaf, meter: Meter) -> Iterator[None]:
    """A member of a container gets a part of the file's time, so that a bad one leaves some."""
    if not leaf.name:
        yield
        return
    left = meter.left + MEMBER_SECONDS
    given = min(left, job.limits.seconds * _MEMBER_SHARE)
    meter.start(stage_of("读取", given))
    yield
    meter.start(stage_of("读取", left - given + meter.left))


def _result(job: Job, leaf: Leaf) -> Result:
    if job.recipe:
        return prepare_leaf(job.path, leaf, job.recipe)
    try:
        return parse_leaf(leaf, job.path.name).text
    except FileRejected as error:
        return Problem(leaf.name, str(error))


def _length(result: Result) -> int:
    if isinstance(result, PreparedDocument):
        return len(result.document.text)
    return len(result) if isinstance(result, str) else 0


def _is_tired(limit: Limits) -> bool:
    """Whether this process has grown by so much that a fresh one is the better reader."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() > limit.memory_mb * 2**20 * 0.6
