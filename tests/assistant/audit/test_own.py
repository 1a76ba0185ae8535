"""What is held against a draft's own quotes, and its sums."""

from assistant.audit.own import contradictions, wrong_sums

QUOTE = "到2025年，创建15所“省级综合示范学校”、50所“市级综合示范学校”，培训教师3000人次。"


def test_figures_that_changed_places_contradict() -> None:
    swapped = "到2025年，创建50所“省级综合示范学校”、15所“市级综合示范学校”。"
    assert len(contradictions(swapped, [QUOTE])) == 2
    assert contradictions("创建15所“省级综合示范学校”、50所“市级综合示范学校”。", [QUOTE]) == []


def test_what_a_quote_does_not_speak_of_is_not_contradicted() -> None:
    assert contradictions("新建体育公园18个，投入800万元。", [QUOTE]) == []


def test_sums() -> None:
    assert wrong_sums("安排资金86万元，其中展区52万元、消防34万元。") == []
    assert wrong_sums("建成甲类10个、乙类20个、丙类5个，三类合计45个。") == [
        "“45个”与各项之和不符：各项相加为35个"
    ]
    assert wrong_sums("共有学校90所，其中小学50所、中学45所。") != []
    assert wrong_sums("蔬菜面积、蔬菜产量、肉类产量各8分，合计24分。") == []
    assert wrong_sums("累计发放资料1.2万份，接受咨询3400余人次。") == []
