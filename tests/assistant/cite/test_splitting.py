"""Where sentences end, and that nothing is lost between them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.cite.markdown import parse, render
from assistant.cite.splitting import line_of
from assistant.cite.structure import Line, changed


@pytest.mark.parametrize(
    ("pieces", "sentences"),
    [
        (("甲完成。", 1, "乙推进。", 2), ["甲完成。[1]", "乙推进。[2]"]),
        (("甲完成。", 1, " ", 2, "乙推进。"), ["甲完成。[1] [2]", "乙推进。"]),
        (("建成99个。（市民政局牵头，市财政局配合）", 1, "乙。"), ["建成99个。（市民政局牵头，市财政局配合）[1]", "乙。"]),
        (("提出“建成99个。覆盖社区。”", 1), ["提出“建成99个。覆盖社区。”[1]"]),
        (("甲；乙", 3, "。"), ["甲；", "乙[3]。"]),
        (("见[3]。", 1), ["见[3]。[1]"]),
        (("坏\ufffc字", 2), ["坏字[2]"]),
    ],
)  # fmt: skip
def test_sentences_of_a_line(pieces: tuple[str | int, ...], sentences: list[str]) -> None:
    assert [sentence.text for sentence in line_of(*pieces).sentences] == sentences


TEXTS = st.text(alphabet="政策达到95%。；“”（）牵头[12] |-\n", max_size=80)


@given(TEXTS)
def test_lines_are_kept_to_the_letter(text: str) -> None:
    lines = "\n".join(line for line in text.split("\n") if not line.strip().startswith("|"))
    assert render(parse(lines)) == lines


@given(TEXTS)
def test_what_was_rendered_is_read_as_the_same(text: str) -> None:
    """So that a section that somebody opened and saved unchanged stays what it is."""
    once = render(parse(text))
    assert render(parse(once)) == once


@given(TEXTS)
def test_a_change_of_nothing_changes_nothing(text: str) -> None:
    body = parse(text)
    assert changed(body, lambda sentence, _: sentence) == body


def test_an_empty_line_is_a_line() -> None:
    assert parse("甲。\n\n乙。")[1] == Line()
    assert parse("") == ()
