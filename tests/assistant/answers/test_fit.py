"""Whether a statement is about what a question asks, and what is told where it is not."""

import pytest

from assistant.answers.content import Refusal
from assistant.answers.fit import answering, compare, rows_that_fit
from assistant.answers.frames import Held
from assistant.answers.route import answer_part
from assistant.find.evidence import Evidence
from assistant.find.stated import of_documents
from assistant.understand.wanted import Wanted, wanted_of
from tests.assistant.answers.conftest import EvidenceOver
from tests.assistant.answers.documents import ask
from vectorstore.facts import Fact

CITY = ("澜峰省", "青溪市")
REUSE = "到2025年，全市再生水利用率达到25%，创建节水型小区40个。"


def fact(**fields: object) -> Fact:
    return Fact("target", "d", 0, 1, "再生水利用率达到25%", **fields)  # type: ignore[arg-type]


REUSED = fact(subject="再生水利用率", place="青溪市", level="市", text="25%", unit="%", year=2025)
MISFITS = [  # what is asked, what is stated, what they differ in, what is stated instead
    (Wanted(nation=True, topic="再生水利用率"), Held(REUSE, region=CITY), "place", "青溪市"),
    (Wanted((CITY[:1],), topic="再生水利用率"), Held(REUSE, region=CITY), "place", "青溪市"),
    (Wanted(((*CITY, "云桥县"),), topic="再生水利用率"), Held(REUSE, region=CITY, rows=(REUSED,)),
     "place", "青溪市"),
    (Wanted(town="石湾县", topic="再生水利用率"), Held(REUSE, region=CITY), "place", "青溪市"),
    (Wanted(years=frozenset({2030}), topic="再生水利用率"), Held(REUSE), "year", "2025年"),
    (Wanted(years=frozenset({2022}), topic="再生水利用率"),
     Held("再生水利用率达到25%", rows=(REUSED,)), "year", "2025年"),
    (Wanted(years=frozenset({2023}), topic="检修管网"),
     Held("检修管网30公里，比2023年多。", rows=(fact(year=2026),)), None, ""),
    (Wanted(groups=frozenset({"残疾人"}), topic="残疾人水费补助"),
     Held("对特困人员每户补助3元水费。"), "group", "特困人员"),
    (Wanted(groups=frozenset({"农民"}), topic="农民培训"),
     Held("职工培训300人次，农民用水协会发展到20个。"), "group", "职工"),
    (Wanted(measure="people", topic="管水员培训"), Held("管水员培训资金60万元。"), "measure", ""),
    (Wanted(measure="money", topic="农户补助", each="户"),
     Held("农户补助资金共安排60万元。"), "measure", ""),
    (Wanted(topic="纺织行业用水量"), Held("冶金行业用水量下降2%。"), "indicator", "冶金"),
    (Wanted(topic="单亲家庭补助"), Held("每个家庭补助500元。", source="每个家庭补助500元。"),
     "indicator", ""),
    (Wanted(act="验收"), Held("牵头单位：市水务局", passage="建设管网。牵头单位：市水务局"),
     "act", ""),
]  # fmt: skip


@pytest.mark.parametrize(("wanted", "held", "aspect", "stated"), MISFITS)
def test_a_contradiction_is_told_with_what_is_stated_instead(
    wanted: Wanted, held: Held, aspect: str | None, stated: str
) -> None:
    verdict = compare(wanted, held)
    assert verdict.aspect == (aspect or "")
    assert verdict.stated == stated
    assert verdict.fits == (aspect is None)


FITTING = [
    (Wanted(nation=True, topic="再生水利用率"), Held("全国再生水利用率达到25%。", region=CITY)),
    (Wanted(nation=True, topic="再生水利用率"), Held(REUSE)),  # of no known place
    (Wanted((CITY,), topic="再生水利用率"), Held(REUSE, region=CITY)),
    (Wanted((CITY[:1],), topic="专项资金"), Held("省级专项资金安排60万元。", region=CITY)),
    (Wanted(((*CITY, "云桥县"),), topic="站点"),
     Held("每个县（区）至少建成2个站点。", region=CITY, rows=(REUSED,))),  # a rule for its parts
    (Wanted(((*CITY, "云桥县"),), topic="补贴"),
     Held("每台补贴300元。", region=CITY, rows=(Fact("amount", "d", 0, 1, ""),))),
    (Wanted(town="石湾县", topic="水厂"), Held("石湾县建成2座水厂。", region=CITY)),
    (Wanted(years=frozenset({2023}), topic="培训"), Held("每年培训300人。", title="2021—2025年规划")),
    (Wanted(years=frozenset({2023}), topic="培训"),
     Held("“十四五”期间培训300人。")),
    (Wanted(years=frozenset({2023}), topic="补助标准"),
     Held("2024年，补助标准由上年的640元提高到670元。")),
    (Wanted(groups=frozenset({"残疾人"}), topic="残疾人补助"), Held("每人每月补助80元。")),
    (Wanted(groups=frozenset({"初中"}), topic="初中书面作业时间"),
     Held("小学书面作业时间不超过60分钟，初中不超过90分钟。")),
    (Wanted(groups=frozenset({"儿童"}), topic="孩子补助", is_own_case=True),
     Held("老年人补助80元。")),
    (Wanted(measure="money", topic="罚款", is_fine=True), Held("处货值1倍以上3倍以下罚款。")),
    (Wanted(measure="people", topic="联名"), Held("五分之一以上成员联名提出。")),
    (Wanted(topic="新冠肺炎补助资金"), Held("新型冠状病毒肺炎疫情补助资金80亿元。")),
    (Wanted(topic="市州科技馆"), Held("建成市（州）级科技馆5座。")),
    (Wanted(act="验收"), Held("由市水务局组织验收。", passage="由市水务局组织验收，县局负责。")),
]  # fmt: skip


@pytest.mark.parametrize(("wanted", "held"), FITTING)
def test_what_is_left_unsaid_contradicts_nothing(wanted: Wanted, held: Held) -> None:
    assert compare(wanted, held).fits


def test_only_a_figure_or_a_role_is_compared(evidence: Evidence) -> None:
    wanted = wanted_of(ask("2024年青溪市残疾人补助多少元？", evidence))
    assert wanted is not None
    assert [path[-1] for path in wanted.places] == ["青溪市"]
    assert wanted.years == {2024}
    assert wanted.groups == {"残疾人"}
    assert wanted.measure == "money"
    assert wanted_of(ask("青溪市有哪些保障措施？", evidence)) is None
    assert wanted_of(ask("节水型小区什么时候建成？", evidence)) is None


def test_the_clause_that_answers_holds_a_figure() -> None:
    text = "加强再生水利用，到2025年利用率达到25%，创建小区40个。"
    assert answering("再生水利用率", text) == "到2025年利用率达到25%"
    assert answering("再生水", "加强再生水利用。") == "加强再生水利用。"


def test_rows_are_judged_one_by_one(evidence: Evidence) -> None:
    question = ask("云桥县到2025年创建节水型小区多少个？", evidence)
    rows = of_documents(list(evidence.view.documents()), evidence, "target", "figure")
    fitting = rows_that_fit(question, rows, evidence)
    assert fitting
    assert {row.place for row in fitting} == {"云桥县"}


# --- what is told ---------------------------------------------------------------------------------

NOTICE = """青溪市2026年节水工作要点

青溪政办发〔2026〕3号

各区人民政府：

一、工作目标

到2026年底，全市再生水利用率达到31%。培训农民用水户1200人次。

二、补助

对特困人员每户每月免收水费3元。造纸行业用水量下降2%。

青溪市人民政府办公室
2026年2月10日
"""


@pytest.mark.parametrize(
    ("question", "missing", "near"),
    [
        ("全国2026年再生水利用率的目标是多少？", "全国", "31%"),
        ("青溪市2024年再生水利用率是多少？", "2024年", "31%"),
        ("青溪市残疾人每户每月免收水费多少元？", "残疾人", "3元"),
        ("青溪市纺织行业用水量下降多少？", "纺织", "2%"),
    ],
)
def test_a_figure_of_something_else_is_told_as_near_and_no_more(
    question: str, missing: str, near: str, evidence_over: EvidenceOver
) -> None:
    evidence = evidence_over(NOTICE)
    content = answer_part(ask(question, evidence), evidence)
    assert isinstance(content.said, Refusal)
    assert missing in content.said.reason
    assert any(near in citation.quote for citation in content.said.near)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("青溪市2026年再生水利用率的目标是多少？", "31%"),
        ("青溪市特困人员每户每月免收水费多少元？", "3元"),
        ("青溪市造纸行业用水量下降多少？", "2%"),
        ("青溪市培训农民用水户多少人次？", "1200人次"),
    ],
)
def test_what_is_stated_is_still_answered(
    question: str, answer: str, evidence_over: EvidenceOver
) -> None:
    evidence = evidence_over(NOTICE)
    content = answer_part(ask(question, evidence), evidence)
    assert any(answer in statement.text for statement in content.statements)
