"""What a question reads: the keyword index says where to look, and nothing is missed by it."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import pytest

from assistant.answers.ways import comparison, duties
from assistant.cite.quote import Quote
from assistant.find.evidence import Evidence
from assistant.find.reading import LexicalReader
from assistant.people.viewer import LOCAL
from assistant.understand.turns import understand
from ingest.facts.reading import read_stated
from vectorstore.catalog import sql
from vectorstore.index import PolicyIndex
from vectorstore.language.aliases import organ_key
from vectorstore.language.sentences import sentences
from vectorstore.language.text import fold
from vectorstore.library import Library
from vectorstore.models import Cell, Document, Metadata, Passage

ORGANS = ("市科技局", "县水利局", "交通运输局", "市科协", "教育局", "妇联")
WORDS = ("节水", "节 水", "节\n水", "器具", "推广", "5G", "5 g", "基站", "２０２５年", "20212025年",
         "2021至2025年", "。", "；", "，", "\n", "(2021)9号", "20220314", "各", "县", "市", "ﬁ", "㈱", "〇")  # fmt: skip
ASSIGNED = (
    "（{0}牵头，{1}配合）。",
    "责任单位：{0}、{1}。",
    "由{0}牵头，{1}参与。",
    "由{0}负责。",
    "{0}、{1}。",
)


def passages_of(document_id: str, draw: random.Random) -> Iterator[Passage]:
    for ordinal in range(draw.randint(1, 12)):
        words = draw.choices(WORDS, k=draw.randint(1, 14))
        organs = draw.sample(ORGANS, 2)
        if draw.random() < 0.3:
            words.append(draw.choice(ASSIGNED).format(*organs))
        kind = draw.choice(("body", "body", "heading", "row"))
        text = "".join(words)
        cells, context = (), ""
        if kind == "row":
            text = f"{text}\n{organs[0]}"
            cells = (Cell("牵头单位", 0, 0),)  # the place in the source: see `built`
            context = f"牵头单位：{organs[0]}"
        yield Passage(
            f"{document_id}-{ordinal:04d}", document_id, ordinal, 0, 0, text,
            heading_path=("总则",), context=context, kind=kind, cells=cells,
        )  # fmt: skip


@dataclass
class Built:
    evidence: Evidence
    read: list[str]  # ids of the passages that were loaded


def fill(index: PolicyIndex, count: int, draw: random.Random) -> None:
    with index.writing():
        for number in range(count):
            name = f"d{number:03d}"
            source, placed = "", []
            for p in passages_of(name, draw):
                start = len(source)
                source += p.text + "\n\n"
                end = start + len(p.text)
                cells = tuple(
                    Cell(c.header, end - len(p.text.split("\n")[-1]), end) for c in p.cells
                )
                placed.append(Passage(
                    p.id, name, p.ordinal, start, end, p.text, p.heading_path, p.context, p.kind,
                    cells=cells,
                ))  # fmt: skip
            document = Document(
                name, name, (), "txt", source, Metadata(f"标题{draw.randint(0, 99)}")
            )
            vectors = np.ones((sum(p.is_searched for p in placed), 4), np.float32) / 2
            stated = read_stated(document, placed)
            index.replace_document(document, placed, vectors, [], stated)


@pytest.fixture
def build(index: PolicyIndex, monkeypatch: pytest.MonkeyPatch) -> Callable[[int, int], Built]:
    def made(count: int, seed: int) -> Built:
        fill(index, count, random.Random(seed))
        reader = LexicalReader(index.token_weights)
        view = Library(index).seen_by(LOCAL, as_of=date(2026, 11, 24))
        evidence = Evidence(view, reader, 0.3, 32)
        read: list[str] = []
        real = sql.passage_of
        monkeypatch.setattr(sql, "passage_of", lambda row: read.append(row.id) or real(row))
        return Built(evidence, read)

    return made


def scanned_mentions(term: str, evidence: Evidence) -> dict[str, Quote]:
    """The right answer, by reading everything."""
    key, found = fold(term), {}
    for document in evidence.view.documents():
        for passage in evidence.view.passages_of(document.id):
            if document.id in found or key not in fold(passage.text):
                continue
            for start, end in sentences(passage.text):
                if key in fold(passage.text[start:end]):
                    found[document.id] = evidence.quoter.quote(document, passage, start, end)
                    break
    return found


@pytest.mark.parametrize("seed", range(4))
def test_mentions_are_those_of_a_scan(build: Callable[[int, int], Built], seed: int) -> None:
    built = build(40, seed)
    documents = built.evidence.view.documents()
    mentioned = 0
    for term in (
        "节水",
        "节水器具",
        "推广 节水",
        "5G基站",
        "5G",
        "2025年",
        "各县",
        "水。",
        "推广5g",
        "县市各",
    ):
        found = comparison._first_mentions((term,), documents, built.evidence)
        assert found == scanned_mentions(term, built.evidence)
        mentioned += len(found)
    assert mentioned > 20


@pytest.mark.parametrize("seed", range(4))
def test_duties_are_all_that_are_stated_and_only_what_is_quoted_is_read(
    build: Callable[[int, int], Built], seed: int
) -> None:
    built = build(40, seed)
    duties_known = [f for f in built.evidence.view.facts() if f.kind == "duty"]
    for organ in (*ORGANS, "科技局", "水利局"):
        key = organ_key(organ)
        expected = [f for f in duties_known if key in map(organ_key, f.organs)]
        assert expected
        question = understand([f"{organ}有哪些任务"], built.evidence.corpus)
        built.read.clear()
        content = duties.answer_duty(question, built.evidence)
        assert content
        quotes = [s.quotes[0] for s in content.statements]
        assert [(q.document_id, q.start, q.end) for q in quotes] == [
            (f.document_id, f.start, f.end) for f in expected
        ]
        assert content.notes == (f"共 {len(expected)} 项，以上为全部。",)
        assert set(built.read) <= {f.passage_id for f in expected}


def test_one_question_reads_few_passages(build: Callable[[int, int], Built]) -> None:
    built = build(300, 7)
    view = built.evidence.view
    documents = view.documents()
    total = sum(len(ids) for ids in view.candidates("5G", [d.id for d in documents]).values())
    assert total > 1500
    found = comparison._first_mentions(("节水器具",), documents, built.evidence)
    assert 10 < len(found) < 250
    assert len(built.read) <= 2 * len(found) + 20  # of a document, what it is quoted from
    assert "节水" in fold(next(iter(found.values())).text)


def test_who_is_named_nowhere_costs_nothing(build: Callable[[int, int], Built]) -> None:
    built = build(60, 3)
    documents = built.evidence.view.documents()
    assert comparison._first_mentions(("卫星遥感",), documents, built.evidence) == {}
    assert built.read == []
