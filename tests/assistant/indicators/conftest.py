"""A view of the invented documents."""

from datetime import date

import pytest

from tests.assistant.stated import fill
from vectorstore.index import PolicyIndex
from vectorstore.library import Library, View
from vectorstore.models import Viewer

TODAY = date(2026, 11, 30)


@pytest.fixture
def library(index: PolicyIndex) -> Library:
    fill(index)
    return Library(index)


@pytest.fixture
def view(library: Library) -> View:
    return library.seen_by(Viewer("甲"), as_of=TODAY)
