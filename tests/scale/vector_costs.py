"""What dense search costs: building, searching with and without a restriction, one more document."""

import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import psutil

from tests.scale.asking import quantile, together
from tests.scale.geometry import Geometry
from vectorstore.catalog.port import Source
from vectorstore.catalog.sql import SqlCatalog
from vectorstore.models import Document, Metadata, Passage
from vectorstore.vectors.port import VectorStore

LIMIT = 100
SHARES = (0.01, 0.1, 0.5)
THREADS = 20
ROUNDS = 5  # of all questions, when many ask at once
Worked = Callable[[], float]  # seconds of the processor so far


def with_server(pid: int) -> Worked:
    """Of this process and a server's. The kernel tells the server's in steps of 10 ms."""
    server = psutil.Process(pid)

    def worked() -> float:
        times = server.cpu_times()
        return time.process_time() + times.user + times.system

    return worked


class Clock:
    """Seconds of the clock and of the processor."""

    def __init__(self, worked: Worked = time.process_time) -> None:
        self._worked = worked
        self._wall, self._cpu = time.perf_counter(), worked()

    def row(self, name: str) -> dict[str, float]:
        return {
            f"{name}_s": round(time.perf_counter() - self._wall, 3),
            f"{name}_cpu_s": round(self._worked() - self._cpu, 3),
        }


def everything(catalog: SqlCatalog) -> tuple[list[str], np.ndarray]:
    """Ids and vectors, in half precision: a gigabyte at a million."""
    ids: list[str] = []
    parts: list[np.ndarray] = []
    after = 0
    while rows := catalog.all_embeddings(after):
        ids += [row[1] for row in rows]
        parts.append(np.frombuffer(b"".join(row[3] for row in rows), np.float16))
        after = rows[-1][0]
    return ids, np.concatenate(parts).reshape(len(ids), -1)


def questions(vectors: np.ndarray, geometry: Geometry, count: int) -> np.ndarray:
    step = max(1, len(vectors) // count)
    return geometry.near(vectors[::step][:count].astype(np.float32))


def nearest(
    vectors: np.ndarray, asked: np.ndarray, kept: np.ndarray | None = None
) -> list[np.ndarray]:
    """Rows of the `LIMIT` nearest to each question, by comparing with everything."""
    scores = np.concatenate(
        [
            asked @ vectors[i : i + 20_000].astype(np.float32).T
            for i in range(0, len(vectors), 20_000)
        ],
        axis=1,
    )
    if kept is not None:
        scores[:, ~kept] = -2
    found = np.argpartition(-scores, LIMIT, axis=1)[:, :LIMIT]
    return [rows[scores[i, rows] > -2] for i, rows in enumerate(found)]


def searching(
    store: VectorStore, catalog: SqlCatalog, geometry: Geometry, count: int, worked: Worked
) -> dict[str, float]:
    """Times and recall, without a restriction and with the shares of documents allowed; and
    without one when many ask at once."""
    ids, vectors = everything(catalog)
    asked = questions(vectors, geometry, count)
    found = _searched(store, ids, asked, nearest(vectors, asked), "all", None, worked)
    documents = sorted({i.rsplit("-", 1)[0] for i in ids})
    owner = np.array([i.rsplit("-", 1)[0] for i in ids])
    for share in SHARES:
        allowed = sorted(random.Random(1).sample(documents, max(1, int(share * len(documents)))))
        right = nearest(vectors, asked, np.isin(owner, allowed))
        found |= _searched(store, ids, asked, right, f"allowed_{share:g}", allowed, worked)
    return found | together(lambda v: store.query(v[None], LIMIT), [*asked] * ROUNDS, THREADS)


def _searched(
    store: VectorStore, ids: list[str], asked: np.ndarray, right: list[np.ndarray], name: str,
    allowed: Sequence[str] | None, worked: Worked,
) -> dict[str, float]:  # fmt: skip
    store.query(asked[:1], LIMIT, allowed)
    wall: list[float] = []
    found: list[set[str]] = []
    clock = Clock(worked)
    for vector in asked:
        began = time.perf_counter()
        hits = store.query(vector[None], LIMIT, allowed)
        wall.append(1000 * (time.perf_counter() - began))
        found.append({i for i, _ in hits})
    cpu = 1000 * clock.row("all")["all_cpu_s"] / len(asked)
    shares = [
        len({ids[i] for i in rows} & hits) / len(rows)
        for rows, hits in zip(right, found, strict=True)
    ]
    return {
        f"{name}_p50_ms": round(quantile(wall, 0.5), 1),
        f"{name}_p95_ms": round(quantile(wall, 0.95), 1),
        f"{name}_cpu_mean_ms": round(cpu, 1),
        f"{name}_recall": round(sum(shares) / len(shares), 4),
        f"{name}_recall_least": round(min(shares), 4),
    }


def one_more(
    catalog: SqlCatalog, store: VectorStore, geometry: Geometry, name: str
) -> dict[str, float]:
    """A document of 40 passages: written, published, and the first search after it."""
    vectors = geometry.document(40)
    texts = [f"新增文件{name}第{n}条，县级人民政府应当公布第{n}号清单。" for n in range(40)]
    passages = [
        Passage(f"{name}-{n:04d}", name, n, 0, len(text), text) for n, text in enumerate(texts)
    ]
    document = Document(name, name, (), "txt", "\n".join(texts), Metadata(f"新增文件{name}"))
    before = written()
    clock = Clock()
    catalog.replace_document(document, passages, vectors, [Source(f"/{name}.txt", name, 1, 1)])
    found = clock.row("one_written")
    clock = Clock()
    store.publish()
    found |= clock.row("one_published")
    clock = Clock()
    hits = store.query(vectors[:1], 1)
    assert hits[0][0] == passages[0].id
    return found | clock.row("one_first_search") | {"one_bytes_written": written() - before}


def written() -> int:
    """Bytes that this process had written, as the kernel counts them."""
    lines = Path("/proc/self/io").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("wchar")).split()[1])


def size_of(folder: Path) -> int:
    return sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())
