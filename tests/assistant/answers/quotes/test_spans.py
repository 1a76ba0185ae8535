"""From a place in a passage to what a person would quote of it."""

from collections.abc import Callable

import pytest

from assistant.answers.quotes.spans import clause, enumeration, sentence, snap, trim, whole, widen
from assistant.understand.kinds import Kind

Widens = Callable[[str, int, int], tuple[int, int] | None]

GOALS = "到2025年，全市再生水利用率达到25%，创建节水型小区40个。市水务局每年检查一次。"
LINES = "公园管理要求如下。\n1.设置导览牌。\n2.公开投诉电话。\n3.每日清扫步道。"
RUNNING = "园区要做好三件事：一是设置导览牌；二是公开投诉电话；三是每日清扫步道。入园不收门票。"


def around(widens: Widens, text: str, words: str) -> str | None:
    """What is quoted where `words` were found."""
    start = text.index(words)
    found = widens(text, start, start + len(words))
    return text[slice(*found)] if found else None


@pytest.mark.parametrize(
    ("text", "words", "quote"),
    [
        (GOALS, "25%", "全市再生水利用率达到25%"),
        (GOALS, "40个", "创建节水型小区40个。"),
        ("由专班（市水务局，市财政局）负责检修，每月一次。", "检修", "由专班（市水务局，市财政局）负责检修"),
        ("每月检修一次（节假日，雨天除外），费用自理。", "一次", "每月检修一次（节假日，雨天除外）"),
        ("开放时间：8:30至17:00，周一闭馆。", "17:00", "开放时间：8:30至17:00"),
    ],
)  # fmt: skip
def test_a_clause_ends_at_commas_outside_brackets(text: str, words: str, quote: str) -> None:
    assert around(clause, text, words) == quote


def test_a_tiny_clause_takes_the_one_before_along() -> None:
    assert around(clause, "到2025年底，建成8座，投资2亿元。", "8座") == "到2025年底，建成8座"
    assert around(clause, "全市建成再生水厂8座，其余缓建。", "8座") == "全市建成再生水厂8座"


@pytest.mark.parametrize(
    ("words", "quote"),
    [
        ("再生水利用率达到2", "全市再生水利用率达到25%"),  # two characters from either end
        ("节水型小区4", "创建节水型小区40个。"),
        ("利用率", "利用率"),  # far from both
    ],
)
def test_a_phrase_snaps_to_clause_ends_that_are_near(words: str, quote: str) -> None:
    assert around(snap, GOALS, words) == quote


def test_sentences_that_are_touched_are_taken_whole() -> None:
    first, second = GOALS.split("。")[0] + "。", "市水务局每年检查一次。"
    assert around(sentence, GOALS, "25%") == first
    assert around(sentence, GOALS, "每年") == second
    assert around(sentence, GOALS, "40个。市水务局") == first + second
    assert sentence("\n", 0, 1) == (0, 1)  # no sentence: the place itself


def test_nothing_is_cut_in_half_near_its_ends() -> None:
    long = "各区要在每年汛期之前对辖区内的供水管网组织一次全面排查，发现漏损的及时更换，更换情况在月底前报市水务局备案并向社会公开。"
    text = f"总的要求如前所述。{long}"
    assert around(whole, text, long[3:-4]) == long
    assert (
        around(whole, text, "漏损的及时") == "发现漏损的及时更换"
    )  # far from both ends: its clause


@pytest.mark.parametrize("words", ["导览牌", "投诉电话", "步道"])
def test_a_list_is_quoted_from_its_first_item_to_its_last(words: str) -> None:
    assert around(enumeration, LINES, words) == "1.设置导览牌。\n2.公开投诉电话。\n3.每日清扫步道。"
    running = "一是设置导览牌；二是公开投诉电话；三是每日清扫步道。"
    assert around(enumeration, RUNNING, words) == running


def test_what_stands_before_a_list_on_lines_is_no_part_of_it() -> None:
    assert around(enumeration, LINES, "公园管理") is None


def test_one_item_is_no_list() -> None:
    assert around(enumeration, "园区要求。\n1.设置导览牌。", "导览牌") is None
    assert around(enumeration, GOALS, "25%") is None


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("，建成8座；", "建成8座"),
        ("）建成8座（", "建成8座"),
        ("\n 　建成8座：", "建成8座"),
        ("建成8座。", "建成8座。"),  # a full stop ends a quote, it begins none
        ("。建成8座", "建成8座"),
        ("，；。", ""),
    ],
)
def test_marks_around_a_quote_are_trimmed(text: str, quote: str) -> None:
    assert text[slice(*trim(text, 0, len(text)))] == quote


SERIES = "各单位应当配备干粉灭火器、应急照明灯具、急救药箱等物资，定期检查。"


@pytest.mark.parametrize(
    ("kind", "text", "words", "quote"),
    [
        (Kind.FACT, GOALS, "25%", "全市再生水利用率达到25%"),
        (Kind.FACT, GOALS, "再生水利用率达到25%", "全市再生水利用率达到25%"),
        (Kind.LIST, RUNNING, "投诉", "一是设置导览牌；二是公开投诉电话；三是每日清扫步道。"),
        (
            Kind.LIST,
            SERIES,
            "应急照明灯具",
            "各单位应当配备干粉灭火器、应急照明灯具、急救药箱等物资",
        ),
        (Kind.FACT, RUNNING, "公开投诉电话", "二是公开投诉电话"),
        (Kind.DEFINITION, GOALS, "利用率", "全市再生水利用率达到25%"),
        (Kind.DEPARTMENT, GOALS, "市水务局每年", "市水务局每年检查一次。"),
    ],
)
def test_the_kind_of_question_says_how_much_is_quoted(
    kind: Kind, text: str, words: str, quote: str
) -> None:
    assert around(lambda *place: widen(*place, kind), text, words) == quote
