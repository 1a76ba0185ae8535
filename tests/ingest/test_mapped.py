import re

from hypothesis import given
from hypothesis import strategies as st

from ingest.mapped import MappedText, join


@given(st.text(max_size=60))
def test_every_character_knows_its_offset(source: str) -> None:
    text = MappedText.of(source).drop(re.compile(r"\s+")).strip()
    assert all(source[offset] == char for char, offset in zip(text.text, text.offsets, strict=True))


@given(st.text(max_size=40), st.integers(0, 40))
def test_join_keeps_the_offsets_of_its_parts(source: str, cut: int) -> None:
    whole = join(
        [
            MappedText.of(source, 0, min(cut, len(source))),
            MappedText.of(source, min(cut, len(source))),
        ]
    )
    assert whole.text == source
    assert list(whole.offsets) == list(range(len(source)))


def test_start_and_end_span_what_was_dropped_in_between() -> None:
    text = MappedText.of("通  知。").drop(re.compile(r"\s+"))
    assert text.text == "通知。"
    assert (text.start, text.end) == (0, 5)
