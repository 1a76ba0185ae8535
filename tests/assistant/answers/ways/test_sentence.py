"""Facts, definitions and lists: the place that answers, quoted, or a refusal."""

import pytest

from assistant.answers.content import Refusal
from assistant.answers.ways.sentence import answer_extract
from assistant.find.evidence import Evidence
from tests.assistant.answers.documents import ask


@pytest.mark.parametrize(
    ("question", "texts", "notes"),
    [
        ("云桥县创建节水型小区多少个？", ["到2025年，全县再生水利用率达到30%，创建节水型小区12个。"], ()),
        ("什么是再生水？", ["再生水是指污水经处理后达到水质标准、可以再次使用的水。"], ()),
        ("“河小二”是什么意思？", ["各区要发挥“河小二”等志愿队伍的作用，成立节水专班。"],
         ("文件没有给出定义，以上是提到它的原文。",)),
        ("三级漏损台账是哪三级？", ["建立甲、乙、丙三级"], ()),
        ("青溪市的方案有哪些保障措施？", ["（一）加强组织领导", "（二）落实资金保障"], ()),
        ("青溪市有哪五大保障措施？", ["（一）加强组织领导", "（二）落实资金保障"],
         ("提问中说的是“五大”，文件列出的是 2 项，以文件为准。",)),
    ],
)  # fmt: skip
def test_what_answers_is_quoted(
    question: str, texts: list[str], notes: tuple[str, ...], evidence: Evidence
) -> None:
    content = answer_extract(ask(question, evidence), evidence)
    assert [s.text for s in content.statements] == texts
    assert [s.quotes[0].text for s in content.statements] == texts
    assert content.notes == notes


@pytest.mark.parametrize(
    "question",
    [
        "火星探测器什么时候发射？",  # no document is about it
        "青溪市节水热线的电话是多少？",  # no passage holds a telephone number
        "青溪市到2050年再生水利用率达到多少？",  # no document speaks of the year
        "“小飞侠”是什么意思？",
    ],
)
def test_what_no_passage_answers_is_refused_with_what_comes_nearest(
    question: str, evidence: Evidence
) -> None:
    said = answer_extract(ask(question, evidence), evidence).said
    assert isinstance(said, Refusal)
    assert question.strip("？") in said.reason
    assert said.near
