"""kill -9 of the app while an upload is being taken in, and what the next start makes of it."""

import asyncio
import hashlib
import random
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx

from .client import LIBRARY, tab
from .kills import ingest, state
from .place import App, Checkout, app, children, outlived
from .rows import Row
from .samples import write_folder

FILES = 12
RECOVERY = 60.0  # seconds that a start has for what the one before left undone
SETTINGS = {"SOAK_DELAY": "0.3", "POLICY_WEB_SAMPLES": "absent"}


def run(checkout: Checkout) -> Iterator[Row]:
    place = checkout.folder("uploads")
    before = write_folder(place / "before", 3)
    written = write_folder(place / "in", 3 + FILES, 300)[3:]
    ingest(checkout, place / "before", place / "filled")
    rng = random.Random(checkout.seed)
    faults: list[str] = []
    leaked: list[str] = []
    lost = 0
    tries = checkout.some(5, 2)
    for number in range(tries):
        data = place / f"data{number}"
        shutil.copytree(place / "filled", data)
        found, left = _one(checkout, data, before, written, rng.random() * 3)
        faults += [f"第 {number + 1} 次：{fault}" for fault in found]
        leaked += [f"第 {number + 1} 次：{line}" for line in left]
        lost += bool(found)
    yield Row(
        "kill -9 上传", tries, tries - lost, lost, len(leaked),
        f"每次 {FILES} 份文件，正在入库时结束网页进程；重新启动后每份应在库里或有一句说明",
        (*faults, *leaked),
    )  # fmt: skip


def _one(
    checkout: Checkout, data: Path, before: list[Path], files: list[Path], delay: float
) -> tuple[list[str], list[str]]:
    with app(checkout, data, quick=True, **SETTINGS) as running:
        names = asyncio.run(_upload_and_kill(running, files, delay))
        workers = children(running.pid)
        running.process.kill()
        running.process.wait()
    leaked = ["工作进程没有结束" for _ in outlived(workers)]
    # The lock that starts take in turn stays; each run has a folder and a lock of its own.
    earlier = [p for p in (data / "tmp").glob("*") if p.name != ".lock"]
    with app(checkout, data, quick=True, **SETTINGS) as running:
        said = asyncio.run(_library(running))
        missing = _wait_for(checkout, data, files)
        said += asyncio.run(_library(running)) + running.logged()
    leaked += [f"上次启动的临时文件夹 {p.name}" for p in earlier if p.exists()]
    faults = (
        [f"{p.name} 不在库里，也没有说明" for p in missing if p.name not in said] if names else []
    )
    found = state(checkout, data)
    if found is None:
        return ["再次启动后打不开"], leaked
    faults += [f"原有的 {p.name} 不见了" for p in before if digest(p) not in found["documents"]]
    return [*faults, *found["faults"]], leaked


async def _upload_and_kill(running: App, files: list[Path], delay: float) -> bool:
    """Whether the server had accepted the files before it was killed, `delay` seconds later."""
    async with tab(running.address, LIBRARY) as page:
        with suppress(httpx.HTTPError):
            async for step in page.upload([(p.name, p) for p in files]):
                if step.message == "process_generating":
                    await asyncio.sleep(delay)
                    return True
    return False


async def _library(running: App) -> str:
    """What 文件库 shows when it is opened."""
    async with tab(running.address, LIBRARY) as page:
        return await page.shown_first()


def _wait_for(checkout: Checkout, data: Path, files: list[Path]) -> list[Path]:
    """Which of `files` are still not in the library when nothing changes any more."""
    deadline = time.monotonic() + RECOVERY
    missing, before = list(files), -1
    while missing and time.monotonic() < deadline:
        found = state(checkout, data)
        missing = [p for p in files if found is None or digest(p) not in found["documents"]]
        if len(missing) == before:  # twice the same: it has stopped, or never began
            break
        before = len(missing)
        time.sleep(4)
    return missing


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
