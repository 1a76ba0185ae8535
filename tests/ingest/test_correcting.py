"""What people correct counts at once, and outlives whatever happens to the document."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ingest.correcting import correct
from ingest.facts.refreshing import refresh
from ingest.pipeline import ingest
from tests.conftest import HashEmbedder
from vectorstore.corrections import Correction, as_read, standing, to_confirm, written
from vectorstore.errors import PolicyError
from vectorstore.facts import FactFilter
from vectorstore.index import PolicyIndex
from vectorstore.keywords.tokens import tokens
from vectorstore.library import Library
from vectorstore.models import EVERYTHING, DocumentSummary, Metadata, SearchFilter, Span

DAY = date(2026, 1, 1)
TEXT = """砚湖市人民政府关于印发砚湖市渡船管理办法的通知
砚湖政发〔{year}〕4号

各区人民政府：
现将《砚湖市渡船管理办法》印发给你们，请认真贯彻执行。本办法自印发之日起施行，有效期6年。

砚湖市人民政府
{year}年3月1日
"""


@pytest.fixture
def file(index: PolicyIndex, tmp_path: Path) -> Path:
    path = tmp_path / "in" / "渡船.txt"
    path.parent.mkdir()
    path.write_text(TEXT.format(year=2021), encoding="utf-8")
    ingest(index, [path])
    return path


def only(index: PolicyIndex) -> DocumentSummary:
    (found,) = index.documents()
    return found


def made(index: PolicyIndex, field: str, value: str | None, **more: object) -> Correction:
    document = only(index)
    said = written(as_read(document.metadata), field)
    new = Correction(
        document.id, field, value, said, "看了纸质件", "王某", "2026-01-01T08:00+00:00"
    )
    correct(index, [replace(new, **more)])  # type: ignore[arg-type]
    return new


def test_it_counts_at_once_and_tells_what_was_read(index: PolicyIndex, file: Path) -> None:
    library = Library(index)
    assert (
        library.seen_by(EVERYTHING, as_of=DAY).documents(SearchFilter(issuers=("砚湖市海事局",)))
        == ()
    )
    made(index, "issuer", "砚湖市海事局")
    found = library.seen_by(EVERYTHING, as_of=DAY).documents(
        SearchFilter(issuers=("砚湖市海事局",))
    )
    hand = found[0].metadata.by_hand["issuer"]
    assert (hand.read, hand.who) == ("砚湖市人民政府", "王某")
    assert "issuer" not in found[0].metadata.fields  # the document does not say so


def test_a_value_that_the_text_states_has_its_place(index: PolicyIndex, file: Path) -> None:
    made(index, "date_printed", "2021-03-01")
    metadata, text = only(index).metadata, TEXT.format(year=2021)
    span = metadata.fields["date_printed"]
    assert text[span.start : span.end] == "2021年3月1日"
    made(index, "date_printed", None, undone=True)
    assert only(index).metadata.date_printed is None
    assert "date_printed" not in only(index).metadata.fields


def test_a_title_is_searched_in_words_and_vectors(
    index: PolicyIndex, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedded: list[str] = []
    inner = HashEmbedder.embed_passages

    def watched(self: HashEmbedder, texts: list[str]) -> object:
        embedded.extend(texts)
        return inner(self, texts)

    monkeypatch.setattr(HashEmbedder, "embed_passages", watched)
    made(index, "document_number", "砚湖政发〔2021〕5号")
    assert embedded == []
    made(index, "title", "砚湖市摆渡快艇规矩")
    assert embedded
    assert all(text.startswith("砚湖市摆渡快艇规矩\n") for text in embedded)
    passages = [p for p in index.passages_of(only(index).id) if p.is_searched]
    held = index.catalog.embeddings([p.id for p in passages])
    wanted = index.embedder.embed_passages(
        [p.embedding_text("砚湖市摆渡快艇规矩") for p in passages]
    )
    assert all(abs(held[p.id] - v).max() < 1e-3 for p, v in zip(passages, wanted, strict=True))
    hit = index.search("摆渡快艇")[0]
    assert hit.keyword > 0
    assert hit.document.metadata.title == "砚湖市摆渡快艇规矩"
    scores = index.keywords.search(tokens("渡船管理办法的通知"), 10)
    index.rebuild()
    assert index.keywords.search(tokens("渡船管理办法的通知"), 10) == scores  # no old title is left


def test_validity_and_facts_follow(index: PolicyIndex, file: Path) -> None:
    """自印发之日起施行，有效期6年: read with the day that the document bears."""
    library, document = Library(index), only(index)

    def state() -> str:
        return library.seen_by(EVERYTHING, as_of=DAY).documents()[0].state

    assert state() == "现行有效"
    made(index, "date_written", "2016-03-01")
    assert index.facts(FactFilter(("validity",)))[0].since == date(2016, 3, 1)
    assert state() == "已届满"
    made(index, "date_written", None, undone=True)
    assert state() == "现行有效"
    made(index, "date_effective", "2026-07-01")  # against the clause of the document
    assert state() == "未生效"
    made(index, "status", "已废止")
    assert state() == "已废止"
    (proof,) = library.seen_by(EVERYTHING, as_of=DAY).state(document.id).proofs  # type: ignore[union-attr]
    assert proof.quote == "已废止（人工改正，王某）"


def test_it_outlives_reading_again_and_deleting(index: PolicyIndex, file: Path) -> None:
    made(index, "title", "砚湖市摆渡快艇规矩")
    ingest(index, [file], reread=True)
    with index.writing():
        refresh(index, always=True)
    index.rebuild()
    assert only(index).metadata.title == "砚湖市摆渡快艇规矩"
    with index.writing():
        index.delete_document(only(index).id)
    ingest(index, [file])
    assert only(index).metadata.title == "砚湖市摆渡快艇规矩"
    passages = [p for p in index.passages_of(only(index).id) if p.is_searched]
    held = index.catalog.embeddings([p.id for p in passages])
    wanted = index.embedder.embed_passages(
        [p.embedding_text("砚湖市摆渡快艇规矩") for p in passages]
    )
    assert all(abs(held[p.id] - v).max() < 1e-3 for p, v in zip(passages, wanted, strict=True))


def test_a_newer_version_takes_it_over_and_asks_where_it_reads_otherwise(
    index: PolicyIndex, file: Path
) -> None:
    before = only(index).id
    made(index, "document_number", "砚湖政发〔2021〕5号")
    made(index, "issuer", "砚湖市海事局")
    file.write_text(TEXT.format(year=2022), encoding="utf-8")
    ingest(index, [file])
    newer = only(index)
    assert newer.id != before
    assert newer.metadata.document_number == "砚湖政发〔2021〕5号"
    assert newer.metadata.by_hand["document_number"].read == "砚湖政发〔2022〕4号"
    history = index.catalog.corrections([newer.id])
    assert to_confirm(newer.metadata, standing(history)) == ("document_number",)
    made(index, "document_number", "砚湖政发〔2021〕5号")  # confirmed: against what is read now
    history = index.catalog.corrections([newer.id])
    assert to_confirm(only(index).metadata, standing(history)) == ()


def test_undoing_gives_back_what_was_read(index: PolicyIndex, file: Path) -> None:
    before = only(index).metadata
    for field, value in (("title", "别的"), ("region", "云岭省/砚湖市"), ("period", "2021—2025")):
        made(index, field, value)
    assert only(index).metadata.period_end == 2025
    for field in ("title", "region", "period"):
        made(index, field, None, undone=True)
    assert only(index).metadata == before


def test_what_is_gone_is_not_corrected(index: PolicyIndex) -> None:
    with pytest.raises(PolicyError, match="不在库中"):
        correct(index, [Correction("absent", "title", "甲", None, "乙", "丙", "")])


def test_what_is_read_as_corrected_is_no_correction_any_more() -> None:
    from vectorstore.corrections import corrected

    counts = standing([Correction("d", "issuer", "甲局", None, "理由", "王某", "")])
    assert corrected(Metadata("题", issuer="甲局"), counts, "").by_hand == {}
    hand = corrected(Metadata("题", fields={"title": Span(0, 1)}), counts, "题 甲局").by_hand
    assert hand["issuer"].read is None
