"""kill -9 while a draft is written: at most the section being written may be lost."""

import json
import random
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .kills import read_until
from .place import Checkout
from .rows import Row

REQUEST = "起草《××县社区养老服务实施方案》，参考现有文件并注明出处。"
_WRITTEN = re.compile(r"^已写：", re.MULTILINE)


def run(checkout: Checkout) -> Iterator[Row]:
    place = checkout.folder("drafts")
    checkout.run(["-m", "soak.standin", "ingest", str(checkout.root / "corpus")], place / "filled")
    shutil.copytree(place / "filled", place / "whole")
    whole = checkout.run(["-m", "soak.standin", "assistant", "draft", REQUEST], place / "whole")
    wanted = finished(checkout, place / "whole")
    if whole.code != 0 or not wanted:
        yield Row("kill -9 起草", 1, 0, 1, 0, "没有中断的起草也没有成功", (whole.err[-500:],))
        return
    sections = len(_WRITTEN.findall(whole.err))
    rng = random.Random(checkout.seed)
    tries, faults, lost = checkout.some(5, 3), [], 0
    for number in range(tries):
        data = place / f"data{number}"
        shutil.copytree(place / "filled", data)
        found = _one(checkout, data, rng.randrange(sections), rng.random() * 0.4, wanted)
        faults += [f"第 {number + 1} 次：{fault}" for fault in found]
        lost += bool(found)
    yield Row(
        "kill -9 起草", tries, tries - lost, lost, 0,
        f"{sections} 个部分；报告写成的都在，续写后与未中断的稿子相同", tuple(faults),
    )  # fmt: skip


def _one(checkout: Checkout, data: Path, after: int, delay: float, wanted: list[Any]) -> list[str]:
    """Killed `delay` seconds after so many sections were reported as written."""
    arguments = ["-m", "soak.standin", "assistant", "draft", REQUEST]
    with checkout.start(arguments, data) as process:
        said = "".join(read_until(process.stderr, _WRITTEN) for _ in range(after))
        time.sleep(delay + (2 if not after else 0))
        process.kill()
        said += process.communicate()[1]
    reported = len(_WRITTEN.findall(said))
    saved = drafts(checkout, data)
    if saved is None:
        return ["稿子打不开"]
    if not saved:
        return [f"报告写成 {reported} 个部分，没有稿子"] if reported else []
    written = sum(bool(text.strip()) and state != "待写" for _, state, text in saved[0]["sections"])
    faults = [f"报告写成 {reported}，只存了 {written}"] if written < reported else []
    if finished(checkout, data) != wanted:
        faults.append("续写后与未中断的稿子不同")
    return faults


def drafts(checkout: Checkout, data: Path) -> list[Any] | None:
    looked = checkout.run(["-m", "soak.look", "drafts"], data)
    return list(json.loads(looked.out)) if looked.code == 0 else None


def finished(checkout: Checkout, data: Path) -> list[Any]:
    """The sections of the newest draft, after what was missing has been written."""
    looked = checkout.run(["-m", "soak.look", "finish"], data)
    found = json.loads(looked.out) if looked.code == 0 else []
    return list(found[0]["sections"]) if found else []
