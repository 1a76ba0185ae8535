"""Terms and counts that a question names; all of it invented."""

import pytest

from assistant.understand.terms import count_asked, nouns_counted, series_asked, terms_asked
from tests.assistant.understand.test_asked import ask


@pytest.mark.parametrize(
    ("question", "count"),
    [
        ("具体是哪十项？", 10),
        ("实施哪三项重点工程？", 3),
        ("哪两类，又分哪五级？", 5),  # the last is what is listed
        ("有哪些措施？", None),
        ("三项工程是什么？", None),
    ],
)
def test_how_many_items_a_question_expects(question: str, count: int | None) -> None:
    assert count_asked(ask(question)) == count


def test_what_is_counted() -> None:
    assert nouns_counted(ask("三大行动和两项工程有哪些？")) == ((3, "行动"), (2, "工程"))
    assert series_asked(ask("四级台账是哪四级？")) == ("四", "级")
    assert series_asked(ask("台账分哪四级？")) is None


@pytest.mark.parametrize(
    ("question", "terms"),
    [
        ("“五员”和“三巧手”是指什么？", ("五员", "三巧手")),
        ("《规定》是指什么？", ("规定",)),
        ("CIM是什么意思？", ("CIM",)),
        ("再生水是什么意思？", ("再生水",)),
    ],
)
def test_the_terms_whose_meaning_is_asked(question: str, terms: tuple[str, ...]) -> None:
    assert terms_asked(ask(question)) == terms
