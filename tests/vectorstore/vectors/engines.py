"""Servers of vectors for tests: one in this process that can be made to fail, and Chroma's."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx
import numpy as np

from vectorstore.catalog.changes import Row
from vectorstore.embedding.embedder import Matrix
from vectorstore.vectors.engine import CollectionGone, EngineFailed

_RUN = "from chromadb.cli.cli import app; app()"


class MemoryEngine:
    """Engine. `away` makes every call fail; `calls` counts those that came."""

    most = 100

    def __init__(self, place: str = "memory://a"):
        self.place = place
        self.collections: dict[str, dict[str, tuple[str, np.ndarray]]] = {}
        self.away = False
        self.calls = 0

    def _of(self, collection: str) -> dict[str, tuple[str, np.ndarray]]:
        self._come()
        if collection not in self.collections:
            raise CollectionGone("没有这个集合")
        return self.collections[collection]

    def _come(self) -> None:
        self.calls += 1
        if self.away:
            raise EngineFailed("连不上向量服务")

    def create(self, collection: str, dimension: int) -> None:
        self._come()
        self.collections[collection] = {}

    def drop(self, collection: str) -> None:
        self._come()
        self.collections.pop(collection, None)

    def names(self, prefix: str) -> list[str]:
        self._come()
        return [name for name in self.collections if name.startswith(prefix)]

    def add(self, collection: str, rows: Sequence[Row]) -> None:
        held = self._of(collection)
        for name, document, stored in rows:
            assert name not in held
            held[name] = document, np.frombuffer(stored, np.float16).astype(np.float32)

    def remove(self, collection: str, document_ids: Sequence[str]) -> None:
        held = self._of(collection)
        for name in [n for n, (document, _) in held.items() if document in set(document_ids)]:
            del held[name]

    def count(self, collection: str) -> int:
        return len(self._of(collection))

    def nearest(
        self, collection: str, vector: Matrix, limit: int, document_ids: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        hits = [
            (name, float(stored @ vector[0]))
            for name, (document, stored) in self._of(collection).items()
            if document_ids is None or document in document_ids
        ]
        return sorted(hits, key=lambda hit: (-hit[1], hit[0]))[:limit]

    def everything(self, collection: str) -> Iterator[tuple[list[str], Matrix]]:
        held = self._of(collection)
        yield list(held), np.stack([stored for _, stored in held.values()])

    def close(self) -> None: ...


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class ChromaProcess:
    """`chroma run` on this machine; it may be killed and started again."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.port = free_port()
        self.url = f"chroma://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        told = [sys.executable, "-c", _RUN, "run", "--path", str(self.folder)]
        self._process = subprocess.Popen(
            [*told, "--host", "127.0.0.1", "--port", str(self.port)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        while not self._answers():
            if self._process.poll() is not None:
                raise RuntimeError("chroma run did not start")
            time.sleep(0.05)

    @property
    def pid(self) -> int:
        """Of the running server."""
        assert self._process
        return self._process.pid

    def _answers(self) -> bool:
        try:
            answer = httpx.get(f"http://127.0.0.1:{self.port}/api/v2/heartbeat", trust_env=False)
        except httpx.HTTPError:
            return False
        return answer.is_success

    def kill(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None
