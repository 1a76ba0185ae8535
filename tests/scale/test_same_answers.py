"""Whatever holds the catalogue, the same questions get the same answers, word for word."""

import json
from pathlib import Path
from typing import Any

import pytest

from ingest.pipeline import ingest
from tests.conftest import MODELS, SHARED
from tests.evals.common import Bench
from tests.evals.scoring import plain
from tests.postgres import Cluster
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


def test_the_seeds_are_answered_alike(
    shared: Path, embedder: SentenceEmbedder, postgres: Cluster, tmp_path: Path
) -> None:
    local = IndexSettings(data_dir=tmp_path / "local", model_dir=MODELS)
    url: Any = postgres.database()
    served = IndexSettings(data_dir=tmp_path / "served", model_dir=MODELS, database_url=url)
    said = answers(local, embedder)
    assert len(said) == 25
    assert answers(served, embedder) == said
