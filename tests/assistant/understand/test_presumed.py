"""What a question states before it asks."""

import pytest

from assistant.understand.corpus import Corpus
from assistant.understand.presumed import attributes_presumed
from assistant.understand.turns import understand

EMPTY = Corpus(())


@pytest.mark.parametrize(
    ("question", "stated"),
    [
        ("排水许可证的有效期是3年，那到期前多久要换？", [("证的有效期"[-4:], "3年")]),
        ("公示有15天的异议期，这15天从哪天起算？", [("异议期", "15天")]),
        ("补贴标准只有200元，找谁去领？", [("补贴标准", "200元")]),
        ("我儿子是15岁，能不能单独租船？", []),  # nothing that a document could contradict
        ("罚款200元，去哪儿交？", []),  # says what happened
        ("有效期是3年还是5年？", []),
        ("有效期是3年吗？", []),  # asked, not stated
    ],
)
def test_measures_that_are_stated(question: str, stated: list[tuple[str, str]]) -> None:
    found = attributes_presumed(understand([question], EMPTY, ()))
    assert [(name, figure.text) for name, figure in found] == stated
