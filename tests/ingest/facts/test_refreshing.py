"""Facts of documents that are here already are read again when the rules change."""

import dataclasses
from pathlib import Path

import pytest

from ingest.facts import refreshing
from tests.vectorstore.made import put
from vectorstore.catalog.sql import SqlCatalog
from vectorstore.facts import Fact, Stated
from vectorstore.models import Document

OLD = Fact("figure", "a", 0, 2, "正文", "旧")


class Held:
    """As much of an index as a refresh needs."""

    def __init__(self, catalog: SqlCatalog):
        self.catalog = catalog
        self.document, self.passages_of = catalog.document, catalog.passages_of
        self.replace_stated = catalog.replace_stated


@pytest.mark.parametrize("always", [False, True])
def test_only_other_rules_or_an_order_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, always: bool
) -> None:
    def read(document: Document, passages: object) -> Stated:
        return Stated((dataclasses.replace(OLD, subject="新", document_id=document.id),))

    monkeypatch.setattr(refreshing, "read_stated", read)
    catalog = SqlCatalog(tmp_path / "catalog.sqlite3")
    put(catalog, "a", "正文", stated=Stated((OLD,)))
    put(catalog, "b", "正文")
    told: list[tuple[int, int]] = []
    held = Held(catalog)
    assert refreshing.refresh(held, lambda *n: told.append(n), always=always) == 2  # type: ignore[arg-type]
    assert told == [(1, 2), (2, 2)]
    assert [(f.document_id, f.subject) for f in catalog.facts()] == [("a", "新"), ("b", "新")]
    assert refreshing.refresh(held, always=always) == (2 if always else 0)  # type: ignore[arg-type]
    catalog.close()
