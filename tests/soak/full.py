"""The disk is full: ingest and draft end with a sentence, and go on when there is space again."""

import re
import resource
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import drafts
from .kills import differences, ingest, state
from .place import Checkout, Outcome
from .rows import Row
from .samples import write_folder

SHARES = (0.05, 0.2, 0.4, 0.6, 0.8, 0.95)  # of the space that a whole run takes
SPARE = (4, 16, 32, 64, 128, 256)  # KB left when a draft is begun
_TAKEN = re.compile(r"导入 +(\d+)/")


@dataclass(frozen=True)
class Disk:
    """A small file system of its own; or, where nothing can be mounted, a limit on file size."""

    path: Path
    mounted: bool

    def grow(self, kilobytes: int) -> None:
        if self.mounted:
            _mount("remount", kilobytes, self.path)

    def limit(self, kilobytes: int) -> Callable[[], None] | None:
        """To be called in a process before it starts."""
        if self.mounted:
            return None

        def lower() -> None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # an error, as a full disk gives one
            resource.setrlimit(resource.RLIMIT_FSIZE, (1024 * kilobytes, 1024 * kilobytes))

        return lower


def run(checkout: Checkout) -> Iterator[Row]:
    place = checkout.folder("full")
    write_folder(place / "in", 40)
    ingest(checkout, place / "in", place / "whole")
    wanted = state(checkout, place / "whole")
    if wanted is None or wanted["faults"]:
        yield Row("磁盘写满", 1, 0, 1, 0, "空间足够时也没有成功")
        return
    step = 1 if checkout.scale >= 1 else 3
    yield _ingests(checkout, place, wanted, SHARES[::step])
    yield _drafts(checkout, place, SPARE[::step])


def _ingests(checkout: Checkout, place: Path, wanted: dict[str, Any], shares: Any) -> Row:
    faults: list[str] = []
    leaked: list[str] = []
    lost, bad, mounted, size = 0, 0, True, used(place / "whole")
    for share in shares:
        kilobytes = max(64, int(share * size))
        with disk(place / f"disk-{share}", kilobytes) as small:
            mounted, data = small.mounted, small.path / "data"
            refused = ingest(checkout, place / "in", data, before=small.limit(kilobytes))
            small.grow(8 * size + 65536)
            found = _refused(refused)
            if refused.has_trace:
                leaked.append(f"{share:.0%}：{refused.sentence[:160]}")
            found += _kept(checkout, data, refused)
            again = ingest(checkout, place / "in", data)
            found += [] if again.code == 0 else [f"有空间后仍失败：{again.sentence[:160]}"]
            found += differences(state(checkout, data), wanted)
        faults += [f"{share:.0%}：{fault}" for fault in found]
        lost += bool(found)
        bad += bool(found) or refused.has_trace
    return Row(
        "磁盘写满 导入", len(shares), len(shares) - bad, lost, len(leaked),
        f"{'tmpfs' if mounted else 'RLIMIT_FSIZE'}，一次完整导入占 {size} KB；"
        "有空间后接着做，与未写满的库相同", (*faults, *leaked),
    )  # fmt: skip


def _refused(outcome: Outcome) -> list[str]:
    """What is wrong with how a run on a full disk ended; one that fitted in is right as well.
    A traceback is counted as leaked, not here."""
    if outcome.code == 0 or outcome.refused_well or outcome.has_trace:
        return []
    return [f"退出码 {outcome.code}：{outcome.sentence[:160]}"]


def _kept(checkout: Checkout, data: Path, run: Outcome) -> list[str]:
    """Whether what was written before the disk was full is there and whole."""
    if not data.exists():
        return []
    found = state(checkout, data)
    if found is None:
        return ["写满后打不开"]
    reported = max((int(n) for n in _TAKEN.findall(run.err)), default=0)
    missing = reported - len(found["documents"])
    said = [f"报告 {reported} 份入库，少 {missing} 份"] if missing > 0 and run.code == 0 else []
    return [*said, *found["faults"]]


def _drafts(checkout: Checkout, place: Path, spare: Any) -> Row:
    checkout.run(["-m", "soak.standin", "ingest", str(checkout.root / "corpus")], place / "filled")
    shutil.copytree(place / "filled", place / "drafted")
    arguments = ["-m", "soak.standin", "assistant", "draft", drafts.REQUEST]
    checkout.run(arguments, place / "drafted")
    wanted = drafts.finished(checkout, place / "drafted")
    faults: list[str] = []
    leaked: list[str] = []
    lost = bad = 0
    for kilobytes in spare:
        with disk(place / f"draft-{kilobytes}", 200_000) as small:
            data = Path(shutil.copytree(place / "filled", small.path / "data"))
            small.grow(used(data) + kilobytes)
            refused = checkout.run(arguments, data, before=small.limit(kilobytes))
            small.grow(200_000)
            found = _refused(refused)
            if refused.has_trace:
                leaked.append(f"{kilobytes} KB：{refused.sentence[:160]}")
            found += _sections(checkout, data, refused, wanted)
        faults += [f"{kilobytes} KB：{fault}" for fault in found]
        lost += bool(found)
        bad += bool(found) or refused.has_trace
    return Row(
        "磁盘写满 起草", len(spare), len(spare) - bad, lost, len(leaked),
        "报告写成的部分都在，有空间后续写成同一份稿子", (*faults, *leaked),
    )  # fmt: skip


def _sections(checkout: Checkout, data: Path, run: Outcome, wanted: list[Any]) -> list[str]:
    reported = run.err.count("已写：")
    saved = drafts.drafts(checkout, data)
    if saved is None:
        return ["稿子打不开"]
    if not saved:
        return [f"报告写成 {reported} 个部分，没有稿子"] if reported else []
    written = sum(bool(t.strip()) and state != "待写" for _, state, t in saved[0]["sections"])
    faults = [f"报告写成 {reported}，只存了 {written}"] if written < reported else []
    return faults if drafts.finished(checkout, data) == wanted else [*faults, "续写后不同"]


def used(folder: Path) -> int:
    """KB on disk."""
    return sum(-(-p.stat().st_size // 4096) * 4 for p in folder.rglob("*") if p.is_file())


@contextmanager
def disk(path: Path, kilobytes: int) -> Iterator[Disk]:
    path.mkdir()
    mounted = _mount("", kilobytes, path)
    try:
        yield Disk(path, mounted)
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(path)], check=False, capture_output=True)


def _mount(option: str, kilobytes: int, path: Path) -> bool:
    options = ",".join(filter(None, (option, f"size={kilobytes}k")))
    command = ["mount", "-t", "tmpfs", "-o", options, "soak", str(path)]
    try:
        return subprocess.run(command, check=False, capture_output=True).returncode == 0
    except FileNotFoundError:
        return False
