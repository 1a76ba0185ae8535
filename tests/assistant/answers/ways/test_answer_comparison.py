"""Comparisons, and everything in the library that says X: one row for each document."""

from dataclasses import replace

import pytest

from assistant.answers.content import Content, Refusal, Statement
from assistant.answers.ways.comparison import answer_aggregation, answer_comparison
from assistant.cite.structure import Table
from assistant.find.evidence import Evidence
from tests.assistant.answers.documents import ask

PARK_TITLE = "某某《某某市公园便民服务措施》"
COUNTY_GOAL = "到2025年，全县再生水利用率达到30%，创建节水型小区12个。"
CITY_GOAL = "到2025年，全市再生水利用率达到25%，创建节水型小区40个。"
CITY_TITLE = "青溪《青溪市人民政府关于印发《青溪市节约用水行动方案（2021—2025年）》的通知》"
COUNTY_TITLE = "云桥《云桥县节约用水实施方案》"


def table_of(content: Content | None) -> Table[Statement]:
    assert content
    assert isinstance(content.said, tuple)
    (found,) = (part for part in content.said if isinstance(part, Table))
    return found


def rows(content: Content | None) -> dict[str, str]:
    """The last cell by the first one."""
    return {row[0].text: row[-1].text for row in table_of(content).rows}


# --- comparison -------------------------------------------------------------------------------


def test_each_side_is_quoted_from_its_own_document(evidence: Evidence) -> None:
    question = ask("青溪市和云桥县的再生水利用率各是多少？", evidence)
    content = answer_comparison(question, evidence)
    assert rows(content) == {"青溪市": CITY_GOAL, "云桥县": COUNTY_GOAL}
    for name, cell in table_of(content).rows:
        (quote,) = cell.quotes
        assert name.text in (quote.document.metadata.issuer or "")
    assert content.statements == ()  # no difference is asked for


def test_a_difference_is_worked_out_from_the_two_quotes(evidence: Evidence) -> None:
    question = ask("青溪市和云桥县的再生水利用率相差多少？", evidence)
    (said,) = answer_comparison(question, evidence).statements
    assert "青溪市为25%" in said.text
    assert "云桥县为30%" in said.text
    assert said.text.endswith("，相差5个百分点。")
    assert {q.text for q in said.quotes} == {CITY_GOAL, COUNTY_GOAL}


def test_no_number_slips_over_from_the_other_side(evidence: Evidence) -> None:
    question = ask("青溪市和云桥县的漏损率各是多少？", evidence)
    found = rows(answer_comparison(question, evidence))
    assert "漏损率控制在9%以内" in found["云桥县"]
    assert "9%" not in found["青溪市"]


def test_leads_are_compared_by_organ(evidence: Evidence) -> None:
    question = ask("青溪市和云桥县更换供水管网分别由谁牵头？", evidence)
    found = rows(answer_comparison(question, evidence))
    assert found["青溪市"] == "牵头：市住房城乡建设局"
    assert "市" not in found["云桥县"]


def test_when_they_were_issued_is_read_off_the_catalogue(evidence: Evidence) -> None:
    question = ask("青溪市和云桥县的文件哪份成文早？", evidence)
    content = answer_comparison(question, evidence)
    assert content.statements[0].text.startswith("成文日期：青溪市较早")
    assert table_of(content).header[1].text == "成文日期"


def test_without_sides_every_document_is_one(evidence: Evidence) -> None:
    question = replace(ask("各地的再生水利用率分别是多少？", evidence), places=(), named=())
    found = rows(answer_comparison(question, evidence))
    assert found["青溪"] == CITY_GOAL
    assert found["云桥"] == COUNTY_GOAL
    assert len(found) == 3


def test_what_no_side_states_is_refused(evidence: Evidence) -> None:
    question = ask("青溪市和云桥县的火星探测器各有多少？", evidence)
    said = answer_comparison(question, evidence).said
    assert isinstance(said, Refusal)
    assert said.near


# --- aggregation ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "count", "quotes", "silent"),
    [
        ("哪些文件提到再生水利用率？", "共有 2 份文件提到“再生水利用率”。",
         {COUNTY_TITLE: COUNTY_GOAL, CITY_TITLE: CITY_GOAL}, "某某"),
        ("哪些文件提到“节水龙头”？", "共有 1 份文件提到“节水龙头”。",
         {COUNTY_TITLE: "公共场所全部换装节水龙头。"}, CITY_TITLE),
        # whole it stands nowhere, but both its parts in one sentence
        ("哪些文件提到座椅灯具？", "共有 1 份文件在一句话里提到“座椅”和“灯具”。",
         {PARK_TITLE: "增设座椅200把和遮阳棚，更换老旧照明灯具。"}, CITY_TITLE),
    ],
)  # fmt: skip
def test_every_document_that_says_it_is_listed(
    question: str, count: str, quotes: dict[str, str], silent: str, evidence: Evidence
) -> None:
    content = answer_aggregation(ask(question, evidence), evidence)
    assert content
    assert content.statements[0].text == count
    assert rows(content) == quotes
    assert [q.text for q in content.statements[0].quotes] == list(quotes.values())
    assert content.notes[0].startswith("没有提到的有：")
    assert silent in content.notes[0]


@pytest.mark.parametrize(
    ("question", "count"),
    [
        ("哪些文件依据《澜峰省节约用水条例》？", 2),
        ("哪些文件依据澜峰政发〔2020〕3号？", 1),
    ],
)
def test_documents_that_are_based_on_another_are_counted(
    question: str, count: int, evidence: Evidence
) -> None:
    content = answer_aggregation(ask(question, evidence), evidence)
    assert content
    assert content.statements[0].text == f"共有 {count} 份文件写明以它为依据。"
    found = rows(content)
    assert "《澜峰省" in found[CITY_TITLE]
    assert found[PARK_TITLE] == "未载明"  # the others, with what they cite
    assert found[COUNTY_TITLE] == "根据《澜峰省节约用水条例》，制定本方案。"
    assert "某某" in content.notes[0]


def test_where_no_word_is_looked_for_documents_are_listed_by_meaning(evidence: Evidence) -> None:
    question = ask("哪些文件要求公共场所换装节水龙头并且检修供水管网？", evidence)
    content = answer_aggregation(question, evidence)
    assert list(rows(content)) == [COUNTY_TITLE]
    assert table_of(content).header[1].text == "最相关的原文"
    assert content
    assert content.notes == ()  # all were read


def test_what_no_document_says_is_refused(evidence: Evidence) -> None:
    content = answer_aggregation(ask("哪些文件提到火星探测器？", evidence), evidence)
    assert content
    assert isinstance(content.said, Refusal)
    assert "3 份文件" in content.said.reason
