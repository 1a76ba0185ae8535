"""Evidence over small documents that a test writes down itself; read by words, no model."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from assistant.find.evidence import Evidence
from assistant.find.reading import LexicalReader
from assistant.people.viewer import LOCAL
from ingest.pipeline import ingest
from tests.assistant.answers.documents import CITY, COUNTY, TOWN
from tests.conftest import MODELS, HashEmbedder
from vectorstore.index import PolicyIndex
from vectorstore.library import Library
from vectorstore.models import SearchFilter
from vectorstore.settings import IndexSettings

EvidenceOver = Callable[..., Evidence]
TODAY = date(2026, 11, 24)


def look_up(index: PolicyIndex, scope: SearchFilter = SearchFilter()) -> Evidence:
    view = Library(index).seen_by(LOCAL, scope, as_of=TODAY)
    return Evidence(view, LexicalReader(index.token_weights), 0.3, 32)


def put_in(index: PolicyIndex, folder: Path, *texts: str) -> None:
    for number, text in enumerate(texts):
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")
    ingest(index, [folder])


@pytest.fixture
def evidence_over(index: PolicyIndex, tmp_path: Path) -> EvidenceOver:
    """Over documents of the test's own, if any."""

    def over(*texts: str) -> Evidence:
        folder = tmp_path / "documents"
        folder.mkdir()
        if texts:
            put_in(index, folder, *texts)
        return look_up(index)

    return over


@pytest.fixture(scope="session")
def three(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PolicyIndex]:
    """An index of the three documents of documents.py, made once and only ever read."""
    folder = tmp_path_factory.mktemp("three")
    settings = IndexSettings(data_dir=folder / "data", model_dir=MODELS)
    opened = PolicyIndex(settings, HashEmbedder())
    (folder / "documents").mkdir()
    put_in(opened, folder / "documents", CITY, COUNTY, TOWN)
    yield opened
    opened.close()


@pytest.fixture
def evidence(three: PolicyIndex) -> Evidence:
    return look_up(three)
