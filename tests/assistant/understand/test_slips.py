"""Slips in names are put right; words, other names and quotations are left alone."""

import pytest

from assistant.understand.slips import Names, put_right
from vectorstore.language.words import sounds_alike

NAMES = Names.of(
    ("徐州", "徐州市", "保山市", "黔江区", "青海", "范县", "望江区", "通化", "县水务局", "市教育局", "睢宁县",
     "徐州市科学技术协会")
)  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("徐洲的目标是多少", "徐州的目标是多少"),
        ("保三市的科普场馆", "保山市的科普场馆"),
        ("黔疆区由谁牵头", "黔江区由谁牵头"),
        ("睢宁先的比例", "睢宁县的比例"),
        ("徐州市科学技术协汇负责什么", "徐州市科学技术协会负责什么"),
        ("县水务句管什么", "县水务局管什么"),
    ],
)
def test_a_slip_is_put_right(typed: str, meant: str) -> None:
    text, slips = put_right(typed, NAMES)
    assert text == meant
    assert len(slips) == 1
    assert slips[0].typed in typed
    assert slips[0].meant in meant


@pytest.mark.parametrize(
    "text",
    [
        "通话记录保存多久",  # a word, though 通化 sounds nearly so
        "市体育局负责什么",  # another organ
        "望江县的情况",  # may be another place
        "示范县有几个",
        "“徐洲”的目标",  # insisted on
        "《徐洲市规划》怎么说",
        "青海和徐州的目标",
        "保山和徐州的目标",
        "徐州不办证会怎样",
        "西宁的比例",
        "Xuzhou 2025",
        "",
    ],
)
def test_what_is_no_slip_is_left_alone(text: str) -> None:
    assert put_right(text, NAMES) == (text, ())


def test_characters_that_are_said_alike() -> None:
    assert sounds_alike("山", "三")
    assert sounds_alike("江", "疆")
    assert not sounds_alike("教", "体")
    assert not sounds_alike("州", "a")
