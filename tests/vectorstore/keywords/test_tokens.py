import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.fusion import convex, with_added
from vectorstore.keywords.tokens import fts_query, query_tokens, tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("科学素质", ["科学", "学素", "素质"]),
        ("国发(2021)9号", ["国发", "2021", "9", "号"]),
        ("达到15.5%。", ["达到", "15.5%"]),
        ("e站", ["e", "站"]),
        ("国发20219号", ["国发", "2021", "9", "号"]),
        ("，。", []),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


def test_question_words_are_not_searched() -> None:
    assert query_tokens("徐州市的目标是多少？") == query_tokens("徐州市的目标是？")
    assert "多少" not in query_tokens("目标是多少")


def test_a_question_of_question_words_still_has_tokens() -> None:
    assert query_tokens("是什么") != []


@given(st.text(max_size=60))
def test_nothing_in_a_question_is_query_syntax(text: str) -> None:
    import sqlite3

    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE t USING fts5 (body)")
    if words := query_tokens(text.replace("\x00", "")):
        db.execute("SELECT * FROM t WHERE t MATCH ?", (fts_query(words),)).fetchall()


def test_fusion_prefers_what_both_searches_find() -> None:
    scores = convex(
        keyword={"a": 10.0, "b": 9.0},
        dense={"a": 0.80, "b": 0.90, "c": 0.89},
        document={"x": 1.0},
        document_of={"a": "x", "b": "y", "c": "y"},
        known=1.0,
    )
    assert scores["b"] > scores["c"]
    assert max(scores, key=lambda i: scores[i]) == "b"


@given(
    st.dictionaries(st.sampled_from("abcdef"), st.floats(0.001, 50), min_size=1), st.floats(0.1, 9)
)
def test_fusion_does_not_depend_on_the_scale_of_bm25(
    keyword: dict[str, float], factor: float
) -> None:
    dense = {i: 0.8 + 0.01 * n for n, i in enumerate("abcdef")}
    of = dict.fromkeys("abcdef", "x")
    one = convex(keyword, dense, {}, of, 0.6)
    other = convex({i: s * factor for i, s in keyword.items()}, dense, {}, of, 0.6)
    assert one == pytest.approx(other)


def test_meaning_decides_where_no_passage_knows_the_words_of_a_question() -> None:
    def best(known: float) -> str:
        scores = convex(
            keyword={"words": 10.0, "meaning": 1.0},
            dense={"words": 0.80, "meaning": 0.86, "neither": 0.78},
            document={"x": 4.0, "y": 3.0},
            document_of={"words": "x", "meaning": "y", "neither": "y"},
            known=known,
        )
        return max(scores, key=lambda i: scores[i])

    assert best(0.05) == "meaning"
    assert best(0.95) == "words"


def test_added_terms_count_less_than_the_words_of_the_question() -> None:
    joined = with_added({"asked": 5.0}, {"added": 5.0})
    assert joined["asked"] > joined["added"] > 0
