"""Fixtures: the smallest things that tests need, offline and quick.

Real parts (the embedded model, Chromium, LibreOffice, text recognition) are used by tests that
are marked for it.
"""

import hashlib
import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from ingest.pipeline import ingest
from tests.chromium import browser  # noqa: F401  (a fixture)
from tests.postgres import Cluster, cluster
from vectorstore.embedding.embedder import SentenceEmbedder, build_embedder
from vectorstore.index import PolicyIndex
from vectorstore.keywords.tokens import tokens
from vectorstore.settings import IndexSettings

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
MODELS = ROOT / ".cache" / "models"


def count_characters(texts: Sequence[str]) -> list[int]:
    """Stands for a tokenizer: two tokens for three characters, as XLM-R has it for Chinese."""
    return [max(1, len(text) * 2 // 3) for text in texts]


class HashEmbedder:
    """Deterministic: texts that share pairs of characters have near vectors."""

    name = "hash"
    dimension = 256
    count_tokens = staticmethod(count_characters)

    def embed_passages(self, texts: Sequence[str]) -> np.ndarray:
        return (
            np.stack([self._vector(text) for text in texts])
            if texts
            else np.empty((0, 256), np.float32)
        )

    def embed_query(self, text: str) -> np.ndarray:
        return self._vector(text)[None]

    def _vector(self, text: str) -> np.ndarray:
        vector = np.full(self.dimension, 1e-3, np.float32)
        for token in tokens(text):
            place = int.from_bytes(hashlib.blake2b(token.encode(), digest_size=4).digest(), "big")
            vector[place % self.dimension] += 1
        return vector / np.linalg.norm(vector)


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither the environment nor a .env of whoever runs the tests reaches them."""
    import os

    for name in list(os.environ):
        if name.startswith("POLICY_"):
            monkeypatch.delenv(name)
    monkeypatch.setattr("vectorstore.settings.ENV_FILE", str(tmp_path / "absent.env"))
    monkeypatch.setitem(IndexSettings.model_config, "env_file", None)


@pytest.fixture
def settings(tmp_path: Path) -> IndexSettings:
    return IndexSettings(data_dir=tmp_path / "data", model_dir=MODELS)


@pytest.fixture
def index(settings: IndexSettings) -> Iterator[PolicyIndex]:
    opened = PolicyIndex(settings, HashEmbedder())
    yield opened
    opened.close()


@pytest.fixture
def samples(tmp_path: Path) -> Path:
    """A copy of the sample corpus that tests may change; not the files of `filled`."""
    return Path(shutil.copytree(ROOT / "corpus", tmp_path / "samples"))


@pytest.fixture(scope="session")
def sample_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that holds the sample corpus, made once and only ever copied."""
    folder = tmp_path_factory.mktemp("sample-index")
    shutil.copytree(ROOT / "corpus", folder / "samples")
    index = PolicyIndex(IndexSettings(data_dir=folder / "data", model_dir=MODELS), HashEmbedder())
    ingest(index, [folder / "samples"])
    index.close()
    return folder


@pytest.fixture
def filled(sample_index: Path, tmp_path: Path, settings: IndexSettings) -> Iterator[PolicyIndex]:
    """An index that holds the sample corpus."""
    shutil.copytree(sample_index / "data", settings.data_dir)
    opened = PolicyIndex(settings, HashEmbedder())
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def embedder() -> SentenceEmbedder:
    """The embedded model; unpacked once into .cache/."""
    return build_embedder(IndexSettings(model_dir=MODELS))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A PostgreSQL of the tests' own; skipped where it is not installed."""
    with cluster() as made:
        yield made


@pytest.fixture(scope="session")
def shared() -> Path:
    """The evaluation data beside the checkout; tests that need it are skipped without it."""
    if not (SHARED / "eval").is_dir():
        pytest.skip(f"没有评测数据 {SHARED}，跳过")
    return SHARED


@pytest.fixture(scope="session")
def seeds(shared: Path) -> dict[str, str]:
    """The five real documents by their first three digits."""
    return {
        p.name[:3]: p.read_text(encoding="utf-8") for p in sorted((shared / "corpus").glob("*.txt"))
    }


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u200b-\u200f\u2028-\u202e\u2060\ufeff\u00ad\x00]", "", text)
