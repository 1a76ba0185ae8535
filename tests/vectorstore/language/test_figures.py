import pytest

from vectorstore.language.figures import figures, same_unit
from vectorstore.language.numerals import number_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("每年培育1.2万名", [(12000, "名")]),
        ("不低于百分之七十", [(70, "%")]),
        ("达到15.5%，提高2个百分点", [(15.5, "%"), (2, "个百分点")]),
        ("五千元以上五万元以下", [(5000, "元"), (50000, "元")]),
        ("二十个工作日内", [(20, "个工作日")]),
        ("新增3200张、1,800人", [(3200, "张"), (1800, "人")]),
        ("一是加强领导，三农工作", []),
        ("1.健全机制。", []),
    ],
)
def test_figures(text: str, expected: list[tuple[float, str]]) -> None:
    assert [(f.value, f.unit) for f in figures(text)] == expected


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("十二", 12),
        ("二十", 20),
        ("一百零五", 105),
        ("三点五", 3.5),
        ("1800", 1800),
        ("两", 2),
        ("很多", None),
    ],
)
def test_number_of(text: str, value: float | None) -> None:
    assert number_of(text) == value


def test_units_that_can_be_compared() -> None:
    (a,), (b,), (c,) = figures("1000人"), figures("1.2万名"), figures("12%")
    assert same_unit(a, b)
    assert not same_unit(a, c)
