"""All rows of one sort that a document states."""

from assistant.answers.ways.rows import answer_rows
from assistant.find.evidence import Evidence
from assistant.understand.demands import Demand
from tests.assistant.answers.conftest import EvidenceOver
from tests.assistant.answers.documents import ask, asking

FERRIES = """砚湖市渡船管理办法

（示例（虚构）：为测试而编写，内容均为虚构。）

第一章 登记

第一条 申请渡船登记，应当具备下列条件：
（一）有固定的码头；
（二）有两名以上船员；
（三）船舶检验合格。

第二章 法律责任

第二条 未经登记从事渡运的，责令改正，处五千元以上三万元以下的罚款。

第三条 渡船超载的，处二千元以上一万元以下的罚款。

第四条 不按规定穿着救生衣的，处五十元罚款。

砚湖市人民政府
2021年5月12日
"""


def test_all_penalties_are_listed_and_counted(evidence_over: EvidenceOver) -> None:
    evidence = evidence_over(FERRIES)
    content = answer_rows(
        asking(ask("砚湖市渡船管理办法规定了哪些罚款？", evidence), Demand.PENALTY), evidence
    )
    assert content
    said = [s.text for s in content.statements]
    assert [any(words in text for text in said) for words in ("未经登记", "超载", "救生衣")] == [
        True
    ] * 3
    assert content.notes == (f"共 {len(said)} 项，以上为全部。",)
    assert all(s.quotes for s in content.statements)


def test_conditions_are_told_without_penalties(evidence_over: EvidenceOver) -> None:
    evidence = evidence_over(FERRIES)
    content = answer_rows(
        asking(ask("申请渡船登记要满足哪些条件？", evidence), Demand.CONDITION), evidence
    )
    assert content
    said = " ".join(s.text for s in content.statements)
    assert "固定的码头" in said
    assert "罚款" not in said
    assert content.notes == ("共 3 项条件，以上为全部。",)


def test_materials_are_rows_too(evidence: Evidence) -> None:
    content = answer_rows(
        asking(ask("某某市公园租借帐篷要提交哪些材料？", evidence), Demand.MATERIALS), evidence
    )
    assert content
    assert [s.quotes[0].text for s in content.statements] == [
        "身份证复印件一份。",
        "押金收据一张。",
    ]


def test_where_there_are_no_such_rows_other_ways_answer(evidence: Evidence) -> None:
    assert answer_rows(ask("云桥县的方案规定了哪些罚款？", evidence), evidence) is None
    assert answer_rows(ask("云桥县的方案由谁牵头？", evidence), evidence) is None


def test_rows_give_way_to_the_passage_that_the_reader_is_sure_of(
    evidence_over: EvidenceOver,
) -> None:
    evidence = evidence_over(FERRIES)
    question = asking(ask("申请渡船登记要有几名船员？", evidence), Demand.PENALTY)
    (best, *_) = evidence.read(question)
    assert "船员" in best.hit.passage.text
    assert answer_rows(question, evidence) is None


def test_rows_of_another_place_answer_nothing(evidence_over: EvidenceOver) -> None:
    evidence = evidence_over(FERRIES)
    question = asking(ask("青溪市公园里烧烤罚多少？", evidence), Demand.PENALTY)
    assert answer_rows(question, evidence) is None
