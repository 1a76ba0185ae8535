"""What each section may hold: by what its sentences are for, and by where a note belongs."""

import pytest

from assistant.cite.citation import Marks
from assistant.drafting.bearing import fits
from assistant.drafting.borrowing import schedule
from assistant.drafting.filling import with_note
from assistant.drafting.models import Draft, Purpose, Request, Section
from assistant.drafting.own_parts import parts_of, use_of
from vectorstore.models import Passage


def under(*headings: str) -> Passage:
    return Passage("p", "d", 0, 0, 1, "", heading_path=headings)


@pytest.mark.parametrize(
    ("purpose", "headings", "text", "may"),
    [
        ("targets", ("二、工作目标",), "到2025年建成助餐点120个。", True),
        ("targets", ("二、工作目标",), "坚持以人民为中心，完善服务。", False),
        ("targets", ("三、重点任务", "（一）发展助餐"), "每年培训护理员600人次。", True),
        ("targets", ("一、背景",), "目前已建成助餐点80个。", False),
        ("guidance", ("一、总体要求",), "坚持党的领导，统筹推进。", True),
        ("guidance", ("三、重点任务",), "建设社区食堂，发展助餐服务。", False),
        ("tasks", ("三、重点任务", "（一）发展助餐"), "建设社区食堂，发展助餐服务。", True),
        ("tasks", ("四、保障措施",), "各级财政安排专项经费，列入预算。", False),
        ("tasks", ("三、重点任务",), "重点开展以下工作：", False),
        ("tasks", (), "记者从会上了解到，全市助餐点持续增加。", False),
        ("safeguards", ("四、保障措施",), "成立领导小组，压实责任。", True),
        ("safeguards", ("三、重点任务",), "建设社区食堂，发展助餐服务。", False),
    ],
)  # fmt: skip
def test_what_may_stand_in_a_section(
    purpose: Purpose, headings: tuple[str, ...], text: str, may: bool
) -> None:
    assert fits(purpose, under(*headings), text) is may


@pytest.mark.parametrize(
    ("clause", "use"),
    [
        ("全年办活动146场", "done"),
        ("还有2个乡镇没去成", "problem"),
        ("拟申请资金600万元", "request"),
        ("联系人：办公室 王某", "contact"),
    ],
)
def test_where_a_note_belongs(clause: str, use: str) -> None:
    assert use_of(clause) == use


def draft(request: Request) -> Draft:
    return Draft("x", "甲", request, (Section("s1", "一、进度安排", purpose="schedule"),))


def test_what_was_done_and_what_was_not_part_ways() -> None:
    noted = with_note(draft(Request("写", "工作总结", "总结", "科普")), "去了7个乡镇，还有2个没去成；培训85人。")  # fmt: skip
    said = {use: [n.text[a:b] for n, a, b in parts_of(noted, use)] for use in ("done", "problem")}  # type: ignore[arg-type]
    assert said == {"done": ["去了7个乡镇", "培训85人。"], "problem": ["还有2个没去成；"]}


def test_stages_lie_in_the_plans_own_years() -> None:
    plan = draft(Request("写", "实施方案", "方案", "科普", period=(2026, 2030)))
    body = schedule(plan, plan.sections[0], None, Marks())  # type: ignore[arg-type]
    text = "".join(sentence.text for line in body for sentence in line.sentences)  # type: ignore[union-attr]
    assert all(year in text for year in ("（2026年）", "（2027—2029年）", "（2030年）"))
