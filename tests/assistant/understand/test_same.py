"""Whether two questions may ask the same."""

import pytest

from assistant.understand.same import in_the_same_words, may_ask_the_same

KNOWN = "青禾市80周岁以上老人每餐补贴多少元？"


@pytest.mark.parametrize(
    ("asked", "may"),
    [
        ("青禾市80周岁以上老人每餐补贴多少元", True),
        ("青禾市80周岁以上的老人每餐补贴多少元？", True),
        ("青禾市70周岁以上老人每餐补贴多少元", False),
        ("青禾市八十周岁以上老人每餐补贴多少元", False),  # the embedder is not asked either
        ("青禾市80周岁以上老人每餐不补贴多少元", False),
        ("青禾市80周岁以上老人怎么申请", False),
        ("", False),
    ],
)
def test_figures_negations_and_most_words_are_the_same(asked: str, may: bool) -> None:
    assert may_ask_the_same(asked, KNOWN) is may


def test_the_same_words_in_any_marks_and_width() -> None:
    assert in_the_same_words("青禾市８０周岁以上老人，每餐补贴多少元?", KNOWN)
    assert not in_the_same_words("青禾市80周岁以上老人每餐补贴几元？", KNOWN)
