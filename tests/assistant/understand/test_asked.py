"""Details that some questions ask for; places and texts are invented."""

from dataclasses import replace
from datetime import date

import pytest

from assistant.understand.asked import asks_how, asks_in_charge, is_of_thing, quoted_at_length
from assistant.understand.corpus import Corpus
from assistant.understand.days import day_asked
from assistant.understand.demands import demands_of
from assistant.understand.kinds import Kind
from assistant.understand.library import LibraryAsked
from assistant.understand.question import Question
from assistant.understand.summing import length_of
from assistant.understand.turns import understand

CORPUS = Corpus(())


def ask(text: str) -> Question:
    return understand([text], CORPUS, ())


@pytest.mark.parametrize(
    ("question", "day"),
    [
        ("2017年3月的时候这个办法有效吗？", date(2017, 3, 31)),
        ("2020年还有效吗？", date(2020, 12, 31)),
        ("2021年2月30日有效吗？", date(2021, 2, 28)),
        ("2021年5月1日有效吗？", date(2021, 5, 1)),
        ("2021年13月有效吗？", None),
        ("2021年2月0日有效吗？", date(2021, 2, 28)),
        ("扬政发〔2023〕4号现在有效吗？", None),
        ("《扬州市2023年节水方案》有效吗？", None),
        ("现在还有效吗？", None),
    ],
)
def test_the_day_that_a_question_puts_itself_on(question: str, day: date | None) -> None:
    assert day_asked(ask(question)) == day


@pytest.mark.parametrize(
    ("question", "length"),
    [("一句话总结", "short"), ("总结一下", "normal"), ("请详细总结", "long")],
)
def test_how_long_a_summary_is_wished_for(question: str, length: str) -> None:
    assert length_of(ask(question)) == length


def test_only_words_quoted_at_length_are_looked_for() -> None:
    words = "推广滴灌和喷灌，新增灌溉面积两万亩"
    assert quoted_at_length(ask(f"“{words}”这句话出自哪里？")) == words
    assert quoted_at_length(ask("“节水”出自哪里？")) == ""
    assert quoted_at_length(ask(f"“{words}”由谁负责？")) == ""


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("库里有多少份文件？", LibraryAsked()),
        ("库里现行有效的有哪些？", LibraryAsked(("现行有效", "部分失效", "已修订"))),
        ("库里已经失效的办法有几件？", LibraryAsked(("已届满", "已废止"), ("办法",))),
        ("扬州市的法规有几件？", LibraryAsked(kinds=("地方性法规",))),
    ],
)
def test_which_documents_of_the_library_are_meant(question: str, wanted: LibraryAsked) -> None:
    assert LibraryAsked.of(ask(question)) == wanted


def test_what_is_meant_is_described() -> None:
    assert LibraryAsked.of(ask("库里已经失效的办法有几件？")).described == "已届满、办法"
    assert LibraryAsked().described == "符合条件"


@pytest.mark.parametrize(
    ("question", "asked"),
    [("怎样提高再生水利用率？", True), ("咋办理取水许可？", True), ("文件怎么说？", False)],
)
def test_a_course_of_action(question: str, asked: bool) -> None:
    assert asks_how(ask(question)) is asked


def test_a_theme_is_what_the_model_marked() -> None:
    question = replace(ask("库里收了哪几部讲养老的？"), matter="养老 办法", is_marked=True)
    assert LibraryAsked.of(question).words == ("养老",)


@pytest.mark.parametrize(
    ("matter", "is_thing"),
    [("临时通行证", True), ("节水方案", False), ("那份办法", False), ("", False)],
)
def test_what_documents_speak_of_is_told_from_documents(matter: str, is_thing: bool) -> None:
    question = replace(ask("有效期多长"), matter=matter, is_marked=True)
    assert is_of_thing(question, ["云桥县节水方案"]) is is_thing


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("覆盖率由谁牵头", True),
        ("哪个部门负责巡查", True),
        ("巡查由谁批准", False),
        ("主管部门多久审核一次", False),
        ("由谁负责，几天内办结", False),
    ],
)
def test_who_is_in_charge_is_asked_and_nothing_else(text: str, asks: bool) -> None:
    demands = demands_of(text, {})
    assert asks_in_charge(Question(text, text, Kind.DEPARTMENT, text, demands=demands)) is asks
