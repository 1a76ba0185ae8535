"""Where an answer is taken from: a heading, an echo or an announcement goes on to what it heads."""

from pathlib import Path

import pytest

from assistant.answers.quotes.expansion import said_beyond
from assistant.chat import Assistant
from assistant.find.reading import LexicalReader
from assistant.people.viewer import LOCAL
from assistant.settings import AnswerSettings
from assistant.understand.corpus import corpus_of
from assistant.understand.turns import understand
from ingest.pipeline import ingest
from vectorstore.index import PolicyIndex
from vectorstore.library import Library

TEXT = """某某市便民服务若干措施
（示例（虚构）：本文件为测试而编写，地名、机构和数字均为虚构。）
一、优化窗口服务
取消中午休息，安排人员轮流值守，对行动不便的群众提供上门代办。
二、规范停车管理
（一）受理范围
本市各住宅小区的公共停车位。
（二）申请材料
办理停车许可，需提交如下材料：
1.身份证复印件一份。
2.行驶证复印件一份。
（三）办理流程
受理、审核、发证，当日办结。
三、提升公园品质
公园开放时间延长至22时。市园林局负责人表示，提升公园品质的做法主要有三个方面：
一是增设座椅和遮阳设施。
二是更换老旧照明灯具。
三是开放草坪供市民搭设帐篷。
"""


@pytest.fixture
def assistant(index: PolicyIndex, tmp_path: Path) -> Assistant:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "措施.txt").write_text(TEXT, encoding="utf-8")
    ingest(index, [folder])
    return Assistant(Library(index), LexicalReader(index.token_weights), 0.3, AnswerSettings())


@pytest.mark.parametrize(
    ("question", "held", "left_out"),
    [
        ("某某市如何优化窗口服务？", ["轮流值守", "上门代办"], ["一、优化窗口服务"]),
        ("办理停车许可需提交哪些申请材料？", ["身份证复印件", "行驶证复印件"], ["（三）办理流程"]),
        ("提升公园品质的做法主要有几个方面？", ["增设座椅", "照明灯具", "搭设帐篷"], []),
        ("公园开放时间延长至几时？", ["22时"], ["增设座椅"]),
    ],
)
def test_what_is_announced_is_quoted(
    assistant: Assistant, question: str, held: list[str], left_out: list[str]
) -> None:
    answer = assistant.ask([question])
    assert not answer.refused
    for part in held:
        assert part in answer.text
    for part in left_out:
        assert part not in answer.text


def test_search_puts_what_is_quoted_first(assistant: Assistant) -> None:
    question = "某某市如何优化窗口服务？"
    view = assistant.view(LOCAL)
    readings = assistant.read(understand([question], corpus_of(view), ()), view)
    cited = assistant.ask([question]).citations[0]
    assert readings[0].hit.passage.id == cited.passage_id
    assert len({r.hit.passage.id for r in readings}) == len(readings)


@pytest.mark.parametrize(
    ("quote", "question", "says"),
    [
        ("五、优化检验服务。", "如何优化检验服务？", False),
        ("实行“四个延长”", "实行了哪“四个延长”？", False),
        ("聘请专家50名", "到2025年底聘请专家几名？", True),  # 5 and 0 stand in 2025 as well
        ("离任三年内不得从事相关职业", "离任后几年内不得从事相关职业？", True),
        ("对行动不便的群众提供上门代办", "如何优化窗口服务？", True),
    ],
)
def test_what_a_quote_says_beyond_the_question(quote: str, question: str, says: bool) -> None:
    assert (said_beyond(quote, question) > 1) is says
