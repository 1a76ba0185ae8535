"""Load on a really started app.py with the real reader: fifty users, a burst, idle connections."""

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx
import psutil

from .client import Asked, Tab, tab
from .place import SHARED, App, Checkout, app, memory
from .questions import corpus
from .rows import Row, quantile

USERS = 50
SECONDS = 240
PAUSE = (0.5, 2.0)
BURST = 150
IDLE = 500
IDLE_SECONDS = 60
SHOWN = 1.0  # seconds within which a place in the line or a stage should stand on the page
SPREAD = 8  # questions of one conversation before a new one is begun
GROWTH = 400.0  # MB that may stay behind after all have gone
FILES = 60  # open files and threads that may stay behind


@dataclass(frozen=True, slots=True)
class Held:
    """What a process holds."""

    rss: float
    files: int
    threads: int

    def __str__(self) -> str:
        return f"{self.rss:.0f} MB、{self.files} 个打开的文件、{self.threads} 个线程"


@dataclass
class Tally:
    asked: list[Asked] = field(default_factory=list)
    seconds: float = 0.0

    def answered(self) -> list[Asked]:
        return [a for a in self.asked if a.outcome == "answered"]

    def broken(self) -> list[Asked]:
        return [a for a in self.asked if a.outcome in ("nothing", "cut")]

    def note(self) -> str:
        """The figures that people compare."""
        first = [a.first for a in self.answered()]
        whole = [a.whole for a in self.answered()]
        return (
            f"{self._placed()}；首字 p50 {quantile(first, 0.5):.2f} 秒、p95 {quantile(first, 0.95):.2f} 秒；"
            f"全文 p50 {quantile(whole, 0.5):.2f} 秒、p95 {quantile(whole, 0.95):.2f} 秒；"
            f"每秒 {len(whole) / max(1e-9, self.seconds):.2f} 个回答；"
            f"一句说明 {len(self.asked) - len(whole) - len(self.broken())}，出错 {len(self.broken())}"
        )

    def _placed(self) -> str:
        placed = [a.placed for a in self.asked if a.placed]
        late = len(self.asked) - sum(p <= SHOWN for p in placed)
        return (
            f"排队位置或进度 p50 {quantile(placed, 0.5):.2f} 秒、p95 {quantile(placed, 0.95):.2f} 秒、"
            f"最慢 {max(placed, default=0.0):.2f} 秒，{SHOWN:.0f} 秒内没有出现 {late} 次"
        )

    def faults(self) -> tuple[str, ...]:
        details = Counter(a.detail for a in self.broken())
        return tuple(f"{count} 次：{detail}" for detail, count in details.most_common(8))


def run(checkout: Checkout) -> Iterator[Row]:
    place = checkout.folder("load")
    questions = questions_of(checkout)
    with app(checkout, place / "data", POLICY_WEB_SAMPLES=str(corpus(checkout))) as running:
        users = checkout.some(USERS, 8)
        asyncio.run(_users(running, questions, 2, 6, 99))  # loads the models
        before = held(running)
        tally = asyncio.run(
            _users(running, questions, users, SECONDS * checkout.scale, checkout.seed)
        )
        during = held(running)
        time.sleep(10)  # sessions of closed pages end, free memory goes back
        after = held(running)
        yield _row(
            f"{users} 人同时使用",
            tally,
            before,
            after,
            f"；之前 {before}，停问前 {during}，之后 {after}",
        )
        yield _burst(checkout, running, questions)
        yield _idle(checkout, running, questions)


def _row(part: str, tally: Tally, before: Held, after: Held, note: str) -> Row:
    lost = len(tally.broken())
    grown = [
        f"{name}多了 {now - then:.0f}"
        for name, then, now, allowed in (
            ("内存（MB）", before.rss, after.rss, GROWTH),
            ("打开的文件", before.files, after.files, FILES),
            ("线程", before.threads, after.threads, FILES),
        )
        if now - then > allowed
    ]
    return Row(
        part, len(tally.asked), len(tally.asked) - lost, lost, len(grown), tally.note() + note,
        (*tally.faults(), *grown),
    )  # fmt: skip


def held(running: App) -> Held:
    process = psutil.Process(running.pid)
    return Held(memory(running.pid), process.num_fds(), process.num_threads())


def questions_of(checkout: Checkout) -> list[str]:
    """The committed questions about the five documents; a few about the samples without them."""
    file = SHARED / "eval" / "seeds_dev.jsonl"
    if corpus(checkout).parent != SHARED or not file.is_file():
        return [
            "青禾市到2025年底要建成多少个老年助餐点？",
            "每餐补贴多少钱？",
            "课后服务由谁负责？",
        ]
    lines = file.read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["turns"][-1] for line in lines if line]


# --- many users -------------------------------------------------------------------------------


async def _users(
    running: App, questions: Sequence[str], users: int, seconds: float, seed: int
) -> Tally:
    """Each asks, reads for a moment, and asks again."""
    tally = Tally()
    began = time.monotonic()

    async def user(number: int) -> None:
        rng = random.Random(seed * 1000 + number)
        await asyncio.sleep(rng.random() * min(5, seconds / 4))
        async with tab(running.address) as page:
            count = 0
            while time.monotonic() - began < seconds:
                tally.asked.append(await page.ask(rng.choice(questions)))
                count += 1
                if count % SPREAD == 0:
                    await page.again()
                await asyncio.sleep(rng.uniform(*PAUSE))

    await _all(user(number) for number in range(users))
    tally.seconds = time.monotonic() - began
    return tally


async def _all(coroutines: Any) -> None:
    """Runs all; one user's broken connection is that user's."""
    for result in await asyncio.gather(*coroutines, return_exceptions=True):
        if isinstance(result, Exception) and not isinstance(result, httpx.HTTPError):
            raise result


def _burst(checkout: Checkout, running: App, questions: Sequence[str]) -> Row:
    count = checkout.some(BURST, 20)
    before = held(running)
    tally = asyncio.run(_at_once(running, questions, count))
    time.sleep(10)
    after = held(running)
    return _row(f"{count} 个问题同时", tally, before, after, f"；之前 {before}，之后 {after}")


async def _at_once(running: App, questions: Sequence[str], count: int) -> Tally:
    """So many browsers have the page open, and all ask in one moment."""
    tally = Tally()
    gate = asyncio.Semaphore(20)

    async def opened() -> Tab | None:
        async with gate:
            with suppress(httpx.HTTPError):
                return await Tab(running.address, timeout=300).open()
        return None

    pages = await asyncio.gather(*(opened() for _ in range(count)))
    tally.asked += [Asked("nothing", 0, 0, "页面打不开") for page in pages if page is None]
    began = time.monotonic()

    async def ask(page: Tab, question: str) -> None:
        tally.asked.append(await page.ask(question))

    ready = [page for page in pages if page]
    await _all(ask(page, questions[i % len(questions)]) for i, page in enumerate(ready))
    tally.seconds = time.monotonic() - began
    for page in ready:
        await page.close()
    return tally


# --- idle connections -------------------------------------------------------------------------


HALVES = (
    b"",
    b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
    b"POST /feedback HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{",
    b"POST /gradio_api/upload HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/form-data; boundary=x\r\n"
    b"Content-Length: 90000\r\n\r\n--x\r\n",
    b"\x16\x03\x01\x02\x00",  # TLS to a plain port
)


def _idle(checkout: Checkout, running: App, questions: Sequence[str]) -> Row:
    count, seconds = checkout.some(IDLE, 50), IDLE_SECONDS * max(0.25, checkout.scale)
    before = held(running)
    tally, pages, opened, still = asyncio.run(_beside_idle(running, questions, count, seconds))
    time.sleep(5)
    after = held(running)
    failed = [p for p in pages if p is None]
    times = [p for p in pages if p is not None]
    row = _row(
        f"{count} 个空闲或只发一半的连接", tally, before, after,
        f"；连上 {opened}，{seconds:.0f} 秒后仍开着 {still}；期间打开页面 {len(times)} 次，"
        f"p95 {quantile(times, 0.95):.2f} 秒，失败 {len(failed)}；之前 {before}，之后 {after}",
    )  # fmt: skip
    return Row(row.part, row.tried + len(pages), row.survived + len(times), row.lost + len(failed),
               row.leaked, row.note, row.faults)  # fmt: skip


async def _beside_idle(
    running: App, questions: Sequence[str], count: int, seconds: float
) -> tuple[Tally, list[float | None], int, int]:
    """Normal requests while so many connections say nothing, or only half of what they should."""
    host, port = running.address.removeprefix("http://").split(":")
    streams: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def half(number: int) -> None:
        with suppress(OSError, TimeoutError):
            stream = await asyncio.wait_for(asyncio.open_connection(host, int(port)), 20)
            streams.append(stream)
            stream[1].write(HALVES[number % len(HALVES)])
            await stream[1].drain()

    for first in range(0, count, 50):
        await asyncio.gather(*(half(i) for i in range(first, min(count, first + 50))))
    pages: list[float | None] = []
    tally = await _beside(running, questions, seconds, pages)
    open_still = sum(await asyncio.gather(*(_is_open(reader) for reader, _ in streams)))
    for _, writer in streams:
        writer.close()
    return tally, pages, len(streams), open_still


async def _is_open(reader: asyncio.StreamReader) -> bool:
    try:
        await asyncio.wait_for(reader.read(), 0.5)  # to its end
    except TimeoutError:
        return True
    except OSError:
        return False
    return False


async def _beside(
    running: App, questions: Sequence[str], seconds: float, pages: list[float | None]
) -> Tally:
    over = asyncio.Event()

    async def load_pages() -> None:
        while not over.is_set():
            began = time.monotonic()
            try:
                async with httpx.AsyncClient(base_url=running.address, timeout=10) as client:
                    (await client.get("/")).raise_for_status()
                pages.append(time.monotonic() - began)
            except httpx.HTTPError:
                pages.append(None)
            await asyncio.sleep(0.5)

    loading = asyncio.create_task(load_pages())
    tally = await _users(running, questions, 3, seconds, 7)
    over.set()
    await loading
    return tally
