"""One indicator over all documents, and all targets of one, from rows."""

from assistant.answers.ways.indicators import answer_across, answer_targets
from assistant.find.evidence import Evidence
from assistant.find.stated import value_written
from assistant.understand.demands import Demand
from tests.assistant.answers.conftest import EvidenceOver
from tests.assistant.answers.documents import ask, asking, rows
from vectorstore.facts import Fact

PLAN = "{place}养老服务方案\n\n（示例（虚构）：为测试而编写，内容均为虚构。）\n\n一、工作目标\n\n到{year}年，全{level}护理型床位占比{aim}。\n\n{place}人民政府\n2021年5月12日\n"


def plan(place: str, year: int, aim: str) -> str:
    return PLAN.format(place=place, level=place[-1], year=year, aim=aim)


# --- one indicator ----------------------------------------------------------------------------


def test_each_document_has_a_row_and_the_silent_ones_are_named(evidence: Evidence) -> None:
    content = answer_across(ask("各地再生水利用率目标是多少？", evidence), evidence)
    assert [row[2:4] for row in rows(content)] == [
        ["30%", "2025年"],
        ["25%", "2025年"],
    ]  # the park's notice is of another theme: its silence is told in the note alone
    assert content
    assert content.statements == ()  # nobody asked for an order
    assert content.notes[0] == "在 3 份文件中，2 份载明。未载明的有：某某。"


def test_high_low_and_the_difference_are_computed(evidence: Evidence) -> None:
    content = answer_across(ask("各地再生水利用率目标哪个最高？", evidence), evidence)
    assert content
    (said,) = content.statements
    assert said.text == "最高的是云桥，为30%；最低的是青溪，为25%，相差5个百分点。"
    assert [q.text for q in said.quotes] == ["全县再生水利用率达到30%", "全市再生水利用率达到25%"]
    assert [row[2] for row in rows(content)] == ["30%", "25%"]


def test_years_and_firmness_that_differ_are_said(evidence_over: EvidenceOver) -> None:
    evidence = evidence_over(
        plan("青溪市", 2025, "达到55%"), plan("云桥市", 2027, "不低于60%"), plan("砚湖市", 2027, "达到70%")
    )  # fmt: skip
    content = answer_across(ask("各市护理型床位占比目标是多少？", evidence), evidence)
    assert content
    assert sorted(row[2] for row in rows(content)) == ["55%", "70%", "不低于60%"]
    assert "各文件的目标年份不同（2025年、2027年），不能直接比较高低。" in content.notes
    assert any(note.startswith("各文件的表述力度不同") for note in content.notes)


def test_what_no_document_states_is_left_to_other_ways(evidence: Evidence) -> None:
    assert answer_across(ask("各地森林覆盖率目标是多少？", evidence), evidence) is None
    assert answer_across(ask("各地怎样组织志愿者？", evidence), evidence) is None
    assert answer_across(ask("云桥县再生水利用率目标是多少？", evidence), evidence) is None


def test_without_a_matter_the_indicator_that_most_documents_state(evidence: Evidence) -> None:
    content = answer_across(ask("哪个地方的目标定得最高？", evidence), evidence)
    assert content
    assert len({row[2] for row in rows(content)} - {"未载明"}) == 2


def test_a_value_says_how_firm_it_is() -> None:
    at_least = Fact("target", "d", 0, 1, "q", value=95.0, unit="%", comparator=">=")
    assert value_written(at_least) == "不低于95%"
    as_written = Fact("target", "d", 0, 1, "q", text="95%以上", comparator=">=")
    assert value_written(as_written) == "95%以上"


# --- all targets of a document ----------------------------------------------------------------


def test_all_targets_are_listed_and_counted(evidence: Evidence) -> None:
    question = asking(ask("青溪市的方案有哪些量化目标？", evidence), Demand.TARGETS)
    content = answer_targets(question, evidence)
    assert content
    assert [s.quotes[0].text for s in content.statements] == [
        "全市再生水利用率达到25%",
        "创建节水型小区40个",
        "新增高效节水灌溉面积2万亩",
        "改造高耗水企业30家",
        "更换老旧供水管网120公里",
    ]
    assert content.statements[0].text == "一、总体目标：全市再生水利用率达到25%"
    assert content.notes == ("共 5 项目标，以上为全部。",)


def test_targets_that_nobody_asks_for_are_not_listed(evidence: Evidence) -> None:
    assert answer_targets(ask("青溪市的方案有哪些措施？", evidence), evidence) is None


def test_a_document_without_targets_has_none(evidence_over: EvidenceOver) -> None:
    evidence = evidence_over(
        "某某市公园便民服务措施\n\n一、增设便民设施\n\n增设座椅和遮阳棚，更换老旧照明灯具。\n"
    )
    park = ask("某某市公园便民服务措施有哪些目标？", evidence)
    assert answer_targets(park, evidence) is None
