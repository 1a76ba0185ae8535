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
        ("支持供水单位对受灾严重的农户适度减免水费。", "受灾严重的农户"),
        ("有用水需求的企业，可直接向供水站申请。", "有用水需求的企业"),
        ("水价显著上涨时，县人民政府可以采取干预措施。", "水价显著上涨时"),
        ("供水站发现水质异常，应当立即停水。", "发现水质异常"),
        ("扩建须以不影响水质为前提。", "须以不影响水质为前提"),
        ("本办法适用于本县范围内的取水活动。", "本县范围内的取水活动"),
        ("所需资金从水源保护专账资金支出。", "从水源保护专账资金支出"),
        ("缓缴期间，不收取滞纳金。", "不收取滞纳金"),
        ("因灾减产超过三成的，可以申请缓缴水费。", "因灾减产超过三成的"),
        ("水价难以确定的，由县水务局确定。", "水价难以确定的"),
        ("申请人须在本县缴纳水费满一年。", "申请人须在本县缴纳水费满一年"),
        ("优惠不可与其他减免叠加。", "不可与其他减免叠加"),
        ("法律另有规定的，从其规定。", "法律另有规定的"),
        ("发现盗水的，均有权举报。", "发现盗水的"),
        ("用水户经供水站同意，可以自行安装水表。", "用水户经供水站同意"),
        ("本县内的取水活动，适用本办法。", "本县内的取水活动，适用本办法"),
        ("用水户变更名称的，应当向供水单位办理登记。", "用水户变更名称的"),
        ("困难家庭申请减免的，须提供村委会出具的证明。", "须提供村委会出具的证明"),
        ("优先更换使用年限超过十年的水表，优先改造漏损严重的管网。", "漏损严重的管网"),
        ("补贴对象为本县种植户。", "本县种植户"),
        ("经验收合格后，方可通水。", "经验收合格后"),
        ("同一工程不得重复享受补助。", "同一工程不得重复享受补助"),
        ("水源保护区内不得设立砂石场。", "水源保护区内不得设立砂石场"),
        ("对连续两年考核优秀的供水站，优先给予评先资格。", "连续两年考核优秀的供水站"),
        ("对受灾较重的合作社，返还水资源费的50%。", "受灾较重的合作社"),
        ("对受灾较重的农户免收水费。", "受灾较重的农户"),
        ("更换主管道，应当取得施工批准书。", "应当取得施工批准书"),
        ("县域供水实行特许备案制度。", "特许备案制度"),
        ("除紧急抢修情形外，应当提前通知用户。", "除紧急抢修情形外"),
        ("给予管护补助，以连续管护一年作为认定条件。", "以连续管护一年作为认定条件"),
    ],
)
def test_what_a_sentence_says(text: str, condition: str) -> None:
    assert texts(text) == [condition]


@pytest.mark.parametrize(
    "text",
    [
        "擅自取水的，由水行政主管部门责令改正；逾期不改正的，处一千元罚款。",
        "水库周边设置禁止标志。",
        "使用禁止投放的药剂应当报告。",
        "管网漏损率不得超过百分之十。",
        "符合条件的，予以批准。",
        "各镇要加强组织领导，落实责任。",
        "申请人要具备哪些条件？",
        "对农户补贴200元。",
        "对安装节水器具的农户，每户补贴200元。",
        "对排查出的漏点，及时整改。",
    ],
)
def test_what_is_no_condition(text: str) -> None:
    assert texts(text) == []


def test_sentences_below_a_heading_of_conditions() -> None:
    found = texts("一、申报对象\n在本县注册的供水企业。\n二、支持方式\n采取以奖代补方式。\n")
    assert found == ["在本县注册的供水企业"]


# --- what is forbidden, and what follows -----------------------------------------------------


def test_each_thing_that_is_forbidden_is_a_row_with_who_may_not() -> None:
    facts = conditions("用水户应当爱护水表，不得擅自拆卸水表，不得私接管道；严禁在水源地放牧。")
    assert [(fact.subject, fact.text) for fact in facts] == [
        ("用水户", "不得擅自拆卸水表"),
        ("用水户", "不得私接管道"),
        ("在水源地放牧", "严禁在水源地放牧"),
    ]
    assert all("用水户" in fact.quote for fact in facts[:2])


def test_two_groups_of_one_clause_are_two_rows() -> None:
    found = texts("对受灾较重的农户，免收水费，对已经复产的合作社，减半收取水费。")
    assert found == ["受灾较重的农户", "已经复产的合作社"]


def test_what_is_forbidden_ends_where_something_else_is_said() -> None:
    found = texts("严禁在堤上取土、种植，砍伐护堤林木，并按照规定设置标牌。")
    assert found == ["严禁在堤上取土、种植，砍伐护堤林木"]


def test_where_it_is_forbidden_is_quoted() -> None:
    (fact,) = conditions("在一级水源地内，禁止放牧。")
    assert fact.subject == "在一级水源地内"
    assert fact.quote == "在一级水源地内，禁止放牧"


def test_what_is_forbidden_inside_of_what_is_forbidden() -> None:
    assert texts("用水户不得使用禁止投放的药剂。") == ["用水户不得使用禁止投放的药剂"]


def test_items_of_a_list_of_what_is_forbidden() -> None:
    facts = conditions("第六条 水源地内禁止下列行为：\n（一）放牧；\n（二）倾倒垃圾的。\n")
    assert [(fact.subject, fact.text) for fact in facts] == [
        ("水源地内禁止下列行为", "放牧"),
        ("水源地内禁止下列行为", "倾倒垃圾的"),
    ]


def test_a_sanction_of_its_own_is_a_row_and_quotes_the_deed() -> None:
    first, second = conditions(
        "第九条 供水站未备案的，由水行政主管部门责令改正；拒不改正的，吊销许可证。"
    )
    assert (first.text, first.subject) == ("供水站未备案的", "由水行政主管部门责令改正")
    assert (second.text, second.subject) == ("供水站未备案的，拒不改正的", "吊销许可证")
    assert second.quote.startswith("供水站未备案的")


def test_deeds_below_a_sanction_are_rows() -> None:
    listed = "（一）瞒报水质的；\n（二）延误抢修的。\n"
    found = texts(f"工作人员有下列情形之一的，依法给予处分：\n{listed}")
    assert found == ["瞒报水质的", "延误抢修的"]


def test_a_worse_case_of_deeds_below_names_them() -> None:
    listed = "（一）瞒报水质的；\n（二）延误抢修的。\n"
    found = texts(f"供水站有下列情形之一的，处一千元罚款；拒不改正的，吊销许可证：\n{listed}")
    assert found == ["供水站有下列情形之一的（瞒报水质的；延误抢修的），拒不改正的"]


def test_a_name_that_says_where_it_is_forbidden_forbids_nothing() -> None:
    assert texts("禁止取水区域的管理单位应当设置标志。") == []
    assert texts("《关于禁止私采地下水的规定》同时废止。") == []
    duties = "禁止取水区域的管理单位应当履行下列职责：\n（一）巡查水井；\n（二）登记水表。\n"
    assert texts(duties) == []


def test_what_hurts_without_a_fine_is_a_case() -> None:
    assert texts("对经劝告仍拒绝节水的，指导供水站依法予以处理。") == ["对经劝告仍拒绝节水的"]
    assert texts("擅自取水的，由县水务局责令改正，给予警告；拒不改正的，处一千元罚款。") == []
