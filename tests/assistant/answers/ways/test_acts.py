"""What a document did to others, told whole and counted."""

import pytest

from assistant.answers.ways.acts import answer_acts
from tests.assistant.answers.conftest import EvidenceOver
from tests.assistant.answers.documents import CITY, COUNTY, ask, texts
from tests.assistant.answers.ways.test_validity import DECISION


@pytest.mark.parametrize(
    "question",
    ["澜峰省2024年清理中废止了哪几件文件？", "澜峰省规章清理结果的决定废止了哪些文件？"],
)
def test_each_document_that_a_clean_up_ended_is_told(
    question: str, evidence_over: EvidenceOver
) -> None:
    evidence = evidence_over(CITY, COUNTY, DECISION)
    content = answer_acts(ask(question, evidence), evidence)
    assert texts(content) == [
        "一、废止《青溪市渡口管理办法》（青溪政发〔2010〕2号）。",
        "二、废止《云桥县节约用水实施方案》（云桥政办发〔2022〕11号）。",
    ]
    assert content
    assert content.notes == ("共 2 件，以上为全部。",)
    assert {q.document.metadata.document_number for s in content.statements for q in s.quotes} == {
        "澜峰政发〔2024〕9号"
    }


@pytest.mark.parametrize(
    "question",
    [
        "澜峰省2024年清理后继续有效的有哪几件？",  # the decision keeps none
        "云桥县废止了哪些文件？",  # its own document ends none
        "云桥县的方案废止了吗？",  # asks for the state of one
    ],
)
def test_where_nothing_of_the_kind_is_asked_or_said(
    question: str, evidence_over: EvidenceOver
) -> None:
    evidence = evidence_over(CITY, COUNTY, DECISION)
    assert answer_acts(ask(question, evidence), evidence) is None
