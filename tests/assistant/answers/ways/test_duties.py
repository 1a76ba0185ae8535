"""Who leads and who supports, and what a named organ has to do."""

import pytest

from assistant.answers.content import Refusal
from assistant.answers.ways.duties import answer_department, answer_duty
from assistant.find.evidence import Evidence
from assistant.understand.demands import Demand
from tests.assistant.answers.conftest import EvidenceOver
from tests.assistant.answers.documents import CITY, TOWN, ask, asking

BOTH = "（市住房城乡建设局牵头，市水务局配合）"


def test_lead_and_support_are_told_apart(evidence: Evidence) -> None:
    content = answer_department(ask("青溪市城镇节水工程由谁牵头？", evidence), evidence)
    assert content
    assert [(s.text, s.quotes[0].text) for s in content.statements] == [
        ("牵头单位：市住房城乡建设局", BOTH),
        ("配合单位：市水务局", BOTH),
    ]


def test_where_nobody_leads_those_who_are_responsible_are_named(
    evidence_over: EvidenceOver,
) -> None:
    text = "某某县节水办法\n\n（示例（虚构）：为测试而编写，内容均为虚构。）\n\n一、推广节水器具\n\n公共场所换装节水龙头。责任单位：县机关事务中心、县水务局。\n"
    evidence = evidence_over(text, CITY, TOWN)
    content = answer_department(ask("推广节水器具由谁牵头？", evidence), evidence)
    assert content
    assert [s.text for s in content.statements] == ["责任单位：县机关事务中心、县水务局"]


def test_several_tasks_of_a_section_are_named(evidence_over: EvidenceOver) -> None:
    long = "河道保洁要坚持日常巡查，发现成片垃圾的，当日组织打捞，运往指定地点处理。" * 6
    bank = (
        "每年春季对岸坡进行一次平整，补种灌木，河道保洁人员发现成片垃圾的随时清理，不得堆放。" * 6
    )
    text = f"""某某县河道保洁方案

（示例（虚构）：本文件为测试而编写，地名、机构和数字均为虚构。）

一、河道保洁

{long}

（一）清理河岸

{bank}（县水务局牵头，县城管局配合）

（二）种植水草

{bank}（县林业局牵头，各乡镇配合）
"""
    evidence = evidence_over(text, CITY, TOWN)
    question = ask("河道保洁发现成片垃圾当日组织打捞由谁牵头？", evidence)
    content = answer_department(question, evidence)
    assert content
    assert [s.text for s in content.statements] == [
        "（一）清理河岸，牵头单位：县水务局",
        "（一）清理河岸，配合单位：县城管局",
        "（二）种植水草，牵头单位：县林业局",
        "（二）种植水草，配合单位：各乡镇",
    ]


def test_who_punishes_is_told_from_the_clause(evidence_over: EvidenceOver) -> None:
    text = "某某县渡口管理办法\n\n（示例（虚构）：为测试而编写，内容均为虚构。）\n\n第一条 渡口经营者应当配备救生设备。\n\n第二条 渡船超载的，由县交通运输部门责令改正，处一千元罚款。\n"
    evidence = evidence_over(text, CITY, TOWN)
    content = answer_department(ask("渡船超载由哪个部门责令改正？", evidence), evidence)
    assert content
    (said,) = content.statements
    assert said.text == "责任单位：县交通运输部门"
    assert said.quotes[0].text == "渡船超载的，由县交通运输部门责令改正，处一千元罚款"


def test_one_of_several_fields_is_met_by_its_name(evidence_over: EvidenceOver) -> None:
    text = "某某县渡口管理办法\n\n（示例（虚构）：为测试而编写，内容均为虚构。）\n\n第一条 县公安、民政等部门应当做好渡口安全宣传。\n"
    evidence = evidence_over(text)
    content = answer_duty(ask("民政部门负责哪些工作？", evidence), evidence)
    assert content
    assert [s.text for s in content.statements] == [
        "做好渡口安全宣传：县公安、民政等部门是责任单位。"
    ]


def test_what_no_passage_assigns_is_left_to_the_plain_way(evidence: Evidence) -> None:
    assert answer_department(ask("火星探测由谁牵头？", evidence), evidence) is None
    assert answer_department(ask("增设便民设施由谁牵头？", evidence), evidence) is None


@pytest.mark.parametrize(
    ("question", "duties"),
    [
        ("市水务局负责哪些工作？", {"配合单位"}),
        ("市住房城乡建设局负责哪些工作？", {"牵头单位"}),
        ("市住建局负责哪些工作？", {"牵头单位"}),  # as people shorten it
    ],
)
def test_an_organ_is_told_its_own_roles(
    question: str, duties: set[str], evidence: Evidence
) -> None:
    content = answer_duty(ask(f"青溪市{question}", evidence), evidence)
    assert content
    assert {s.text.rpartition("是")[2].rstrip("。") for s in content.statements} == duties
    assert content.notes == (f"共 {len(content.statements)} 项，以上为全部。",)


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("市住房城乡建设局配合哪些工作？", "没有读到住建局是配合单位的任务；它在 1 处是牵头单位。"),
        ("市财政局牵头哪些工作？", "没有读到财政局是牵头单位的任务；它在 1 处是配合单位。"),
        ("气象局负责哪些工作？", "在 1 份文件中没有读到市气象局承担的任务。"),
    ],
)
def test_a_role_that_an_organ_does_not_have_is_not_made_up(
    question: str, reason: str, evidence: Evidence
) -> None:
    asked = asking(ask(f"青溪市{question}", evidence), Demand.DUTIES)
    content = answer_duty(asked, evidence)
    assert content
    assert content.said == Refusal(reason)


def test_without_an_organ_nothing_is_told(evidence: Evidence) -> None:
    assert answer_duty(ask("哪些工作要抓紧？", evidence), evidence) is None


def test_a_duty_quotes_the_words_that_give_the_role(evidence: Evidence) -> None:
    content = answer_duty(ask("青溪市财政局负责哪些工作？", evidence), evidence)
    assert content
    (said,) = content.statements
    assert said.text == "农业节水工程：市财政局是配合单位。"
    assert [q.text for q in said.quotes] == ["（市农业农村局牵头，市水务局、市财政局配合）"]


def test_the_head_of_a_paragraph_is_the_task(evidence_over: EvidenceOver) -> None:
    text = "某某县节水办法\n\n（示例（虚构）：为测试而编写，内容均为虚构。）\n\n一、主要任务\n\n1.推广节水器具。公共场所换装节水龙头。（县水务局牵头，县财政局配合）\n2.治理管网漏损。每年检修两次。（县城管局牵头，县水务局配合）\n"
    evidence = evidence_over(text)
    content = answer_duty(ask("县水务局负责哪些工作？", evidence), evidence)
    assert content
    assert [s.text for s in content.statements] == [
        "推广节水器具：县水务局是牵头单位。",
        "治理管网漏损：县水务局是配合单位。",
    ]


def test_a_heading_in_one_passage_with_others_is_the_task(evidence: Evidence) -> None:
    content = answer_duty(ask("云桥县水务局负责哪些工作？", evidence), evidence)
    assert content
    assert [s.text for s in content.statements] == [
        "治理管网漏损：县水务局是牵头单位。",
        "推广节水器具：县水务局是责任单位。",
    ]
