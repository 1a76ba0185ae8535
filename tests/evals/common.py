"""What the evaluations share: data, and indexes in .cache/."""

import json
import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.chat import Assistant
from assistant.services import build_reader
from assistant.settings import AnswerSettings
from assistant.understand.learned import build_classifier
from assistant.understand.requested import build_request_model
from ingest.pipeline import ingest
from tests.evals.remembered import CACHE, remember
from vectorstore.embedding.embedder import SentenceEmbedder, build_embedder
from vectorstore.index import PolicyIndex
from vectorstore.library import Library
from vectorstore.settings import IndexSettings

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
EVAL = SHARED / "eval"


def data_missing() -> bool:
    """Says so, and that the evaluation is skipped, when its data is not there."""
    if EVAL.is_dir():
        return False
    print(f"没有评测数据 {EVAL}，跳过", file=sys.stderr)
    return True


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def settings_for(name: str, **overrides: Any) -> IndexSettings:
    return IndexSettings(data_dir=CACHE / "evals" / name, model_dir=CACHE / "models", **overrides)


@dataclass
class Bench:
    """An index over one set of documents, with everything that answers from it."""

    index: PolicyIndex
    embedder: SentenceEmbedder

    def __enter__(self) -> "Bench":
        return self

    def __exit__(self, *_: object) -> None:
        self.index.close()

    def assistant(self, **options: Any) -> Assistant:
        answer = AnswerSettings(**options)
        reader, threshold = build_reader(answer, self.embedder, self.index.token_weights)
        remember(reader)
        classifier = build_classifier(self.embedder.layer_states)
        return Assistant(
            Library(self.index), reader, threshold, answer, classifier=classifier,
            requests=build_request_model(self.embedder.layer_states),
        )  # fmt: skip


def open_bench(name: str, folder: Path, **overrides: Any) -> Bench:
    """The index of `folder`, brought up to date."""
    settings = settings_for(name, **overrides)
    embedder = build_embedder(settings)
    index = PolicyIndex(settings, embedder)
    if index.catalog.get("embedding_model") not in (None, embedder.name):
        index.rebuild()
    ingest(index, [folder], prune=True)
    return Bench(index, embedder)


def five_bench() -> Bench:
    """The five real documents, one index for every set of questions over them."""
    return open_bench("seeds", SHARED / "corpus")


def ncp_bench(only: Collection[str] = (), name: str = "ncp") -> Bench:
    """599 documents of early 2020, one file each; or some of them by id, as an index `name`."""
    folder = CACHE / "evals" / f"{name}-files"
    folder.mkdir(parents=True, exist_ok=True)
    for row in rows(EVAL / "ncp" / "documents.jsonl"):
        file = folder / f"{row['docid']}.txt"
        if (not only or row["docid"] in only) and not file.exists():
            file.write_text(row["text"], encoding="utf-8", newline="")
    return open_bench(name, folder)


def quantile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
