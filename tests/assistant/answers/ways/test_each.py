"""What each of several organs has to do, over the sample documents."""

from datetime import date

import pytest

from assistant.answers.content import Content
from assistant.answers.ways.each import answer_each
from assistant.find.evidence import Evidence
from assistant.find.reading import LexicalReader
from assistant.people.viewer import LOCAL
from assistant.understand.turns import understand
from vectorstore.index import PolicyIndex
from vectorstore.library import Library


def said(index: PolicyIndex, text: str) -> Content | None:
    view = Library(index).seen_by(LOCAL, as_of=date(2026, 3, 1))
    evidence = Evidence(view, LexicalReader(index.token_weights), 0.3, 10)
    return answer_each(understand([text], evidence.corpus), evidence)


def table(content: Content | None) -> dict[str, str]:
    assert content
    assert isinstance(content.said, tuple)
    (shown,) = content.said
    assert not hasattr(shown, "text")
    return {row[0].text: row[1].text for row in shown.rows}  # type: ignore[union-attr]


def test_each_of_the_named_organs_has_a_row(filled: PolicyIndex) -> None:
    content = said(filled, "望江区教育局和财政局各负责什么？")
    assert table(content) == {"区教育局": "课后服务的组织实施和日常管理", "区财政局": "经费保障"}
    assert content
    assert content.notes == ("共 2 个单位，以上为全部。",)


def test_all_organs_of_the_matter_where_none_is_named(filled: PolicyIndex) -> None:
    rows = table(said(filled, "望江区课后服务各部门各负责什么？"))
    assert rows["区市场监管局"] == "食品安全和收费监管"
    assert len(rows) == 6


def test_a_role_is_told_with_the_task(filled: PolicyIndex) -> None:
    rows = table(said(filled, "青禾市民政局、商务局分别负责什么？"))
    assert rows["市商务局"] == "牵头：发展老年助餐"
    assert "配合：发展老年助餐" in rows["市民政局"]


@pytest.mark.parametrize(
    "text", ["市民政局负责什么？", "望江区教育局各负责什么？", "各地分别建多少？"]
)
def test_one_organ_or_another_question_is_left_to_other_ways(
    filled: PolicyIndex, text: str
) -> None:
    assert said(filled, text) is None
