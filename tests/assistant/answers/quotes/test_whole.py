"""From the words that answer to the sentence that gives them their meaning."""

import pytest

from assistant.answers.quotes.whole import LONGEST, lead_of, whole_sentence
from vectorstore.models import Passage

HEADINGS = ("二、重点任务", "（二）推广节水器具。")


def passage_of(text: str, headings: tuple[str, ...] = HEADINGS) -> Passage:
    return Passage("p", "d", 0, 0, len(text), text, heading_path=headings)


def whole(text: str, words: str) -> str:
    start = text.index(words)
    _, first, last = whole_sentence((passage_of(text), start, start + len(words)))
    return text[first:last]


def test_a_number_is_quoted_with_its_sentence() -> None:
    text = "总的目标如下。\n到2025年，再生水利用率达到25%，建成小区40个。市水务局检查。"
    assert whole(text, "25%") == "到2025年，再生水利用率达到25%，建成小区40个。"
    assert whole(text, "40个。市水务局") == text.split("\n")[1]  # two sentences are touched


def test_of_a_long_sentence_the_clause_between_semicolons_is_quoted() -> None:
    clause = "沿河步道由专人每日清扫两次，发现破损的及时报修；"
    text = "".join(f"第{n}段" + clause for n in "甲乙丙丁戊己庚辛壬癸")
    assert len(text) > LONGEST
    assert whole(text, "乙段沿河") == f"第乙段{clause}"


def test_what_was_found_is_never_left_out() -> None:
    text = "总的目标如下。\n\n到2025年建成40个。"
    assert whole(text, text) == text
    assert whole("\n到2025年建成40个。", "\n到2025年") == "到2025年建成40个。"


# --- headings ---------------------------------------------------------------------------------


def coverage(topic: str, *present: str) -> float:
    """The share of a topic's characters that stand in some texts."""
    return len(set(topic) & set("".join(present))) / len(set(topic))


@pytest.mark.parametrize(
    ("sentence", "topic", "lead"),
    [
        ("公共场所全部换装。", "推广节水器具", "（二）推广节水器具"),  # names no subject
        ("推广节水器具要先公后私。", "推广节水器具", ""),  # names its own
        ("其中，推广节水器具先公后私。", "怎样推广节水器具", ""),  # the heading adds nothing
        ("其中，节水器具由县里统一采购。", "推广节水器具", "（二）推广节水器具"),  # goes on
        ("（二）推广节水器具。全部换装。", "其他事项", ""),  # the heading is in the quote
        ("公共场所全部换装。", "河道保洁", ""),  # no heading is about that
    ],
)
def test_a_heading_is_said_where_a_sentence_leaves_its_subject_to_it(
    sentence: str, topic: str, lead: str
) -> None:
    passage = passage_of(sentence)
    assert lead_of(passage, 0, len(sentence), topic, coverage) == lead


def test_without_headings_nothing_is_said_in_front() -> None:
    passage = passage_of("公共场所全部换装。", headings=())
    assert lead_of(passage, 0, len(passage.text), "推广节水器具", coverage) == ""
