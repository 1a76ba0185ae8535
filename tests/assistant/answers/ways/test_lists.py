"""Lists that a document sets out by its structure."""

import pytest

from assistant.answers.ways.lists import (
    counted_items,
    listed_headings,
    other_count,
)
from assistant.find.evidence import Evidence
from tests.assistant.answers.documents import ask, reading_of

PROJECTS = ["（一）农业节水工程", "（二）工业节水工程", "（三）城镇节水工程"]


@pytest.mark.parametrize(
    ("question", "count", "note"),
    [
        ("三大行动有哪些？", 5, "提问中说的是“三大”，文件列出的是 5 项，以文件为准。"),
        ("三大行动有哪些？", 3, None),
        ("三大行动和两项工程有哪些？", 5, None),  # together
        ("三大行动和两项工程有哪些？", 2, None),  # or one of them
        ("主要行动有哪些？", 5, None),
    ],
)
def test_another_number_than_the_document_lists_is_noted(
    question: str, count: int, note: str | None, evidence: Evidence
) -> None:
    assert other_count(ask(question, evidence), count) == ((note,) if note else ())


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("三级漏损台账是哪三级？", "建立甲、乙、丙三级"),
        ("四级漏损台账是哪四级？", None),  # the document counts three
        ("漏损台账分哪三级？", None),  # the number is not said besides
        ("三级漏损台账是什么？", None),
    ],
)
def test_as_many_items_as_are_asked_for_are_quoted(
    question: str, quote: str | None, evidence: Evidence
) -> None:
    readings = [reading_of("25%", evidence), reading_of("三级漏损台账", evidence)]
    found = counted_items(ask(question, evidence), evidence, readings)
    assert (found.text if found else None) == quote
    if found:
        assert found.quotes[0].text == quote


@pytest.mark.parametrize(
    ("question", "found", "headings"),
    [
        # asks for nothing but the section's heading
        ("青溪市的方案有哪些保障措施？", "成立节水专班", ["（一）加强组织领导", "（二）落实资金保障"]),
        # quotes the heading
        ("“主要任务”这一章有哪些内容？", "三级漏损台账", PROJECTS),
        # as many as there are
        ("青溪市实施哪三项重点工程？", "三级漏损台账", PROJECTS),
        ("青溪市三大工程是哪些？", "三级漏损台账", PROJECTS),
        # something narrower is asked for, or another number of them
        ("青溪市的节水专班有哪些保障措施？", "成立节水专班", []),
        ("青溪市实施哪五项重点工程？", "三级漏损台账", []),
        ("青溪市的再生水有哪些用途？", "25%", []),  # no headings stand below it
    ],
)  # fmt: skip
def test_the_headings_below_the_section_that_is_asked_about(
    question: str, found: str, headings: list[str], evidence: Evidence
) -> None:
    items = listed_headings(ask(question, evidence), evidence, [reading_of(found, evidence)])
    assert [item.text for item in items] == headings
    assert [item.quotes[0].text for item in items] == headings


def test_without_readings_nothing_is_listed(evidence: Evidence) -> None:
    assert listed_headings(ask("青溪市的方案有哪些保障措施？", evidence), evidence, []) == []
