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
from .samples import document, write_folder
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
    def program(self) -> list[str]:
        """How a command is called, with the embedding model of the app."""
        return ["-m", "soak.standin"] if self.quick else ["-m"]

    @property
    def settings(self) -> dict[str, str]:
        return {
            "POLICY_DATABASE_URL": self.url,
            "POLICY_VECTORS_URL": self.vectors.url,
            "POLICY_WEB_SAMPLES": str(corpus(self.checkout)),
            "POLICY_WEB_PORT": str(self.port),
            "POLICY_ANSWER_REMEMBERED": "0",  # each answer is worked out
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
    """`python -m ingest`, which is then run until it has ended well."""
    written = write_folder(folder, 6, LENGTH // 5)
    arguments = [*site.program, "ingest", str(folder)]
    settings = {**site.settings, "SOAK_BATCH": "4"}
    with site.checkout.start(arguments, site.data, **settings) as process:
        read_until(process.stderr, BAR)
        process.kill()
        process.wait()
    end = time.monotonic() + ARRIVAL  # the upload may hold the writer's lock
    while (done := site.checkout.run(arguments, site.data, **settings)).code != 0:
        if time.monotonic() > end:
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
    with _site(checkout, quick=checkout.scale < 1) as site:
        questions = questions_of(checkout)[: checkout.some(25, 3)]
        before = asyncio.run(answers(site.address, questions))
        unanswered = [q for q, said in before.items() if said.startswith("Asked(")]
        if unanswered:
            yield Row("服务中断", len(before), 0, 1, 0, "没有中断时也没有回答", (*unanswered,))
            return
        for number, (name, hit) in enumerate(HITS.items()):
            trial = Trial(site, before, number)
            yield trial.row(name, hit)
            before = trial.after
        yield _as_undisturbed(site, questions)


def _as_undisturbed(site: Site, questions: list[str]) -> Row:
    """Answers from these stores beside those of a library of the same files in SQLite and folders
    that nothing has happened to."""
    data = site.place / "undisturbed"
    alone = {"POLICY_ANSWER_REMEMBERED": "0"}
    folders = [str(corpus(site.checkout)), *map(str, sorted(site.place.glob("in*")))]
    done = site.checkout.run([*site.program, "ingest", *folders], data, timeout=600, **alone)
    if done.code != 0:
        return Row("与没有中断过的库比较", 1, 0, 1, 0, done.sentence[:300])
    wanted = _asked(site, questions, data, alone)
    found = _asked(site, questions, site.data, site.settings)
    faults = [f"答得不同：{q}" for q in questions if found.get(q, "") != wanted.get(q)]
    return Row(
        "与没有中断过的库比较", len(questions), len(questions) - len(faults), len(faults), 0,
        f"{len(site.documents())} 份文件，回答和引文逐字比较", tuple(faults),
    )  # fmt: skip


def _asked(
    site: Site, questions: list[str], data: Path, settings: dict[str, str]
) -> dict[str, Any]:
    """What `python -m assistant ask` answers and quotes."""
    asked = site.place / "questions.jsonl"
    lines = [json.dumps({"id": q, "question": q}, ensure_ascii=False) for q in questions]
    asked.write_text("\n".join(lines), encoding="utf-8")
    arguments = [*site.program, "assistant", "ask", "--batch", str(asked), "--json"]
    done = site.checkout.run(arguments, data, timeout=600, **settings)
    rows = [json.loads(line) for line in done.out.splitlines() if line.startswith("{")]
    return {row["id"]: [row["answer"], [c["quote"] for c in row["citations"]]] for row in rows}


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


@dataclass(frozen=True, slots=True)
class _Load:
    """What happened while people asked; times by time.monotonic(). `is_accepted`: the server had
    the uploaded files, of which the page `said` something in the end."""

    told: list[Told]
    sent: float
    gone: float
    back: float
    is_accepted: bool
    said: str


def _written(folder: Path, first: int) -> list[Path]:
    """Files that are uploaded."""
    folder.mkdir(parents=True)
    paths = [folder / f"{number}.txt" for number in range(first, first + UPLOADED)]
    for number, path in enumerate(paths, first):
        path.write_text(document(number, LENGTH), encoding="utf-8")
    return paths


@dataclass
class Trial:
    """One part of the whole is ended while it is used."""

    site: Site
    before: dict[str, str]  # answers
    number: int
    after: dict[str, str] = field(default_factory=dict)

    def row(self, name: str, hit: Callable[[Site, Path], None]) -> Row:
        folder = self.site.place / f"in{self.number}"
        files = _written(folder / "up", (self.number + 1) * 100)
        held = self.site.documents()
        load = asyncio.run(self._loaded(hit, files, folder / "by hand"))
        missing = self._awaited(held | {digest(path) for path in files if load.is_accepted})
        self.after = asyncio.run(answers(self.site.address, [*self.before]))
        right = {q: {self.before[q], self.after[q]} for q in self.before}
        outage = Outage(load.told, right, load.sent, load.gone, load.back, hit is kill_app)
        faults = [*outage.faults(PATIENCE), *self._lost(load, held, files, missing)]
        bad = len(outage.of("nothing"))
        return Row(
            f"中断 {name}", len(load.told), len(load.told) - bad, len(faults), 0,
            f"{outage.note()}；上传 {len(files)} 份时中断，页面说：{text_of(load.said)[:60]}",
            tuple(faults),
        )  # fmt: skip

    async def _loaded(
        self, hit: Callable[[Site, Path], None], files: list[Path], folder: Path
    ) -> "_Load":
        scale = max(0.25, self.site.checkout.scale)
        users = self.site.checkout.some(USERS, 4)
        crowd = Crowd(self.site.address, [*self.before], users, self.site.checkout.seed)
        asking = asyncio.create_task(crowd.run())
        await asyncio.sleep(BEFORE * scale)
        begun, sent = asyncio.Event(), time.monotonic()
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
        return _Load(crowd.told, sent, gone, back, begun.is_set(), await sending)

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

    def _awaited(self, wanted: set[str]) -> set[str]:
        """Which of these documents do not come in."""
        end = time.monotonic() + ARRIVAL
        while (missing := wanted - self.site.documents()) and time.monotonic() < end:
            time.sleep(3)
        return missing

    def _lost(
        self, load: "_Load", held: set[str], files: list[Path], missing: set[str]
    ) -> Iterator[str]:
        """Documents and answers that are not there any more."""
        if gone := missing & held:
            yield f"少了 {len(gone)} 份原有的文件"
        yield from (
            f"上传的 {p.name} 不在库里，也没有说明"
            for p in files
            if digest(p) in missing and p.name not in load.said
        )
        kept = Counter(q for q, is_answered in self._kept()["turns"] if is_answered)
        shown = Counter(
            t.question for t in load.told
            if t.asked.outcome == "answered" and "没有存进历史记录" not in t.asked.text
        )  # fmt: skip
        if lost := sum((shown - kept).values()):
            yield f"{lost} 个显示过的回答不在历史里"

    def _kept(self) -> dict[str, Any]:
        return dict(self.site.tool("-m", "soak.look", "kept"))
