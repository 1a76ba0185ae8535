"""Requests on subjects that no committed request has."""

import pytest

from assistant.drafting.division import own_names
from assistant.drafting.request import understand_request
from assistant.understand.corpus import Corpus

EMPTY = Corpus(())


@pytest.mark.parametrize(
    ("text", "kind", "title", "topic"),
    [
        (
            "起草《某县养老护理员培训方案》，800字左右",
            "培训方案",
            "某县养老护理员培训方案",
            "养老护理员",
        ),
        (
            "起草《某县乡村工匠评选和管理办法》",
            "管理办法",
            "某县乡村工匠评选和管理办法",
            "乡村工匠",
        ),
        ("起草《科技奖励办法》", "管理办法", "科技奖励办法", "科技奖励"),
        (
            "起草《关于转发〈节约用水条例〉的通知》",
            "通知",
            "关于转发〈节约用水条例〉的通知",
            None,
        ),
        (
            "起草《某市关于落实《节约用水条例》的实施方案》",
            "实施方案",
            "某市关于落实《节约用水条例》的实施方案",
            None,
        ),
    ],
)
def test_what_is_to_be_written(text: str, kind: str, title: str, topic: str | None) -> None:
    request = understand_request(text, EMPTY, ())
    assert (request.kind, request.title) == (kind, title)
    assert topic is None or request.topic == topic


def test_a_second_name_in_brackets_belongs_to_the_other_place() -> None:
    """Whose it is: 作协 is one of them, not an exception."""
    assert own_names("市文联（作协）、市教育局（市语委办）", "县") == "[县文联]、[县教育局]"
