"""Twenty planted faults in a text about the sample corpus, and none in the same text without."""

import re

import pytest

from assistant.audit.audit import Claim, audit
from assistant.chat import Assistant
from assistant.find.evidence import Evidence
from assistant.find.reading import LexicalReader
from assistant.people.viewer import LOCAL
from assistant.settings import AnswerSettings
from vectorstore.errors import PolicyError
from vectorstore.index import PolicyIndex
from vectorstore.library import Library

# {right|wrong}: the clean text has the first, the faulty one the second.
TEXT = """公共服务工作情况（示例，虚构）

《松湖县节约用水管理办法》（松政规〔2022〕{3号|7号}）自{2023年|2024年}1月1日起施行。{青禾市印发了《青禾市社区养老服务提升行动方案（2024—2027年）》|青禾市印发了《青禾市智慧养老三年攻坚计划》}（青政发〔2024〕8号）。望江区印发了《望江区中小学课后服务工作实施方案》{（望政办〔2023〕17号）|（云岭政办发〔2023〕21号）}。

一、养老服务
青禾市提出，到2027年全市社区养老服务设施覆盖率达到{95%|85%}，新增家庭养老床位{3200张|2300张}，养老护理员达到{1800人|1800人次}。青禾市到{2025年|2026年}底建成助餐点{120个|210个}，80周岁以上老年人每餐补贴{2元|5元}。青禾市每年培训养老护理员{600人次|600人}。青禾市级财政每年安排专项资金{2600万元|3600万元}。青禾市规定单个综合养老服务中心面积{不低于800平方米|为800平方米}。青禾市方案写明“{每个街道利用闲置用房改建或者新建综合养老服务中心|每个社区利用闲置用房改建或者新建综合养老服务中心}”。

二、节约用水
松湖县规定“{循环用水率不得低于百分之七十|循环用水率不得低于百分之九十}”。松湖县对节水设施没有建成就投入使用的，处{五万元以上|八万元以上}十万元以下的罚款。松湖县对取得显著成绩的单位给予五千元以上五万元以下的奖励。

三、课后服务和农村公路
望江区到2024年底，有需要的学生参加率达到{95%以上|95%}，每所学校开设的兴趣课程不少于{12门|20门}。望江区服务性收费标准为每生每学期不超过{360元|630元}。云岭省到2025年全省农村公路列养率达到100%，优良中等路率达到{85%|75%}以上。
"""
FAULTS = re.compile(r"\{([^|{}]*)\|([^{}]*)\}")
CLEAN = FAULTS.sub(r"\1", TEXT)
FAULTY = FAULTS.sub(r"\2", TEXT)


@pytest.fixture
def evidence(filled: PolicyIndex) -> Evidence:
    library = Library(filled)
    assistant = Assistant(library, LexicalReader(filled.token_weights), 0.2, AnswerSettings())
    return assistant.evidence(assistant.view(LOCAL))


def planted() -> list[tuple[int, int]]:
    """Where the wrong words stand in the faulty text."""
    places, shift = [], 0
    for match in FAULTS.finditer(TEXT):
        start = match.start() - shift
        places.append((start, start + len(match[2])))
        shift += len(match[0]) - len(match[2])
    return places


def hit(place: tuple[int, int], claims: list[Claim]) -> bool:
    return any(c.is_fault and c.start < place[1] and place[0] < c.end for c in claims)


def test_at_least_eighteen_of_twenty_faults_are_found(evidence: Evidence) -> None:
    claims = audit(FAULTY, evidence)
    missed = [FAULTY[a:b] for a, b in planted() if not hit((a, b), claims)]
    assert len(planted()) == 20
    assert len(missed) <= 2, missed


def test_a_clean_text_raises_at_most_two_alarms(evidence: Evidence) -> None:
    alarms = [(c.text, c.message) for c in audit(CLEAN, evidence) if c.is_fault]
    assert len(alarms) <= 2, alarms


def test_a_fault_names_the_passage_that_contradicts_it(evidence: Evidence) -> None:
    claims = audit("青禾市到2025年底建成助餐点210个。", evidence)
    fault = next(c for c in claims if c.is_fault)
    assert "120个" in fault.message
    assert fault.source is not None
    assert "助餐点120个" in fault.source.quote


def test_what_the_corpus_does_not_know_is_not_called_wrong(evidence: Evidence) -> None:
    claims = audit("今年新建体育公园18个。", evidence)
    assert [(c.verdict, c.is_fault) for c in claims] == [("未收录", False)]


@pytest.mark.parametrize("text", ["", "   \n", "长" * 200_001])
def test_texts_that_cannot_be_audited_get_a_sentence(evidence: Evidence, text: str) -> None:
    with pytest.raises(PolicyError):
        audit(text, evidence)
