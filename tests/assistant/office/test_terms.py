"""Terms of the office: what can be one, and that each change is seen by the next question."""

from datetime import date
from pathlib import Path

import pytest

from assistant.office.office import Office
from assistant.office.terms import MOST_NAMES, BadTerm, Renamed, Term, read_renamed, read_terms
from tests.conftest import HashEmbedder


@pytest.mark.parametrize(
    "wordings",
    ["", "摊", "..", "。。", "<b>摊位钱</b>", "《摊位钱》", "“摊位钱”", "摊位钱|费",
     "a" * 31, "摊位${钱}", "占道经营费"],
)  # fmt: skip
def test_what_is_no_term_is_refused(wordings: str) -> None:
    with pytest.raises(BadTerm):
        read_terms(wordings, "占道经营费")


def test_wordings_apart_by_a_mark_are_several_terms_and_stay_literal() -> None:
    assert read_terms("摊位钱、(ab+)+、 摊 位 费", "占道经营费") == [
        Term("摊位钱", "占道经营费"),
        Term("(ab+)+", "占道经营费"),
        Term("摊 位 费", "占道经营费"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "since", "until"),
    [
        ("卫生局", "卫生局", "2019-01-01", ""),
        ("卫生局", "卫健委", "", ""),
        ("卫生局", "卫健委", "去年", ""),
        ("卫生局", "卫健委", "2019-01-01", "2018-01-01"),
        ("卫", "卫健委", "2019-01-01", ""),
    ],
)
def test_a_renaming_has_two_names_and_a_day(old: str, new: str, since: str, until: str) -> None:
    with pytest.raises(BadTerm):
        read_renamed(old, new, since, until)


def test_each_change_is_a_version_that_other_processes_see(office: Office, tmp_path: Path) -> None:
    other = Office(tmp_path / "office.sqlite3", HashEmbedder().embed_passages)
    before = other.terms.now()
    assert other.terms.now() is before
    office.terms.add([Term("摊位钱", "占道经营费")], "李某")
    (term,) = other.terms.now().terms
    assert (term.wording, term.term, term.by) == ("摊位钱", "占道经营费", "李某")
    office.terms.change(term.id, Term("摊位钱", "经营费"), "王某")
    assert [t.term for t in other.terms.now().terms] == ["经营费"]
    office.terms.remove(term.id)
    assert other.terms.now().terms == ()
    assert other.terms.now().version == before.version + 3
    other.close()


def test_a_term_cannot_stand_for_its_own_wording(office: Office) -> None:
    office.terms.add([Term("摊位钱", "占道经营费")], "")
    with pytest.raises(BadTerm, match="反过来"):
        office.terms.add([Term("占道经营费", "摊位钱")], "")


def test_a_renaming_counts_from_its_day(office: Office) -> None:
    renamed = Renamed("市卫生局", "市卫生健康委员会", date(2019, 3, 1))
    office.terms.add_renamed(renamed, "李某")
    known = office.terms.now()
    assert known.on(date(2019, 2, 28)).renamed == ()
    assert known.on(date(2019, 3, 1)).renamed == (renamed,)
    with pytest.raises(BadTerm, match="同样"):
        office.terms.add_renamed(renamed, "")


@pytest.mark.parametrize("is_star", [True, False])
def test_an_organ_has_no_more_names_than_a_question_can_be_read_with(
    office: Office, is_star: bool
) -> None:
    """Each name costs every question that has one of them."""
    names = [f"第{n}局" for n in range(MOST_NAMES + 2)]
    pairs = [
        Renamed(names[0 if is_star else n], names[n + 1], date(2019, 3, 1))
        for n in range(MOST_NAMES + 1)
    ]
    for pair in pairs[: MOST_NAMES - 1]:
        office.terms.add_renamed(pair, "")
    known = office.terms.now()
    with pytest.raises(BadTerm, match="最多登记"):
        office.terms.add_renamed(pairs[MOST_NAMES - 1], "")
    with pytest.raises(BadTerm, match="最多登记"):
        known.with_renamed(pairs[MOST_NAMES - 1])
    assert office.terms.now() == known
    office.terms.add_renamed(
        pairs[MOST_NAMES] if not is_star else Renamed("甲局", "乙局", date(2019, 3, 1)), ""
    )
    with pytest.raises(BadTerm, match="最多登记"):  # what would join two that are short enough
        office.terms.add_renamed(
            Renamed(names[1], names[-1] if not is_star else "甲局", date(2020, 1, 1)), ""
        )
