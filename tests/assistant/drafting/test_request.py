"""Requests on subjects that no committed request has."""

import pytest

from assistant.drafting.division import own_names
from assistant.drafting.request import understand_request
from assistant.understand.corpus import Corpus

EMPTY = Corpus(())


@pytest.mark.parametrize(
    ("text", "kind", "title", "topic"),
    [
        (
            "起草《某县养老护理员培训方案》，800字左右",
            "培训方案",
            "某县养老护理员培训方案",
            "养老护理员",
        ),
        (
            "起草《某县乡村工匠评选和管理办法》",
            "管理办法",
            "某县乡村工匠评选和管理办法",
            "乡村工匠",
        ),
        ("起草《科技奖励办法》", "管理办法", "科技奖励办法", "科技奖励"),
        (
            "起草《关于转发〈节约用水条例〉的通知》",
            "通知",
            "关于转发〈节约用水条例〉的通知",
            None,
        ),
        (
            "起草《某市关于落实《节约用水条例》的实施方案》",
            "实施方案",
            "某市关于落实《节约用水条例》的实施方案",
            None,
        ),
    ],
)
def test_what_is_to_be_written(text: str, kind: str, title: str, topic: str | None) -> None:
    request = understand_request(text, EMPTY, ())
    assert (request.kind, request.title) == (kind, title)
    assert topic is None or request.topic == topic


def test_a_second_name_in_brackets_belongs_to_the_other_place() -> None:
    """Whose it is: 作协 is one of them, not an exception."""
    assert own_names("市文联（作协）、市教育局（市语委办）", "县") == "[县文联]、[县教育局]"


@pytest.mark.parametrize(
    ("text", "kind", "title"),
    [
        ("给各乡镇发个通知，要求做好困境儿童关爱工作", "通知", "关于做好困境儿童关爱工作的通知"),
        ("帮我起草一个关于开展消防演练的通知，发给各乡镇和县直部门", "通知", "关于开展消防演练的通知"),
        ("以我县残联名义给县政府写一份请示，申请建设康复中心", "请示", "关于建设康复中心的请示"),
        ("给市气象局写个函，商请派员来我县授课", "函", "关于商请派员来我县授课的函"),
        ("写一份关于加强村医培训的意见", "意见", "关于加强村医培训的意见"),
        ("制定我县电商发展行动计划（2026—2028年）", "行动计划", "××县电商发展行动计划（2026—2028年）"),
        ("局长要在全县防汛工作会议上讲话，拟一个讲话提纲", "讲话提纲", "在全县防汛工作会议上的讲话提纲"),
        ("答复人大代表关于加强村道养护的建议", "答复", "关于加强村道养护建议的答复"),
        ("以县人社局名义向县政府写一份报告，汇报稳就业工作情况", "报告", "关于稳就业工作情况的报告"),
        ("写一篇关于住房公积金提取的政策解读", "政策解读", "住房公积金提取政策解读"),
        ("做一张秸秆禁烧任务分工表", "分工表", "秸秆禁烧重点任务分工表"),
    ],
)  # fmt: skip
def test_kind_and_title_of_everyday_requests(text: str, kind: str, title: str) -> None:
    request = understand_request(text, EMPTY, ())
    assert (request.kind, request.title) == (kind, title)


def test_who_writes_to_whom_and_when() -> None:
    request = understand_request(
        "起草《某县助餐实施方案（2026—2030年）》，以县政府办名义发，发给各乡镇和县直部门，抄送县人大办公室",
        EMPTY, (),
    )  # fmt: skip
    assert (request.issuer, request.addressees) == ("县政府办", ("各乡镇", "县直部门"))
    assert (request.copies, request.period, request.level) == (
        ("县人大办公室",),
        (2026, 2030),
        "县",
    )


def test_other_names_and_what_is_not_wanted() -> None:
    request = understand_request(
        "给我区做一张助餐任务分工表。我区叫临溪区，教委叫区教育局，没有民族宗教委，对应的职能在区委统战部。",
        EMPTY, (),
    )  # fmt: skip
    assert request.unit == "临溪区"
    assert set(request.renames) == {("教委", "区教育局"), ("民族宗教委", "区委统战部")}
    request = understand_request("写一个保供通知，但疫情那一套话不要了", EMPTY, ())
    assert request.excludes == ("疫情",)
