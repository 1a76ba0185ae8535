"""Pairs that somebody should decide; all documents are invented."""

import dataclasses
import time
from datetime import date
from typing import Any

import pytest

from vectorstore.decisions import Decision
from vectorstore.facts import Relation
from vectorstore.language.editions import edition_core
from vectorstore.models import DocumentSummary, Metadata
from vectorstore.proposals import Proposal, proposals
from vectorstore.validity import Validity

LAKE = {"issuer": "砚湖市人民政府", "region": ("云岭省", "砚湖市")}


def document(name: str, title: str, year: int = 0, **more: Any) -> DocumentSummary:
    fields = {**LAKE, "date_written": date(year, 3, 1) if year else None} | more
    return DocumentSummary(name, name, (), "txt", Metadata(title, **fields), 1, "")


OLD = document("old", "砚湖市渡船管理办法（试行）", 2015)
NEW = document("new", "砚湖市人民政府关于印发《砚湖市渡船管理办法》的通知", 2021)
DECIDED = Decision("old", "new", "无关", "管的事不同", "甲", date(2026, 1, 1))


def found(
    *documents: DocumentSummary,
    relations: tuple[Relation, ...] = (),
    decisions: tuple[Decision, ...] = (),
) -> tuple[Proposal, ...]:
    validity = Validity(documents, (), relations, decisions)
    day = date(2026, 6, 1)
    stated = [dataclasses.replace(d, state=validity.in_force(d.id, day).name) for d in documents]
    return proposals(stated, validity, decisions)


def pairs(*documents: DocumentSummary, **more: Any) -> list[tuple[str, str]]:
    return [(p.older, p.newer) for p in found(*documents, **more)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("砚湖市渡船管理办法（2020年修订）", "砚湖市渡船管理暂行办法"),
        ("砚湖市渡口目录（2019年本）", "《砚湖市渡口目录（2024年版）》"),
        ("砚湖市教育局关于做好2025年度招生工作的通知", "关于做好2026年招生工作的通知"),
    ],
)
def test_editions_have_one_core(one: str, other: str) -> None:
    assert edition_core(one) == edition_core(other) != ""


@pytest.mark.parametrize(
    "title", ["砚湖市渡船管理办法（征求意见稿）", "《渡船管理办法》政策解读", "通知"]
)
def test_what_is_no_edition_has_none(title: str) -> None:
    assert edition_core(title) == ""
    assert edition_core("第一批渡口名单") != edition_core("第二批渡口名单")


def test_a_later_document_of_a_like_title_is_proposed_and_concludes_nothing() -> None:
    assert found(OLD, NEW) == (Proposal("old", "new", "替代", ("机关", "地区")),)
    assert Validity([OLD, NEW], (), ()).in_force("old", date(2026, 1, 1)).name == "未标注"


@pytest.mark.parametrize(
    "newer",
    [
        document("new", "砚湖市渡船管理办法", 2015),  # of the same day
        document("new", "砚湖市渡船管理办法"),  # of no day
        document("new", "砚湖市渡口管理办法", 2021),
        document("new", "砚湖市渡船管理办法", 2021, issuer="松湖市人民政府", region=("云岭省", "松湖市")),
    ],
)  # fmt: skip
def test_what_does_not_follow_is_not_proposed(newer: DocumentSummary) -> None:
    assert pairs(OLD, newer) == []


def test_plans_of_other_years_and_notices_of_other_organs_stand_beside_each_other() -> None:
    plans = [document(f"p{y}", f"砚湖市{y}年度工作要点", y) for y in (2024, 2025)]
    notices = [
        document(i, "关于做好防汛工作的通知", y, issuer=i)
        for i, y in (("甲局", 2024), ("乙局", 2025))
    ]
    assert pairs(*plans) == pairs(*notices) == []
    same = dataclasses.replace(
        notices[1], metadata=dataclasses.replace(notices[1].metadata, issuer="甲局")
    )
    assert pairs(notices[0], same) == [("甲局", "乙局")]


def test_of_three_editions_neighbours_are_proposed_and_copies_are_one() -> None:
    third = document("third", "砚湖市渡船管理办法", 2024, document_number="砚湖政发〔2024〕3号")
    copy = document(
        "copy", "砚湖市渡船管理办法", 2024, document_number="砚湖政发〔2024〕3号", publisher="某网"
    )
    assert sorted(pairs(OLD, NEW, copy, third)) == [("new", "third"), ("old", "new")]


def test_what_is_settled_is_not_proposed() -> None:
    stated = Relation("替代", "new", 0, 5, "同时废止", "砚湖市渡船管理办法（试行）")
    assert pairs(OLD, NEW, relations=(stated,)) == []
    over = dataclasses.replace(OLD, metadata=dataclasses.replace(OLD.metadata, status="失效"))
    assert pairs(over, NEW) == []


@pytest.mark.parametrize("verdict", ["替代", "修订", "废止", "无关"])
def test_what_somebody_decided_is_not_proposed_again(verdict: Any) -> None:
    decision = dataclasses.replace(DECIDED, verdict=verdict)
    assert pairs(OLD, NEW, decisions=(decision,)) == []
    turned = dataclasses.replace(decision, older="new", newer="old")
    assert pairs(OLD, NEW, decisions=(turned,)) == []


def test_a_name_that_means_several_is_proposed_with_its_words() -> None:
    title = "砚湖市渡船管理办法"
    first = document("first", title, 2012, document_number="砚湖政发〔2012〕1号")
    second = document("second", title, 2016, document_number="砚湖政发〔2016〕2号")
    by = document("by", "砚湖市水上交通条例", 2022)
    said = Relation("废止", "by", 3, 9, "原《砚湖市渡船管理办法》同时废止", title)
    named = [p for p in found(first, second, by, relations=(said,)) if p.relation]
    assert [(p.older, p.newer, p.likely) for p in named] == [
        ("first", "by", "废止"), ("second", "by", "废止"),
    ]  # fmt: skip
    other = dataclasses.replace(said, number="砚湖政发〔2009〕7号")
    assert [p for p in found(first, second, by, relations=(other,)) if p.relation] == []


def test_many_documents_take_little_time() -> None:
    many = [
        document(f"d{n}", f"砚湖市第{n // 4}区渡船管理办法（{2000 + n % 4}年修订）", 2000 + n % 4)
        for n in range(4000)
    ]
    alike = [document(f"e{n}", "砚湖市渡船管理办法", 1990 + n % 30) for n in range(3000)]
    validity = Validity([*many, *alike], (), ())
    began = time.process_time()
    assert len(proposals([*many, *alike], validity, ())) > 3000
    assert (
        time.process_time() - began < 60
    )  # 0.4 s on an idle core; pair by pair it is many minutes
