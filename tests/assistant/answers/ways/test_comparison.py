import pytest

from assistant.answers.ways.comparison import _holds_all, _wordings
from vectorstore.language.text import fold


@pytest.mark.parametrize(
    ("term", "sentence"),
    [
        ("区块链技术", "推进大数据、区块链等技术深度融合"),
        ("家政补贴", "对家政服务给予补贴"),
        ("节水设施", "建设节水灌溉设施"),
    ],
)
def test_a_term_is_found_where_the_text_parts_it(term: str, sentence: str) -> None:
    """Whatever its last word is."""
    whole, parts = _wordings(term)
    assert not _holds_all(sentence, [fold(word) for word in whole])
    assert _holds_all(sentence, [fold(word) for word in parts])


def test_half_a_term_is_no_mention() -> None:
    assert not _holds_all("建设灌溉设施", [fold(word) for word in _wordings("节水设施")[1]])
    assert _wordings("") == []
    assert _wordings("再生水") == [("再生水",)]
