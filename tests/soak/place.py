"""Where a part runs: a checkout, its own data folder, and processes that end with the part.

The programs under test are started as processes of the checkout (working folder and
PYTHONPATH), this package beside them under the name `soak`: so the same campaign runs against
another checkout that does not hold it.
"""

import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

OWN = Path(__file__).parents[2]
SHARED = OWN.parent / "shared"
MODELS = OWN / ".cache" / "models"
TRACE = "Traceback (most recent call last)"


@dataclass(frozen=True)
class Checkout:
    """A version of the program. `scale` is the share of the full counts that is tried."""

    root: Path
    name: str
    scratch: Path
    seed: int = 11
    scale: float = 1.0

    def some(self, full: int, least: int = 1) -> int:
        """How many of `full` to try."""
        return max(least, round(full * self.scale))

    def folder(self, name: str) -> Path:
        """An empty folder of the part's own."""
        path = self.scratch / self.name / name
        path.mkdir(parents=True)
        return path

    def environment(self, data: Path, **settings: str) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("POLICY_")}
        return {
            **kept,
            "PYTHONPATH": f"{self.root}{os.pathsep}{OWN / 'tests'}",
            "PYTHONIOENCODING": "utf-8:backslashreplace",
            "POLICY_DATA_DIR": str(data),
            "POLICY_MODEL_DIR": str(MODELS),
            "POLICY_WEB_PORT": "0",
            **settings,
        }

    def run(
        self,
        arguments: Sequence[str],
        data: Path,
        *,
        timeout: float = 180,
        before: Callable[[], None] | None = None,
        **settings: str,
    ) -> "Outcome":
        """`python ARGUMENTS` in the checkout, ended with all its children after `timeout`."""
        with self.start(arguments, data, before=before, **settings) as process:
            try:
                out, err = process.communicate(timeout=timeout)
            except subprocess.TimeoutExpired:
                end(process)
                out, err = process.communicate()
                return Outcome(None, out, err)
        return Outcome(process.returncode, out, err)

    @contextmanager
    def start(
        self,
        arguments: Sequence[str],
        data: Path,
        *,
        before: Callable[[], None] | None = None,
        errors: int = subprocess.PIPE,
        **settings: str,
    ) -> Iterator["subprocess.Popen[str]"]:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=self.root,
            env=self.environment(data, **settings),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
            preexec_fn=before,
        )
        try:
            yield process
        finally:
            end(process)
            for stream in (process.stdout, process.stderr):
                if stream:
                    stream.close()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a process ended; `code` is None when its time was over."""

    code: int | None
    out: str
    err: str

    @property
    def has_trace(self) -> bool:
        return TRACE in self.out or TRACE in self.err

    @property
    def sentence(self) -> str:
        """The last line it said on stderr, as a person would read it."""
        lines = [line for line in self.err.replace("\r", "\n").splitlines() if line.strip()]
        return lines[-1].strip() if lines else ""

    @property
    def refused_well(self) -> bool:
        """Ended by itself, with an exit code and a Chinese sentence, without a traceback."""
        said = bool(re.search(r"[\u4e00-\u9fff]", self.sentence))
        return bool(self.code) and self.code > 0 and said and not self.has_trace


def end(process: "subprocess.Popen[str]") -> None:
    """Kills a process and what it started (each has a process group of its own)."""
    if process.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def children(pid: int) -> list[psutil.Process]:
    with suppress(psutil.Error):
        return psutil.Process(pid).children(recursive=True)
    return []


def outlived(processes: Sequence[psutil.Process], seconds: float = 15) -> list[psutil.Process]:
    """Those still alive after `seconds`; they are ended then."""
    _, alive = psutil.wait_procs(list(processes), timeout=seconds)
    alive = [p for p in alive if p.is_running() and p.status() != psutil.STATUS_ZOMBIE]
    for process in alive:
        with suppress(psutil.Error):
            process.kill()
    return alive


def memory(pid: int) -> float:
    """MB resident in a process and all it started."""
    total = 0
    for process in [psutil.Process(pid), *children(pid)] if psutil.pid_exists(pid) else []:
        with suppress(psutil.Error):
            total += process.memory_info().rss
    return total / 2**20


@dataclass
class App:
    """A started app.py."""

    process: "subprocess.Popen[str]"
    address: str
    log: Path
    seconds: float  # until it had an address
    said: list[str] = field(default_factory=list)

    @property
    def pid(self) -> int:
        return self.process.pid

    def logged(self) -> str:
        return "\n".join(self.said) + self.log.read_text(encoding="utf-8", errors="replace")


@contextmanager
def app(
    checkout: Checkout, data: Path, *, quick: bool = False, wait: float = 600, **settings: str
) -> Iterator[App]:
    """The real app.py on a free port of 127.0.0.1; with `quick`, its embedder is the stand-in.

    Raises NotStarted when no address comes.
    """
    arguments = ["-m", "soak.standin", "app"] if quick else ["app.py"]
    data.mkdir(parents=True, exist_ok=True)
    log = data.parent / f"{data.name}.app.log"
    began = time.monotonic()
    with (
        log.open("ab") as errors,
        checkout.start(arguments, data, errors=errors.fileno(), **settings) as process,
    ):
        lines: queue.Queue[str] = queue.Queue()
        said: list[str] = []
        threading.Thread(target=_listen, args=(process, lines, said), daemon=True).start()
        while True:
            with suppress(queue.Empty):
                if match := re.search(r"http://127\.0\.0\.1:\d+", lines.get(timeout=0.2)):
                    break
            if process.poll() is not None or time.monotonic() - began > wait:
                text = log.read_text(encoding="utf-8", errors="replace")
                raise NotStarted("\n".join(said) + text[-2000:])
        yield App(process, match[0], log, time.monotonic() - began, said)


class NotStarted(Exception):
    """app.py gave no address; the text is what it said."""


def _listen(process: "subprocess.Popen[str]", lines: "queue.Queue[str]", said: list[str]) -> None:
    """Reads what a process says, so that it never waits for a full pipe."""
    with suppress(ValueError, OSError):  # closed while reading
        for line in process.stdout or ():
            said.append(line.rstrip())
            lines.put(line)
