"""Documents for tests of the ports: few words, so that many passages share some."""

import hashlib
import random

import numpy as np

from vectorstore.catalog.port import Catalog, Source
from vectorstore.facts import Stated
from vectorstore.models import Document, Metadata, Passage

DIMENSION = 16
WORDS = (
    "节水器具",
    "推广应用",
    "农村道路",
    "养老服务",
    "数字政府",
    "5G基站",
    "生态环境",
    "教师培训",
)


def vector(text: str) -> np.ndarray:
    seed = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")
    found = np.random.default_rng(seed).normal(size=DIMENSION).astype(np.float32)
    return found / np.linalg.norm(found)


def document(
    name: str, *texts: str, title: str = "", **fields: object
) -> tuple[Document, list[Passage]]:
    """One passage for each text; a text that begins with # is a bare heading."""
    source, passages = "", []
    for ordinal, text in enumerate(texts):
        own = text.removeprefix("#")
        kind = "heading" if text.startswith("#") else "body"
        start = len(source)
        source += own + "\n"
        passages.append(
            Passage(f"{name}-{ordinal:04d}", name, ordinal, start, start + len(own), own, kind=kind)
        )
    metadata = Metadata(title or f"标题{name}", **fields)  # type: ignore[arg-type]
    return Document(name, name, (), "txt", source, metadata), passages


def put(
    catalog: Catalog,
    name: str,
    *texts: str,
    path: str = "",
    stated: Stated = Stated(),
    **fields: object,
) -> None:
    made, passages = document(name, *texts, **fields)  # type: ignore[arg-type]
    vectors = [vector(p.text) for p in passages if p.is_searched]
    matrix = np.stack(vectors) if vectors else np.empty((0, DIMENSION), np.float32)
    sources = [Source(path or f"{name}.txt", name, len(made.text), 1)]
    catalog.replace_document(made, passages, matrix, sources, stated)


def put_random(catalog: Catalog, count: int, seed: int) -> None:
    """No two passages alike."""
    draw = random.Random(seed)
    for number in range(count):
        texts = [
            "，".join([*draw.choices(WORDS, k=draw.randint(1, 5)), f"第{number}条第{ordinal}款"])
            for ordinal in range(draw.randint(1, 8))
        ]
        put(catalog, f"r{number:03d}", *texts)
