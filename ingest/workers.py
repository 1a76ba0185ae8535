"""Reads files in processes of their own: what a file does to its reader, it does to no other.

A reader that crashes, stalls or takes too much is ended, and the file it had is reported. Some
readers are kept, so that one uploaded file need not wait for a process to start.
"""

import atexit
import logging
import os
import pickle
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

from ingest.parse.kinds import Problem
from ingest.parse.limits import DRAW_SECONDS, Limits, Stage, stage_of
from ingest.prepare import PreparedDocument, PreparedFile, Recipe, assemble
from ingest.worker_process import OUT_OF_MEMORY, Began, Done, Job
from vectorstore.embedding.embedder import CountTokens
from vectorstore.errors import FileRejected
from vectorstore.files.pages import Asked, Drawn

log = logging.getLogger(__name__)

_ROOT = Path(__file__).parents[1]
_START = "from ingest.worker_process import main; main({})"
_IN_FLIGHT = 4  # files per worker: memory stays flat however long the list is
_MAX_MESSAGE = 256 * 2**20  # bytes; the longest text that is read comes to about 40 MB
_MAX_ENDED = 2  # readers that one file may use up, before the rest of it is given up
_CRASHED = "读取程序崩溃（文件可能已损坏，或需要的内存太多），已跳过"
_KILLED = "读取程序两次被系统结束（机器的内存可能不够），已跳过；请稍后再导入一次"
_KEPT = 1  # readers that wait for the next file


def prepare_files(paths: Sequence[Path], recipe: Recipe) -> Iterator[PreparedFile]:
    """Prepared files, in the order given."""
    if not paths:
        return
    count = min(_cores(), len(paths))
    stop = threading.Event()
    threads = ThreadPoolExecutor(count, thread_name_prefix="reader")
    waiting = deque(paths)
    running: deque[Future[PreparedFile]] = deque()
    try:
        while waiting or running:
            while waiting and len(running) < count * _IN_FLIGHT:
                running.append(threads.submit(prepare_apart, waiting.popleft(), recipe, stop))
            yield running.popleft().result()
    finally:
        stop.set()
        threads.shutdown(cancel_futures=True)
        _READERS.dismiss(_KEPT)


def prepare_apart(path: Path, recipe: Recipe, stop: threading.Event | None = None) -> PreparedFile:
    """One file, prepared by another process. Never raises for what the file holds."""
    limits = recipe.limits
    job = Job(path, limits, limits.seconds, recipe.max_bytes, recipe)
    found = _read(job, stop or threading.Event())
    if found.error:
        found.problems.append(Problem("", found.error))
    return assemble(path, found.size, found.modified_ns, found.documents, found.problems)


def read_text(path: Path, max_bytes: int, limits: Limits) -> str:
    """The text of a file, read by another process; of a container all texts.

    Raises FileRejected when any of it cannot be read: what is checked must be all of it.
    """
    found = _read(Job(path, limits, limits.seconds, max_bytes), threading.Event())
    if found.problems:
        problem = found.problems[0]
        raise FileRejected(f"{problem.name}：{problem.reason}" if problem.name else problem.reason)
    if found.error:
        raise FileRejected(found.error)
    return "\n\n".join(found.texts)


def draw_pages(path: Path, asked: Asked, max_bytes: int, limits: Limits) -> Drawn:
    """What is asked of the pages of a file, drawn by another process. Raises FileRejected."""
    limits = replace(limits, seconds=DRAW_SECONDS, minutes=1)
    found = _read(Job(path, limits, limits.seconds, max_bytes, asked=asked), threading.Event())
    if found.drawn is None:
        raise FileRejected(found.error or "没有画出来，请再试一次")
    return found.drawn


def warm(count_tokens: CountTokens) -> None:
    """Starts a reader and loads its tokenizer, ahead of the first file."""
    reader = _READERS.take()
    reader.connection.send(partial(count_tokens, ["预热"]))
    _READERS.give_back(reader)


def close() -> None:
    """Ends the readers that wait."""
    _READERS.dismiss(0)


# --- one file -----------------------------------------------------------------------------------


@dataclass
class _Found:
    """What came of a file so far, over all the readers it took."""

    documents: list[PreparedDocument] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    drawn: Drawn | None = None
    size: int = 0
    modified_ns: int = 0
    error: str = ""
    at: Began | None = None  # the document that the reader was last busy with


def _read(job: Job, stop: threading.Event) -> _Found:
    found, whole = _Found(), job
    end = time.monotonic() + 60 * job.limits.minutes
    for attempt in range(1, _MAX_ENDED + 1):
        with _READERS.slot:
            reason = _attempt(job, found, end, stop)
        if not reason:
            return found
        if reason == _KILLED and attempt < _MAX_ENDED and not stop.is_set():
            found = _Found()  # not what it read, but somebody else: it is read from its beginning
            job = whole
            continue
        if found.at is None or not found.at.name:
            found.error = reason
            return found
        found.problems.append(Problem(found.at.name, reason))
        if attempt == _MAX_ENDED or stop.is_set() or time.monotonic() > end:
            found.problems.append(Problem("", "其后的没有读取；请把没有读取的文件单独导入"))
        job = replace(job, start=found.at.number + 1, seconds=job.seconds / 3)
    return found


def _attempt(job: Job, found: _Found, end: float, stop: threading.Event) -> str:
    """Lets one reader work on a file. Returns why it had to be replaced, or ''."""
    reader = _READERS.take()
    stage = stage_of("读取", job.seconds)
    deadline = time.monotonic() + _clock(stage)
    try:
        reader.connection.send(job)
        while True:
            while not reader.connection.poll(0.25):
                now = time.monotonic()
                if stop.is_set() or now > min(deadline, end):
                    reader.end()
                    return _too_slow(stage, job.limits, spent=now > end)
            message = reader.receive()
            if isinstance(message, Stage):
                stage = message
                deadline = time.monotonic() + _clock(stage)
            elif isinstance(message, Done):
                found.size, found.modified_ns = message.size, message.modified_ns
                found.error = message.error
                _READERS.give_back(reader, is_tired=message.is_tired)
                return ""
            else:
                _collect(message, found)
    except (EOFError, OSError):  # it is gone, or said more than is taken
        reader.end()
        reason = _cause(reader.process.returncode, stage, job.limits)
        log.error("the reader of %r ended: %s", str(job.path), reason)
        return reason
    except BaseException:
        reader.end()
        raise


def _clock(stage: Stage) -> float:
    """Seconds without news after which a reader is taken to be stuck."""
    return stage.wall


def _collect(message: object, found: _Found) -> None:
    if isinstance(message, Began):
        found.at = message
    elif isinstance(message, PreparedDocument):
        found.documents.append(message)
    elif isinstance(message, Problem):
        found.problems.append(message)
    elif isinstance(message, Drawn):
        found.drawn = message
    elif isinstance(message, str):
        found.texts.append(message)


def _too_slow(stage: Stage, limits: Limits, *, spent: bool) -> str:
    if spent:
        return f"读取超过 {limits.minutes} 分钟，已停止；请拆分文件，或用 POLICY_READ_MINUTES 调大"
    return f"{stage.name}超过 {_clock(stage):.0f} 秒没有进展，已停止；请拆分文件后再导入"


def _cause(status: int, stage: Stage, limits: Limits) -> str:
    """Why a reader ended, in a sentence with a way on."""
    if status == -signal.SIGXCPU:
        more = "，或用 POLICY_READ_SECONDS 调大" if stage.name == "读取" else ""
        return (
            f"{stage.name}用了 {stage.cpu:.0f} 秒处理器时间还没有完，已停止"
            f"（内容异常，或文件太大）；请拆分文件{more}"
        )
    if status == OUT_OF_MEMORY:
        return (
            f"{stage.name}需要的内存超过 {limits.memory_mb} MB，已停止；"
            "请拆分文件，或用 POLICY_READ_MEMORY_MB 调大"
        )
    return _KILLED if status == -signal.SIGKILL else _CRASHED


# --- the processes ------------------------------------------------------------------------------


@dataclass
class _Reader:
    """A process that reads files, and the way to speak with it."""

    process: subprocess.Popen[bytes]
    connection: Connection

    @classmethod
    def start(cls) -> "_Reader":
        """A fresh interpreter: a forked child of a process that has opened Chroma hangs.

        Not by multiprocessing, whose children first load the program's own main module, and
        with it the web page and torch.
        """
        ours, theirs = socket.socketpair()
        path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
        kept = {k: v for k, v in os.environ.items() if not k.startswith("POLICY_")}  # has a key
        process = subprocess.Popen(
            [sys.executable, "-c", _START.format(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.PIPE,  # never written: its end tells the reader that we are gone
            stdout=subprocess.DEVNULL,
            env={**kept, "PYTHONPATH": path, "MALLOC_ARENA_MAX": "2"},
            start_new_session=True,  # Ctrl+C is for us; we end the readers
        )
        theirs.close()
        return cls(process, Connection(ours.detach()))

    def receive(self) -> object:
        # What our own process wrote; recv() would take messages of any length.
        return pickle.loads(self.connection.recv_bytes(_MAX_MESSAGE))  # noqa: S301

    def end(self) -> None:
        """Asks the process to end, which ends what it has started; then makes it."""
        self.connection.close()
        if self.process.stdin:
            self.process.stdin.close()
        try:
            self.process.wait(0.5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class _Readers:
    """The readers that wait for work; one that works belongs to the thread that took it."""

    def __init__(self) -> None:
        self._idle: list[_Reader] = []
        self._lock = threading.Lock()
        # One more than cores: a text to be checked need not wait for a long ingest.
        self.slot = threading.BoundedSemaphore(_cores() + 1)

    def take(self) -> _Reader:
        with self._lock:
            while self._idle:
                reader = self._idle.pop()
                if reader.process.poll() is None:
                    return reader
                reader.end()
        return _Reader.start()

    def give_back(self, reader: _Reader, *, is_tired: bool = False) -> None:
        if is_tired:
            reader.end()
            return
        with self._lock:
            self._idle.append(reader)

    def dismiss(self, keep: int) -> None:
        """Ends all that wait but `keep`."""
        with self._lock:
            ended, self._idle = self._idle[keep:], self._idle[:keep]
        for reader in ended:
            reader.end()


def _cores() -> int:
    return len(os.sched_getaffinity(0))


_READERS = _Readers()
atexit.register(close)
