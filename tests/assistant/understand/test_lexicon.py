"""Everyday wordings lead to official terms, and only to these."""

import pytest

from assistant.understand.lexicon import added_terms, official_terms


@pytest.mark.parametrize(
    ("question", "term"),
    [
        ("爸妈在外打工的孩子谁来管", "农村留守儿童"),
        ("不能自理的老人有补助吗", "失能老年人"),
        ("Who pays subsidies for elderly people?", "老年人"),
        ("Which policies help farmers?", "农民"),
    ],
)
def test_a_wording_leads_to_its_term(question: str, term: str) -> None:
    assert term in added_terms(question)


def test_the_longest_wording_wins() -> None:
    (found,) = (a for a in official_terms("瘫在床上的老人谁照顾") if "失能老年人" in a.terms)
    assert (found.start, found.end) == (0, 7)


def test_a_term_that_is_there_is_not_added() -> None:
    assert "失能老年人" not in added_terms("失能老年人，就是不能自理的老人，谁管")


def test_a_wording_inside_a_word_is_none() -> None:
    assert all(added.start != 1 for added in official_terms("火车站台的规定"))


def test_words_of_all_documents_are_not_looked_for() -> None:
    common = [a for a in official_terms("每年都要搞上去") if a.is_common]
    assert common
    assert not set(added_terms("每年都要搞上去")) & {t for a in common for t in a.terms}


def test_what_was_typed_is_never_shown() -> None:
    rude = "残废的人坐车要钱吗"
    assert added_terms(rude)
    assert all("残废" not in term for term in added_terms(rude))
