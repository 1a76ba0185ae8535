"""Lists and who announces them."""

from ingest.facts.lists import listings
from tests.ingest.facts.texts import material


def listed(text: str) -> list[tuple[str, list[str]]]:
    return [
        (found.lead.text, [item.text for item in found.items]) for found in listings(material(text))
    ]


def test_a_list_ends_with_its_numbers() -> None:
    text = "应当具备：\n（一）井；\n（二）泵。\n其他条件：\n（一）电；\n（二）路。\n"
    assert listed(text) == [
        ("应当具备：", ["井；", "泵。"]),
        ("其他条件：", ["电；", "路。"]),
    ]


def test_a_list_inside_an_item() -> None:
    text = "一、材料\n（一）身份证明：\n1．居民身份证；\n2．户口簿。\n（二）申请书。\n"
    found = dict(listed(text))
    assert found["身份证明："] == ["居民身份证；", "户口簿。"]
    assert found["材料"] == ["身份证明：", "申请书。"]


def test_text_that_numbers_nothing() -> None:
    assert listed("总体要求：加强管护。\n到2027年全部通水。\n") == []


def test_an_article_that_is_nothing_but_its_number_announces_by_it() -> None:
    assert listed("第一条\n一、打井；\n二、修泵。\n") == [("", ["打井；", "修泵。"])]
