"""What reading one file may cost. Two nets: sizes that parsers check themselves, so that they
can say what is too big, and limits of the worker process, which hold whatever the code does.
"""

import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from vectorstore.errors import FileRejected
from vectorstore.settings import IndexSettings

# The longest law of the corpus has 150,000 characters; this much text is cut in about 10 s.
MAX_CHARACTERS = 5_000_000
MAX_CELLS = 1_000_000
MAX_PASSAGES = 50_000
OCR_SECONDS = 60  # processor time of one scanned page on all cores, the models' start included
TABLE_SECONDS = 5  # processor time of the ruled tables of one page
DRAW_SECONDS = 6  # processor time of the picture of one page
OFFICE_SECONDS = 60  # processor time of LibreOffice for one file
OCR_MEMORY_MB = 3072  # address space; the models map more than they touch
MEMBER_SECONDS = 0.3  # a container's allowance grows by this with each document in it


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may take: processor time (s), minutes in all, address space (MB), scans."""

    seconds: int = 15
    minutes: int = 20
    memory_mb: int = 1536
    ocr_pages: int = 200


@dataclass(frozen=True, slots=True)
class Stage:
    """A step with an allowance of its own: processor seconds, and seconds on the clock."""

    name: str
    cpu: float
    wall: float


class Meter:
    """The processor time one file has left, enforced by the system (RLIMIT_CPU).

    Time counts for the whole process, so the limit is set anew for each file, and for each
    step that may legitimately take long (a page of a scan).
    """

    def __init__(self, limits: Limits, notify: Callable[[Stage], None]):
        self.limits = limits
        self._notify = notify
        self._end = time.process_time()

    def start(self, stage: Stage) -> None:
        """`stage` begins, with nothing left over from the one before."""
        self._arm(stage.cpu)
        self._notify(stage)

    def grant(self, seconds: float) -> None:
        self._arm(self.left + seconds)

    @property
    def left(self) -> float:
        return max(0.0, self._end - time.process_time())

    def _arm(self, seconds: float) -> None:
        self._end = time.process_time() + seconds
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (int(self._end) + 1, hard))


def read_limits(settings: IndexSettings) -> Limits:
    return Limits(
        settings.read_seconds,
        settings.read_minutes,
        settings.read_memory_mb,
        settings.read_ocr_pages,
    )


_DEFAULT = Limits()
_meter: Meter | None = None  # of the file that this process reads; None outside of workers


def arm(meter: Meter | None) -> None:
    """Makes `meter` the one that the parsers of this process report to."""
    global _meter
    _meter = meter


def current() -> Limits:
    return _meter.limits if _meter else _DEFAULT


@contextmanager
def stage(name: str, cpu: float, memory_mb: int = 0) -> Iterator[None]:
    """A step that takes from its own allowance; the file's rests meanwhile."""
    if (meter := _meter) is None:
        yield
        return
    left = meter.left
    limit_memory(memory_mb or meter.limits.memory_mb)
    meter.start(stage_of(name, cpu))
    try:
        yield
    finally:
        limit_memory(meter.limits.memory_mb)
        meter.start(stage_of("读取", max(left, 1)))


def stage_of(name: str, cpu: float) -> Stage:
    """On a busy machine processor time comes slowly: the clock is several times as generous."""
    return Stage(name, cpu, 4 * cpu + 20)


def limit_memory(megabytes: int) -> None:
    """Limits the address space of this process (RLIMIT_AS).

    What is mapped already, as the models of the text recognition, takes half of it at most.
    """
    wanted = max(megabytes, _mapped() + megabytes // 2) * 2**20
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))


def _mapped() -> int:
    """Megabytes of address space in use; 0 where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:
        return 0
    return pages * resource.getpagesize() // 2**20


class Scans:
    """Counts the pages of a file that are read by text recognition."""

    def __init__(self) -> None:
        self._pages = 0

    @contextmanager
    def page(self) -> Iterator[None]:
        """Around the recognition of one page. Raises FileRejected above the limit."""
        self._pages += 1
        limit = current().ocr_pages
        if self._pages > limit:
            raise FileRejected(
                f"扫描页超过 {limit} 页；请拆分后再导入，或用 POLICY_READ_OCR_PAGES 调大"
            )
        with stage(f"第 {self._pages} 张扫描页的文字识别", OCR_SECONDS, OCR_MEMORY_MB):
            yield


def require_length(characters: int) -> None:
    """Raises FileRejected for more text than is read."""
    if characters > MAX_CHARACTERS:
        raise FileRejected(f"文字超过 {MAX_CHARACTERS // 10_000} 万字；请拆分后再导入")
