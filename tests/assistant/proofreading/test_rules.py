"""Each rule finds what it is for, puts it right, and leaves right texts alone."""

from itertools import pairwise

import pytest

from assistant.proofreading.proofread import RULES, proofread, repaired
from assistant.proofreading.rule import Page, Rule

FOUND = [(rule, text, right) for rule in RULES for text, right in rule.yes]
LEFT = [(rule, text) for rule in RULES for text in rule.no]


def name(value: object) -> str:
    return value.name if isinstance(value, Rule) else str(value)[:20].replace("\n", "/")


@pytest.mark.parametrize(("rule", "text", "right"), FOUND, ids=name)
def test_a_rule_finds_and_repairs(rule: Rule, text: str, right: str | None) -> None:
    slips = tuple(rule.slips(Page(text)))
    assert slips
    if right is None:
        assert any(slip.right is None for slip in slips)
    else:
        assert repaired(text, slips) == right


@pytest.mark.parametrize(("rule", "text"), LEFT, ids=name)
def test_a_rule_leaves_right_texts_alone(rule: Rule, text: str) -> None:
    assert list(rule.slips(Page(text))) == []


@pytest.mark.parametrize(("rule", "text", "right"), FOUND, ids=name)
def test_what_is_repaired_holds_no_such_slip(rule: Rule, text: str, right: str | None) -> None:
    if right is not None:
        assert list(rule.slips(Page(right))) == []


def test_slips_stand_apart_and_say_where() -> None:
    text = "关于检查的通知。\n各单位:\n一.总体要求\n要认真布署，，落实国发[2021]9号。\n特此通知"
    slips = proofread(text)
    assert all(text[s.start : s.end] == s.wrong for s in slips)
    assert all(a.end <= b.start for a, b in pairwise(slips))
    assert repaired(text, slips) == (
        "关于检查的通知\n各单位：\n一、总体要求\n要认真部署，落实国发〔2021〕9号。\n特此通知。"
    )


def test_organs_of_the_library_put_names_right() -> None:
    (slip,) = proofread("（市人力资源社会保险局牵头）", ["市人力资源社会保障局", "市教育局"])
    assert (slip.wrong, slip.right) == ("市人力资源社会保险局", "市人力资源社会保障局")
    assert proofread("（市卫健委牵头）", ["市卫生健康委"]) == ()


def test_an_empty_text_has_no_slips() -> None:
    assert proofread("") == ()
