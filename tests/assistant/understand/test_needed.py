"""What a text must hold to answer: a number to ring, an amount, so many days, whose name."""

import pytest

from assistant.understand.demands import Demand
from assistant.understand.kinds import Kind
from assistant.understand.needed import needed_by
from assistant.understand.question import Question


def question(text: str, *demands: Demand) -> Question:
    return Question(text, text, Kind.FACT, text, demands=frozenset(demands))


@pytest.mark.parametrize(
    ("asked", "holds", "lacks"),
    [
        ("每座凉亭补多少元", "每座补助3000元。", "对凉亭给予补助。"),
        ("多久之内要交还", "应当在1个月内交还。", "应当及时交还。"),
        ("几天内办结", "自受理之日起5个工作日内办结。", "5月3日前办结。"),
        ("起草人是谁", "本标准起草人为某某。", "本标准由某某提出。"),
        ("每头补贴多少", "每头补贴80元。", "共补贴80元。"),
        ("路长多久巡一次", "路长每季度巡路不少于1次。", "本办法自2023年10月1日起施行。"),
        ("多久要来清一回", "间隔时间不得超过二十四小时。", "自2023年10月1日起施行。"),
        ("新增资金的分担比例是多少", "由市、县按4∶6的比例分担。", "由市、县按比例分担。"),
        ("多大可以上路骑车", "应当年满十六周岁。", "应当遵守第十六条。"),
        ("许可证有效期几年", "许可证有效期五年。", "五年内不得申请许可。"),
        ("几个月检查一次", "每半年检查一次。", "应当及时检查。"),
    ],
)
def test_a_text_without_it_cannot_answer(asked: str, holds: str, lacks: str) -> None:
    needed = needed_by(question(asked))
    assert needed.stands_in(holds, is_row=False)
    assert not needed.stands_in(lacks, is_row=False)


def test_a_telephone_number_is_needed_where_one_is_asked_for() -> None:
    text = "发现险情要几分钟内打电话上报"
    told = "应当在20分钟内用电话报告。"
    assert needed_by(question(text)).stands_in(told, is_row=False)
    assert not needed_by(question("咨询电话", Demand.CONTACT)).stands_in(told, is_row=False)
    assert needed_by(question("咨询电话", Demand.CONTACT)).stands_in("0999-1234567", is_row=False)


@pytest.mark.parametrize("text", ["能不能延长期限", "怎么申请"])
def test_nothing_is_needed_where_no_quantity_is_asked(text: str) -> None:
    assert needed_by(question(text)).stands_in("经批准可以增设。", is_row=False)


def test_a_row_has_its_units_above() -> None:
    needed = needed_by(question("每头补贴多少元"))
    assert needed.stands_in("能繁母猪｜80", is_row=True)
    assert not needed.stands_in("能繁母猪｜按标准", is_row=True)
