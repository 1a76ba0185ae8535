"""What a question asks for: by the model of questions, and by its wording where that is in doubt."""

import pytest

from assistant.understand.demands import DOUBTED, WORDINGS, Demand, demands_of
from assistant.understand.wording import about, matter_of, topic_of


@pytest.mark.parametrize(
    ("question", "demands"),
    [
        ("扬州市再生水利用率是多少？", {Demand.FIGURE}),
        ("各市再生水利用率哪个最高？", {Demand.EVERYWHERE, Demand.RANK}),
        ("方案有哪些措施？", {Demand.ITEMS}),
        ("市财政局要参与哪些任务？", {Demand.DUTIES, Demand.ITEMS}),
        ("这个办法现在还能用吗？", {Demand.VALIDITY, Demand.CONFIRM}),
        (
            "2026年到期的文件有哪些？",
            {Demand.VALIDITY, Demand.LIBRARY, Demand.ITEMS},
        ),
        (
            "哪些文件已经到期？",
            {Demand.VALIDITY, Demand.LIBRARY, Demand.ITEMS},
        ),  # no list of what is going to end
        ("总结一下这份方案", {Demand.SUMMARY}),
        ("库里一共多少份文件？", {Demand.LIBRARY, Demand.FIGURE}),
        ("“推广滴灌和喷灌”这句话出自哪里？", {Demand.ORIGIN}),
        ("由谁牵头？", {Demand.ORGAN}),
    ],
)
def test_the_wording_alone_says_what_is_asked_for(question: str, demands: set[Demand]) -> None:
    assert demands_of(question, {}) == demands


def test_the_model_stands_where_it_is_sure() -> None:
    text = "扬州市再生水利用率是多少？"
    assert demands_of(text, {Demand.FIGURE: DOUBTED / 2}) == set()
    assert demands_of(text, {Demand.FIGURE: DOUBTED}) == {Demand.FIGURE}  # in two minds
    assert demands_of("扬州怎么样", {Demand.SUMMARY: 1.0}) == {Demand.SUMMARY}


def test_every_wording_is_of_a_demand() -> None:
    assert set(WORDINGS) <= set(Demand)


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("扬州市到2025年再生水利用率达到多少？", "再生水利用率达到"),
        ("各地再生水利用率分别是多少？", "再生水利用率"),
        ("哪个市的再生水利用率最高？", "再生水利用率"),
        ("方案有哪些量化目标？", ""),
    ],
)
def test_the_matter_stands_without_what_is_asked_of_it(question: str, topic: str) -> None:
    assert about(topic_of(question), ["扬州市"]) == topic


def test_what_the_model_marked_is_the_matter() -> None:
    marked = ("到2025年再生水利用率", "各地农业")
    assert matter_of("扬州市到2025年再生水利用率达到", ["扬州市"], marked) == "再生水利用率 农业"
    assert matter_of("扬州市再生水", ["扬州市"], ()) == "再生水"
