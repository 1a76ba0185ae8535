"""kill -9 of the app, of those who take files in, of PostgreSQL and of the server of vectors, while
people ask and somebody uploads: what everybody is told, how soon it is right again, and whether
anything is lost.

The app keeps its stores in PostgreSQL and its vectors in `chroma run`, both on this machine. What
ended is started again at once, or after OUT seconds, as systemd does it; nothing else is done.
"""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil

from tests.postgres import MISSING, Cluster, cluster, programs
from tests.vectorstore.vectors.engines import ChromaProcess, free_port

from .client import LIBRARY, Refused, tab, text_of
from .crowd import Crowd, Outage, Told, answers
from .kills import BAR, read_until
from .load import questions_of
from .place import App, Checkout, app, children
from .questions import corpus
from .rows import Row, skipped
from .samples import write_folder
from .uploads import digest

USERS = 10
OUT = 8.0  # seconds for which a server is away
BEFORE, AFTER = 15.0, 45.0  # seconds of load around that
PATIENCE = 35.0  # seconds after which nothing fails any more: the longest pause between two tries
UPLOADED = 6  # files that come in meanwhile
LENGTH = 200  # paragraphs of each
INTO = 1.0  # seconds that they are worked on before
ARRIVAL = 120.0  # seconds that what was cut off may take to come in


@dataclass
class Site:
    """The app over its two servers; it has one port for good."""

    checkout: Checkout
    place: Path
    database: Cluster
    vectors: ChromaProcess
    quick: bool  # with the stand-in for the embedding model
    url: str
    port: int = field(default_factory=free_port)
    running: App | None = None
    _ended: ExitStack = field(default_factory=ExitStack)

    @property
    def data(self) -> Path:
        return self.place / "data"

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def settings(self) -> dict[str, str]:
        return {
            "POLICY_DATABASE_URL": self.url,
            "POLICY_VECTORS_URL": self.vectors.url,
            "POLICY_WEB_SAMPLES": str(corpus(self.checkout)),
            "POLICY_WEB_PORT": str(self.port),
            "POLICY_ANSWER_REMEMBERED": "0",  # each answer is worked out
            "POLICY_LOG_MODE": "on",
            "SOAK_DELAY": "0.2",
        }

    def start(self) -> None:
        made = app(self.checkout, self.data, quick=self.quick, **self.settings)
        self.running = self._ended.enter_context(made)

    def kill(self) -> None:
        assert self.running
        self.running.process.kill()
        self.running.process.wait()
        self._ended.close()

    def tool(self, *arguments: str) -> Any:
        """What a command of the checkout prints, over the same stores."""
        done = self.checkout.run([*arguments], self.data, **self.settings)
        if done.code != 0:
            raise RuntimeError(f"{arguments}: {done.sentence[:300]}")
        return json.loads(done.out)

    def documents(self) -> set[str]:
        listed = self.tool("-m", "soak.standin", "ingest", "--status", "--json")
        return {str(one["sha256"]) for one in listed}


# --- what is done to it -----------------------------------------------------------------------


def kill_app(site: Site, _: Path) -> None:
    site.kill()
    site.start()


def kill_reader(site: Site, _: Path) -> None:
    """One that is reading a file for the app."""
    assert site.running
    end = time.monotonic() + 20
    while time.monotonic() < end:
        for process in children(site.running.pid):
            with suppress(psutil.Error):
                is_reader = "ingest.worker_process" in " ".join(process.cmdline())
                if is_reader and process.cpu_percent(0.05) > 20:
                    process.kill()
                    return
    raise RuntimeError("没有读取进程在工作")


def kill_ingest(site: Site, folder: Path) -> None:
    """`python -m ingest`, which is then run to its end."""
    written = write_folder(folder, 10, LENGTH // 5)
    arguments = ["-m", "soak.standin", "ingest", str(folder)]
    settings = {**site.settings, "SOAK_BATCH": "4"}
    with site.checkout.start(arguments, site.data, **settings) as process:
        read_until(process.stderr, BAR)
        process.kill()
        process.wait()
    done = site.checkout.run(arguments, site.data, **settings)
    if done.code != 0:
        raise RuntimeError(f"再次导入：{done.sentence[:300]}")
    if missing := {digest(path) for path in written} - site.documents():
        raise RuntimeError(f"再次导入后少 {len(missing)} 份文件")


def stop_database(site: Site, _: Path) -> None:
    site.database.stop()
    time.sleep(OUT)
    site.database.start()


def kill_vectors(site: Site, _: Path) -> None:
    site.vectors.kill()
    time.sleep(OUT)
    site.vectors.start()


HITS: dict[str, Callable[[Site, Path], None]] = {
    "网页程序": kill_app,
    "读取上传文件的进程": kill_reader,
    "导入程序": kill_ingest,
    "PostgreSQL": stop_database,
    "向量服务": kill_vectors,
}


# --- one trial --------------------------------------------------------------------------------


def run(checkout: Checkout) -> Iterator[Row]:
    if programs() is None:
        yield skipped("服务中断", MISSING)
        return
    is_quick = checkout.scale < 1
    with _site(checkout, quick=is_quick) as site:
        questions = questions_of(checkout)[: checkout.some(25, 3)]
        right = asyncio.run(answers(site.address, questions))
        faults = [f"没有回答：{q}" for q, said in right.items() if said.startswith("Asked(")]
        for number, (name, hit) in enumerate(HITS.items()):
            yield Trial(site, right, number, tuple(faults)).row(name, hit)
            faults = []


@contextmanager
def _site(checkout: Checkout, *, quick: bool) -> Iterator[Site]:
    place = checkout.folder("servers")
    vectors = ChromaProcess(place / "chroma")
    with cluster() as database:
        vectors.start()
        site = Site(checkout, place, database, vectors, quick, database.database())
        try:
            site.start()
            yield site
        finally:
            if site.running:
                site.kill()
            vectors.kill()


@dataclass
class Trial:
    """One part of the whole is ended while it is used."""

    site: Site
    right: dict[str, str]
    number: int
    before: tuple[str, ...] = ()  # faults that were there already

    def row(self, name: str, hit: Callable[[Site, Path], None]) -> Row:
        folder = self.site.place / f"in{self.number}"
        files = write_folder(folder / "up", (self.number + 1) * 100 + UPLOADED, LENGTH)[-UPLOADED:]
        held = self.site.documents()
        outage, is_accepted, said = asyncio.run(self._loaded(hit, files, folder / "by hand"))
        faults = [*self.before, *outage.faults(PATIENCE)]
        faults += self._lost(outage.told, held, files if is_accepted else [], said)
        bad = len(outage.of("nothing")) + len(outage.others)
        return Row(
            f"中断 {name}", len(outage.told) + 1, len(outage.told) + 1 - bad, len(faults), 0,
            f"{outage.note()}；上传 {len(files)} 份时中断：{text_of(said)[:60]}", tuple(faults),
        )  # fmt: skip

    async def _loaded(
        self, hit: Callable[[Site, Path], None], files: list[Path], folder: Path
    ) -> tuple[Outage, bool, str]:
        scale = max(0.25, self.site.checkout.scale)
        users = self.site.checkout.some(USERS, 4)
        crowd = Crowd(self.site.address, [*self.right], users, self.site.checkout.seed)
        asking = asyncio.create_task(crowd.run())
        await asyncio.sleep(BEFORE * scale)
        begun = asyncio.Event()
        sending = asyncio.create_task(self._upload(files, begun))
        await asyncio.wait([asyncio.create_task(begun.wait()), sending], timeout=30,
                           return_when=asyncio.FIRST_COMPLETED)  # fmt: skip
        await asyncio.sleep(0 if hit is kill_reader else INTO)
        gone = time.monotonic()
        await asyncio.to_thread(hit, self.site, folder)
        back = time.monotonic()
        await asyncio.sleep(AFTER * scale)
        crowd.over.set()
        await asking
        said = await sending
        cuts = hit is kill_app
        return Outage(crowd.told, self.right, gone, back, cuts), begun.is_set(), said

    async def _upload(self, files: list[Path], begun: asyncio.Event) -> str:
        """What the page says in the end. `begun`: the server has the files."""
        said = ""
        try:
            async with tab(self.site.address, LIBRARY) as page:
                async for step in page.upload([(p.name, p) for p in files]):
                    if step.message == "process_generating":
                        begun.set()
                    shown = [v for v in step.values if isinstance(v, str) and v]
                    said = step.detail or (shown[-1] if shown else said)
        except (httpx.HTTPError, Refused) as error:
            return f"断开（{type(error).__name__}）"
        return said

    def _lost(
        self, told: list[Told], held: set[str], files: list[Path], said: str
    ) -> Iterator[str]:
        """Documents, questions and answers that are not there any more, or other than before."""
        wanted = held | {digest(path) for path in files}
        end = time.monotonic() + ARRIVAL
        while (missing := wanted - self.site.documents()) and time.monotonic() < end:
            time.sleep(3)
        if gone := missing & held:
            yield f"少了 {len(gone)} 份原有的文件"
        yield from (
            f"上传的 {p.name} 不在库里，也没有说明"
            for p in files
            if digest(p) in missing and p.name not in said
        )
        kept = Counter(q for q, is_answered in self._kept()["turns"] if is_answered)
        shown = Counter(
            t.question for t in told
            if t.asked.outcome == "answered" and "没有存进历史记录" not in t.asked.text
        )  # fmt: skip
        if lost := sum((shown - kept).values()):
            yield f"{lost} 个显示过的回答不在历史里"
        after = asyncio.run(answers(self.site.address, [*self.right]))
        yield from (f"之后答得不同：{q}" for q, said_ in after.items() if said_ != self.right[q])

    def _kept(self) -> dict[str, Any]:
        return dict(self.site.tool("-m", "soak.look", "kept"))
