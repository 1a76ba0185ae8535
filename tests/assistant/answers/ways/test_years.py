"""Several years of one place side by side."""

import pytest

from assistant.answers.ways.years import answer_years
from assistant.find.evidence import Evidence
from tests.assistant.answers.conftest import EvidenceOver
from tests.assistant.answers.documents import ask, rows

PLAN = """白岭县书屋发展规划
白岭政发〔2024〕3号

一、2027年目标

2027年目标：全县建成书屋60个，书屋开放率达到90%。

二、2035年远景目标

2035年远景目标：书屋服务体系全面建成，城乡阅读差距明显缩小。
"""


def test_a_row_for_each_year(evidence_over: EvidenceOver) -> None:
    evidence = evidence_over(PLAN)
    evidence.threshold = 0.0
    content = answer_years(ask("白岭县书屋2027年和2035年的目标有什么区别？", evidence), evidence)
    assert content is not None
    table = rows(content)
    assert [row[0] for row in table] == ["2027年", "2035年"]
    assert "60个" in table[0][1]
    assert "服务体系全面建成" in table[1][1]
    assert "60个" not in table[1][1]


@pytest.mark.parametrize(
    "question",
    [
        "青溪市2025年的再生水利用率是多少？",  # one year
        "青溪市和云桥县2021年到2025年有什么不同？",  # two places
        "青溪市2021年和2025年印发了什么？",  # nothing is compared
    ],
)
def test_other_questions_are_left_to_others(question: str, evidence: Evidence) -> None:
    assert answer_years(ask(question, evidence), evidence) is None
