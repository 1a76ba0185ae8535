"""A Chroma server (`chroma run`) as an Engine, by its HTTP interface.

Not by Chroma's own client: that one waits without limit, already when it is made, and reads
from the server which embedding function a collection is said to need, which has let a poisoned
collection load foreign code (CVE-2026-45829). Here vectors and ids are all that is exchanged.
"""

import base64
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

import httpx
import numpy as np

from vectorstore.catalog.changes import Row
from vectorstore.embedding.embedder import Matrix
from vectorstore.vectors.chroma import HNSW
from vectorstore.vectors.engine import CollectionGone, EngineFailed

_DATABASE = "/api/v2/tenants/default_tenant/databases/default_database/collections"
_CONNECT = 2.0  # seconds
_WRITE = 120.0  # seconds: records are put into the graph while the sender waits
_PAGE = 1000
_FILTER = 20_000  # values in one condition: the server's SQLite binds 32,766
_GONE = 404


class ChromaServer:
    """Engine."""

    most = 4000  # a graph is walked for so many; more is slower than to filter

    def __init__(self, url: str, place: str, key: str = "", seconds: float = 5.0):
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self.place = place
        self._seconds = seconds
        self._client = httpx.Client(base_url=url, headers=headers, trust_env=False)
        self._ids: dict[str, str] = {}
        self._lock = threading.Lock()

    def close(self) -> None:
        self._client.close()

    # --- collections ----------------------------------------------------------------------

    def create(self, collection: str, dimension: int) -> None:
        configuration = {"hnsw": {**HNSW, "sync_threshold": _PAGE}}
        self._call("POST", "", {"name": collection, "configuration": configuration})

    def drop(self, collection: str) -> None:
        with suppress(CollectionGone):
            self._call("DELETE", f"/{collection}")
        with self._lock:
            self._ids.pop(collection, None)

    def names(self, prefix: str) -> list[str]:
        found: list[str] = []
        while page := self._call("GET", f"?limit={_PAGE}&offset={len(found)}"):
            found += [str(one["name"]) for one in page]
        return [name for name in found if name.startswith(prefix)]

    def _path(self, collection: str, verb: str) -> str:
        with self._lock:
            known = self._ids.get(collection)
        if known is None:
            known = str(self._call("GET", f"/{collection}")["id"])
            with self._lock:
                self._ids[collection] = known
        return f"/{known}/{verb}"

    # --- records --------------------------------------------------------------------------

    def add(self, collection: str, rows: Sequence[Row]) -> None:
        path = self._path(collection, "add")
        for at in range(0, len(rows), _PAGE):
            page = rows[at : at + _PAGE]
            body = {
                "ids": [row[0] for row in page],
                "embeddings": [_packed(row[2]) for row in page],
                "metadatas": [{"document_id": row[1]} for row in page],
            }
            self._call("POST", path, body, seconds=_WRITE)

    def remove(self, collection: str, document_ids: Sequence[str]) -> None:
        path = self._path(collection, "delete")
        for at in range(0, len(document_ids), _PAGE):
            where = {"document_id": {"$in": [*document_ids[at : at + _PAGE]]}}
            self._call("POST", path, {"where": where}, seconds=_WRITE)

    def count(self, collection: str) -> int:
        return int(self._call("GET", self._path(collection, "count")))

    def nearest(
        self, collection: str, vector: Matrix, limit: int, document_ids: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        path = self._path(collection, "query")
        body: dict[str, Any] = {
            "query_embeddings": [vector[0].tolist()], "n_results": limit, "include": ["distances"],
        }  # fmt: skip
        if document_ids is None:
            return self._hits(path, body)
        hits = []
        for at in range(0, len(document_ids), _FILTER):
            where = {"document_id": {"$in": [*document_ids[at : at + _FILTER]]}}
            hits += self._hits(path, {**body, "where": where})
        return hits

    def _hits(self, path: str, body: dict[str, Any]) -> list[tuple[str, float]]:
        found = self._call("POST", path, body)
        pairs = zip(found["ids"][0], found["distances"][0], strict=True)
        return [(str(name), 1.0 - float(distance)) for name, distance in pairs]

    def everything(self, collection: str) -> Iterator[tuple[list[str], Matrix]]:
        path, at = self._path(collection, "get"), 0
        while True:
            body = {"include": ["embeddings"], "limit": _PAGE, "offset": at}
            page = self._call("POST", path, body, seconds=_WRITE)
            if not page["ids"]:
                return
            yield page["ids"], np.asarray(page["embeddings"], np.float32)
            at += len(page["ids"])

    # --- calls ----------------------------------------------------------------------------

    def _call(
        self, method: str, path: str, body: dict[str, Any] | None = None, seconds: float = 0.0
    ) -> Any:
        timeout = httpx.Timeout(seconds or self._seconds, connect=min(_CONNECT, self._seconds))
        try:
            answer = self._client.request(method, _DATABASE + path, json=body, timeout=timeout)
            if answer.status_code == _GONE:
                raise CollectionGone(f"向量服务 {self.place} 上没有这个库的集合")
            if answer.is_error:
                raise EngineFailed(
                    f"向量服务 {self.place} 回答 {answer.status_code}：{answer.text[:200]}"
                )
            return answer.json()
        except httpx.TimeoutException:
            raise EngineFailed(f"向量服务 {self.place} 没有按时回答") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise EngineFailed(f"连不上向量服务 {self.place}：{error}") from None
        except (ValueError, KeyError, TypeError) as error:
            raise EngineFailed(f"向量服务 {self.place} 的回答读不懂：{error}") from None


def _packed(stored: bytes) -> str:
    """As the server takes it: float32, in base64; a third of the length of figures."""
    return base64.b64encode(np.frombuffer(stored, np.float16).astype("<f4").tobytes()).decode()
