"""Hostile files through the upload of the running app, while /healthz is asked all the time."""

import asyncio
import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil

from .bombs import Hostile, bombs
from .client import LIBRARY, Refused, tab
from .place import App, Checkout, NotStarted, app, children, memory, outlived
from .rows import Row, quantile
from .samples import document, write_folder
from .uploads import digest

# For one file: 20 for its reader, the rest for starting one and writing. To this comes what as
# many passages of an ordinary file take here: a page of text is no attack.
SECONDS = 30.0
PATIENCE = 300.0  # then the app is ended and started again
MEGABYTES = 1536.0  # that a file may take on top of the app
RUNAWAY = 5000.0  # at which the app is ended, for the machine's sake
ALIVE = 0.3  # seconds within which /healthz answers
POLL = 0.05
STALL = 0.1  # a sleep that takes this much longer shows that the machine gave nobody time


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one file."""

    name: str
    seconds: float
    outcome: str  # what the page said; '' for nothing
    peak: float  # MB on top of the app
    gone: str = ""  # why the app had to be ended

    @property
    def passages(self) -> int:
        return sum(int(n) for n in re.findall(r"(\d+) 段", self.outcome))


@dataclass
class Watch:
    """Asks /healthz and looks at memory, in a thread of its own."""

    running: App
    delays: list[float] = field(default_factory=list)  # less what the machine stood still
    stalls: list[tuple[float, float]] = field(default_factory=list)  # end and length
    silent: int = 0
    peak: float = 0.0
    over: threading.Event = field(default_factory=threading.Event)
    runaway: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "Watch":
        self.threads = [
            threading.Thread(target=t, daemon=True) for t in (self._ask, self._weigh, self._sleep)
        ]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join(20)

    def _ask(self) -> None:
        with httpx.Client(base_url=self.running.address, timeout=10) as client:
            while not self.over.wait(POLL):
                began = time.monotonic()
                answered = True
                try:
                    client.get("/healthz").raise_for_status()
                except httpx.HTTPError:
                    answered = self.over.is_set()
                took = time.monotonic() - began
                time.sleep(2 * POLL)  # the other thread has noted by now what it slept through
                stood = self._stood_still(began, began + took)
                self.silent += not (answered or stood > STALL)
                self.delays.append(max(0.0, took - stood))

    def _sleep(self) -> None:
        """Sleeps, and notes when it took too long: a stall of the machine is not the app's."""
        while not self.over.is_set():
            began = time.monotonic()
            time.sleep(POLL)
            now = time.monotonic()
            if (late := now - began - POLL) > STALL:
                self.stalls.append((now, late))

    def _stood_still(self, began: float, ended: float) -> float:
        """Seconds between two moments in which the machine gave this process no time either."""
        return sum(
            max(0.0, min(ended, end) - max(began, end - late)) for end, late in self.stalls[-200:]
        )

    def _weigh(self) -> None:
        while not self.over.wait(0.25):
            self.peak = max(self.peak, memory(self.running.pid))
            if self.peak > RUNAWAY:
                self.runaway.set()
                self.running.process.kill()
                return


def run(checkout: Checkout) -> Iterator[Row]:
    place = checkout.folder("hostile")
    files = bombs(place / "files")
    if checkout.scale < 1:
        files = files[:: max(1, round(len(files) / checkout.some(len(files), 8)))]
    base = write_folder(place / "samples", 3)
    campaign = Campaign(checkout, place, files)
    campaign.go()
    yield campaign.row(_held(checkout, place, base))
    slow = sum(d > ALIVE for d in campaign.delays)
    yield Row(
        "敌意文件 /healthz", len(campaign.delays), len(campaign.delays) - slow, slow, 0,
        f"每 150 毫秒一问；p95 {1000 * quantile(campaign.delays, 0.95):.0f} 毫秒，"
        f"最慢 {1000 * max(campaign.delays, default=0):.0f} 毫秒，没有应答 {campaign.silent} 次；"
        f"不算整机停顿（{len(campaign.stalls)} 次，最长 {max(campaign.stalls, default=0):.1f} 秒）",
        (f"{slow} 次超过 {1000 * ALIVE:.0f} 毫秒",) if slow else (),
    )  # fmt: skip


@dataclass
class Campaign:
    """Uploads one file after the other; a frozen or dead app is started again for the rest."""

    checkout: Checkout
    place: Path
    files: list[Hostile]
    taken: list[Taken] = field(default_factory=list)
    delays: list[float] = field(default_factory=list)
    silent: int = 0
    stalls: list[float] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    workers_left: int = 0
    each: float = 0.0  # seconds for a passage of an ordinary file

    def go(self) -> None:
        self.ordinary = Hostile("普通文件", self.place / "ordinary", "ordinary.txt")
        self.ordinary.path.write_text(ordinary(), encoding="utf-8")
        before = {p.name for p in self.place.iterdir()}
        waiting = list(self.files)
        while waiting:
            try:
                waiting = self._session(waiting)
            except NotStarted as error:
                self.taken += [
                    Taken(f.name, 0, "", 0, f"网页起不来：{error!s:.80}") for f in waiting
                ]
                break
        expected = {*before, "data", "data.app.log"}
        self.left = [p.name for p in self.place.iterdir() if p.name not in expected]

    def _session(self, waiting: list[Hostile]) -> list[Hostile]:
        """Goes on with the files left, until one of them ends the app; gives those after it."""
        settings = {"POLICY_WEB_SAMPLES": str(self.place / "samples")}
        with ExitStack() as stack:
            running = stack.enter_context(app(self.checkout, self.place / "data", **settings))
            watch = stack.enter_context(Watch(running))
            if not self.each:
                first = self._upload(self.ordinary, running, watch, 0)
                self.each = first.seconds / max(first.passages, 1)
            while waiting:
                one = waiting.pop(0)
                watch.peak = before = memory(running.pid)
                taken = self._upload(one, running, watch, before)
                self.taken.append(taken)
                if taken.gone:
                    break
            else:
                time.sleep(2)
                busy = [p for p in children(running.pid) if _is_working(p.pid)]
                self.workers_left += len(outlived(busy, 20))
            self.delays += watch.delays
            self.silent += watch.silent
            self.stalls += [late for _, late in watch.stalls]
            return waiting

    def _upload(self, one: Hostile, running: App, watch: Watch, before: float) -> Taken:
        began = time.monotonic()
        gone = ""
        said = ""
        try:
            said = asyncio.run(asyncio.wait_for(_send(one, running.address), PATIENCE))
        except TimeoutError:
            gone = f"{PATIENCE:.0f} 秒没有结果"
        except Refused as error:
            said = f"拒收 {error}"
        except httpx.HTTPError as error:
            gone = f"连接中断 {type(error).__name__}"
        if watch.runaway.is_set():
            gone = f"内存超过 {RUNAWAY:.0f} MB"
        elif running.process.poll() is not None:
            gone = f"网页进程结束（{running.process.returncode}）"
        seconds = time.monotonic() - began
        return Taken(one.name, seconds, said, watch.peak - before, gone)

    def row(self, lost: list[str]) -> Row:
        bad = [f"{t.name}：{t.gone}" for t in self.taken if t.gone]
        silent = [t for t in self.taken if not t.gone and not t.outcome]
        slow = [t for t in self.taken if not t.gone and t.seconds > self._allowed(t)]
        traces = [t for t in self.taken if "日志编号" in t.outcome or "Traceback" in t.outcome]
        heavy = [t for t in self.taken if t.peak > MEGABYTES]
        failed = {t.name for t in (*silent, *slow, *traces, *heavy)} | {
            t.name for t in self.taken if t.gone
        }
        faults = [
            *bad, *lost,
            *(f"{t.name}：没有结果" for t in silent),
            *(f"{t.name}：{t.seconds:.0f} 秒" for t in slow),
            *(f"{t.name}：{t.outcome[:120]}" for t in traces),
            *(f"{t.name}：另占 {t.peak:.0f} MB" for t in heavy),
            *(f"留下 {name}" for name in self.left),
        ]  # fmt: skip
        worst = max(self.taken, key=lambda t: t.seconds)
        most = max(self.taken, key=lambda t: t.peak)
        return Row(
            "敌意文件", len(self.taken), len(self.taken) - len(failed),
            len(bad) + len(lost) + len(silent) + len(slow),
            len(traces) + len(heavy) + len(self.left) + self.workers_left,
            f"逐个上传（普通文件每段 {self.each:.2f} 秒）；最慢 {worst.name} {worst.seconds:.0f} 秒，"
            f"最占内存 {most.name} 另占 {most.peak:.0f} MB；留下的工作进程 {self.workers_left}",
            tuple(faults),
        )  # fmt: skip

    def _allowed(self, taken: Taken) -> float:
        return SECONDS + self.each * taken.passages


def ordinary(articles: int = 60) -> str:
    """A document whose passages are of full size."""
    texts = (document(number, 6).replace("\n", "") for number in range(articles))
    return "\n".join(f"第{i}条 {text}。" for i, text in enumerate(texts, 1))


async def _send(one: Hostile, address: str) -> str:
    """What the page says in the end, as plain text."""
    said = ""
    async with tab(address, LIBRARY) as page:
        async for step in page.upload([(one.sent_as, one.path)]):
            if step.values and isinstance(step.values[0], str):
                said = step.values[0]
            if not step.ok:
                said = step.detail or "出错，没有说明"
    return re.sub(r"<[^>]*>", " ", said).strip()


def _held(checkout: Checkout, place: Path, base: list[Path]) -> list[str]:
    """Whether the documents that were there before still are, and the library is consistent."""
    arguments = ["-m", "soak.look", "state"]
    looked = checkout.run(arguments, place / "data", timeout=600, SOAK_REAL="1")
    if looked.code != 0:
        return [f"之后打不开（{looked.code}）：{looked.sentence[:200]}"]
    found = json.loads(looked.out)
    missing = [p.name for p in base if digest(p) not in found["documents"]]
    return [*(f"原有的 {name} 不见了" for name in missing), *found["faults"]]


def _is_working(pid: int) -> bool:
    """Whether a process uses the processor: pools may keep idle workers for the next file."""
    with suppress(psutil.Error):
        return bool(psutil.Process(pid).cpu_percent(0.5) > 20)
    return False
