"""Whether a document is in force on a day, in the words of those that say so."""

import pytest

from assistant.answers.content import Refusal
from assistant.answers.ways.library import answer_library
from assistant.answers.ways.validity import answer_articles, answer_elsewhere, answer_validity
from assistant.cite.structure import Table
from assistant.find.evidence import Evidence
from assistant.understand.demands import Demand
from tests.assistant.answers.conftest import EvidenceOver, look_up
from tests.assistant.answers.documents import CITY, COUNTY, ask, asking, texts
from vectorstore.index import PolicyIndex
from vectorstore.models import SearchFilter

TITLE = "青溪市人民政府关于印发《青溪市节约用水行动方案（2021—2025年）》的通知"
DECISION = """澜峰省人民政府关于公布规章清理结果的决定
澜峰政发〔2024〕9号

各市人民政府：

经清理，现将结果公布如下：

一、废止《青溪市渡口管理办法》（青溪政发〔2010〕2号）。

二、废止《云桥县节约用水实施方案》（云桥政办发〔2022〕11号）。

本决定自2024年5月1日起施行。

澜峰省人民政府
2024年4月8日
"""
REPEAL = "二、废止《云桥县节约用水实施方案》（云桥政办发〔2022〕11号）。"
START = "本方案自2022年9月1日起施行。"


def test_a_document_says_itself_since_when_it_holds(evidence: Evidence) -> None:
    content = answer_validity(ask("云桥县的方案还有效吗？", evidence), evidence)
    assert texts(content) == [f"《云桥县节约用水实施方案》（云桥政办发〔2022〕11号）：{START}"]
    assert content
    assert content.statements[0].quotes[0].text == START
    assert content.notes == ("云桥《云桥县节约用水实施方案》：截至所问日期，现行有效。",)


def test_a_period_that_is_over_is_not_called_abolished(evidence: Evidence) -> None:
    content = answer_validity(ask("青溪市的方案还有效吗？", evidence), evidence)
    assert content
    assert content.notes == (
        f"青溪《{TITLE}》：截至所问日期，有效期或规划期已届满，不再有效。",
        "届满不等于废止，但不宜再作为现行依据引用；是否继续执行以发文机关的通知为准。",
    )
    assert {q.document.state for s in content.statements for q in s.quotes} == {"已届满"}


def test_the_day_asked_about_decides(evidence: Evidence) -> None:
    content = answer_validity(ask("青溪市的方案2023年还有效吗？", evidence), evidence)
    assert content
    assert "不再有效" not in content.notes[0]


def test_of_a_document_that_says_nothing_nothing_is_concluded(evidence_over: EvidenceOver) -> None:
    evidence = evidence_over(
        "某某市公园便民服务措施\n\n一、增设便民设施\n\n增设座椅和遮阳棚，更换老旧照明灯具。\n"
    )
    question = ask("某某市公园便民服务措施还有效吗？", evidence)
    content = answer_validity(question, evidence)
    assert content
    assert isinstance(content.said, Refusal)
    assert "没有标注时效性（未标注）" in content.said.reason


def test_of_a_document_that_is_not_there_nothing_is_said(evidence: Evidence) -> None:
    assert answer_validity(ask("湿地保护条例还有效吗？", evidence), evidence) is None


def test_what_another_document_does_to_it_is_quoted(evidence_over: EvidenceOver) -> None:
    evidence = evidence_over(COUNTY, DECISION)
    content = answer_validity(ask("云桥县的方案还有效吗？", evidence), evidence)
    assert content
    assert REPEAL in {q.text for s in content.statements for q in s.quotes}
    assert all("澜峰政发〔2024〕9号" in text for text in texts(content))
    assert content.notes[0].endswith("截至所问日期，已废止，不再有效。")


def test_a_repeal_is_quoted_though_the_user_narrowed_it_away(
    evidence_over: EvidenceOver, index: PolicyIndex
) -> None:
    evidence_over(COUNTY, DECISION)
    narrowed = look_up(index, SearchFilter(regions=("云桥县",)))
    content = answer_validity(ask("云桥县的方案还有效吗？", narrowed), narrowed)
    assert content
    assert REPEAL in content.statements[0].text
    listed = answer_library(ask("库里有哪些文件？", narrowed), narrowed)
    assert listed
    assert isinstance(listed.said, tuple)
    assert isinstance(listed.said[0], Table)
    assert listed.said[0].rows[0][-1].text == REPEAL


def test_before_the_repeal_it_held(evidence_over: EvidenceOver) -> None:
    evidence = evidence_over(COUNTY, DECISION)
    content = answer_validity(ask("云桥县的方案2023年的时候有效吗？", evidence), evidence)
    assert content
    assert START in texts(content)[0]
    assert content.notes[0].endswith("截至所问日期，现行有效。")


@pytest.mark.parametrize("name", ["《青溪市渡口管理办法》", "青溪政发〔2010〕2号"])
def test_one_that_the_library_lacks_is_told_from_others(
    name: str, evidence_over: EvidenceOver
) -> None:
    evidence = evidence_over(COUNTY, DECISION)
    content = answer_elsewhere(ask(f"{name}现在还有效吗？", evidence), evidence)
    assert content
    (said,) = content.statements
    assert said.quotes[0].text == "一、废止《青溪市渡口管理办法》（青溪政发〔2010〕2号）。"
    assert "没有收录" in content.notes[0]
    assert content.notes[0].endswith("不宜再作为现行依据引用。")
    assert answer_elsewhere(ask("云桥县的方案还有效吗？", evidence), evidence) is None


def test_what_ends_in_a_year_is_listed_with_the_day(evidence_over: EvidenceOver) -> None:
    evidence = evidence_over(CITY, COUNTY)
    content = answer_validity(
        asking(ask("2025年有哪些文件到期？", evidence), Demand.ENDING), evidence
    )
    assert content
    assert isinstance(content.said, tuple)
    (found,) = (part for part in content.said if isinstance(part, Table))
    assert [[cell.text for cell in row][:3] for row in found.rows] == [
        [f"青溪《{TITLE}》", "青溪政发〔2021〕6号", "2025年12月31日"]
    ]
    assert content.notes == ("从2025年1月1日到2025年12月31日届满的文件共 1 份。",)
    none = answer_validity(asking(ask("今年有哪些文件到期？", evidence), Demand.ENDING), evidence)
    assert none
    assert isinstance(none.said, Refusal)


def test_which_articles_were_changed(evidence_over: EvidenceOver) -> None:
    law = "云桥县渡船管理办法\n云桥政发〔2015〕3号\n\n第一条 渡船应当登记。\n\n第五条 渡船每年检验一次。\n\n第九条 本办法自2015年3月1日起施行。\n\n云桥县人民政府\n2015年2月1日\n"
    change = "云桥县人民政府关于修改《云桥县渡船管理办法》的决定\n云桥政发〔2020〕8号\n\n云桥县人民政府决定对《云桥县渡船管理办法》（云桥政发〔2015〕3号）作如下修改：\n\n将第五条修改为：“渡船每半年检验一次。”\n\n本决定自2020年6月1日起施行。\n\n云桥县人民政府\n2020年5月6日\n"
    evidence = evidence_over(law, change)
    question = ask("《云桥县渡船管理办法》哪些条款被修改了？", evidence)
    content = answer_articles(question, evidence)
    assert content
    assert texts(content)[1] == "将第五条修改为：“渡船每半年检验一次。”"
    assert answer_articles(ask("云桥县渡船管理办法还有效吗？", evidence), evidence) is None
