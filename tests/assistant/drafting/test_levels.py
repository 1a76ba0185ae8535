"""What a place says of its own level, said of another's."""

import pytest

from assistant.drafting.levels import at_level, level_of, renamed

CITY = ("江苏省", "徐州市")
PROVINCE = ("青海省",)
REGION = ("内蒙古自治区",)
DISTRICT = ("重庆市", "黔江区")


@pytest.mark.parametrize(
    ("text", "region", "own", "expected"),
    [
        ("市委、市政府部署，市民政局牵头。", CITY, "县", "县委、县政府部署，县民政局牵头。"),
        ("全市统筹，各县（市、区）落实。", CITY, "县", "全县统筹，各乡镇（街道）落实。"),
        ("市、县(市、区)两级监测。", CITY, "县", "县乡两级监测。"),
        ("由省科技厅、省教育厅负责。", PROVINCE, "县", "由县科技局、县教育局负责。"),
        ("自治区科协牵头，我区公民受益。", REGION, "县", "县科协牵头，我县公民受益。"),
        ("区科协牵头，报市级有关部门。", DISTRICT, "县", "县科协牵头，报市级有关部门。"),
        ("全区推进区域协调。", DISTRICT, "市", "全市推进区域协调。"),
        ("团市委、市妇联参与。", CITY, "县", "团县委、县妇联参与。"),
        ("加强城市管理，市场监管和市民素质。", CITY, "县", "加强城市管理，市场监管和市民素质。"),
        ("创建科普示范县(市、区)。", CITY, "县", "创建科普示范县(市、区)。"),
        ("落实《市政府工作规则》和“市长热线”。", CITY, "县", "落实《市政府工作规则》和“市长热线”。"),
        ("市民政局、市政府负责，全市推进。", CITY, "", "本级民政局、本级政府负责，本地区推进。"),
        ("市民政局负责。", CITY, "市", "市民政局负责。"),
    ],
)  # fmt: skip
def test_words_of_a_level(text: str, region: tuple[str, ...], own: str, expected: str) -> None:
    assert at_level(text, region, own) == expected


def test_levels_of_places() -> None:
    paths = ((), ("江苏省",), ("重庆市",), CITY, DISTRICT, REGION)
    assert [level_of(path) for path in paths] == ["", "省", "直辖市", "市", "区", "自治区"]


def test_organs_are_called_as_the_request_says() -> None:
    names = (("教委", "区教育局"), ("经济信息委", "区工信局"))
    said = renamed("区教委、区经济信息委、区委宣传部", names)
    assert said == "区教育局、区工信局、区委宣传部"
