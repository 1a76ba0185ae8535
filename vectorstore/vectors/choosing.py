"""Which vectors serve a catalogue: folders beside it, or a server that the settings name."""

from pathlib import Path

from vectorstore.catalog.sql import SqlCatalog
from vectorstore.errors import PolicyError
from vectorstore.vectors.addresses import Address, address_of
from vectorstore.vectors.engine import Engine
from vectorstore.vectors.port import VectorStore
from vectorstore.vectors.read_only import ExactVectors
from vectorstore.vectors.served import ServedVectors
from vectorstore.vectors.store import ChromaFolders


def vectors_of(
    catalog: SqlCatalog, folder: Path, url: str = "", key: str = "", seconds: float = 5.0
) -> VectorStore:
    """Raises PolicyError where the server must not be used, or its client is not installed. A
    server that does not answer now is no error: search goes on without it."""
    if catalog.read_only:
        return ExactVectors(catalog)
    if not url:
        return ChromaFolders(folder, catalog)
    return ServedVectors(catalog, _engine(address_of(url, key), key, seconds), folder)


def _engine(address: Address, key: str, seconds: float) -> Engine:
    if address.kind == "chroma":
        from vectorstore.vectors.chroma_server import ChromaServer

        return ChromaServer(address.url, address.place, key, seconds)
    try:
        from vectorstore.vectors.milvus import MilvusServer
    except ImportError:
        raise PolicyError(
            "POLICY_VECTORS_URL 用 Milvus 时要先装它的客户端：pip install -r requirements-scale.txt",
            "Milvus needs its client: pip install -r requirements-scale.txt",
        ) from None
    return MilvusServer(address.url, address.place, key, seconds)
