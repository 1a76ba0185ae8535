"""What a document says that a term, a short title or an acronym means."""

import pytest

from assistant.answers.ways.glosses import answer_called, definitions, mentions
from assistant.find.evidence import Evidence
from assistant.understand.terms import asks_for_meaning
from tests.assistant.answers.conftest import EvidenceOver
from tests.assistant.answers.documents import ask

TERMS = """某某市志愿服务办法

（示例（虚构）：本文件为测试而编写，地名、机构和数字均为虚构。）

根据《某某市志愿服务促进规定》（以下简称《规定》），制定本办法。

组织“五员”（讲解员、巡查员、保洁员、救护员、联络员）进社区。

发展面点、剪纸、竹编等“三巧手”。

所称“时间银行”，是指把服务时长记入账户、日后换取服务的办法。

本办法所称服务站点，包括社区站、公园站和车站站，以及经市民政局认定的其他站点。

推行城市信息模型（CIM）管理，用好“小喇叭”宣传车。

志愿者每年服务不少于20小时。
"""


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("什么是再生水？", True),
        ("“五员”是哪些人？", True),
        ("“五员”包括谁？", True),
        ("“五员”进哪些社区？", False),
        ("志愿者每年服务多少小时？", False),
    ],
)
def test_what_asks_for_a_meaning(question: str, asks: bool, evidence: Evidence) -> None:
    assert asks_for_meaning(ask(question, evidence)) is asks


def test_each_form_of_a_gloss_is_known(evidence_over: EvidenceOver) -> None:
    evidence = evidence_over(TERMS)
    glosses = {
        "“五员”是哪些人？": ["“五员”（讲解员、巡查员、保洁员、救护员、联络员）"],
        "“三巧手”是指什么？": ["发展面点、剪纸、竹编等“三巧手”"],
        "“时间银行”是什么意思？": ["所称“时间银行”，是指把服务时长记入账户、日后换取服务的办法。"],
        "CIM是什么意思？": ["推行城市信息模型（CIM）"],
        "《规定》是指什么？": ["《某某市志愿服务促进规定》（以下简称《规定》"],
        "“五员”和“三巧手”分别是指什么？": [
            "“五员”（讲解员、巡查员、保洁员、救护员、联络员）",
            "发展面点、剪纸、竹编等“三巧手”",
        ],
        "“小喇叭”是指什么？": [],  # only mentioned
        "“小飞侠”是指什么？": [],
    }
    for question, expected in glosses.items():
        found = definitions(ask(question, evidence), evidence, [])
        assert [s.text for s in found] == expected, question
        assert [s.quotes[0].text for s in found] == expected


def test_for_want_of_a_gloss_the_first_sentence_that_speaks_of_it_is_quoted(
    evidence: Evidence,
) -> None:
    (found,) = mentions(ask("“河小二”是什么意思？", evidence), evidence)
    assert found.text == "各区要发挥“河小二”等志愿队伍的作用，成立节水专班。"
    assert found.quotes[0].text == found.text
    assert mentions(ask("“小飞侠”是什么意思？", evidence), evidence) == []
    assert mentions(ask("河小二是什么意思？", evidence), evidence) == []  # quotes no term


def test_a_heading_that_only_repeats_the_term_goes_on(evidence_over: EvidenceOver) -> None:
    text = "某某市办法\n\n（示例（虚构）：为测试而编写，内容均为虚构。）\n\n一、“河小二”\n\n各区招募三十名学生，假日巡河。\n"
    evidence = evidence_over(text)
    (found,) = mentions(ask("“河小二”是什么意思？", evidence), evidence)
    assert found.text == "一、“河小二”\n各区招募三十名学生，假日巡河。"


@pytest.mark.parametrize(
    "question", ["某某市办法所称服务站点包括哪些？", "所称“服务站点”是指什么？"]
)
def test_what_the_rules_call_by_a_term_is_told_whole(
    question: str, evidence_over: EvidenceOver
) -> None:
    evidence = evidence_over(TERMS)
    content = answer_called(ask(question, evidence), evidence)
    assert content
    (said,) = content.statements
    assert (
        said.text
        == "本办法所称服务站点，包括社区站、公园站和车站站，以及经市民政局认定的其他站点。"
    )


@pytest.mark.parametrize("question", ["服务站点包括哪些？", "所称志愿岗包括哪些？"])
def test_a_term_that_is_not_called_so_or_not_explained(
    question: str, evidence_over: EvidenceOver
) -> None:
    evidence = evidence_over(TERMS)
    assert answer_called(ask(question, evidence), evidence) is None
