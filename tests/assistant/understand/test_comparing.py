"""What a comparison asks of each side; places are of the list of divisions, texts invented."""

import pytest

from assistant.understand.comparing import matter_compared, of_side, term_asked
from assistant.understand.kinds import Kind
from tests.assistant.understand.test_asked import ask
from vectorstore.models import SearchFilter


def test_a_side_is_asked_what_all_are_asked() -> None:
    question = ask("徐州和宿迁的再生水利用率相差多少？")
    assert matter_compared(question) == "再生水利用率"
    side = of_side(question, "徐州", SearchFilter())
    assert side.standalone == "徐州再生水利用率是多少？"
    assert side.kind is Kind.FACT
    assert [place.text for place in side.places] == ["徐州"]


@pytest.mark.parametrize(
    ("question", "term"),
    [
        ("哪些文件提到了再生水？", "再生水"),
        ("有几份文件规定了“节水三同时”？", "节水三同时"),
        ("哪些文件有效？", ""),
    ],
)
def test_the_term_that_documents_are_searched_for(question: str, term: str) -> None:
    assert term_asked(ask(question)) == term
