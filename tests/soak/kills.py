"""kill -9 of `python -m ingest FOLDER` at random moments, and what is there afterwards."""

import json
import random
import re
import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .place import Checkout, Outcome, children, outlived
from .rows import Row
from .samples import write_folder

DOCUMENTS = 40
EACH = 3  # kills of one data folder before it is run to its end
LANES = 2
SETTINGS = {"SOAK_DELAY": "0.02", "SOAK_BATCH": "4"}
BAR = re.compile(r"导入 +(\d+)/")


@dataclass(frozen=True, slots=True)
class Killed:
    """What one kill left behind."""

    finished: bool  # it had ended before
    faults: tuple[str, ...]
    leaked: tuple[str, ...]


def run(checkout: Checkout) -> Iterator[Row]:
    place = checkout.folder("kills")
    write_folder(place / "in", DOCUMENTS)
    began = time.monotonic()
    first = ingest(checkout, place / "in", place / "whole")
    seconds = time.monotonic() - began
    undisturbed = state(checkout, place / "whole")
    if undisturbed is None or first.code != 0 or undisturbed["faults"]:
        yield Row("kill -9 导入", 1, 0, 1, 0, "没有中断的导入也没有成功", (first.err[-500:],))
        return
    rounds = [
        Round(checkout, place, number, undisturbed, seconds, random.Random(checkout.seed + number))
        for number in range(-(-checkout.some(60, 4) // EACH))
    ]
    with ThreadPoolExecutor(LANES) as pool:
        killed = [one for many in pool.map(lambda r: r.run(), rounds) for one in many]
    faults = [fault for one in killed for fault in one.faults]
    leaked = [line for one in killed for line in one.leaked]
    yield Row(
        "kill -9 导入",
        len(killed),
        sum(not one.faults for one in killed),
        sum(bool(one.faults) for one in killed),
        len(leaked),
        f"{DOCUMENTS} 份文件，每 {EACH} 次后运行到底并与未中断的库比较（{seconds:.0f} 秒）；"
        f"{sum(one.finished for one in killed)} 次在信号前已结束",
        (*faults, *leaked),
    )


@dataclass(frozen=True)
class Round:
    """One data folder: killed a few times, then run to its end and compared."""

    checkout: Checkout
    place: Path
    number: int
    undisturbed: dict[str, Any]
    seconds: float  # that the undisturbed run took
    rng: random.Random

    def run(self) -> list[Killed]:
        data = self.place / f"data{self.number}"
        killed: list[Killed] = []
        held: set[str] = set()
        for _ in range(EACH):
            one, held = self._kill(data, held)
            killed.append(one)
        last = self._complete(data, held)
        killed[-1] = Killed(
            killed[-1].finished,
            (*killed[-1].faults, *last.faults),
            (*killed[-1].leaked, *last.leaked),
        )
        shutil.rmtree(data, ignore_errors=True)
        return killed

    def _kill(self, data: Path, held: set[str]) -> tuple[Killed, set[str]]:
        arguments = ["-m", "soak.standin", "ingest", str(self.place / "in")]
        with self.checkout.start(arguments, data, **SETTINGS) as process:
            early = self.rng.random() < 0.1
            said = "" if early else read_until(process.stderr, BAR)
            time.sleep(self.rng.random() * (1.0 if early else 0.7 * self.seconds))
            finished = process.poll() is not None
            workers = children(process.pid)
            process.kill()
            said += process.communicate()[1]
        leaked = [f"第 {self.number} 轮：工作进程没有结束" for _ in outlived(workers)]
        reported = max((int(n) for n in BAR.findall(said)), default=0)
        faults = []
        found = state(self.checkout, data)
        if found is None:
            return Killed(finished, (f"第 {self.number} 轮：中断后打不开",), tuple(leaked)), held
        now = set(found["documents"])
        if len(now) < reported:
            faults.append(f"第 {self.number} 轮：报告 {reported} 份入库，只有 {len(now)} 份")
        if held - now:
            faults.append(f"第 {self.number} 轮：少了 {len(held - now)} 份原有的文件")
        faults += [f"第 {self.number} 轮：{fault}" for fault in found["faults"]]
        return Killed(finished, tuple(faults), tuple(leaked)), now

    def _complete(self, data: Path, held: set[str]) -> Killed:
        done = ingest(self.checkout, self.place / "in", data)
        found = state(self.checkout, data)
        faults = [] if done.code == 0 else [f"第 {self.number} 轮：再次导入失败：{done.sentence}"]
        faults += differences(found, self.undisturbed)
        leaked = left_over(data, self.place / "whole")
        return Killed(False, tuple(faults), tuple(leaked))


def ingest(checkout: Checkout, folder: Path, data: Path, **options: Any) -> Outcome:
    settings = SETTINGS | options.pop("settings", {})
    return checkout.run(["-m", "soak.standin", "ingest", str(folder)], data, **options, **settings)


def state(checkout: Checkout, data: Path, **settings: str) -> dict[str, Any] | None:
    """What `soak.look state` prints; None when the folder cannot be opened."""
    looked = checkout.run(["-m", "soak.look", "state"], data, **settings)
    return dict(json.loads(looked.out)) if looked.code == 0 else None


def differences(found: dict[str, Any] | None, wanted: dict[str, Any]) -> list[str]:
    """What of the undisturbed library is missing or other in `found`."""
    if found is None:
        return ["再次导入后打不开"]
    faults = list(found["faults"])
    missing = [s for s in wanted["documents"] if s not in found["documents"]]
    if missing:
        faults.append(f"少 {len(missing)} 份文件")
    if extra := [s for s in found["documents"] if s not in wanted["documents"]]:
        faults.append(f"多 {len(extra)} 份文件")
    cut = [
        s
        for s, held in wanted["documents"].items()
        if s in found["documents"] and found["documents"][s]["passages"] != held["passages"]
    ]
    if cut:
        faults.append(f"{len(cut)} 份文件的段落不同")
    if found["top"] != wanted["top"]:
        different = sum(a != b for a, b in zip(found["top"], wanted["top"], strict=True))
        faults.append(f"{different} 个问题的前十段不同")
    return faults


def left_over(data: Path, whole: Path) -> list[str]:
    """Files and vector folders that an undisturbed run does not leave."""
    extra = {p.name for p in data.iterdir()} - {p.name for p in whole.iterdir()}
    extra -= {f"catalog.sqlite3{suffix}" for suffix in ("-wal", "-shm")}  # SQLite's own
    vectors = [p.name for p in (data / "vectors").glob("v*")]
    if len(vectors) > 2:
        extra.add(f"{len(vectors)} 个向量文件夹")
    return [f"留下 {name}" for name in sorted(extra)]


def read_until(stream: Any, pattern: "re.Pattern[str]") -> str:
    """What a process says until it says something; all of it when it ends before."""
    said = ""
    while not pattern.search(said):
        piece = stream.read(1)
        if not piece:
            break
        said += piece
    return said
