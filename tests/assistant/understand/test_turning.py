"""What a turn says of time and of the conversation itself."""

from datetime import date

import pytest

from assistant.understand.corpus import Corpus
from assistant.understand.demands import Demand
from assistant.understand.turning import asks_more, asks_origin, gone_back, in_years, version_asked
from assistant.understand.turns import understand
from tests.assistant.understand.test_question import document
from vectorstore.language.text import search_copy

TODAY = date(2026, 3, 1)
CORPUS = Corpus(
    (
        document(1, "青溪县老年助餐服务办法", ("青溪县",)),
        document(2, "白岭县老年助餐服务办法", ("白岭县",)),
    )
)


@pytest.mark.parametrize(
    ("turn", "said"),
    [
        ("去年呢", "2025年呢"),
        ("换成前年", "换成2024年"),
        ("今年的呢", "2026年呢"),
        ("明年要建多少个？", "2027年要建多少个？"),
        ("比去年多多少", "比去年多多少"),
        ("去年度呢", "去年度呢"),
        ("我去年摔了一跤，能领补助吗", "我去年摔了一跤，能领补助吗"),
        ("青溪县去年的出生人口、常住人口、老年人口各是多少", "青溪县去年的出生人口、常住人口、老年人口各是多少"),
    ],
)  # fmt: skip
def test_years_are_said_by_number(turn: str, said: str) -> None:
    assert in_years(turn, TODAY) == said


@pytest.mark.parametrize(
    ("turns", "alone"),
    [
        (["青溪县2025年建多少个助餐点？", "前年呢"], "青溪县2024年建多少个助餐点？"),
        (["青溪县建多少个助餐点？", "换成去年"], "青溪县2025年建多少个助餐点？"),
        (["青溪县建多少个助餐点？", "白岭县谁牵头？", "回到第一个问题，白岭县呢"], "白岭县建多少个助餐点？"),
        (["青溪县建多少个助餐点？", "谁牵头？", "回到第一个问题"], "青溪县建多少个助餐点？"),
        (["青溪县建多少个助餐点？", "路长多久巡一次？", "说回助餐点，白岭县呢"], "白岭县建多少个助餐点？"),
    ],
)  # fmt: skip
def test_a_turn_puts_the_question_to_another_year_or_takes_up_an_earlier_one(
    turns: list[str], alone: str
) -> None:
    assert search_copy(understand(turns, CORPUS, today=TODAY).standalone) == search_copy(alone)


def test_without_a_day_no_year_is_made_up() -> None:
    assert understand(["去年建多少个助餐点？"], CORPUS).standalone == "去年建多少个助餐点？"


@pytest.mark.parametrize(
    "turn",
    ["回到家里能领补助吗", "回到第九个问题", "第一个问题是什么", "回到" + "一" * 40 + "问题"],
)
def test_what_goes_back_to_nothing_is_left_alone(turn: str) -> None:
    assert gone_back(turn, [understand(["青溪县建多少个助餐点？"], CORPUS)]) is None


@pytest.mark.parametrize(
    ("turn", "asked"),
    [
        ("旧办法呢", ("older", "呢")),
        ("原来的规定是多少天", ("older", "是多少天")),
        ("新办法谁牵头", ("newer", "谁牵头")),
        ("修订前的标准呢", ("older", "呢")),
        ("这个办法呢", None),
    ],
)
def test_a_turn_may_ask_for_another_version(turn: str, asked: tuple[str, str] | None) -> None:
    assert version_asked(turn) == asked


def test_another_version_is_asked_the_same() -> None:
    turns = ["青溪县建多少个助餐点？", "旧办法呢"]
    assert understand(turns, CORPUS).standalone == turns[0]


@pytest.mark.parametrize("turn", ["出处呢", "是哪份文件规定的？", "请给出原文出处", "第几条"])
def test_a_turn_may_ask_where_it_stands(turn: str) -> None:
    assert asks_origin(turn)
    asked = understand(["青溪县建多少个助餐点？", turn], CORPUS)
    assert asked.standalone == "青溪县建多少个助餐点？"
    assert asked.asks(Demand.ORIGIN)


@pytest.mark.parametrize("turn", ["资金来源呢", "出处和作者是谁", "这份文件呢", "第三条说什么"])
def test_what_has_a_matter_of_its_own_asks_for_more(turn: str) -> None:
    assert not asks_origin(turn)


@pytest.mark.parametrize("turn", ["再详细点", "还有吗？", "请展开讲讲", "能再详细一点吗"])
def test_a_turn_may_ask_for_more_of_the_same(turn: str) -> None:
    assert asks_more(turn)
    first = "青溪县建多少个助餐点？"
    assert understand([first, turn], CORPUS).standalone == first


@pytest.mark.parametrize("turn", ["还有哪些单位", "详细地址", "继续教育怎么规定"])
def test_what_names_something_asks_for_that(turn: str) -> None:
    assert not asks_more(turn)


@pytest.mark.parametrize(
    ("turn", "alone"),
    [
        ("财政出了多少", "青溪县2025年财政出了多少"),
        ("谁牵头", "青溪县2025年建助餐点谁牵头"),
        ("2024年财政出了多少", "青溪县2024年财政出了多少"),
    ],
)
def test_figures_are_of_the_year_that_was_asked_about(turn: str, alone: str) -> None:
    asked = understand(["青溪县2025年建多少个助餐点？", turn], CORPUS)
    assert search_copy(asked.standalone) == alone
