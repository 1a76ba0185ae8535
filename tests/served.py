"""Tests that open a whole library, with its catalogue in PostgreSQL: `pytest -p tests.served
tests/leaks`. Each module gets a database of its own. With POLICY_TEST_WORDS=tantivy words are
searched by tantivy too."""

import os
from collections.abc import Iterator

import pytest

from tests.postgres import Cluster


@pytest.fixture(scope="module", autouse=True)
def _served(postgres: Cluster) -> Iterator[None]:
    os.environ["POLICY_DATABASE_URL"] = postgres.database()
    if words := os.environ.get("POLICY_TEST_WORDS"):
        os.environ["POLICY_WORDS"] = words
    yield
    os.environ.pop("POLICY_DATABASE_URL", None)
    os.environ.pop("POLICY_WORDS", None)
