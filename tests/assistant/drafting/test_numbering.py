"""Moving parts: headings count on, and own words that name a part follow it."""

from dataclasses import replace

import pytest

from assistant.cite.markdown import parse
from assistant.drafting.models import Draft, Request, Section
from assistant.drafting.numbering import chinese, moved_before, renumbered_sections, stepped

PARTS = (
    Section("o", "", body=parse("见第二部分。")),
    Section("a", "一、总体要求", body=parse("任务见第二部分，保障见第三部分。“第二部分”不变。\n《某办法》第二部分[1]。")),
    Section("b", "二、重点任务"),
    Section("b1", "（一）培训", 2),
    Section("b2", "（二）基地", 2),
    Section("c", "三、保障措施"),
)  # fmt: skip
DRAFT = Draft("d", "甲", Request("", "实施方案", "方案", "题"), PARTS)


def test_a_part_moves_with_what_is_below_it() -> None:
    assert stepped(PARTS, "b", 1) == ["o", "a", "c", "b", "b1", "b2"]
    assert stepped(PARTS, "c", -1) == ["o", "a", "c", "b", "b1", "b2"]
    assert stepped(PARTS, "b2", -1) == ["o", "a", "b", "b2", "b1", "c"]
    assert stepped(PARTS, "o", -1) == stepped(PARTS, "c", 1) == [s.id for s in PARTS]
    assert moved_before(PARTS, "b", "a") == ["o", "b", "b1", "b2", "a", "c"]
    assert moved_before(PARTS, "b", "b1") == [s.id for s in PARTS]
    assert moved_before(PARTS, "a", "") == ["o", "b", "b1", "b2", "c", "a"]


def test_headings_count_on_and_references_follow() -> None:
    moved = renumbered_sections(DRAFT, ["o", "c", "a", "b", "b2", "b1"])
    assert [s.heading for s in moved.sections] == [
        "", "一、保障措施", "二、总体要求", "三、重点任务", "（一）基地", "（二）培训",
    ]  # fmt: skip
    assert moved.section("o").text == "见第三部分。"
    # Quotations and what a source says stay as they are.
    said = "任务见第三部分，保障见第一部分。“第二部分”不变。\n《某办法》第二部分[1]。"
    assert moved.section("a").text == said
    back = renumbered_sections(moved, [s.id for s in PARTS])
    assert [(s.heading, s.text) for s in back.sections] == [(s.heading, s.text) for s in PARTS]


def test_what_is_left_counts_on() -> None:
    left = renumbered_sections(DRAFT, ["o", "b", "b2", "c"])
    assert [s.heading for s in left.sections] == ["", "一、重点任务", "（一）基地", "二、保障措施"]


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        (("第二条 【适用】", "第一条 【目的】"), ["第一条 【适用】", "第二条 【目的】"]),
        (("第二章 附则", "第三条 甲", "第一章 总则", "第一条 乙"),
         ["第一章 附则", "第一条 甲", "第二章 总则", "第二条 乙"]),
        (("2.乙", "没有编号", "1.甲"), ["1.乙", "没有编号", "2.甲"]),
    ],
)  # fmt: skip
def test_every_form_of_a_number(headings: tuple[str, ...], expected: list[str]) -> None:
    sections = tuple(Section(f"s{i}", h) for i, h in enumerate(headings))
    draft = renumbered_sections(replace(DRAFT, sections=sections), [s.id for s in sections])
    assert [s.heading for s in draft.sections] == expected


def test_numbers_as_headings_write_them() -> None:
    assert [chinese(n) for n in (1, 9, 10, 11, 20, 21)] == [
        "一",
        "九",
        "十",
        "十一",
        "二十",
        "二十一",
    ]
