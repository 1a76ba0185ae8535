"""Milvus as an Engine, by its own client; also a file of milvus-lite, for tests."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import grpc
import numpy as np
from pymilvus import DataType, MilvusClient
from pymilvus.exceptions import MilvusException

from vectorstore.catalog.changes import Row
from vectorstore.embedding.embedder import Matrix
from vectorstore.vectors.engine import CollectionGone, EngineFailed

_WRITE = 120.0  # seconds
_PAGE = 1000
_FILTER = 5000  # values in one condition
_LENGTH = 256  # characters of an id
_INDEX = {"M": 32, "efConstruction": 200}
_EF = 200  # of the graph, walked in a search
_GONE = 100  # the code for a collection that is not there


class MilvusServer:
    """Engine. The client is made at the first use, and again after it failed: it does not come
    back by itself from a server that was away when it was made."""

    most = 4000

    def __init__(self, url: str, place: str, key: str = "", seconds: float = 5.0):
        self.place = place
        self._url, self._key, self._seconds = url, key, seconds
        self._client: MilvusClient | None = None

    def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()

    # --- collections ----------------------------------------------------------------------

    def create(self, collection: str, dimension: int) -> None:
        schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("id", DataType.VARCHAR, is_primary=True, max_length=_LENGTH)
        schema.add_field("document_id", DataType.VARCHAR, max_length=_LENGTH)
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=dimension)
        index = MilvusClient.prepare_index_params()
        index.add_index("vector", index_type="HNSW", metric_type="COSINE", params=_INDEX)
        made = {"schema": schema, "index_params": index, "consistency_level": "Strong"}
        self._call("create_collection", collection, timeout=_WRITE, **made)

    def drop(self, collection: str) -> None:
        self._call("drop_collection", collection, timeout=_WRITE)

    def names(self, prefix: str) -> list[str]:
        found = self._call("list_collections", timeout=self._seconds)
        return [name for name in found if name.startswith(prefix)]

    # --- records --------------------------------------------------------------------------

    def add(self, collection: str, rows: Sequence[Row]) -> None:
        for at in range(0, len(rows), _PAGE):
            page = [
                {"id": name, "document_id": document, "vector": _vector(stored)}
                for name, document, stored in rows[at : at + _PAGE]
            ]
            self._call("insert", collection, page, timeout=_WRITE)

    def remove(self, collection: str, document_ids: Sequence[str]) -> None:
        for at in range(0, len(document_ids), _PAGE):
            where = _among(document_ids[at : at + _PAGE])
            self._call("delete", collection, filter=where, timeout=_WRITE)

    def count(self, collection: str) -> int:
        asked = {"filter": "", "output_fields": ["count(*)"], "consistency_level": "Strong"}
        return int(self._call("query", collection, timeout=_WRITE, **asked)[0]["count(*)"])

    def nearest(
        self, collection: str, vector: Matrix, limit: int, document_ids: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        if document_ids is None:
            return self._hits(collection, vector, limit, "")
        return [
            hit
            for at in range(0, len(document_ids), _FILTER)
            for hit in self._hits(
                collection, vector, limit, _among(document_ids[at : at + _FILTER])
            )
        ]

    def _hits(
        self, collection: str, vector: Matrix, limit: int, where: str
    ) -> list[tuple[str, float]]:
        found = self._call(
            "search",
            collection,
            data=[vector[0].tolist()],
            filter=where,
            limit=limit,
            search_params={"metric_type": "COSINE", "params": {"ef": max(_EF, limit)}},
            timeout=self._seconds,
            consistency_level="Strong",
        )
        return [(str(hit["id"]), float(hit["distance"])) for hit in found[0]]

    def everything(self, collection: str) -> Iterator[tuple[list[str], Matrix]]:
        asked = {"batch_size": _PAGE, "output_fields": ["id", "vector"]}
        pages = self._call("query_iterator", collection, timeout=_WRITE, **asked)
        try:
            while page := self._answer(pages.next):
                vectors = np.asarray([row["vector"] for row in page], np.float32)
                yield [str(row["id"]) for row in page], vectors
        finally:
            pages.close()

    # --- calls ----------------------------------------------------------------------------

    def _call(self, method: str, *values: Any, **named: Any) -> Any:
        def ask() -> Any:
            if self._client is None:
                self._client = MilvusClient(self._url, token=self._key, timeout=self._seconds)
            return getattr(self._client, method)(*values, **named)

        return self._answer(ask)

    def _answer(self, ask: Callable[[], Any]) -> Any:
        try:
            return ask()
        except MilvusException as error:
            if error.code == _GONE:
                raise CollectionGone(f"向量服务 {self.place} 上没有这个库的集合") from None
            self._client = None
            raise EngineFailed(f"向量服务 {self.place} 出错：{str(error)[:200]}") from None
        except (OSError, ValueError, KeyError, TypeError, RuntimeError, grpc.RpcError) as error:
            self._client = None
            raise EngineFailed(f"连不上向量服务 {self.place}：{str(error)[:200]}") from None


def _vector(stored: bytes) -> list[float]:
    found: list[float] = np.frombuffer(stored, np.float16).astype(np.float32).tolist()
    return found


def _among(document_ids: Sequence[str]) -> str:
    """A condition in Milvus' language. Ids are made by the program, and quoted all the same."""
    quoted = ", ".join(
        '"' + i.replace("\\", "\\\\").replace('"', '\\"') + '"' for i in document_ids
    )
    return f"document_id in [{quoted}]"
