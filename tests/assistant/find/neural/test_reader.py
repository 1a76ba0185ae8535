"""The reader that ships: spans are places in the text, its file is checked, it is not needed."""

import shutil
import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.find.neural.encoding import Pair, encode_pairs
from assistant.find.neural.reader import (
    FEWEST,
    MOST_LEAD,
    WEIGHTS_FOLDER,
    NeuralReader,
    best_spans,
    leads,
    span_score,
)
from assistant.find.reading import LexicalReader
from assistant.find.rerank import MaxSimScorer, ScoredReader
from assistant.services import build_reader
from assistant.settings import AnswerSettings
from vectorstore.embedding.embedder import SentenceEmbedder, load_tokenizer
from vectorstore.errors import PolicyError
from vectorstore.index import PolicyIndex
from vectorstore.models import Cell, SearchHit

pytestmark = pytest.mark.model
QUESTION = "青禾市到2025年底要建成多少个老年助餐点？"


def hits(index: PolicyIndex, question: str) -> list[SearchHit]:
    return index.search(question, 8)


@pytest.fixture(scope="module")
def reader(embedder: SentenceEmbedder) -> NeuralReader:
    def same(words: object) -> dict[str, float]:
        return dict.fromkeys(words, 1.0)  # type: ignore[call-overload,no-any-return]

    return NeuralReader(embedder, WEIGHTS_FOLDER, same, budget=4000, limit=8)


@settings(max_examples=40, deadline=None)
@given(st.text(min_size=1, max_size=200), st.text(max_size=40))
def test_token_spans_lie_in_the_text(embedder: SentenceEmbedder, text: str, asked: str) -> None:
    (pair,) = encode_pairs(load_tokenizer(embedder.folder), asked, [("标题", text)])
    assert len(pair.ids) == len(pair.spans)
    assert all(0 <= a <= b <= len(text) for span in pair.spans if span for a, b in (span,))


def test_the_first_leads_the_second_and_no_other_leads() -> None:
    assert leads([3.0, 9.5, 4.0]) == [0.0, 5.5, 0.0]
    assert leads([1.0, 90.0]) == [0.0, MOST_LEAD]
    assert leads([7.0]) == [MOST_LEAD]
    assert leads([2.0, 2.0]) == [0.0, 0.0]


def test_no_passage_is_less_relevant_than_one_it_leads(
    reader: NeuralReader, index: PolicyIndex
) -> None:
    for question in (QUESTION, "老人吃饭补多少钱", "由谁牵头"):
        read = [r for r in reader.read(question, hits(index, question)) if r.spans]
        assert [r.score for r in read] == sorted((r.score for r in read), reverse=True)
        assert [r.relevance for r in read] == sorted((r.relevance for r in read), reverse=True)


@given(st.lists(st.tuples(st.floats(-9, 9), st.floats(-9, 9)), min_size=1, max_size=30))
def test_best_spans_do_not_overlap(logits: list[tuple[float, float]]) -> None:
    pair = Pair(tuple(range(len(logits))), tuple((i, i + 1) for i in range(len(logits))))
    start, end = zip(*logits, strict=True)
    spans = best_spans(start, end, pair)
    assert spans
    ordered = sorted(spans, key=lambda span: span.start)
    assert all(a.end <= b.start for a, b in pairwise(ordered))
    assert (
        spans[0].score
        == max(start[i] + end[j] for i in range(len(start)) for j in range(i, len(end)))
        or len(start) > 12
    )
    assert span_score(start, end, pair, 0, len(start)) >= min(start) + min(end)


def test_it_puts_the_answer_first_and_finds_it(reader: NeuralReader, filled: PolicyIndex) -> None:
    readings = reader.read(QUESTION, hits(filled, QUESTION))
    text = readings[0].hit.passage.text
    assert any("120个" in text[span.start : span.end] for span in readings[0].spans)
    assert [r.score for r in readings] == sorted((r.score for r in readings), reverse=True)
    assert all(0 <= r.relevance <= 1 for r in readings)


def test_the_answering_passage_is_more_relevant_than_another(
    reader: NeuralReader, filled: PolicyIndex
) -> None:
    found = {("助餐点120个" in r.hit.passage.text): r.relevance
             for r in sorted(reader.read(QUESTION, hits(filled, QUESTION)), key=lambda r: r.relevance)}  # fmt: skip
    assert found[True] > found[False]


def test_only_near_passages_are_read_and_within_the_budget(
    reader: NeuralReader, filled: PolicyIndex
) -> None:
    found = hits(filled, QUESTION)
    near = [replace(hit, score=1.0 - i / 100) for i, hit in enumerate(found)]
    far = [replace(hit, score=1.0 - i) for i, hit in enumerate(found)]

    def read(hits: list[SearchHit], share: float) -> int:
        readings = reader.read(QUESTION, hits, share)
        assert {r.hit.passage.id for r in readings} == {h.passage.id for h in hits}
        return sum(bool(r.spans) for r in readings)

    assert read(near, 1.0) == len(found)
    assert read(far, 1.0) == FEWEST
    assert read(near, 0.001) == 3


def read_ids(reader: NeuralReader, found: list[SearchHit], share: float = 1.0) -> list[str]:
    """The passages that were read, as the reader orders them."""
    return [r.hit.passage.id for r in reader.read(QUESTION, found, share) if r.spans]


@pytest.mark.parametrize("share", [1.0, 0.5, 0.25])
def test_a_slow_machine_reads_the_same_passages(
    embedder: SentenceEmbedder, filled: PolicyIndex, monkeypatch: pytest.MonkeyPatch, share: float
) -> None:
    """Under load people wait longer; what they are told stays the same."""
    near = [replace(h, score=1.0 - i / 100) for i, h in enumerate(filled.search(QUESTION, 16))]
    settings = AnswerSettings(read_tokens=1000)

    def fresh() -> NeuralReader:
        built, _ = build_reader(settings, embedder, filled.token_weights)
        assert isinstance(built, NeuralReader)
        return built

    quiet = read_ids(fresh(), near, share)
    forward = NeuralReader._forward

    def slow(self: NeuralReader, pairs: Sequence[Pair]) -> object:
        time.sleep(0.4 * len(pairs))
        return forward(self, pairs)

    monkeypatch.setattr(NeuralReader, "_forward", slow)
    assert read_ids(fresh(), near, share) == quiet
    if share == 1.0:
        assert FEWEST < len(quiet) < len(near)  # the budget decided


def test_a_larger_budget_reads_more(embedder: SentenceEmbedder, filled: PolicyIndex) -> None:
    near = [replace(h, score=1.0 - i / 100) for i, h in enumerate(filled.search(QUESTION, 16))]
    counts = []
    for tokens in (600, 1200, 50_000):
        reader, _ = build_reader(AnswerSettings(read_tokens=tokens), embedder, filled.token_weights)
        assert isinstance(reader, NeuralReader)
        counts.append(len(read_ids(reader, near)))
    assert counts == sorted(set(counts))
    assert counts[-1] == len(near)


def test_a_damaged_file_is_refused(embedder: SentenceEmbedder, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(WEIGHTS_FOLDER, tmp_path / "weights"))
    content = bytearray((folder / "reader.safetensors").read_bytes())
    content[-1] ^= 1
    (folder / "reader.safetensors").write_bytes(content)
    damaged = NeuralReader(embedder, folder, lambda words: {}, budget=1000, limit=4)
    with pytest.raises(PolicyError, match="校验值不符"):
        damaged.model  # noqa: B018


def test_without_it_words_and_late_interaction_serve(
    embedder: SentenceEmbedder, filled: PolicyIndex
) -> None:
    shipped, _ = build_reader(AnswerSettings(), embedder, filled.token_weights)
    assert isinstance(shipped, NeuralReader)
    late, _ = build_reader(
        AnswerSettings(reader="off", late_interaction=True), embedder, filled.token_weights
    )
    assert isinstance(late, ScoredReader)
    assert late.name == "lexical"
    words, _ = build_reader(AnswerSettings(reader="off"), embedder, filled.token_weights)
    assert isinstance(words, LexicalReader)


def test_late_interaction_prefers_the_passage_that_answers(embedder: SentenceEmbedder) -> None:
    scorer = MaxSimScorer(embedder)
    answers, other = scorer.score(
        QUESTION, ["到2025年底建成老年助餐点120个。", "循环用水率不得低于百分之七十。"]
    )
    assert answers > other


def test_an_unknown_cross_encoder_is_named(
    embedder: SentenceEmbedder, filled: PolicyIndex, tmp_path: Path
) -> None:
    settings = AnswerSettings(rerank_model=str(tmp_path / "none"))
    reader, _ = build_reader(settings, embedder, filled.token_weights)
    with pytest.raises(PolicyError, match="POLICY_ANSWER_RERANK_MODEL"):
        reader.read(QUESTION, hits(filled, QUESTION))


def test_a_row_is_read_with_the_names_of_its_columns(
    filled: PolicyIndex, reader: NeuralReader
) -> None:
    hit = hits(filled, QUESTION)[0]
    text, names = "甲类\n16万元", ("类别", "补助上限")
    cells = (Cell(names[0], 0, 2), Cell(names[1], 3, 7))
    row = replace(hit.passage, text=text, cells=cells, context="类别：甲类；补助上限：16万元")
    bare = replace(hit.passage, text=text)
    question = "甲类的补助上限是多少？"
    known = {part: reader.features(question, replace(hit, passage=part)) for part in (row, bare)}
    assert known[row].words > known[bare].words
    (reading,) = reader.read(question, [replace(hit, passage=row)])
    assert [(s.start, s.end) for s in reading.spans] == [(0, len(text))]
