"""Sums by class: paid, fined, charged; in sentences and in tables."""

import pytest

from ingest.facts.amounts import read_amounts
from tests.ingest.facts.texts import check_quotes, material
from vectorstore.facts import Fact


def amounts(text: str) -> list[Fact]:
    found = material(text)
    facts = list(read_amounts(found))
    if facts:
        check_quotes(found, facts)
    return facts


def values(facts: list[Fact]) -> list[tuple[float | None, float | None, str]]:
    return [(fact.value, fact.high, fact.unit) for fact in facts]


def test_each_class_of_a_sentence_is_a_row() -> None:
    facts = amounts("乡村医生津贴按等级发放：一级医生每人每月800元，二级医生每人每月600元。")
    assert values(facts) == [(800, None, "元/人·月"), (600, None, "元/人·月")]
    assert [fact.group for fact in facts] == ["一级医生", "二级医生"]
    assert {fact.subject for fact in facts} == {"乡村医生津贴"}


def test_classes_beside_each_other_share_a_sum() -> None:
    facts = amounts("对低保对象、残疾人家庭每户每月免收5立方米水费。")
    assert [(f.group, f.value, f.unit) for f in facts] == [
        ("低保对象", 5, "立方米/户·月"),
        ("残疾人家庭", 5, "立方米/户·月"),
    ]


@pytest.mark.parametrize(
    ("text", "value", "high", "unit", "comparator"),
    [
        ("对示范站给予50万元以下的奖励。", 500_000, None, "元", "<="),
        ("对示范站给予最高不超过20万元补助。", 200_000, None, "元", "<="),
        ("对示范站给予1万元至3万元奖励。", 10_000, 30_000, "元", ""),
        ("对示范站给予10—30万元奖励。", 100_000, 300_000, "元", ""),
        ("对节水农户按每亩120元给予补贴。", 120, None, "元/亩", "="),
        ("对节水农户按设备投资额的百分之三十给予补贴。", 30, None, "%", "="),
        ("特困人员基本生活标准提高到每人每月1050元。", 1050, None, "元/人·月", "="),
        ("污水处理费按0.95元/立方米收取。", 0.95, None, "元/立方米", "="),
    ],
)
def test_value_range_and_comparator(
    text: str, value: float, high: float | None, unit: str, comparator: str
) -> None:
    (fact,) = amounts(text)
    assert (fact.value, fact.high, fact.unit) == (value, high, unit)
    assert fact.comparator == comparator


def test_a_condition_is_the_class_and_no_sum() -> None:
    (fact,) = amounts("对固定资产投资500万元以上的项目，给予一次性奖励8万元。")
    assert (fact.value, fact.subject) == (80_000, "一次性奖励")
    assert fact.group == "固定资产投资500万元以上的项目"


def test_the_cap_goes_with_the_share() -> None:
    facts = amounts("对更新水表的小区，按实际投入的40%给予补助，单个小区最高不超过6万元。")
    assert values(facts) == [(40, None, "%"), (60_000, None, "元")]


def test_items_take_the_name_from_their_lead_and_the_class_from_their_label() -> None:
    facts = amounts(
        "第四条 管护补贴按水源和片区发放，标准如下：\n"
        "（一）深井：东片每人每月300元，西片每人每月200元；\n（二）浅井：每人每月100元。\n"
    )
    assert [(f.subject, f.group, f.value) for f in facts] == [
        ("管护补贴", "深井，东片", 300),
        ("管护补贴", "深井，西片", 200),
        ("管护补贴", "浅井", 100),
    ]


def test_each_payment_of_a_clause_has_a_name_of_its_own() -> None:
    facts = amounts("泵站建设补贴每座4000元，管护补贴每月最高400元。")
    assert [(f.subject, f.value) for f in facts] == [("泵站建设补贴", 4000), ("管护补贴", 400)]
    assert [f.group for f in facts] == ["", ""]
    assert [f.quote for f in facts] == ["泵站建设补贴每座4000元", "管护补贴每月最高400元。"]


def test_the_class_is_whom_the_clause_is_for() -> None:
    first, second = amounts(
        "对新建蓄水池的合作社，采用后补助方式给予3万元补助，单个合作社最高5万元。"
    )
    assert first.group == "新建蓄水池的合作社"
    assert second.group.startswith("新建蓄水池的合作社")


@pytest.mark.parametrize(
    "text",
    [
        "全县为用水企业发放贷款18亿元。",
        "全县完成水利投资3.2亿元，惠及群众4万人。",
        "累计发放稳岗补贴1200万元。",
        "全年地区生产总值达到312亿元，增长6.1%。",
        "裁员率不超过5%的企业可以申请。",
    ],
)
def test_what_is_told_is_not_granted(text: str) -> None:
    assert amounts(text) == []


# --- fines -----------------------------------------------------------------------------------


def test_a_fine_names_the_deed_and_its_classes() -> None:
    facts = amounts(
        "第八条 违反本办法第三条规定，擅自接入供水管网的，由水行政主管部门责令限期改正；"
        "逾期不改正的，处2000元以上1万元以下罚款；情节严重的，处1万元以上5万元以下罚款。"
    )
    assert values(facts) == [(2000, 10_000, "元"), (10_000, 50_000, "元")]
    assert [fact.group for fact in facts] == ["逾期不改正的", "情节严重的"]
    assert {fact.subject for fact in facts} == {"罚款：擅自接入供水管网的"}


def test_whom_a_fine_is_for() -> None:
    facts = amounts("第九条 破坏取水口的，由公安机关对单位处五万元罚款，对个人处五百元以下罚款。")
    assert facts[0].quote == "破坏取水口的，由公安机关对单位处五万元罚款"
    assert facts[1].quote.endswith("对个人处五百元以下罚款。")
    assert [(f.group, f.value, f.comparator) for f in facts] == [
        ("对单位", 50_000, "="),
        ("对个人", 500, "<="),
    ]


def test_deeds_below_a_fine_are_its_subject() -> None:
    (fact,) = amounts(
        "第九条 供水单位有下列行为之一的，处货值金额一倍以上五倍以下罚款：\n"
        "（一）供应不合格水的；\n（二）不按期检测水质的。\n"
    )
    assert (fact.value, fact.high, fact.unit) == (1, 5, "倍")
    assert "供应不合格水的；不按期检测水质的" in fact.subject


def test_another_deed_begins_anew() -> None:
    facts = amounts("占用泵房的，处一千元罚款；擅自关闭取水闸门的，处三千元罚款。")
    assert [fact.subject for fact in facts] == ["罚款：占用泵房的", "罚款：擅自关闭取水闸门的"]


def test_whose_deed_it_is_stays_where_the_rule_goes() -> None:
    (fact,) = amounts("供水站违反本办法第三条规定，擅自停水的，处一千元罚款。")
    assert fact.subject == "罚款：供水站擅自停水的"


def test_a_class_can_be_read_alone() -> None:
    _, second = amounts("第八条 私接管道的，处一千元罚款；情节严重的，处五千元罚款。")
    assert second.quote == "私接管道的，处一千元罚款；情节严重的，处五千元罚款。"


def test_a_fine_quotes_the_deeds_below_it() -> None:
    (fact,) = amounts("有下列行为之一的，处一千元罚款：\n（一）私接管道；\n（二）拆卸水表。\n")
    assert fact.quote.endswith("拆卸水表。")


def test_a_class_behind_a_result_is_no_deed() -> None:
    facts = amounts(
        "未送检水表的，由计量机构补检，补检合格的，补发证书，可以处一百元罚款；"
        "对提供废旧水表的单位，处五百元罚款。"
    )
    assert [(fact.subject, fact.group) for fact in facts] == [
        ("罚款：未送检水表的", "补检合格的"),
        ("罚款：对提供废旧水表的单位", ""),
    ]


def test_items_with_fines_of_their_own_say_whose_deed_it_is() -> None:
    facts = amounts(
        "供水站有下列情形之一的，按照下列规定处罚：\n"
        "（一）未公示水质的，处一千元罚款；\n（二）擅自停水的，处三千元罚款。\n"
    )
    assert [(f.subject, f.value) for f in facts] == [
        ("罚款：供水站有下列情形之一的：未公示水质的", 1000),
        ("罚款：供水站有下列情形之一的：擅自停水的", 3000),
    ]


def test_a_deed_that_is_a_number_says_what_the_rule_says() -> None:
    (fact,) = amounts(
        "第三条 供水站应当公示水质。\n供水站不得擅自停水。\n"
        "供水站违反本条第二款规定的，处三千元罚款。\n"
    )
    assert "不得擅自停水" in fact.subject
    assert "公示水质" not in fact.subject


def test_a_deed_that_is_an_item_says_what_the_item_says() -> None:
    facts = amounts(
        "第三条 禁止下列行为：\n（一）乱丢果皮；\n（二）攀折花木；\n（三）擅自烧烤；\n（四）打架斗殴。\n"
        "第八条 违反本办法第三条第一项至第三项规定的，处五十元罚款；违反第（四）项规定的，处二百元罚款。\n"
    )
    said = {fact.value: fact.subject for fact in facts}
    assert all(words in said[50] for words in ("乱丢果皮", "攀折花木", "擅自烧烤"))
    assert "打架斗殴" in said[200]
    assert "打架斗殴" not in said[50]


# --- tables ----------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", ["｜", "\t"])
def test_a_flattened_table_of_rates(mark: str) -> None:
    rows = [("类别", "补助标准（元/人·月）"), ("一类岗位", "800"), ("二类岗位", "650")]
    text = "\n".join(mark.join(row) for row in rows)
    facts = amounts(f"护水员补助标准\n{text}\n以上标准按月核发。\n")
    assert [(f.group, f.value, f.unit) for f in facts] == [
        ("一类岗位", 800, "元/人·月"),
        ("二类岗位", 650, "元/人·月"),
    ]
    assert all("补助标准" in fact.subject for fact in facts)


def test_a_table_with_a_column_of_units() -> None:
    facts = amounts(
        "水价表\n用水类别｜计量单位｜收费标准\n"
        "居民生活用水｜元/立方米｜2.1\n特种用水｜元/立方米｜8\n"
    )
    assert [(f.group, f.value, f.unit) for f in facts] == [
        ("居民生活用水", 2.1, "元/立方米"),
        ("特种用水", 8, "元/立方米"),
    ]


def test_what_is_granted_goes_on_for_the_next_class() -> None:
    facts = amounts("对水厂给予奖励：一级20万元，二级10万元；三级5万元，总投资300万元。")
    assert [(f.group, f.value) for f in facts][1:] == [("二级", 100_000), ("三级", 50_000)]


def test_classes_of_a_list_take_the_name_of_what_is_paid() -> None:
    items = "（一）80至89岁，每人每月60元；\n（二）90岁以上，每人每月120元。\n"
    facts = amounts(f"第五条 用水补贴按下列标准发放：\n{items}")
    assert [(f.group, f.value) for f in facts] == [("80至89岁", 60), ("90岁以上", 120)]
    assert all("补贴" in fact.subject for fact in facts)


def test_a_sum_that_was_is_no_class() -> None:
    (fact,) = amounts("特困人员基本生活标准由每人每月950元提高到1050元。")
    assert (fact.group, fact.value) == ("", 1050)


def test_a_rate_of_what_was_done_is_no_sum() -> None:
    assert amounts("补贴资金发放率达到100%。") == []


def test_sums_beside_one_another_are_rows_of_their_own() -> None:
    facts = amounts(
        "省级养护补助按照县道每公里每年1.2万元、乡道每公里每年0.6万元、村道每公里每年0.3万元的标准安排。"
    )
    assert [(f.group, f.value, f.unit) for f in facts] == [
        ("县道", 12_000, "元/公里·年"),
        ("乡道", 6_000, "元/公里·年"),
        ("村道", 3_000, "元/公里·年"),
    ]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("对先进单位给予五千元以上五万元以下的奖励。", "五千元以上五万元以下"),
        ("擅自占用的，处五万元以上十万元以下罚款。", "五万元以上十万元以下"),
    ],
)
def test_a_range_is_written_to_its_end(text: str, written: str) -> None:
    assert [fact.text for fact in amounts(text)] == [written]


def test_a_name_begins_with_no_conjunction() -> None:
    facts = amounts("经费由财政补助和服务性收费共同承担，区财政按每生每年300元补助。")
    assert not any(fact.subject.startswith(("和", "与", "及")) for fact in facts)


def test_a_row_between_bars_may_hold_a_sentence() -> None:
    facts = amounts(
        "护理补贴\n| 对象 | 标准（元/月） |\n| --- | --- |\n| 经评估为失能，且未入住机构的 | 350 |\n| 其他 | 80 |\n"
    )
    assert {(f.group, f.value) for f in facts} == {
        ("经评估为失能，且未入住机构的", 350),
        ("其他", 80),
    }
