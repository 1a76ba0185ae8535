import pytest

from vectorstore.language.regions import (
    abbreviation_regions,
    find_regions,
    province_of_code,
    region_of_name,
    short_name,
)


@pytest.mark.parametrize(
    ("name", "short"),
    [("保山市", "保山"), ("内蒙古自治区", "内蒙古"), ("沛县", "沛县"), ("广西壮族自治区", "广西"), ("黔江区", "黔江"),
     ("延边朝鲜族自治州", "延边")],
)  # fmt: skip
def test_short_name(name: str, short: str) -> None:
    assert short_name(name) == short


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("重庆市黔江区人民政府办公室", ("重庆市", "黔江区")),
        ("保山市人民政府", ("云南省", "保山市")),
        ("江苏省徐州市鼓楼区", ("江苏省", "徐州市", "鼓楼区")),
        ("鼓楼区人民政府", ()),  # several cities have one
        ("国务院办公厅", ()),
        ("关于在杭州市开展试点的通知", ()),  # the name does not begin with a place
    ],
)
def test_region_of_name(text: str, path: tuple[str, ...]) -> None:
    assert region_of_name(text) == path


def test_county_short_names_count_only_when_the_corpus_knows_them() -> None:
    assert find_regions("延长申报期限，公安机关和平安建设") == []
    known = {("重庆市", "黔江区")}
    assert [m.candidates[0].name for m in find_regions("黔江的目标", known)] == ["黔江区"]


def test_provinces_and_cities_are_known_by_short_names() -> None:
    assert [m.candidates[0].name for m in find_regions("云南、徐州和内蒙古")] == [
        "云南省",
        "徐州市",
        "内蒙古自治区",
    ]


def test_abbreviations_in_speech() -> None:
    assert [m.candidates[0].name for m in abbreviation_regions("渝东南那个区")] == ["重庆市"]
    assert abbreviation_regions("新的要求") == []


def test_province_of_code() -> None:
    assert province_of_code("云政发") == "云南省"
    assert province_of_code("国发") is None
