"""Fields of a document that a question asks for; all of it invented."""

import pytest

from assistant.understand.fields import asks_upstream, date_compared, fields_asked
from tests.assistant.understand.test_asked import ask


@pytest.mark.parametrize(
    ("question", "fields"),
    [
        ("这份方案的文号是多少？", ("document_number",)),
        ("什么时候印发的？", ("date_printed",)),
        ("由谁印发？", ("issuer",)),
        ("谁发的？哪天发的？", ("date_written", "date_published", "issuer")),
        ("从哪天起施行？", ("date_effective",)),
        ("规划期到哪一年？", ("period",)),
        ("有哪些保障措施？", ()),
    ],
)
def test_the_fields_that_are_asked_for(question: str, fields: tuple[str, ...]) -> None:
    assert fields_asked(ask(question)) == fields


def test_a_date_puts_documents_in_order() -> None:
    assert date_compared(ask("两份方案哪份印发得早？")) == "date_printed"
    assert date_compared(ask("两份方案由谁印发？")) == ""


def test_another_document_may_be_asked_about() -> None:
    assert asks_upstream(ask("它依据的上位文件文号是多少？"))
    assert not asks_upstream(ask("文号是多少？"))
