import time
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.language.dates import split_bare_date
from vectorstore.language.sentences import clauses, sentences
from vectorstore.language.text import fold, nfkc, search_copy, squeeze


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("国发〔2021〕9号", "国发（2021）9 号"),
        ("“十四五”", "\"十四五''"),
        ("2021—2025年", "2021―2025年"),
        ("１２％", "12%"),
        ("市、县", "市,县"),
    ],
)
def test_fold_makes_equal_what_differs_in_width_and_marks(a: str, b: str) -> None:
    assert fold(a) == fold(b)


@pytest.mark.parametrize(
    "marks", ["\u0315\u0316", "\u0f73\u0f75", "\u0315\uff9e", "\u05b0\u0f71\u302a\U0001d165"]
)
def test_a_letter_with_very_many_marks_takes_no_time(marks: str) -> None:
    """Sorted as they are, these take minutes."""
    text = "a" + marks * 400_000 + "b"
    begun = time.perf_counter()
    assert fold(text).endswith("b")
    assert search_copy(text).startswith("a")
    assert time.perf_counter() - begun < 60


@given(
    text=st.text(st.sampled_from("a \u0301\u0316国é゛ﾞ１"), max_size=30), times=st.integers(1, 90)
)
def test_what_people_write_has_its_usual_form(text: str, times: int) -> None:
    long = f"{text}字" * times
    assert nfkc(long) == unicodedata.normalize("NFKC", long)


def test_fold_keeps_apart_what_differs_in_content() -> None:
    assert fold("12%") != fold("15%")
    assert fold("市科技局") != fold("市教育局")


@pytest.mark.parametrize(
    ("raw", "repaired"),
    [
        ("国发20219号", "国发〔2021〕9号"),
        ("云政发202129号", "云政发〔2021〕29号"),
        ("2022314", "2022年3月14日"),
        ("20212025年)", "(2021—2025年)"),
        ("(20212035年)", "(2021—2035年)"),
        ("国发(2006)7号", "国发〔2006〕7号"),
        ("渝府办发〔2021〕138)", "渝府办发〔2021〕138号)"),
        ("“三位一体’’", "“三位一体”"),
        ("通  知", "通知"),
        ("责 任 部 门", "责任部门"),
        ("徐州市 全民", "徐州市全民"),
        ("领导小\n\n组", "领导小组"),
        ("1．", "1."),
        ("互联网＋", "互联网+"),
        ("2021―2025", "2021—2025"),
    ],
)
def test_search_copy_repairs_lost_marks(raw: str, repaired: str) -> None:
    assert search_copy(raw) == repaired


@pytest.mark.parametrize("text", ["电话2021888号", "共20212025元", "2022111", "100020003000"])
def test_search_copy_leaves_other_numbers_alone(text: str) -> None:
    assert search_copy(text) == text


def test_bare_date_needs_a_single_reading() -> None:
    assert split_bare_date("2022", "314") == (3, 14)
    assert split_bare_date("2022", "111") is None  # 1月11日 or 11月1日
    assert split_bare_date("2022", "99") == (9, 9)
    assert split_bare_date("2022", "1345") is None


def test_sentences_keep_tail_and_closing_marks() -> None:
    text = "完善制度。(市科技局牵头,市科协配合)\n他说：“要抓紧。”会后落实。"
    assert [text[a:b] for a, b in sentences(text)] == [
        "完善制度。(市科技局牵头,市科协配合)",
        "他说：“要抓紧。”",
        "会后落实。",
    ]


def test_full_stop_inside_brackets_ends_no_sentence() -> None:
    text = "按规定执行（详见附件。共三项）后报送。再议。"
    assert [text[a:b] for a, b in sentences(text)] == [
        "按规定执行（详见附件。共三项）后报送。",
        "再议。",
    ]


def test_clauses_cut_at_semicolons() -> None:
    text = "一是甲；二是乙；三是丙。"
    assert [text[a:b] for a, b in clauses(text)] == ["一是甲；", "二是乙；", "三是丙。"]


@given(st.text(alphabet="政策。；（）“”\n 一二A1", max_size=80))
def test_sentences_hold_all_visible_characters(text: str) -> None:
    joined = "".join(text[a:b] for a, b in sentences(text))
    assert squeeze(joined) == squeeze(text)
    spans = list(sentences(text))
    assert all(a < b for a, b in spans)
    assert all(x[1] <= y[0] for x, y in pairwise(spans))


def test_brackets_without_end_take_linear_time() -> None:
    """A stop is weighed by what came since the last one, not by all before it."""
    began = time.process_time()
    assert len(list(sentences("（" * 200_000 + "。）" * 200_000))) == 1
    assert time.process_time() - began < 60
