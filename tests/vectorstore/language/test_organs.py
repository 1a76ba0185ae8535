"""Names of organs side by side: one list, each name once and whole."""

import pytest

from vectorstore.language.organs import joined, organs_in


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("青禾市民政局青禾市财政局", ("青禾市民政局", "青禾市财政局")),
        ("市民政局市财政局", ("市民政局", "市财政局")),
        ("市城市管理局", ("市城市管理局",)),
        ("中共青禾市委青禾市人民政府", ("中共青禾市委", "青禾市人民政府")),
        ("青禾市民政局共青团青禾市委", ("青禾市民政局", "共青团青禾市委")),
        ("教育部财政部国家发展改革委", ("教育部", "财政部", "国家发展改革委")),
        ("工业和信息化部办公厅财政部办公厅", ("工业和信息化部办公厅", "财政部办公厅")),
        ("最高人民法院 最高人民检察院", ("最高人民法院", "最高人民检察院")),
        ("青禾市人民政府 办公室", ("青禾市人民政府办公室",)),
        ("青禾市教育局（盖章）", ("青禾市教育局",)),
        ("青禾市教育局，青禾市财政局", ("青禾市教育局", "青禾市财政局")),
        ("青禾市融媒体中心", ()),
        ("各县（区）人民政府", ()),
        ("青禾市教育局关于考试的通知", ()),
        ("", ()),
    ],
)
def test_organs_in(text: str, names: tuple[str, ...]) -> None:
    assert organs_in(text) == names


def test_a_name_that_is_said_twice_is_joined_once() -> None:
    assert joined(("教育部", "财政部", "教育部")) == "教育部、财政部"
