import pytest

from assistant.answers.quotes.spans import clause, enumeration, whole
from vectorstore.language.names import names_organ
from vectorstore.language.roles import LEAD, RESPONSIBLE, SUPPORT, roles_in
from vectorstore.models import Cell, Passage


def roles(text: str) -> list[tuple[str, str]]:
    return [(r.role, r.organs) for r in roles_in(Passage("p", "d", 0, 0, len(text), text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "完善制度。（市民政局牵头，市财政局、市残联配合）",
            [(LEAD, "市民政局"), (SUPPORT, "市财政局、市残联")],
        ),
        (
            "完善制度。(市民政局牵头市财政局、残联配合)",
            [(LEAD, "市民政局"), (SUPPORT, "市财政局、残联")],
        ),
        ("完善制度。（责任单位：市民政局、市残联等）", [(RESPONSIBLE, "市民政局、市残联等")]),
        (
            "分工：由省教育厅、科协牵头，有关成员单位配合。",
            [(LEAD, "省教育厅、科协"), (SUPPORT, "有关成员单位")],
        ),
        ("牵头单位：市水务局；配合单位：市城管局", [(LEAD, "市水务局"), (SUPPORT, "市城管局")]),
        ("建设平台（含移动端）。各地要抓好落实。", []),
        ("供水由县水务局负责监督。", [(RESPONSIBLE, "县水务局")]),
    ],
)
def test_roles(text: str, expected: list[tuple[str, str]]) -> None:
    assert roles(text) == expected


def test_roles_of_a_table_row_come_from_its_columns() -> None:
    row = Passage(
        "p",
        "d",
        0,
        0,
        10,
        "x",
        kind="row",
        cells=(Cell("任务", 0, 2), Cell("牵头部门", 3, 5), Cell("配合单位", 6, 9)),
    )
    assert [(r.role, r.start, r.in_source) for r in roles_in(row)] == [
        (LEAD, 3, True),
        (SUPPORT, 6, True),
    ]


@pytest.mark.parametrize(
    ("organs", "wanted", "named"),
    [
        ("区城管局、区交通局、区水利局", "交通局", True),
        ("市教育体育局、科技局、妇联", "市科技局", True),
        ("市科技局市民政局", "民政局", True),
        ("市交通运输局", "市交通局", False),
        ("区教委、区科协", "区交通局", False),
    ],
)
def test_an_organ_in_a_list(organs: str, wanted: str, named: bool) -> None:
    assert names_organ(organs, wanted) is named


TEXT = "依托社区食堂，到2025年底建成助餐点120个，80周岁以上老年人每餐补贴2元。县级财政给予支持。"


def test_clause_reaches_to_the_commas_around() -> None:
    at = TEXT.index("120")
    assert TEXT[slice(*clause(TEXT, at, at + 3))] == "到2025年底建成助餐点120个"


def test_whole_snaps_to_sentences() -> None:
    at = TEXT.index("到2025")
    end = TEXT.index("县级")
    assert TEXT[slice(*whole(TEXT, at - 5, end - 1))].endswith("每餐补贴2元。")


def test_lists_on_lines_and_in_running_text() -> None:
    lines = "加价收费标准如下：\n（一）不足百分之二十的，一倍；\n（二）超过的，二倍。"
    assert lines[slice(*enumeration(lines, 12, 18))].startswith("（一）")
    running = "不足有三个方面：一是投入不够；二是人才缺乏；三是机制不健全。下一步要改进。"
    found = running[slice(*enumeration(running, 8, 20))]
    assert found.startswith("一是")
    assert found.endswith("三是机制不健全。")
    assert enumeration("没有列举的一段话。", 0, 4) is None
