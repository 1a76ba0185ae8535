"""Which documents the library holds."""

from dataclasses import replace

import pytest

from assistant.answers.content import Content, Refusal
from assistant.answers.ways.library import answer_library
from assistant.find.evidence import Evidence
from assistant.understand.question import Question
from tests.assistant.answers.documents import ask, rows, texts

CITY_TITLE = "青溪市人民政府关于印发《青溪市节约用水行动方案（2021—2025年）》的通知"


def heard(text: str, evidence: Evidence) -> Question:
    """A question whose theme the model of questions marked, where it names one."""
    theme = text.partition("关于")[2].partition("的")[0]
    question = ask(text, evidence)
    return replace(question, matter=theme, is_marked=True) if theme else question


def test_the_earliest_and_the_latest_are_named(evidence: Evidence) -> None:
    question = ask("库里最早和最晚成文的文件是哪份？", evidence)
    content = answer_library(question, evidence)
    assert texts(content) == [
        f"成文日期最早的是青溪《{CITY_TITLE}》，为2021年5月12日。",
        "成文日期最晚的是云桥《云桥县节约用水实施方案》，为2022年8月10日。",
    ]
    assert content
    assert content.notes == ("未载明成文日期的有：某某。",)


def test_where_no_document_has_that_date_its_own_counts(evidence: Evidence) -> None:
    content = answer_library(ask("库里最早印发的文件是哪份？", evidence), evidence)
    assert texts(content) == [f"日期最早的是青溪《{CITY_TITLE}》，为2021年5月12日。"]
    assert content
    assert content.notes[0] == "库中文件都未载明印发日期，以下按各文件自己的日期。"


def test_all_documents_are_listed_with_number_date_and_what_tells_their_state(
    evidence: Evidence,
) -> None:
    content = answer_library(ask("库里有多少份文件？", evidence), evidence)
    start = "本方案自2022年9月1日起施行。"
    assert rows(content) == [
        ["云桥县节约用水实施方案", "云桥政办发〔2022〕11号", "2022年8月10日", start],
        ["某某市公园便民服务措施", "未载明", "未载明", "未载明"],
        [CITY_TITLE, "青溪政发〔2021〕6号", "2021年5月12日", CITY_TITLE],
    ]
    assert content
    assert content.notes == (
        "共 3 份文件。",
        "时效：现行有效 1 份、未标注 1 份、已届满 1 份（按各文件载明的施行日期、有效期和废止情况判断）。",
    )


@pytest.mark.parametrize(
    ("question", "titles"),
    [
        ("库里现行有效的有哪些文件？", ["云桥县节约用水实施方案"]),
        ("库里已经失效的文件有哪些？", [CITY_TITLE]),
        ("库里有哪些关于节约用水的文件？", ["云桥县节约用水实施方案", CITY_TITLE]),
        ("云桥县有几份文件？", ["云桥县节约用水实施方案"]),
    ],
)
def test_those_of_a_state_a_theme_or_a_place_are_listed(
    question: str, titles: list[str], evidence: Evidence
) -> None:
    content = answer_library(heard(question, evidence), evidence)
    assert [row[0] for row in rows(content)] == titles


def test_those_of_a_year_are_listed(evidence: Evidence) -> None:
    content = answer_library(ask("2022年印发的有哪些文件？", evidence), evidence)
    assert [row[0] for row in rows(content)] == ["云桥县节约用水实施方案"]
    none = answer_library(ask("2030年印发的有哪些文件？", evidence), evidence)
    assert none == Content(Refusal("库中没有符合条件的文件。"))


def test_what_asks_for_their_content_is_not_for_the_library(evidence: Evidence) -> None:
    assert answer_library(ask("有多少份文件提到再生水？", evidence), evidence) is None
    assert answer_library(ask("2022年印发的文件对再生水有哪些要求？", evidence), evidence) is None


def test_without_a_named_date_each_goes_by_its_own(evidence: Evidence) -> None:
    content = answer_library(ask("库里最新的文件是哪份？", evidence), evidence)
    assert texts(content) == ["日期最晚的是云桥《云桥县节约用水实施方案》，为2022年8月10日。"]


@pytest.mark.parametrize(
    ("question", "titles"),
    [
        ("库里2022年8月10日的文件有哪些？", ["云桥县节约用水实施方案"]),
        ("库里有哪些关于帐篷租借的文件？", ["某某市公园便民服务措施"]),  # named in the text alone
        ("库里青溪市人民政府印发的文件有哪些？", [CITY_TITLE]),
    ],
)
def test_those_of_a_day_a_theme_of_the_text_or_an_issuer(
    question: str, titles: list[str], evidence: Evidence
) -> None:
    assert [row[0] for row in rows(answer_library(heard(question, evidence), evidence))] == titles
