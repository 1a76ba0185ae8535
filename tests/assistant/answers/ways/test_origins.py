"""Where words that a question quotes stand."""

import pytest

from assistant.answers.ways.origins import answer_origin
from assistant.find.evidence import Evidence
from tests.assistant.answers.conftest import EvidenceOver
from tests.assistant.answers.documents import CITY, ask

WORDS = "公园开放时间延长至22时，草坪供市民搭设帐篷"


@pytest.mark.parametrize("words", [WORDS, WORDS.replace("，", ","), f"{WORDS}。"])
def test_the_place_is_named_and_quoted(words: str, evidence: Evidence) -> None:
    content = answer_origin(ask(f"“{words}”这句话出自哪里？", evidence), evidence)
    assert content
    (said,) = content.statements
    assert said.text.startswith("出自某某《某某市公园便民服务措施》：")
    assert WORDS in said.quotes[0].text


def test_every_place_is_named(evidence_over: EvidenceOver) -> None:
    evidence = evidence_over(CITY, CITY.replace("青溪", "砚湖"))
    question = "“推广滴灌和喷灌，新增高效节水灌溉面积2万亩”出自哪份文件？"
    content = answer_origin(ask(question, evidence), evidence)
    assert content
    assert len({s.quotes[0].document_id for s in content.statements}) == 2
    assert content.notes == ("共 2 处。",)


@pytest.mark.parametrize(
    "question",
    [
        "“公园开放时间延长至23时，草坪供市民搭设帐篷”这句话出自哪里？",  # another figure
        "“节水”出自哪里？",  # a word is no passage
        "公园开放时间延长至几时？",
    ],
)
def test_what_stands_nowhere_to_the_letter_has_no_origin(question: str, evidence: Evidence) -> None:
    assert answer_origin(ask(question, evidence), evidence) is None


def test_an_answer_is_told_again_with_its_place(evidence: Evidence) -> None:
    content = answer_origin(ask("出处呢", evidence, "公园开放时间延长至几时？"), evidence)
    assert content
    assert content.statements[0].text.startswith("出自某某《某某市公园便民服务措施》：")
    assert "延长至22时" in content.statements[0].quotes[0].text
