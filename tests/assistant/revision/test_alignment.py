"""What became of each clause, on documents about an invented city."""

import itertools
import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.revision.alignment import KINDS, Comparison, Row
from tests.assistant.revision.documents import NEW, OLD, compared
from vectorstore.language.text import squeeze


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return compared(OLD, NEW)


def row_of(comparison: Comparison, number: str) -> Row:
    """The row in which a clause of the new document stands."""
    return next(r for r in comparison.rows if r.new and number in (r.new.number, *r.new.more))


@pytest.mark.parametrize(
    ("number", "kind", "note"),
    [
        ("第一条", "changed", "增加“保障防洪安全，”"),
        ("第二条", "same", "未变"),
        ("第三条", "added", "新增第三条"),
        ("第四条", "changed", "条号由第三条改为第四条；“2000元”改为“5000元”；“1万元”改为“3万元”"),
        ("第六条", "split", "第四条拆分为第五条、第六条，文字未变"),
        ("第七条", "same", "内容未变，条号由第六条改为第七条"),
        ("第八条", "moved_changed", "位置移动；条号由第五条改为第八条；所引条号随之调整：“第四条”改为“第五条”"),
        ("第九条", "changed", "条号由第八条改为第九条；“2021年5月1日”改为“2026年1月1日”"),
    ],
)  # fmt: skip
def test_each_clause_is_told_for_what_became_of_it(
    comparison: Comparison, number: str, kind: str, note: str
) -> None:
    row = row_of(comparison, number)
    assert (row.kind, row.note) == (kind, note)


def test_what_was_deleted_stands_where_it_stood(comparison: Comparison) -> None:
    at = next(n for n, row in enumerate(comparison.rows) if row.kind == "deleted")
    assert comparison.rows[at].note == "删去第七条"
    before = comparison.rows[at - 1].old
    assert before
    assert before.number == "第六条"


def test_a_new_number_alone_is_no_change_of_text(comparison: Comparison) -> None:
    row = row_of(comparison, "第七条")
    assert row.is_renumbered
    assert row.is_change
    assert not any(part.mark for part in (*row.old_parts, *row.new_parts))
    assert comparison.renumbered == 1


def test_counts_hold_every_kind(comparison: Comparison) -> None:
    assert set(comparison.counts) == set(KINDS)
    assert sum(comparison.counts.values()) == len(comparison.rows)
    assert (comparison.counts["split"], comparison.counts["moved"]) == (1, 0)


def test_figures_that_changed_are_listed_apart(comparison: Comparison) -> None:
    listed = [(f.old, f.new, comparison.rows[f.row].note[:3]) for f in comparison.figures]
    assert [(old, new) for old, new, _ in listed] == [
        ("2000元", "5000元"),
        ("1万元", "3万元"),
        ("2021年5月1日", "2026年1月1日"),
        ("2021年4月1日", "2025年12月1日"),
    ]


def test_merging_is_splitting_the_other_way_round() -> None:
    row = next(r for r in compared(NEW, OLD).rows if r.kind == "merged")
    assert row.old
    assert row.note == "第五条、第六条合并为第四条，文字未变"
    assert row.old.text == (
        "河长每月巡河一次，巡河记录应当保存三年。\n第六条　发现问题的，应当在五日内移交水务局处理。"
    )


def test_a_clause_that_moved_is_told_from_one_that_changed() -> None:
    articles = [f"第{n}条 {t}" for n, t in zip("一二三四", MOVING, strict=True)]
    moved = [MOVING[1], MOVING[2], MOVING[3], MOVING[0]]
    rows = compared(
        "\n".join(articles),
        "\n".join(f"第{n}条 {t}" for n, t in zip("一二三四", moved, strict=True)),
    ).rows
    assert [row.kind for row in rows] == ["same", "same", "same", "moved"]
    assert rows[-1].note == "内容未变，位置移动，条号由第一条改为第四条"


MOVING = (
    "水务局负责水库的调度和检修。",
    "农村供水工程由镇人民政府管护。",
    "用水计划每年十一月公布。",
    "违反规定取水的，责令改正。",
)


def test_items_are_compared_where_there_are_no_articles() -> None:
    old = "一、总体目标\n到2025年建成水厂3座。\n二、主要任务\n（一）改造管网\n更换旧管20公里。\n（二）宣传节水\n每季度宣传一次。\n"
    new = "一、总体目标\n到2027年建成水厂5座。\n二、主要任务\n（一）宣传节水\n每季度宣传一次。\n（二）改造管网\n更换旧管20公里。\n"
    comparison = compared(old, new)
    notes = {row.new.text.split("\n")[0]: row for row in comparison.rows if row.new}
    assert notes["总体目标"].kind == "changed"
    assert {notes["宣传节水"].kind, notes["改造管网"].kind} == {"same", "moved"}
    assert "序号由（二）改为（一）" in notes["宣传节水"].note
    assert [(f.old, f.new) for f in comparison.figures] == [("2025年", "2027年"), ("3座", "5座")]


def test_a_heading_of_its_own_tells_which_item_it_is() -> None:
    old = "（一）农业节水。推广滴灌喷灌，新增高效灌溉面积。\n（二）城镇节水。更换老旧管网，建立台账。\n"
    new = "（一）城镇节水。公共机构全部换装龙头。\n（二）工业节水。企业按年度测试平衡。\n"
    rows = compared(old, new).rows
    assert [(row.kind, row.note[:9]) for row in rows if row.kind != "changed"] == [
        ("deleted", "删去“（一）农业节"),
        ("added", "新增“（二）工业节"),
    ]
    changed = next(row for row in rows if row.kind == "changed")
    assert changed.note.startswith("序号由（二）改为（一）")


def test_paragraphs_are_compared_where_nothing_is_numbered() -> None:
    comparison = compared("今年雨水偏多。\n水库蓄满了。\n", "今年雨水偏多。\n水库已经蓄满了。\n")
    assert [row.kind for row in comparison.rows] == ["same", "changed"]


def test_white_space_and_width_are_no_change() -> None:
    old = "第一条 河长（含副河长）每月 巡河。\n第二条 2021—2025年照“旧”办理。"
    new = '第一条　河长(含副河长)每月巡河。\n第二条　2021-2025年照"旧"办理。'
    assert [row.kind for row in compared(old, new).rows] == ["same", "same"]


line = st.sampled_from(["第一条 甲乙丙丁戊己庚辛。", "第二条 处2元罚款。", "第二条 处3元罚款。", "一、总则",
                        "（一）水", "合计", "", "附件1：清单", "某市人民政府", "。；"])  # fmt: skip
text = st.lists(line | st.text(max_size=30), max_size=12).map("\n".join)


@given(text, text)
def test_every_clause_stands_in_one_row_and_every_character_in_a_part(old: str, new: str) -> None:
    comparison = compared(old, new)
    for side, source in (("old", comparison.old), ("new", comparison.new)):
        clauses = [getattr(row, side) for row in comparison.rows if getattr(row, side)]
        spans = sorted((clause.start, clause.end) for clause in clauses)
        assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))
        held = "".join(squeeze(source.text[a:b]) for a, b in spans)
        assert held == squeeze(source.text)
        for row in comparison.rows:
            if clause := getattr(row, side):
                parts = getattr(row, f"{side}_parts")
                assert "".join(part.text for part in parts) == clause.text


@given(text)
def test_a_document_does_not_differ_from_itself(same: str) -> None:
    assert not any(row.is_change for row in compared(same, same).rows)


WORDS = [
    "河道",
    "水务局",
    "应当",
    "处罚",
    "采砂",
    "许可",
    "巡河",
    "记录",
    "保存",
    "移交",
    "通报",
    "部门",
    "检查",
    "公开",
    "排污",
    "防洪",
]


def many_articles(rng: random.Random) -> tuple[str, str]:
    texts = ["，".join("".join(rng.choices(WORDS, k=4)) for _ in range(12)) for _ in range(300)]
    changed = [f"{text[:20]}另有规定{text[24:]}" for text in texts]
    numbers = [f"第{'一' * (n // 100 + 1)}百{'一二三四五六七八九十'[n % 10]}条" for n in range(300)]
    return tuple(
        "\n".join(f"{n} {t}。" for n, t in zip(numbers, side, strict=True))
        for side in (texts, changed)
    )  # type: ignore[return-value]


HOSTILE = {
    "equal lines": ("同一行\n" * 20_000, "同一行\n" * 19_990 + "另一行\n" * 7),
    "like lines": ("".join(f"同一行{n}\n" for n in range(10_000)),
                   "".join(f"同一行{n * 7 % 20_011}号\n" for n in range(10_000))),
    "one character": ("字" * 10**6, "字" * 999_990 + "符" * 20),
    "no order": ("甲乙" * 500_000, "乙甲丙" * 330_000),
    "sentences": ("水库满了。" * 200_000, "水库空了。" * 200_000),
    "dates": ("一、" + "2024年5月1日，" * 80_000, "一、" + "2025年5月1日，" * 80_000),
    "brackets": ("（《“" * 300_000, "（《" * 400_000),
}  # fmt: skip


# Each text takes about a second where work grows with its length, and many minutes where it grows
# with the square.
BOUND = 60


def seconds(old: str, new: str) -> float:
    began = time.process_time()
    compared(old, new)
    return time.process_time() - began


def test_three_hundred_articles_are_quick() -> None:
    """Each is held against those that it may be, not against all."""
    old, new = many_articles(random.Random(1))
    assert seconds(old, new) < BOUND


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_takes_no_longer_than_its_length(name: str) -> None:
    assert seconds(*HOSTILE[name]) < BOUND
