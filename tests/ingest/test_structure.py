"""Structure and passages: where each paragraph stands, and what may be quoted alone."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from ingest.chunk import make_passages
from ingest.clean import clean
from ingest.parse.document import ParsedDocument
from ingest.structure import outline
from tests.conftest import count_characters, squeezed
from vectorstore.models import Passage


def passages(text: str, kind: str = "txt", size: int = 320) -> list[Passage]:
    parsed = ParsedDocument(text, kind)
    return make_passages(outline(clean(parsed)), text, "d", count_characters, size, lambda _: None)


def path_of(found: list[Passage], words: str) -> tuple[str, ...]:
    return next(p.heading_path for p in found if words in p.text)


LONG = (
    "要进一步加强统筹协调，落实工作责任，完善保障措施，确保各项任务按期完成并取得实效，"
    "各县（市、区）和有关部门每半年报送一次进展情况，遇有重大问题要及时报告市政府。"
)

PLAN = f"""某某市教育质量提升实施方案
为提升教育质量，结合实际，制定本方案，请各单位结合职责抓好落实。
一、总体要求
指导思想：以高质量发展为主题，{LONG}
工作目标：到2027年，巩固率达到98%。{LONG}
二、重点任务
三大行动：
（一）实施强师行动。培训教师1200人。{LONG}
（二）实施强校行动。新建学校12所。{LONG}
两大工程：
（一）实施数字工程。建设平台3个。{LONG}
（二）实施安全工程。检查覆盖率100%。{LONG}
三、保障措施
（一）加强领导
任务：建立专班。{LONG}
措施：
1.定期调度。每月调度一次。{LONG}
2.强化督查。每季督查一次。{LONG}
分工：由市教育局牵头，有关单位配合。
（二）落实经费
{LONG}
责任单位：市财政局、市教育局。
附件1 任务清单
一、清单内容
{LONG}
抄送：市委办公室。
某某市人民政府办公室
2024年3月5日印发
"""


def test_heading_paths_name_every_level() -> None:
    found = passages(PLAN)
    assert path_of(found, "巩固率") == ("一、总体要求", "工作目标")
    assert path_of(found, "培训教师") == ("二、重点任务", "三大行动", "（一）实施强师行动")
    assert path_of(found, "每月调度") == ("三、保障措施", "（一）加强领导", "措施", "1.定期调度")


def test_a_numbering_that_restarts_stays_under_its_group() -> None:
    found = passages(PLAN)
    assert path_of(found, "建设平台") == ("二、重点任务", "两大工程", "（一）实施数字工程")


def test_the_division_of_work_belongs_to_its_task() -> None:
    found = passages(PLAN)
    assert path_of(found, "由市教育局牵头") == ("三、保障措施", "（一）加强领导", "分工")
    tail = next(p for p in found if "责任单位：市财政局" in p.text)
    assert LONG in tail.text
    assert tail.heading_path == ("三、保障措施", "（二）落实经费")


def test_tiny_siblings_share_a_passage_under_their_parent() -> None:
    text = "某某市管理方案\n一、任务\n（一）甲。抓好落实。\n（二）乙。抓好落实。\n"
    shared = next(p for p in passages(text) if "（一）甲" in p.text)
    assert "（二）乙" in shared.text
    assert shared.heading_path == ("一、任务",)


def test_annex_and_imprint_stand_apart() -> None:
    found = passages(PLAN)
    assert path_of(found, "附件1")[0] == "附件1 任务清单"
    assert next(p for p in found if "抄送" in p.text).kind == "imprint"


def test_law_articles_are_passages_with_their_items() -> None:
    text = """# 某某市供水条例

## 第一章 总  则

第一条 为了加强供水管理，制定本条例。

第二条 用水户有下列情形之一的，停止供水：

（一）拖欠水费的；

（二）私自接管的。

### 第一节 监督

第三条 主管部门负责监督。
"""
    found = passages(text, "md")
    second = next(p for p in found if "第二条" in p.text)
    assert second.heading_path == ("第一章 总则", "第二条")
    assert "（二）私自接管的。" in second.text
    assert path_of(found, "第三条") == ("第一章 总则", "第一节 监督", "第三条")


def test_a_number_below_the_title_heads_nothing() -> None:
    text = "某某县渡船管理办法\n某某政发〔2015〕3号\n第一条 渡船应当登记。\n第二条 渡船每年检验一次。\n"
    assert path_of(passages(text), "每年检验一次") == ("第二条",)


def test_unnumbered_first_clauses_are_heads() -> None:
    text = f"""某省科普工作实施方案
三、主要任务
（一）加强能力建设
夯实基层服务。健全体系，{LONG}
加强阵地建设。打造载体，{LONG}
壮大人才队伍。完善机制，{LONG}
"""
    assert path_of(passages(text), "打造载体") == (
        "三、主要任务",
        "（一）加强能力建设",
        "加强阵地建设",
    )


def test_a_numbered_line_with_a_stop_heads_the_paragraph_below_it() -> None:
    body = f"按照谁受益谁负担的办法落实资金，市财政每年安排专项资金，区县按比例配套。{LONG}{LONG}"
    text = f"""某某市便民服务措施
一、加强保障
1.加强经费保障。
{body}
2.加强宣传。在车站张贴公告，向来往乘客说明。{LONG}{LONG}
二、受理条件
有下列情形之一的，可以申请：
（一）本地户籍的。
（二）法律、法规规定的其他情形。
申请人应当如实填写表格，对材料的真实性负责，并按时领取办理结果。"""
    found = passages(text)
    assert path_of(found, "谁受益") == ("一、加强保障", "1.加强经费保障")
    assert not any("其他情形" in part for part in path_of(found, "如实填写"))  # an item's own line


def test_a_long_item_is_split_at_sentence_ends_under_its_heading() -> None:
    text = "某某市管理方案\n一、任务\n1.健全机制。" + LONG * 12 + "（市科技局牵头，市教育局配合）\n"
    parts = [
        p for p in passages(text, size=160) if p.heading_path and p.heading_path[-1] == "1.健全机制"
    ]
    assert len(parts) > 2
    assert all(part.text.endswith(("。", "）")) for part in parts)
    assert parts[-1].text.endswith("（市科技局牵头，市教育局配合）")


def test_a_flattened_table_is_rebuilt_into_rows() -> None:
    text = """某某市重点任务分工方案
一、任务
请各单位按照分工抓好落实，确保完成。
重点任务分工表
\t类别
\t任务内容
\t牵头部门
\t责 任 部 门

\t提升行动
\t1．实施强师行动
\t市教育局
\t市财政局、市人社局

\t
\t2．实施强校行动
\t市发展改革委
\t市教育局、市自然资源局
"""
    rows = [p for p in passages(text) if p.kind == "row"]
    assert len(rows) == 2
    assert [cell.header for cell in rows[1].cells] == ["类别", "任务内容", "牵头部门", "责任部门"]
    assert (
        rows[1].context
        == "类别：提升行动；任务内容：2．实施强校行动；牵头部门：市发展改革委；责任部门：市教育局、市自然资源局"
    )
    assert rows[1].heading_path == ("一、任务", "重点任务分工表")


def test_a_sentence_that_occurs_twice_has_two_places() -> None:
    text = f"某某市管理方案\n一、任务\n（一）甲任务\n{LONG}\n（二）乙任务\n{LONG}\n"
    both = [p for p in passages(text) if LONG in p.text]
    assert len(both) == 2
    assert both[0].start != both[1].start
    assert both[0].heading_path != both[1].heading_path


def check_invariants(text: str, kind: str, found: list[Passage]) -> None:
    parsed = ParsedDocument(text, kind)
    for passage in found:
        assert squeezed(text[passage.start : passage.end]) == squeezed(passage.text)
    body = squeezed("".join(line.text.text for line in clean(parsed).lines))
    assert squeezed("".join(p.text for p in found)) == body
    assert [p.ordinal for p in found] == list(range(len(found)))
    assert len({p.id for p in found}) == len(found)


def in_mid_sentence(text: str, passage: Passage) -> bool:
    """Whether a passage begins or ends where neither a line nor a sentence does."""
    before = text[: passage.start].rstrip(" \t\u00a0\u3000#")
    after = text[passage.end :].lstrip(" \t\u00a0\u3000")
    starts = not before or before[-1] in "\n\r。！？；;：:”’）)>" or before.endswith(("|", "*"))
    ends = not after or after[0] in "\n\r" or passage.text[-1] in "。！？；;：:”’）)"
    return not (starts and ends)


LINES = st.sampled_from(
    ["一、总体要求", "（一）加强领导", "1.健全机制。" + LONG, LONG, "第三条 为了加强管理，制定本办法。", "任务：" + LONG, "措施：", "",
     "附件1 清单", "（责任单位：市科技局、市教育局）", "工作目标", "——坚持创新。" + LONG, "\t单元格", "三大行动："]
)  # fmt: skip


@given(st.lists(LINES, min_size=1, max_size=30), st.integers(80, 400))
@hypothesis_settings(max_examples=80, deadline=None)
def test_passages_cover_the_text_and_keep_their_offsets(lines: list[str], size: int) -> None:
    text = "某某市工作方案\n" + "\n".join(lines)
    check_invariants(text, "txt", passages(text, size=size))


@pytest.mark.shared
def test_the_five_real_documents(seeds: dict[str, str]) -> None:
    for text in seeds.values():
        found = passages(text)
        check_invariants(text, "txt", found)
        assert [p.text for p in found if in_mid_sentence(text, p) and p.kind != "row"] == []


@pytest.mark.shared
def test_the_ten_rows_of_a_real_flattened_table(seeds: dict[str, str]) -> None:
    rows = [p for p in passages(seeds["003"]) if p.kind == "row"]
    assert len(rows) == 10
    third = next(p for p in rows if "实施科普基础设施工程" in p.text)
    assert "牵头部门：区科技局、区科协" in third.context
    assert "责任部门：区委宣传部" in third.context


@pytest.mark.shared
def test_two_hundred_random_laws(shared: Path, tmp_path: Path) -> None:
    import tarfile

    with tarfile.open(shared / "eval" / "laws.tar.xz") as archive:
        names = sorted(m.name for m in archive.getmembers() if m.name.endswith(".md"))
        wanted = set(random.Random(20).sample(names, 200))
        archive.extractall(
            tmp_path, [m for m in archive.getmembers() if m.name in wanted], filter="data"
        )
    broken = []
    for file in sorted(tmp_path.rglob("*.md")):
        text = file.read_text(encoding="utf-8")
        found = passages(text, "md")
        check_invariants(text, "md", found)
        broken += [p.text for p in found if in_mid_sentence(text, p)]
    assert broken == []


def test_each_question_of_a_catechism_stands_above_its_answer() -> None:
    text = (
        "青禾市停车收费问答\n\n**问1：哪些车辆可以免费停放？**\n\n答：执行任务的消防车免费停放。\n\n"
        "2.夜间停车怎么收费？\n答：每晚不超过8元。\n问：收费标准由谁公布？\n答：由市停车办公布。\n"
    )
    found = passages(text, "md")
    assert path_of(found, "消防车")[-1] == "问1：哪些车辆可以免费停放？"
    assert path_of(found, "8元")[-1] == "2.夜间停车怎么收费？"
    assert path_of(found, "停车办")[-1] == "问：收费标准由谁公布？"


def test_each_row_of_a_table_between_bars_is_a_passage_with_its_columns() -> None:
    text = (
        "# 青禾市补贴标准\n\n一、标准\n\n按下表发放：\n\n| 类别 | 对象 | 标准（元/月） |\n| --- | :--- | ---: |\n"
        "| 高龄津贴 | 80周岁以上老年人，本市户籍的 | 80 |\n| 护理补贴 | 失能老年人 | 350 |\n\n按月发放。\n"
    )
    found = passages(text, "md")
    rows = [p for p in found if p.cells]
    assert [[text[c.start : c.end].strip() for c in p.cells] for p in rows] == [
        ["高龄津贴", "80周岁以上老年人，本市户籍的", "80"],
        ["护理补贴", "失能老年人", "350"],
    ]
    assert {p.cells[2].header for p in rows} == {"标准（元/月）"}
    assert not any("---" in p.text for p in found)
