"""What every keyword index keeps to (vectorstore/keywords/port.py)."""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.vectorstore.keywords.memory import MemoryKeywords
from tests.vectorstore.made import WORDS, put, put_random
from vectorstore.catalog.sql import SqlCatalog
from vectorstore.facts import Fact, Stated
from vectorstore.keywords.fts5 import Fts5Index
from vectorstore.keywords.port import KeywordIndex
from vectorstore.keywords.tokens import tokens
from vectorstore.language.text import fold

TANTIVY = (
    pytest.mark.scale,
    pytest.mark.skipif(find_spec("tantivy") is None, reason="requirements-scale.txt"),
)


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[SqlCatalog]:
    opened = SqlCatalog(tmp_path / "catalog.sqlite3")
    yield opened
    opened.close()


@pytest.fixture(params=["fts5", "memory", pytest.param("tantivy", marks=TANTIVY)])
def keywords(
    request: pytest.FixtureRequest, tmp_path: Path, catalog: SqlCatalog
) -> Iterator[KeywordIndex]:
    if request.param != "tantivy":
        made: KeywordIndex = (
            Fts5Index(catalog.database) if request.param == "fts5" else MemoryKeywords(catalog)
        )
        catalog.followers.append(made)
        yield made
        return
    from tests.vectorstore.keywords.prompt import Prompt

    prompt = Prompt(catalog.database, tmp_path / "words")
    catalog.followers.append(prompt)
    yield prompt
    prompt.stop()


def test_a_rare_word_is_found_first(keywords: KeywordIndex, catalog: SqlCatalog) -> None:
    for number in range(12):
        put(catalog, f"n{number:02d}", "农村道路建设")
    put(catalog, "x", "养老服务", "农村养老")
    found = keywords.search(["农村", "养老"], 3)
    assert found[0][0] == "x-0001"
    assert [score for _, score in found] == sorted((s for _, s in found), reverse=True)
    assert found[0][1] > 0
    assert len(found) == 3
    assert found == keywords.search(["农村", "养老"], 3)


def test_nothing_asked_or_held_finds_nothing(keywords: KeywordIndex, catalog: SqlCatalog) -> None:
    put(catalog, "a", "农村道路")
    assert keywords.search([], 5) == keywords.search(["没有"], 5) == []
    assert keywords.search(["农村"], 5, []) == []
    assert keywords.scores([], ["a-0000"]) == keywords.scores(["没有"], ["a-0000"]) == {}
    assert keywords.document_scores(["农村"], []) == keywords.frequencies(["没有"]) == {}
    assert keywords.search(['"', "NOT", "农村"], 5)[0][0] == "a-0000"


def test_a_restriction_changes_no_score(keywords: KeywordIndex, catalog: SqlCatalog) -> None:
    put_random(catalog, 30, seed=1)
    words = tokens("节水器具推广")
    everything = dict(keywords.search(words, 1000))
    part = dict(keywords.search(words, 1000, ["r001", "r002", "unknown"]))
    assert part == {i: s for i, s in everything.items() if i[:4] in ("r001", "r002")}
    some = sorted(everything)[:9]
    assert keywords.scores(words, [*some, "unknown"]) == pytest.approx(
        {i: everything[i] for i in some}
    )


def test_headings_are_looked_up_and_never_found(
    keywords: KeywordIndex, catalog: SqlCatalog
) -> None:
    put(catalog, "a", "#节水器具", "农村道路")
    assert keywords.search(tokens("节水器具"), 5) == []
    assert keywords.frequencies(["节水", "农村"]) == {"农村": 1}
    assert keywords.candidates("节水器具") == [("a", "a-0000")]


def test_it_follows_the_catalogue(keywords: KeywordIndex, catalog: SqlCatalog) -> None:
    put(catalog, "a", "农村道路", "#农村公路", path="1.txt")
    put(catalog, "a", "养老服务", path="1.txt")
    assert keywords.search(["农村"], 5) == []
    assert keywords.candidates("农村") == []
    put(catalog, "b", "农村教育", path="1.txt")  # the file holds another document now
    assert keywords.frequencies(["养老", "农村"]) == {"农村": 1}
    catalog.delete_document("b")
    assert keywords.frequencies(["农村"]) == {}
    assert keywords.document_scores(["农村"], ["a", "b"]) == {}


def test_made_anew_it_is_the_same(keywords: KeywordIndex, catalog: SqlCatalog) -> None:
    put_random(catalog, 20, seed=2)
    words = tokens("农村养老服务")
    before = keywords.search(words, 50), keywords.document_scores(words, ["r001", "r002"])
    with catalog.transaction():
        keywords.clear()
        assert keywords.search(words, 50) == []
        for document_id in sorted(catalog.document_ids()):
            keywords.add(document_id)
    after = keywords.search(words, 50), keywords.document_scores(words, ["r001", "r002"])
    assert dict(after[0]) == pytest.approx(dict(before[0]))
    assert after[1] == pytest.approx(before[1])


def test_frequencies_are_counted_in_passages(keywords: KeywordIndex, catalog: SqlCatalog) -> None:
    put(catalog, "a", "农村农村", "农村养老", title="通知")
    assert keywords.frequencies(["农村", "养老", "通知", "无有"]) == {
        "农村": 2, "养老": 1, "通知": 2,
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
def test_candidates_miss_nothing(keywords: KeywordIndex, catalog: SqlCatalog, seed: int) -> None:
    put_random(catalog, 30, seed)
    put(catalog, "z", "#农村\n道路", "节 水\u200b器具", "（5Ｇ）基站")
    documents = sorted(catalog.document_ids())
    everything = [p for d in documents for p in catalog.passages_of(d)]
    for text in (*WORDS, "具，推广", "农村道路，养老服务", "器 具", "5g基站", "没有这句话"):
        key = fold(text)
        holding = [(p.document_id, p.id) for p in everything if key in fold(p.text)]
        found = keywords.candidates(text)
        assert found is not None
        assert set(holding) <= set(found)
        assert found == sorted(set(found))
        if text in WORDS and text != "5G基站":  # one run of Han characters: exactly those
            assert found == holding
        some = documents[:10]
        assert keywords.candidates(text, some) == [place for place in found if place[0] in some]


def test_text_without_a_token_of_its_own_is_said_to_be_unknown(catalog: SqlCatalog) -> None:
    fts5 = Fts5Index(catalog.database)
    assert fts5.candidates("5G") is None
    assert fts5.candidates("年") is None


def test_documents_that_hold_a_text_are_found_and_few_others(
    keywords: KeywordIndex, catalog: SqlCatalog
) -> None:
    put(catalog, "a", "#节水器具", "推广应用，依照第5条办理", title="2021年度计划")
    put(catalog, "b", "推广节 水器具（5Ｇ）", "农村道路")
    put(catalog, "c", "养老服务", title="节水办法")
    found = keywords.documents_with
    assert found("节水器具") == ["a", "b"]  # in a heading, and across white space
    assert found("节水") == ["a", "b", "c"]
    assert found("节水办法") == ["c"]
    assert (found("第5条"), found("5g"), found("2021年"), found("老")) == (
        ["a"],
        ["b"],
        ["a"],
        ["c"],
    )
    assert found("节水", ["c", "unknown"]) == ["c"]
    assert found("没有这句话") == found("节水", []) == []
    assert found('" OR *') == []
    assert found("，。《》") is None
    catalog.delete_document("c")
    assert found("节水") == ["a", "b"]


def test_facts_are_found_by_their_words(keywords: KeywordIndex, catalog: SqlCatalog) -> None:
    def fact(owner: str, kind: str, subject: str, text: str = "") -> Fact:
        return Fact(kind, owner, 0, 2, "正文", subject, text=text)  # type: ignore[arg-type]

    rows = (
        fact("a", "target", "自来水普及率"),
        fact("a", "duty", "修建水厂", "提高自来水普及率"),
        fact("a", "figure", "公路里程"),
    )
    put(catalog, "a", "正文", stated=Stated(rows))
    put(catalog, "b", "正文", stated=Stated((fact("b", "target", "自来水普及率"),)))

    def found(**where: list[str]) -> list[tuple[str, str]]:
        hits = keywords.facts(tokens("自来水普及率"), 10, **where)
        facts = catalog.facts_by_number([number for number, _ in hits])
        return sorted((facts[n].document_id, facts[n].kind) for n, _ in hits)

    assert found() == [("a", "duty"), ("a", "target"), ("b", "target")]
    assert found(kinds=["target"]) == [("a", "target"), ("b", "target")]
    assert found(kinds=["target"], document_ids=["b"]) == [("b", "target")]
    assert found(document_ids=[]) == keywords.facts([], 10) == []
    catalog.replace_stated("a", Stated(rows[2:]))
    assert found() == [("b", "target")]
    catalog.delete_document("b")
    assert found() == []
