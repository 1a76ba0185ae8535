"""Makes the catalogue that is measured: documents, keyword index, vectors; nothing published."""

import time
from pathlib import Path

import numpy as np

from tests.scale.corpus import Made, documents, laws
from tests.scale.geometry import Geometry, embedded
from vectorstore import stores
from vectorstore.catalog.port import Source
from vectorstore.catalog.sql import SqlCatalog
from vectorstore.keywords.fts5 import Fts5Index

REAL = 1500  # passages that are embedded; the others lie as these do
_TOGETHER = 50  # documents in a transaction


def make(folder: Path, passages: int, archive: Path, models: Path) -> dict[str, float]:
    """Goes on where an earlier run ended. Seconds of the processor and of the clock."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = laws(archive)
    geometry = geometry_of(folder, texts, models)
    began, worked = time.perf_counter(), time.process_time()
    catalog = SqlCatalog(folder / stores.CATALOG)
    catalog.followers.append(Fts5Index(catalog.database))
    catalog.set("embedding_model", "scale")
    there = set(catalog.document_ids())
    batch: list[tuple[Made, np.ndarray]] = []
    for made in documents(texts, passages):
        vectors = geometry.document(len(made.passages))  # drawn also where they are there already
        if made.document.id in there:
            continue
        batch.append((made, vectors))
        if len(batch) == _TOGETHER:
            _write(catalog, batch)
            batch = []
    _write(catalog, batch)
    count = catalog.count_passages()
    catalog.close()
    return {
        "passages": count,
        "make_cpu_s": time.process_time() - worked,
        "make_s": time.perf_counter() - began,
    }


def geometry_of(folder: Path, texts: list[tuple[str, list[str]]], models: Path) -> Geometry:
    first = [p.text for made in documents(texts, 40 * REAL) for p in made.passages]
    step = max(1, len(first) // REAL)
    return Geometry(embedded(first[::step][:REAL], folder.parent / "real.npy", models))


def _write(catalog: SqlCatalog, batch: list[tuple[Made, np.ndarray]]) -> None:
    with catalog.transaction():
        for made, vectors in batch:
            path = f"/made/{made.document.id}.txt"
            source = Source(path, made.document.id, len(made.document.text), 1)
            catalog.replace_document(made.document, made.passages, vectors, [source], made.stated)
