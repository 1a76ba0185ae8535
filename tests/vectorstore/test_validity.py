"""Which documents are in force on a day; all documents are invented."""

import dataclasses
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from vectorstore.decisions import Decision
from vectorstore.facts import Fact, Relation, RelationType
from vectorstore.models import DocumentSummary, Metadata, Span
from vectorstore.validity import Validity

FERRIES = "砚湖市渡船管理办法"


def document(name: str, title: str = "", number: str | None = None, **more: Any) -> DocumentSummary:
    metadata = Metadata(title or f"砚湖市{name}办法", document_number=number, **more)
    return DocumentSummary(name, name, (), "txt", metadata, 1, "")


def clause(name: str, since: date | None = None, **more: Any) -> Fact:
    return Fact("validity", name, 10, 20, f"{name}的施行条款", since=since, **more)


def act(kind: RelationType, by: str, **more: Any) -> Relation:
    return Relation(kind, by, 30, 40, f"{by}：{kind}", **more)


OLD = document("old", FERRIES, "砚湖政发〔2010〕1号", date_written=date(2010, 1, 5))
NEW = document("new", FERRIES, "砚湖政发〔2020〕2号", date_written=date(2020, 1, 5))
STARTS = (clause("old", date(2010, 3, 1)), clause("new", date(2020, 3, 1)))
BOTH = (OLD, NEW)


def state(validity: Validity, name: str, *day: int) -> tuple[str, list[str]]:
    found = validity.in_force(name, date(*day))
    return found.name, [proof.document_id for proof in found.proofs]


def test_a_document_starts_on_its_day() -> None:
    validity = Validity([OLD], STARTS[:1], [])
    assert state(validity, "old", 2010, 2, 28) == ("未生效", ["old"])
    assert state(validity, "old", 2010, 3, 1) == ("现行有效", ["old"])


def test_before_it_is_issued_nothing_is_in_force() -> None:
    issued = document("new", date_written=date(2020, 1, 5), fields={"date_written": Span(3, 12)})
    found = Validity([issued], [clause("new", date(2019, 1, 1))], []).in_force(
        "new", date(2019, 6, 1)
    )
    assert found.name == "未生效"
    assert [(p.start, p.end, p.quote) for p in found.proofs] == [(3, 12, "2020年1月5日")]


@pytest.mark.parametrize(
    ("fact", "last"),
    [
        (clause("old", date(2010, 3, 1), value=5.0), date(2015, 2, 28)),
        (clause("old", date(2010, 3, 1), value=0.5), date(2010, 8, 31)),
        (clause("old", date(2010, 3, 1), until=date(2012, 12, 31)), date(2012, 12, 31)),
    ],
)
def test_a_life_that_is_stated_ends(fact: Fact, last: date) -> None:
    validity = Validity([OLD], [fact], [])
    after = date.fromordinal(last.toordinal() + 1)
    assert validity.in_force("old", last).name == "现行有效"
    assert validity.in_force("old", after).name == "已届满"
    assert validity.ending(last, last) == ("old",)
    assert validity.ending(after, date(2030, 1, 1)) == ()


def test_a_repeal_holds_from_its_day() -> None:
    repeal = act("废止", "new", number="砚湖政发〔2010〕1号", effective=date(2020, 3, 1))
    validity = Validity(BOTH, STARTS, [repeal])
    assert state(validity, "old", 2020, 2, 1) == ("现行有效", ["old", "new"])  # it is announced
    assert state(validity, "old", 2020, 3, 1) == ("已废止", ["new"])
    assert [a.document_id for a in validity.acts_on("old")] == ["new"]
    assert validity.rests_on("new")[0].document_ids == ("old",)


def test_an_act_without_a_day_holds_from_the_start_of_its_document() -> None:
    validity = Validity(BOTH, STARTS, [act("废止", "new", number="砚湖政发〔2010〕1号")])
    assert state(validity, "old", 2020, 2, 1)[0] == "现行有效"
    assert state(validity, "old", 2020, 3, 1)[0] == "已废止"


PRECEDENCE: list[tuple[Sequence[RelationType], str]] = [
    ((), "现行有效"),
    (("修订",), "已修订"),
    (("清理_修改",), "已修订"),
    (("修订", "部分废止"), "部分失效"),
    (("修订", "部分废止", "清理_失效"), "已届满"),
    (("修订", "部分废止", "清理_失效", "替代"), "已废止"),
    (("清理_继续有效",), "现行有效"),
    (("更正", "依据", "转发"), "现行有效"),
]


@pytest.mark.parametrize(("kinds", "wanted"), PRECEDENCE)
def test_the_gravest_act_decides(kinds: Sequence[RelationType], wanted: str) -> None:
    acts = [act(kind, "new", number="砚湖政发〔2010〕1号") for kind in kinds]
    assert state(Validity(BOTH, STARTS, acts), "old", 2025, 1, 1)[0] == wanted


def test_a_life_is_prolonged() -> None:
    facts = [clause("old", date(2010, 3, 1), value=5.0), STARTS[1]]
    more = act("延长有效期", "new", number="砚湖政发〔2010〕1号", until=date(2022, 2, 28))
    validity = Validity(BOTH, facts, [more])
    assert state(validity, "old", 2016, 1, 1)[0] == "已届满"  # not prolonged yet
    assert state(validity, "old", 2021, 1, 1) == ("现行有效", ["new", "old"])
    assert state(validity, "old", 2022, 3, 1) == ("已届满", ["new"])
    assert state(validity, "new", 2022, 3, 1) == ("已届满", ["new"])  # it did nothing else


def test_a_cleanup_that_keeps_a_document_counts_its_life_anew() -> None:
    facts = [clause("old", date(2010, 3, 1), value=5.0), STARTS[1]]
    kept = act("清理_继续有效", "new", number="砚湖政发〔2010〕1号", until=date(2025, 2, 28))
    validity = Validity(BOTH, facts, [kept])
    assert validity.ends_on("old", date(2021, 1, 1)) == date(2025, 2, 28)
    assert state(validity, "old", 2025, 3, 1)[0] == "已届满"


def test_a_life_shared_with_another_document() -> None:
    facts = [
        clause("old", date(2010, 3, 1), value=5.0),
        clause("fine", date(2011, 1, 1), text=FERRIES),
    ]
    fine = document("fine", "砚湖市渡船管理细则", date_written=date(2011, 1, 1))
    validity = Validity([OLD, fine], facts, [])
    assert state(validity, "fine", 2014, 1, 1)[0] == "现行有效"
    assert state(validity, "fine", 2016, 1, 1) == ("已届满", ["fine", "old"])


def test_a_plan_is_over_after_its_period() -> None:
    plan = document("plan", "砚湖市渡运规划（2016—2020年）", period="2016—2020", period_end=2020)
    validity = Validity([plan], [], [])
    assert state(validity, "plan", 2020, 12, 31)[0] == "现行有效"
    found = validity.in_force("plan", date(2021, 1, 1))
    assert found.name == "已届满"
    assert found.proofs[0].quote == "砚湖市渡运规划（2016—2020年）"


def test_nothing_stated_is_not_concluded() -> None:
    """Neither from a newer document with the same title, nor from the years that went by."""
    silent = document("old", FERRIES, "砚湖政发〔2010〕1号", date_written=date(2010, 1, 5))
    assert state(Validity([silent, NEW], STARTS[1:], []), "old", 2026, 1, 1) == ("未标注", [])


def test_a_start_that_is_stated_without_a_day() -> None:
    bare = document("old", FERRIES)
    assert state(Validity([bare], [clause("old")], []), "old", 2026, 1, 1) == ("现行有效", ["old"])
    trial = clause("old", value=0.5)  # half a year from a day that nobody knows
    assert state(Validity([bare], [trial], []), "old", 2026, 1, 1) == ("未标注", [])


def test_a_page_says_what_the_text_does_not() -> None:
    noted = document("old", status="现行有效", fields={"status": Span(1, 5)})
    assert state(Validity([noted], [], []), "old", 2026, 1, 1) == ("现行有效", ["old"])
    gone = document("old", status="已废止", fields={"status": Span(1, 5)})
    assert state(Validity([gone], STARTS[:1], []), "old", 2026, 1, 1)[0] == "已废止"
    repeal = act("废止", "new", number="砚湖政发〔2010〕1号")
    kept = document("old", FERRIES, "砚湖政发〔2010〕1号", status="现行有效")
    assert state(Validity([kept, NEW], STARTS, [repeal]), "old", 2026, 1, 1)[0] == "已废止"


def test_an_order_that_only_ends_others_starts_with_what_it_ends() -> None:
    order = document("order", date_written=date(2024, 4, 16))
    ends = act("部分废止", "order", title="砚湖市没有收录的办法", effective=date(2024, 5, 1))
    validity = Validity([order], [], [ends])
    assert state(validity, "order", 2024, 4, 20)[0] == "未生效"
    assert state(validity, "order", 2024, 5, 1)[0] == "现行有效"
    assert validity.rests_on("order")[0].document_ids == ()


# --- what a name means ------------------------------------------------------------------------


def hit(relation: Relation, *documents: DocumentSummary, facts: Sequence[Fact] = ()) -> set[str]:
    validity = Validity(documents, facts, [relation])
    return set(validity.rests_on(relation.document_id)[0].document_ids)


def test_a_number_is_found_however_it_is_written() -> None:
    assert hit(act("废止", "new", number="砚湖政发(2010)1 号"), *BOTH) == {"old"}


def test_reprints_that_bear_the_number_are_all_hit() -> None:
    copy = document("copy", FERRIES, "砚湖政发〔2010〕1号", date_written=date(2010, 1, 5))
    assert hit(act("废止", "new", number="砚湖政发〔2010〕1号"), *BOTH, copy) == {"old", "copy"}
    assert hit(act("废止", "new", title=FERRIES), *BOTH, copy) == {"old", "copy"}


def test_of_one_title_given_twice_the_one_before_the_act_is_meant() -> None:
    assert hit(act("废止", "new", title=FERRIES), *BOTH) == {"old"}
    last = document("last", "砚湖市渡口条例", date_written=date(2025, 1, 1))
    assert hit(act("废止", "last", title=FERRIES), *BOTH, last) == set()  # which one is open
    assert hit(act("废止", "last", title=FERRIES, number="砚湖政发〔2020〕2号"), *BOTH, last) == {
        "new"
    }


def test_another_number_is_another_document() -> None:
    assert hit(act("废止", "new", title=FERRIES, number="砚湖政发〔2003〕9号"), *BOTH) == set()


def test_an_act_never_reaches_a_later_document() -> None:
    assert hit(act("废止", "old", title="砚湖市new办法"), OLD, document("new", date_written=date(2020, 1, 1))) == set()  # fmt: skip


def test_an_amendment_does_not_reach_a_later_text_of_the_law() -> None:
    """A law keeps the day on which it was first passed; its start tells which text it is."""
    law = document("law", "砚湖市渡口条例", date_written=date(2003, 5, 1))
    change = act("修订", "new", title="砚湖市渡口条例", effective=date(2020, 3, 1))
    validity = Validity([law, NEW], [clause("law", date(2022, 5, 1)), STARTS[1]], [change])
    assert state(validity, "law", 2023, 1, 1) == ("现行有效", ["law"])


def test_a_notice_goes_by_the_title_of_what_it_hands_out() -> None:
    notice = document(
        "notice", f"砚湖市人民政府关于印发《{FERRIES}》的通知", "砚湖政发〔2010〕1号",
        date_written=date(2010, 1, 5),
    )  # fmt: skip
    handed = act("印发", "notice", title=FERRIES, number="砚湖政发〔2010〕1号")
    last = document("last", date_written=date(2025, 1, 1))
    validity = Validity([notice, last], [], [handed, act("废止", "last", title=FERRIES)])
    assert state(validity, "notice", 2025, 2, 1) == ("已废止", ["last"])


def test_a_title_is_found_without_its_issuer() -> None:
    told = document("told", "砚湖市交通局关于检修渡船的通知", date_written=date(2012, 1, 1))
    assert hit(act("清理_失效", "new", title="关于检修渡船的通知"), told, NEW) == {"told"}
    bare = document(
        "told", "关于检修渡船的通知", issuer="砚湖市交通局", date_written=date(2012, 1, 1)
    )
    assert hit(act("清理_失效", "new", title="砚湖市交通局关于检修渡船的通知"), bare, NEW) == {
        "told"
    }


def test_an_order_number_goes_with_its_title() -> None:
    order = document("order", "砚湖市渡口办法", "砚湖市人民政府令第8号")
    named = act("废止", "new", title="砚湖市渡口办法", number="市政府令第8号")
    assert hit(named, order, NEW) == {"order"}
    other = act("废止", "new", title="砚湖市渡口办法", number="市政府令第9号")
    assert hit(other, order, NEW) == set()


# --- what people confirmed ---------------------------------------------------------------------

DECISION = Decision("old", "new", "替代", "名称相同", "甲", date(2026, 4, 1))


def test_a_confirmed_pair_counts_from_the_day_of_the_newer_one() -> None:
    validity = Validity(BOTH, STARTS, [], [DECISION])
    assert validity.in_force("old", date(2020, 2, 28)).name == "现行有效"
    found = validity.in_force("old", date(2020, 3, 1))
    assert found.name == "已废止"
    (proof,) = found.proofs
    assert (proof.by, proof.document_id, proof.start, proof.end) == (DECISION, "new", 0, 0)
    assert proof.quote == "由人确认：名称相同（甲，2026年4月1日）"
    assert validity.acts_on("old") == ()  # no document says so


@pytest.mark.parametrize(
    ("verdict", "name"), [("修订", "已修订"), ("废止", "已废止"), ("无关", "现行有效")]
)
def test_a_verdict_says_what_follows(verdict: Any, name: str) -> None:
    decided = dataclasses.replace(DECISION, verdict=verdict)
    assert state(Validity(BOTH, STARTS, [], [decided]), "old", 2021, 1, 1)[0] == name


def test_the_words_of_a_document_come_before_those_of_people() -> None:
    repeal = act("废止", "new", number="砚湖政发〔2010〕1号")
    found = Validity(BOTH, STARTS, [repeal], [DECISION]).in_force("old", date(2021, 1, 1))
    assert [proof.by for proof in found.proofs] == [None, DECISION]


def test_a_decision_rests_while_a_document_is_gone() -> None:
    assert state(Validity([OLD], STARTS[:1], [], [DECISION]), "old", 2021, 1, 1)[0] == "现行有效"


def test_a_decision_holds_of_all_copies() -> None:
    copy = document("copy", FERRIES, "砚湖政发〔2010〕1号", date_written=date(2010, 1, 5))
    validity = Validity((*BOTH, copy), STARTS, [], [DECISION])
    assert state(validity, "copy", 2021, 1, 1) == ("已废止", ["new"])
