import pytest

from ingest.facts.organs import are_organs, organs_in


@pytest.mark.parametrize(
    ("written", "organs"),
    [
        ("市发展改革委、财政局", ["市发展改革委", "财政局"]),
        ("市发展改革委，市财政局；各县人民政府", ["市发展改革委", "市财政局", "各县人民政府"]),
        ("各县（市、区）人民政府", ["各县（市、区）人民政府"]),
        ("市委宣传部（市政府新闻办）、市教育局", ["市委宣传部（市政府新闻办）", "市教育局"]),
        ("市教育局、市科协等部门", ["市教育局", "市科协"]),
        ("市教育局、市科协等5个单位", ["市教育局", "市科协"]),
        ("市教育局、各区人民政府按职责分工负责", ["市教育局", "各区人民政府"]),
        ("各有关部门", ["各有关部门"]),
        ("由市民政局", ["市民政局"]),
        ("市民政局（以下简称民政局）、市残联", ["市民政局", "市残联"]),
        ("市民政局、市民政局", ["市民政局"]),
        ("", []),
    ],
)
def test_a_list(written: str, organs: list[str]) -> None:
    assert list(organs_in(written)) == organs


@pytest.mark.parametrize(
    ("written", "organs"),
    [
        ("市自然资源和规划局及市财政局", ["市自然资源和规划局", "市财政局"]),
        ("市工业和信息化局会同市科技局", ["市工业和信息化局", "市科技局"]),
        ("县公安局和县市场监管局", ["县公安局", "县市场监管局"]),
        ("公安、民政和卫生健康等部门", ["公安、民政和卫生健康等部门"]),
        ("有关部门和机构", ["有关部门和机构"]),
        ("县交通局或者县公安局", ["县交通局", "县公安局"]),
        ("文化和旅游、自然资源和规划部门", ["文化和旅游、自然资源和规划部门"]),
        ("检察机关、法院和监察、审计等机关", ["检察机关", "法院", "监察、审计等机关"]),
        ("省、自治区、直辖市人民政府", ["省、自治区、直辖市人民政府"]),
        ("市和区、县（市）人民政府", ["市和区、县（市）人民政府"]),
        (
            "国务院和省、自治区、直辖市人民政府民政部门",
            ["国务院", "省、自治区、直辖市人民政府民政部门"],
        ),
    ],
)
def test_joined_names_part_and_single_ones_stay_whole(written: str, organs: list[str]) -> None:
    assert list(organs_in(written)) == organs


@pytest.mark.parametrize(
    ("written", "organs"),
    [
        ("市委宣传部市财政局、科技局", ["市委宣传部", "市财政局", "科技局"]),
        ("市广电局团市委", ["市广电局", "团市委"]),
        ("市科技局乡村振兴局", ["市科技局", "乡村振兴局"]),
        ("市市场监管局", ["市市场监管局"]),
        ("市人民政府办公室", ["市人民政府办公室"]),
        ("市公安局交通管理局", ["市公安局交通管理局"]),
    ],
)
def test_organs_whose_separator_was_lost(written: str, organs: list[str]) -> None:
    assert list(organs_in(written)) == organs


@pytest.mark.parametrize(
    "text",
    [
        "市教育局",
        "各县（区）人民政府",
        "公安、民政等部门",
        "负有监督职责的部门",
        "村（居）民委员会",
    ],
)
def test_running_text_that_is_organs(text: str) -> None:
    assert are_organs(text)


@pytest.mark.parametrize(
    "text",
    [
        "资金统筹",
        "报市水利局",
        "经市财政局",
        "各级领导干部",
        "业主委员会",
        "依托科研机构",
        "场所、设备等",
        "",
    ],
)
def test_running_text_that_is_not(text: str) -> None:
    assert not are_organs(text)
