"""Another place's sentence as one's own: its facts become gaps, its wording stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.drafting.localize import localized
from vectorstore.language.figures import figures
from vectorstore.language.text import search_copy

REGION = ("云岭省", "青禾市")


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("到2025年底建成助餐点120个。", "到[年份]建成助餐点[本地数据]"),
        ("青禾市每年培训护理员600人次。", "[本地名称]每年培训护理员[本地数据]"),
        ("发展老年助餐。（市商务局牵头，市民政局配合）", "发展老年助餐（责任单位：[本地责任单位]）"),
        ("（三）推进示范县建设，覆盖率达到95%以上。", "推进示范县建设，覆盖率达到[本地数据]以上"),
        ("实施“百校千课”行动，落实《云岭省养老服务条例》。", "实施“百校千课”行动，落实《[本地文件]》"),
    ],
)  # fmt: skip
def test_places_figures_years_and_organs_become_gaps(sentence: str, expected: str) -> None:
    assert localized(sentence, REGION) == expected


@given(st.integers(2, 99_999), st.sampled_from(["个", "家", "人次", "名", "%", "万元", "张"]))
def test_no_figure_with_a_unit_survives(number: int, unit: str) -> None:
    kept = localized(f"全市新增床位和站点{number}{unit}，持续改善服务。", REGION)
    assert [f for f in figures(search_copy(kept)) if f.unit] == []
