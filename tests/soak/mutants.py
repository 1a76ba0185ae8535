"""Thousands of broken files through the readers as ingest runs them: a reason, never a traceback.

The parent breaks files and watches; `python -m soak.mutants FOLDER` in the checkout reads them by
`ingest.workers.prepare_files`, the entry that ingest and uploads share.
"""

import io
import json
import random
import re
import shutil
import sys
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from .files import MAKERS, archive
from .place import Checkout, memory
from .rows import Row

EACH = 1000
SECONDS = 20.0  # for one file
MEGABYTES = 1536.0  # for all that reads at one time, the starting process with it
PATIENCE = 400.0  # for one format's batch
BATCH = 250  # files of a format in one process
_TICKET = re.compile(r"日志编号")
_CRASH = "崩溃"


def run(checkout: Checkout) -> Iterator[Row]:
    place = checkout.folder("mutants")
    count = checkout.some(EACH, 20)
    for kind, make in MAKERS.items():
        yield _format(checkout, place / kind, kind, make(), count)
        shutil.rmtree(place / kind)


def _format(checkout: Checkout, folder: Path, kind: str, whole: bytes, count: int) -> Row:
    rng = random.Random(f"{checkout.seed} {kind}")
    found: list[dict[str, Any]] = []
    peak, unread, refused = 0.0, 0, list[str]()
    for first in range(0, count, BATCH):
        batch = folder / str(first)
        batch.mkdir(parents=True)
        (batch / f"!whole.{kind}").write_bytes(whole)  # starts the workers; its time is not counted
        for number in range(first, min(count, first + BATCH)):
            (batch / f"{number:04}.{kind}").write_bytes(mutant(whole, rng))
        read, most = _read(checkout, batch)
        unread += len(list(batch.iterdir())) - len(read)
        peak = max(peak, most)
        refused += [f["error"] for f in read[:1] if f["error"]]
        found += read[1:]
    traces = [f for f in found if _TICKET.search(f["said"])]
    slow = [f for f in found if f["seconds"] > SECONDS]
    crashed = sum(_CRASH in f["error"] for f in found)
    reasons = Counter(f["error"] for f in found if f["error"])
    worst = max((f["seconds"] for f in found), default=0.0)
    faults = [f"{f['name']}：{f['said']}" for f in traces]
    faults += [f"{f['name']}：{f['seconds']:.0f} 秒" for f in slow]
    faults += [f"内存 {peak:.0f} MB"] if peak > MEGABYTES else []
    faults += [f"完好的文件被拒绝：{error}" for error in refused]
    faults += [f"{unread} 份没有结果（{PATIENCE:.0f} 秒内）"] if unread else []
    return Row(
        f"变异 {kind}", count, len(found) - len({f["name"] for f in (*traces, *slow)}),
        unread + len(slow) + len(refused), len(traces) + (peak > MEGABYTES),
        f"读出 {sum(not f['error'] for f in found)}，有理由的拒绝 {sum(n for reason, n in reasons.items() if not _TICKET.search(reason))}"
        f"（{len(reasons)} 种，其中读取程序崩溃 {crashed}）；"
        f"最慢 {worst:.1f} 秒，内存峰值 {peak:.0f} MB",
        tuple(faults),
    )  # fmt: skip


def _read(checkout: Checkout, batch: Path) -> tuple[list[dict[str, Any]], float]:
    """A result for each file of a batch, and the most memory at a time."""
    peak = [0.0]
    arguments = ["-m", "soak.mutants", str(batch)]
    lines: list[str] = []
    with (
        (batch.parent / "errors.log").open("ab") as errors,
        checkout.start(arguments, batch.parent / "data", errors=errors.fileno()) as process,
    ):
        reader = threading.Thread(target=lambda: lines.extend(process.stdout or ()), daemon=True)
        reader.start()
        deadline = time.monotonic() + PATIENCE
        while process.poll() is None and time.monotonic() < deadline:
            peak[0] = max(peak[0], memory(process.pid))
            if peak[0] > 4 * MEGABYTES:
                break
            time.sleep(0.25)
        process.kill()
        reader.join(5)
    return [json.loads(line) for line in lines if line.endswith("}\n")], peak[0]


# --- breaking ---------------------------------------------------------------------------------


def mutant(whole: bytes, rng: random.Random) -> bytes:
    """A broken copy. Of a zip file often a member is broken: otherwise only zip would be tried."""
    if whole.startswith(b"PK") and rng.random() < 0.7:
        return _inside(whole, rng)
    return _broken(whole, rng)


def _inside(whole: bytes, rng: random.Random) -> bytes:
    with zipfile.ZipFile(io.BytesIO(whole)) as packed:
        members = {name: packed.read(name) for name in packed.namelist()}
    name = rng.choice([n for n in members if members[n]])
    members[name] = _broken(members[name], rng)
    return archive(members)


def _broken(content: bytes, rng: random.Random) -> bytes:
    if rng.random() < 0.5 and (markup := _characters(content)):
        return _other_markup(markup, rng)
    for _ in range(rng.choice((1, 1, 2, 4))):
        content = rng.choice(CHANGES)(content, rng) or b"\x00"
    return content


def _characters(content: bytes) -> str:
    """Text, where it is text: broken bytes only show that the encoding is noticed."""
    try:
        return content.decode()
    except UnicodeDecodeError:
        return ""


def _other_markup(text: str, rng: random.Random) -> bytes:
    """Values and elements exchanged, repeated or gone, in well-formed characters."""
    for _ in range(rng.choice((1, 2, 4))):
        pieces = re.split(r"(<[^<>]*>|\"[^\"]*\"|\d+|\n)", text)
        at = rng.randrange(len(pieces))
        one, other = pieces[at], rng.choice(pieces)
        pieces[at] = rng.choice((other, one + one, one * 50, one + other, "", rng.choice(VALUES)))
        text = "".join(pieces)
    return text.encode() or b" "


def _flip(content: bytes, rng: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(rng.choice((1, 3, 10, 60))):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _truncate(content: bytes, rng: random.Random) -> bytes:
    return content[: rng.randrange(1, len(content) + 1)]


def _piece(content: bytes, rng: random.Random) -> tuple[int, int]:
    start = rng.randrange(len(content))
    return start, min(len(content), start + rng.choice((4, 32, 200, 2000)))


def _duplicate(content: bytes, rng: random.Random) -> bytes:
    start, stop = _piece(content, rng)
    return content[:stop] + content[start:stop] * rng.choice((1, 2, 10, 40)) + content[stop:]


def _remove(content: bytes, rng: random.Random) -> bytes:
    start, stop = _piece(content, rng)
    return content[:start] + content[stop:]


def _move(content: bytes, rng: random.Random) -> bytes:
    start, stop = _piece(content, rng)
    rest = content[:start] + content[stop:]
    at = rng.randrange(len(rest) + 1)
    return rest[:at] + content[start:stop] + rest[at:]


def _number(content: bytes, rng: random.Random) -> bytes:
    """Another number: sizes and counts are what readers believe."""
    found = list(re.finditer(rb"\d+", content))
    if not found:
        return _flip(content, rng)
    one = rng.choice(found)
    number = rng.choice((b"0", b"-1", b"65536", b"2147483648", b"99999999999", b"1e9"))
    return content[: one.start()] + number + content[one.end() :]


def _noise(content: bytes, rng: random.Random) -> bytes:
    start, stop = _piece(content, rng)
    return content[:start] + rng.randbytes(stop - start) + content[stop:]


VALUES = (
    '""', '"-1"', '"0"', '"2147483648"', '"99999999999999999999"', '"1e9"', '"NaN"', '"' + "A" * 5000 + '"',
    "&#0;", "&#x110000;", "\u202e", "\ufeff", "\x00", "<![CDATA[", "]]>", "<!--", "％", "第" * 3000, "关闭 " * 20,
)  # fmt: skip
CHANGES: Sequence[Callable[[bytes, random.Random], bytes]] = (
    _flip, _flip, _truncate, _duplicate, _remove, _move, _number, _noise,
)  # fmt: skip


# --- reading, in the checkout -----------------------------------------------------------------


def main(folder: Path) -> None:
    from soak.standin import count_characters

    from ingest.prepare import Recipe
    from ingest.workers import prepare_files

    paths = sorted(folder.iterdir())
    began = time.monotonic()
    for prepared in prepare_files(paths, Recipe(count_characters, 320, 100 * 2**20)):
        now = time.monotonic()
        members = [problem.reason for problem in getattr(prepared, "problems", ())]
        row = {
            "name": Path(prepared.path).name,
            "error": prepared.error,
            "said": "；".join([prepared.error, *members]),
            "seconds": now - began,
        }
        print(json.dumps(row, ensure_ascii=False), flush=True)
        began = time.monotonic()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
