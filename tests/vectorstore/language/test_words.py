"""A text is cut into words without losing a character."""

from hypothesis import given
from hypothesis import strategies as st

from vectorstore.language.words import cut, is_word, word_spans


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=80))
def test_every_character_stands_in_a_word(text: str) -> None:
    assert "".join(cut(text)) == text
    spans = word_spans(text)
    assert len(spans) == len(text)
    assert all(start <= at < end for at, (start, end) in enumerate(spans))


def test_a_word_of_the_dictionary_is_told_from_a_guess() -> None:
    assert is_word("通话")
    assert not is_word("徐洲")
