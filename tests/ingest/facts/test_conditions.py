"""Conditions: lists of them, papers to hand in, and what sentences say."""

import pytest

from ingest.facts.conditions import read_conditions
from tests.ingest.facts.texts import check_quotes, material
from vectorstore.facts import Fact


def conditions(text: str) -> list[Fact]:
    found = material(text)
    facts = list(read_conditions(found))
    if facts:
        check_quotes(found, facts)
    return facts


def texts(text: str) -> list[str]:
    return [fact.text for fact in conditions(text)]


@pytest.mark.parametrize(
    "lead",
    [
        "第三条 申请取水许可应当具备下列条件：",
        "符合以下条件之一的，可以申请补贴：",
        "第四条 申请人应当提交下列材料：",
        "有下列情形之一的，不予受理：",
        "一、申报条件",
    ],
)
def test_a_row_for_each_item(lead: str) -> None:
    listed = "（一）有固定的取水地点；\n（二）有计量设施的证明；\n（三）水质检测报告。\n"
    assert texts(f"{lead}\n{listed}") == [
        "有固定的取水地点",
        "有计量设施的证明",
        "水质检测报告",
    ]


def test_items_in_one_line() -> None:
    found = texts("申请人须符合下列条件：（一）年满十八周岁；（二）户籍在本县。其他事项另行通知。")
    assert found == ["年满十八周岁", "户籍在本县"]


@pytest.mark.parametrize(
    "lead",
    ["有下列行为之一的，处一千元以下罚款：", "供水单位履行下列职责：", "重点抓好以下工作："],
)
def test_other_lists_are_none(lead: str) -> None:
    assert texts(f"{lead}\n（一）巡查取水口；\n（二）检测水质。\n") == []


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("户籍迁出本县的，停止发放补贴。", "户籍迁出本县的"),
        ("因灾减产超过三成的，可以申请缓缴水费。", "因灾减产超过三成的"),
        ("用水户变更名称的，应当向供水单位办理登记。", "用水户变更名称的"),
        ("困难家庭申请减免的，须提供村委会出具的证明。", "须提供村委会出具的证明"),
        ("优先更换使用年限超过十年的水表，优先改造漏损严重的管网。", "漏损严重的管网"),
        ("补贴对象为本县种植户。", "本县种植户"),
        ("经验收合格后，方可通水。", "经验收合格后"),
        ("同一工程不得重复享受补助。", "同一工程不得重复享受补助"),
        ("水源保护区内不得设立砂石场。", "水源保护区内不得设立砂石场"),
        ("对连续两年考核优秀的供水站，优先给予评先资格。", "连续两年考核优秀的供水站"),
    ],
)
def test_what_a_sentence_says(text: str, condition: str) -> None:
    assert texts(text) == [condition]


@pytest.mark.parametrize(
    "text",
    [
        "违反规定取水的，由水行政主管部门责令改正。",
        "符合条件的，予以批准。",
        "各镇要加强组织领导，落实责任。",
        "申请人要具备哪些条件？",
        "对安装节水器具的农户，每户补贴200元。",
        "任何单位和个人不得擅自改动水表。",
    ],
)
def test_what_is_no_condition(text: str) -> None:
    assert texts(text) == []


def test_sentences_below_a_heading_of_conditions() -> None:
    found = texts("一、申报对象\n在本县注册的供水企业。\n二、支持方式\n采取以奖代补方式。\n")
    assert found == ["在本县注册的供水企业"]
