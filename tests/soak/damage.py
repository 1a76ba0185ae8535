"""Vectors and catalogue damaged in many ways: a start says so in a sentence, or heals.

Search must then give the same ten passages as before. Nothing may be silently empty.
"""

import ctypes
import json
import random
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .kills import ingest, state
from .place import Checkout, Outcome
from .rows import Row
from .samples import QUESTIONS, write_folder

DOCUMENTS = 60
VECTORS = "vectors/*"
HNSW = "vectors/*/*-*-*"
_LIBC = ctypes.CDLL(None)
_PR_CAPBSET_DROP, _CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH = 24, 1, 2


@dataclass(frozen=True, slots=True)
class Damage:
    """`apply(data, other)` damages a data folder; `other` is that of another library."""

    name: str
    apply: Callable[[Path, Path], None]
    bound: bool = False  # looked at by a process that permissions bind


def each(pattern: str, change: Callable[[Path], None]) -> Callable[[Path, Path], None]:
    """Changes all that match a pattern. Raises FileNotFoundError when nothing does."""

    def apply(data: Path, _: Path) -> None:
        found = sorted(data.glob(pattern))
        if not found:
            raise FileNotFoundError(pattern)
        for path in found:
            change(path)

    return apply


def delete(path: Path) -> None:
    shutil.rmtree(path) if path.is_dir() else path.unlink()


def cut(path: Path) -> None:
    with path.open("r+b") as stream:
        stream.truncate(path.stat().st_size // 2)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def zero(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def text(content: str) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        path.write_text(content, encoding="utf-8")

    return change


def flip(count: int, first: int = 0) -> Callable[[Path], None]:
    """Other bytes at random places, at offset `first` or behind it."""

    def change(path: Path) -> None:
        content = bytearray(path.read_bytes())
        rng = random.Random(path.name)
        for _ in range(count if len(content) > first else 0):
            content[rng.randrange(first, len(content))] ^= rng.randrange(1, 256)
        path.write_bytes(content)

    return change


def swap(data: Path, _: Path) -> None:
    """Two files of the graph under each other's names."""
    for folder in sorted(data.glob(HNSW)):
        a, b, aside = folder / "data_level0.bin", folder / "length.bin", folder / "aside"
        a.rename(aside)
        b.rename(a)
        aside.rename(b)


def foreign(data: Path, other: Path) -> None:
    """The vectors of another library, whole and well."""
    theirs = next(p for p in sorted(other.glob(VECTORS)) if p.is_dir())
    for folder in sorted(data.glob(VECTORS)):
        shutil.rmtree(folder)
        shutil.copytree(theirs, folder)


def stale_log(data: Path, _: Path) -> None:
    """A write-ahead log of nonsense beside the catalogue."""
    (data / "catalog.sqlite3-wal").write_bytes(random.Random(3).randbytes(40_000))


def closed(path: Path) -> None:
    path.chmod(0)


def read_only(data: Path, _: Path) -> None:
    for path in (data, *data.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)


CHROMA, MANIFEST, CATALOG = "vectors/*/chroma.sqlite3", "vectors/*/manifest.json", "catalog.sqlite3"
GRAPH, HEADER, LENGTH = f"{HNSW}/data_level0.bin", f"{HNSW}/header.bin", f"{HNSW}/length.bin"
DAMAGES = (
    Damage("向量目录删除", each("vectors", delete)),
    Damage("当前向量文件夹删除", each(VECTORS, delete)),
    Damage("清单删除", each(MANIFEST, delete)),
    Damage("清单为空", each(MANIFEST, empty)),
    Damage("清单截断", each(MANIFEST, cut)),
    Damage("清单内容不对", each(MANIFEST, text("{}"))),
    Damage("chroma.sqlite3 删除", each(CHROMA, delete)),
    Damage("chroma.sqlite3 截断", each(CHROMA, cut)),
    Damage("chroma.sqlite3 清零", each(CHROMA, zero)),
    Damage("chroma.sqlite3 翻转字节", each(CHROMA, flip(400, 100))),
    Damage("向量图删除", each(HNSW, delete)),
    Damage("data_level0.bin 删除", each(GRAPH, delete)),
    Damage("data_level0.bin 截断", each(GRAPH, cut)),
    Damage("data_level0.bin 清零", each(GRAPH, zero)),
    Damage("data_level0.bin 翻转字节", each(GRAPH, flip(400))),
    Damage("header.bin 翻转字节", each(HEADER, flip(20))),
    Damage("length.bin 截断", each(LENGTH, cut)),
    Damage("向量图两个文件互换", swap),
    Damage("换成别的库的向量", foreign),
    Damage("目录库删除", each(CATALOG, delete)),
    Damage("目录库为空", each(CATALOG, empty)),
    Damage("目录库截断", each(CATALOG, cut)),
    Damage("目录库开头清零", each(CATALOG, flip(100))),
    Damage("目录库翻转字节", each(CATALOG, flip(2000, 4096))),
    Damage("目录库是文本文件", each(CATALOG, text("不是数据库\n" * 500))),
    Damage("残留的预写日志", stale_log),
    Damage("向量目录没有权限", each("vectors", closed), bound=True),
    Damage("目录库没有权限", each(CATALOG, closed), bound=True),
    Damage("整个数据目录只读", read_only, bound=True),
)
RUNNING = ("truncate", "zero")  # Chroma's file, while the index is open


def run(checkout: Checkout) -> Iterator[Row]:
    place = checkout.folder("damage")
    write_folder(place / "in", DOCUMENTS, 24)
    write_folder(place / "other", 7, 5)
    ingest(
        checkout, place / "in", place / "whole", settings={"SOAK_DELAY": "0", "SOAK_BATCH": "128"}
    )
    ingest(checkout, place / "other", place / "foreign")
    asked = place / "questions.jsonl"
    lines = [json.dumps({"id": i, "question": q}) for i, q in enumerate(QUESTIONS)]
    asked.write_text("\n".join(lines), encoding="utf-8")
    try:
        wanted = hits(search(checkout, copy(place, "base"), asked))
        if not wanted:
            yield Row("损坏", 1, 0, 1, 0, "完好的库也没有搜索结果")
            return
        step = max(1, round(0.4 / checkout.scale))
        bound = can_be_bound(checkout, place)
        chosen = [d for d in DAMAGES[::step] if bound or not d.bound]
        with ThreadPoolExecutor(2) as pool:
            found = [
                f for f in pool.map(lambda d: _one(checkout, place, d, asked, wanted), chosen) if f
            ]
        yield _row("启动前损坏", found)
        yield _row("运行中损坏", [_while_running(checkout, place, kind) for kind in RUNNING])
    finally:  # what was closed must be open for the temporary folder to go
        for path in [place, *place.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o777 if path.is_dir() else 0o666)


@dataclass(frozen=True, slots=True)
class Verdict:
    name: str
    healed: bool = False
    sentence: str = ""
    lost: str = ""
    trace: str = ""


def _row(part: str, found: list[Verdict]) -> Row:
    healed, said = sum(v.healed for v in found), sum(bool(v.sentence) for v in found)
    way = sum("python -m" in v.sentence or "运行" in v.sentence for v in found)
    faults = [f"{v.name}：{v.lost or v.trace}" for v in found if v.lost or v.trace]
    return Row(
        part, len(found), sum(v.healed or bool(v.sentence) for v in found),
        sum(bool(v.lost) for v in found), sum(bool(v.trace) for v in found),
        f"自愈 {healed}（前十段与完好时相同），一句说明 {said}（其中给出办法 {way}）", tuple(faults),
    )  # fmt: skip


def _one(
    checkout: Checkout, place: Path, damage: Damage, asked: Path, wanted: list[Any]
) -> Verdict | None:
    """None when this version has no such file."""
    data = copy(place, f"d{DAMAGES.index(damage)}")
    try:
        damage.apply(data, place / "foreign")
    except FileNotFoundError:
        return None
    verdict = judge(damage.name, search(checkout, data, asked, damage.bound), wanted)
    if verdict.healed and not damage.bound:
        found = state(checkout, data)
        faults = ["再次打不开"] if found is None else found["faults"]
        return Verdict(damage.name, lost=faults[0]) if faults else verdict
    return verdict


def judge(name: str, outcome: Outcome, wanted: list[Any]) -> Verdict:
    """Compares what a start on damaged data gave with what it gives on whole data."""
    if outcome.code == 0:
        found = hits(outcome)
        if found == wanted:
            return Verdict(name, healed=True)
        different = sum(a != b for a, b in zip(found, wanted, strict=False))
        empties = sum(not hit for hit in found)
        return Verdict(name, lost=f"{different} 个问题的结果不同，{empties} 个为空，没有说明")
    if outcome.refused_well:
        return Verdict(name, sentence=outcome.sentence)
    if outcome.code is None:
        return Verdict(name, lost="没有在时限内结束")
    return Verdict(name, trace=outcome.sentence[:160] or f"退出码 {outcome.code}，没有说明")


def search(checkout: Checkout, data: Path, asked: Path, bound: bool = False) -> Outcome:
    arguments = ["-m", "soak.standin", "assistant", "search", "--batch", str(asked)]
    return checkout.run(arguments, data, before=be_bound if bound else None)


def hits(outcome: Outcome) -> list[Any]:
    """For each question its passages, best first."""
    rows = [json.loads(line) for line in outcome.out.splitlines() if line.startswith("{")]
    return [[hit["passage_id"] for hit in row["hits"]] for row in rows]


def copy(place: Path, name: str) -> Path:
    return Path(shutil.copytree(place / "whole", place / name))


def be_bound() -> None:
    """In a new process: permissions bind root as well, once it cannot override them."""
    for capability in (_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH):
        _LIBC.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)


def can_be_bound(checkout: Checkout, place: Path) -> bool:
    """Whether that works here; if not, a closed file would only look as if it had healed."""
    probe = place / "closed"
    probe.touch(0)
    tried = checkout.run(["-c", f"open({str(probe)!r})"], place / "none", before=be_bound)
    return "PermissionError" in tried.err


def _while_running(checkout: Checkout, place: Path, kind: str) -> Verdict:
    name = f"chroma.sqlite3 {kind}（打开时）"
    looked = checkout.run(["-m", "soak.look", "heal", kind], copy(place, f"open-{kind}"))
    if looked.code != 0:
        return Verdict(name, trace=looked.sentence[:160])
    found = json.loads(looked.out)
    if found["trace"]:
        return Verdict(name, trace=found["trace"])
    if not found["equal"]:
        return Verdict(name, lost=f"半分钟后前十段仍然不同；{found['said']}")
    return Verdict(name, healed=True)
