"""什么时候, where the sentence that answers leaves the day to the words above it."""

import pytest

from assistant.answers.quotes.passage import best_statements
from tests.assistant.answers.conftest import EvidenceOver
from tests.assistant.answers.documents import ask, reading_of

PLAN = """白岭县书屋建设方案
白岭政发〔2024〕3号

一、目标

到2027年，全县建成书屋60个，藏书更加丰富。服务更加便利，中心书屋竣工并正常开放，阅读活动常态开展。

二、步骤

（一）总结评估（2028年）

组织开展终期检查，对书屋建设进行总结。

（二）日常管理

书屋开放之日起十个工作日内登记造册。
"""


@pytest.mark.parametrize(
    ("question", "read", "told"),
    [
        ("中心书屋什么时候竣工？", "中心书屋竣工", ["到2027年，", "中心书屋竣工并正常开放"]),
        (
            "终期检查什么时候开展？",
            "开展终期检查",
            ["（一）总结评估（2028年）", "组织开展终期检查"],
        ),
        ("书屋什么时候登记造册？", "十个工作日内登记", ["书屋开放之日起十个工作日内登记造册。"]),
        ("中心书屋由谁建？", "中心书屋竣工", ["中心书屋竣工并正常开放"]),  # no day is asked for
    ],
)
def test_the_day_stands_in_front(
    question: str, read: str, told: list[str], evidence_over: EvidenceOver
) -> None:
    evidence = evidence_over(PLAN)
    reading = reading_of(read, evidence, read)
    said = [s.text for s in best_statements(ask(question, evidence), evidence, reading)]
    assert len(said) == len(told)
    assert all(part in text for part, text in zip(told, said, strict=True))
