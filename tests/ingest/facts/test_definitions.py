"""Terms and what they mean."""

import pytest

from ingest.facts.definitions import read_definitions
from tests.ingest.facts.texts import check_quotes, material


def definitions(text: str) -> list[tuple[str, str]]:
    found = material(text)
    facts = list(read_definitions(found))
    if facts:
        check_quotes(found, facts)
    return [(fact.subject, fact.text) for fact in facts]


@pytest.mark.parametrize(
    ("text", "term", "meaning"),
    [
        ("第二条 本办法所称小型水厂，是指日供水量一千立方米以下的水厂。",
         "小型水厂", "日供水量一千立方米以下的水厂"),
        ("本条例所称水源，包括地表水和地下水。", "水源", "地表水和地下水"),
        ("管水员是指负责村级供水设施管护的人员。", "管水员", "负责村级供水设施管护的人员"),
        ("注：“左右”允许上下浮动0.1米。", "左右", "允许上下浮动0.1米"),
        ("本办法中的“年度”指公历年度。", "年度", "公历年度"),
        ("以上政策中的“用水大户”，特指年用水量十万吨以上的企业。",
         "用水大户", "年用水量十万吨以上的企业"),
        ("水厂、泵站和个人（以下统称供水人）应当建账。", "供水人", "水厂、泵站和个人"),
        ("停止供水（连续停水超过三日，以下统称长停）应当报告。", "长停", "连续停水超过三日"),
    ],
)  # fmt: skip
def test_a_term_and_its_meaning(text: str, term: str, meaning: str) -> None:
    assert definitions(text) == [(term, meaning)]


def test_items_of_a_list_of_terms() -> None:
    found = definitions(
        "第二十条 本办法下列用语的含义：\n"
        "（一）输水管，是指从水厂到用户的管道；\n（二）漏损率：漏失水量占供水总量的比例。\n"
    )
    assert found == [
        ("输水管", "从水厂到用户的管道"),
        ("漏损率", "漏失水量占供水总量的比例"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "云溪县水利局（以下简称县水利局）负责组织实施。",
        "县水利局指导各镇开展巡查。",
        "由县政府指定的单位承担维护。",
        "重点任务：更新管网。",
    ],
)
def test_what_is_no_definition(text: str) -> None:
    assert definitions(text) == []
