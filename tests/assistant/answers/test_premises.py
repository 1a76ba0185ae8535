"""What a question presumes, and the document contradicts, is put right in front of the answer."""

import pytest

from assistant.answers.content import Content, Refusal, Statement
from assistant.answers.premises import contradicted
from assistant.find.evidence import Evidence
from tests.assistant.answers.documents import ask, passage_with


def corrected(question: str, words: str, evidence: Evidence) -> tuple[Statement, Content]:
    """An answer that quotes `words`, and what is left of it."""
    document, passage = passage_with(words, evidence)
    start = passage.text.index(words)
    quote = evidence.quoter.quote(document, passage, start, start + len(words))
    said = Statement(words, (quote,))
    return said, contradicted(ask(question, evidence), Content((said,)), evidence)


RENEWED = "更换老旧供水管网120公里"


@pytest.mark.parametrize(
    ("question", "fix"),
    [
        ("由市教育局牵头的城镇节水工程更换管网多少公里？",
         "文件载明的牵头单位是市住房城乡建设局，不是市教育局。"),
        ("由市水务局牵头的城镇节水工程更换管网多少公里？",
         "文件载明的牵头单位是市住房城乡建设局，不是市水务局（市水务局是配合单位）。"),
    ],
)  # fmt: skip
def test_a_wrong_lead_is_put_right(question: str, fix: str, evidence: Evidence) -> None:
    said, content = corrected(question, RENEWED, evidence)
    first, then = content.statements
    assert first.text == fix
    assert first.quotes[0].text == "（市住房城乡建设局牵头，市水务局配合）"
    assert then == said


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("由市住房城乡建设局牵头的城镇节水工程更换管网多少公里？", RENEWED),  # it does lead
        ("城镇节水工程更换管网多少公里？", RENEWED),  # presumes nothing
        ("由市教育局牵头的再生水利用率达到多少？", "全市再生水利用率达到25%"),  # no lead is named
        ("为什么把再生水利用率定为25%？", "全市再生水利用率达到25%"),  # so it is
        ("再生水利用率是25%吗？", "全市再生水利用率达到25%"),
        ("为什么把再生水利用率定为40吨？", "全市再生水利用率达到25%"),  # of another unit
    ],
)
def test_what_is_right_or_not_presumed_stays(question: str, words: str, evidence: Evidence) -> None:
    said, content = corrected(question, words, evidence)
    assert content == Content((said,))


@pytest.mark.parametrize(
    "question", ["为什么把青溪市再生水利用率定为40%？", "青溪市再生水利用率是40%吗？"]
)
def test_a_wrong_figure_is_put_right(question: str, evidence: Evidence) -> None:
    said, content = corrected(question, "利用率达到25%", evidence)
    first, then = content.statements
    assert first.text == "文件载明：全市再生水利用率达到25%"
    assert first.quotes[0].text == "全市再生水利用率达到25%"
    assert then == said
    assert content.notes == ("提问中的“40%”与文件不一致，以文件载明的为准。",)


def test_a_measure_stated_before_the_question_is_put_right(evidence: Evidence) -> None:
    words = "再生水是指污水经处理后达到水质标准"
    question = "再生水利用率只有40%，那再生水指的是什么？"
    said, content = corrected(question, words, evidence)
    assert [s.text for s in content.statements[1:]] == [said.text]
    assert "再生水利用率达到25%" in content.statements[0].text
    assert content.notes == ("提问中的“40%”与文件不一致，以文件载明的为准。",)


def test_a_refusal_is_left_as_it_is(evidence: Evidence) -> None:
    content = Content(Refusal("没有找到。"))
    question = ask("为什么把青溪市再生水利用率定为40%？", evidence)
    assert contradicted(question, content, evidence) is content
