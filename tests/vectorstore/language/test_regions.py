import pytest

from vectorstore.language.regions import (
    abbreviation_regions,
    find_regions,
    province_of_code,
    region_of_name,
    short_name,
    unlisted_place,
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
        ("红河州财政局", ("云南省", "红河哈尼族彝族自治州")),
        ("锡盟行政公署", ("内蒙古自治区", "锡林郭勒盟")),
        ("达茂旗人民政府", ("内蒙古自治区", "包头市", "达尔罕茂明安联合旗")),
        ("彭水县教育局", ("重庆市", "彭水苗族土家族自治县")),
        ("巴州人民政府", ("新疆维吾尔自治区", "巴音郭楞蒙古自治州")),
        ("巴中市巴州区人民政府", ("四川省", "巴中市", "巴州区")),
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


@pytest.mark.parametrize(
    "text",
    [
        "创建几个示范县", "国家级示范县名单", "朝阳产业怎么扶持", "长安街沿线的广告", "通话记录保存多久",
        "做大理石生意", "黄金周放几天", "吃三明治", "北海道的鱼", "大同世界", "东方红公社",
    ],
)  # fmt: skip
def test_a_name_inside_another_word_is_no_place(text: str) -> None:
    known = {("陕西省", "西安市", "长安区"), ("河南省", "濮阳市", "范县"), ("北京市", "朝阳区")}
    assert find_regions(text, known) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("海南州的科普目标", "海南藏族自治州"), ("海南省的目标", "海南省"), ("海南的目标", "海南省"),
        ("在范县", "范县"), ("江苏省委怎么要求", "江苏省"), ("徐州区域内", "徐州市"), ("吉林市", "吉林市"),
        ("大理州", "大理白族自治州"), ("长安区的", "长安区"), ("上海市民能申请吗", "上海市"),
        ("我在青海省海南州", "海南藏族自治州"), ("延边州", "延边朝鲜族自治州"), ("杭州人", "杭州市"),
    ],
)  # fmt: skip
def test_the_name_of_a_place_beside_other_words(text: str, name: str) -> None:
    assert find_regions(text)[-1].candidates[0].name == name


def test_abbreviations_in_speech() -> None:
    assert [m.candidates[0].name for m in abbreviation_regions("渝东南那个区")] == ["重庆市"]
    assert abbreviation_regions("新的要求") == []


def test_province_of_code() -> None:
    assert province_of_code("云政发") == "云南省"
    assert province_of_code("国发") is None


def test_names_by_their_form_may_end_like_words() -> None:
    for name in ("岑州市", "青溪市", "某某市"):
        assert unlisted_place(f"{name}供水方案") == (name,)
    for text in (
        "致渡口地区居民的一封信",
        "关于本市供水的通知",
        "开发区供水方案",
        "旧小区改造方案",
    ):
        assert unlisted_place(text) == ()
