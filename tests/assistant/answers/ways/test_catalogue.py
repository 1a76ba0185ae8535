"""Fields of documents: numbers, dates, issuers."""

import pytest

from assistant.answers.content import Refusal
from assistant.answers.ways.catalogue import (
    answer_metadata,
    compared_dates,
)
from assistant.find.evidence import Evidence
from tests.assistant.answers.documents import ask, passage_with, rows, texts

COUNTY, CITY, PARK = "换装节水龙头", "三级漏损台账", "押金收据"  # each stands in one document
CITY_TITLE = "青溪市人民政府关于印发《青溪市节约用水行动方案（2021—2025年）》的通知"


# --- fields -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "text", "quote"),
    [
        ("云桥县的方案文号是多少？", "发文字号为云桥政办发〔2022〕11号。", "云桥政办发〔2022〕11号"),
        ("云桥县的方案何时成文？", "成文日期为2022年8月10日。", "2022年8月10日"),
        ("云桥县的方案是什么时候开始施行的？", "施行日期为2022年9月1日。", "2022年9月1日"),
        ("云桥县的方案发布日期是哪天？", "发布日期为2022年8月15日。", "2022-08-15"),
        ("云桥县的方案由谁印发？", "发文机关为云桥县人民政府办公室。", "云桥县人民政府办公室"),
        ("云桥政办发〔2022〕11号是什么文件？", "标题为云桥县节约用水实施方案。", "云桥县节约用水实施方案"),
    ],
)  # fmt: skip
def test_a_field_is_stated_and_quoted_where_it_was_read(
    question: str, text: str, quote: str, evidence: Evidence
) -> None:
    content = answer_metadata(ask(question, evidence), evidence)
    assert text in texts(content)
    assert content
    (said,) = (s for s in content.statements if s.text == text)
    assert [q.text for q in said.quotes] == [quote]


def test_what_a_document_does_not_state_is_said_to_be_missing(evidence: Evidence) -> None:
    content = answer_metadata(ask("某某市公园便民服务措施的文号是多少？", evidence), evidence)
    assert content
    assert content.said == Refusal("《某某市公园便民服务措施》未载明发文字号。")
    both = answer_metadata(ask("云桥县的方案发布日期和联系电话是什么？", evidence), evidence)
    assert texts(both) == ["发布日期为2022年8月15日。"]
    assert both
    assert both.notes == ("文件未载明电话。",)


def test_a_date_that_is_missing_is_answered_with_those_that_are_stated(evidence: Evidence) -> None:
    content = answer_metadata(ask("青溪市的方案由谁印发，印发日期是？", evidence), evidence)
    assert texts(content) == [
        "印发日期未载明，成文日期为2021年5月12日。",
        "发文机关为青溪市人民政府。",
    ]


def test_the_number_of_another_document_is_read_where_it_is_cited(evidence: Evidence) -> None:
    question = ask("青溪市的方案所依据的意见文号是多少？", evidence)
    (said,) = texts(answer_metadata(question, evidence))
    assert "（澜峰政发〔2020〕3号）" in said
    assert "青溪政发" not in said


@pytest.mark.parametrize(
    "question",
    ["再生水的文号是多少？", "青溪市的方案写了什么？", "青溪市的方案依据的是什么文件？"],
)
def test_what_is_no_field_of_one_document_is_left_to_the_plain_way(
    question: str, evidence: Evidence
) -> None:
    assert answer_metadata(ask(question, evidence), evidence) is None


# --- the earlier of two -----------------------------------------------------------------------


def sides(evidence: Evidence, *words: str) -> list[tuple[str, list[str]]]:
    documents = [passage_with(word, evidence)[0] for word in words]
    names = {COUNTY: "云桥县", CITY: "青溪市", PARK: "公园"}
    return [(names[w], [d.id]) for w, d in zip(words, documents, strict=True)]


def test_dates_of_two_documents_are_compared(evidence: Evidence) -> None:
    question = ask("青溪市和云桥县的文件哪份成文早？", evidence)
    content = compared_dates(sides(evidence, COUNTY, CITY), question, evidence)
    assert texts(content) == ["成文日期：青溪市较早，为2021年5月12日；云桥县为2022年8月10日。"]
    assert content
    assert [q.text for q in content.statements[0].quotes] == ["2021年5月12日", "2022年8月10日"]
    assert rows(content) == [
        ["云桥县", "成文日期为2022年8月10日。"],
        ["青溪市", "成文日期为2021年5月12日。"],
    ]


def test_a_date_that_only_one_states_gives_way_to_one_that_both_do(evidence: Evidence) -> None:
    question = ask("青溪市和云桥县的文件哪份发布早？", evidence)
    content = compared_dates(sides(evidence, CITY, COUNTY), question, evidence)
    assert texts(content)[0].startswith("成文日期：青溪市较早")


def test_who_states_no_date_is_not_put_in_order(evidence: Evidence) -> None:
    question = ask("云桥县和公园的文件哪份成文早？", evidence)
    content = compared_dates(sides(evidence, COUNTY, PARK), question, evidence)
    assert texts(content) == []
    assert rows(content) == [
        ["云桥县", "成文日期为2022年8月10日。"],
        ["公园", "成文日期未载明。"],
    ]


def test_dates_are_compared_only_where_they_are_asked_for_and_of_single_documents(
    evidence: Evidence,
) -> None:
    two = sides(evidence, CITY, COUNTY)
    other = ask("青溪市和云桥县的再生水利用率各是多少？", evidence)
    assert compared_dates(two, other, evidence) is None
    dated = ask("青溪市和云桥县的文件哪份成文早？", evidence)
    several = [(two[0][0], [two[0][1][0], two[1][1][0]]), two[1]]
    assert compared_dates(several, dated, evidence) is None
    park = sides(evidence, PARK)
    assert compared_dates([*park, *park], dated, evidence) is None  # neither states any
