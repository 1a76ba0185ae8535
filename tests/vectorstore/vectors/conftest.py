from collections.abc import Iterator

import pytest

from tests.vectorstore.vectors.engines import ChromaProcess


@pytest.fixture(scope="session")
def chroma_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Chroma server, for POLICY_VECTORS_URL."""
    process = ChromaProcess(tmp_path_factory.mktemp("chroma"))
    process.start()
    yield process.url
    process.kill()
