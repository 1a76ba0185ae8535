"""Whatever holds the catalogue, the same questions get the same answers, word for word."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ingest.pipeline import ingest
from tests.conftest import MODELS, SHARED
from tests.evals.common import Bench
from tests.evals.scoring import plain
from tests.postgres import Cluster
from tests.vectorstore.vectors.engines import ChromaProcess
from vectorstore.embedding.embedder import SentenceEmbedder
from vectorstore.index import PolicyIndex
from vectorstore.settings import IndexSettings

pytestmark = [pytest.mark.scale, pytest.mark.model, pytest.mark.shared]


def answers(settings: IndexSettings, embedder: SentenceEmbedder) -> dict[str, Any]:
    index = PolicyIndex(settings, embedder)
    with Bench(index, embedder) as bench:
        ingest(index, [SHARED / "corpus"])
        assistant = bench.assistant()
        lines = (SHARED / "eval" / "seeds_dev.jsonl").read_text(encoding="utf-8").splitlines()
        return {
            row["id"]: (plain(answer), [c.quote for c in answer.citations], answer.refused)
            for row in map(json.loads, lines)
            for answer in [assistant.ask(row["turns"])]
        }


@pytest.fixture(scope="module")
def said(embedder: SentenceEmbedder, shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What SQLite, FTS5 and folders of vectors answer."""
    settings = IndexSettings(data_dir=tmp_path_factory.mktemp("local"), model_dir=MODELS)
    return answers(settings, embedder)


@pytest.fixture(scope="module")
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    process = ChromaProcess(tmp_path_factory.mktemp("chroma"))
    process.start()
    yield process.url
    process.kill()


@pytest.mark.parametrize(
    ("database", "vectors", "words"),
    [
        ("postgres", "", "fts5"),
        ("postgres", "", "tantivy"),
        ("postgres", "chroma", "tantivy"),
        ("", "chroma", "fts5"),
        ("", "milvus", "fts5"),
        ("", "", "tantivy"),
    ],
)
def test_the_seeds_are_answered_alike(
    database: str,
    vectors: str,
    words: Any,
    said: dict[str, Any],
    embedder: SentenceEmbedder,
    postgres: Cluster,
    chroma: str,
    tmp_path: Path,
) -> None:
    served: Any = {"chroma": chroma, "milvus": f"milvus://{tmp_path}/lite.db"}.get(vectors, "")
    url: Any = postgres.database() if database else ""
    settings = IndexSettings(
        data_dir=tmp_path / "served", model_dir=MODELS, database_url=url, vectors_url=served,
        words=words,
    )  # fmt: skip
    assert len(said) == 25
    assert answers(settings, embedder) == said
