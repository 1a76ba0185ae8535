"""The check of each sentence against what it cites: the guard against every invention."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.cite.check import Cited, checked
from assistant.cite.markdown import drop_unknown_marks, parse, strip_marks
from assistant.cite.structure import Check, marks_of, sentences_in

SOURCE = Cited(
    1,
    "到2027年，全市社区养老服务设施覆盖率达到95%，新增家庭养老床位3200张。（市民政局牵头，市财政局配合）根据《云岭省养老服务条例》"
    "和云岭政发〔2023〕15号文件，“家庭养老床位”是指依托老年人住所的床位。每年安排2600万元。",
    "青禾市人民政府关于印发方案的通知\n青政发〔2024〕8号\n2024年3月21日",
)


def checks_of(text: str, cited: Sequence[Cited]) -> list[Check]:
    return [s.check for s in sentences_in(checked(parse(text), cited)) if s.check]


def check_sentence(text: str, cited: Sequence[Cited]) -> Check:
    (check,) = checks_of(text, cited)
    return check


@pytest.mark.parametrize(
    "sentence",
    [
        "覆盖率达到95%。[1]",
        "新增床位3200张[1]。",
        "每年安排两千六百万元。[1]",
        "由市民政局牵头。[1]",
        "依据云岭政发（2023）15号。[1]",
        "“家庭养老床位”依托老年人住所。[1]",
        "该方案文号为青政发〔2024〕8号。[1]",
        "覆盖率目标为百分之九十五。[1]",
    ],
)
def test_what_the_source_says_is_supported(sentence: str) -> None:
    assert check_sentence(sentence, [SOURCE]).verdict == "supported"


@pytest.mark.parametrize(
    ("sentence", "problem"),
    [
        ("覆盖率达到96%。[1]", "96%"),
        ("新增床位3200个百分点。[1]", "3200"),
        ("到2028年完成。[1]", "2028"),
        ("每年安排2600元。[1]", "2600元"),
        ("依据云岭政发〔2023〕16号。[1]", "16号"),
        ("由市商务局牵头。[1]", "市商务局"),
        ("文件要求“立即全面关停”。[1]", "立即全面关停"),
        ("根据《云岭省老龄条例》制定。[1]", "云岭省老龄条例"),
    ],
)
def test_what_it_does_not_say_is_found(sentence: str, problem: str) -> None:
    check = check_sentence(sentence, [SOURCE])
    assert check.verdict == "unsupported"
    assert problem in "".join(check.problems)


def test_a_sentence_is_checked_against_its_own_marks_only() -> None:
    other = Cited(2, "全区覆盖率达到80%。")
    assert check_sentence("覆盖率达到80%。[1]", [SOURCE, other]).verdict == "unsupported"
    assert check_sentence("覆盖率达到80%。[2]", [SOURCE, other]).verdict == "supported"


def test_a_sentence_without_marks_is_uncited() -> None:
    assert check_sentence("覆盖率达到95%。", [SOURCE]).verdict == "uncited"
    assert check_sentence("覆盖率达到95%。[7]", [SOURCE]).verdict == "uncited"


def test_a_difference_of_two_cited_figures_is_allowed() -> None:
    cited = [Cited(1, "达到15.5%"), Cited(2, "超过12%")]
    assert check_sentence("两地相差3.5个百分点。[1][2]", cited).verdict == "supported"
    assert check_sentence("两地相差4.5个百分点。[1][2]", cited).verdict == "unsupported"
    assert check_sentence("目标是3.5%。[1][2]", cited).verdict == "unsupported"


def test_sentences_of_an_answer_with_a_table() -> None:
    answer = "共有2份文件。[1][2]\n\n| 文件 | 原文 |\n| --- | --- |\n| 甲 | 达到95%。[1] |\n| 乙 | 未载明 |"
    found = [(check.sentence, check.marks) for check in checks_of(answer, [])]
    assert found == [("共有2份文件。", (1, 2)), ("达到95%。", (1,))]


@pytest.mark.parametrize(
    ("table", "judged"),
    [
        ("| 甲 | 建成999个 |", ["建成999个"]),  # no rule below it: not a header, but a claim
        ("| 建成999个 |", ["建成999个"]),
        ("| 甲[1] | 乙 |\n| --- | --- |\n| 丙[1] | 丁 |", ["甲", "丙", "丁"]),
    ],
)
def test_no_cell_hides_a_claim(table: str, judged: list[str]) -> None:
    assert [check.sentence for check in checks_of(table, [SOURCE])] == judged


def test_unknown_marks_are_removed() -> None:
    assert drop_unknown_marks("甲[1]乙[9]丙[2]", [1, 2]) == "甲[1]乙丙[2]"


ANSWERS = st.text(alphabet="政策达到95%。；[123]\n|", max_size=60)


def test_the_number_of_an_article_is_no_round_up() -> None:
    article = Cited(1, "第四十二条 公园不得出租帐篷。", "青禾市公园条例")
    assert check_sentence("第四十二条 公园不得出租帐篷。[1]", [article]).verdict == "supported"
    assert check_sentence("第四十三条 公园不得出租帐篷。[1]", [article]).verdict == "unsupported"


@given(ANSWERS, st.lists(st.integers(1, 3), max_size=3))
def test_marks_are_a_closed_set(answer: str, known: list[int]) -> None:
    assert set(marks_of(parse(drop_unknown_marks(answer, known)))) <= set(known)


@given(ANSWERS)
def test_checking_never_fails_and_never_supports_without_a_source(answer: str) -> None:
    for check in checks_of(answer, []):
        assert check.verdict == "uncited"
    assert "[1]" not in strip_marks(answer)
