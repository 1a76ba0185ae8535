"""Which words are marked."""

import itertools
import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.revision.figures import Changed, changed_figures
from assistant.revision.sequences import common, rising
from assistant.revision.wording import edits


def marked(old: str, new: str) -> list[tuple[str, str]]:
    return [(edit.old, edit.new) for edit in edits(old, new) if edit.is_change]


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        ("市、县人民政府负责。", "市、县、乡人民政府负责。", [("", "、乡")]),
        ("可以给予奖励。", "应当给予奖励。", [("可以", "应当")]),
        ("处2000元罚款。", "处5000元罚款。", [("2000元", "5000元")]),
        ("自2024年5月1日起施行。", "自2024年6月1日起施行。", [("2024年5月1日", "2024年6月1日")]),
        ("保存，备查。", "保存。备查。", [("，", "。")]),
        ("河长 每月\n巡河。", "河长每月巡河。", []),
    ],
)
def test_words_figures_and_dates_change_as_a_whole(
    old: str, new: str, changes: list[tuple[str, str]]
) -> None:
    assert marked(old, new) == changes


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        ("三十日内办结", "30日内办结", []),
        ("处2000元以上1万元以下罚款", "处5000元以上3万元以下罚款", [("2000元", "5000元"), ("1万元", "3万元")]),
        ("依照第十二条第二款", "依照第十五条第一款", []),
        ("按青政发〔2021〕6号执行", "按青政发〔2025〕9号执行", []),
        ("每月检查", "每月检查，不少于10人", [("", "10人")]),
        ("二〇二一年三月五日", "2021年3月5日", []),
    ],
)  # fmt: skip
def test_figures_are_compared_by_value(old: str, new: str, changes: list[tuple[str, str]]) -> None:
    assert changed_figures(old, new) == [Changed(*change) for change in changes]


@given(
    st.text(alphabet="甲乙丙，。 2元年\n", max_size=60),
    st.text(alphabet="甲乙丁，。 3元年\n", max_size=60),
)
def test_edits_are_the_two_texts(old: str, new: str) -> None:
    found = edits(old, new)
    assert "".join(edit.old for edit in found) == old
    assert "".join(edit.new for edit in found) == new


def test_long_texts_are_compared_by_sentence_first() -> None:
    sentence = "河长每月巡河一次，记录保存{}年。"
    old = "".join(sentence.format(n) for n in range(3000))
    new = old.replace("保存7年", "保存九百年")
    assert marked(old, new) == [("7年", "九百年")]


@given(st.lists(st.integers(0, 5), max_size=30), st.lists(st.integers(0, 5), max_size=30))
def test_a_common_subsequence_is_common_and_longest(a: list[int], b: list[int]) -> None:
    pairs = common(a, b)
    assert all(a[i] == b[j] for i, j in pairs)
    assert all(x[0] < y[0] and x[1] < y[1] for x, y in itertools.pairwise(pairs))
    longest = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            longest[i + 1][j + 1] = (
                longest[i][j] + 1 if x == y else max(longest[i][j + 1], longest[i + 1][j])
            )
    assert len(pairs) == longest[-1][-1]


def test_many_equal_items_cost_little() -> None:
    rng = random.Random(2)
    a, b = ([rng.choice("的，") for _ in range(200_000)] for _ in range(2))
    began = time.process_time()
    common(a, b)
    assert time.process_time() - began < 60  # the square of it is minutes


def test_rising() -> None:
    assert rising([]) == []
    assert rising([5, 0, 4, 1, 2, 3]) == [1, 3, 4, 5]
