import pytest

from vectorstore.language.names import DOCUMENT_NUMBER, likely_number, names_organ, number_endings
from vectorstore.language.numbering import unnumbered
from vectorstore.language.numerals import digits_of, number_of


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("请根据国发〔2021〕9号办理", "国发〔2021〕9号"),
        ("文号是渝府办发(2021)138号吗", "渝府办发〔2021〕138号"),
        ("打赢阻击战若干措施京政办发〔2020〕5号", "京政办发〔2020〕5号"),
        ("支持复工复产的通知发改价格〔2020〕第258号", "发改价格〔2020〕258号"),
        ("发改规划〔2021〕7号", "发改规划〔2021〕7号"),
    ],
)
def test_words_before_a_number_are_no_part_of_it(text: str, number: str) -> None:
    match = DOCUMENT_NUMBER.search(text)
    assert match is not None
    assert likely_number(match) == number
    assert number in list(number_endings(match))


def test_a_code_may_begin_with_a_word() -> None:
    """和政发: whether 和 belongs to it, only the catalogue knows."""
    match = DOCUMENT_NUMBER.search("和政发〔2021〕3号")
    assert match is not None
    assert list(number_endings(match))[:2] == ["和政发〔2021〕3号", "政发〔2021〕3号"]


def test_an_organ_in_a_list_that_lost_its_separators() -> None:
    assert names_organ("市教育局市科协", "科协")
    assert not names_organ("城市交通局", "通局")


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("第十二条之一 适用范围", "适用范围"),
        ("（三）、加强监管", "加强监管"),
        ("①组织领导", "组织领导"),
        ("——坚持党的领导", "坚持党的领导"),
        ("3.5%的比例", "3.5%的比例"),
        ("十四五规划", "十四五规划"),
        ("（试行）办法", "（试行）办法"),
    ],
)
def test_a_heading_without_its_number(heading: str, name: str) -> None:
    assert unnumbered(heading) == name


@pytest.mark.parametrize(
    ("text", "value"), [("十二万", 120000), ("三万二千", 32000), ("一亿", 1e8), ("十二点五", 12.5)]
)
def test_large_numerals(text: str, value: float) -> None:
    assert number_of(text) == value


def test_years_are_read_digit_by_digit() -> None:
    assert digits_of("二〇二一") == digits_of("二○二一") == 2021
