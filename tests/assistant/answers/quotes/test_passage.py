"""What one passage says to a question."""

from dataclasses import replace

import pytest

from assistant.answers.quotes.passage import best_statements, quoted_first
from assistant.find.evidence import Evidence
from tests.assistant.answers.documents import ask, passage_with, reading_of

GOALS = "到2025年，全市再生水利用率达到25%，创建节水型小区40个。"
VISITORS = "2024年接待游客30万人次，比2020年的20万人次增长一半。"


@pytest.mark.parametrize(
    ("question", "found", "text", "answer"),
    [
        ("青溪市到2025年再生水利用率达到多少？", "25%", GOALS, "全市再生水利用率达到25%"),
        ("公园2024年接待多少游客？", "30万人次", VISITORS, "2024年接待游客30万人次"),
        # The year that is asked about follows; so does the second thing asked.
        ("公园2020年接待多少游客？", "2024年接待游客30万人次", VISITORS, VISITORS),
        ("公园接待多少游客，何时增长？", "30万人次", VISITORS, VISITORS),
        # A heading that the question repeats goes on to what it heads.
        ("公园如何增设便民设施？", "二、增设便民设施", "增设座椅200把和遮阳棚，更换老旧照明灯具。", None),
        # An announcement is quoted with what it announces, or gives way to it.
        ("园区管理的做法有几个方面？", "园区管理的做法主要有三个方面：",
         "园区管理的做法主要有三个方面：\n一是设置导览牌。\n二是公开投诉电话。\n三是每日清扫步道。", None),
        ("租借帐篷需提交什么材料？", "需提交如下材料：", "1.身份证复印件一份。\n2.押金收据一张。", None),
    ],
)  # fmt: skip
def test_a_place_is_quoted_as_a_person_would(
    question: str, found: str, text: str, answer: str | None, evidence: Evidence
) -> None:
    reading = reading_of(found, evidence)
    (said,) = best_statements(ask(question, evidence), evidence, reading)
    assert said.text == text
    assert said.quotes[0].text == text
    assert said.answer
    assert said.answer.text == (answer or text)


def test_a_heading_stands_in_front_of_a_sentence_without_subject(evidence: Evidence) -> None:
    reading = reading_of("更换老旧供水管网120公里", evidence)
    question = ask("青溪市城镇节水工程更换多少公里？", evidence)
    (said,) = best_statements(question, evidence, reading)
    assert said.text.startswith("（三）城镇节水工程：更换老旧供水管网120公里，")
    assert said.quotes[0].text.startswith("更换老旧供水管网")  # the heading is not quoted


def test_a_passage_without_a_best_place_is_quoted_whole(evidence: Evidence) -> None:
    reading = replace(reading_of("再生水利用率达到25%", evidence), spans=())
    (said,) = best_statements(ask("青溪市的目标是什么？", evidence), evidence, reading)
    assert said.text == reading.hit.passage.text


def test_a_passage_that_is_quoted_comes_before_the_one_that_announces_it(
    evidence: Evidence,
) -> None:
    announcing = reading_of("需提交如下材料：", evidence)
    other, items = reading_of("25%", evidence), reading_of("押金收据", evidence)
    question = ask("租借帐篷需提交什么材料？", evidence)
    found = quoted_first(question, evidence, [announcing, other, items])
    expected = [r.hit.passage for r in (items, announcing, other)]
    assert [r.hit.passage for r in found] == expected  # each once
    span, text = found[0].spans[0], items.hit.passage.text
    assert text[span.start : span.end] == "1.身份证复印件一份。\n2.押金收据一张。"


def test_readings_stay_as_they_are_where_the_best_is_quoted_itself(evidence: Evidence) -> None:
    readings = [reading_of("25%", evidence), reading_of("押金收据", evidence)]
    question = ask("青溪市到2025年再生水利用率达到多少？", evidence)
    assert quoted_first(question, evidence, readings) == readings
    assert quoted_first(question, evidence, []) == []
    assert passage_with("25%", evidence)[1] == readings[0].hit.passage
