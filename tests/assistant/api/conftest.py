"""The real site for programs that call: over the sample corpus, without a model."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.attack.conftest import Site, serving
from tests.conftest import MODELS
from vectorstore.settings import IndexSettings

QUESTION = "课后服务每周不少于几天？"


@pytest.fixture(scope="session")
def called(sample_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site on this machine, which programs call without a key."""
    data = tmp_path_factory.mktemp("called") / "data"
    shutil.copytree(sample_index / "data", data)
    with serving(IndexSettings(data_dir=data, model_dir=MODELS)) as served:
        yield served
